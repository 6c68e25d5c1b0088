/** Hash, Checksum and InternetChecksum (PSA §7.4, §7.5). */

import type { Type } from '../../../../compiler/ir/index.js';
import { truncate } from '../../../../compiler/support/bits.js';
import { InternalError } from '../../../../compiler/support/invariant.js';
import { type HashFunction, hashAlgorithms } from '../../../data-plane/hashes.js';
import { argument } from '../../core.js';
import { evaluate, evaluateBits } from '../../eval.js';
import { BitWriter } from '../../packet.js';
import type { ExternCall, ObjectValue } from '../../scope.js';
import type { Types } from '../../types.js';
import type { Value } from '../../values.js';

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
const algorithmOf = (member: Value | undefined): HashFunction => hashAlgorithms[algorithmName(member)] as HashFunction;

/** The bits of a value, zeros in front of them up to a whole number of bytes, as BMv2's psa_switch pads them. */
function padded(value: Value, type: Type, types: Types): Uint8Array {
  const width = types.size(value, type);
  const bits = new BitWriter();
  bits.write(0n, (8 - (width % 8)) % 8);
  types.write(bits, value, type);
  return bits.bytes();
}

export class Hash implements ObjectValue {
  readonly kind = 'object';
  readonly type = 'Hash';
  readonly #algorithm: string;
  readonly #compute: HashFunction;
  readonly #output: Type;

  constructor(algorithm: Value | undefined, output: Type) {
    this.#algorithm = algorithmName(algorithm);
    this.#compute = algorithmOf(algorithm);
    this.#output = output;
  }

  /** The hash of the data; with a base and a maximum, base + hash % max, where a max of 0 is as 1. */
  call(method: string, call: ExternCall): Value {
    if (method !== 'get_hash') throw new InternalError(`Hash.${method}`);
    const { scope, loc, args } = call;
    const limited = args.length === 3;
    const data = argument(call, limited ? 1 : 0);
    const bytes = padded(evaluate(data, scope), data.type, scope.types);
    const hash = this.#compute(bytes);
    const base = limited ? evaluateBits(argument(call, 0), scope) : 0n;
    const max = limited ? evaluateBits(argument(call, 2), scope) : undefined;
    const result = scope.types.cast(base + (max === undefined ? hash : hash % (max || 1n)), this.#output);
    scope.trace?.add({
      kind: 'hash',
      algorithm: this.#algorithm,
      data: Buffer.from(bytes).toString('hex'),
      hash: `${hash}`,
      ...(max === undefined ? {} : { base: `${base}`, max: `${max}` }),
      result: `${result}`,
      loc,
    });
    return result;
  }
}

/** A hash of all data since the block began or the last `clear`. */
export class Checksum implements ObjectValue {
  readonly kind = 'object';
  readonly type = 'Checksum';
  readonly #compute: HashFunction;
  readonly #output: Type;
  #data = new BitWriter();

  constructor(algorithm: Value | undefined, output: Type) {
    this.#compute = algorithmOf(algorithm);
    this.#output = output;
  }

  enter(): void {
    this.#data = new BitWriter();
  }

  call(method: string, call: ExternCall): Value | undefined {
    const { types } = call.scope;
    switch (method) {
      case 'clear':
        this.enter();
        return undefined;
      case 'update': {
        const data = argument(call, 0);
        types.write(this.#data, evaluate(data, call.scope), data.type);
        return undefined;
      }
      case 'get':
        return types.cast(this.#compute(this.#data.bytes()), this.#output);
      default:
        throw new InternalError(`Checksum.${method}`);
    }
  }
}

/** The ones' complement sum of 16-bit words, incrementally (PSA appendix A; RFC 1624). */
export class InternetChecksum implements ObjectValue {
  readonly kind = 'object';
  readonly type = 'InternetChecksum';
  #sum = 0n;

  enter(): void {
    this.#sum = 0n;
  }

  call(method: string, call: ExternCall): Value | undefined {
    switch (method) {
      case 'clear':
        this.enter();
        return undefined;
      case 'add':
        this.#add(call, (word) => word);
        return undefined;
      case 'subtract':
        this.#add(call, (word) => word ^ 0xffffn);
        return undefined;
      case 'get':
        return this.#sum ^ 0xffffn;
      case 'get_state':
        return this.#sum;
      case 'set_state':
        this.#sum = evaluateBits(argument(call, 0), call.scope);
        return undefined;
      default:
        throw new InternalError(`InternetChecksum.${method}`);
    }
  }

  /** Data that is no multiple of 16 bits long has zeros in front of it, as in BMv2. */
  #add(call: ExternCall, signed: (word: bigint) => bigint): void {
    const data = argument(call, 0);
    const bytes = padded(evaluate(data, call.scope), data.type, call.scope.types);
    const whole = bytes.length % 2 === 0 ? bytes : Buffer.concat([new Uint8Array(1), bytes]);
    for (let i = 0; i < whole.length; i += 2) {
      const sum = this.#sum + signed(BigInt(((whole[i] as number) << 8) | (whole[i + 1] as number)));
      this.#sum = truncate(sum + (sum >> 16n), 16);
    }
  }
}
