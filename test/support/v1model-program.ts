/** Small v1model programs written directly in the IR; new tests write them in P4: v1model-runs.ts. */
import { bits, bitType, callFunction, callMethod, field, list, member, name, named } from '../../compiler/ir/build.js';
import {
  type ActionDecl,
  type Block,
  type ControlDecl,
  type EntryDecl,
  type Expr,
  type FieldDecl,
  irVersion,
  type KeyDecl,
  type LocalDecl,
  type Param,
  type Program,
  type StateDecl,
  type Stmt,
  type TableDecl,
  type Transition,
  type Type,
  type TypeDecl,
} from '../../compiler/ir/index.js';
import { type Loc, nowhere } from '../../compiler/support/location.js';
import type { Format } from '../../compiler/support/values.js';

type Fields = Readonly<Record<string, number | Type | FieldDecl>>;

const fieldDecls = (fields: Fields): FieldDecl[] =>
  Object.entries(fields).map(([name, type]) => {
    if (typeof type === 'number') return { name, type: bitType(type), loc: nowhere };
    return 'loc' in type ? { ...type, name } : { name, type, loc: nowhere };
  });

/** A field of `width` bits that is written in some format. */
export const formatted = (width: number, format: Format): FieldDecl => ({ name: '', type: bitType(width), format, loc: nowhere });
export const header = (name: string, fields: Fields): TypeDecl => ({ kind: 'header', name, fields: fieldDecls(fields), loc: nowhere });
export const struct = (name: string, fields: Fields): TypeDecl => ({ kind: 'struct', name, fields: fieldDecls(fields), loc: nowhere });

export const at = (line: number): Loc => ({ file: '/program.ts', line, column: 1 });

const packet = name('packet', named('packet_in'));
export const hdr = name('hdr', named('headers_t'));
export const meta = name('meta', named('metadata_t'));
export const std = name('standard_metadata', named('standard_metadata_t'));
export const stdField = (text: string, width = 9): Expr => field(std, text, bitType(width));

export const extract = (target: Expr, ...more: Expr[]): Stmt => callMethod(packet, 'extract', [target, ...more]);
export const emit = (target: Expr): Stmt => callMethod(name('packet', named('packet_out')), 'emit', [target]);
export const drop = (loc: Loc = nowhere): Stmt => callFunction('mark_to_drop', [std], loc);
export const setPort = (port: number | Expr, loc: Loc = nowhere): Stmt => ({
  kind: 'assign',
  target: stdField('egress_spec'),
  value: typeof port === 'number' ? bits(port, 9) : port,
  loc,
});
export const checksum = (
  call: 'verify_checksum' | 'update_checksum',
  condition: Expr,
  data: readonly Expr[],
  target: Expr,
  loc = nowhere,
) => callFunction(call, [condition, list(data), target, member('HashAlgorithm', 'csum16')], loc);

const goto = (next: string): Transition => ({ kind: 'goto', next, loc: nowhere });
export const state = (name: string, body: Block, transition: Transition | string): StateDecl => ({
  kind: 'state',
  name,
  body,
  transition: typeof transition === 'string' ? goto(transition) : transition,
  loc: nowhere,
});
/** `select (on)`; a case without a value is the default. */
export const select = (on: Expr, cases: readonly (readonly [number | bigint, string])[], otherwise?: string): Transition => ({
  kind: 'select',
  on: [on],
  loc: nowhere,
  cases: [
    ...cases.map(([value, next]) => ({
      keys: [{ kind: 'value' as const, value: { kind: 'const' as const, value: BigInt(value), type: on.type, loc: nowhere } }],
      next,
      loc: nowhere,
    })),
    ...(otherwise === undefined ? [] : [{ keys: [{ kind: 'any' as const }], next: otherwise, loc: nowhere }]),
  ],
});

export const action = (name: string, params: Readonly<Record<string, number | Param>>, body: Block, loc: Loc = nowhere): ActionDecl => ({
  kind: 'action',
  name,
  params: Object.entries(params).map(([p, type]) => (typeof type === 'number' ? { name: p, type: bitType(type), loc: nowhere } : type)),
  body,
  loc,
});
export const key = (expr: Expr, match: string, text = 'key'): KeyDecl => ({ expr, match, name: text, loc: nowhere });
export const entry = (keys: EntryDecl['keys'], action: string, args: readonly Expr[] = [], priority?: number): EntryDecl => ({
  keys,
  action: { action, args, loc: nowhere },
  ...(priority === undefined ? {} : { priority }),
  loc: nowhere,
});
export const table = (name: string, keys: readonly KeyDecl[], actions: readonly string[], more: Partial<TableDecl> = {}): TableDecl => ({
  kind: 'table',
  name,
  keys,
  actions: actions.map((a) => ({ action: a, args: [], loc: nowhere })),
  loc: nowhere,
  ...more,
});
export const apply = (table: string, more: Partial<Extract<Stmt, { kind: 'apply' }>> = {}): Stmt => ({
  kind: 'apply',
  table,
  loc: nowhere,
  ...more,
});

export interface Parts {
  readonly types?: readonly TypeDecl[];
  readonly headers: Fields;
  readonly metadata?: Fields;
  readonly states: readonly StateDecl[];
  readonly parserLocals?: readonly LocalDecl[];
  readonly verify?: Block;
  readonly ingress?: Block;
  readonly ingressLocals?: readonly LocalDecl[];
  readonly egress?: Block;
  readonly egressLocals?: readonly LocalDecl[];
  readonly compute?: Block;
  readonly deparse?: Block;
  readonly more?: Partial<Program>;
}

export const param = (name: string, type: Type, direction?: Param['direction']): Param => ({
  name,
  type,
  loc: nowhere,
  ...(direction ? { direction } : {}),
});
const hdrParam = param('hdr', named('headers_t'), 'inout');
const metaParam = param('meta', named('metadata_t'), 'inout');
const stdParam = param('standard_metadata', named('standard_metadata_t'), 'inout');

/** The program as lowering gives it. */
export function program(parts: Parts): Program {
  const control = (name: string, params: readonly Param[], body: Block = [], locals: readonly LocalDecl[] = []): ControlDecl => ({
    kind: 'control',
    name,
    params,
    locals,
    body,
    loc: nowhere,
  });
  return {
    irVersion,
    name: 'test',
    arch: 'v1model',
    types: [...(parts.types ?? []), struct('headers_t', parts.headers), struct('metadata_t', parts.metadata ?? {})],
    errors: [],
    constants: [],
    functions: [],
    actions: [],
    instances: [],
    parsers: [
      {
        kind: 'parser',
        name: 'parse',
        params: [param('packet', named('packet_in')), param('hdr', named('headers_t'), 'out'), metaParam, stdParam],
        locals: parts.parserLocals ?? [],
        states: parts.states,
        loc: nowhere,
      },
    ],
    controls: [
      control('verifyChecksums', [hdrParam, metaParam], parts.verify),
      control('ingress', [hdrParam, metaParam, stdParam], parts.ingress, parts.ingressLocals),
      control('egress', [hdrParam, metaParam, stdParam], parts.egress, parts.egressLocals),
      control('computeChecksums', [hdrParam, metaParam], parts.compute),
      control('deparse', [param('packet', named('packet_out')), param('hdr', named('headers_t'), 'in')], parts.deparse ?? [emit(hdr)]),
      ...(parts.more?.controls ?? []),
    ],
    main: { package: 'V1Switch', blocks: ['parse', 'verifyChecksums', 'ingress', 'egress', 'computeChecksums', 'deparse'] },
    ...Object.fromEntries(Object.entries(parts.more ?? {}).filter(([name]) => name !== 'controls')),
  };
}
