/** The externs of core.p4: packet_in, packet_out and verify (P4-16 §12.8, §15.1). */

import { named } from '../../compiler/ir/build.js';
import type { Type } from '../../compiler/ir/index.js';
import { invariant } from '../../compiler/support/invariant.js';
import type { Loc } from '../../compiler/support/location.js';
import type { CallSite, Extern, Externs } from './externs.js';
import { BitReader, BitWriter } from './packet.js';
import { type ObjectValue, ParserStop, type Pass } from './scope.js';
import type { Types } from './types.js';
import type { HeaderValue, Value } from './values.js';

function stop(error: string, loc: Loc): never {
  throw new ParserStop({ kind: 'error', error }, loc);
}

const verify: Extern<[holds: boolean, error: string], Pass> = ([holds, error], _pass, { loc }) => {
  if (!holds) stop(error, loc);
  return undefined;
};

export const coreFunctions: Externs = { verify };

/** The packet that a parser reads. What does not fit in the rest of it is error.PacketTooShort and reads nothing. */
export class PacketIn implements ObjectValue {
  readonly kind = 'object';
  readonly type = 'packet_in';
  readonly methods: Externs = {
    advance: ([length]: [bigint], pass: Pass, { loc }: CallSite) => {
      if (length > BigInt(this.#reader.remaining)) stop('PacketTooShort', loc);
      this.#reader.skip(Number(length));
      pass.trace?.add({ kind: 'advance', length: Number(length), loc });
      return undefined;
    },
  };
  readonly #reader: BitReader;

  constructor(bytes: Uint8Array) {
    this.#reader = new BitReader(bytes);
  }

  /** What the parser left. */
  get payload(): Uint8Array {
    return this.#reader.payload;
  }
  /** In bytes. */
  get length(): bigint {
    return BigInt(this.#reader.length);
  }

  lookahead(type: Type, types: Types, loc: Loc): Value {
    if (types.width(type) > this.#reader.remaining) stop('PacketTooShort', loc);
    return types.read(this.#reader.fork(), type);
  }

  /**
   * Reads the next bits into a header, or over them where there is none; how many they were. `varbitWidth` is that of the
   * header's varbit field.
   */
  extract(type: Type, varbitWidth: bigint, header: HeaderValue | undefined, types: Types, loc: Loc): number {
    const resolved = types.resolve(type);
    invariant(resolved.kind === 'header', 'extract into something that is no header');
    const most = types.width(type);
    // In this order, as in BMv2.
    if (varbitWidth % 8n !== 0n) stop('ParserInvalidArgument', loc);
    const length = BigInt(most - types.varbitWidth(resolved)) + varbitWidth;
    if (length > BigInt(this.#reader.remaining)) stop('PacketTooShort', loc);
    if (length > BigInt(most)) stop('HeaderTooShort', loc);
    if (header) types.readHeader(this.#reader, header, Number(varbitWidth));
    else this.#reader.skip(Number(length));
    return Number(length);
  }
}

/** The packet that a deparser writes. */
export class PacketOut implements ObjectValue {
  readonly kind = 'object';
  readonly type = 'packet_out';
  readonly methods: Externs;
  readonly #writer = new BitWriter();

  constructor(types: Types) {
    this.methods = {
      emit: ([value]: [Value], pass: Pass, site: CallSite) => {
        types.write(this.#writer, value, site.types[0] as Type);
        if (pass.trace) traceEmit(value, site.text(0), types, pass, site.loc);
        return undefined;
      },
    };
  }

  /** The emitted headers, and the payload after them. */
  bytes(payload: Uint8Array): Uint8Array {
    return this.#writer.bytes(payload);
  }
}

function traceEmit(value: Value, name: string, types: Types, pass: Pass, loc: Loc): void {
  invariant(typeof value === 'object', 'emit of a scalar');
  if (value.kind === 'header') {
    if (value.valid) pass.trace?.add({ kind: 'emit', header: name, length: types.size(value, named(value.decl.name)), loc });
  } else if (value.kind === 'struct' || value.kind === 'union') {
    for (const [field, part] of value.fields) traceEmit(part, `${name}.${field}`, types, pass, loc);
  } else if (value.kind === 'stack' || value.kind === 'tuple') {
    value.elements.forEach((element, i) => {
      traceEmit(element, `${name}[${i}]`, types, pass, loc);
    });
  }
}
