/** Shifts as BMv2 has them, by 8 bits that p4c bounds by 256; bits assigned above that are a shift to p4c as well. */
import { type BlockDecl, type ProgramInfo, programInfo } from '../../../compiler/analysis/program-info.js';
import { binary, bitType, constant } from '../../../compiler/ir/build.js';
import type { BinaryExpr, Expr, SliceExpr } from '../../../compiler/ir/expr.js';
import type { Program } from '../../../compiler/ir/program.js';
import type { AssignStmt, Stmt } from '../../../compiler/ir/stmt.js';
import type { Type } from '../../../compiler/ir/types.js';
import { each, Rewriter, update } from '../../../compiler/ir/visit.js';

export function withPlainShifts(program: Program): Program {
  const info = programInfo(program);
  const global = shiftRewriter(info);
  return update(program, {
    functions: each(program.functions, global.local),
    actions: each(program.actions, global.local),
    parsers: each(program.parsers, (parser) => shiftRewriter(info, parser).parser(parser)),
    controls: each(program.controls, (control) => shiftRewriter(info, control).control(control)),
  });
}

const shiftRewriter = (info: ProgramInfo, block?: BlockDecl): Rewriter =>
  new Rewriter({
    expr: (expr) => {
      if (expr.kind !== 'binary' || (expr.op !== '<<' && expr.op !== '>>')) return expr;
      const { type, loc } = expr;
      const amount = expr.right.kind === 'name' ? info.declared('constant', expr.right.name, block)?.value : expr.right;
      if (amount?.kind !== 'const' || (type.kind !== 'bit' && type.kind !== 'int')) return expr;
      const width = BigInt(type.width);
      const narrow: Expr = { kind: 'cast', arg: expr.right, type: bitType(8), loc };
      if (amount.value < width && amount.value > maxShift) return shiftedBy(expr, amount.value, amount.type);
      if (amount.value < width) return amount.value < 256n && expr.right.kind === 'name' ? { ...expr, right: narrow } : expr;
      if (type.kind === 'bit' || expr.op === '<<') return constant(0, type, loc);
      return width - 1n > maxShift ? shiftedBy(expr, width - 1n, amount.type) : { ...expr, right: constant(width - 1n, amount.type, loc) };
    },
    stmt: (stmt) =>
      stmt.kind === 'assign' && stmt.target.kind === 'slice' && stmt.target.low > maxShift ? wholeAssigned(stmt.target, stmt) : stmt,
  });

/** p4c's limit for BMv2. */
const maxShift = 256n;

function shiftedBy(shift: BinaryExpr, by: bigint, type: Type): Expr {
  if (by <= maxShift) return { ...shift, right: constant(by, type, shift.loc) };
  return { ...shift, left: shiftedBy(shift, by - maxShift, type), right: constant(maxShift, type, shift.loc) };
}

function wholeAssigned({ base, high, low }: SliceExpr, { value, loc }: AssignStmt): Stmt {
  const width = base.type.kind === 'bit' ? base.type.width : 0;
  const part = (from: number, to: number): Expr => ({ kind: 'slice', base, high: from, low: to, type: bitType(from - to + 1), loc });
  const parts = [...(high < width - 1 ? [part(width - 1, high + 1)] : []), value, part(low - 1, 0)];
  return { kind: 'assign', target: base, value: parts.reduce((a, b) => binary('++', a, b, loc)), loc };
}
