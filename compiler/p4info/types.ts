/** Types of keys, parameters and fields: their widths, and what P4Info says of the named ones. */
import type { Program } from '../ir/program.js';
import type { NewtypeDecl, Type, TypeDecl } from '../ir/types.js';
import { byteLength, toBytes } from '../support/bits.js';
import { invariant } from '../support/invariant.js';
import { annotations } from './annotations.js';
import type { DataTypeSpec, EnumSpec, NamedTypeRef, NewTypeSpec, SerializableEnumSpec, TypeInfo } from './messages.js';
import { annotation, externalName } from './names.js';

/** How a type appears in a match field, a parameter or a metadata field. */
export interface TypeUse {
  /** In bits; 0 for a type that the control plane writes as text. Absent for an enum without values. */
  readonly bitwidth?: number;
  readonly type_name?: NamedTypeRef;
}

/** Collects the named types that the control plane meets. */
export class TypeCollector {
  readonly #declared: ReadonlyMap<string, TypeDecl>;
  readonly #enums: Record<string, EnumSpec> = {};
  readonly #serializable: Record<string, SerializableEnumSpec> = {};
  readonly #newTypes: Record<string, NewTypeSpec> = {};

  constructor(program: Program) {
    this.#declared = new Map(program.types.map((t) => [t.name, t]));
  }

  get typeInfo(): TypeInfo {
    return { enums: this.#enums, serializable_enums: this.#serializable, new_types: this.#newTypes };
  }

  use(type: Type): TypeUse {
    const declared = this.#lookup(type);
    if (!declared) return { bitwidth: plainWidth(type) };
    this.#collect(declared);
    if (declared.kind === 'newtype') return { bitwidth: this.#newtypeWidth(declared), type_name: { name: externalName(declared) } };
    if (declared.kind === 'enum' && !declared.base) return { type_name: { name: externalName(declared) } };
    invariant(declared.kind === 'enum', `a ${declared.kind} reached the control plane`);
    return { bitwidth: declared.base?.width ?? 0 };
  }

  /** The value of a member of a serializable enum. */
  memberValue(type: Type, member: string): bigint | undefined {
    const declared = this.#lookup(type);
    return declared?.kind === 'enum' ? declared.members.find((m) => m.name === member)?.value : undefined;
  }

  #collect(declared: TypeDecl): void {
    const name = externalName(declared);
    if (declared.kind === 'newtype') this.#newTypes[name] ??= this.#newType(declared);
    else if (declared.kind === 'enum' && !declared.base) this.#enums[name] ??= { members: declared.members.map((m) => ({ name: m.name })) };
    else if (declared.kind === 'enum' && declared.base) {
      const { width } = declared.base;
      this.#serializable[name] ??= {
        underlying_type: { bitwidth: width },
        members: declared.members.map((m) => ({ name: m.name, value: toBytes(m.value ?? 0n, byteLength(width)) })),
      };
    }
  }

  #newType(declared: NewtypeDecl): NewTypeSpec {
    const extra = annotations(declared, ['p4runtime_translation']);
    const translation = translationOf(declared);
    if (translation) return { ...extra, translated_type: translation };
    return { ...extra, original_type: this.#dataType(this.#underlying(declared)) };
  }

  #newtypeWidth(declared: NewtypeDecl): number {
    const translation = translationOf(declared);
    return translation ? (translation.sdn_bitwidth ?? 0) : (this.use(this.#underlying(declared)).bitwidth ?? 0);
  }

  #underlying(declared: NewtypeDecl): Type {
    const inner = this.#lookup(declared.type);
    return inner?.kind === 'newtype' ? this.#underlying(inner) : declared.type;
  }

  #dataType(type: Type): DataTypeSpec {
    if (type.kind === 'bool') return { bool: {} };
    if (type.kind === 'int') return { bitstring: { int: { bitwidth: type.width } } };
    if (type.kind === 'bit') return { bitstring: { bit: { bitwidth: type.width } } };
    const declared = this.#lookup(type);
    invariant(declared, `${type.kind} reached the control plane`);
    this.#collect(declared);
    const reference = { name: externalName(declared) };
    if (declared.kind === 'newtype') return { new_type: reference };
    invariant(declared.kind === 'enum', `a ${declared.kind} reached the control plane`);
    return declared.base ? { serializable_enum: reference } : { enum: reference };
  }

  #lookup(type: Type): TypeDecl | undefined {
    return type.kind === 'named' ? this.#declared.get(type.name) : undefined;
  }
}

function plainWidth(type: Type): number {
  if (type.kind === 'bool') return 1;
  if (type.kind === 'error') return 0;
  invariant('width' in type, `${type.kind} reached the control plane`);
  return type.width;
}

/** `@p4runtime_translation("uri", bit<W>)` or `(…, string)`; W may also be written as a number. */
function translationOf(declared: NewtypeDecl): NewTypeSpec['translated_type'] {
  const body = annotation(declared, 'p4runtime_translation')?.body;
  const match = /^\s*"([^"]*)"\s*,\s*(?:string|(?:bit\s*<\s*)?(\d+)\s*>?)\s*$/.exec(body ?? '');
  if (!match) return undefined;
  const uri = match[1] as string;
  return match[2] === undefined ? { uri, sdn_string: {} } : { uri, sdn_bitwidth: Number(match[2]) };
}
