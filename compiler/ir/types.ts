/** Types of the IR (P4-16 §7). Declared types are referred to by name and looked up in the program. */
import type { Loc } from '../support/location.js';
import type { Format } from '../support/values.js';

export type Type =
  | BitType
  | IntType
  | VarbitType
  | { readonly kind: 'bool' }
  /** A compile-time integer of any size (P4's `int`). */
  | { readonly kind: 'integer' }
  | { readonly kind: 'string' }
  | { readonly kind: 'error' }
  | { readonly kind: 'match_kind' }
  | { readonly kind: 'void' }
  /** A declared type: header, struct, header_union, enum, newtype, or an extern, parser, control or package type. */
  | NamedType
  | StackType
  | TupleType
  | { readonly kind: 'list'; readonly element: Type }
  /** What a select case or a table entry holds for a key (P4-16 §8.15). */
  | { readonly kind: 'set'; readonly element: Type };

/** Unsigned, `width` bits. */
export interface BitType {
  readonly kind: 'bit';
  readonly width: number;
}
/** Two's complement, `width` bits. */
export interface IntType {
  readonly kind: 'int';
  readonly width: number;
}
/** At most `width` bits. */
export interface VarbitType {
  readonly kind: 'varbit';
  readonly width: number;
}
export interface NamedType {
  readonly kind: 'named';
  readonly name: string;
  /** Arguments of a generic extern or package, as in `register<bit<32>>`. */
  readonly args?: readonly Type[];
}
export interface StackType {
  readonly kind: 'stack';
  /** A header or header union; in programs written in P4, any data. */
  readonly element: Type;
  readonly size: number;
}
export interface TupleType {
  readonly kind: 'tuple';
  readonly elements: readonly Type[];
}

/** `@name`, `@name(text)` or `@name[…]`; the body is kept as written. */
export interface Annotation {
  readonly name: string;
  readonly body?: string;
  readonly structured?: boolean;
  /** Where each text of the body begins in the source, for bodies in a language of their own. */
  readonly texts?: readonly Loc[];
}

/** What declarations have in common. */
export interface Declared {
  readonly name: string;
  readonly loc: Loc;
  readonly annotations?: readonly Annotation[];
  /** The user's comment above the declaration, without comment marks. */
  readonly doc?: string;
}

export interface FieldDecl extends Declared {
  readonly type: Type;
  /** How people write the values of this field. */
  readonly format?: Format;
}

export interface HeaderDecl extends Declared {
  readonly kind: 'header';
  readonly fields: readonly FieldDecl[];
}
export interface StructDecl extends Declared {
  readonly kind: 'struct';
  readonly fields: readonly FieldDecl[];
}
export interface UnionDecl extends Declared {
  readonly kind: 'header_union';
  readonly fields: readonly FieldDecl[];
}
/** An enum; with `base`, a serializable one whose members have values (P4-16 §7.2.1). */
export interface EnumDecl extends Declared {
  readonly kind: 'enum';
  readonly base?: BitType | IntType;
  readonly members: readonly EnumMember[];
}
export interface EnumMember {
  readonly name: string;
  /** Present exactly when the enum has a base. */
  readonly value?: bigint;
}
/** `type bit<9> PortId_t` (P4-16 §7.2.12): distinct for the type checker, a P4Runtime translation unit. */
export interface NewtypeDecl extends Declared {
  readonly kind: 'newtype';
  readonly type: Type;
}
export type TypeDecl = HeaderDecl | StructDecl | UnionDecl | EnumDecl | NewtypeDecl;

export function sameType(a: Type, b: Type): boolean {
  return typeName(a) === typeName(b);
}

/** The type as P4 writes it. */
export function typeName(type: Type): string {
  switch (type.kind) {
    case 'bit':
    case 'int':
    case 'varbit':
      return `${type.kind}<${type.width}>`;
    case 'integer':
      return 'int';
    case 'named':
      return type.args?.length ? `${type.name}<${type.args.map(typeName).join(', ')}>` : type.name;
    case 'stack':
      return `${typeName(type.element)}[${type.size}]`;
    case 'tuple':
      return `tuple<${type.elements.map(typeName).join(', ')}>`;
    case 'list':
    case 'set':
      return `${type.kind}<${typeName(type.element)}>`;
    default:
      return type.kind;
  }
}
