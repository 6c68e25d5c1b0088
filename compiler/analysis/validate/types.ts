/** Types: widths, and what the fields of headers, structs, unions and enums may be (P4-16 §7). */
import type { InstanceDecl } from '../../ir/decl.js';
import { isSized, mayBeField } from '../../ir/rules.js';
import type { FieldDecl, HeaderDecl, StructDecl, Type, TypeDecl, UnionDecl } from '../../ir/types.js';
import { typeName } from '../../ir/types.js';
import { misfit } from '../../support/bits.js';
import type { Loc } from '../../support/location.js';
import type { Environment } from './environment.js';

const maxWidth = 2048;
const maxVarbit = 65536;
const maxStack = 1024;
const maxDepth = 32;
const maxFields = 100_000;

/** Reports types that contain themselves or are too large; without any, types can be followed to their ends. */
export function checkTypeSizes(env: Environment): boolean {
  const known = new Map<string, number>();
  const open: string[] = [];

  /** The number of values of basic types that a value of the type is made of. */
  const measure = (type: Type, loc: Loc): number => {
    if (type.kind === 'stack') return type.size * measure(type.element, loc);
    if (type.kind === 'tuple') return type.elements.reduce((sum, element) => sum + measure(element, loc), 0);
    const decl = env.declaration(type);
    return decl ? measureDecl(decl, loc) : 1;
  };
  const measureDecl = (decl: TypeDecl, loc: Loc): number => {
    const done = known.get(decl.name);
    if (done !== undefined) return done;
    if (open.includes(decl.name)) env.report('recursive-type', { name: decl.name }, loc);
    else if (open.length >= maxDepth) env.report('program-too-large', { limit: `types are nested more than ${maxDepth} levels deep` }, loc);
    else {
      open.push(decl.name);
      const size = partsOf(decl).reduce((sum, [type, place]) => sum + measure(type, place), 1);
      open.pop();
      known.set(decl.name, size);
      if (size > maxFields) env.report('program-too-large', { limit: `the type ${decl.name} has more than ${maxFields} fields` }, decl.loc);
      return size;
    }
    return 1;
  };

  const before = env.diagnostics.list.length;
  // Of several types of one name, which is a mistake, names mean the last.
  for (const decl of env.types.values()) measureDecl(decl, decl.loc);
  return env.diagnostics.list.length === before;
}

const partsOf = (decl: TypeDecl): readonly (readonly [Type, Loc])[] => {
  if (decl.kind === 'enum') return [];
  return decl.kind === 'newtype' ? [[decl.type, decl.loc]] : decl.fields.map((f) => [f.type, f.loc] as const);
};

export function checkTypeDecls(env: Environment): void {
  for (const decl of env.program.types) checkTypeDecl(env, decl);
}

/** Reports a type that does not exist. */
export function checkType(env: Environment, type: Type, loc: Loc): boolean {
  const fits = (is: boolean, most: number): boolean => {
    if (!is) env.report('bad-width', { type: typeName(type), most }, loc);
    return is;
  };
  switch (type.kind) {
    case 'bit':
    case 'int':
      return fits(type.width >= 1 && type.width <= maxWidth, maxWidth);
    case 'varbit':
      return fits(type.width >= 1 && type.width <= maxVarbit, maxVarbit);
    case 'named': {
      if (!env.types.has(type.name) && !env.externs.has(type.name) && !env.blocks.has(type.name)) {
        env.unknown('type', type.name, [...env.types.keys(), ...env.externs.keys()], loc);
        return false;
      }
      const expected = env.extern(type)?.typeParams?.length ?? 0;
      const got = type.args?.length ?? 0;
      if (got !== expected) {
        env.report('type-argument-count', { name: type.name, got, expected }, loc);
        return false;
      }
      return (type.args ?? []).every((arg) => checkType(env, arg, loc));
    }
    case 'stack':
      if (!checkType(env, type.element, loc)) return false;
      if (!env.isP4 && !env.isHeader(type.element) && !env.isUnion(type.element)) {
        env.report('element-type', { what: 'A header stack', type: typeName(type.element), expected: 'headers or header unions' }, loc);
        return false;
      }
      if (type.size >= 1 && type.size <= maxStack) return true;
      env.report('bad-stack-depth', { depth: String(type.size) }, loc);
      return false;
    case 'tuple':
      return type.elements.every((element) => checkType(env, element, loc));
    case 'list':
    case 'set':
      return checkType(env, type.element, loc);
    default:
      return true;
  }
}

/** What a cell or a digest holds may be of any type. The other type parameters of externs are for indices and results. */
export function checkTypeArguments(env: Environment, { type, loc }: InstanceDecl): void {
  const extern = env.extern(type);
  for (const [i, param] of (extern?.typeParams ?? []).entries()) {
    const arg = type.args?.[i];
    if (!extern || !arg || param === extern.cellType || isSized(env.underlying(arg))) continue;
    env.report(
      'element-type',
      { what: `${extern.name}<${param}>`, type: typeName(arg), expected: 'a type of numbers, such as bit<W>' },
      loc,
    );
  }
}

export const hasVarbit = (header: HeaderDecl): boolean => header.fields.some((f) => f.type.kind === 'varbit');

function checkTypeDecl(env: Environment, decl: TypeDecl): void {
  switch (decl.kind) {
    case 'header':
    case 'struct':
    case 'header_union':
      checkFields(env, decl);
      return;
    case 'enum':
      if (decl.base && !checkType(env, decl.base, decl.loc)) return;
      checkEnum(env, decl);
      return;
    case 'newtype':
      if (checkType(env, decl.type, decl.loc) && !['bit', 'int', 'bool', 'varbit'].includes(env.underlying(decl.type).kind))
        env.report('newtype-base', { name: decl.name, type: typeName(decl.type) }, decl.loc);
  }
}

function checkFields(env: Environment, decl: HeaderDecl | StructDecl | UnionDecl): void {
  const seen = new Map<string, FieldDecl>();
  let areRight = true;
  for (const field of decl.fields) {
    const other = seen.get(field.name);
    if (other) {
      const notes = [{ message: `the other \`${field.name}\` is declared here`, loc: other.loc }];
      env.report('duplicate-name', { name: field.name, what: `field of ${decl.name}` }, field.loc, { notes });
    }
    seen.set(field.name, field);
    const fits = checkType(env, field.type, field.loc);
    if (fits && !mayBeFieldIn(env, decl, field.type)) {
      env.report('field-type', { kind: decl.kind, field: field.name, type: typeName(field.type) }, field.loc);
      areRight = false;
    }
    areRight &&= fits;
  }
  if (decl.kind === 'header' && !env.isP4) checkHeader(env, decl, areRight);
}

/** A pipeline in TypeScript has no structs and stacks in headers: its packets are built and dissected field by field. */
const mayBeFieldIn = (env: Environment, { kind }: HeaderDecl | StructDecl | UnionDecl, type: Type): boolean =>
  mayBeField(kind, type, (t) => env.fieldShape(t)) && (env.isP4 || kind !== 'header' || env.fieldShape(type).parts === undefined);

function checkHeader(env: Environment, decl: HeaderDecl, areRight: boolean): void {
  const isVarbit = ({ type }: FieldDecl): boolean => env.underlying(type).kind === 'varbit';
  if (decl.fields.filter(isVarbit).length > 1) env.report('two-varbits', { header: decl.name }, decl.loc);
  if (!areRight) return;
  const bits = decl.fields.reduce((sum, field) => sum + (isVarbit(field) ? 0 : env.width(field.type)), 0);
  if (bits % 8 !== 0) env.report('header-size', { header: decl.name, bits }, decl.loc);
}

function checkEnum(env: Environment, decl: TypeDecl & { kind: 'enum' }): void {
  const seen = new Set<string>();
  for (const { name, value } of decl.members) {
    if (seen.has(name)) env.report('duplicate-name', { name, what: `member of ${decl.name}` }, decl.loc);
    seen.add(name);
    if ((value === undefined) !== (decl.base === undefined))
      env.report('enum-value', { enum: decl.name, member: name, needed: decl.base !== undefined }, decl.loc);
    else if (value !== undefined && decl.base) checkRange(env, value, decl.base, decl.loc);
  }
  if (decl.members.length === 0) env.report('empty-enum', { name: decl.name }, decl.loc);
}

/** Reports a value that the type does not hold. */
export function checkRange(env: Environment, value: bigint, type: Type, loc: Loc): void {
  const base = env.underlying(type);
  if (!isSized(base)) return;
  const problem = misfit(value, base, typeName(type));
  if (problem) env.report('literal-out-of-range', problem, loc);
}
