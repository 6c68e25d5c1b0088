/** Types as the checker of P4-16 source knows them: resolved, and with what declares them (P4-16 §7). */
import { isNumber as isNumberType } from '../../ir/rules.js';
import type { Sized } from '../../support/bits.js';
import type {
  ControlDecl,
  ControlTypeDecl,
  EnumDecl,
  ExternDecl,
  Name,
  NewtypeDecl,
  PackageDecl,
  Param,
  ParserDecl,
  ParserTypeDecl,
  StructLikeDecl,
  TableDecl,
} from '../ast.js';

export type Type =
  | SimpleType
  | SizedType
  | VarbitType
  | StructType
  | EnumType
  | NewType
  | StackType
  | TupleType
  | { readonly kind: 'list'; readonly element: Type }
  /** Of a value set, and what a key set matches. */
  | { readonly kind: 'set'; readonly element: Type }
  | ExternType
  | BlockType
  | PackageType
  /** A type parameter, where it is in scope. */
  | VarType
  | Hole
  | ListValueType
  | StructValueType
  /** What `table.apply()` gives, and its `action_run`. */
  | { readonly kind: 'apply-result' | 'action-run'; readonly table: TableDecl };

export interface SimpleType {
  readonly kind:
    | 'bool'
    | 'integer'
    | 'string'
    | 'error'
    | 'match_kind'
    | 'void'
    /** What has a mistake in it that is reported already: goes with every type. */
    | 'unknown'
    /** `...` and `{#}` before they have met the type that they are of. */
    | 'default'
    | 'invalid';
}
export type SizedType = Sized;
export interface VarbitType {
  readonly kind: 'varbit';
  /** The largest, in bits. */
  readonly width: number;
}
export interface Field {
  readonly name: string;
  readonly type: Type;
}
/** What a struct, header or union declares; its fields' types are over its type parameters. */
export interface StructInfo {
  readonly decl: StructLikeDecl;
  readonly typeParams: readonly Name[];
  fields: readonly Field[];
}
export interface StructType {
  readonly kind: 'struct' | 'header' | 'header_union';
  readonly info: StructInfo;
  readonly args: readonly Type[];
}
export interface EnumType {
  readonly kind: 'enum';
  readonly decl: EnumDecl;
  /** Of a serializable one. */
  readonly base?: SizedType;
}
export interface NewType {
  readonly kind: 'newtype';
  readonly decl: NewtypeDecl;
  readonly base: Type;
}
export interface StackType {
  readonly kind: 'stack';
  readonly element: Type;
  readonly size: number;
}
export interface TupleType {
  readonly kind: 'tuple';
  readonly elements: readonly Type[];
}
export interface ParamInfo {
  readonly name: string;
  readonly decl?: Param;
  readonly type: Type;
  readonly direction?: 'in' | 'out' | 'inout';
  /** It may be left out: it has a default, or the annotation `@optional`. */
  readonly optional: boolean;
  /** Of its default. */
  readonly defaultType?: Type;
}
export interface Signature {
  readonly typeParams: readonly Name[];
  readonly params: readonly ParamInfo[];
  readonly returns: Type;
}
export interface Method extends Signature {
  readonly name: string;
  readonly abstract: boolean;
  /** An abstract one that need not be implemented. */
  readonly optional: boolean;
}
export interface ExternInfo {
  readonly decl: ExternDecl;
  readonly typeParams: readonly Name[];
  methods: readonly Method[];
  constructors: readonly Signature[];
}
export interface ExternType {
  readonly kind: 'extern';
  readonly info: ExternInfo;
  readonly args: readonly Type[];
}
export interface BlockInfo {
  readonly decl: ParserDecl | ControlDecl | ParserTypeDecl | ControlTypeDecl;
  readonly typeParams: readonly Name[];
  params: readonly ParamInfo[];
  constructorParams: readonly ParamInfo[];
  /** Others of that name. */
  overloads?: readonly Constructed[];
}
export interface BlockType {
  readonly kind: 'parser' | 'control';
  readonly info: BlockInfo;
  readonly args: readonly Type[];
}
export interface PackageInfo {
  readonly decl: PackageDecl;
  /** Those that are declared, then one for each `_` in the parameters. */
  readonly typeParams: readonly Name[];
  readonly params: readonly ParamInfo[];
  /** Others of that name. */
  overloads?: readonly Constructed[];
}
export type Constructed = BlockInfo | PackageInfo;
export const constructorParamsOf = (info: Constructed): readonly ParamInfo[] =>
  'constructorParams' in info ? info.constructorParams : info.params;
export interface PackageType {
  readonly kind: 'package';
  readonly info: PackageInfo;
  readonly args: readonly Type[];
}
export interface VarType {
  readonly kind: 'var';
  readonly name: Name;
}
/** A type argument that is to be inferred; `bound` when it is known. */
export interface Hole {
  readonly kind: 'hole';
  readonly name: string;
  bound?: Type;
}
/** `{ a, b }` before it has met the type that it is of. */
export interface ListValueType {
  readonly kind: 'list-value';
  readonly elements: readonly Type[];
  /** Ends in `...`. */
  readonly partial: boolean;
}
/** `{ a = 1 }` before it has met the type that it is of. */
export interface StructValueType {
  readonly kind: 'struct-value';
  readonly fields: readonly Field[];
  readonly partial: boolean;
}

export const bool: Type = { kind: 'bool' };
export const integer: Type = { kind: 'integer' };
export const string: Type = { kind: 'string' };
export const error: Type = { kind: 'error' };
export const voidType: Type = { kind: 'void' };
export const unknown: Type = { kind: 'unknown' };
export const bit = (width: number): SizedType => ({ kind: 'bit', width });

export const newHole = (name: Name): Type => ({ kind: 'hole', name: name.text });

/** The type that a hole was found to stand for. */
export function prune(type: Type): Type {
  let at = type;
  while (at.kind === 'hole' && at.bound) at = at.bound;
  return at;
}

export type Substitution = ReadonlyMap<Name, Type>;

export const substitutionOf = (params: readonly Name[], args: readonly Type[]): Substitution =>
  new Map(params.flatMap((p, i) => (args[i] ? [[p, args[i]] as const] : [])));

/** The type with types in place of its type parameters. */
export function substitute(type: Type, by: Substitution): Type {
  if (by.size === 0) return type;
  const all = (types: readonly Type[]): Type[] => types.map((t) => substitute(t, by));
  const t = prune(type);
  switch (t.kind) {
    case 'var':
      return by.get(t.name) ?? t;
    case 'struct':
    case 'header':
    case 'header_union':
    case 'extern':
    case 'parser':
    case 'control':
    case 'package':
      return t.args.length ? ({ ...t, args: all(t.args) } as Type) : t;
    case 'stack':
    case 'list':
    case 'set':
      return { ...t, element: substitute(t.element, by) } as Type;
    case 'tuple':
    case 'list-value':
      return { ...t, elements: all(t.elements) };
    case 'struct-value':
      return { ...t, fields: t.fields.map((f) => ({ ...f, type: substitute(f.type, by) })) };
    default:
      return t;
  }
}

export const substituteParams = (params: readonly ParamInfo[], by: Substitution): readonly ParamInfo[] =>
  by.size === 0
    ? params
    : params.map((p) => ({
        ...p,
        type: substitute(p.type, by),
        ...(p.defaultType ? { defaultType: substitute(p.defaultType, by) } : {}),
      }));

/** The fields, with the type's arguments in place of its parameters. */
export function fieldsOf(type: StructType): readonly Field[] {
  const by = substitutionOf(type.info.typeParams, type.args);
  if (by.size === 0) return type.info.fields;
  return type.info.fields.map((f) => ({ ...f, type: substitute(f.type, by) }));
}

const indices = new WeakMap<readonly Field[], ReadonlyMap<string, Field>>();

/** The type of a field. */
export function fieldOf(type: StructType, name: string): Type | undefined {
  const { fields, typeParams } = type.info;
  const index = indices.get(fields) ?? new Map(fields.map((f) => [f.name, f]));
  indices.set(fields, index);
  const field = index.get(name);
  return field && substitute(field.type, substitutionOf(typeParams, type.args));
}

export function sameType(a: Type, b: Type): boolean {
  const [x, y] = [prune(a), prune(b)];
  if (x === y) return true;
  if (x.kind === 'unknown' || y.kind === 'unknown') return true;
  if (x.kind !== y.kind) return false;
  const each = (p: readonly Type[], q: readonly Type[]): boolean => p.length === q.length && p.every((t, i) => sameType(t, q[i] as Type));
  switch (x.kind) {
    case 'bit':
    case 'int':
    case 'varbit':
      return x.width === (y as SizedType).width;
    case 'struct':
    case 'header':
    case 'header_union':
    case 'extern':
    case 'package':
    case 'parser':
    case 'control': {
      const other = y as StructType;
      return x.info.decl === other.info.decl && each(x.args, other.args);
    }
    case 'enum':
    case 'newtype':
      return x.decl === (y as EnumType | NewType).decl;
    case 'stack':
      return x.size === (y as StackType).size && sameType(x.element, (y as StackType).element);
    case 'list':
    case 'set':
      return sameType(x.element, (y as StackType).element);
    case 'tuple':
    case 'list-value':
      return each(x.elements, (y as TupleType).elements);
    case 'struct-value': {
      const fields = (y as StructValueType).fields;
      return x.fields.length === fields.length && x.fields.every((f, i) => f.name === fields[i]?.name && sameType(f.type, fields[i].type));
    }
    case 'var':
      return x.name === (y as VarType).name;
    case 'action-run':
    case 'apply-result':
      return x.table === (y as { table: TableDecl }).table;
    case 'hole':
      return false;
    default:
      return true;
  }
}

/** The type as P4 writes it, or in words where P4 cannot write it. */
export function showType(type: Type): string {
  const t = prune(type);
  const generic = (name: string, args: readonly Type[]): string => (args.length ? `${name}<${args.map(showType).join(', ')}>` : name);
  switch (t.kind) {
    case 'bit':
    case 'int':
    case 'varbit':
      return `${t.kind}<${t.width}>`;
    case 'integer':
      return 'int';
    case 'struct':
    case 'header':
    case 'header_union':
    case 'extern':
    case 'parser':
    case 'control':
    case 'package':
      return generic(t.info.decl.name.text, t.args);
    case 'enum':
    case 'newtype':
      return t.decl.name.text;
    case 'stack':
      return `${showType(t.element)}[${t.size}]`;
    case 'tuple':
      return generic('tuple', t.elements);
    case 'list':
    case 'set':
      return generic(t.kind, [t.element]);
    case 'var':
      return t.name.text;
    case 'hole':
      return t.name;
    case 'list-value':
      return `a list { ${[...t.elements.map(showType), ...(t.partial ? ['...'] : [])].join(', ')} }`;
    case 'struct-value':
      return `a list { ${[...t.fields.map((f) => `${f.name} = ${showType(f.type)}`), ...(t.partial ? ['...'] : [])].join(', ')} }`;
    case 'apply-result':
      return `the result of ${t.table.name.text}.apply()`;
    case 'action-run':
      return `the action_run of ${t.table.name.text}.apply()`;
    case 'default':
      return '...';
    case 'invalid':
      return '{#}';
    default:
      return t.kind;
  }
}

export const isStruct = (t: Type): t is StructType => t.kind === 'struct' || t.kind === 'header' || t.kind === 'header_union';
/** A number, or what has a mistake in it that is reported already. */
export const isNumber = (t: Type): boolean => isNumberType(t) || t.kind === 'unknown';

/** The type of numbers below a serializable enum; other types as they are. */
export function underEnum(type: Type): Type {
  const t = prune(type);
  return t.kind === 'enum' && t.base ? t.base : t;
}
