/** What the types of a program mean for its values: defaults, and the way to and from bits. */
import type { ProgramInfo } from '../../compiler/analysis/program-info.js';
import { type ResolvedType, TypeTable } from '../../compiler/analysis/type-table.js';
import { type FieldDecl, type HeaderDecl, type Type, typeName } from '../../compiler/ir/index.js';
import { signed, truncate } from '../../compiler/support/bits.js';
import { InternalError, invariant } from '../../compiler/support/invariant.js';
import { type BitReader, BitWriter } from './packet.js';
import { type HeaderValue, invalidateSiblings, isImmutable, type StructValue, type TupleValue, unionOf, type Value } from './values.js';

export class Types extends TypeTable {
  readonly #errors: readonly string[];
  /** Defaults that values may share: every packet makes all headers and metadata anew. */
  readonly #scalarDefaults = new WeakMap<readonly FieldDecl[], ReadonlyMap<string, Value>>();

  readonly #varbits = new WeakMap<HeaderDecl, number>();

  constructor({ types, errors }: ProgramInfo) {
    super((name) => types.get(name));
    this.#errors = errors;
  }

  /** The value of a serializable enum's member; the name of another's. */
  member(type: Type, member: string): Value {
    return this.memberValue(type, member) ?? member;
  }

  /** The most bits of a header's varbit field; 0 where it has none. */
  varbitWidth(decl: HeaderDecl): number {
    let width = this.#varbits.get(decl);
    if (width === undefined) {
      const varbit = decl.fields.find((f) => this.resolve(f.type).kind === 'varbit');
      width = varbit ? this.width(varbit.type) : 0;
      this.#varbits.set(decl, width);
    }
    return width;
  }

  /** P4-16 §7.3: zero, false, NoError, the first member; headers invalid. */
  default(type: Type): Value {
    const t = this.resolve(type);
    switch (t.kind) {
      case 'bit':
      case 'int':
      case 'integer':
        return 0n;
      case 'bool':
        return false;
      case 'varbit':
        return { kind: 'varbit', width: 0, bits: 0n };
      case 'error':
        return 'NoError';
      case 'string':
        return '';
      case 'enum':
        return t.base ? 0n : (t.members[0]?.name ?? '');
      case 'header':
        return { kind: 'header', decl: t, valid: false, fields: this.#defaults(t.fields) };
      case 'struct':
        return this.struct(t.name, t.fields);
      case 'header_union':
        return unionOf(this.#defaults(t.fields) as Map<string, HeaderValue>);
      case 'stack':
        return { kind: 'stack', elements: Array.from({ length: t.size }, () => this.default(t.element)), next: 0 };
      case 'tuple':
        return { kind: 'tuple', elements: t.elements.map((e) => this.default(e)) };
      case 'list':
        return { kind: 'tuple', elements: [] };
      default:
        throw new InternalError(`a value of type ${typeName(type)}`);
    }
  }

  struct(name: string, fields: readonly FieldDecl[]): StructValue {
    return { kind: 'struct', type: name, fields: this.#defaults(fields) };
  }

  #defaults(fields: readonly FieldDecl[]): Map<string, Value> {
    const known = this.#scalarDefaults.get(fields);
    if (known) return new Map(known);
    const defaults = new Map(fields.map((f) => [f.name, this.default(f.type)]));
    if ([...defaults.values()].every(isImmutable)) this.#scalarDefaults.set(fields, new Map(defaults));
    return defaults;
  }

  /**
   * A value as unsigned bits, where the switch keeps it or tells it: errors and enum members without a value count from 0
   * in their order; of what has parts the first one is in the most significant bits. That of a header is whether it is valid.
   */
  toBits(value: Value, type: Type): bigint {
    if (typeof value === 'bigint') return value < 0n ? truncate(value, this.width(type)) : value;
    if (typeof value === 'boolean') return value ? 1n : 0n;
    if (typeof value === 'string') return BigInt(Math.max(0, this.#names(type).indexOf(value)));
    if (value.kind === 'varbit') return value.bits;
    return this.partBits(value, type).reduce((all, { bits, width }) => (all << BigInt(width)) | bits, 0n);
  }

  /** The bits of each part of a value; a value without parts is one. */
  partBits(value: Value, type: Type): readonly { readonly bits: bigint; readonly width: number }[] {
    const types = this.stateParts(type);
    const of = (part: Value, partType: Type) => {
      const width = this.stateWidth(partType);
      return { bits: truncate(this.toBits(part, partType), width), width };
    };
    if (!types) return [of(value, type)];
    const parts = partsOf(value);
    invariant(parts.length === types.length, `a value of type ${typeName(type)} as bits`);
    return parts.map((part, i) => of(part, types[i] as Type));
  }

  /** The value of `type` that has these unsigned bits. */
  fromBits(bits: bigint, type: Type): Value {
    const t = this.resolve(type);
    if (t.kind === 'bit') return bits;
    const types = this.stateParts(type);
    if (types) {
      let left = this.stateWidth(type);
      const parts = types.map((part) => {
        const width = this.stateWidth(part);
        left -= width;
        return this.fromBits(BigInt.asUintN(width, bits >> BigInt(left)), part);
      });
      return ofParts(t, parts);
    }
    if (t.kind === 'bool') return bits === 1n;
    if (t.kind === 'int') return signed(bits, t.width);
    if (t.kind === 'enum' && t.base) return this.fromBits(bits, t.base);
    if (t.kind === 'enum' || t.kind === 'error') return this.#names(type)[Number(bits)] ?? '';
    if (t.kind === 'varbit') return { kind: 'varbit', width: t.width, bits };
    return bits;
  }

  #names(type: Type): readonly string[] {
    const t = this.resolve(type);
    return t.kind === 'enum' ? t.members.map((m) => m.name) : this.#errors;
  }

  /** Reads a value, which must be there in whole. A varbit takes `varbitWidth` bits. A header is valid afterwards. */
  read(reader: BitReader, type: Type, varbitWidth = 0): Value {
    const t = this.resolve(type);
    switch (t.kind) {
      case 'bit':
        return reader.read(t.width);
      case 'header': {
        const header: HeaderValue = { kind: 'header', decl: t, valid: false, fields: new Map() };
        this.readHeader(reader, header, varbitWidth);
        return header;
      }
      case 'struct':
        return { kind: 'struct', type: t.name, fields: new Map(t.fields.map((f) => [f.name, this.read(reader, f.type)])) };
      case 'stack':
        return { kind: 'stack', elements: Array.from({ length: t.size }, () => this.read(reader, t.element)), next: 0 };
      case 'tuple':
        return { kind: 'tuple', elements: t.elements.map((e) => this.read(reader, e)) };
      case 'varbit':
        return { kind: 'varbit', width: varbitWidth, bits: reader.read(varbitWidth) };
      default:
        return this.fromBits(reader.read(this.width(type)), type);
    }
  }

  /** As `read`, into a header that is there. */
  readHeader(reader: BitReader, header: HeaderValue, varbitWidth: number): void {
    for (const f of header.decl.fields) header.fields.set(f.name, this.read(reader, f.type, varbitWidth));
    header.valid = true;
    invalidateSiblings(header);
  }

  /** How many bits `write` appends. */
  size(value: Value, type: Type): number {
    const writer = new BitWriter();
    this.write(writer, value, type);
    return writer.width;
  }

  /** Appends the bits of a value; invalid headers have none. */
  write(writer: BitWriter, value: Value, type: Type): void {
    const t = this.resolve(type);
    if (typeof value !== 'object') {
      writer.write(this.toBits(value, type), this.width(type));
      return;
    }
    switch (value.kind) {
      case 'varbit':
        writer.write(value.bits, value.width);
        return;
      case 'header':
        if (value.valid) for (const f of value.decl.fields) this.write(writer, value.fields.get(f.name) as Value, f.type);
        return;
      case 'struct':
      case 'union':
        if (!('fields' in t)) throw new InternalError(`${value.kind} of type ${typeName(type)}`);
        for (const f of t.fields) this.write(writer, value.fields.get(f.name) as Value, f.type);
        return;
      case 'stack':
        if (t.kind !== 'stack') throw new InternalError(`a stack of type ${typeName(type)}`);
        for (const element of value.elements) this.write(writer, element, t.element);
        return;
      case 'tuple':
        value.elements.forEach((element, i) => {
          this.write(writer, element, t.kind === 'tuple' ? (t.elements[i] as Type) : t.kind === 'list' ? t.element : type);
        });
        return;
      case 'object':
        throw new InternalError(`the bits of ${value.type}`);
    }
  }

  /** A cast (P4-16 §8.11). */
  cast(value: Value, type: Type): Value {
    const t = this.resolve(type);
    if (typeof value === 'boolean') return t.kind === 'bool' ? value : value ? 1n : 0n;
    if (typeof value === 'bigint') {
      if (t.kind === 'bit') return truncate(value, t.width);
      if (t.kind === 'int') return signed(value, t.width);
      if (t.kind === 'bool') return value === 1n;
      return t.kind === 'enum' && t.base ? this.cast(value, t.base) : value;
    }
    if (typeof value === 'object' && (value.kind === 'tuple' || value.kind === 'struct')) return this.#castAggregate(value, t);
    return value;
  }

  #castAggregate(value: TupleValue | StructValue, t: ResolvedType): Value {
    const parts = value.kind === 'tuple' ? value.elements : [...value.fields.values()];
    const nth = (i: number, type: Type): Value => (i < parts.length ? this.cast(parts[i] as Value, type) : this.default(type));
    switch (t.kind) {
      case 'header':
      case 'struct': {
        const fields = new Map(
          t.fields.map((f, i) => [f.name, value.kind === 'struct' ? this.cast(value.fields.get(f.name) as Value, f.type) : nth(i, f.type)]),
        );
        return t.kind === 'header' ? { kind: 'header', decl: t, valid: true, fields } : { kind: 'struct', type: t.name, fields };
      }
      case 'tuple':
        return { kind: 'tuple', elements: t.elements.map((e, i) => nth(i, e)) };
      case 'stack':
        return { kind: 'stack', elements: Array.from({ length: t.size }, (_, i) => nth(i, t.element)), next: 0 };
      default:
        return value;
    }
  }
}

/** The parts of a value, in their order. */
const flatFields = ({ fields }: HeaderValue | StructValue): readonly Value[] =>
  [...fields.values()].flatMap((field) => (typeof field === 'object' && field.kind === 'struct' ? flatFields(field) : [field]));

function partsOf(value: Value): readonly Value[] {
  if (typeof value !== 'object') return [];
  switch (value.kind) {
    case 'header':
      return [value.valid, ...flatFields(value)];
    case 'struct':
    case 'union':
      return [...value.fields.values()];
    case 'stack':
    case 'tuple':
      return value.elements;
    default:
      return [];
  }
}

/** The value of these parts. */
function ofParts(t: ResolvedType, parts: readonly Value[]): Value {
  switch (t.kind) {
    case 'header':
      return {
        kind: 'header',
        decl: t,
        valid: parts[0] === true,
        fields: new Map(t.fields.map((f, i) => [f.name, parts[i + 1] as Value])),
      };
    case 'struct':
      return { kind: 'struct', type: t.name, fields: new Map(t.fields.map((f, i) => [f.name, parts[i] as Value])) };
    case 'header_union':
      return unionOf(new Map(t.fields.map((f, i) => [f.name, parts[i] as HeaderValue])));
    case 'stack':
      return { kind: 'stack', elements: [...parts], next: 0 };
    default:
      return { kind: 'tuple', elements: [...parts] };
  }
}
