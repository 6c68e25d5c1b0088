/** `base.member` where it is a value, and what may be assigned to (P4-16 §6.7, §8.18, §8.20). */
import type { EnumDecl, Expr, MemberExpr } from '../ast.js';
import type { Checker } from './context.js';
import { checkExpr } from './expect.js';
import { isValueType, resolveType } from './type-refs.js';
import { bit, bool, error, fieldOf, fieldsOf, integer, isStruct, showType, type Type, unknown } from './types.js';

/** The type that an expression names, where it is one: in `Enum.member`, `error.Name`. */
export function namedType(c: Checker, expr: Expr): Type | undefined {
  if (expr.kind === 'type') return resolveType(c, expr.type, { generic: true });
  if (expr.kind !== 'name') return undefined;
  const scope = expr.path.absolute ? c.scope.top : c.scope;
  const entity = scope.find(expr.path.name.text);
  if (entity?.kind !== 'type') return undefined;
  c.entities.set(expr.path, entity);
  return entity.make(entity.params.map((p) => ({ kind: 'hole', name: p.text })));
}

export function checkMember(c: Checker, expr: MemberExpr): Type {
  const name = expr.member.text;
  const type = namedType(c, expr.base);
  if (type) {
    c.setType(expr.base, type);
    return ofType(c, expr, type);
  }
  const base = checkExpr(c, expr.base);
  if (base.kind === 'unknown') return unknown;
  if (isStruct(base)) {
    const type = fieldOf(base, name);
    if (type) return type;
    return missing(
      c,
      expr,
      base,
      fieldsOf(base).map((f) => f.name),
    );
  }
  if (base.kind === 'stack') return ofStack(c, expr, base);
  if (base.kind === 'apply-result') {
    if (name === 'hit' || name === 'miss') return bool;
    if (name === 'action_run') return { kind: 'action-run', table: base.table };
    return missing(c, expr, base, ['hit', 'miss', 'action_run']);
  }
  if (base.kind === 'struct-value') {
    const field = base.fields.find((f) => f.name === name);
    if (field && !base.partial && isValueType(base)) return field.type;
    if (field) {
      c.report('operand-type', { op: `.${name}`, types: showType(base) }, expr.loc);
      return unknown;
    }
  }
  return missing(c, expr, base, []);
}

function missing(c: Checker, expr: MemberExpr, type: Type, known: Iterable<string>): Type {
  const { text, loc } = expr.member;
  c.noMember(showType(type), text, known, loc);
  return unknown;
}

function ofType(c: Checker, expr: MemberExpr, type: Type): Type {
  const name = expr.member.text;
  if (type.kind === 'unknown') return unknown;
  if (type.kind === 'error') return c.declared.error.has(name) ? error : missing(c, expr, type, c.errors);
  if (type.kind !== 'enum') return missing(c, expr, type, []);
  const members = membersOf(type.decl);
  return members.has(name) ? type : missing(c, expr, type, members);
}

function ofStack(c: Checker, expr: MemberExpr, base: Type & { kind: 'stack' }): Type {
  const name = expr.member.text;
  if (name === 'size') return integer;
  if (name !== 'next' && name !== 'last' && name !== 'lastIndex') return missing(c, expr, base, ['next', 'last', 'lastIndex', 'size']);
  if (c.place.in !== 'state' && c.place.in !== 'parser') {
    c.report('parser-only', { what: `${name} of a header stack` }, expr.member.loc);
  }
  return name === 'lastIndex' ? bit(32) : base.element;
}

/** Whether the expression may stand left of `=`, and for out and inout parameters. */
function isLValue(c: Checker, expr: Expr): boolean {
  switch (expr.kind) {
    case 'name': {
      const entity = c.entities.get(expr.path);
      if (!entity) return true;
      if (entity.kind === 'variable') return !entity.fixed;
      return entity.kind === 'parameter' && (entity.decl.direction === 'out' || entity.decl.direction === 'inout');
    }
    case 'member': {
      const base = c.typeOf(expr.base);
      if (base.kind === 'unknown') return true;
      // `last` is never one (P4-16 §8.18).
      if (base.kind === 'stack') return expr.member.text === 'next' && isLValue(c, expr.base);
      return isStruct(base) && expr.base.kind !== 'type' && isLValue(c, expr.base);
    }
    case 'index': {
      // Elements of tuples are none (P4-16 §8.13).
      const base = c.typeOf(expr.base);
      return base.kind === 'unknown' || (base.kind === 'stack' && isLValue(c, expr.base));
    }
    case 'slice':
    case 'plus-slice':
      return isLValue(c, expr.base);
    default:
      return false;
  }
}

/** Reports an expression that cannot be written. */
export function expectLValue(c: Checker, expr: Expr): boolean {
  if (c.typeOf(expr).kind === 'unknown' || isLValue(c, expr)) return true;
  c.report('not-assignable', { got: 'This' }, expr.loc);
  return false;
}

const members = new WeakMap<EnumDecl, ReadonlySet<string>>();

function membersOf(decl: EnumDecl): ReadonlySet<string> {
  const names = members.get(decl) ?? new Set(decl.members.map((m) => m.name.text));
  members.set(decl, names);
  return names;
}
