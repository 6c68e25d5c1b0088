/** What the functions of an architecture ask of their arguments beyond the types. */
import type { ArgumentRole } from '../../arch/index.js';
import type { Expr } from '../../ir/expr.js';
import { printExpr } from '../../ir/print.js';
import { isSized } from '../../ir/rules.js';
import type { CallStmt } from '../../ir/stmt.js';
import { sameType, type Type, typeName } from '../../ir/types.js';
import type { Environment } from './environment.js';

/** Architectures declare these with type parameters, which P4 lets a program fill with any type. */
const numbers: ReadonlySet<ArgumentRole | undefined> = new Set(['result', 'base', 'max', 'low', 'high']);

export function checkTaken(env: Environment, name: string, call: CallStmt): void {
  for (const [i, { is, takes }] of (env.externMethod(call)?.params ?? []).entries()) {
    const arg = call.args[i];
    if (!arg) continue;
    if (numbers.has(is) && !isSized(env.underlying(arg.type)))
      env.report('bad-operand', { got: `${printExpr(arg)}, of type ${typeName(arg.type)}`, expected: 'a number of type bit<W>' }, arg.loc);
    if (takes === 'metadata-fields') checkKeep(env, name, arg);
    if (takes === 'bits') checkHashed(env, arg);
    if (takes === 'struct' && (arg.kind !== 'struct' || env.declaration(arg.type)?.kind !== 'struct'))
      env.report('bad-operand', { got: printExpr(arg), expected: 'a value of a struct that the program declares' }, arg.loc);
  }
}

/** Checksums and hashes are over bits. An enum without values has no bits. */
function checkHashed(env: Environment, data: Expr): void {
  for (const element of data.kind === 'list' ? data.elements : []) {
    const decl = env.declaration(element.type);
    if (decl?.kind === 'enum' && !decl.base)
      env.report('bad-operand', { got: `${printExpr(element)}, an enum of names`, expected: 'fields of bits' }, element.loc);
  }
}

/** What survives are fields of the metadata. */
function checkKeep(env: Environment, call: string, keep: Expr): void {
  const metadata = env.paramHolding(env.filling('parser'), 'struct')?.type;
  if (keep.kind !== 'list') env.report('bad-operand', { got: printExpr(keep), expected: 'a list of fields of the metadata' }, keep.loc);
  for (const element of keep.kind === 'list' ? keep.elements : []) {
    if (!metadata || !isFieldOf(element, metadata)) env.report('keep-not-metadata', { call, got: printExpr(element) }, element.loc);
  }
}

function isFieldOf(expr: Expr, struct: Type): boolean {
  return expr.kind === 'field' && (sameType(expr.base.type, struct) || isFieldOf(expr.base, struct));
}
