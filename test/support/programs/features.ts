/** A v1model program with a bit of everything that P4Info and the printer have to say something about. */
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
  errorType,
  errorValue,
  field,
  isValid,
  list,
  member,
  name,
  named,
  not,
  unary,
  value,
} from '../../../compiler/ir/build.js';
import type { Expr, LocalDecl, Program, Stmt } from '../../../compiler/ir/index.js';
import { irVersion } from '../../../compiler/ir/index.js';
import { nowhere } from '../../../compiler/support/location.js';
import { at, bitField, block, header, parserBlock, struct } from './make.js';

const loc = nowhere;
const etherType = named('EtherType');
const ethernet = header('ethernet_t', [
  bitField('dst', 48, 'mac'),
  bitField('src', 48, 'mac'),
  { name: 'etherType', type: etherType, doc: 'What follows.', loc },
]);
const vlan = header('vlan_t', [bitField('pcp', 3), bitField('dei', 1), bitField('vid', 12), { name: 'type', type: etherType, loc }]);
const label = header('label_t', [bitField('label', 20), bitField('tc', 3), bitField('bottom', 1), bitField('ttl', 8)]);
const ip = header('ip_t', [
  bitField('protocol', 8),
  bitField('ttl', 8),
  bitField('checksum', 16),
  bitField('src', 32, 'ipv4'),
  bitField('dst', 32, 'ipv4'),
  bitField('action', 16),
]);
const packetIn = {
  ...header('packet_in_t', [
    bitField('ingress_port', 9),
    bitField('reason', 5),
    { ...bitField('_pad', 2), annotations: [{ name: 'padding' }] },
  ]),
  annotations: [{ name: 'controller_header', body: '"packet_in"' }],
};
const packetOut = {
  ...header('packet_out_t', [bitField('egress_port', 9), { ...bitField('_pad', 7), annotations: [{ name: 'padding' }] }]),
  annotations: [{ name: 'controller_header', body: '"packet_out"' }],
};

const eth = at('hdr.ethernet', named('ethernet_t'));
const ipv4 = at('hdr.ip', named('ip_t'));
const labels = at('hdr.labels', { kind: 'stack', element: named('label_t'), size: 4 });
const standard = name('standard_metadata', named('standard_metadata_t'));
const std = (text: string, width: number): Expr => field(standard, text, bitType(width));
const meta = (text: string, width: number): Expr => field(name('meta', named('metadata_t')), text, bitType(width));
const get = (base: Expr, text: string, width: number): Expr => field(base, text, bitType(width));
const packet = name('packet', named('packet_in'));
const stack = (which: 'next' | 'last' | 'lastIndex'): Expr => ({
  kind: 'stack-member',
  base: labels,
  member: which,
  type: which === 'lastIndex' ? bitType(32) : named('label_t'),
  loc,
});
const slice = (base: Expr, high: number, low: number): Expr => ({ kind: 'slice', base, high, low, type: bitType(high - low + 1), loc });
const cast = (arg: Expr, width: number): Expr => ({ kind: 'cast', arg, type: bitType(width), loc });
const ref = (action: string, args: readonly Expr[] = []) => ({ action, args, loc });
const key = (expr: Expr, match: string, text: string) => ({ expr, match, name: text, loc });
const refs = (...actions: string[]) => actions.map((action) => ref(action));
const ether = (member: bigint): Expr => ({ kind: 'const', value: member, type: etherType, loc });

const ingressLocals: readonly LocalDecl[] = [
  { kind: 'constant', name: 'limit', type: bitType(8), value: bits(64, 8), loc },
  { kind: 'variable', name: 'big', type: bitType(128), init: bits(0x20010db8000000000000000000000001n, 128), loc },
  { kind: 'variable', name: 'low', type: { kind: 'int', width: 8 }, init: constant(-128, { kind: 'int', width: 8 }), loc },
  {
    kind: 'instance',
    name: 'drops',
    type: named('counter'),
    args: [bits(16, 32), member('CounterType', 'packets')],
    doc: 'By reason.',
    loc,
  },
  { kind: 'instance', name: 'ports', type: named('counter'), args: [bits(512, 32), member('CounterType', 'packets_and_bytes')], loc },
  { kind: 'instance', name: 'acl_counter', type: named('direct_counter'), args: [member('CounterType', 'bytes')], loc },
  {
    kind: 'action',
    name: 'drop',
    params: [{ name: 'reason', type: bitType(4), loc }],
    body: [
      callFunction('mark_to_drop', [standard]),
      callMethod(name('drops', named('counter')), 'count', [cast(name('reason', bitType(4)), 32)]),
    ],
    loc,
  },
  {
    kind: 'action',
    name: 'forward',
    doc: 'Sends the packet on.\nThe source becomes ours.',
    params: [
      { name: 'port', type: named('Port'), loc },
      { name: 'dst', type: bitType(48), format: 'mac', loc },
      { name: 'acl', type: bitType(1), loc },
      { name: 'kind', type: etherType, loc },
    ],
    body: [
      assign(std('egress_spec', 9), { kind: 'cast', arg: name('port', named('Port')), type: bitType(9), loc }),
      assign(get(eth, 'dst', 48), name('dst', bitType(48))),
      {
        kind: 'if',
        cond: binary('==', name('acl', bitType(1)), bits(1, 1)),
        then: [assign(field(eth, 'etherType', etherType), name('kind', etherType))],
        loc,
      },
    ],
    loc,
  },
  {
    kind: 'action',
    name: 'count',
    annotations: [{ name: 'name', body: '"tally"' }],
    params: [
      { name: 'n', type: bitType(8), direction: 'inout', loc },
      { name: 'by', type: bitType(8), loc },
    ],
    body: [assign(name('n', bitType(8)), binary('|+|', name('n', bitType(8)), name('by', bitType(8))))],
    loc,
  },
  {
    kind: 'action',
    name: 'mark',
    params: [{ name: 'm', type: bitType(8), loc }],
    body: [assign(meta('mark', 8), name('m', bitType(8)))],
    loc,
  },
  { kind: 'action', name: 'inner', params: [], body: [assign(meta('mark', 8), bits(7, 8))], loc },
  { kind: 'action', name: 'outer', params: [], body: [call({ kind: 'action', name: 'inner' }, [])], loc },
  {
    kind: 'table',
    name: 'acl',
    doc: 'Who may pass.',
    keys: [
      { ...key(get(ipv4, 'src', 32), 'ternary', 'src'), format: 'ipv4' },
      key(get(ipv4, 'protocol', 8), 'range', 'protocol'),
      key(std('ingress_port', 9), 'optional', 'in_port'),
      key(isValid(at('hdr.vlan', named('vlan_t'))), 'exact', 'tagged'),
      key(field(eth, 'etherType', etherType), 'exact', 'etherType'),
    ],
    actions: refs('forward', 'drop'),
    defaultAction: { action: 'drop', args: [bits(3, 4)], const: true, loc },
    size: 256,
    properties: [{ name: 'counters', value: name('acl_counter', named('direct_counter')) }],
    loc,
  },
  {
    kind: 'table',
    name: 'routes',
    keys: [{ ...key(get(ipv4, 'dst', 32), 'lpm', 'hdr.ip.dst'), format: 'ipv4' }],
    actions: [...refs('forward'), { ...ref('drop'), scope: 'defaultonly' }, { ...ref('mark'), scope: 'tableonly' }],
    properties: [{ name: 'support_timeout', value: bool(true) }],
    loc,
  },
  {
    kind: 'table',
    name: 'fixed',
    keys: [
      key(get(ipv4, 'protocol', 8), 'ternary', 'protocol'),
      key(get(ipv4, 'dst', 32), 'lpm', 'dst'),
      key(get(ipv4, 'ttl', 8), 'range', 'ttl'),
    ],
    actions: [ref('count', [meta('mark', 8)]), ref('outer'), ref('NoAction')],
    entries: [
      {
        keys: [
          { kind: 'mask', value: bits(0x10, 8), mask: bits(0xf0, 8) },
          { kind: 'mask', value: bits(0x0a000000, 32), mask: bits(0xff000000, 32) },
          { kind: 'range', low: bits(1, 8), high: bits(9, 8) },
        ],
        action: ref('count', [meta('mark', 8), bits(2, 8)]),
        loc,
      },
      { keys: [any, any, any], action: ref('outer'), loc },
    ],
    constEntries: true,
    loc,
  },
  {
    kind: 'table',
    name: 'keyless',
    keys: [],
    actions: refs('outer'),
    defaultAction: { action: 'outer', args: [], const: false, loc },
    loc,
  },
  {
    kind: 'table',
    name: 'idle',
    keys: [key(get(ipv4, 'ttl', 8), 'exact', 'ttl')],
    actions: refs('mark'),
    annotations: [{ name: 'hidden' }],
    loc,
  },
];

const ttl = get(ipv4, 'ttl', 8);
const mark = meta('mark', 8);
/** Every operator in places where a wrong parenthesis changes what it means. */
const arithmetic: readonly Stmt[] = [
  binary('-', binary('-', ttl, mark), binary('-', ttl, mark)),
  binary('*', binary('+', ttl, mark), bits(3, 8)),
  binary('|-|', unary('~', ttl), unary('-', mark)),
  binary('|', binary('&', ttl, bits(0x0f, 8)), binary('<<', mark, bits(2, 8))),
  binary('&', binary('|', ttl, mark), binary('^', ttl, bits(0x55, 8))),
  binary('++', slice(ttl, 3, 0), bits(5, 4)),
  binary('++', slice(binary('+', ttl, mark), 7, 4), slice(ttl, 3, 0)),
  cast(binary('>>', binary('++', ttl, mark), bits(4, 8)), 8),
  { kind: 'mux' as const, cond: binary('<', ttl, bits(64, 8)), yes: bits(1, 8), no: bits(2, 8), type: bitType(8), loc },
  unary('~', binary('+', ttl, mark)),
  cast(unary('~', cast(ttl, 16)), 8),
  binary('/', bits(200, 8), bits(7, 8)),
  binary('%', bits(200, 8), bits(7, 8)),
].map((expr) => assign(mark, expr));

const conditions: readonly Expr[] = [
  binary('&&', binary('||', isValid(ipv4), isValid(eth)), not(binary('==', ttl, bits(0, 8)))),
  binary('||', binary('&&', isValid(ipv4), isValid(eth)), not(isValid(eth))),
  binary('!=', binary('&', ttl, bits(0xf0, 8)), bits(0, 8)),
  binary('==', binary('>', ttl, mark), bool(true)),
  binary('==', field(standard, 'parser_error', errorType), errorValue('PacketTooShort')),
  binary('==', field(eth, 'etherType', etherType), member('EtherType', 'ipv4')),
  binary('>=', get(ipv4, 'dst', 32), bits(0xe0000000, 32)),
  binary('==', get(eth, 'dst', 48), bits(0x01005e000001, 48)),
];

const ingressBody: readonly Stmt[] = [
  { kind: 'declare', name: 'limit2', type: bitType(8), init: name('limit', bitType(8)), loc },
  { kind: 'declare', name: 'acl', type: boolType, init: bool(false), loc },
  ...arithmetic,
  ...conditions.map((cond): Stmt => ({ kind: 'if', cond, then: [assign(name('acl', boolType), not(name('acl', boolType)))], loc })),
  {
    kind: 'if',
    cond: binary('&&', binary('>', ttl, name('limit2', bitType(8))), name('acl', boolType)),
    doc: 'First the rules, then the routes.',
    then: [
      {
        kind: 'apply',
        table: 'acl',
        cases: [
          {
            actions: ['forward'],
            body: [{ kind: 'apply', table: 'routes', hit: [assign(mark, bits(1, 8))], miss: [assign(mark, bits(2, 8))], loc }],
            loc,
          },
          { actions: ['default'], body: [{ kind: 'exit', loc }], loc },
        ],
        loc,
      },
    ],
    else: [
      {
        kind: 'if',
        cond: isValid(ipv4),
        then: [{ kind: 'apply', table: 'fixed', miss: [{ kind: 'return', loc }], loc }],
        else: [{ kind: 'apply', table: 'keyless', loc }],
        loc,
      },
    ],
    loc,
  },
  call({ kind: 'action', name: 'mark' }, [bits(9, 8)]),
  { kind: 'apply', table: 'idle', loc },
  callMethod(name('ports', named('counter')), 'count', [cast(std('ingress_port', 9), 32)]),
  {
    kind: 'switch',
    on: mark,
    cases: [
      { labels: [bits(1, 8), bits(2, 8)], body: [{ kind: 'set-validity', header: ipv4, valid: false, loc }], loc },
      {
        labels: ['default'],
        body: [
          { kind: 'push', stack: labels, count: 1, loc },
          { kind: 'pop', stack: labels, count: 2, loc },
        ],
        loc,
      },
    ],
    loc,
  },
  {
    kind: 'if',
    cond: binary('&&', isValid(ipv4), binary('==', std('ingress_port', 9), name('CPU_PORT', bitType(9)))),
    then: [
      { kind: 'set-validity', header: at('hdr.packet_in', named('packet_in_t')), valid: true, loc },
      assign(at('hdr.packet_in', named('packet_in_t')), {
        kind: 'struct',
        fields: [
          { name: 'ingress_port', value: std('ingress_port', 9) },
          { name: 'reason', value: bits(1, 5) },
          { name: '_pad', value: bits(0, 2) },
        ],
        type: named('packet_in_t'),
        loc,
      }),
      assign(slice(get(ipv4, 'action', 16), 3, 0), bits(1, 4)),
      assign(
        get({ kind: 'index', base: labels, index: bits(0, 32), type: named('label_t'), loc }, 'ttl', 8),
        slice(name('big', bitType(128)), 7, 0),
      ),
      {
        kind: 'block',
        body: [
          { kind: 'declare', name: 'x', type: bitType(8), init: cast(name('low', { kind: 'int', width: 8 }), 8), loc },
          assign(mark, name('x', bitType(8))),
        ],
        loc,
      },
    ],
    loc,
  },
];

const next = (text: string) => ({ kind: 'goto' as const, next: text, loc });

export const features: Program = {
  irVersion,
  name: 'features',
  arch: 'v1model',
  types: [
    struct('headers_t', [
      { name: 'packet_in', type: named('packet_in_t'), loc },
      { name: 'packet_out', type: named('packet_out_t'), loc },
      { name: 'ethernet', type: named('ethernet_t'), loc },
      { name: 'vlan', type: named('vlan_t'), loc },
      { name: 'labels', type: { kind: 'stack', element: named('label_t'), size: 4 }, loc },
      { name: 'ip', type: named('ip_t'), loc },
    ]),
    struct('metadata_t', [bitField('mark', 8), { name: 'seen', type: boolType, doc: 'By the parser.', loc }]),
    ethernet,
    vlan,
    label,
    ip,
    packetIn,
    packetOut,
    {
      kind: 'enum',
      name: 'EtherType',
      base: { kind: 'bit', width: 16 },
      members: [
        { name: 'ipv4', value: 0x0800n },
        { name: 'vlan', value: 0x8100n },
        { name: 'mpls', value: 0x8847n },
      ],
      loc,
    },
    {
      kind: 'newtype',
      name: 'Port',
      type: bitType(9),
      annotations: [{ name: 'p4runtime_translation', body: '"example.net/port", bit<32>' }],
      loc,
    },
  ],
  errors: ['BadVersion'],
  constants: [{ kind: 'constant', name: 'CPU_PORT', type: bitType(9), value: bits(510, 9), doc: 'Where the controller is.', loc }],
  functions: [],
  actions: [],
  instances: [],
  parsers: [
    parserBlock('Ingress', [
      {
        kind: 'state',
        name: 'start',
        body: [],
        transition: {
          kind: 'select',
          on: [std('ingress_port', 9)],
          cases: [
            { keys: [value(name('CPU_PORT', bitType(9)))], next: 'state', loc },
            { keys: [any], next: 'ethernet', loc },
          ],
          loc,
        },
        loc,
      },
      {
        kind: 'state',
        name: 'state',
        body: [callMethod(packet, 'extract', [at('hdr.packet_out', named('packet_out_t'))])],
        transition: next('ethernet'),
        loc,
      },
      {
        kind: 'state',
        name: 'ethernet',
        doc: 'Every packet has one.',
        body: [callMethod(packet, 'extract', [eth])],
        transition: {
          kind: 'select',
          on: [field(eth, 'etherType', etherType), { kind: 'lookahead', packet, type: bitType(4), loc }],
          cases: [
            { keys: [value(ether(0x0800n)), value(bits(4, 4))], next: 'ip', loc },
            { keys: [value(member('EtherType', 'vlan')), any], next: 'vlan', loc },
            { keys: [value(ether(0x8847n)), any], next: 'label', loc },
            { keys: [any, any], next: 'accept', loc },
          ],
          loc,
        },
        loc,
      },
      {
        kind: 'state',
        name: 'vlan',
        body: [callMethod(packet, 'extract', [at('hdr.vlan', named('vlan_t'))])],
        transition: {
          kind: 'select',
          on: [get(at('hdr.vlan', named('vlan_t')), 'vid', 12)],
          cases: [
            { keys: [{ kind: 'mask', value: bits(0x100, 12), mask: bits(0xf00, 12) }], next: 'ip', loc },
            { keys: [{ kind: 'range', low: bits(1, 12), high: bits(9, 12) }], next: 'ip', loc },
            { keys: [any], next: 'accept', loc },
          ],
          loc,
        },
        loc,
      },
      {
        kind: 'state',
        name: 'label',
        body: [callMethod(packet, 'extract', [stack('next')])],
        transition: {
          kind: 'select',
          on: [get(stack('last'), 'bottom', 1), cast(stack('lastIndex'), 2)],
          cases: [
            { keys: [value(bits(0, 1)), { kind: 'mask', value: bits(0, 2), mask: bits(2, 2) }], next: 'label', loc },
            { keys: [any, any], next: 'ip', loc },
          ],
          loc,
        },
        loc,
      },
      {
        kind: 'state',
        name: 'ip',
        body: [callMethod(packet, 'extract', [ipv4]), assign(field(name('meta', named('metadata_t')), 'seen', boolType), bool(true))],
        transition: next('accept'),
        loc,
      },
    ]),
  ],
  controls: [
    block('verify', 'checksum', [], []),
    block('Egress', 'pipeline', ingressLocals, ingressBody),
    block(
      'egress',
      'pipeline',
      [
        {
          kind: 'action',
          name: 'forward',
          params: [{ name: 'unit', type: bitType(8), loc }],
          body: [assign(mark, name('unit', bitType(8)))],
          loc,
        },
        { kind: 'table', name: 'after', keys: [key(mark, 'exact', 'meta.mark')], actions: refs('forward'), size: 0, loc },
      ],
      [{ kind: 'apply', table: 'after', loc }],
    ),
    block(
      'compute',
      'checksum',
      [],
      [
        callFunction('update_checksum', [
          isValid(ipv4),
          list([get(ipv4, 'protocol', 8), bits(6, 8), ttl, get(ipv4, 'src', 32), get(ipv4, 'dst', 32)]),
          get(ipv4, 'checksum', 16),
          member('HashAlgorithm', 'csum16'),
        ]),
      ],
    ),
    block(
      'deparse',
      'deparser',
      [],
      [name('hdr', named('headers_t'))].map((all) => callMethod(name('packet', named('packet_out')), 'emit', [all])),
    ),
  ],
  main: { package: 'V1Switch', blocks: ['Ingress', 'verify', 'Egress', 'egress', 'compute', 'deparse'] },
};
