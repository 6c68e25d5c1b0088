/** Parameters: their types, directions and defaults (P4-16 §6.8). */
import type { Name, Param, TypeRef } from '../ast.js';
import { checkAnnotations } from './annotations.js';
import { type Checker, unique } from './context.js';
import { expectExpr, expectKnown } from './expect.js';
import type { ParameterOf } from './scope.js';
import { resolveType } from './type-refs.js';
import { newHole, type ParamInfo, prune, type Signature, showType, substitute, substitutionOf, type Type } from './types.js';

/** Whose parameters they are. */
export type ParamsOf = 'action' | 'block' | 'block-type' | 'constructor' | 'extern' | 'extern-constructor' | 'function' | 'package';

const takesOptional: readonly ParamsOf[] = ['extern', 'extern-constructor', 'package', 'block-type', 'block'];

/** `vars` are the type parameters of what they are of: defaults may be of any type that these may be. */
export function resolveParams(c: Checker, params: readonly Param[], of: ParamsOf, vars: readonly Name[] = []): readonly ParamInfo[] {
  unique(
    c,
    params.map((p) => p.name),
    'parameter',
  );
  const infos = params.map((p) => resolveParam(c, p, of, vars));
  if (of === 'action') directionlessLast(c, params);
  return infos;
}

function resolveParam(c: Checker, param: Param, of: ParamsOf, vars: readonly Name[]): ParamInfo {
  const type = prune(resolveType(c, param.type));
  checkAnnotations(c, param.annotations);
  const optional = param.annotations.some((a) => a.name === 'optional');
  const { direction } = param;
  const name = param.name.text;
  checkParamType(c, param, type, of);
  if (optional && !takesOptional.includes(of)) c.report('parameter-optional', { name }, param.loc);
  if (param.default) {
    if (optional) c.report('parameter-default', { name, is: 'optional' }, param.loc);
    else if (direction === 'out' || direction === 'inout') {
      c.report('parameter-default', { name, is: direction }, param.loc);
    }
    const any = substitute(type, substitutionOf(vars, vars.map(newHole)));
    if (expectExpr(c, param.default, any)) expectKnown(c, param.default, `The default of ${name}`);
  }
  return {
    name,
    decl: param,
    type,
    ...(direction ? { direction } : {}),
    optional: optional || param.default !== undefined,
    ...(param.default ? { defaultType: c.typeOf(param.default) } : {}),
  };
}

function checkParamType(c: Checker, param: Param, type: Type, of: ParamsOf): void {
  const { direction, loc } = param;
  const name = param.name.text;
  const isGiven = of === 'package' || of === 'constructor';
  const never = (type: string, of?: string): void => c.report('parameter-type', { name, type, of }, loc);
  const undirected = (): void => {
    const because = `a parameter of type ${showType(type)} has no direction`;
    if (direction) c.report('parameter-direction', { name, direction, because }, loc);
  };
  switch (type.kind) {
    case 'parser':
    case 'control':
      if (!isGiven) never(`a ${type.kind}`);
      else if (type.info.decl.kind === type.kind) c.report('parameter-block-type', { name, type: showType(type) }, loc);
      else undirected();
      return;
    case 'package':
      if (isGiven) undirected();
      else never('a package');
      return;
    case 'extern':
      if (of === 'action') never('an object', 'an action');
      else undirected();
      return;
    case 'string':
    case 'integer':
      if (of === 'action' && type.kind === 'integer') never('int', 'an action');
      else undirected();
      return;
    default: {
      const because = 'a constructor takes only values that are known when the program is compiled';
      if (direction && (isGiven || of === 'extern-constructor')) c.report('parameter-direction', { name, direction, because }, loc);
    }
  }
}

/** The control plane gives the last ones (P4-16 §14.1). */
function directionlessLast(c: Checker, params: readonly Param[]): void {
  const first = params.findIndex((p) => !p.direction);
  const late = first < 0 ? undefined : params.slice(first).find((p) => p.direction);
  const at = params[first];
  if (late && at) c.report('parameter-order', { name: at.name.text }, at.loc);
}

/** Puts the parameters into the scope. */
export function declareParams(c: Checker, params: readonly ParamInfo[], of: ParameterOf): void {
  for (const { decl, type } of params) {
    if (!decl) continue;
    const there = c.scope.names.get(decl.name.text);
    // Those of one list are compared where they are resolved.
    if (there?.kind !== 'parameter' || there.of !== of) c.declare({ kind: 'parameter', name: decl.name, decl, type, of });
  }
}

/** Type parameters and parameters have different names. */
export function distinctFrom(c: Checker, typeParams: readonly Name[], params: readonly Param[]): void {
  for (const { name } of params) {
    const first = typeParams.find((t) => t.text === name.text);
    const where = { notes: [{ message: 'it is declared here', loc: first?.loc ?? name.loc }] };
    if (first) c.report('duplicate-name', { name: name.text, what: 'type parameter' }, name.loc, where);
  }
}

/** What a function, a method or an extern function takes and returns; type parameters are in scope already. */
export function resolveSignature(
  c: Checker,
  decl: { readonly returns: TypeRef; readonly typeParams: readonly Name[]; readonly params: readonly Param[] },
  of: ParamsOf,
): Signature {
  const returns = prune(resolveType(c, decl.returns));
  if (['parser', 'control', 'package', 'integer'].includes(returns.kind) && !(of === 'function' && returns.kind === 'integer')) {
    c.report('p4-return-type', { type: showType(returns) }, decl.returns.loc);
  }
  distinctFrom(c, decl.typeParams, decl.params);
  return { typeParams: decl.typeParams, params: resolveParams(c, decl.params, of), returns };
}
