/**
 * Cells that programs index: registers and meters.
 *
 * | portable                       | v1model                                                                          |
 * |--------------------------------|----------------------------------------------------------------------------------|
 * | Register<T>(n)                 | register<bit<W>>(n), W the bits of all fields of T, the first most significant   |
 * | r.update(i) { … }              | @atomic { r.read(raw, i); the cell from raw; …; r.write(i, the cell); }          |
 * | m.execute(i, color)            | m.execute_meter(i, bits); color = (MeterColor) bits                              |
 * | d.read(color)                  | d.read(bits), the same bits in all actions; color = (MeterColor) bits            |
 *
 * v1model leaves what is read from an index out of range undefined; here it is 0 (and green). Writing there does
 * nothing. Where the index cannot be out of range nothing is tested.
 */
import type { ProgramInfo } from '../../analysis/program-info.js';
import { assign, binary, bitType, callMethod, constant, field, name, named } from '../../ir/build.js';
import type { Expr } from '../../ir/expr.js';
import { fresh } from '../../ir/fresh-names.js';
import { printExpr } from '../../ir/print.js';
import type { Block, CallStmt, Stmt } from '../../ir/stmt.js';
import { type BitType, type FieldDecl, sameType, type Type } from '../../ir/types.js';
import { Rewriter, visiting } from '../../ir/visit.js';
import { invariant } from '../../support/invariant.js';
import type { Loc } from '../../support/location.js';

export const colorBits = bitType(2);

/** What v1model's register holds for a cell of that type. */
export const rawType = (info: ProgramInfo, cell: Type): Type => (info.fields(cell) ? bitType(info.width(cell)) : cell);

/** What values of the type are made of: those of a type of its own too. */
function bitsOf(info: ProgramInfo, type: Type): BitType {
  const bits = info.withoutNewtype(type);
  invariant(bits.kind === 'bit', 'a field of a cell is no number');
  return bits;
}

/** The atomic block of one update; `size` is the number of cells, `around` the names that are taken there. */
export function lowerUpdate(info: ProgramInfo, stmt: CallStmt, size: bigint, around: ReadonlySet<string>): Block {
  const taken = new Set(around);
  const { callee, given, loc } = stmt;
  const [index] = stmt.args;
  const [cell, result] = given?.params ?? [];
  invariant(callee.kind === 'method' && callee.object.kind === 'name' && index && given && cell, 'an update of no register');
  const register = callee.object;
  const fields = info.fields(cell.type);
  const type = rawType(info, cell.type);
  const raw = name(fresh(`${register.name}_${fields ? 'raw' : 'cell'}`, taken), type, loc);
  const [at, atFirst] = evaluatedOnce(index, `${register.name}_index`, stmt.result, taken);

  const body: Stmt[] = [...atFirst, declare(raw), callMethod(register, 'read', [raw, at], loc)];
  if (maxOf(index) >= size) body.push(assign(raw, orZero(at, size, raw), loc));
  let variable: Expr = raw;
  if (fields) {
    variable = name(fresh(`${register.name}_cell`, taken), cell.type, loc);
    body.push(declare(variable, unpacked(info, cell.type, fields, raw, loc)));
  }
  const renamed = new Rewriter({
    expr: (expr) => {
      if (expr.kind !== 'name') return expr;
      if (expr.name === cell.name) return { ...variable, loc: expr.loc };
      return stmt.result && expr.name === result?.name ? stmt.result : expr;
    },
  });
  body.push(...renamed.block(given.body));
  if (writes(given.body, cell.name))
    body.push(callMethod(register, 'write', [at, fields ? packed(info, variable, fields, loc) : raw], loc));
  return [{ kind: 'block', annotations: [{ name: 'atomic' }], body, loc }];
}

/** `color` from the bits that a meter gives. */
export const setColor = (color: Expr, given: Expr, loc: Loc): Stmt =>
  assign(color, { kind: 'cast', arg: given, type: named('MeterColor'), loc }, loc);

/** Execution of an indexed meter. */
export function lowerExecute(stmt: CallStmt, size: bigint, taken: Set<string>): Block {
  const { callee, loc } = stmt;
  const [index, color] = stmt.args;
  invariant(callee.kind === 'method' && callee.object.kind === 'name' && index && color, 'an execution of no meter');
  const bitsOfColor = name(fresh(`${callee.object.name}_color`, taken), colorBits, loc);
  const [at, atFirst] = evaluatedOnce(index, `${callee.object.name}_index`, color, taken);
  const read = callMethod(callee.object, 'execute_meter', [at, bitsOfColor], loc);
  const known = maxOf(index) >= size ? orZero(at, size, bitsOfColor) : bitsOfColor;
  return [...atFirst, declare(bitsOfColor), read, setColor(color, known, loc)];
}

const declare = (variable: Expr, init?: Expr): Stmt => {
  invariant(variable.kind === 'name', 'what is declared is a name');
  return { kind: 'declare', name: variable.name, type: variable.type, ...(init ? { init } : {}), loc: variable.loc };
};

/** An expression that may stand several times, and the declaration of the variable that it may need. */
function evaluatedOnce(expr: Expr, wanted: string, written: Expr | undefined, taken: Set<string>): [Expr, Block] {
  const value = expr.kind === 'cast' ? expr.arg : expr;
  if (isSimple(value) && !(written && printExpr(written) === printExpr(value))) return [expr, []];
  const variable = name(fresh(wanted, taken), expr.type, expr.loc);
  return [variable, [declare(variable, expr)]];
}

const isSimple = (expr: Expr): boolean => expr.kind === 'const' || expr.kind === 'name' || (expr.kind === 'field' && isSimple(expr.base));

const orZero = (index: Expr, size: bigint, value: Expr): Expr => ({
  kind: 'mux',
  cond: binary('<', index, { kind: 'const', value: size, type: index.type, loc: index.loc }),
  yes: value,
  no: constant(0, value.type, value.loc),
  type: value.type,
  loc: value.loc,
});

/** The largest value that an expression can have, as far as its form tells. */
function maxOf(expr: Expr): bigint {
  if (expr.kind === 'const') return expr.value;
  invariant(expr.type.kind === 'bit', 'an index is no number');
  const own = (1n << BigInt(expr.type.width)) - 1n;
  if (expr.kind !== 'cast' || expr.arg.type.kind !== 'bit') return own;
  const inner = maxOf(expr.arg);
  return inner < own ? inner : own;
}

function unpacked(info: ProgramInfo, type: Type, fields: readonly FieldDecl[], raw: Expr, loc: Loc): Expr {
  let low = bitsOf(info, raw.type).width;
  return {
    kind: 'struct',
    type,
    fields: fields.map((f) => {
      const high = low - 1;
      const of = bitsOf(info, f.type);
      low -= of.width;
      return { name: f.name, value: as(f.type, { kind: 'slice', base: raw, high, low, type: of, loc }) };
    }),
    loc,
  };
}

const packed = (info: ProgramInfo, cell: Expr, fields: readonly FieldDecl[], loc: Loc): Expr =>
  fields.map((f) => as(bitsOf(info, f.type), field(cell, f.name, f.type, loc))).reduce((a, b) => binary('++', a, b, loc));

const as = (type: Type, arg: Expr): Expr => (sameType(arg.type, type) ? arg : { kind: 'cast', arg, type, loc: arg.loc });

function writes(body: Block, cell: string): boolean {
  let found = false;
  const rootOf = (expr: Expr): Expr => ('base' in expr ? rootOf(expr.base) : expr);
  visiting({
    stmt: (stmt) => {
      const root = stmt.kind === 'assign' ? rootOf(stmt.target) : undefined;
      if (root?.kind === 'name' && root.name === cell) found = true;
    },
  }).block(body);
  return found;
}
