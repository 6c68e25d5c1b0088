/** What the types of registers and digests say of their values (P4Runtime, "Representation of Arbitrary P4 Types"). */
import { declaredType, errorsOf } from '../../compiler/arch/index.js';
import type { FieldDecl, HeaderDecl, Program, Type, UnionDecl } from '../../compiler/ir/index.js';
import { externalName } from '../../compiler/ir/names.js';
import { refuse } from './refusals.js';
import { type ValueForm, valueForm } from './translation.js';

/** The kind is the field of P4Data, the width that of the number which the data plane has for it. */
export type DataShape =
  | ({ readonly kind: 'bitstring'; readonly signed: boolean } & ValueForm)
  | { readonly kind: 'enum_value'; readonly width: number }
  /** The number counts the names. */
  | { readonly kind: 'enum' | 'error'; readonly width: number; readonly names: readonly string[] }
  | { readonly kind: 'bool'; readonly width: 1 }
  | { readonly kind: 'struct' | 'tuple'; readonly width: number; readonly fields: readonly DataField[] }
  | HeaderShape
  | UnionShape
  | StackShape;
export interface DataField<S = DataShape> {
  readonly name: string;
  readonly shape: S;
}
/** In front of its fields is a bit that says whether it is valid. */
export interface HeaderShape {
  readonly kind: 'header';
  readonly width: number;
  readonly fields: readonly DataField[];
}
export interface UnionShape {
  readonly kind: 'header_union';
  readonly width: number;
  readonly fields: readonly DataField<HeaderShape>[];
}
export interface StackShape {
  readonly kind: 'header_stack' | 'header_union_stack';
  readonly width: number;
  readonly element: HeaderShape | UnionShape;
  readonly size: number;
}

/** @throws Refusal INVALID_ARGUMENT for types that have no width of their own, such as varbit */
export function dataShape(program: Program, type: Type, at: string): DataShape {
  switch (type.kind) {
    case 'bit':
    case 'int':
      return { kind: 'bitstring', width: type.width, signed: type.kind === 'int' };
    case 'bool':
      return { kind: 'bool', width: 1 };
    case 'error':
      return { kind: 'error', width: nameWidth, names: errorsOf(program) };
    case 'tuple': {
      const fields = type.elements.map((element, i) => ({ name: `${i}`, shape: dataShape(program, element, at) }));
      return { kind: 'tuple', width: widthOf(fields), fields };
    }
    case 'stack': {
      const element = dataShape(program, type.element, at) as HeaderShape | UnionShape;
      return { kind: `${element.kind}_stack`, width: element.width * type.size, element, size: type.size };
    }
    case 'named':
      return namedShape(program, type, at);
    default:
      return refuse('program-refused', { why: `${at} has a value of type ${type.kind}, which controllers cannot be told` });
  }
}

/** As the data plane counts them. */
const nameWidth = 32;

function namedShape(program: Program, type: Type & { readonly kind: 'named' }, at: string): DataShape {
  const decl = declaredType(program, type);
  switch (decl?.kind) {
    case 'newtype': {
      const { width: _, ...form } = valueForm(program, type, 0);
      return { ...dataShape(program, decl.type, at), ...form };
    }
    case 'enum':
      if (decl.base) return { kind: 'enum_value', width: decl.base.width };
      return { kind: 'enum', width: nameWidth, names: decl.members.map((m) => m.name) };
    case 'struct': {
      const fields = decl.fields.map((f) => fieldOf(program, f, at));
      return { kind: 'struct', width: widthOf(fields), fields };
    }
    case 'header':
      return headerShape(program, decl, at);
    case 'header_union':
      return unionShape(program, decl, at);
    default:
      return refuse('program-refused', { why: `${at} has a value of type ${type.name}, which controllers cannot be told` });
  }
}

function headerShape(program: Program, decl: HeaderDecl, at: string): HeaderShape {
  const fields = decl.fields.map((f) => fieldOf(program, f, at));
  return { kind: 'header', width: 1 + widthOf(fields), fields };
}

function unionShape(program: Program, decl: UnionDecl, at: string): UnionShape {
  const fields = decl.fields.map((f) => ({ name: externalName(f), shape: dataShape(program, f.type, at) as HeaderShape }));
  return { kind: 'header_union', width: widthOf(fields), fields };
}

const fieldOf = (program: Program, field: FieldDecl, at: string): DataField => ({
  name: field.name,
  shape: dataShape(program, field.type, at),
});

const widthOf = (fields: readonly DataField[]): number => fields.reduce((sum, f) => sum + f.shape.width, 0);

/** The widths of the parts that the number is made of, the first in the most significant bits. */
export function partWidths(shape: DataShape): readonly number[] {
  switch (shape.kind) {
    case 'struct':
    case 'tuple':
    case 'header_union':
      return shape.fields.map((f) => f.shape.width);
    case 'header':
      return [1, ...shape.fields.map((f) => f.shape.width)];
    case 'header_stack':
    case 'header_union_stack':
      return Array.from({ length: shape.size }, () => shape.element.width);
    default:
      return [shape.width];
  }
}
