/** Types as they are written, resolved (P4-16 §7). */

import { type FieldShape, mayBeField } from '../../ir/rules.js';
import type { Loc } from '../../support/location.js';
import type { Expr, Name, NamedType, TypeRef } from '../ast.js';
import type { Checker } from './context.js';
import { unique } from './context.js';
import { asNumber } from './convert.js';
import { checkExpr } from './expect.js';
import { whatIs } from './scope.js';
import { limited } from './size.js';
import { bool, error, fieldsOf, integer, isNumber, isStruct, prune, showType, string, type Type, unknown, voidType } from './types.js';
import { integerOf, isKnown } from './values.js';

/** Bits of a number. */
export const maxWidth = 65_536;
const maxStack = 65_536;
/** Entries of a table, and of a value set. */
const maxSize = 2 ** 31 - 1;

export function resolveType(c: Checker, ref: TypeRef, allowed: { readonly holes?: boolean; readonly generic?: boolean } = {}): Type {
  const type = limited(c, resolve(c, ref, allowed), ref.loc);
  c.typeRefs.set(ref, type);
  return type;
}

function resolve(c: Checker, ref: TypeRef, allowed: { readonly holes?: boolean; readonly generic?: boolean }): Type {
  switch (ref.kind) {
    case 'base-type':
      return { bit: { kind: 'bit' as const, width: 1 }, bool, error, int: integer, match_kind: { kind: 'match_kind' as const }, string }[
        ref.name
      ];
    case 'sized-type': {
      const width = typeSize(c, ref.width, `${ref.name === 'int' ? 'an' : 'a'} ${ref.name} type`, ref.name === 'int' ? 1 : 0, maxWidth);
      return width === undefined ? unknown : { kind: ref.name, width };
    }
    case 'named-type':
      return named(c, ref, allowed);
    case 'array-type': {
      const element = resolveType(c, ref.element, allowed);
      const count = typeSize(c, ref.size, 'a stack', 0, maxStack);
      if (!expectElement(c, element, ref.loc)) return unknown;
      return count === undefined ? unknown : { kind: 'stack', element, size: count };
    }
    case 'tuple-type': {
      const elements = ref.elements.map((e) => {
        const type = resolveType(c, e, allowed);
        expectPart(c, type, e.loc);
        return type;
      });
      return { kind: 'tuple', elements };
    }
    case 'list-type':
      return { kind: 'list', element: resolveType(c, ref.element, allowed) };
    case 'void-type':
      return voidType;
    case 'dont-care-type':
      if (c.dontCares) {
        const name: Name = { text: '_', loc: ref.loc };
        c.dontCares.push(name);
        return { kind: 'var', name };
      }
      if (allowed.holes) return { kind: 'hole', name: '_' };
      c.report('dont-care-type', {}, ref.loc);
      return unknown;
  }
}

function mayBeElement(type: Type): boolean {
  return prune(type).kind === 'extern' || isDataType(type);
}

function named(c: Checker, ref: NamedType, allowed: { readonly holes?: boolean; readonly generic?: boolean }): Type {
  const entity = c.find(ref.path, 'type');
  const args = ref.args?.map((a) => {
    const type = resolveType(c, a, { holes: true });
    if (type.kind === 'hole' && !allowed.holes) {
      c.report('dont-care-type', {}, a.loc);
      return unknown;
    }
    if (!mayBeArgument(type))
      c.report('element-type', { what: 'A type argument', type: showType(type), expected: 'types of values' }, a.loc);
    return type;
  });
  if (!entity) return unknown;
  const name = ref.path.name.text;
  if (entity.kind !== 'type') {
    c.report('p4-not-a-type', { name, what: whatIs(entity) }, ref.loc);
    return unknown;
  }
  const wanted = entity.params.length;
  if (args === undefined) {
    if (wanted === 0) return entity.make([]);
    if (allowed.generic) return entity.make(entity.params.map((p) => ({ kind: 'hole', name: p.text })));
    c.report('type-argument-count', { name, got: 0, expected: wanted }, ref.loc);
    return unknown;
  }
  if (args.length !== wanted) {
    c.report('type-argument-count', { name, got: args.length, expected: wanted }, ref.loc);
    return unknown;
  }
  const type = entity.make(args);
  if (args.some((a) => mentionsDecl(a, type))) {
    c.report('recursive-type', { name: showType(type) }, ref.loc);
    return unknown;
  }
  wellFormed(c, type, ref);
  return type;
}

/** Whether a type argument is of the declaration that `type` is of. */
function mentionsDecl(arg: Type, type: Type): boolean {
  const t = prune(arg);
  if ('info' in t && 'info' in type && t.info.decl === type.info.decl) return true;
  const inner = 'args' in t ? t.args : 'elements' in t ? t.elements : 'element' in t ? [t.element] : [];
  return inner.some((i) => mentionsDecl(i, type));
}

/** A header of type parameters may have become one whose fields no header can have. Whether the type is as it must be. */
function wellFormed(c: Checker, type: Type, ref: NamedType, depth = 0): boolean {
  const t = prune(type);
  if (depth > 20) return true;
  const inner = (part: Type): boolean => wellFormed(c, part, ref, depth + 1);
  if (isStruct(t)) {
    return fieldsOf(t).every((f) => {
      if (mayBeField(t.kind, f.type, fieldShape)) return inner(f.type);
      c.report('field-type', { kind: t.kind, field: `${showType(t)}.${f.name}`, type: showType(f.type) }, ref.loc);
      return false;
    });
  }
  if (t.kind === 'stack') return expectElement(c, t.element, ref.loc) && inner(t.element);
  return t.kind !== 'tuple' || t.elements.every((e) => expectPart(c, e, ref.loc));
}

function expectElement(c: Checker, type: Type, loc: Loc): boolean {
  if (mayBeElement(type)) return true;
  c.report('element-type', { what: 'An array', type: showType(type), expected: 'values or extern objects' }, loc);
  return false;
}

function expectPart(c: Checker, type: Type, loc: Loc): boolean {
  if (isDataType(type)) return true;
  c.report('element-type', { what: 'A tuple', type: showType(type), expected: 'values' }, loc);
  return false;
}

const mayBeArgument = (type: Type): boolean => {
  const t = prune(type);
  return t.kind !== 'parser' && t.kind !== 'control' && t.kind !== 'package';
};

/** What a type is to the rule of fields. */
export function fieldShape(type: Type): FieldShape<Type> {
  const t = prune(type);
  if (t.kind === 'struct') return { kind: t.kind, parts: fieldsOf(t).map((f) => f.type) };
  if (t.kind === 'stack') return { kind: t.kind, parts: [t.element] };
  return { kind: t.kind, base: t.kind === 'newtype' || t.kind === 'enum' ? t.base : undefined };
}

/** Types of values: not those of objects, and not void. */
export function isDataType(type: Type): boolean {
  const t = prune(type);
  return !['extern', 'parser', 'control', 'package', 'void', 'apply-result', 'action-run', 'set'].includes(t.kind);
}

/** Types of the values that an expression may have before they have met the type that they are of, among others. */
export function isValueType(type: Type): boolean {
  const t = prune(type);
  if (t.kind === 'list-value') return t.elements.every(isValueType);
  if (t.kind === 'struct-value') return t.fields.every((f) => isValueType(f.type));
  return isDataType(t) && t.kind !== 'default' && t.kind !== 'invalid';
}

/** The size of a type, which is known where it is written (P4-16 §18.1). */
function typeSize(c: Checker, expr: Expr, what: string, least: number, most: number): number | undefined {
  const value = checkSize(c, expr, `The size of ${what}`, least, most);
  if (value !== undefined) return Number(value);
  if (c.typeOf(expr).kind !== 'unknown') c.report('not-constant', { what: `The size of ${what}` }, expr.loc);
  return undefined;
}

/** A number that has to be known, perhaps only in each instance of a block; undefined where it is not one from `least` to `most`. */
export function checkSize(c: Checker, expr: Expr, what: string, least: number, most = maxSize): bigint | undefined {
  checkExpr(c, expr);
  const type = asNumber(c, expr);
  if (type.kind === 'unknown') return undefined;
  const value = isNumber(type) ? integerOf(c, expr) : undefined;
  if (value !== undefined && value >= BigInt(least) && value <= BigInt(most)) return value;
  if (value !== undefined) c.report('size-out-of-range', { what, value: String(value), least, most }, expr.loc);
  else if (!isNumber(type) || !isKnown(c, expr)) c.report('not-constant', { what }, expr.loc);
  else return undefined;
  c.setType(expr, unknown);
  return undefined;
}

/** Type parameters, in the scope where they are. */
export function declareTypeParams(c: Checker, params: readonly Name[]): void {
  unique(c, params, 'type parameter');
  for (const name of params) {
    if (!c.scope.names.has(name.text)) c.declare({ kind: 'type', name, params: [], make: () => ({ kind: 'var', name }) });
  }
}
