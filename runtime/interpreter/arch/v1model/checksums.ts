/** verify_checksum and update_checksum, over a list of data and, if asked for, the payload. */
import { truncate } from '../../../../compiler/support/bits.js';
import { InternalError } from '../../../../compiler/support/invariant.js';
import { hashAlgorithms } from '../../../data-plane/hashes.js';
import { argument } from '../../core.js';
import { inInvalidHeader, packValidData } from '../../data.js';
import { evaluate, evaluateBits, evaluateBool, lvalue } from '../../eval.js';
import type { ExternCall, ExternFunction } from '../../scope.js';
import { exprText } from '../../tracer.js';
import { passOf } from './pass.js';

export const checksums: Readonly<Record<string, ExternFunction>> = {
  verify_checksum: verifyChecksum(false),
  verify_checksum_with_payload: verifyChecksum(true),
  update_checksum: updateChecksum(false),
  update_checksum_with_payload: updateChecksum(true),
};

/** Skipped when the condition is false or the checksum's header invalid. */
function verifyChecksum(withPayload: boolean): ExternFunction {
  return (call) => {
    const { scope, loc } = call;
    const stored = argument(call, 2);
    if (!evaluateBool(argument(call, 0), scope) || inInvalidHeader(stored, scope)) {
      scope.trace?.add({ kind: 'checksum', field: exprText(stored), outcome: 'skipped', loc });
      return undefined;
    }
    const value = evaluateBits(stored, scope);
    const computed = computeChecksum(call, withPayload);
    if (value !== computed) passOf(scope).standardMetadata.fields.set('checksum_error', 1n);
    const outcome = value === computed ? 'ok' : 'bad';
    scope.trace?.add({ kind: 'checksum', field: exprText(stored), outcome, stored: `${value}`, computed: `${computed}`, loc });
    return undefined;
  };
}

/** Skipped when the condition is false. */
function updateChecksum(withPayload: boolean): ExternFunction {
  return (call) => {
    const { scope, loc } = call;
    const target = argument(call, 2);
    if (!evaluateBool(argument(call, 0), scope)) {
      scope.trace?.add({ kind: 'checksum', field: exprText(target), outcome: 'skipped', loc });
      return undefined;
    }
    const stored = evaluateBits(target, scope);
    const computed = computeChecksum(call, withPayload);
    lvalue(target, scope).set(computed);
    scope.trace?.add({ kind: 'checksum', field: exprText(target), outcome: 'updated', stored: `${stored}`, computed: `${computed}`, loc });
    return undefined;
  };
}

function computeChecksum(call: ExternCall, withPayload: boolean): bigint {
  const { scope } = call;
  const algorithm = evaluate(argument(call, 3), scope) as string;
  const hash = hashAlgorithms[algorithm];
  if (!hash) throw new InternalError(`the hash algorithm ${algorithm}`);
  const data = packValidData([argument(call, 1)], scope);
  const { payload, requests } = passOf(scope);
  const bytes = withPayload ? Buffer.concat([data, payload.subarray(0, requests.truncateTo)]) : data;
  return truncate(hash(bytes), scope.types.width(argument(call, 2).type));
}
