/** What calls of the portable architecture's functions ask for beyond the types of their arguments. */
import type { Expr } from '../../ir/expr.js';
import { printExpr } from '../../ir/print.js';
import type { CallStmt } from '../../ir/stmt.js';
import { sameType, type Type } from '../../ir/types.js';
import type { Environment } from './environment.js';

export function checkPortableCall(env: Environment, name: string, call: CallStmt): void {
  const [first, second] = call.args;
  if (name === 'recirculate' || name === 'resubmit') checkKeep(env, name, first);
  if (name === 'mirror') checkKeep(env, name, second);
  if (name === 'hash') checkHashed(env, call.args[3]);
  if (checksums.has(name)) checkHashed(env, second);
  if (name === 'digest' && first && (first.kind !== 'struct' || env.declaration(first.type)?.kind !== 'struct'))
    env.report('bad-operand', { got: printExpr(first), expected: 'a value of a struct that the program declares' }, first.loc);
}

const checksums = new Set(['verify_checksum', 'update_checksum', 'verify_checksum_with_payload', 'update_checksum_with_payload']);

/** Checksums and hashes are over bits; an enum of names only has none. */
function checkHashed(env: Environment, data: Expr | undefined): void {
  for (const element of data?.kind === 'list' ? data.elements : []) {
    const decl = env.declaration(element.type);
    if (decl?.kind === 'enum' && !decl.base)
      env.report('bad-operand', { got: `${printExpr(element)}, an enum of names`, expected: 'fields of bits' }, element.loc);
  }
}

/** What survives are fields of the metadata. */
function checkKeep(env: Environment, call: string, keep: Expr | undefined): void {
  const metadata = env.filling('parser')?.params[2]?.type;
  if (keep && keep.kind !== 'list')
    env.report('bad-operand', { got: printExpr(keep), expected: 'a list of fields of the metadata' }, keep.loc);
  for (const element of keep?.kind === 'list' ? keep.elements : []) {
    if (!metadata || !isFieldOf(element, metadata)) env.report('keep-not-metadata', { call, got: printExpr(element) }, element.loc);
  }
}

function isFieldOf(expr: Expr, struct: Type): boolean {
  return expr.kind === 'field' && (sameType(expr.base.type, struct) || isFieldOf(expr.base, struct));
}
