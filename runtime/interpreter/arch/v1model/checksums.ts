/** verify_checksum and update_checksum, over a list of data and, if asked for, the payload. */
import type { Type } from '../../../../compiler/ir/index.js';
import { truncate } from '../../../../compiler/support/bits.js';
import { hashNamed } from '../../../data-plane/hashes.js';
import type { Extern, Externs, Fields } from '../../externs.js';
import { packed } from '../../fields.js';
import type { Types } from '../../types.js';
import type { V1modelPass } from './extern-context.js';

export const checksums = (types: Types): Externs => ({
  verify_checksum: verifyChecksum(types, false),
  verify_checksum_with_payload: verifyChecksum(types, true),
  update_checksum: updateChecksum(types, false),
  update_checksum_with_payload: updateChecksum(types, true),
});

/** Skipped when the condition is false or the checksum's header invalid. */
const verifyChecksum =
  (types: Types, withPayload: boolean): Extern<[condition: boolean, data: Fields, checksum: Fields, algorithm: string], V1modelPass> =>
  ([condition, data, checksum, algorithm], pass, { text, loc }) => {
    const [field] = condition ? checksum() : [];
    if (!field) {
      pass.trace?.add({ kind: 'checksum', field: text(2), outcome: 'skipped', loc });
      return undefined;
    }
    const { value: stored, type } = field;
    const computed = compute(algorithm, data, type, types, pass, withPayload);
    if (stored !== computed) pass.standardMetadata.fields.set('checksum_error', 1n);
    const outcome = stored === computed ? 'ok' : 'bad';
    pass.trace?.add({ kind: 'checksum', field: text(2), outcome, stored: `${stored}`, computed: `${computed}`, loc });
    return undefined;
  };

/** Skipped when the condition is false. */
const updateChecksum =
  (types: Types, withPayload: boolean): Extern<[condition: boolean, data: Fields, checksum: bigint, algorithm: string], V1modelPass> =>
  ([condition, data, stored, algorithm], pass, { types: [, , type], text, loc }) => {
    if (!condition) {
      pass.trace?.add({ kind: 'checksum', field: text(2), outcome: 'skipped', loc });
      return undefined;
    }
    const computed = compute(algorithm, data, type as Type, types, pass, withPayload);
    pass.trace?.add({ kind: 'checksum', field: text(2), outcome: 'updated', stored: `${stored}`, computed: `${computed}`, loc });
    return computed;
  };

function compute(algorithm: string, data: Fields, type: Type, types: Types, pass: V1modelPass, withPayload: boolean): bigint {
  const payload = withPayload ? pass.payload.subarray(0, pass.requests.truncateTo) : undefined;
  return truncate(hashNamed(algorithm)(packed(data(), types).bytes(payload)), types.width(type));
}
