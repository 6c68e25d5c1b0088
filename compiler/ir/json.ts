/**
 * The JSON form of a program: `{ irVersion, files, types, program }`. Places are [file, line, column] with a number
 * into `files`; the type of an expression or declaration is a number into `types`; integers without a fixed size are
 * decimal strings. Reading is strict: it takes what `toJson` writes, and nothing else.
 */
import { DiagnosticError, diagnostic } from '../support/diagnostics.js';
import {
  bigint,
  type Codec,
  either,
  type Fields,
  flag,
  integer,
  lazy,
  listOf,
  loc,
  narrowed,
  natural,
  oneOf,
  optional,
  Reader,
  record,
  text,
  union,
  Writer,
} from './codec.js';
import type * as D from './decl.js';
import type { Expr, KeySet } from './expr.js';
import { irVersion, type PackageInstance, type Program } from './program.js';
import { isSized } from './rules.js';
import type { ApplyCase, Block, Callee, Stmt, SwitchStmt } from './stmt.js';
import type { Annotation, Declared, EnumMember, FieldDecl, NamedType, Type, TypeDecl } from './types.js';

/** Characters of the JSON form that are read at most. */
const maxLength = 32 * 1024 * 1024;

export function toJson(program: Program): string {
  const out = new Writer();
  const json = programCodec.write(program, out);
  return JSON.stringify({ irVersion, files: out.files, types: out.types, program: json });
}

/**
 * Reads what `toJson` wrote; the result is deeply frozen. It has the shape of a program but is not validated.
 * @throws DiagnosticError ir-malformed, ir-version or ir-too-large
 */
export function fromJson(json: string): Program {
  if (json.length > maxLength) throw new DiagnosticError([diagnostic('ir-too-large', { limit: maxLength })]);
  const input = new Reader();
  let top: unknown;
  try {
    top = JSON.parse(json);
  } catch {
    return input.fail('JSON text');
  }
  checkVersion(top, input);
  const file = envelope.read(top, input);
  input.files = file.files;
  input.types = input.at('types', () => listOf(plainType).read(file.types, input));
  return input.at('program', () => programCodec.read(file.program, input));
}

function checkVersion(top: unknown, input: Reader): void {
  const version = (top as { irVersion?: unknown } | null)?.irVersion;
  if (typeof version !== 'number') input.fail('a program with its irVersion');
  if (version !== irVersion) throw new DiagnosticError([diagnostic('ir-version', { found: String(version), known: irVersion })]);
}

const unread: Codec<unknown> = { write: () => null, read: (json) => json };
const envelope = record<{ irVersion: number; files: readonly string[]; types: {} | null; program: {} | null }>({
  irVersion: natural,
  files: listOf(text),
  types: unread as Codec<{} | null>,
  program: unread as Codec<{} | null>,
});

// ── types ──

const width = { width: natural };
const elementType: { element: Codec<Type> } = { element: lazy(() => plainType) };
const isNamed = (type: Type): type is NamedType => type.kind === 'named';
const isErrorOrNamed = (type: Type): type is NamedType | { kind: 'error' } => type.kind === 'named' || type.kind === 'error';

const plainType: Codec<Type> = union<Type>({
  bit: width,
  int: width,
  varbit: width,
  bool: {},
  integer: {},
  string: {},
  error: {},
  match_kind: {},
  void: {},
  named: { name: text, args: optional(listOf(lazy(() => plainType))) },
  stack: { ...elementType, size: natural },
  tuple: { elements: listOf(lazy(() => plainType)) },
  list: elementType,
  set: elementType,
});

/** A type by its number in the table of types. */
const type: Codec<Type> = {
  write: (value, out) => out.type(plainType.write(value, out)),
  read: (json, input) => (typeof json === 'number' ? input.types[json] : undefined) ?? input.fail('the number of a type'),
};

const annotation = record<Annotation>({ name: text, body: optional(text), structured: optional(flag), texts: optional(listOf(loc)) });
const annotations = optional(listOf(annotation));
const format = optional(oneOf('num', 'hex', 'mac', 'ipv4', 'ipv6', 'port', 'any'));
const declared: Fields<Declared> = { name: text, loc, annotations, doc: optional(text) };
const fields = { ...declared, fields: listOf(record<FieldDecl>({ ...declared, type, format })) };

const typeDecl = union<TypeDecl>({
  header: fields,
  struct: fields,
  header_union: fields,
  enum: {
    ...declared,
    base: optional(narrowed(type, 'bit or int', isSized)),
    members: listOf(record<EnumMember>({ name: text, value: optional(bigint) })),
  },
  newtype: { ...declared, type },
});

// ── expressions ──

const expr: Codec<Expr> = lazy(() => exprUnion);
const exprs = listOf(expr);
const typed = { type, loc };

const exprUnion = union<Expr>({
  const: { value: bigint, ...typed },
  bool: { value: flag, ...typed },
  string: { value: text, ...typed },
  member: { name: text, type: narrowed(type, 'error or an enum', isErrorOrNamed), loc },
  name: { name: text, ...typed },
  field: { base: expr, name: text, ...typed },
  index: { base: expr, index: expr, ...typed },
  'stack-member': { base: expr, member: oneOf('next', 'last', 'lastIndex', 'size'), ...typed },
  slice: { base: expr, high: natural, low: natural, ...typed },
  unary: { op: oneOf('-', '~', '!', '+'), arg: expr, ...typed },
  binary: {
    op: oneOf('+', '-', '*', '/', '%', '|+|', '|-|', '&', '|', '^', '<<', '>>', '++', '==', '!=', '<', '<=', '>', '>=', '&&', '||'),
    left: expr,
    right: expr,
    ...typed,
  },
  mux: { cond: expr, yes: expr, no: expr, ...typed },
  cast: { arg: expr, ...typed },
  'is-valid': { header: expr, ...typed },
  lookahead: { packet: expr, ...typed },
  'packet-length': { packet: expr, ...typed },
  struct: { fields: listOf(record<{ name: string; value: Expr }>({ name: text, value: expr })), partial: optional(flag), ...typed },
  list: { elements: exprs, ...typed },
  invalid: typed,
  default: typed,
});

const keySet = union<KeySet>({
  value: { value: expr },
  mask: { value: expr, mask: expr },
  range: { low: expr, high: expr },
  'value-set': { name: text },
  any: {},
});
const keySets = listOf(keySet);

// ── statements ──

const block: Codec<Block> = lazy(() => listOf(stmt));
const node = { loc, doc: optional(text) };
const callee = union<Callee>({
  function: { name: text },
  method: { object: expr, method: text },
  action: { name: text },
  block: { instance: text },
});
const isDefault = (value: unknown): boolean => value === 'default';
const isRange = (value: unknown): value is KeySet & { kind: 'range' } =>
  typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'range';

const stmt: Codec<Stmt> = union<Stmt>({
  declare: { name: text, type, init: optional(expr), ...node },
  assign: { target: expr, value: expr, ...node },
  call: {
    callee,
    typeArgs: optional(listOf(type)),
    args: exprs,
    result: optional(expr),
    given: optional(lazy(() => functionDecl)),
    ...node,
  },
  if: { cond: expr, then: block, else: optional(block), ...node },
  switch: {
    on: expr,
    cases: listOf(record<SwitchStmt['cases'][number]>({ labels: listOf(either(oneOf('default'), expr, isDefault)), body: block, loc })),
    ...node,
  },
  apply: {
    table: text,
    hit: optional(block),
    miss: optional(block),
    cases: optional(listOf(record<ApplyCase>({ actions: listOf(text), body: block, loc }))),
    ...node,
  },
  'set-validity': { header: expr, valid: flag, ...node },
  push: { stack: expr, count: natural, ...node },
  pop: { stack: expr, count: natural, ...node },
  exit: node,
  return: { value: optional(expr), ...node },
  block: { annotations, body: block, ...node },
  target: { target: text, body: block, otherwise: optional(block), ...node },
  for: { init: block, cond: expr, update: block, body: block, ...node },
  'for-in': { name: text, type, over: either(narrowed(keySet, 'a range', isRange), expr, isRange), body: block, ...node },
  break: node,
  continue: node,
});

// ── declarations ──

const param = record<D.Param>({
  ...declared,
  type,
  direction: optional(oneOf('in', 'out', 'inout')),
  default: optional(expr),
  optional: optional(flag),
  format,
});
const params = listOf(param);
const functionFields = { ...declared, typeParams: optional(listOf(text)), returns: type, params, body: block };
const functionDecl: Codec<D.FunctionDecl> = union<D.FunctionDecl>({ function: functionFields });
const actionCall = { action: text, args: exprs, loc };

const key = record<D.KeyDecl>({ expr, match: text, name: text, loc, annotations, format });
const actionRef = record<D.ActionRef>({ ...actionCall, scope: optional(oneOf('tableonly', 'defaultonly')), annotations });
const entry = record<D.EntryDecl>({
  keys: keySets,
  action: record<D.ActionCallExpr>(actionCall),
  priority: optional(integer),
  const: optional(flag),
  loc,
});
const property = record<{ name: string; value: Expr; const?: boolean }>({ name: text, value: expr, const: optional(flag) });

const localFields = {
  constant: { ...declared, type, value: expr },
  variable: { ...declared, type, init: optional(expr) },
  instance: {
    ...declared,
    type: narrowed(type, 'an extern, control or parser', isNamed),
    args: exprs,
    methods: optional(listOf(functionDecl)),
  },
  action: { ...declared, params, body: block },
  function: functionFields,
  'value-set': { ...declared, type, size: natural },
};
const local = union<D.LocalDecl>({
  ...localFields,
  table: {
    ...declared,
    keys: listOf(key),
    actions: listOf(actionRef),
    defaultAction: optional(record<D.ActionCallExpr & { readonly const: boolean }>({ ...actionCall, const: flag })),
    size: optional(natural),
    entries: optional(listOf(entry)),
    constEntries: optional(flag),
    largestPriorityWins: optional(flag),
    properties: optional(listOf(property)),
  },
});

const transition = union<D.Transition>({
  goto: { next: text, loc },
  select: { on: exprs, cases: listOf(record<D.SelectCase>({ keys: keySets, next: text, loc })), loc },
});
const state = union<D.StateDecl>({ state: { ...declared, body: block, transition } });
const blockFields = { ...declared, params, constructorParams: optional(params), locals: listOf(local) };

const programCodec = record<Program>({
  irVersion: oneOf(irVersion),
  name: text,
  arch: text,
  language: optional(oneOf('p4')),
  doc: optional(text),
  annotations,
  types: listOf(typeDecl),
  errors: listOf(text),
  constants: listOf(union<D.ConstDecl>({ constant: localFields.constant })),
  functions: listOf(union<D.FunctionDecl>({ function: localFields.function })),
  actions: listOf(union<D.ActionDecl>({ action: localFields.action })),
  instances: listOf(union<D.InstanceDecl>({ instance: localFields.instance })),
  parsers: listOf(union<D.ParserDecl>({ parser: { ...blockFields, states: listOf(state) } })),
  controls: listOf(union<D.ControlDecl>({ control: { ...blockFields, body: block } })),
  main: record<PackageInstance>({ package: text, blocks: listOf(text) }),
});
