/** Objects: instances of externs, parsers, controls and packages, and what they implement (P4-16 §11.3). */
import type { FunctionDecl, InstanceDecl } from '../ast.js';
import { instantiate } from './calls.js';
import { type Checker, unique } from './context.js';
import { declareParams, resolveSignature } from './params.js';
import { placeInWords } from './placement.js';
import { declareTypeParams, resolveType } from './type-refs.js';
import {
  type ExternType,
  type Method,
  type ParamInfo,
  prune,
  type Signature,
  sameType,
  showType,
  substitute,
  substituteParams,
  substitutionOf,
  type Type,
  unknown,
} from './types.js';

export function declareInstance(c: Checker, decl: InstanceDecl): void {
  const type = prune(resolveType(c, decl.type, { generic: true, holes: true }));
  checkWhere(c, decl, type);
  const made = instantiate(c, type, decl, decl.type.loc);
  if (decl.name.text === 'main' && c.place.in === 'top' && type.kind !== 'package' && type.kind !== 'unknown') {
    c.report('p4-main', { what: showType(type) }, decl.loc);
  }
  if (type.kind === 'extern') implement(c, decl, type);
  else if (decl.members) {
    if (type.kind !== 'unknown') c.report('nothing-to-implement', { name: decl.name.text, type: showType(type) }, decl.loc);
  }
  c.declare({ kind: 'instance', name: decl.name, decl, type: made });
}

function checkWhere(c: Checker, decl: InstanceDecl, type: Type): void {
  const at = c.place.in;
  const inBody = at === 'apply' || at === 'action' || at === 'function' || at === 'state';
  const wrong =
    inBody ||
    (at === 'top' && (type.kind === 'parser' || type.kind === 'control')) ||
    (at === 'parser' && type.kind === 'control') ||
    (at === 'control' && type.kind === 'parser') ||
    (at !== 'top' && type.kind === 'package');
  if (!wrong || type.kind === 'unknown') return;
  const where =
    at === 'top' ? 'at the top of the program' : at === 'parser' ? 'in a parser' : at === 'control' ? 'in a control' : placeInWords(c);
  c.report('wrong-place', { what: `An instance of ${showType(type)}`, where }, decl.loc);
}

function implement(c: Checker, decl: InstanceDecl, type: ExternType): void {
  const abstract = type.info.methods.filter((m) => m.abstract);
  const by = substitutionOf(type.info.typeParams, type.args);
  const name = decl.name.text;
  const members = decl.members ?? [];
  if (decl.members && abstract.length === 0) {
    c.report('nothing-to-implement', { name, type: showType(type) }, decl.loc);
    for (const m of members) if (m.kind === 'function') unique(c, m.typeParams, 'type parameter');
    return;
  }
  c.within(
    () => {
      for (const m of members) if (m.kind === 'instance') declareInstance(c, m);
      for (const m of members) if (m.kind === 'function') implementOne(c, m, abstract, by, type);
    },
    { in: c.place.in === 'top' ? 'top' : c.place.in, self: type },
  );
  for (const m of abstract) {
    if (m.optional || members.some((x) => x.kind === 'function' && x.name.text === m.name)) continue;
    c.report('method-missing', { name, type: showType(type), method: m.name }, decl.loc);
  }
}

function implementOne(
  c: Checker,
  fn: FunctionDecl,
  abstract: readonly Method[],
  by: Parameters<typeof substitute>[1],
  type: ExternType,
): void {
  const name = fn.name.text;
  c.within(() => {
    declareTypeParams(c, fn.typeParams);
    const signature = resolveSignature(c, fn, 'extern');
    const method =
      abstract.find((m) => m.name === name && m.params.length === signature.params.length) ?? abstract.find((m) => m.name === name);
    if (!method) c.report('not-abstract', { type: showType(type), method: name }, fn.loc);
    else {
      const vars = substitutionOf(
        method.typeParams,
        fn.typeParams.map((n): Type => ({ kind: 'var', name: n })),
      );
      const expected = {
        ...method,
        params: substituteParams(substituteParams(method.params, by), vars),
        returns: substitute(substitute(method.returns, by), vars),
      };
      if (!sameSignature(signature, expected)) {
        c.report('method-signature', { type: showType(type), method: name }, fn.loc);
      }
    }
    declareParams(c, signature.params, 'function');
    c.parts.functionBody(c, fn, signature);
  });
}

function sameSignature(a: Signature, b: Signature): boolean {
  if (a.typeParams.length !== b.typeParams.length || !sameType(a.returns, b.returns)) return false;
  // Parameters are those of the method by their places: optional ones may be left out, as arguments may.
  const fits = (p: ParamInfo, q: ParamInfo | undefined): boolean => p.direction === q?.direction && sameType(p.type, q?.type ?? unknown);
  return a.params.every((p, i) => fits(p, b.params[i])) && b.params.slice(a.params.length).every((q) => q.optional);
}
