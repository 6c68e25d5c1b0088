/** What a program declares at its top (P4-16 §7, §10 to §17). */
import { isSized, mayBeField } from '../../ir/rules.js';
import { misfit } from '../../support/bits.js';
import type {
  ControlDecl,
  ControlTypeDecl,
  Decl,
  EnumDecl,
  ExternDecl,
  Name,
  NewtypeDecl,
  PackageDecl,
  ParserDecl,
  ParserTypeDecl,
  StructLikeDecl,
  TypedefDecl,
} from '../ast.js';
import { checkAnnotations } from './annotations.js';
import { checkControl, declareAction, declareFunction, sameNames, sameParameters, tooMany } from './blocks.js';
import { type Checker, unique } from './context.js';
import { accept } from './convert.js';
import { checkExpr, expectKnown } from './expect.js';
import { declareInstance } from './instances.js';
import { distinctFrom, resolveParams, resolveSignature } from './params.js';
import { checkParser } from './parsers.js';
import { limited } from './size.js';
import { declareConstant } from './statements.js';
import { declareTypeParams, fieldShape, resolveType } from './type-refs.js';
import {
  type BlockInfo,
  constructorParamsOf,
  type ExternInfo,
  type Method,
  newHole,
  type PackageInfo,
  type PackageType,
  type ParamInfo,
  prune,
  type Signature,
  type SizedType,
  type StructInfo,
  showType,
  type Type,
  unknown,
  voidType,
} from './types.js';
import { integerOf } from './values.js';

export function declare(c: Checker, decl: Decl): void {
  if ('annotations' in decl) checkAnnotations(c, decl.annotations);
  if ('name' in decl && decl.name.text === 'main' && decl.kind !== 'instance' && decl.kind !== 'function')
    c.report('p4-main', { what: `the name of ${inWords(decl)}` }, decl.name.loc);
  switch (decl.kind) {
    case 'constant':
      declareConstant(c, decl);
      break;
    case 'instance':
      declareInstance(c, decl);
      break;
    case 'extern':
      declareExtern(c, decl);
      break;
    case 'extern-function':
    case 'function':
      declareFunction(c, decl);
      break;
    case 'action':
      declareAction(c, decl);
      break;
    case 'parser':
    case 'control':
    case 'parser-type':
    case 'control-type':
      declareBlock(c, decl);
      break;
    case 'package':
      declarePackage(c, decl);
      break;
    case 'header':
    case 'struct':
    case 'header_union':
      declareStruct(c, decl);
      break;
    case 'enum':
      declareEnum(c, decl);
      break;
    case 'error':
    case 'match_kind':
      declareMembers(c, decl);
      break;
    case 'typedef':
      declareTypedef(c, decl);
      break;
    case 'newtype':
      declareNewtype(c, decl);
      break;
  }
}

const inWords = (decl: Decl): string => `${/^[aeiou]/.test(decl.kind) ? 'an' : 'a'} ${decl.kind.replace(/[-_]/g, ' ')}`;

function declareMembers(c: Checker, decl: Decl & { kind: 'error' | 'match_kind' }): void {
  const list = decl.kind === 'error' ? c.errors : c.matchKinds;
  const known = c.declared[decl.kind];
  for (const { text, loc } of decl.members) {
    if (known.has(text)) c.report('duplicate-name', { name: text, what: decl.kind }, loc);
    else list.push(text);
    known.add(text);
    if (decl.kind === 'match_kind' && loc.file === c.file) c.ownMatchKinds.add(text);
  }
}

function declareStruct(c: Checker, decl: StructLikeDecl): void {
  c.open(decl.name, decl.kind);
  const info: StructInfo = { decl, typeParams: decl.typeParams, fields: [] };
  unique(
    c,
    decl.fields.map((f) => f.name),
    'field',
  );
  c.within(() => {
    declareTypeParams(c, decl.typeParams);
    info.fields = decl.fields.map((f, i) => {
      if (f.annotations.length > 0) {
        const before = decl.fields.slice(0, i).map((g) => g.name.text);
        checkAnnotations(c, f.annotations, before);
      }
      const type = prune(resolveType(c, f.type));
      if (!mayBeField(decl.kind, type, fieldShape))
        c.report('field-type', { kind: decl.kind, field: f.name.text, type: showType(type) }, f.loc);
      return { name: f.name.text, type };
    });
  });
  const make = (args: readonly Type[]): Type => ({ kind: decl.kind, info, args });
  const own = make(decl.typeParams.map((name) => ({ kind: 'var', name })));
  const isLimited = limited(c, own, decl.name.loc) === own;
  if (!isLimited) info.fields = [];
  c.declare({ kind: 'type', name: decl.name, params: decl.typeParams, make: isLimited ? make : () => unknown });
}

function declareEnum(c: Checker, decl: EnumDecl): void {
  unique(
    c,
    decl.members.map((m) => m.name),
    'member',
  );
  const base = decl.base && prune(resolveType(c, decl.base));
  if (base && !isSized(base) && base.kind !== 'unknown') c.report('p4-enum-base', { type: showType(base) }, (decl.base ?? decl).loc);
  const sized = base && isSized(base) ? base : undefined;
  const type: Type = { kind: 'enum', decl, ...(sized ? { base: sized } : {}) };
  if (sized) {
    c.within(() => {
      for (const m of decl.members) {
        const value = memberValue(c, m, sized);
        if (!c.scope.names.has(m.name.text)) c.declare({ kind: 'member', name: m.name, type, ...(value === undefined ? {} : { value }) });
      }
    });
  }
  c.declare({ kind: 'type', name: decl.name, params: [], make: () => type });
}

/** The value of a member of an enum: a number that its type does not hold is an error (P4-16 §7.2.1). */
function memberValue(c: Checker, m: EnumDecl['members'][number], base: SizedType): bigint | undefined {
  if (!m.value) return undefined;
  const type = checkExpr(c, m.value);
  const given = type.kind === 'integer' ? integerOf(c, m.value) : undefined;
  const problem = given === undefined ? undefined : misfit(given, base, showType(base));
  if (problem) {
    c.report('literal-out-of-range', problem, m.value.loc);
    c.setType(m.value, unknown);
    return undefined;
  }
  if (!accept(c, m.value, base) || !expectKnown(c, m.value, `The value of ${m.name.text}`)) return undefined;
  return integerOf(c, m.value);
}

function declareTypedef(c: Checker, decl: TypedefDecl): void {
  const { type: ref } = decl;
  let type: Type;
  if ('fields' in ref || 'members' in ref) {
    declare(c, ref);
    const entity = c.scope.names.get(ref.name.text);
    type = entity?.kind === 'type' ? entity.make([]) : unknown;
  } else {
    c.open(decl.name, 'typedef');
    type = resolveType(c, ref);
  }
  c.declare({ kind: 'type', name: decl.name, params: [], make: () => type, typedef: true });
}

function declareNewtype(c: Checker, decl: NewtypeDecl): void {
  c.open(decl.name, 'type');
  const base = prune(resolveType(c, decl.type));
  if (!['bit', 'int', 'bool', 'newtype', 'unknown'].includes(base.kind))
    c.report('newtype-base', { name: decl.name.text, type: showType(base) }, decl.loc);
  c.declare({ kind: 'type', name: decl.name, params: [], make: () => ({ kind: 'newtype', decl, base }) });
}

function declareExtern(c: Checker, decl: ExternDecl): void {
  const [methods, constructors]: [Method[], Signature[]] = [[], []];
  const info: ExternInfo = { decl, typeParams: decl.typeParams, methods, constructors };
  const named = new Map<string, Method[]>();
  const name = decl.name.text;
  c.open(decl.name, 'extern');
  c.within(() => {
    declareTypeParams(c, decl.typeParams);
    for (const m of decl.members) {
      checkAnnotations(c, m.annotations);
      c.within(() => {
        if (m.kind === 'constructor') {
          const [params, typeParams] = c.withDontCares(() => resolveParams(c, m.params, 'extern-constructor'));
          const signature: Signature = { typeParams, params, returns: voidType };
          if (constructors.some((k) => sameParameters(k, signature))) c.report('duplicate-name', { name, what: 'constructor' }, m.loc);
          if (!tooMany(c, m.name, constructors.length)) constructors.push(signature);
          return;
        }
        declareTypeParams(c, m.typeParams);
        const signature = resolveSignature(c, m, 'extern');
        const method = {
          ...signature,
          name: m.name.text,
          abstract: m.abstract,
          optional: m.annotations.some((a) => a.name === 'optional'),
        };
        if (m.name.text === name) c.report('p4-constructor-returns', { name }, m.loc);
        else if (named.get(method.name)?.some((k) => sameParameters(k, method))) {
          c.report('duplicate-name', { name: method.name, what: 'method' }, m.name.loc);
        }
        const overloads = named.get(method.name) ?? [];
        named.set(method.name, overloads);
        if (tooMany(c, m.name, overloads.length)) return;
        overloads.push(method);
        methods.push(method);
      });
    }
  });
  c.declare({ kind: 'type', name: decl.name, params: decl.typeParams, make: (args) => ({ kind: 'extern', info, args }) });
}

function declareBlock(c: Checker, decl: ParserDecl | ControlDecl | ParserTypeDecl | ControlTypeDecl): void {
  const kind = decl.kind === 'parser' || decl.kind === 'parser-type' ? 'parser' : 'control';
  const isType = decl.kind === 'parser-type' || decl.kind === 'control-type';
  const info: BlockInfo = { decl, typeParams: decl.typeParams, params: [], constructorParams: [] };
  c.open(decl.name, kind);
  c.within(() => {
    declareTypeParams(c, decl.typeParams);
    distinctFrom(c, decl.typeParams, decl.params);
    info.params = resolveParams(c, decl.params, isType ? 'block-type' : 'block');
    if (decl.kind === 'parser' || decl.kind === 'control') {
      info.constructorParams = resolveParams(c, decl.constructorParams ?? [], 'constructor');
      distinctFrom(c, decl.typeParams, decl.constructorParams ?? []);
      if (decl.kind === 'control') noParsers(c, info.constructorParams);
      if (decl.kind === 'parser') checkParser(c, decl, info);
      else checkControl(c, decl, info);
    }
  });
  if (!isType && overloadType(c, decl.name, info)) return;
  c.declare({ kind: 'type', name: decl.name, params: decl.typeParams, make: (args) => ({ kind, info, args }) });
}

/** A control runs no parsers (P4-16 §15.1). */
function noParsers(c: Checker, params: readonly ParamInfo[]): void {
  for (const { name, type, decl } of params) {
    if (prune(type).kind === 'parser' && decl) c.report('parameter-type', { name, type: 'a parser', of: 'a control' }, decl.loc);
  }
}

/** Parsers, controls and packages of one name whose constructors take others: the language has none, but p4c takes them. */
function overloadType(c: Checker, name: Name, info: BlockInfo | PackageInfo): boolean {
  const there = c.scope.names.get(name.text);
  const type = there?.kind === 'type' ? there.make([]) : undefined;
  if (type?.kind !== info.decl.kind || (type.kind !== 'package' && type.kind !== 'parser' && type.kind !== 'control')) return false;
  const others = [type.info, ...(type.info.overloads ?? [])];
  if (others.some((o) => sameNames(constructorParamsOf(o), constructorParamsOf(info)))) return false;
  c.report('p4-overloaded-type', { name: name.text, kind: info.decl.kind }, name.loc);
  type.info.overloads = [...(type.info.overloads ?? []), info];
  return true;
}

function declarePackage(c: Checker, decl: PackageDecl): void {
  const [params, dontCares] = c.within(() => {
    declareTypeParams(c, decl.typeParams);
    return c.withDontCares(() => resolveParams(c, decl.params, 'package', decl.typeParams));
  });
  const typeParams = [...decl.typeParams, ...dontCares];
  const info: PackageInfo = { decl, typeParams, params };
  const make = (args: readonly Type[]): PackageType => ({ kind: 'package', info, args: [...args, ...dontCares.map((n) => newHole(n))] });
  if (!overloadType(c, decl.name, info)) c.declare({ kind: 'type', name: decl.name, params: decl.typeParams, make });
}
