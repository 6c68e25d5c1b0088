/** What is called: a function, an action, a method, a table or a block. */
import type { Expr, MemberExpr } from '../ast.js';
import type { Call, Checker } from './context.js';
import { paramsOf } from './convert.js';
import { checkExpr } from './expect.js';
import { expectLValue, namedType } from './members.js';
import { whatIs } from './scope.js';
import { hasSize, isSizeMethod, sizeMethods } from './size-methods.js';
import {
  bool,
  integer,
  isStruct,
  type ParamInfo,
  prune,
  type Signature,
  showType,
  substitute,
  substituteParams,
  substitutionOf,
  type Type,
  voidType,
} from './types.js';

export interface Callee {
  readonly kind: Call['kind'];
  readonly name: string;
  readonly decl?: Call['decl'];
  readonly candidates: readonly Signature[];
  /** Of a method or block. */
  readonly object?: Expr;
  readonly objectType?: Type;
}

/** Undefined where there is none, which is reported. */
export function calleeOf(c: Checker, expr: Expr): Callee | undefined {
  if (expr.kind === 'member') return ofMember(c, expr);
  if (expr.kind !== 'name') {
    if (expr.kind !== 'type' || expr.type.kind !== 'named-type') checkExpr(c, expr);
    c.report('p4-not-callable', { what: 'this expression' }, expr.loc);
    return undefined;
  }
  const entity = c.find(expr.path, 'function or action');
  if (entity?.kind === 'action') return { kind: 'action', name: entity.name.text, decl: entity.decl, candidates: [entity.signature] };
  if (entity?.kind === 'function') {
    const [first] = entity.overloads;
    return {
      kind: 'function',
      name: entity.name.text,
      ...(first ? { decl: first.decl } : {}),
      candidates: entity.overloads.map((o) => o.signature),
    };
  }
  if (entity) c.report('p4-not-callable', { what: `the ${whatIs(entity)} ${entity.name.text}` }, expr.loc);
  return undefined;
}

const returning = (returns: Type, ...params: readonly ParamInfo[]): Signature => ({ typeParams: [], params, returns });

function ofMember(c: Checker, expr: MemberExpr): Callee | undefined {
  const name = expr.member.text;
  const type = namedType(c, expr.base);
  if (type) {
    c.setType(expr.base, type);
    return ofType(c, expr, type);
  }
  const table = tableOf(c, expr.base);
  if (table) {
    if (name === 'apply')
      return { kind: 'table', name: table.name.text, decl: table, candidates: [returning({ kind: 'apply-result', table })] };
    c.noMember(`The table ${table.name.text}`, name, ['apply'], expr.member.loc);
    return undefined;
  }
  const base = checkExpr(c, expr.base);
  if (base.kind === 'unknown') return undefined;
  const built = builtin(c, expr, base);
  if (built) return { kind: 'builtin', name, candidates: [built], object: expr.base, objectType: base };
  if (base.kind === 'extern') {
    const by = substitutionOf(base.info.typeParams, base.args);
    const methods = base.info.methods.filter((m) => m.name === name);
    const candidates = methods.map((m) => ({ ...m, params: substituteParams(m.params, by), returns: substitute(m.returns, by) }));
    if (candidates.length) return { kind: 'method', name, decl: base.info.decl, candidates, object: expr.base, objectType: base };
    return missing(
      c,
      expr,
      base,
      base.info.methods.map((m) => m.name),
    );
  }
  if ((base.kind === 'control' || base.kind === 'parser') && name === 'apply') {
    const { decl } = base.info;
    return {
      kind: 'block',
      name: showType(base),
      ...(decl.kind === 'parser' || decl.kind === 'control' ? { decl } : {}),
      candidates: [returning(voidType, ...paramsOf(base))],
      object: expr.base,
      objectType: base,
    };
  }
  return missing(c, expr, base, isStruct(base) ? ['isValid', 'setValid', 'setInvalid'] : ['apply', 'push_front', 'pop_front']);
}

function missing(c: Checker, expr: MemberExpr, type: Type, known: readonly string[]): undefined {
  const { text, loc } = expr.member;
  if (isSizeMethod(text)) c.report('operand-type', { op: text, types: `${showType(type)}, which has no size in bits` }, loc);
  else c.noMember(showType(type), text, known, loc);
  return undefined;
}

function tableOf(c: Checker, expr: Expr) {
  if (expr.kind !== 'name' || expr.path.absolute) return undefined;
  const entity = c.scope.find(expr.path.name.text);
  if (entity?.kind !== 'table') return undefined;
  c.entities.set(expr.path, entity);
  return entity.decl;
}

/** `Control.apply(…)`, of a block without constructor parameters (P4-16 §15.1); `Type.minSizeInBits()`. */
function ofType(c: Checker, expr: MemberExpr, type: Type): Callee | undefined {
  const name = expr.member.text;
  const t = prune(type);
  if (t.kind === 'unknown') return undefined;
  if (isSizeMethod(name) && hasSize(t)) return { kind: 'builtin', name, candidates: [returning(integer)], objectType: t };
  if ((t.kind === 'control' || t.kind === 'parser') && name === 'apply') {
    const { decl, constructorParams } = t.info;
    if ((decl.kind === 'control' || decl.kind === 'parser') && constructorParams.length === 0) {
      return { kind: 'block', name: showType(t), decl, candidates: [returning(voidType, ...paramsOf(t))], objectType: t };
    }
  }
  return missing(c, expr, t, sizeMethods);
}

function builtin(c: Checker, expr: MemberExpr, base: Type): Signature | undefined {
  const name = expr.member.text;
  if (isSizeMethod(name) && hasSize(base)) return returning(integer);
  if (base.kind === 'header' || base.kind === 'header_union') {
    if (name === 'isValid') return returning(bool);
    if (base.kind === 'header' && (name === 'setValid' || name === 'setInvalid')) {
      expectLValue(c, expr.base);
      return returning(voidType);
    }
  }
  if (base.kind === 'stack' && (name === 'push_front' || name === 'pop_front')) {
    expectLValue(c, expr.base);
    return returning(voidType, { name: 'count', type: integer, optional: false });
  }
  return undefined;
}
