/** Small portable programs, made by hand where the DSL would not let a mistake through. */
import { validate } from '../../compiler/analysis/validate.js';
import * as ir from '../../compiler/ir/build.js';
import type {
  ActionDecl,
  Block,
  ControlDecl,
  Expr,
  FieldDecl,
  HeaderDecl,
  LocalDecl,
  Param,
  Program,
  StateDecl,
  Stmt,
  StructDecl,
  TableDecl,
  Transition,
  Type,
  TypeDecl,
} from '../../compiler/ir/index.js';
import { irVersion } from '../../compiler/ir/index.js';
import type { Diagnostic } from '../../compiler/support/diagnostics.js';
import type { Loc } from '../../compiler/support/location.js';
import { isOfWhole } from './diagnostics.js';

/** Line `n` of the source that these programs stand for. */
export const at = (line: number): Loc => ({ file: '/p.ts', line, column: 1 });
export const loc = at(1);
/** Where a mistake is, and the mistake. */
export const wrong = at(42);

export const b8 = ir.bitType(8);
export const b9 = ir.bitType(9);
export const b16 = ir.bitType(16);
export const b32 = ir.bitType(32);

export const fields = (types: Readonly<Record<string, Type>>, where: Loc = loc): FieldDecl[] =>
  Object.entries(types).map(([name, type]) => ({ name, type, loc: where }));
export const header = (name: string, types: Readonly<Record<string, Type>>, where: Loc = loc): HeaderDecl => ({
  kind: 'header',
  name,
  fields: fields(types, where),
  loc: where,
});
export const struct = (name: string, types: Readonly<Record<string, Type>>, where: Loc = loc): StructDecl => ({
  kind: 'struct',
  name,
  fields: fields(types, where),
  loc: where,
});

export const hdr = ir.name('hdr', ir.named('headers_t'), loc);
export const meta = ir.name('meta', ir.named('metadata_t'), loc);
export const packet = ir.name('packet', ir.named('packet_in'), loc);
export const eth = ir.field(hdr, 'eth', ir.named('eth_t'));
export const ip = ir.field(hdr, 'ip', ir.named('ip_t'));
export const labels = ir.field(hdr, 'labels', { kind: 'stack', element: ir.named('label_t'), size: 2 });
export const etherType = ir.field(eth, 'type', b16);
export const ttl = ir.field(ip, 'ttl', b8);
export const src = ir.field(ip, 'src', b32);
export const mark = ir.field(meta, 'mark', b8);
export const flag = ir.field(meta, 'flag', ir.boolType);
export const ingressPort = ir.field(ir.name('std', ir.named('IngressStd'), loc), 'ingressPort', b9);

/** The same expression at another place. */
export const moved = <T extends Expr>(expr: T, to: Loc = wrong): T => ({ ...expr, loc: to });

export const extract = (target: Expr): Stmt => ir.callMethod(packet, 'extract', [target], loc);
export const goto = (next: string, where: Loc = loc): Transition => ({ kind: 'goto', next, loc: where });
export const state = (name: string, body: Block, transition: Transition, where: Loc = loc): StateDecl => ({
  kind: 'state',
  name,
  body,
  transition,
  loc: where,
});
export const action = (name: string, params: readonly Param[], body: Block, where: Loc = loc): ActionDecl => ({
  kind: 'action',
  name,
  params,
  body,
  loc: where,
});
export const param = (name: string, type: Type, direction?: Param['direction']): Param => ({
  name,
  type,
  ...(direction ? { direction } : {}),
  loc,
});
export const table = (name: string, more: Partial<TableDecl> = {}): TableDecl => ({
  kind: 'table',
  name,
  keys: [],
  actions: [],
  loc,
  ...more,
});
export const apply = (name: string, more: object = {}): Stmt => ({ kind: 'apply', table: name, loc, ...more });
export const ref = (name: string, more: object = {}) => ({ action: name, args: [], loc, ...more });

export interface Parts {
  readonly types?: readonly TypeDecl[];
  readonly headers?: Readonly<Record<string, Type>>;
  readonly metadata?: Readonly<Record<string, Type>>;
  readonly states?: readonly StateDecl[];
  readonly locals?: readonly LocalDecl[];
  readonly ingress?: Block;
  readonly egress?: Block;
  readonly deparser?: Block;
  readonly more?: Partial<Program>;
}

const blockParams = (std: string): Param[] => [
  param('hdr', ir.named('headers_t'), 'inout'),
  param('meta', ir.named('metadata_t'), 'inout'),
  param('std', ir.named(std), 'in'),
];
const control = (name: string, params: readonly Param[], body: Block, locals: readonly LocalDecl[] = []): ControlDecl => ({
  kind: 'control',
  name,
  params,
  locals,
  body,
  loc,
});

/** A program with Ethernet, IP and labels, that extracts Ethernet and IP; `parts` replace its parts. */
export function program(parts: Parts = {}): Program {
  return {
    irVersion,
    name: 'p',
    arch: 'portable',
    types: [
      header('eth_t', { dst: ir.bitType(48), type: b16 }),
      header('ip_t', { ttl: b8, protocol: b8, sum: b16, src: b32 }),
      header('label_t', { value: b32 }),
      ...(parts.types ?? []),
      struct('headers_t', {
        eth: ir.named('eth_t'),
        ip: ir.named('ip_t'),
        labels: { kind: 'stack', element: ir.named('label_t'), size: 2 },
        ...parts.headers,
      }),
      struct('metadata_t', { mark: b8, flag: ir.boolType, ...parts.metadata }),
    ],
    errors: [],
    constants: [],
    functions: [],
    actions: [],
    instances: [],
    parsers: [
      {
        kind: 'parser',
        name: 'parse',
        params: [
          param('packet', ir.named('packet_in')),
          param('hdr', ir.named('headers_t'), 'out'),
          param('meta', ir.named('metadata_t'), 'inout'),
          param('std', ir.named('ParserStd'), 'in'),
        ],
        locals: [],
        states: parts.states ?? [state('start', [extract(eth), extract(ip)], goto('accept'))],
        loc,
      },
    ],
    controls: [
      control('ingress', blockParams('IngressStd'), parts.ingress ?? [], parts.locals),
      control('egress', blockParams('EgressStd'), parts.egress ?? []),
      control(
        'deparse',
        [
          param('packet', ir.named('packet_out')),
          param('hdr', ir.named('headers_t'), 'inout'),
          param('meta', ir.named('metadata_t'), 'in'),
        ],
        parts.deparser ?? [ir.callMethod(ir.name('packet', ir.named('packet_out'), loc), 'emit', [hdr], loc)],
      ),
    ],
    main: { package: 'Pipeline', blocks: ['parse', 'ingress', 'egress', 'deparse'] },
    ...parts.more,
  };
}

/** Diagnostics as `code line: message`, those of unused parts left out. */
export const shown = (diagnostics: readonly Diagnostic[]): string[] =>
  diagnostics.filter(isOfWhole).map((d) => `${d.code} ${d.loc.line}: ${d.message}`);

/** What validate reports of a program of these parts. */
export const report = (parts: Parts): string[] => shown(validate(program(parts)).diagnostics);
export const inIngress = (...ingress: Block): string[] => report({ ingress });

/** A table, an action, a counter, a condition and a select: something of most kinds, and valid. */
export const sample: Program = program({
  states: [
    state('start', program().parsers[0]?.states[0]?.body ?? [], {
      kind: 'select',
      on: [ttl],
      cases: [
        { keys: [{ kind: 'mask', value: ir.bits(1, 8), mask: ir.bits(3, 8) }], next: 'accept', loc: at(4) },
        { keys: [ir.any], next: 'reject', loc: at(5) },
      ],
      loc: at(3),
    }),
  ],
  locals: [
    { kind: 'instance', name: 'n', type: ir.named('Counter'), args: [ir.bits(4, 32), ir.member('CounterUnit', 'both')], loc: at(6) },
    action('set', [{ name: 'v', type: b8, loc: at(7) }], [ir.assign(mark, ir.name('v', b8)), ir.callFunction('forward', [ir.bits(1, 9)])]),
    table('t', {
      keys: [{ expr: ttl, match: 'exact', name: 'ttl', loc: at(8) }],
      actions: [ref('set')],
      defaultAction: { ...ref('set', { args: [ir.bits(2, 8)] }), const: false },
      size: 16,
    }),
  ],
  ingress: [
    { kind: 'if', cond: ir.binary('>', ttl, ir.bits(1, 8)), then: [apply('t')], loc: at(9) },
    ir.callMethod(ir.name('n', ir.named('Counter')), 'count', [ir.bits(1, 32)]),
  ],
});
