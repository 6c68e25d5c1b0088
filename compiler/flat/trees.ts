/** What expressions of the program stand for while it is made flat: scalars, and aggregates as trees of them. */
import type { HeaderDecl, NamedType } from '../ir/types.js';
import { invariant } from '../support/invariant.js';
import { allOf, binaryOf, boolOf, eachSlot, notOf, slotOf } from './exprs.js';
import type { FlatExpr, FlatObject, Header, Slot, Stack, Union } from './program.js';

export type Tree =
  /** A place where its value is a slot. */
  | { readonly kind: 'scalar'; readonly value: FlatExpr }
  | { readonly kind: 'text'; readonly text: string }
  /** Places. */
  | HeaderTree
  | { readonly kind: 'union'; readonly union: Union; readonly fields: Fields }
  | { readonly kind: 'stack'; readonly stack: Stack; readonly elements: readonly Tree[] }
  /** A header that is computed. */
  | { readonly kind: 'header-value'; readonly decl: HeaderDecl; readonly valid: FlatExpr; readonly fields: Fields }
  /** A struct, tuple, list or stack of other data; a union or header stack that is computed. Elements are numbered from 0. */
  | { readonly kind: 'parts'; readonly type?: NamedType; readonly fields: Fields }
  | { readonly kind: 'object'; readonly object: FlatObject }
  | { readonly kind: 'packet' };
export type Fields = ReadonlyMap<string, Tree>;
export interface HeaderTree {
  readonly kind: 'header';
  readonly header: Header;
  readonly fields: Fields;
}

export const scalar = (value: FlatExpr): Tree => ({ kind: 'scalar', value });
export const numbered = (elements: readonly Tree[]): Tree => ({
  kind: 'parts',
  fields: new Map(elements.map((element, i) => [`${i}`, element])),
});

export function scalarOf(tree: Tree): FlatExpr {
  invariant(tree.kind === 'scalar', `a scalar was expected, not a ${tree.kind}`);
  return tree.value;
}

/** What a tree is made of, in order. */
export function childrenOf(tree: Tree): readonly Tree[] {
  if (tree.kind === 'stack') return tree.elements;
  return 'fields' in tree ? [...tree.fields.values()] : [];
}

export function fieldOf(tree: Tree, name: string): Tree {
  const found = 'fields' in tree ? tree.fields.get(name) : undefined;
  invariant(found, `a ${tree.kind} has no field ${name}`);
  return found;
}

/** All scalars, validity included. */
export function leavesOf(tree: Tree): readonly FlatExpr[] {
  switch (tree.kind) {
    case 'scalar':
      return [tree.value];
    case 'header':
      return [slotOf(tree.header.valid), ...tree.header.fields.map(slotOf)];
    case 'header-value':
      return [tree.valid, ...childrenOf(tree).flatMap(leavesOf)];
    case 'stack':
      return [slotOf(tree.stack.next), ...tree.elements.flatMap(leavesOf)];
    default:
      return childrenOf(tree).flatMap(leavesOf);
  }
}

/** The slots that a tree consists of or reads. */
export function slotsOf(tree: Tree): ReadonlySet<Slot> {
  const known = slots.get(tree);
  if (known) return known;
  const found = new Set<Slot>();
  for (const leaf of leavesOf(tree)) eachSlot(leaf, (slot) => found.add(slot));
  slots.set(tree, found);
  return found;
}
const slots = new WeakMap<Tree, ReadonlySet<Slot>>();

export const disjoint = (a: ReadonlySet<Slot>, b: ReadonlySet<Slot>): boolean =>
  a.size <= b.size ? ![...a].some((slot) => b.has(slot)) : disjoint(b, a);

/** Whether all of it is known before any packet. */
export const isConstant = (tree: Tree): boolean =>
  tree.kind === 'text' || tree.kind === 'object' || tree.kind === 'packet' || leavesOf(tree).every((leaf) => leaf.kind === 'const');

/** The validity of a header; of a union, whether any member is valid. */
export function validityOf(tree: Tree): FlatExpr {
  switch (tree.kind) {
    case 'header':
      return slotOf(tree.header.valid);
    case 'header-value':
      return tree.valid;
    default:
      return childrenOf(tree)
        .map(validityOf)
        .reduce((any, valid) => binaryOf('||', any, valid));
  }
}

/** Equality (P4-16 §8.17, §8.18): invalid headers are equal; nextIndex does not matter. */
export function equalTo(a: Tree, b: Tree): FlatExpr {
  if (a.kind === 'scalar' && b.kind === 'scalar') return binaryOf('==', a.value, b.value);
  if (a.kind === 'text' || b.kind === 'text') return boolOf(a.kind === 'text' && b.kind === 'text' && a.text === b.text);
  const [left, right] = [childrenOf(a), childrenOf(b)];
  invariant(left.length === right.length, `a ${a.kind} is compared with a ${b.kind}`);
  const fields = allOf(left.map((child, i) => equalTo(child, right[i] as Tree)));
  if (!isHeader(a) || !isHeader(b)) return fields;
  const [va, vb] = [validityOf(a), validityOf(b)];
  return binaryOf('||', binaryOf('&&', notOf(va), notOf(vb)), allOf([va, vb, fields]));
}

export const isHeader = (tree: Tree): tree is Extract<Tree, { kind: 'header' | 'header-value' }> =>
  tree.kind === 'header' || tree.kind === 'header-value';
