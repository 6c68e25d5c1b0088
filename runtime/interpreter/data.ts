/** The data of checksums and hashes: values as bits, without gaps between them. */
import type { Expr } from '../../compiler/ir/index.js';
import { evaluate } from './eval.js';
import { BitWriter } from './packet.js';
import type { Scope } from './scope.js';

/** The bits of a list, struct or single value, zeros behind them up to a whole number of bytes. */
export function packData(data: readonly Expr[], scope: Scope): Uint8Array {
  const bits = new BitWriter();
  for (const expr of data) write(expr, bits, scope);
  return bits.bytes();
}

/** Fields of invalid headers are left out, as BMv2 does. */
function write(expr: Expr, to: BitWriter, scope: Scope): void {
  if (expr.kind === 'list') for (const element of expr.elements) write(element, to, scope);
  else if (expr.kind === 'struct') for (const f of expr.fields) write(f.value, to, scope);
  else if (!inInvalidHeader(expr, scope)) scope.types.write(to, evaluate(expr, scope), expr.type);
}

export function inInvalidHeader(expr: Expr, scope: Scope): boolean {
  if (expr.kind !== 'field') return false;
  const base = evaluate(expr.base, scope);
  return typeof base === 'object' && base.kind === 'header' && !base.valid;
}
