/** Calls: of extern functions and methods, functions of the program, actions and blocks; and their arguments. */
import type { ArchMethod, ArchParam } from '../../arch/index.js';
import type { ActionDecl } from '../../ir/decl.js';
import type { Expr } from '../../ir/expr.js';
import { printExpr } from '../../ir/print.js';
import type { Callee, CallStmt } from '../../ir/stmt.js';
import { sameType, type Type, typeName } from '../../ir/types.js';
import type { OfKind } from '../../ir/visit.js';
import type { Loc } from '../../support/location.js';
import { checkTaken } from './argument-rules.js';
import { type Environment, inWords, type Place } from './environment.js';
import { checkExpr, checkLvalue, isConstant } from './expressions.js';
import { checkRanges } from './ranges.js';
import { checkType, hasVarbit } from './types.js';
import { checkGiven } from './update-functions.js';

/** What a parameter of any callee asks of its argument. */
export type Wanted = Pick<ArchParam, 'name' | 'type' | 'direction' | 'optional'>;
type Bindings = Map<string, Type>;

export function checkCall(env: Environment, call: CallStmt, place: Place): void {
  for (const type of call.typeArgs ?? []) checkType(env, type, call.loc);
  const check = callees[call.callee.kind] as (c: Callee, call: CallStmt, env: Environment, place: Place) => Type | undefined;
  const returned = check(call.callee, call, env, place);
  if (!call.result || call.given) return;
  checkLvalue(env, call.result, place);
  if (returned === undefined) return;
  if (returned.kind === 'void') env.report('no-result', { what: describe(call.callee) }, call.loc);
  else if (!sameType(returned, call.result.type))
    env.report('type-mismatch', { got: typeName(returned), expected: typeName(call.result.type) }, call.loc);
}

/** Arguments against parameters; `bindings` collects what type variables stand for. */
export function checkArguments(
  env: Environment,
  what: string,
  wanted: readonly Wanted[],
  args: readonly Expr[],
  place: Place,
  loc: Loc,
  bindings: Bindings = new Map(),
  variables: readonly string[] = [],
): void {
  for (const [i, arg] of args.entries()) {
    const param = wanted[i];
    if (param && arg.kind === 'default' && param.optional) continue;
    if (param?.direction === 'out' || param?.direction === 'inout') checkLvalue(env, arg, place);
    else checkExpr(env, arg, place);
    if (param && !unify(param.type, arg.type, bindings, variables))
      env.report('type-mismatch', { got: typeName(arg.type), expected: typeName(substitute(param.type, bindings)) }, arg.loc);
  }
  const least = wanted.filter((param) => !param.optional).length;
  if (args.length < least || args.length > wanted.length) {
    const expected = least === wanted.length ? String(least) : `${least} to ${wanted.length}`;
    env.report('argument-count', { what, expected, got: args.length }, loc);
  }
}

/** Arguments that are given where the program is loaded: constructor arguments, arguments of default actions and entries. */
export function checkConstants(env: Environment, args: readonly Expr[], place: Place): void {
  for (const arg of args) {
    if (!isConstant(arg, place)) env.report('not-constant', { what: `\`${printExpr(arg)}\`` }, arg.loc);
  }
}

/** Binds type variables of `param` so that it is `arg`. */
export function unify(param: Type, arg: Type, bindings: Bindings, variables: readonly string[]): boolean {
  if (param.kind === 'named' && variables.includes(param.name)) {
    const bound = bindings.get(param.name);
    if (!bound) bindings.set(param.name, arg);
    return !bound || sameType(bound, arg);
  }
  return sameType(substitute(param, bindings), arg);
}

function substitute(type: Type, bindings: Bindings): Type {
  if (type.kind !== 'named') return type;
  return bindings.get(type.name) ?? (type.args ? { ...type, args: type.args.map((arg) => substitute(arg, bindings)) } : type);
}

/** An action's parameters as a call of it sees them: the control plane's are plain inputs. */
export const actionParams = (action: ActionDecl): readonly Wanted[] => action.params;

const callees: {
  readonly [K in Callee['kind']]: (c: OfKind<Callee, K>, call: CallStmt, env: Environment, place: Place) => Type | undefined;
} = {
  function(callee, call, env, place) {
    const overloads = env.functions.get(callee.name);
    if (overloads) {
      checkRanges(env, call);
      return checkExternCall(env, callee.name, overloads, call, place, new Map(), []);
    }
    const known = new Set([...env.functions.keys(), ...place.scope.names((e) => e.kind === 'function')]);
    if (!known.has(callee.name)) {
      env.unknown('function', callee.name, known, call.loc);
      return undefined;
    }
    const fn = env.function(callee.name, place, call.loc);
    if (!fn) return undefined;
    checkArguments(env, `The function ${fn.name}`, fn.params, call.args, place, call.loc);
    return fn.returns;
  },

  method(callee, call, env, place) {
    checkExpr(env, callee.object, place);
    const extern = env.extern(callee.object.type);
    const overloads = extern?.methods.filter((m) => m.name === callee.method && !m.abstract) ?? [];
    if (!extern || overloads.length === 0) {
      env.unknown(`method of \`${printExpr(callee.object)}\``, callee.method, extern?.methods.map((m) => m.name) ?? [], call.loc);
      return undefined;
    }
    const typeArgs = callee.object.type.kind === 'named' ? (callee.object.type.args ?? []) : [];
    const bindings: Bindings = new Map(extern.typeParams?.map((v, i) => [v, typeArgs[i] as Type]));
    const returned = checkExternCall(
      env,
      `${printExpr(callee.object)}.${callee.method}`,
      overloads,
      call,
      place,
      bindings,
      extern.typeParams ?? [],
    );
    checkPacketCall(env, call);
    checkIndex(env, callee.object, call, place);
    return returned;
  },

  action(callee, call, env, place) {
    if (place.kind !== 'apply' && place.kind !== 'action') {
      env.report('wrong-place', { what: `The action ${callee.name}`, where: inWords(place) }, call.loc);
      return undefined;
    }
    const action = env.action(callee.name, place, call.loc);
    if (action) checkArguments(env, `The action ${callee.name}`, actionParams(action), call.args, place, call.loc);
    return { kind: 'void' };
  },

  block(callee, call, env, place) {
    const instance = env.instance(callee.instance, place, call.loc);
    const block = instance && env.blocks.get(instance.type.name);
    if (!instance) return undefined;
    if (!block) env.report('operand-type', { op: 'apply', types: typeName(instance.type) }, call.loc);
    else {
      if (place.kind !== (block.kind === 'parser' ? 'parser' : 'apply'))
        env.report('wrong-place', { what: `The ${block.kind} ${block.name}`, where: inWords(place) }, call.loc);
      checkArguments(env, `The ${block.kind} ${block.name}`, block.params, call.args, place, call.loc);
    }
    return { kind: 'void' };
  },
};

function checkExternCall(
  env: Environment,
  what: string,
  overloads: readonly ArchMethod[],
  call: CallStmt,
  place: Place,
  bindings: Bindings,
  outer: readonly string[],
): Type | undefined {
  const takes = (m: ArchMethod): boolean => m.params.length === call.args.length;
  const method = overloads.find(takes) ?? overloads[0];
  if (!method) return undefined;
  checkBlock(env, method, what, call.loc, place);
  checkTaken(env, what, call);
  const variables = [...outer, ...(method.typeParams ?? [])];
  if (call.typeArgs) {
    if (call.typeArgs.length !== (method.typeParams?.length ?? 0))
      env.report(
        'argument-count',
        { what: `${what}, for types,`, expected: String(method.typeParams?.length ?? 0), got: call.typeArgs.length },
        call.loc,
      );
    for (const [i, variable] of (method.typeParams ?? []).entries()) {
      const type = call.typeArgs[i];
      if (type) bindings.set(variable, type);
    }
  }
  if (method.givenCell) checkGiven(env, what, call, substitute(method.givenCell, bindings), place);
  else if (call.given) env.report('argument-count', { what, expected: '0', got: 1 }, call.given.loc);
  checkArguments(
    env,
    what,
    [...method.params, ...controllerFields(env, method, call.loc)],
    call.args,
    place,
    call.loc,
    bindings,
    variables,
  );
  return substitute(method.returns, bindings);
}

function checkBlock(env: Environment, method: ArchMethod, what: string, loc: Loc, { block }: Place): void {
  if (!method.blocks || !block || method.blocks.includes(block.name) || method.blocks.includes(block.kind)) return;
  const named = method.blocks.map((name) => env.arch.blocks.find((b) => b.name === name)?.type.toLowerCase() ?? name);
  const params = { what: `\`${what}\``, here: block.type.toLowerCase(), blocks: named.join(' or ') };
  // P4 has no rule against it: what a target says of it is up to the target.
  if (env.isP4) env.report('call-without-effect', params, loc);
  else env.report('wrong-block', params, loc);
}

function controllerFields(env: Environment, method: ArchMethod, loc: Loc): readonly Wanted[] {
  if (method.fieldsOf === undefined) return [];
  const header = env.controllerHeader(method.fieldsOf);
  if (!header) {
    env.unknown('controller header', method.fieldsOf, [], loc);
    return [];
  }
  return header.fields.map((f) => ({ ...f, direction: 'in' as const }));
}

/** Warns of a cell that the object does not have. */
function checkIndex(env: Environment, object: Expr, call: CallStmt, place: Place): void {
  const index = env.argument(call, 'index');
  const decl = object.kind === 'name' ? place.scope.find(object.name, (e) => e.kind === 'instance')?.decl : undefined;
  const size = decl?.kind === 'instance' ? env.constructorArgument(decl, 'size') : undefined;
  if (index?.kind === 'const' && size?.kind === 'const' && index.value >= size.value)
    env.report('cell-index', { name: printExpr(object), index: `${index.value}`, size: `${size.value}` }, index.loc);
}

/** What core.p4's packets accept: headers to extract, whatever holds headers to emit (P4-16 §13.8, §16). */
function checkPacketCall(env: Environment, call: CallStmt): void {
  const [arg] = call.args;
  const role = env.externMethod(call)?.role;
  if (!arg) return;
  const decl = env.declaration(arg.type);
  if (role === 'extract') {
    if (decl?.kind !== 'header') {
      const help = arg.type.kind === 'stack' ? 'extract one element of the stack, its next' : 'extract a header';
      env.report('operand-type', { op: 'extract', types: typeName(arg.type) }, arg.loc, { help });
    } else if (hasVarbit(decl) !== (call.args.length === 2))
      env.report(
        'argument-count',
        { what: `extract of ${decl.name}`, expected: hasVarbit(decl) ? '2' : '1', got: call.args.length },
        call.loc,
      );
  }
  if (role === 'emit' && !holdsHeaders(env, arg.type)) env.report('operand-type', { op: 'emit', types: typeName(arg.type) }, arg.loc);
}

function holdsHeaders(env: Environment, type: Type): boolean {
  if (type.kind === 'stack') return true;
  const decl = env.declaration(type);
  if (decl?.kind === 'struct') return decl.fields.every((f) => holdsHeaders(env, f.type));
  return decl?.kind === 'header' || decl?.kind === 'header_union';
}

function describe(callee: Callee): string {
  switch (callee.kind) {
    case 'function':
      return `\`${callee.name}\``;
    case 'method':
      return `\`${printExpr(callee.object)}.${callee.method}\``;
    case 'action':
      return `The action ${callee.name}`;
    case 'block':
      return `\`${callee.instance}\``;
  }
}
