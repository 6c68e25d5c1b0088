/** Hash, Checksum and InternetChecksum (PSA §7.4, §7.5). */

import type { Type } from '../../../../compiler/ir/index.js';
import { truncate } from '../../../../compiler/support/bits.js';
import { toHex } from '../../../../compiler/support/bytes.js';
import { InternalError } from '../../../../compiler/support/invariant.js';
import { hashNamed } from '../../../data-plane/hashes.js';
import type { CallSite, Extern, ExternConstructor } from '../../externs.js';
import { BitWriter } from '../../packet.js';
import type { Pass } from '../../scope.js';
import type { Types } from '../../types.js';
import type { Value } from '../../values.js';
import { typeArgument } from '../shared-externs.js';

/** By the members of PSA_HashAlgorithm_t. The target's own choice is CRC16, as p4c has it for BMv2. */
const algorithms: Readonly<Record<string, string>> = {
  IDENTITY: 'identity',
  CRC32: 'crc32',
  CRC32_CUSTOM: 'crc32_custom',
  CRC16: 'crc16',
  CRC16_CUSTOM: 'crc16_custom',
  ONES_COMPLEMENT16: 'csum16',
  TARGET_DEFAULT: 'crc16',
};

/** The name of a hash algorithm, as action selectors know it. */
export function algorithmName(member: Value | undefined): string {
  const name = typeof member === 'string' ? algorithms[member] : undefined;
  if (name === undefined) throw new InternalError(`the hash algorithm ${member}`);
  return name;
}

/** The bits of a value, zeros in front of them up to a multiple of `unit` bits, as BMv2's psa_switch pads them. */
function padded(value: Value, type: Type, types: Types, unit: 8 | 16): Uint8Array {
  const width = types.size(value, type);
  const bits = new BitWriter();
  bits.write(0n, (unit - (width % unit)) % unit);
  types.write(bits, value, type);
  return bits.bytes();
}

/** The hash of the data; with a base and a maximum, base + hash % max, where a max of 0 is as 1. */
export const hash: ExternConstructor = (instance, { types }) => {
  const algorithm = algorithmName(instance.args[0]);
  const compute = hashNamed(algorithm);
  const output = typeArgument(instance);
  const get_hash: Extern<[data: Value] | [base: bigint, data: Value, max: bigint], Pass> = (args, { trace }, site) => {
    const [base, data, max] = args.length === 3 ? args : [0n, args[0], undefined];
    const bytes = padded(data, site.types[args.length === 3 ? 1 : 0] as Type, types, 8);
    const hashed = compute(bytes);
    const result = types.cast(base + (max === undefined ? hashed : hashed % (max || 1n)), output);
    trace?.add({
      kind: 'hash',
      algorithm,
      data: toHex(bytes),
      hash: `${hashed}`,
      ...(max === undefined ? {} : { base: `${base}`, max: `${max}` }),
      result: `${result}`,
      loc: site.loc,
    });
    return result;
  };
  return { methods: { get_hash } };
};

/** A hash of all data since the block began or the last `clear`. */
export const checksum: ExternConstructor = (instance, { types }) => {
  const compute = hashNamed(algorithmName(instance.args[0]));
  const output = typeArgument(instance);
  let data = new BitWriter();
  const clear = (): undefined => {
    data = new BitWriter();
  };
  return {
    enter: clear,
    methods: {
      clear,
      update: ([value]: [Value], _pass: Pass, site: CallSite) => {
        types.write(data, value, site.types[0] as Type);
        return undefined;
      },
      get: () => types.cast(compute(data.bytes()), output),
    },
  };
};

/** The ones' complement sum of 16-bit words, incrementally (PSA appendix A; RFC 1624). */
export const internetChecksum: ExternConstructor = (_instance, { types }) => {
  let sum = 0n;
  const clear = (): undefined => {
    sum = 0n;
  };
  const adding =
    (signed: (word: bigint) => bigint): Extern<[data: Value], Pass> =>
    ([data], _pass, site) => {
      const bytes = padded(data, site.types[0] as Type, types, 16);
      for (let i = 0; i < bytes.length; i += 2) {
        const next = sum + signed(BigInt(((bytes[i] as number) << 8) | (bytes[i + 1] as number)));
        sum = truncate(next + (next >> 16n), 16);
      }
      return undefined;
    };
  return {
    enter: clear,
    methods: {
      clear,
      add: adding((word) => word),
      subtract: adding((word) => word ^ 0xffffn),
      get: () => sum ^ 0xffffn,
      get_state: () => sum,
      set_state: ([state]: [bigint]) => {
        sum = state;
        return undefined;
      },
    },
  };
};
