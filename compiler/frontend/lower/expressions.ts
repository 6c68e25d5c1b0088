/** Expressions: implicit casts become casts, what is known becomes literals, calls become statements before them. */
import { wrap } from '../../ir/arithmetic.js';
import { bool, constant, name as nameExpr } from '../../ir/build.js';
import type { BinaryExpr, Expr } from '../../ir/expr.js';
import { folded, known } from '../../ir/fold.js';
import { isSized } from '../../ir/rules.js';
import type { Stmt } from '../../ir/stmt.js';
import { sameType, type Type } from '../../ir/types.js';
import { fail } from '../../support/diagnostics.js';
import { InternalError, invariant } from '../../support/invariant.js';
import type { Loc } from '../../support/location.js';
import { isGiven } from '../architecture.js';
import type * as ast from '../ast.js';
import type { Body } from './body.js';
import { inOrder, place, value } from './order.js';

/** The value of an expression, of the type that its place gives it. */
export function lowerExpr(b: Body, e: ast.Expr): Expr {
  const place = lowerPlace(b, e);
  // A copy of an include file may have another type for a field of the architecture's.
  const own = e.kind === 'member' && place.kind === 'field' ? converted(b, place, b.typeOf(e)) : place;
  const to = b.program.findings.casts.get(e);
  return to ? converted(b, own, b.type(to)) : own;
}

/** The values of several expressions, which are evaluated in their order. */
export const lowerAll = (b: Body, list: readonly ast.Expr[]): readonly Expr[] =>
  inOrder(b, ...list.map((e) => value(() => lowerExpr(b, e))));

/** A number that has to be known. */
export function lowerNumber(b: Body, e: ast.Expr): bigint {
  const value = known(lowerExpr(b, e), b.program.constantValue);
  invariant(typeof value === 'bigint', 'a number that is not known after checking');
  return value;
}

/** An implicit or explicit cast. */
export function converted(b: Body, expr: Expr, to: Type): Expr {
  if (sameType(expr.type, to)) return expr;
  const base = b.program.types.table.underlying(to);
  const literal = expr.type.kind === 'integer' ? folded(expr, b.program.constantValue) : expr;
  if (literal.kind === 'const' && isSized(base)) return { ...literal, value: wrap(literal.value, base), type: to };
  if (literal.kind === 'const' && base.kind === 'integer') return { ...literal, type: to };
  return { kind: 'cast', arg: literal, type: to, loc: expr.loc };
}

/** The value of the type that it has on its own; an l-value where it is one. */
export function lowerPlace(b: Body, e: ast.Expr): Expr {
  const { loc } = e;
  const node = fresh(b, e);
  // Numbers of any size exist while a program is compiled only.
  if (node.type.kind === 'integer' || (node.kind === 'binary' && node.left.type.kind === 'integer')) {
    const number = folded(node, b.program.constantValue);
    if (number !== node) return { ...number, loc };
  }
  return node;
}

function fresh(b: Body, e: ast.Expr): Expr {
  const { loc } = e;
  switch (e.kind) {
    case 'integer': {
      if (e.width === undefined) return constant(e.value, { kind: 'integer' }, loc);
      const type = { kind: e.signed ? ('int' as const) : ('bit' as const), width: e.width };
      return constant(wrap(e.value, type), type, loc);
    }
    case 'bool':
      return bool(e.value, loc);
    case 'string':
      return { kind: 'string', value: unescaped(e.value), type: { kind: 'string' }, loc };
    case 'name':
      return lowerName(b, e);
    case 'member':
      return lowerMember(b, e);
    case 'index': {
      const [base, index] = inOrder(
        b,
        place(() => lowerPlace(b, e.base)),
        value(() => lowerExpr(b, e.index)),
      ) as [Expr, Expr];
      const at = known(index, b.program.constantValue);
      if ((index.type.kind === 'integer' || index.kind === 'const') && typeof at === 'bigint') return element(b, base, at, e);
      return { kind: 'index', base, index, type: b.typeOf(e), loc };
    }
    case 'slice':
      return sliced(lowerExpr(b, e.base), Number(lowerNumber(b, e.high)), Number(lowerNumber(b, e.low)), loc);
    case 'plus-slice':
      return plusSlice(b, e);
    case 'unary': {
      const arg = lowerExpr(b, e.arg);
      // The literals of negative numbers.
      if (e.op === '-' && e.arg.kind === 'integer' && arg.type.kind === 'int')
        return folded({ kind: 'unary', op: '-', arg, type: arg.type, loc });
      return { kind: 'unary', op: e.op, arg, type: b.typeOf(e), loc };
    }
    case 'binary':
      return binary(b, e);
    case 'mux':
      return mux(b, e);
    case 'cast': {
      const to = b.type(b.program.typeOf(e.type));
      const arg = lowerExpr(b, e.arg);
      const isDone = b.program.findings.casts.has(e.arg) || arg.kind === 'const' || isAggregate(e.arg);
      return sameType(arg.type, to) && !isDone ? { kind: 'cast', arg, type: to, loc } : converted(b, arg, to);
    }
    case 'call':
      return b.program.callValue(b, e);
    case 'list':
      return list(b, e);
    case 'struct':
      return struct(b, e);
    case 'invalid':
      return { kind: 'invalid', type: target(b, e), loc };
    case 'default':
      return zero(b, target(b, e), loc);
    case 'construct':
      return b.program.construct(b, e);
    case 'this':
    case 'type':
      return fail('not-yet', { feature: `${e.kind} here` }, { loc });
  }
}

const unescaped = (text: string): string => text.replace(/\\(["\\n])/g, (_, c: string) => (c === 'n' ? '\n' : c));

const isAggregate = (e: ast.Expr): boolean => ['list', 'struct', 'invalid', 'default', 'integer'].includes(e.kind);

/** The type that the expression is given by its place; its own where there is none. */
function target(b: Body, e: ast.Expr): Type {
  const to = b.program.findings.casts.get(e);
  return to ? b.type(to) : b.typeOf(e);
}

function lowerName(b: Body, e: ast.NameExpr): Expr {
  const { loc } = e;
  const entity = b.program.findings.entities.get(e.path);
  if (entity?.kind === 'constant') return b.program.constant(b, entity.decl, loc);
  if (entity?.kind === 'member') {
    const value = entity.value;
    invariant(typeof value === 'bigint', 'a member of an enum without a value');
    return constant(value, b.type(entity.type), loc);
  }
  if (!entity || !('decl' in entity)) return fail('not-yet', { feature: `${e.path.name.text} as a value` }, { loc });
  const binding = b.find(entity.decl);
  if (binding?.kind === 'value') return { ...binding.value, loc };
  if (binding) return nameExpr(binding.name, binding.type, loc);
  throw new InternalError(`no binding for ${e.path.name.text}`);
}

function lowerMember(b: Body, e: ast.MemberExpr): Expr {
  const { loc } = e;
  const { text } = e.member;
  const { findings } = b.program;
  const isType = e.base.kind === 'type' || (e.base.kind === 'name' && findings.entities.get(e.base.path)?.kind === 'type');
  if (isType) return { kind: 'member', name: text, type: b.typeOf(e) as never, loc };
  const of = b.program.checkedType(e.base, b.types);
  if (of.kind === 'apply-result') return b.program.appliedMember(b, e);
  if (of.kind === 'stack') {
    if (text === 'size') return constant(of.size, { kind: 'integer' }, loc);
    return { kind: 'stack-member', base: lowerExpr(b, e.base), member: text as 'next', type: b.typeOf(e), loc };
  }
  const base = lowerExpr(b, e.base);
  if (base.kind === 'struct') {
    const given = base.fields.find((f) => f.name === text);
    if (given) return { ...given.value, loc };
  }
  const type = b.typeOf(e);
  const given = of.kind === 'struct' && isGiven(b.program.arch, of.info.decl) ? b.program.fieldsOf(base.type) : undefined;
  if (!given) return { kind: 'field', base, name: text, type, loc };
  const known = given.find((f) => f.name === text);
  if (!known) fail('not-yet', { feature: `The field ${text}, which ${b.program.arch.name} does not have,` }, { loc: e.member.loc });
  return { kind: 'field', base, name: text, type: known.type, loc };
}

/** With a known index, of a list that is known too. */
function element(b: Body, base: Expr, at: bigint, e: ast.IndexExpr): Expr {
  const { loc } = e;
  if (base.kind === 'list') {
    const found = base.elements[Number(at)];
    if (found) return { ...found, loc };
  }
  return { kind: 'index', base, index: constant(at, { kind: 'bit', width: 32 }, e.index.loc), type: b.typeOf(e), loc };
}

function sliced(base: Expr, high: number, low: number, loc: Loc): Expr {
  const type = { kind: 'bit' as const, width: high - low + 1 };
  if (base.type.kind !== 'integer') return { kind: 'slice', base, high, low, type, loc };
  return folded({ kind: 'slice', base, high, low, type, loc });
}

function plusSlice(b: Body, e: ast.PlusSliceExpr): Expr {
  const width = Number(lowerNumber(b, e.width));
  const [base, low] = lowerAll(b, [e.base, e.low]) as [Expr, Expr];
  return partOf(b, base, low, width, e.loc);
}

/** `base[low+:width]`: a slice where `low` is known, otherwise what a shift leaves. */
export function partOf(b: Body, base: Expr, low: Expr, width: number, loc: Loc): Expr {
  const at = known(low, b.program.constantValue);
  if (typeof at === 'bigint') return sliced(base, Number(at) + width - 1, Number(at), loc);
  const left = converted(b, base, b.program.types.table.underlying(base.type));
  const shifted: BinaryExpr = { kind: 'binary', op: '>>', left, right: low, type: left.type, loc };
  return { kind: 'slice', base: shifted, high: width - 1, low: 0, type: { kind: 'bit', width }, loc };
}

function binary(b: Body, e: ast.BinaryExpr): Expr {
  const { op, loc } = e;
  const type = b.typeOf(e);
  if (op === '&&' || op === '||') return shortCircuit(b, e, op, type);
  const [left, right] = lowerAll(b, [e.left, e.right]) as [Expr, Expr];
  return { kind: 'binary', op, left, right, type, loc };
}

function shortCircuit(b: Body, e: ast.BinaryExpr, op: '&&' | '||', type: Type): Expr {
  const { loc } = e;
  const left = lowerExpr(b, e.left);
  const { made, result: right } = b.collect(() => lowerExpr(b, e.right));
  if (made.length === 0) return { kind: 'binary', op, left, right, type, loc };
  const result = b.declare('tmp', type, loc, left);
  const cond: Expr = op === '&&' ? result : { kind: 'unary', op: '!', arg: result, type, loc };
  b.emit({ kind: 'if', cond, then: [...made, assign(result, right, loc)], loc });
  return result;
}

function mux(b: Body, e: ast.MuxExpr): Expr {
  const { loc } = e;
  const cond = lowerExpr(b, e.cond);
  const type = target(b, e);
  const yes = b.collect(() => converted(b, lowerExpr(b, e.yes), type));
  const no = b.collect(() => converted(b, lowerExpr(b, e.no), type));
  if (yes.made.length === 0 && no.made.length === 0) return { kind: 'mux', cond, yes: yes.result, no: no.result, type, loc };
  const taken = known(cond, b.program.constantValue);
  if (taken !== undefined) {
    const { made, result } = taken ? yes : no;
    b.append(made);
    return result;
  }
  const result = b.declare('tmp', type, loc);
  const branch = ({ made, result: chosen }: typeof yes) => [...made, assign(result, chosen, loc)];
  b.emit({ kind: 'if', cond, then: branch(yes), else: branch(no), loc });
  return result;
}

const assign = (to: Expr, from: Expr, loc: Loc): Stmt => ({ kind: 'assign', target: to, value: from, loc });

// ── lists and structs (P4-16 §8.12 to §8.14) ──

function list(b: Body, e: ast.ListExpr): Expr {
  const { loc } = e;
  const type = target(b, e);
  const partial = e.elements.at(-1)?.kind === 'default';
  const elements = lowerAll(b, partial ? e.elements.slice(0, -1) : e.elements);
  const fields = b.program.fieldsOf(type);
  if (fields) {
    const given = elements.map((value, i) => ({ name: fields[i]?.name ?? '', value }));
    return { kind: 'struct', fields: given, ...(partial ? { partial } : {}), type, loc };
  }
  if (type.kind === 'stack') {
    const rest = Array.from({ length: Math.max(0, type.size - elements.length) }, () => zero(b, type.element, loc));
    return stackOf([...elements, ...rest], type, loc);
  }
  if (type.kind === 'tuple') {
    const rest = type.elements.slice(elements.length).map((t) => zero(b, t, loc));
    return { kind: 'list', elements: [...elements, ...rest], type, loc };
  }
  return { kind: 'list', elements, type, loc };
}

function stackOf(elements: readonly Expr[], type: Type, loc: Loc): Expr {
  const arg: Expr = { kind: 'list', elements, type: { kind: 'tuple', elements: elements.map((x) => x.type) }, loc };
  return { kind: 'cast', arg, type, loc };
}

function struct(b: Body, e: ast.StructExpr): Expr {
  const { loc } = e;
  const type = target(b, e);
  const values = lowerAll(
    b,
    e.fields.map((f) => f.value),
  );
  if (type.kind === 'tuple') return { kind: 'list', elements: values, type, loc };
  const fields = e.fields.map((f, i) => ({ name: f.name.text, value: values[i] as Expr }));
  return { kind: 'struct', fields, ...(e.partial ? { partial: true } : {}), type, loc };
}

/** The default value of a type (P4-16 §7.3). */
export function zero(b: Body, type: Type, loc: Loc): Expr {
  switch (type.kind) {
    case 'bit':
    case 'int':
    case 'integer':
      return constant(0, type, loc);
    case 'bool':
      return bool(false, loc);
    case 'string':
      return { kind: 'string', value: '', type, loc };
    case 'error':
      return { kind: 'member', name: 'NoError', type, loc };
    case 'tuple':
      return { kind: 'list', elements: type.elements.map((t) => zero(b, t, loc)), type, loc };
    case 'stack':
      return stackOf(
        Array.from({ length: type.size }, () => zero(b, type.element, loc)),
        type,
        loc,
      );
    case 'named': {
      const decl = b.program.types.table.declaration(type);
      if (decl?.kind === 'header' || decl?.kind === 'header_union') return { kind: 'invalid', type, loc };
      if (decl?.kind === 'struct')
        return { kind: 'struct', fields: decl.fields.map((f) => ({ name: f.name, value: zero(b, f.type, loc) })), type, loc };
      if (decl?.kind === 'enum' && !decl.base) return { kind: 'member', name: decl.members[0]?.name ?? '', type, loc };
      return constant(0, type, loc);
    }
    default:
      return { kind: 'default', type, loc };
  }
}
