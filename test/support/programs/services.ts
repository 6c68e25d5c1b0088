/** A v1model program of extern objects and functions: what P4Info says of them, and how they are printed. */
import {
  any,
  assign,
  binary,
  bits,
  bitType,
  bool,
  boolType,
  call,
  callFunction,
  callMethod,
  constant,
  field,
  isValid,
  list,
  member,
  name,
  named,
  string,
  value,
} from '../../../compiler/ir/build.js';
import type { Annotation, Block, Expr, InstanceDecl, Program, Stmt, TableDecl, Type } from '../../../compiler/ir/index.js';
import { irVersion } from '../../../compiler/ir/index.js';
import { nowhere } from '../../../compiler/support/location.js';
import { at, bitField, block, header, parserBlock, struct } from './make.js';

const loc = nowhere;
const color = named('MeterColor');
const tenant = named('Tenant');
const flow = header('flow_t', [bitField('src', 32, 'ipv4'), bitField('dst', 32, 'ipv4'), bitField('id', 16), bitField('checksum', 16)]);
const h = at('hdr.flow', named('flow_t'));
const get = (text: string, width: number): Expr => field(h, text, bitType(width));
const meta = (text: string, type: Type): Expr => field(name('meta', named('metadata_t')), text, type);
const standard = name('standard_metadata', named('standard_metadata_t'));
const std = (text: string, width: number): Expr => field(standard, text, bitType(width));
const cast = (arg: Expr, type: Type): Expr => ({ kind: 'cast', arg, type, loc });
const slice = (base: Expr, high: number, low: number): Expr => ({ kind: 'slice', base, high, low, type: bitType(high - low + 1), loc });

const instance = (
  text: string,
  type: Type & { kind: 'named' },
  args: readonly Expr[],
  annotations?: readonly Annotation[],
): InstanceDecl => ({
  kind: 'instance',
  name: text,
  type,
  args,
  ...(annotations ? { annotations } : {}),
  loc,
});
const register = (cell: Type) => named('register', [cell]);
const on = (object: string, type: Type, method: string, args: readonly Expr[]): Stmt => callMethod(name(object, type), method, args);
const variable = (text: string, type: Type, init?: Expr): Stmt => ({ kind: 'declare', name: text, type, ...(init ? { init } : {}), loc });
const atomic = (body: Block): Stmt => ({ kind: 'block', annotations: [{ name: 'atomic' }], body, loc });
const property = (text: string, instanceName: string, type: string) => ({ name: text, value: name(instanceName, named(type)) });
const table = (text: string, more: Partial<TableDecl>): TableDecl => ({
  kind: 'table',
  name: text,
  keys: [{ expr: get('id', 16), match: 'exact', name: 'hdr.flow.id', loc }],
  actions: [
    { action: 'forward', args: [], loc },
    { action: 'NoAction', args: [], loc },
  ],
  ...more,
  loc,
});
const selectorKey = (text: 'src' | 'dst') => ({ expr: get(text, 32), match: 'selector', name: text, loc });
const selected = {
  keys: [{ expr: get('id', 16), match: 'exact', name: 'flow', loc }, selectorKey('src'), selectorKey('dst')],
};
const apply = (text: string): Stmt => ({ kind: 'apply', table: text, loc });
const pairRegister = register(bitType(64));
const byteRegister = register(bitType(8));

const ingressBody: Block = [
  variable('raw', bitType(64)),
  atomic([
    on('pairs', pairRegister, 'read', [name('raw', bitType(64)), cast(get('id', 16), bitType(32))]),
    variable('count', bitType(32), slice(name('raw', bitType(64)), 31, 0)),
    {
      kind: 'if',
      cond: binary('!=', slice(name('raw', bitType(64)), 63, 32), get('src', 32)),
      then: [assign(name('count', bitType(32)), bits(0, 32))],
      loc,
    },
    on('pairs', pairRegister, 'write', [
      cast(get('id', 16), bitType(32)),
      binary('++', get('src', 32), binary('+', name('count', bitType(32)), bits(1, 32))),
    ]),
  ]),
  variable('shade', bitType(2)),
  on('rates', named('meter'), 'execute_meter', [cast(get('id', 16), bitType(32)), name('shade', bitType(2))]),
  assign(meta('color', color), cast(name('shade', bitType(2)), color)),
  on('tenants', register(tenant), 'read', [meta('tenant', tenant), bits(3, 32)]),
  on('temperatures', register({ kind: 'int', width: 8 }), 'write', [bits(0, 32), constant(-5, { kind: 'int', width: 8 })]),
  callFunction('hash', [
    meta('bucket', bitType(32)),
    member('HashAlgorithm', 'crc32'),
    bits(0, 32),
    list([get('src', 32), get('dst', 32), bits(6, 8), slice(get('id', 16), 7, 0)]),
    bits(1024, 32),
  ]),
  callFunction('random', [meta('bucket', bitType(32)), bits(0, 32), bits(99, 32)]),
  {
    kind: 'if',
    cond: binary('==', meta('color', color), member('MeterColor', 'red')),
    then: [
      {
        ...callFunction('digest', [
          bits(1, 32),
          {
            kind: 'struct',
            type: named('noisy_t'),
            fields: [
              { name: 'src', value: get('src', 32) },
              { name: 'tenant', value: meta('tenant', tenant) },
              { name: 'color', value: meta('color', color) },
              { name: 'valid', value: isValid(h) },
              { name: 'inner', value: { kind: 'struct', type: named('inner_t'), fields: [{ name: 'id', value: get('id', 16) }], loc } },
            ],
            loc,
          },
        ]),
        typeArgs: [named('noisy_t')],
      },
      callFunction('clone_preserving_field_list', [member('CloneType', 'I2E'), bits(5, 32), bits(1, 8)]),
      callFunction('log_msg', [string('noisy "{}" of {}'), list([get('src', 32), meta('tenant', tenant)])]),
    ],
    loc,
  },
  apply('pick'),
  apply('balance'),
  apply('spread'),
  call({ kind: 'action', name: 'learn' }, []),
  {
    kind: 'if',
    cond: binary('==', std('instance_type', 32), bits(0, 32)),
    then: [callFunction('resubmit_preserving_field_list', [bits(2, 8)])],
    loc,
  },
  callFunction('assert', [binary('!=', get('id', 16), bits(0xffff, 16))]),
  callFunction('assume', [isValid(h)]),
  callFunction('truncate', [bits(128, 32)]),
];

export const services: Program = {
  irVersion,
  name: 'services',
  arch: 'v1model',
  annotations: [
    { name: 'pkginfo', body: 'name = "services", version = "1.2"' },
    { name: 'mine', body: '7' },
  ],
  types: [
    flow,
    struct('headers_t', [{ name: 'flow', type: named('flow_t'), loc }]),
    struct('metadata_t', [
      { ...bitField('bucket', 32), annotations: [{ name: 'field_list', body: '1' }] },
      { name: 'color', type: color, annotations: [{ name: 'field_list', body: '1, 2' }], loc },
      { name: 'tenant', type: tenant, loc },
    ]),
    struct('noisy_t', [
      bitField('src', 32),
      { name: 'tenant', type: tenant, loc },
      { name: 'color', type: color, loc },
      { name: 'valid', type: boolType, loc },
      { name: 'inner', type: named('inner_t'), loc },
    ]),
    struct('inner_t', [bitField('id', 16)]),
    { ...struct('seen_t', [bitField('id', 16)]), annotations: [{ name: 'name', body: '"seen"' }] },
    {
      kind: 'enum',
      name: 'MeterColor',
      base: { kind: 'bit', width: 2 },
      members: [
        { name: 'green', value: 0n },
        { name: 'yellow', value: 1n },
        { name: 'red', value: 2n },
      ],
      loc,
    },
    { kind: 'newtype', name: 'Tenant', type: bitType(24), loc },
  ],
  errors: [],
  constants: [],
  functions: [],
  actions: [],
  instances: [instance('everything', named('counter'), [bits(1, 32), member('CounterType', 'packets')])],
  parsers: [
    parserBlock('parse', [
      {
        kind: 'state',
        name: 'start',
        body: [callMethod(name('packet', named('packet_in')), 'extract', [h])],
        transition: { kind: 'goto', next: 'accept', loc },
        loc,
      },
    ]),
  ],
  controls: [
    block(
      'verifyChecksums',
      'checksum',
      [],
      [
        callFunction('verify_checksum_with_payload', [
          isValid(h),
          list([get('src', 32), get('dst', 32)]),
          get('checksum', 16),
          member('HashAlgorithm', 'csum16'),
        ]),
      ],
    ),
    block(
      'ingress',
      'pipeline',
      [
        { ...instance('pairs', pairRegister, [bits(65536, 32)]), doc: 'Source and packets of each flow.' },
        instance('seen', byteRegister, [bits(8, 32)], [{ name: 'id', body: '99' }]),
        instance('tenants', register(tenant), [bits(16, 32)], [{ name: 'name', body: '"tenants.list"' }]),
        instance('temperatures', register({ kind: 'int', width: 8 }), [bits(1, 32)]),
        instance('rates', named('meter'), [bits(65536, 32), member('MeterType', 'bytes')], [{ name: 'name', body: '"tenants.rates"' }]),
        instance('pick_rate', named('direct_meter', [bitType(2)]), [member('MeterType', 'packets')]),
        instance('pick_count', named('direct_counter'), [member('CounterType', 'packets_and_bytes')]),
        instance('profile', named('action_profile'), [bits(16, 32)], [{ name: 'brief', body: '"Next hops."' }]),
        instance(
          'selector',
          named('action_selector'),
          [member('HashAlgorithm', 'crc16'), bits(64, 32), bits(14, 32)],
          [{ name: 'max_group_size', body: '8' }],
        ),
        {
          kind: 'action',
          name: 'forward',
          params: [{ name: 'port', type: bitType(9), loc }],
          body: [assign(std('egress_spec', 9), name('port', bitType(9)))],
          loc,
        },
        {
          kind: 'action',
          name: 'learn',
          params: [],
          body: [
            on('seen', byteRegister, 'write', [bits(0, 32), bits(1, 8)]),
            {
              ...callFunction('digest', [
                bits(1, 32),
                { kind: 'struct', type: named('seen_t'), fields: [{ name: 'id', value: get('id', 16) }], loc },
              ]),
              typeArgs: [named('seen_t')],
            },
          ],
          loc,
        },
        {
          kind: 'action',
          name: 'metered',
          params: [],
          body: [
            variable('shade', bitType(2)),
            on('pick_rate', named('direct_meter', [bitType(2)]), 'read', [name('shade', bitType(2))]),
            assign(meta('color', color), cast(name('shade', bitType(2)), color)),
          ],
          loc,
        },
        table('pick', {
          actions: [
            { action: 'metered', args: [], scope: 'tableonly', loc },
            { action: 'NoAction', args: [], scope: 'defaultonly', loc },
          ],
          defaultAction: { action: 'NoAction', args: [], const: true, loc },
          properties: [
            property('counters', 'pick_count', 'direct_counter'),
            { name: 'meters', value: name('pick_rate', named('direct_meter', [bitType(2)])) },
            { name: 'support_timeout', value: bool(true) },
          ],
          annotations: [{ name: 'name', body: '"tenants.pick"' }],
        }),
        table('spread', { ...selected, size: 64, properties: [property('implementation', 'selector', 'action_selector')] }),
        table('balance', { properties: [property('implementation', 'profile', 'action_profile')] }),
      ],
      ingressBody,
    ),
    block(
      'egress',
      'pipeline',
      [
        {
          kind: 'action',
          name: 'mark',
          params: [{ name: 'with', type: bitType(32), loc }],
          body: [assign(meta('bucket', bitType(32)), name('with', bitType(32)))],
          loc,
        },
        table('initial', {
          keys: [
            { expr: get('id', 16), match: 'ternary', name: 'id', loc },
            { expr: get('src', 32), match: 'range', name: 'src', loc },
          ],
          actions: [
            { action: 'mark', args: [], loc },
            { action: 'NoAction', args: [], loc },
          ],
          entries: [
            { keys: [any, any], action: { action: 'NoAction', args: [], loc }, priority: 1, loc },
            {
              keys: [
                { kind: 'mask', value: bits(0x100, 16), mask: bits(0xff00, 16) },
                { kind: 'range', low: bits(1, 32), high: bits(9, 32) },
              ],
              action: { action: 'mark', args: [bits(7, 32)], loc },
              priority: 20,
              const: true,
              loc,
            },
          ],
        }),
        table('exactly', {
          actions: [
            { action: 'mark', args: [], loc },
            { action: 'NoAction', args: [], loc },
          ],
          size: 16,
          entries: [{ keys: [value(bits(3, 16))], action: { action: 'mark', args: [bits(9, 32)], loc }, loc }],
          constEntries: true,
        }),
      ],
      [
        apply('initial'),
        apply('exactly'),
        on('everything', named('counter'), 'count', [bits(0, 32)]),
        {
          kind: 'if',
          cond: binary('<', std('deq_qdepth', 19), bits(10, 19)),
          then: [
            callFunction('clone_preserving_field_list', [member('CloneType', 'E2E'), cast(get('id', 16), bitType(32)), bits(2, 8)]),
            callFunction('recirculate_preserving_field_list', [bits(1, 8)]),
            callFunction('mark_to_drop', [standard]),
          ],
          else: [callFunction('clone', [member('CloneType', 'E2E'), bits(7, 32)])],
          loc,
        },
      ],
    ),
    block(
      'computeChecksums',
      'checksum',
      [],
      [
        callFunction('update_checksum_with_payload', [
          isValid(h),
          list([get('src', 32), list([get('dst', 32), bits(0, 16)])]),
          get('checksum', 16),
          member('HashAlgorithm', 'csum16'),
        ]),
      ],
    ),
    block('deparse', 'deparser', [], [callMethod(name('packet', named('packet_out')), 'emit', [h])]),
  ],
  main: { package: 'V1Switch', blocks: ['parse', 'verifyChecksums', 'ingress', 'egress', 'computeChecksums', 'deparse'] },
};
