/**
 * The other calls, in v1model's terms.
 *
 * | portable                         | v1model                                                             |
 * |----------------------------------|---------------------------------------------------------------------|
 * | digest({ … })                    | digest<T>(1, { … }), T the digest's struct                          |
 * | hash(r, algorithm, base, d, max) | the same; a max of 0 becomes the number of all values of the hash   |
 * | log(text, values)                | log_msg(text, values)                                               |
 * | random, assert, assume, truncate | the same                                                            |
 */
import { bits, callFunction, constant } from '../../ir/build.js';
import type { Expr } from '../../ir/expr.js';
import type { Block } from '../../ir/stmt.js';
import { invariant } from '../../support/invariant.js';
import type { Loc } from '../../support/location.js';

/** Bits of what an algorithm gives; BMv2's identity takes the first 8 bytes of the data. */
const hashWidths: Readonly<Record<string, number>> = {
  crc16: 16,
  crc16_custom: 16,
  csum16: 16,
  xor16: 16,
  crc32: 32,
  crc32_custom: 32,
  identity: 64,
};

export function hashWidth(algorithm: Expr | undefined): number {
  const width = algorithm?.kind === 'member' ? hashWidths[algorithm.name] : undefined;
  invariant(width, 'an unknown hash algorithm');
  return width;
}

type Lower = (args: readonly Expr[], loc: Loc) => Block;

export const services: ReadonlyMap<string, Lower> = new Map<string, Lower>([
  [
    'digest',
    ([data], loc) => {
      invariant(data, 'digest without data');
      return [{ ...callFunction('digest', [bits(1, 32, loc), data], loc), typeArgs: [data.type] }];
    },
  ],
  [
    'hash',
    ([result, algorithm, base, data, max], loc) => {
      invariant(result && algorithm && base && data && max, 'hash without its arguments');
      return [callFunction('hash', [result, algorithm, base, data, wholeRange(max, result, algorithm)], loc)];
    },
  ],
  [
    'log',
    ([text, data], loc) => {
      invariant(text && data?.kind === 'list', 'log without its arguments');
      return [callFunction('log_msg', data.elements.length > 0 ? [text, data] : [text], loc)];
    },
  ],
]);

/** `max`, or where it is 0 the number of values that the result can hold of the hash. */
function wholeRange(max: Expr, result: Expr, algorithm: Expr): Expr {
  if (max.kind !== 'const' || max.value !== 0n || !('width' in result.type)) return max;
  return constant(1n << BigInt(Math.min(result.type.width, hashWidth(algorithm))), max.type, max.loc);
}
