/** Calls and instances: which declaration is called, with which types, and what is given for which parameter (P4-16 §8.20). */
import type { Loc } from '../../support/location.js';
import { didYouMean } from '../../support/messages/message.js';
import type { Code, Params } from '../../support/messages.js';
import { nearest } from '../../support/suggest.js';
import type { Argument, CallExpr, ConstructExpr, Expr, InstanceDecl, TypeRef } from '../ast.js';
import { type Callee, calleeOf } from './callees.js';
import type { Call, Checker } from './context.js';
import { accept, infer, occurs, same } from './convert.js';
import { checkCore } from './core.js';
import { checkExpr, expectKnown } from './expect.js';
import { expectLValue } from './members.js';
import { noteOldCall } from './old-forms.js';
import { noteUse } from './own-parameters.js';
import { checkPlace } from './placement.js';
import type { Entity } from './scope.js';
import { isDataType, resolveType } from './type-refs.js';
import {
  constructorParamsOf,
  type Hole,
  newHole,
  type ParamInfo,
  prune,
  type Signature,
  showType,
  substitute,
  substituteParams,
  substitutionOf,
  type Type,
  unknown,
} from './types.js';

export function checkCall(c: Checker, expr: CallExpr): Type {
  const callee = calleeOf(c, expr.callee);
  if (!callee) {
    for (const a of expr.args) if (a.value) checkExpr(c, a.value);
    for (const t of expr.typeArgs ?? []) resolveType(c, t, { holes: true });
    return unknown;
  }
  checkPlace(c, callee, expr);
  const call = complete(c, callee, expr.args, expr.typeArgs, expr.loc);
  if (!call) return unknown;
  c.calls.set(expr, call);
  checkCore(c, callee, call, expr);
  noteOldCall(c, call, expr);
  noteUse(c, call, expr, callee.candidates.length);
  return call.returns;
}

export function checkConstruct(c: Checker, expr: ConstructExpr): Type {
  return instantiate(c, resolveType(c, expr.type, { generic: true, holes: true }), expr, expr.type.loc);
}

/** An object of the type: the constructor is found, and its arguments checked. */
export function instantiate(c: Checker, type: Type, node: ConstructExpr | InstanceDecl, loc: Loc): Type {
  const callee = constructorOf(c, type, loc);
  const name = 'info' in type ? type.info.decl.name.text : showType(type);
  if (!callee) {
    for (const a of node.args) if (a.value) checkExpr(c, a.value);
    return unknown;
  }
  const call = complete(c, callee, node.args, undefined, node.kind === 'instance' ? node.name.loc : node.loc);
  if (!call) return type;
  c.calls.set(node, call);
  if (node.kind === 'construct' && type.kind === 'extern' && type.info.methods.some((m) => m.abstract && !m.optional)) {
    c.report('abstract-instance', { type: showType(type) }, loc);
  }
  // Where it is an argument, its place may tell the types that its own arguments do not tell.
  if (node.kind === 'instance') for (const open of openTypes(call)) c.report('p4-inference', { name: open, callee: name }, node.name.loc);
  return type.kind === 'stack' ? { ...type, element: call.returns } : call.returns;
}

function constructorOf(c: Checker, type: Type, loc: Loc): Callee | undefined {
  const t = prune(type);
  const name = showType(t);
  switch (t.kind) {
    case 'unknown':
      return undefined;
    case 'stack':
      if (prune(t.element).kind === 'extern') return constructorOf(c, t.element, loc);
      break;
    case 'extern': {
      const by = substitutionOf(t.info.typeParams, t.args);
      const candidates = t.info.constructors.map((s) => ({ ...s, params: substituteParams(s.params, by), returns: t }));
      return { kind: 'constructor', name, decl: t.info.decl, candidates };
    }
    case 'package':
    case 'parser':
    case 'control': {
      const { decl, overloads = [] } = t.info;
      if (decl.kind === 'parser-type' || decl.kind === 'control-type') break;
      const candidates = [t.info, ...overloads].map((info, i): Signature => {
        const args = i === 0 ? t.args : info.typeParams.map(newHole);
        const params = substituteParams(constructorParamsOf(info), substitutionOf(info.typeParams, args));
        return { typeParams: [], params, returns: { kind: t.kind, info, args } as Type };
      });
      return { kind: 'constructor', name, decl, candidates };
    }
    default:
  }
  c.report('not-instantiable', { type: name }, loc);
  return undefined;
}

/** Finds which candidate the arguments fit, infers its types and checks the arguments. */
export function complete(
  c: Checker,
  callee: Callee,
  args: readonly Argument[],
  typeArgs: readonly TypeRef[] | undefined,
  loc: Loc,
): Call | undefined {
  const types = args.map((a) => (a.value ? checkExpr(c, a.value) : undefined));
  const given = typeArgs?.map((t) => resolveType(c, t, { holes: true }));
  const fitting = callee.candidates.filter((s) => match(callee.name, s.params, args) && (!given || given.length === s.typeParams.length));
  const [chosen, ...others] = callee.candidates.length === 1 ? callee.candidates : fitting;
  if (others.length > 0) {
    c.report('p4-ambiguous', { name: callee.name, count: args.length }, loc);
    return undefined;
  }
  if (!chosen) {
    c.report('p4-no-overload', { name: callee.name, count: args.length }, loc);
    return undefined;
  }
  if (given && given.length !== chosen.typeParams.length) {
    c.report('type-argument-count', { name: callee.name, got: given.length, expected: chosen.typeParams.length }, loc);
    return undefined;
  }
  const bound = match(callee.name, chosen.params, args, (code, problem) => c.report(code, problem, loc));
  if (!bound) return undefined;
  const { params, holes } = inferred(chosen, bound, types, args, given);
  if (!given && !concrete(c, chosen, params, bound, args)) return undefined;
  const exprs = bound.map((i) => (i === undefined ? undefined : args[i]?.value));
  let fine = true;
  for (const [i, p] of params.entries()) {
    const arg = bound[i] === undefined ? undefined : args[bound[i]];
    if (arg) fine = pass(c, callee, p, arg) && fine;
  }
  if (!fine) return undefined;
  const returns = substitute(chosen.returns, substitutionOf(chosen.typeParams, holes));
  const left = chosen.params.filter((_, i) => bound[i] === undefined).map((p) => p.type);
  const open = chosen.typeParams.find((n, i) => prune(holes[i] as Type).kind === 'hole' && n.text !== '_');
  if (open && ![chosen.returns, ...left].some((t) => mentions(t, open))) {
    c.report('p4-inference', { name: open.text, callee: callee.name }, loc);
  }
  const made = callee.kind === 'constructor' && 'info' in returns ? returns.info.decl : callee.decl;
  return {
    kind: callee.kind,
    name: callee.name,
    ...(made ? { decl: made as NonNullable<Call['decl']> } : {}),
    params,
    typeArgs: holes,
    returns,
    args: exprs,
  };
}

/** The names of type arguments that nothing tells, but for those that optional parameters alone have. */
function openTypes({ returns, params, args }: Call): readonly string[] {
  if (!('args' in returns)) return [];
  const left = params.filter((p, i) => !args[i] && !p.defaultType).map((p) => p.type);
  const open = returns.args.map(prune).filter((a): a is Hole => a.kind === 'hole' && a.name !== '_');
  return open.filter((hole) => !left.some((t) => occurs(hole, t))).map((hole) => hole.name);
}

/** Types that are inferred are types that can be written: not those of numbers without a width, or of fields alone. */
function concrete(
  c: Checker,
  chosen: Signature,
  params: readonly ParamInfo[],
  bound: readonly (number | undefined)[],
  args: readonly Argument[],
): boolean {
  for (const [i, p] of chosen.params.entries()) {
    const at = bound[i];
    const value = at === undefined ? undefined : args[at]?.value;
    const is = prune(params[i]?.type ?? unknown);
    if (!value || (p.type.kind !== 'var' && p.type.kind !== 'hole')) continue;
    const problem =
      is.kind === 'parser' || is.kind === 'control' || is.kind === 'package'
        ? `a ${is.kind}`
        : p.direction && is.kind === 'string'
          ? 'a string, which has no direction'
          : vague(is);
    if (!problem) continue;
    c.report('p4-inferred', { name: p.name, type: problem }, value.loc);
    return false;
  }
  return true;
}

function vague(type: Type): string | undefined {
  const t = prune(type);
  if (t.kind === 'integer') return 'a number without a width';
  if (t.kind === 'struct-value') return 'a list of fields without a type';
  if (t.kind === 'invalid') return '{#}, which may be of any header';
  if (t.kind === 'list-value' && t.partial) return 'a list with `...` in it';
  if (t.kind === 'list-value' || t.kind === 'tuple')
    return t.elements.some((element) => prune(element).kind === 'string')
      ? 'a list with a string in it'
      : t.elements.map(vague).find((v) => v);
  return isDataType(t) || t.kind === 'extern' ? undefined : showType(t);
}

const mentions = (type: Type, name: Signature['typeParams'][number]): boolean => {
  const probe: Type = { kind: 'void' };
  return showType(substitute(type, new Map([[name, probe]]))) !== showType(type);
};

function inferred(
  signature: Signature,
  bound: readonly (number | undefined)[],
  types: readonly (Type | undefined)[],
  args: readonly Argument[],
  given: readonly Type[] | undefined,
): { params: readonly ParamInfo[]; holes: readonly Type[] } {
  const holes = given ?? signature.typeParams.map((p): Type => ({ kind: 'hole', name: p.text }));
  const params = substituteParams(signature.params, substitutionOf(signature.typeParams, holes));
  for (const [i, p] of params.entries()) {
    const at = bound[i];
    if (at !== undefined && args[at]?.value && types[at]) infer(p.type, types[at]);
  }
  for (const [i, p] of params.entries()) if (bound[i] === undefined && p.defaultType) infer(p.type, p.defaultType);
  return { params, holes };
}

/** Reports why arguments do not fit parameters. */
type Refuse = <M extends Code>(code: M, params: Params<M>) => void;

/** For each parameter of `what` the index of its argument; undefined where the arguments do not fit. */
export function match(
  what: string,
  params: readonly ParamInfo[],
  args: readonly Argument[],
  refuse: Refuse = () => {},
): readonly (number | undefined)[] | undefined {
  const named = args.filter((a) => a.name).length;
  if (named > 0 && named < args.length) return void refuse('arguments-mixed', { what });
  const bound: (number | undefined)[] = params.map(() => undefined);
  for (const [i, a] of args.entries()) {
    const at = a.name ? params.findIndex((p) => p.name === a.name?.text) : i;
    const name = a.name?.text ?? '';
    if (a.name && at < 0) {
      const names = params.map((p) => p.name);
      return void refuse('unknown-argument', { what, name, names, suggestion: didYouMean(nearest(name, names)) });
    }
    if (at >= params.length) return void refuse('argument-count', { what, expected: String(params.length), got: args.length });
    if (bound[at] !== undefined) return void refuse('argument-twice', { what, name });
    bound[at] = i;
  }
  const missing = params.filter((p, i) => bound[i] === undefined && !p.optional);
  if (missing.length === 0) return bound;
  return void refuse('missing-argument', { what, name: missing.map((p) => p.name).join(', ') });
}

/** What is given for one parameter (P4-16 §6.8). */
function pass(c: Checker, callee: Callee, param: ParamInfo, arg: Argument): boolean {
  if (!arg.value) {
    if (param.direction === 'out' || callee.decl?.kind === 'package') return true;
    c.report('p4-dont-care', { name: param.name }, arg.loc);
    return false;
  }
  const expr = arg.value;
  if (param.direction === 'out' || param.direction === 'inout') return passReference(c, param, expr);
  if (!accept(c, expr, param.type)) return false;
  if (param.direction || callee.kind === 'action') return true;
  const given = callee.kind === 'builtin' ? undefined : givenBy(c, expr);
  if (given && given.of !== 'action') return true;
  if (given && callee.decl && callee.decl.loc.file !== c.file) {
    c.report('p4-action-data', { name: param.name, callee: callee.name }, expr.loc);
    return true;
  }
  return expectKnown(c, expr, `The argument for ${param.name} of ${callee.name}`);
}

/**
 * The parameter without a direction that the expression passes on (P4-16 §6.8). Calls of functions and blocks give known values
 * for it. Action data is known only when the program runs: there are include files of architectures that rely on p4c taking it.
 */
function givenBy(c: Checker, expr: Expr): (Entity & { kind: 'parameter' }) | undefined {
  switch (expr.kind) {
    case 'name': {
      const entity = c.entities.get(expr.path);
      return entity?.kind === 'parameter' && entity.decl.direction === undefined ? entity : undefined;
    }
    case 'cast':
      return givenBy(c, expr.arg);
    case 'member':
      return givenBy(c, expr.base);
    default:
      return undefined;
  }
}

function passReference(c: Checker, param: ParamInfo, expr: Expr): boolean {
  const type = c.typeOf(expr);
  if (type.kind === 'unknown') return true;
  if (!expectLValue(c, expr)) return false;
  if (same(type, param.type)) return true;
  c.report('type-mismatch', { got: showType(type), expected: showType(param.type) }, expr.loc);
  return false;
}
