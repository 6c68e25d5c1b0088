/**
 * What p4c-bm2-ss takes only in another form. The program, its P4Info and its interpretation stay as they are:
 *
 * | what                                               | for p4c                                                |
 * |----------------------------------------------------|--------------------------------------------------------|
 * | an action's bool parameter, from the control plane | bit<1>, compared with 1; P4Info says one bit anyway    |
 * | switch on an expression in an action or function   | if … else if …                                         |
 * | select on a value set beside other keys            | states that ask for one after the other                |
 * | a shift by a constant that is as wide as the value | what comes out: 0, or the sign of a signed value       |
 * | a shift by a named constant                        | by 8 bits of it: the width is in p4c's way             |
 * | a shift by more than 256                           | several shifts                                         |
 * | keys of entries that p4c gets wrong                | entries.ts                                             |
 * | an `if` around update_checksum or verify_checksum  | the call's own condition: checksum-conditions.ts       |
 * | bits assigned that begin above bit 256             | all bits, put together: p4c would shift                |
 */
import { programInfo } from '../../compiler/analysis/program-info.js';
import type { TypeTable } from '../../compiler/analysis/type-table.js';
import { binary, bits, bitType, constant, name } from '../../compiler/ir/build.js';
import type {
  ActionCallExpr,
  ActionDecl,
  ConstDecl,
  ControlDecl,
  FunctionDecl,
  LocalDecl,
  Param,
  ParserDecl,
  TableDecl,
} from '../../compiler/ir/decl.js';
import type { BinaryExpr, Expr, SliceExpr } from '../../compiler/ir/expr.js';
import type { Program } from '../../compiler/ir/program.js';
import type { AssignStmt, Stmt } from '../../compiler/ir/stmt.js';
import type { Type } from '../../compiler/ir/types.js';
import { each, Rewriter, update } from '../../compiler/ir/visit.js';
import { printP4 } from '../p4/printer.js';
import { switchAsIfs } from '../p4/switches.js';
import { withoutIfs } from './checksum-conditions.js';
import { withKeysForP4c } from './entries.js';
import { withSetsAlone } from './selects.js';

/** The P4-16 text that p4c-bm2-ss compiles. */
export const printForP4c = (program: Program): string => printP4(forP4c(program));

function forP4c(given: Program): Program {
  const program = withPlainShifts(given);
  const types = programInfo(given);
  const calls = callRewriter(new Map(program.actions.map((action) => [action.name, action])));
  return update(program, {
    parsers: each(program.parsers, withSetsAlone),
    functions: each(program.functions, withoutSwitches),
    actions: each(program.actions, (action) => calls.local(withBits(withoutSwitches(action)))),
    controls: each(program.controls, (control) => adaptControl(withoutIfs(control, program), program, types)),
  });
}

function adaptControl(control: ControlDecl, { actions: global }: Program, types: TypeTable): ControlDecl {
  const own = control.locals.filter((l): l is ActionDecl => l.kind === 'action');
  const actions = new Map([...global, ...own].map((action) => [action.name, action]));
  const call = <C extends Pick<ActionCallExpr, 'action' | 'args'>>(c: C): C => ({ ...c, args: bitArgs(actions.get(c.action), c.args) });
  const table = (decl: TableDecl): TableDecl => ({
    ...decl,
    ...(decl.defaultAction ? { defaultAction: call(decl.defaultAction) } : {}),
    ...(decl.entries ? { entries: decl.entries.map((entry) => ({ ...entry, action: call(entry.action) })) } : {}),
  });
  const local = (decl: LocalDecl): LocalDecl => {
    if (decl.kind === 'table') return withKeysForP4c(table(decl), types);
    return decl.kind === 'action' ? withBits(withoutSwitches(decl)) : decl;
  };
  return callRewriter(actions).control({ ...control, locals: control.locals.map(local) });
}

const callRewriter = (actions: ReadonlyMap<string, ActionDecl>): Rewriter =>
  new Rewriter({
    stmt: (stmt) =>
      stmt.kind === 'call' && stmt.callee.kind === 'action' ? { ...stmt, args: bitArgs(actions.get(stmt.callee.name), stmt.args) } : stmt,
  });

function withPlainShifts(program: Program): Program {
  const global = shiftRewriter(program.constants);
  const inBlock = (block: ParserDecl | ControlDecl): Rewriter =>
    shiftRewriter([...program.constants, ...block.locals.filter((l) => l.kind === 'constant')]);
  return update(program, {
    functions: each(program.functions, global.local),
    actions: each(program.actions, global.local),
    parsers: each(program.parsers, (parser) => inBlock(parser).parser(parser)),
    controls: each(program.controls, (control) => inBlock(control).control(control)),
  });
}

function shiftRewriter(constants: readonly ConstDecl[]): Rewriter {
  const values = new Map(constants.map((c) => [c.name, c.value]));
  return new Rewriter({
    expr: (expr) => {
      if (expr.kind !== 'binary' || (expr.op !== '<<' && expr.op !== '>>')) return expr;
      const { type, loc } = expr;
      const amount = expr.right.kind === 'name' ? values.get(expr.right.name) : expr.right;
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
}

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

const withoutSwitches = <D extends ActionDecl | FunctionDecl>(decl: D): D =>
  new Rewriter({ stmt: (stmt) => (stmt.kind === 'switch' ? switchAsIfs(stmt) : stmt) }).local(decl);

const isBit = (param: Param): boolean => param.direction === undefined && param.type.kind === 'bool';

/** The action with one bit for each bool that the control plane gives. */
function withBits(action: ActionDecl): ActionDecl {
  const changed = new Set(action.params.filter(isBit).map((param) => param.name));
  if (changed.size === 0) return action;
  const uses = new Rewriter({
    expr: (expr) =>
      expr.kind === 'name' && changed.has(expr.name) ? binary('==', name(expr.name, bitType(1), expr.loc), bits(1, 1, expr.loc)) : expr,
  });
  return {
    ...uses.local(action),
    params: action.params.map((param) => (isBit(param) ? { ...param, type: bitType(1) } : param)),
  };
}

/** Arguments for the action with bits. */
function bitArgs(action: ActionDecl | undefined, args: readonly Expr[]): readonly Expr[] {
  return args.map((arg, i) => {
    const param = action?.params[i];
    if (!param || !isBit(param)) return arg;
    if (arg.kind === 'bool') return bits(arg.value ? 1 : 0, 1, arg.loc);
    return { kind: 'cast', arg, type: bitType(1), loc: arg.loc };
  });
}
