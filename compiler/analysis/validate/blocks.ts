/** Declarations within parsers and controls, the blocks' parameters, and how they fill the architecture's package. */
import type { ArchBlock } from '../../arch/index.js';
import type { ActionDecl, ControlDecl, FunctionDecl, InstanceDecl, LocalDecl, Param, ParserDecl, TableDecl } from '../../ir/decl.js';
import { type StructDecl, type Type, typeName } from '../../ir/types.js';
import type { OfKind } from '../../ir/visit.js';
import { nowhere } from '../../support/location.js';
import { checkArguments, checkConstants, unify } from './calls.js';
import { checkDirectMeters } from './direct-meters.js';
import { type Entity, type Environment, type Place, Scope } from './environment.js';
import { checkTyped, isConstant } from './expressions.js';
import { declareName } from './names.js';
import { checkStates } from './parsers.js';
import { checkBlock, checkStatements } from './statements.js';
import { checkShared, checkTable } from './tables.js';
import { checkType, checkTypeArguments } from './types.js';

/** The program's constants, functions, actions and extern objects. */
export function checkTopLevel(env: Environment): void {
  const { constants, functions, actions, instances } = env.program;
  const decls = [...constants, ...instances, ...functions, ...actions];
  checkLocals(env, decls, { scope: env.top, kind: 'declaration', order: 0 });
}

export function checkProgramBlock(env: Environment, block: ParserDecl | ControlDecl): void {
  const own = env.roleOf(block);
  const archBlock = own ?? blockAround(env, block);
  const scope = new Scope(env.top);
  for (const param of block.params) checkParam(env, param, scope);
  for (const param of block.constructorParams ?? []) {
    checkType(env, param.type, param.loc);
    // They are known where the block is instantiated.
    declareName(env, scope, param.name, 'parameter', { kind: 'constant', type: param.type, writable: false, loc: param.loc });
  }
  const place: Place = {
    scope,
    kind: 'declaration',
    order: Number.POSITIVE_INFINITY,
    inside: block,
    ...(archBlock ? { block: archBlock } : {}),
  };
  checkLocals(env, block.locals, place);
  checkShared(
    env,
    block.locals.filter((l): l is TableDecl => l.kind === 'table'),
  );
  if (block.kind === 'parser') {
    checkStates(env, block, { ...place, kind: 'parser' });
    return;
  }
  checkBlock(env, block.body, { ...place, kind: 'apply' });
  checkDirectMeters(env, block);
  if (own?.calls && !env.isP4) checkOnlyCalls(env, block, own, own.calls);
}

/** The block of the architecture in which a parser or control can run, where one of its own types tells. */
function blockAround(env: Environment, block: ParserDecl | ControlDecl): ArchBlock | undefined {
  const own = new Set(env.arch.structs.map((s) => s.name));
  const types = block.params.map((p) => typeName(p.type)).filter((name) => own.has(name));
  const around = env.arch.blocks.filter((b) => b.kind === block.kind && b.params.some((p) => types.includes(typeName(p.type))));
  return around.length === 1 ? around[0] : undefined;
}

/** The blocks that main names: of the right kind, with the parameters that the architecture gives them. */
export function checkMain(env: Environment): void {
  const { main } = env.program;
  const { arch } = env;
  const [expected, got] = [arch.blocks.length, main.blocks.length];
  if (main.package !== arch.package)
    env.report('main-package', { package: main.package, arch: arch.name, expected: arch.package }, nowhere);
  else if (got !== expected) env.report('main-blocks', { package: main.package, expected, got }, nowhere);
  else if (new Set(main.blocks).size !== got) env.report('main-block-twice', { package: main.package }, nowhere);
  else {
    const bindings = new Map<string, Type>();
    for (const [i, expected] of arch.blocks.entries()) {
      const name = main.blocks[i] as string;
      const block = env.blocks.get(name);
      if (block?.kind === expected.kind) checkParams(env, block, expected, bindings);
      else env.unknown(expected.kind, name, [...env.blocks.keys()], nowhere);
    }
    for (const variable of arch.typeParams) checkTypeArgument(env, variable, bindings.get(variable));
  }
}

/** What the blocks have for the architecture's type variables. */
function checkTypeArgument(env: Environment, variable: string, type: Type | undefined): void {
  if (!type) return;
  const holding = env.arch.holding[variable];
  if (!holding) return;
  const decl = env.declaration(type);
  if (env.isP4) return;
  if (decl?.kind !== 'struct') env.report('not-a-struct', { type: typeName(type), package: env.arch.package }, nowhere);
  else if (holding === 'headers') checkHeaders(env, decl);
}

/** The struct of headers holds headers, unions and stacks of them. */
function checkHeaders(env: Environment, struct: StructDecl): void {
  for (const field of struct.fields) {
    if (field.type.kind !== 'stack' && !env.isHeader(field.type) && !env.isUnion(field.type))
      env.report('headers-field', { field: field.name, type: typeName(field.type) }, field.loc);
  }
}

function checkParams(env: Environment, block: ParserDecl | ControlDecl, expected: ArchBlock, bindings: Map<string, Type>): void {
  const fits =
    block.params.length === expected.params.length &&
    expected.params.every((wanted, i) => {
      const param = block.params[i] as Param;
      return param.direction === wanted.direction && unify(wanted.type, param.type, bindings, env.arch.typeParams);
    });
  if (fits && !block.constructorParams?.length) return;
  const shown = expected.params.map(
    (p) => `${p.direction ? `${p.direction} ` : ''}${typeName(bindings.get(typeName(p.type)) ?? p.type)} ${p.name}`,
  );
  env.report('bad-block', { block: block.name, expected: `(${shown.join(', ')})` }, block.loc);
}

function checkOnlyCalls(env: Environment, control: ControlDecl, block: ArchBlock, calls: readonly string[]): void {
  const shown = { block: block.type.toLowerCase(), calls: [calls.slice(0, -1).join(', '), calls.at(-1)].filter(Boolean).join(' and ') };
  for (const local of control.locals) env.report('block-statement', shown, local.loc);
  for (const stmt of control.body) {
    const callee = stmt.kind === 'call' ? stmt.callee : undefined;
    const name = callee?.kind === 'function' ? callee.name : callee?.kind === 'method' ? callee.method : undefined;
    if (name === undefined || !calls.includes(name)) env.report('block-statement', shown, stmt.loc);
  }
}

// ── declarations ──

function checkLocals(env: Environment, decls: readonly LocalDecl[], place: Place): void {
  const ordered = decls.map((decl) => ({ decl, order: env.nextOrder() }));
  for (const { decl, order } of ordered) declareName(env, place.scope, decl.name, kindNames[decl.kind], entityOf(decl, order));
  for (const { decl, order } of ordered) {
    (locals[decl.kind] as (d: LocalDecl, env: Environment, place: Place) => void)(decl, env, { ...place, order });
  }
}

export const kindNames: Readonly<Record<LocalDecl['kind'], string>> = {
  constant: 'constant',
  variable: 'variable',
  instance: 'object',
  action: 'action',
  function: 'function',
  table: 'table',
  'value-set': 'value set',
};

const entityOf = (decl: LocalDecl, order: number): Entity => ({
  kind: decl.kind,
  ...('type' in decl && decl.kind !== 'value-set' ? { type: decl.type } : {}),
  writable: decl.kind === 'variable',
  loc: decl.loc,
  decl,
  order,
});

const locals: { readonly [K in LocalDecl['kind']]: (d: OfKind<LocalDecl, K>, env: Environment, place: Place) => void } = {
  constant(decl, env, place) {
    if (!checkType(env, decl.type, decl.loc)) return;
    checkTyped(env, decl.value, decl.type, place);
    if (!isConstant(decl.value, place)) env.report('not-constant', { what: `The constant ${decl.name}` }, decl.value.loc);
  },
  variable(decl, env, place) {
    if (checkType(env, decl.type, decl.loc) && decl.init) checkTyped(env, decl.init, decl.type, place);
  },
  instance: checkInstance,
  action: checkAction,
  function: checkFunction,
  table: (decl, env, place) => checkTable(env, decl, place),
  'value-set': (decl, env) => void checkType(env, decl.type, decl.loc),
};

function checkInstance(decl: InstanceDecl, env: Environment, place: Place): void {
  if (!checkType(env, decl.type, decl.loc)) return;
  checkTypeArguments(env, decl);
  const extern = env.extern(decl.type);
  const block = env.blocks.get(decl.type.name);
  const constructors = extern?.constructors ?? (block ? [block.constructorParams ?? []] : []);
  const [first] = constructors;
  if (!first) {
    env.report('not-instantiable', { type: typeName(decl.type) }, decl.loc);
    return;
  }
  if (block && !declaredBefore(env, block, place)) env.report('declared-later', { what: block.kind, name: block.name }, decl.loc);
  const variables = extern?.typeParams ?? [];
  const bindings = new Map(variables.map((v, i) => [v, decl.type.args?.[i] as Type]));
  const params = constructors.find((c) => c.length === decl.args.length) ?? first;
  checkArguments(env, `The constructor of ${decl.type.name}`, params, decl.args, place, decl.loc, bindings, variables);
  checkConstants(env, decl.args, place);
  const abstract = extern?.methods.filter((m) => m.abstract) ?? [];
  for (const method of decl.methods ?? []) {
    if (!abstract.some((m) => m.name === method.name))
      env.unknown(
        `abstract method of ${decl.type.name}`,
        method.name,
        abstract.map((m) => m.name),
        method.loc,
      );
    checkFunction(method, env, { ...place, scope: new Scope(place.scope) });
  }
  const missing = abstract.find((m) => !decl.methods?.some((given) => given.name === m.name));
  if (missing) env.report('missing-argument', { what: typeName(decl.type), name: missing.name }, decl.loc);
}

/** Whether the block stands before the one whose declarations are at `place`. */
function declaredBefore(env: Environment, block: ParserDecl | ControlDecl, { inside }: Place): boolean {
  const blocks = [...env.blocks.values()];
  return inside === undefined || blocks.indexOf(block) < blocks.indexOf(inside);
}

function checkAction(decl: ActionDecl, env: Environment, outer: Place): void {
  const scope = new Scope(outer.scope);
  for (const param of decl.params) checkParam(env, param, scope);
  const direction = decl.params.findIndex((p) => p.direction === undefined);
  const late = direction < 0 ? undefined : decl.params.slice(direction).find((p) => p.direction !== undefined);
  const early = decl.params[direction];
  if (late && early) env.report('parameter-order', { name: early.name }, early.loc);
  checkBlock(env, decl.body, { ...outer, scope, kind: 'action' });
}

function checkFunction(decl: FunctionDecl, env: Environment, outer: Place): void {
  checkType(env, decl.returns, decl.loc);
  const scope = new Scope(outer.scope);
  for (const param of decl.params) checkParam(env, param, scope);
  const goesOn = checkStatements(env, decl.body, { ...outer, scope: new Scope(scope), kind: 'function', returns: decl.returns });
  if (goesOn && decl.returns.kind !== 'void') env.report('missing-return', { name: decl.name, type: typeName(decl.returns) }, decl.loc);
}

function checkParam(env: Environment, param: Param, scope: Scope): void {
  checkType(env, param.type, param.loc);
  const writable = param.direction === 'out' || param.direction === 'inout';
  declareName(env, scope, param.name, 'parameter', { kind: 'parameter', type: param.type, writable, loc: param.loc });
}
