/** The extern functions of v1model but for checksums. */

import type { Type } from '../../../../compiler/ir/index.js';
import { truncate } from '../../../../compiler/support/bits.js';
import { toHex } from '../../../../compiler/support/bytes.js';
import { invariant } from '../../../../compiler/support/invariant.js';
import type { Loc } from '../../../../compiler/support/location.js';
import { hashNamed } from '../../../data-plane/hashes.js';
import { digested } from '../../digests.js';
import type { Extern, Externs, Machine } from '../../externs.js';
import { packed } from '../../fields.js';
import type { Pass } from '../../scope.js';
import { traceValue } from '../../tracer.js';
import type { StructValue, Value } from '../../values.js';
import { check } from '../shared-externs.js';
import type { Keeping, V1modelPass } from './extern-context.js';
import { dropPort, setAll } from './standard-metadata.js';

export const functions = (machine: Machine): Externs => ({
  mark_to_drop: markToDrop,
  hash: hash(machine),
  random,
  digest: digest(machine),
  clone: ([, session]: [type: string, session: bigint], pass: V1modelPass, { loc }) => clone(session, undefined, pass, loc),
  clone_preserving_field_list: ([, session, list]: [type: string, session: bigint, list: bigint], pass: V1modelPass, { loc }) =>
    clone(session, list, pass, loc),
  resubmit_preserving_field_list: ([list]: [bigint], pass: V1modelPass, { loc }) => {
    pass.requests.resubmit = keeping(list, loc);
    return decide(pass, 'resubmit_preserving_field_list', 'resubmit', loc);
  },
  recirculate_preserving_field_list: ([list]: [bigint], pass: V1modelPass, { loc }) => {
    pass.requests.recirculate = keeping(list, loc);
    return decide(pass, 'recirculate_preserving_field_list', 'recirculate', loc);
  },
  truncate: ([bytes]: [bigint], pass: V1modelPass, { loc }) => {
    const { requests } = pass;
    const length = Number(bytes);
    requests.truncateTo = Math.min(length, requests.truncateTo ?? length);
    return decide(pass, 'truncate', `at most ${length} byte${length === 1 ? '' : 's'}`, loc);
  },
  assert: check('assert'),
  assume: check('assume'),
  log_msg: logMessage(machine),
});

const markToDrop: Extern<[std: StructValue], Pass> = ([std], pass, { loc }) => {
  setAll(std, { egress_spec: dropPort, mcast_grp: 0n });
  if (pass.trace) {
    std.writtenAt ??= new Map();
    std.writtenAt.set('egress_spec', loc);
  }
  return decide(pass, 'mark_to_drop', 'drop', loc);
};

function decide({ trace }: Pass, by: string, meaning: string, loc: Loc): undefined {
  trace?.add({ kind: 'decision', by, meaning, loc });
}

const keeping = (list: bigint | undefined, loc: Loc): Keeping => ({ ...(list === undefined ? {} : { fieldList: Number(list) }), loc });

/** Where it is called says whether the clone is from ingress or from egress; sessions have 15 bits. */
function clone(id: bigint, list: bigint | undefined, pass: V1modelPass, loc: Loc): undefined {
  const session = Number(truncate(id, 15));
  pass.requests.clone = { session, ...keeping(list, loc) };
  return decide(pass, 'clone', `a copy to session ${session}`, loc);
}

/**
 * base + hash % max, in 64 bits; a max of 0 is as 1. Fields of invalid headers are hashed as 0, unlike those of a checksum:
 * p4c copies the data first.
 */
const hash =
  ({ types }: Machine): Extern<[algorithm: string, base: bigint, data: Value, max: bigint], Pass> =>
  ([algorithm, base, value, max], { trace }, { types: [, , type], resultType, loc }) => {
    const data = packed([{ value, type: type as Type }], types).bytes();
    const [from, size, hashed] = [truncate(base, 64), truncate(max, 64), hashNamed(algorithm)(data)];
    const result = types.cast(truncate(from + (hashed % (size || 1n)), 64), resultType as Type);
    trace?.add({
      kind: 'hash',
      algorithm,
      data: toHex(data),
      hash: `${hashed}`,
      base: `${from}`,
      max: `${size}`,
      result: `${result}`,
      loc,
    });
    return result;
  };

/** Between low and high, both included; nothing when low is above high. */
const random: Extern<[low: bigint, high: bigint], Pass> = ([low, high], { trace, choices }, { loc }) => {
  const result = low <= high ? choices.number(low, high, loc) : undefined;
  trace?.add({ kind: 'random', low: `${low}`, high: `${high}`, ...(result === undefined ? {} : { result: `${result}` }), loc });
  return result;
};

const digest =
  ({ types }: Machine): Extern<[receiver: bigint, data: Value], V1modelPass> =>
  ([, data], pass, { digest: declared, loc }) => {
    invariant(declared, 'a digest that the program does not declare');
    pass.requests.digest = digested(declared, data, types, pass, loc);
    return undefined;
  };

/** Each `{}` of the message stands for the next element of the data. */
const logMessage =
  ({ types }: Machine): Extern<[message: string, data?: Value], Pass> =>
  ([message, data], { trace }, { types: [, type], loc }) => {
    if (!trace) return undefined;
    const parts = data === undefined ? [] : elementsOf(data, type as Type);
    const texts = parts.map((part) => traceValue(part.value, part.type, types).value);
    trace.add({ kind: 'log', text: message.replace(/\{\}/g, () => texts.shift() ?? '{}'), loc });
    return undefined;
  };

/** Those of a list or tuple; another value is its only one. */
function elementsOf(value: Value, type: Type): readonly { readonly value: Value; readonly type: Type }[] {
  if (typeof value !== 'object' || value.kind !== 'tuple') return [{ value, type }];
  return value.elements.map((element, i) => ({
    value: element,
    type: (type.kind === 'tuple' ? type.elements[i] : type.kind === 'list' ? type.element : undefined) ?? type,
  }));
}
