/** Gives slots to what holds values. */
import type { TypeTable } from '../analysis/type-table.js';
import type { Annotation, FieldDecl, Type } from '../ir/types.js';
import { typeName } from '../ir/types.js';
import { InternalError } from '../support/invariant.js';
import { bitScalar, boolOf, boolScalar, castOf, constantOf, slotOf } from './exprs.js';
import type { Header, ScalarType, Slot, Stack, Union } from './program.js';
import { type Fields, type HeaderTree, numbered, scalar, type Tree } from './trees.js';

/** Errors and members of enums without values are counted from 0, as they are in P4Info and BMv2: they have 32 bits. */
const counted = bitScalar(32);

interface Within {
  readonly header?: Header;
  readonly union?: Union;
  readonly stack?: Stack;
  readonly annotations?: readonly Annotation[];
}

export class Layout {
  readonly slots: Slot[] = [];
  readonly headers: Header[] = [];
  readonly unions: Union[] = [];
  readonly stacks: Stack[] = [];

  constructor(readonly types: TypeTable) {}

  /** How values of the type are kept; undefined for aggregates. */
  scalarType(type: Type): ScalarType | undefined {
    const resolved = this.types.resolve(type);
    switch (resolved.kind) {
      case 'bit':
      case 'int':
      case 'varbit':
        return { kind: resolved.kind, width: resolved.width };
      case 'bool':
        return boolScalar;
      case 'error':
        return counted;
      case 'enum':
        return resolved.base ? { kind: resolved.base.kind, width: resolved.base.width } : counted;
      default:
        return undefined;
    }
  }

  slot(name: string, type: ScalarType, { header, annotations }: Within = {}): Slot {
    const slot: Slot = {
      id: this.slots.length,
      name,
      type,
      ...(header ? { header } : {}),
      ...(annotations && annotations.length > 0 ? { annotations } : {}),
    };
    this.slots.push(slot);
    return slot;
  }

  /** New slots for a value of the type. */
  place(type: Type, name: string, within: Within = {}): Tree {
    const scalarType = this.scalarType(type);
    if (scalarType) return scalar(slotOf(this.slot(name, scalarType, within)));
    const resolved = this.types.resolve(type);
    switch (resolved.kind) {
      case 'header':
        return this.#header(resolved, name, within);
      case 'struct':
        return { kind: 'parts', type: { kind: 'named', name: resolved.name }, fields: this.#fields(resolved.fields, name, within) };
      case 'header_union': {
        const members: Header[] = [];
        const union: Union = { id: this.unions.length, name, decl: resolved, members, ...pick(within.stack) };
        this.unions.push(union);
        const fields = this.#fields(resolved.fields, name, { union });
        for (const member of fields.values()) members.push((member as HeaderTree).header);
        return { kind: 'union', union, fields };
      }
      case 'stack':
        return this.#stack(resolved, name, within);
      case 'tuple':
        return numbered(resolved.elements.map((element, i) => this.place(element, `${name}.${i}`, within)));
      default:
        throw new InternalError(`a place for a value of type ${typeName(type)}`);
    }
  }

  #fields(fields: readonly FieldDecl[], name: string, within: Within): Fields {
    return new Map(
      fields.map((f) => {
        const annotations = [...(within.annotations ?? []), ...(f.annotations ?? [])];
        return [f.name, this.place(f.type, name === '' ? f.name : `${name}.${f.name}`, { ...within, annotations })];
      }),
    );
  }

  #header(decl: Header['decl'], name: string, { union, stack }: Within): Tree {
    const fields: Slot[] = [];
    const header: { -readonly [K in keyof Header]: Header[K] } = {
      id: this.headers.length,
      name,
      decl,
      valid: undefined as never,
      fields,
      ...(union ? { union } : {}),
      ...pick(stack),
    };
    this.headers.push(header);
    header.valid = this.slot(`${name}.$valid`, boolScalar, { header });
    const from = this.slots.length;
    const tree: HeaderTree = { kind: 'header', header, fields: this.#fields(decl.fields, name, { header }) };
    fields.push(...this.slots.slice(from));
    return tree;
  }

  #stack(type: { readonly element: Type; readonly size: number }, name: string, within: Within): Tree {
    if (!this.types.isHeader(type.element) && !this.types.isUnion(type.element))
      return numbered(Array.from({ length: type.size }, (_, i) => this.place(type.element, `${name}[${i}]`, within)));
    const elements: (Header | Union)[] = [];
    const stack: Stack = { id: this.stacks.length, name, elements, next: this.slot(`${name}.nextIndex`, bitScalar(32)) };
    this.stacks.push(stack);
    const trees = Array.from({ length: type.size }, (_, i) => this.place(type.element, `${name}[${i}]`, { stack }));
    for (const tree of trees) elements.push(tree.kind === 'union' ? tree.union : (tree as HeaderTree).header);
    return { kind: 'stack', stack, elements: trees };
  }

  /** P4-16 §7.3: zero, false, the first member; headers invalid. */
  default(type: Type): Tree {
    const scalarType = this.scalarType(type);
    if (scalarType) return scalar(constantOf(0, scalarType));
    const resolved = this.types.resolve(type);
    const each = (fields: readonly FieldDecl[]): Fields => new Map(fields.map((f) => [f.name, this.default(f.type)]));
    switch (resolved.kind) {
      case 'integer':
        return scalar(constantOf(0, bitScalar(0)));
      case 'string':
        return { kind: 'text', text: '' };
      case 'header':
        return { kind: 'header-value', decl: resolved, valid: boolOf(false), fields: each(resolved.fields) };
      case 'struct':
        return { kind: 'parts', type: { kind: 'named', name: resolved.name }, fields: each(resolved.fields) };
      case 'header_union':
        return { kind: 'parts', fields: each(resolved.fields) };
      case 'stack':
        return numbered(Array.from({ length: resolved.size }, () => this.default(resolved.element)));
      case 'tuple':
        return numbered(resolved.elements.map((element) => this.default(element)));
      case 'list':
        return numbered([]);
      default:
        throw new InternalError(`a value of type ${typeName(type)}`);
    }
  }

  /** A cast (P4-16 §8.11) of an aggregate, by the names of its parts or by their order. */
  castAggregate(tree: Tree, type: Type): Tree {
    const resolved = this.types.resolve(type);
    if (tree.kind !== 'parts') return tree;
    const parts = [...tree.fields.values()];
    const hasNames = tree.type !== undefined;
    const named = (name: string, i: number, of: Type): Tree =>
      this.cast((hasNames ? tree.fields.get(name) : parts[i]) ?? this.default(of), of);
    const fields = (decls: readonly FieldDecl[]): Fields => new Map(decls.map((f, i) => [f.name, named(f.name, i, f.type)]));
    switch (resolved.kind) {
      case 'header':
        return { kind: 'header-value', decl: resolved, valid: boolOf(true), fields: fields(resolved.fields) };
      case 'struct':
        return { kind: 'parts', type: { kind: 'named', name: resolved.name }, fields: fields(resolved.fields) };
      case 'tuple':
        return numbered(resolved.elements.map((element, i) => this.cast(parts[i] ?? this.default(element), element)));
      case 'stack':
        return numbered(
          Array.from({ length: resolved.size }, (_, i) => this.cast(parts[i] ?? this.default(resolved.element), resolved.element)),
        );
      default:
        return tree;
    }
  }

  cast(tree: Tree, type: Type): Tree {
    const scalarType = this.scalarType(type);
    if (tree.kind !== 'scalar' || !scalarType) return this.castAggregate(tree, type);
    return scalar(castOf(tree.value, scalarType));
  }
}

const pick = (stack: Stack | undefined): { readonly stack?: Stack } => (stack ? { stack } : {});
