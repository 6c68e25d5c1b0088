/** The data of checksums and hashes: values as bits, without gaps between them. */
import type { Expr } from '../../compiler/ir/index.js';
import { evaluate } from './eval.js';
import { BitWriter } from './packet.js';
import type { Scope } from './scope.js';

/** The bits of lists, structs and single values, zeros behind them up to a whole number of bytes. */
export const packData = (data: readonly Expr[], scope: Scope): Uint8Array => pack(data, scope, () => true);

/** As packData, without the fields of invalid headers. */
export const packValidData = (data: readonly Expr[], scope: Scope): Uint8Array =>
  pack(data, scope, (expr) => !inInvalidHeader(expr, scope));

function pack(data: readonly Expr[], scope: Scope, counts: (expr: Expr) => boolean): Uint8Array {
  const bits = new BitWriter();
  const write = (expr: Expr): void => {
    if (expr.kind === 'list') expr.elements.forEach(write);
    else if (expr.kind === 'struct') for (const f of expr.fields) write(f.value);
    else if (counts(expr)) scope.types.write(bits, evaluate(expr, scope), expr.type);
  };
  data.forEach(write);
  return bits.bytes();
}

export function inInvalidHeader(expr: Expr, scope: Scope): boolean {
  if (expr.kind !== 'field') return false;
  const base = evaluate(expr.base, scope);
  return typeof base === 'object' && base.kind === 'header' && !base.valid;
}
