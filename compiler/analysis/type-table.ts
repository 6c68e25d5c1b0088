/** What types stand for: their declarations, the types below them, their fields and widths. */
import { translationOf } from '../ir/annotations.js';
import { boolType } from '../ir/build.js';
import type { FieldShape } from '../ir/rules.js';
import type { FieldDecl, HeaderDecl, StructDecl, Type, TypeDecl } from '../ir/types.js';
import { typeName } from '../ir/types.js';
import { InternalError } from '../support/invariant.js';

/** A type whose name is followed to what declares it, through newtypes. */
export type ResolvedType = Exclude<Type, { readonly kind: 'named' }> | Exclude<TypeDecl, { readonly kind: 'newtype' }>;

/** Bits of a value that has a name and no number, an error or a member of an enum, where the switch keeps it. */
export const nameWidth = 32;

export class TypeTable {
  readonly #find: (name: string) => TypeDecl | undefined;
  readonly #widths = new WeakMap<object, number>();

  constructor(find: (name: string) => TypeDecl | undefined) {
    this.#find = find;
  }

  /** What declares a type of the program or of its architecture. */
  declaration(type: Type | undefined): TypeDecl | undefined {
    return type?.kind === 'named' ? this.#find(type.name) : undefined;
  }

  /** What a newtype is made of; other types are themselves. */
  withoutNewtype(type: Type): Type {
    const decl = this.declaration(type);
    return decl?.kind === 'newtype' ? this.withoutNewtype(decl.type) : type;
  }

  /** The type that the values of `type` are of: what a newtype is made of, and what an enum with values has. */
  underlying(type: Type): Type {
    const base = this.withoutNewtype(type);
    const decl = this.declaration(base);
    return decl?.kind === 'enum' && decl.base ? decl.base : base;
  }

  /** The type itself, or the declaration that it names; a newtype is what it is made of. */
  resolve(type: Type): ResolvedType {
    if (type.kind !== 'named') return type;
    const decl = this.#find(type.name);
    if (!decl) throw new InternalError(`no type ${type.name}`);
    return decl.kind === 'newtype' ? this.resolve(decl.type) : decl;
  }

  /** The fields of a header, struct or union. */
  fields(type: Type): readonly FieldDecl[] | undefined {
    const decl = this.declaration(type);
    return decl && 'fields' in decl ? decl.fields : undefined;
  }

  field(type: Type, name: string): FieldDecl | undefined {
    return this.fields(type)?.find((f) => f.name === name);
  }

  /** The fields of a header, those of structs in it in their place, called `outer.inner`. */
  flatFields(decl: HeaderDecl | StructDecl, prefix = ''): readonly FieldDecl[] {
    return decl.fields.flatMap((field) => {
      const inner = this.declaration(field.type);
      if (inner?.kind === 'struct') return this.flatFields(inner, `${prefix}${field.name}.`);
      return prefix === '' ? [field] : [{ ...field, name: `${prefix}${field.name}` }];
    });
  }

  /** What a type is to the rule of fields; a name that no type has is that of an extern or a block. */
  fieldShape(type: Type): FieldShape<Type> {
    if (type.kind === 'stack') return { kind: type.kind, parts: [type.element] };
    if (type.kind !== 'named') return { kind: type.kind };
    const decl = this.declaration(type);
    if (decl?.kind === 'newtype') return { kind: decl.kind, base: decl.type };
    if (decl?.kind === 'enum') return { kind: decl.kind, base: decl.base };
    return { kind: decl?.kind ?? 'extern', parts: decl?.fields.map((f) => f.type) };
  }

  isHeader(type: Type): boolean {
    return this.declaration(type)?.kind === 'header';
  }
  isUnion(type: Type): boolean {
    return this.declaration(type)?.kind === 'header_union';
  }

  /** The number of a member of an enum with values. */
  memberValue(type: Type, member: string): bigint | undefined {
    const decl = this.declaration(type);
    return decl?.kind === 'enum' ? decl.members.find((m) => m.name === member)?.value : undefined;
  }

  /**
   * Bits of a value: a varbit counts with its most, a union with its widest member, and a name that has no number with 32.
   * The type is one that values of the data plane have.
   */
  width(type: Type): number {
    if (type.kind === 'bit') return type.width;
    const resolved = this.resolve(type);
    let width = this.#widths.get(resolved);
    if (width === undefined) {
      width = this.#widthOf(resolved, type);
      this.#widths.set(resolved, width);
    }
    return width;
  }

  /**
   * Bits of the values that the control plane has for a key or parameter of the type; 0 where they are text or names without
   * numbers.
   */
  controlWidth(type: Type): number {
    const decl = this.declaration(type);
    if (decl?.kind !== 'newtype') return type.kind === 'error' || (decl?.kind === 'enum' && !decl.base) ? 0 : this.width(type);
    const translation = translationOf(decl);
    return translation ? (translation.width ?? 0) : this.controlWidth(decl.type);
  }

  #widthOf(resolved: ResolvedType, type: Type): number {
    switch (resolved.kind) {
      case 'bit':
      case 'int':
      case 'varbit':
        return resolved.width;
      case 'bool':
        return 1;
      case 'enum':
        return resolved.base ? resolved.base.width : nameWidth;
      case 'error':
        return nameWidth;
      case 'header':
      case 'struct':
        return sum(resolved.fields.map((f) => this.width(f.type)));
      case 'header_union':
        return Math.max(0, ...resolved.fields.map((f) => this.width(f.type)));
      case 'stack':
        return resolved.size * this.width(resolved.element);
      case 'tuple':
        return sum(resolved.elements.map((e) => this.width(e)));
      default:
        throw new InternalError(`the width of ${typeName(type)}`);
    }
  }

  /** Bits of a value, where all values of the type have as many (P4-16 §9): there is no varbit, union or bare name in it. */
  fixedWidth(type: Type): number | undefined {
    const base = this.underlying(type);
    switch (base.kind) {
      case 'bit':
      case 'int':
      case 'bool':
        return this.width(base);
      case 'stack':
        return this.fixedWidth(base.element) === undefined ? undefined : this.width(base);
      case 'tuple':
      case 'named': {
        const parts = base.kind === 'tuple' ? base.elements : this.isUnion(base) ? undefined : this.fields(base)?.map((f) => f.type);
        return parts?.every((part) => this.fixedWidth(part) !== undefined) ? this.width(base) : undefined;
      }
      default:
        return undefined;
    }
  }

  /**
   * The types of the parts of a value in the switch's state; undefined for a value without parts. A header begins with whether it
   * is valid, and has the fields of structs in it in their place; a union has all its members.
   */
  stateParts(type: Type): readonly Type[] | undefined {
    const resolved = this.resolve(type);
    switch (resolved.kind) {
      case 'header':
        return [boolType, ...this.flatFields(resolved).map((f) => f.type)];
      case 'struct':
      case 'header_union':
        return resolved.fields.map((f) => f.type);
      case 'stack':
        return Array.from({ length: resolved.size }, () => resolved.element);
      case 'tuple':
        return resolved.elements;
      default:
        return undefined;
    }
  }

  /** The bits of all these parts. */
  stateWidth(type: Type): number {
    const parts = this.stateParts(type);
    return parts ? sum(parts.map((part) => this.stateWidth(part))) : this.width(type);
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
