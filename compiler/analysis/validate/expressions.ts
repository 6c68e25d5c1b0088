/** Expressions: names resolve, every node has the type that P4-16 §8 gives it, l-values are l-values. */
import { bitType, boolType } from '../../ir/build.js';
import type { BinaryExpr, Expr, KeySet, StructExpr } from '../../ir/expr.js';
import { printExpr } from '../../ir/print.js';
import {
  castsScalar,
  divisionProblem,
  givesBool,
  isComparable,
  isEquality,
  isNumber,
  isOrder,
  isShift,
  isSized,
  isSlice,
  shiftProblem,
  takesOperand,
  takesUnary,
} from '../../ir/rules.js';
import { sameType, type Type, type TypeDecl, typeName } from '../../ir/types.js';
import type { OfKind } from '../../ir/visit.js';
import type { Entity, Environment, Place } from './environment.js';
import { checkBounds } from './ranges.js';
import { checkRange, checkType } from './types.js';

export function checkExpr(env: Environment, expr: Expr, place: Place): void {
  if (!checkType(env, expr.type, expr.loc)) return;
  (rules[expr.kind] as (e: Expr, env: Environment, place: Place) => void)(expr, env, place);
}

/** An expression that must have a type. */
export function checkTyped(env: Environment, expr: Expr, type: Type, place: Place): void {
  checkExpr(env, expr, place);
  expectType(env, expr, type);
}

/** An expression that something is assigned to. */
export function checkLvalue(env: Environment, expr: Expr, place: Place): void {
  checkExpr(env, expr, place);
  if (!isLvalue(env, expr, place)) env.report('not-assignable', { got: `\`${printExpr(expr)}\`` }, expr.loc);
}

export function expectType(env: Environment, expr: Expr, type: Type): void {
  if (!sameType(expr.type, type)) env.report('type-mismatch', { got: typeName(expr.type), expected: typeName(type) }, expr.loc);
}

/** Whether the value is known when the program is compiled (P4-16 §18.1). */
export function isConstant(expr: Expr, place: Place): boolean {
  const known = (e: Expr): boolean => isConstant(e, place);
  switch (expr.kind) {
    case 'const':
    case 'bool':
    case 'string':
    case 'member':
    case 'default':
    case 'invalid':
      return true;
    case 'name':
      return ['constant', 'instance'].includes(place.scope.find(expr.name, isValue)?.kind ?? '');
    case 'unary':
    case 'cast':
      return known(expr.arg);
    case 'binary':
      return known(expr.left) && known(expr.right);
    case 'mux':
      return known(expr.cond) && known(expr.yes) && known(expr.no);
    case 'slice':
    case 'field':
      return known(expr.base);
    case 'list':
      return expr.elements.every(known);
    case 'struct':
      return expr.fields.every((f) => known(f.value));
    case 'stack-member':
      return expr.member === 'size';
    case 'index':
    case 'is-valid':
    case 'lookahead':
    case 'packet-length':
      return false;
  }
}

/** What a select case or an entry matches a value of the type with. All parts are constants. */
export function checkKeySet(env: Environment, set: KeySet, type: Type, place: Place): void {
  const part = (expr: Expr): void => {
    checkExpr(env, expr, place);
    if (!env.isP4 || !sameType(expr.type, env.underlying(type))) expectType(env, expr, type);
    if (!isConstant(expr, place)) env.report('not-constant', { what: 'What is matched with' }, expr.loc);
  };
  switch (set.kind) {
    case 'value':
      part(set.value);
      return;
    case 'mask':
      part(set.value);
      part(set.mask);
      expectNumber(env, '&&&', set.value);
      return;
    case 'range':
      part(set.low);
      part(set.high);
      expectNumber(env, '..', set.low);
      checkBounds(env, set.low, set.high, set.low.loc);
      return;
    case 'value-set':
    case 'any':
      return;
  }
}

function isLvalue(env: Environment, expr: Expr, place: Place): boolean {
  switch (expr.kind) {
    case 'name':
      return place.scope.find(expr.name, isValue)?.writable ?? true;
    case 'field':
    case 'slice':
      return isLvalue(env, expr.base, place);
    case 'index':
      return expr.base.type.kind === 'stack' && isLvalue(env, expr.base, place);
    // `last` is never one (P4-16 §8.18).
    case 'stack-member':
      return expr.member === 'next' && isLvalue(env, expr.base, place);
    default:
      return false;
  }
}

const isValue = (entity: Entity): boolean => entity.type !== undefined;
const bit32 = bitType(32);

function expectNumber(env: Environment, op: string, expr: Expr): void {
  if (!isNumber(env.underlying(expr.type))) env.report('operand-type', { op, types: typeName(expr.type) }, expr.loc);
}

function expectFits(env: Environment, op: string, expr: Expr, fits: (type: Type) => boolean): void {
  if (!fits(expr.type)) env.report('operand-type', { op, types: typeName(expr.type) }, expr.loc);
}

const rules: { readonly [K in Expr['kind']]: (e: OfKind<Expr, K>, env: Environment, place: Place) => void } = {
  const(e, env) {
    const base = env.underlying(e.type);
    if (!isNumber(base)) env.report('type-mismatch', { got: 'a number', expected: typeName(e.type) }, e.loc);
    else checkRange(env, e.value, e.type, e.loc);
  },
  bool: (e, env) => expectType(env, e, boolType),
  string: (e, env) => expectType(env, e, { kind: 'string' }),
  member(e, env) {
    if (e.type.kind === 'error') {
      if (!env.errors.includes(e.name)) env.unknown('error', e.name, env.errors, e.loc);
      return;
    }
    const decl = env.declaration(e.type);
    if (decl?.kind !== 'enum') env.unknown('enum', e.type.name, [], e.loc);
    else if (!decl.members.some((m) => m.name === e.name)) {
      const names = decl.members.map((m) => m.name);
      env.unknown(`member of ${decl.name}`, e.name, names, e.loc, `the members of ${decl.name} are ${names.join(', ')}`);
    }
  },
  name(e, env, place) {
    const entity = env.lookup(e.name, place, 'variable or parameter', isValue, e.loc);
    if (entity?.type) expectType(env, e, entity.type);
  },
  field(e, env, place) {
    checkExpr(env, e.base, place);
    const fields = env.fields(e.base.type);
    const field = fields?.find((f) => f.name === e.name);
    if (field) expectType(env, e, field.type);
    else env.unknown(`field of \`${printExpr(e.base)}\``, e.name, fields?.map((f) => f.name) ?? [], e.loc);
  },
  index(e, env, place) {
    checkExpr(env, e.base, place);
    checkExpr(env, e.index, place);
    const base = e.base.type;
    expectNumber(env, '[ ]', e.index);
    const constant = e.index.kind === 'const' ? e.index.value : undefined;
    const size = base.kind === 'stack' ? base.size : base.kind === 'tuple' ? base.elements.length : undefined;
    if (size === undefined) return env.report('operand-type', { op: '[ ]', types: typeName(base) }, e.loc);
    if (constant !== undefined && (constant < 0n || constant >= BigInt(size)))
      return env.report('index-out-of-range', { index: constant.toString(), type: typeName(base), size }, e.loc);
    if (base.kind === 'stack') return expectType(env, e, base.element);
    if (constant === undefined) return env.report('not-constant', { what: 'The index of a tuple' }, e.loc);
    const element = base.kind === 'tuple' ? base.elements[Number(constant)] : undefined;
    if (element) expectType(env, e, element);
  },
  'stack-member'(e, env, place) {
    checkExpr(env, e.base, place);
    if (e.base.type.kind !== 'stack') return env.report('operand-type', { op: `.${e.member}`, types: typeName(e.base.type) }, e.loc);
    expectType(env, e, e.member === 'next' || e.member === 'last' ? e.base.type.element : bit32);
    if (e.member !== 'size' && place.kind !== 'parser') env.report('parser-only', { what: `\`${printExpr(e)}\`` }, e.loc);
  },
  slice(e, env, place) {
    checkExpr(env, e.base, place);
    const base = env.underlying(e.base.type);
    if (!isSized(base)) return env.report('operand-type', { op: '[ : ]', types: typeName(e.base.type) }, e.loc);
    const width = e.high - e.low + 1;
    if (!isSlice(e.high, e.low, base.width))
      return env.report('slice-out-of-range', { slice: `[${e.high}:${e.low}]`, type: typeName(base) }, e.loc);
    expectType(env, e, { kind: 'bit', width });
  },
  unary(e, env, place) {
    checkExpr(env, e.arg, place);
    expectFits(env, e.op, e.arg, (t) => takesUnary(e.op, t));
    expectType(env, e, e.arg.type);
  },
  binary(e, env, place) {
    checkExpr(env, e.left, place);
    checkExpr(env, e.right, place);
    checkBinary(e, env);
  },
  mux(e, env, place) {
    checkTyped(env, e.cond, boolType, place);
    checkTyped(env, e.yes, e.type, place);
    checkTyped(env, e.no, e.type, place);
  },
  cast(e, env, place) {
    checkExpr(env, e.arg, place);
    if (e.type.kind === 'stack' && e.arg.kind === 'list') {
      const { element, size } = e.type;
      if (e.arg.elements.length !== size) env.report('bad-cast', { from: typeName(e.arg.type), to: typeName(e.type) }, e.loc);
      for (const one of e.arg.elements) expectType(env, one, element);
    } else if (!canCast(env, e.arg.type, e.type)) {
      env.report('bad-cast', { from: typeName(e.arg.type), to: typeName(e.type), by: bitsBetween(env, e.arg.type, e.type) }, e.loc);
    }
  },
  'is-valid'(e, env, place) {
    checkExpr(env, e.header, place);
    expectType(env, e, boolType);
    expectFits(env, 'isValid', e.header, (t) => env.isHeader(t) || env.isUnion(t));
  },
  lookahead(e, env, place) {
    checkTyped(env, e.packet, { kind: 'named', name: 'packet_in' }, place);
    if (place.kind !== 'parser') env.report('parser-only', { what: 'lookahead' }, e.loc);
    if (env.fixedWidth(e.type) === undefined) env.report('operand-type', { op: 'lookahead', types: typeName(e.type) }, e.loc);
  },
  'packet-length'(e, env, place) {
    checkTyped(env, e.packet, { kind: 'named', name: 'packet_in' }, place);
    expectType(env, e, bit32);
  },
  struct: checkStruct,
  list(e, env, place) {
    for (const element of e.elements) checkExpr(env, element, place);
    if (e.type.kind === 'list') {
      for (const element of e.elements) expectType(env, element, e.type.element);
    } else expectType(env, e, { kind: 'tuple', elements: e.elements.map((element) => element.type) });
  },
  invalid: (e, env) => expectFits(env, '{#}', e, (t) => env.isHeader(t) || env.isUnion(t)),
  default: (e, env) => expectFits(env, '...', e, (t) => !['void', 'integer', 'string', 'match_kind', 'set'].includes(t.kind)),
};

function checkBinary(e: BinaryExpr, env: Environment): void {
  const { op, left, right } = e;
  const takes = (type: Type): boolean => {
    // Texts are known when the program is compiled, and are compared then.
    if (isEquality(op)) return type.kind !== 'string' && isComparable(shapeOf(env, type), (shape) => comparedParts(env, shape));
    return takesOperand(op, isOrder(op) ? env.underlying(type) : type);
  };
  expectFits(env, op, left, takes);
  if (isShift(op) || op === '++') expectFits(env, op, right, takes);
  else if (takes(left.type)) expectType(env, right, left.type);
  const [known, by] = [left, right].map((operand) => (operand.kind === 'const' ? operand.value : undefined));
  const shift = isShift(op) ? shiftProblem(right.type, by) : undefined;
  if (shift) env.report(shift, { by: `${by}`, type: typeName(right.type) }, right.loc);
  const division = op === '/' || op === '%' ? divisionProblem(known, by) : undefined;
  if (division) env.report(division, { op }, right.loc);
  if (givesBool(op)) expectType(env, e, boolType);
  else if (op !== '++') expectType(env, e, left.type);
  else if (isSized(left.type) && isSized(right.type)) expectType(env, e, { ...left.type, width: left.type.width + right.type.width });
}

/** A type, or the declaration that it names: below newtypes. */
type Shape = Type | TypeDecl;
function shapeOf(env: Environment, type: Type): Shape {
  const base = env.withoutNewtype(type);
  return env.declaration(base) ?? base;
}

/** The types of the parts of a value that `==` compares one by one. */
function comparedParts(env: Environment, shape: Shape): readonly Shape[] | undefined {
  const parts =
    shape.kind === 'stack'
      ? [shape.element]
      : shape.kind === 'tuple'
        ? shape.elements
        : 'fields' in shape
          ? shape.fields.map((f) => f.type)
          : undefined;
  return parts?.map((part) => shapeOf(env, part));
}

/** P4-16 §8.11. */
function canCast(env: Environment, from: Type, to: Type): boolean {
  if (sameType(from, to)) return true;
  const [a, b] = [env.underlying(from), env.underlying(to)];
  // Between a type and what it is made of, the width stays.
  if (!sameType(a, from) || !sameType(b, to)) return isSized(a) && isSized(b) ? sameType(a, b) : canCast(env, a, b);
  if (castsScalar(from, to)) return true;
  const fields = env.fields(to);
  const parts = from.kind === 'tuple' ? from.elements : env.fields(from)?.map((f) => f.type);
  return (
    fields !== undefined &&
    parts !== undefined &&
    parts.length === fields.length &&
    fields.every((f, i) => sameType(f.type, parts[i] as Type))
  );
}

/** What a value of an enumeration or a type of its own is cast to before its width changes. */
function bitsBetween(env: Environment, ...types: readonly Type[]): string | undefined {
  const named = types.find((type) => type.kind === 'named');
  const bits = named && env.underlying(named);
  return bits && isSized(bits) ? typeName(bits) : undefined;
}

function checkStruct(e: StructExpr, env: Environment, place: Place): void {
  const fields = env.fields(e.type);
  if (!fields || env.isUnion(e.type)) {
    env.report('operand-type', { op: '{ }', types: typeName(e.type) }, e.loc);
    return;
  }
  const given = new Set<string>();
  for (const { name, value } of e.fields) {
    checkExpr(env, value, place);
    const field = fields.find((f) => f.name === name);
    if (!field)
      env.unknown(
        `field of ${typeName(e.type)}`,
        name,
        fields.map((f) => f.name),
        value.loc,
      );
    else expectType(env, value, field.type);
    if (given.has(name)) env.report('duplicate-name', { name, what: 'field' }, value.loc);
    given.add(name);
  }
  const missing = e.partial ? undefined : fields.find((f) => !given.has(f.name));
  if (missing) env.report('missing-argument', { what: typeName(e.type), name: missing.name }, e.loc);
}
