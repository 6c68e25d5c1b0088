/** Types of keys, parameters, fields and data: their widths, and what P4Info says of the named ones. */
import type { ProgramInfo } from '../analysis/program-info.js';
import { textFor, translationOf } from '../ir/annotations.js';
import { externalName } from '../ir/names.js';
import type { BitType, EnumDecl, HeaderDecl, IntType, NewtypeDecl, Type, TypeDecl, UnionDecl, VarbitType } from '../ir/types.js';
import { byteLength, toBytes } from '../support/bits.js';
import { InternalError, invariant } from '../support/invariant.js';
import { annotationsOf } from './annotations.js';
import type {
  BitstringSpec,
  DataTypeSpec,
  EnumSpec,
  HeaderSpec,
  HeaderUnionSpec,
  NamedTypeRef,
  NewTypeSpec,
  SerializableEnumSpec,
  StructSpec,
  TypeInfo,
} from './messages.js';

/** How a type appears in a match field, a parameter or a metadata field. */
export interface TypeUse {
  /** In bits; 0 for a type that the control plane writes as text. Absent for an enum without values. */
  readonly bitwidth?: number;
  readonly type_name?: NamedTypeRef;
}

/** Collects the named types that the control plane meets. */
export class TypeCollector {
  readonly #info: ProgramInfo;
  readonly #structs: Record<string, StructSpec> = {};
  readonly #headers: Record<string, HeaderSpec> = {};
  readonly #unions: Record<string, HeaderUnionSpec> = {};
  readonly #enums: Record<string, EnumSpec> = {};
  readonly #serializable: Record<string, SerializableEnumSpec> = {};
  readonly #newTypes: Record<string, NewTypeSpec> = {};
  #metError = false;

  constructor(info: ProgramInfo) {
    this.#info = info;
  }

  get typeInfo(): TypeInfo {
    return {
      structs: this.#structs,
      headers: this.#headers,
      header_unions: this.#unions,
      enums: this.#enums,
      ...(this.#metError ? { error: { members: this.#info.errors } } : {}),
      serializable_enums: this.#serializable,
      new_types: this.#newTypes,
    };
  }

  use(type: Type): TypeUse {
    const declared = this.#info.declaration(type);
    if (type.kind === 'error') this.#metError = true;
    if (declared) this.#collect(declared);
    if (declared?.kind === 'enum' && !declared.base) return { type_name: { name: externalName(declared) } };
    const bitwidth = this.#info.controlWidth(type);
    return declared?.kind === 'newtype' ? { bitwidth, type_name: { name: externalName(declared) } } : { bitwidth };
  }

  /** The text that the control plane has for a value, where the type is text to it. */
  textOf(type: Type, value: bigint): string | undefined {
    const declared = this.#info.declaration(type);
    const translation = declared?.kind === 'newtype' ? translationOf(declared) : undefined;
    return translation && translation.width === undefined ? textFor(translation, value) : undefined;
  }

  /** What P4Info says of data of that type, such as a register's cells. */
  dataType(type: Type): DataTypeSpec {
    switch (type.kind) {
      case 'bool':
        return { bool: {} };
      case 'error':
        this.#metError = true;
        return { error: {} };
      case 'bit':
      case 'int':
      case 'varbit':
        return { bitstring: bitstring(type) };
      case 'tuple':
        return { tuple: { members: type.elements.map((element) => this.dataType(element)) } };
      case 'stack': {
        const element = this.#declaredType(type.element);
        this.#collect(element);
        const reference = { name: externalName(element) };
        return element.kind === 'header_union'
          ? { header_union_stack: { header_union: reference, size: type.size } }
          : { header_stack: { header: reference, size: type.size } };
      }
      default:
        return this.#namedDataType(this.#declaredType(type));
    }
  }

  #declaredType(type: Type): TypeDecl {
    const declared = this.#info.declaration(type);
    invariant(declared, `${type.kind} reached the control plane`);
    return declared;
  }

  #namedDataType(declared: TypeDecl): DataTypeSpec {
    this.#collect(declared);
    const reference = { name: externalName(declared) };
    switch (declared.kind) {
      case 'struct':
        return { struct: reference };
      case 'header':
        return { header: reference };
      case 'header_union':
        return { header_union: reference };
      case 'enum':
        return declared.base ? { serializable_enum: reference } : { enum: reference };
      case 'newtype':
        return { new_type: reference };
    }
  }

  #collect(declared: TypeDecl): void {
    const name = externalName(declared);
    switch (declared.kind) {
      case 'struct':
        this.#structs[name] ??= { members: declared.fields.map((f) => ({ name: externalName(f), type_spec: this.dataType(f.type) })) };
        break;
      case 'header':
        this.#headers[name] ??= this.#header(declared);
        break;
      case 'header_union':
        this.#unions[name] ??= this.#union(declared);
        break;
      case 'enum':
        if (declared.base) this.#serializable[name] ??= serializableEnum(declared, declared.base.width);
        else this.#enums[name] ??= { members: declared.members.map((m) => ({ name: m.name })) };
        break;
      case 'newtype':
        this.#newTypes[name] ??= this.#newType(declared);
    }
  }

  #header(declared: HeaderDecl): HeaderSpec {
    const members = this.#info.flatFields(declared).map((f) => {
      const spec = this.#bitsOf(f.type);
      if (!spec) throw new InternalError(`the field ${f.name} of the header ${declared.name} is not made of bits`);
      return { name: externalName(f), type_spec: spec };
    });
    return { members };
  }

  /** A field of a header: bits, whatever type they have. */
  #bitsOf(type: Type): BitstringSpec | undefined {
    const declared = this.#info.declaration(type);
    if (type.kind === 'bool') return { bit: { bitwidth: 1 } };
    if (declared?.kind === 'enum') return declared.base && bitstring(declared.base);
    return declared?.kind === 'newtype' ? this.#bitsOf(declared.type) : this.dataType(type).bitstring;
  }

  #union(declared: UnionDecl): HeaderUnionSpec {
    const members = declared.fields.map((f) => {
      const { header } = this.dataType(f.type);
      if (!header) throw new InternalError(`${f.name} in the union ${declared.name} is not a header`);
      return { name: externalName(f), header };
    });
    return { members };
  }

  #newType(declared: NewtypeDecl): NewTypeSpec {
    const extra = annotationsOf(declared, ['p4runtime_translation']);
    const translation = translationOf(declared);
    if (translation) {
      const { uri, width } = translation;
      return { ...extra, translated_type: width === undefined ? { uri, sdn_string: {} } : { uri, sdn_bitwidth: width } };
    }
    return { ...extra, original_type: this.dataType(this.#info.withoutNewtype(declared.type)) };
  }
}

function bitstring(type: BitType | IntType | VarbitType): BitstringSpec {
  switch (type.kind) {
    case 'bit':
      return { bit: { bitwidth: type.width } };
    case 'int':
      return { int: { bitwidth: type.width } };
    case 'varbit':
      return { varbit: { max_bitwidth: type.width } };
  }
}

const serializableEnum = (declared: EnumDecl, width: number): SerializableEnumSpec => ({
  underlying_type: { bitwidth: width },
  members: declared.members.map((m) => ({ name: m.name, value: toBytes(m.value ?? 0n, byteLength(width)) })),
});
