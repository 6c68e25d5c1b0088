/** A v1model program of the language: types, expressions, parsers, functions, actions, switches, control instances. */
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
  string,
  unary,
  value,
} from '../../../compiler/ir/build.js';
import type { Block, Expr, KeySet, LocalDecl, Param, Program, StateDecl, Stmt, Type } from '../../../compiler/ir/index.js';
import { irVersion } from '../../../compiler/ir/index.js';
import { nowhere } from '../../../compiler/support/location.js';
import { at, bitField, block, header, parserBlock, struct } from './make.js';

const loc = nowhere;
const byte = bitType(8);
const kind = named('Kind');
const mode = named('Mode');
const port = named('Port');
const int8: Type = { kind: 'int', width: 8 };
const point = named('point_t');
const tuple: Type = { kind: 'tuple', elements: [byte, boolType] };
const unionStack = { kind: 'stack', element: named('either_t'), size: 3 } as const;
const packet = name('packet', named('packet_in'));

const base = header('base_t', [
  { name: 'kind', type: kind, loc },
  { name: 'flag', type: boolType, loc },
  bitField('length', 7),
  { name: 'level', type: int8, loc },
  bitField('a', 8),
  bitField('b', 8),
  bitField('wide', 48),
]);
const options = header('options_t', [bitField('type', 8), { name: 'data', type: { kind: 'varbit', width: 320 }, loc }]);
const small = header('small_t', [bitField('x', 8)]);
const large = header('large_t', [bitField('x', 8), bitField('y', 24)]);

const h = at('hdr.base', named('base_t'));
const opt = at('hdr.options', named('options_t'));
const labels = at('hdr.labels', { kind: 'stack', element: named('small_t'), size: 4 });
const either = at('hdr.either', named('either_t'));
const several = at('hdr.several', unionStack);
const get = (text: string, type: Type = byte): Expr => field(h, text, type);
const meta = (text: string, type: Type = byte): Expr => field(name('meta', named('metadata_t')), text, type);
const label = (index: Expr): Expr => field({ kind: 'index', base: labels, index, type: named('small_t'), loc }, 'x', byte);
const cast = (arg: Expr, type: Type): Expr => ({ kind: 'cast', arg, type, loc });
const slice = (of: Expr, high: number, low: number): Expr => ({ kind: 'slice', base: of, high, low, type: bitType(high - low + 1), loc });
const mux = (cond: Expr, yes: Expr, no: Expr): Expr => ({ kind: 'mux', cond, yes, no, type: yes.type, loc });
const when = (cond: Expr, then: Block, otherwise?: Block): Stmt => ({
  kind: 'if',
  cond,
  then,
  ...(otherwise ? { else: otherwise } : {}),
  loc,
});
const variable = (text: string, type: Type, init?: Expr): Stmt => ({ kind: 'declare', name: text, type, ...(init ? { init } : {}), loc });
const literal = (type: Type, fields: Readonly<Record<string, Expr>>, partial = false): Expr => ({
  kind: 'struct',
  fields: Object.entries(fields).map(([text, of]) => ({ name: text, value: of })),
  ...(partial ? { partial } : {}),
  type,
  loc,
});
const switchOn = (on: Expr, cases: readonly [readonly (Expr | 'default')[], Block][]): Stmt => ({
  kind: 'switch',
  on,
  cases: cases.map(([labelsOf, body]) => ({ labels: labelsOf, body, loc })),
  loc,
});
const mark = (n: number): Block => [assign(meta('mark'), bits(n, 8))];
const param = (text: string, type: Type, direction?: Param['direction']): Param => ({
  name: text,
  type,
  ...(direction ? { direction } : {}),
  loc,
});
const state = (text: string, body: Block, transition: StateDecl['transition']): StateDecl => ({
  kind: 'state',
  name: text,
  body,
  transition,
  loc,
});
const goto = (next: string) => ({ kind: 'goto', next, loc }) as const;
const select = (on: readonly Expr[], cases: readonly (readonly [readonly KeySet[], string])[]) =>
  ({ kind: 'select', on, cases: cases.map(([keys, next]) => ({ keys, next, loc })), loc }) as const;
const ref = (action: string, args: readonly Expr[] = []) => ({ action, args, loc });

const functions: Program['functions'] = [
  {
    kind: 'function',
    name: 'clamp',
    doc: 'At most `most`.',
    returns: byte,
    params: [param('given', byte, 'in'), param('most', byte, 'in'), param('was_more', boolType, 'inout')],
    body: [
      variable('result', byte, name('given', byte)),
      when(binary('>', name('given', byte), name('most', byte)), [
        assign(name('result', byte), name('most', byte)),
        assign(name('was_more', boolType), bool(true)),
      ]),
      { kind: 'return', value: name('result', byte), loc },
    ],
    loc,
  },
  {
    kind: 'function',
    name: 'weight',
    returns: byte,
    params: [param('of', kind, 'in')],
    body: [
      variable('result', byte, bits(0, 8)),
      switchOn(name('of', kind), [
        [[member('Kind', 'data')], [assign(name('result', byte), bits(3, 8))]],
        [[member('Kind', 'ack'), member('Kind', 'hello')], [assign(name('result', byte), bits(1, 8))]],
        [['default'], [assign(name('result', byte), bits(9, 8))]],
      ]),
      { kind: 'return', value: name('result', byte), loc },
    ],
    loc,
  },
  {
    kind: 'function',
    name: 'twice',
    returns: byte,
    params: [param('x', byte, 'in')],
    body: [{ kind: 'return', value: binary('<<', name('x', byte), name('ONE', bitType(16))), loc }],
    loc,
  },
];

const states: readonly StateDecl[] = [
  state(
    'start',
    [
      callMethod(packet, 'extract', [h]),
      callFunction('verify', [binary('!=', get('length', bitType(7)), bits(0, 7)), errorValue('Empty')]),
      { ...callFunction('twice', [get('a')]), result: meta('mark') },
    ],
    select(
      [get('kind', kind), meta('port', port), get('flag', boolType)],
      [
        [[value(member('Kind', 'data')), any, value(bool(true))], 'with_options'],
        [[value(constant(2, kind)), value(constant(7, port)), any], 'skip'],
        [[any, { kind: 'range', low: constant(1, port), high: constant(3, port) }, any], 'union'],
        [[any, any, any], 'peek'],
      ],
    ),
  ),
  state(
    'with_options',
    [callMethod(packet, 'extract', [opt, binary('<<', cast(get('length', bitType(7)), bitType(32)), bits(3, 32))])],
    select(
      [get('kind', kind)],
      [
        [[{ kind: 'value-set', name: 'known' }], 'union'],
        [[any], 'accept'],
      ],
    ),
  ),
  state(
    'skip',
    [callMethod(packet, 'advance', [bits(32, 32)]), callMethod(packet, 'advance', [binary('*', cast(get('a'), bitType(32)), bits(8, 32))])],
    goto('peek'),
  ),
  state(
    'peek',
    [
      assign(meta('next'), { kind: 'lookahead', packet, type: byte, loc }),
      when(binary('==', meta('next'), bits(0, 8)), [assign(meta('point', point), literal(point, { x: bits(1, 8), y: bits(2, 16) }))]),
    ],
    select(
      [slice({ kind: 'lookahead', packet, type: bitType(16), loc }, 15, 12)],
      [
        [[value(bits(4, 4))], 'labels'],
        [[any], 'accept'],
      ],
    ),
  ),
  state(
    'labels',
    [callMethod(packet, 'extract', [{ kind: 'stack-member', base: labels, member: 'next', type: named('small_t'), loc }])],
    select(
      [field({ kind: 'stack-member', base: labels, member: 'last', type: named('small_t'), loc }, 'x', byte)],
      [
        [[{ kind: 'mask', value: bits(0, 8), mask: bits(1, 8) }], 'labels'],
        [[any], 'accept'],
      ],
    ),
  ),
  state(
    'union',
    [call({ kind: 'block', instance: 'alternatives' }, [packet, either])],
    select(
      [isValid(either)],
      [
        [[value(bool(true))], 'more'],
        [[any], 'accept'],
      ],
    ),
  ),
  state(
    'more',
    [
      callMethod(packet, 'extract', [
        field({ kind: 'stack-member', base: several, member: 'next', type: named('either_t'), loc }, 'small', named('small_t')),
      ]),
    ],
    goto('accept'),
  ),
];

const flag = meta('flag', boolType);
const point1 = meta('point', point);
const other = meta('other', point);
const signed = meta('signed', int8);

const expressions: readonly Stmt[] = [
  assign(slice(meta('mark'), 3, 0), slice(get('wide', bitType(48)), 47, 44)),
  assign(meta('mark'), binary('|+|', meta('mark'), bits(200, 8))),
  assign(signed, binary('|-|', signed, constant(-128, int8))),
  assign(signed, binary('>>', unary('-', signed), bits(9, 8))),
  assign(meta('mark'), binary('<<', meta('mark'), bits(8, 8))),
  assign(meta('mark'), binary('>>', get('a'), slice(get('b'), 2, 0))),
  assign(flag, binary('==', h, at('hdr.spare', named('base_t')))),
  assign(flag, binary('!=', point1, other)),
  assign(
    flag,
    binary('&&', binary('==', other, literal(point, { x: bits(1, 8), y: bits(9, 16) })), cast(slice(meta('mark'), 0, 0), boolType)),
  ),
  assign(slice(meta('mark'), 7, 7), cast(flag, bitType(1))),
  assign(other, literal(point, { x: get('a') }, true)),
  assign(at('hdr.spare', named('base_t')), { kind: 'invalid', type: named('base_t'), loc }),
  assign(label(bits(1, 32)), label(binary('+', cast(meta('mark'), bitType(32)), bits(1, 32)))),
  assign(meta('mode', mode), member('Mode', 'slow')),
  assign(meta('port', port), cast(cast(get('a'), bitType(9)), port)),
  assign(
    meta('mark'),
    mux(
      binary('&&', binary('==', get('kind', kind), member('Kind', 'acknowledgement_of_data')), isValid(opt)),
      binary('&', binary('+', get('a'), get('b')), bits(0x7f, 8)),
      mux(flag, binary('^', get('a'), get('b')), bits(0, 8)),
    ),
  ),
  assign(
    get('wide', bitType(48)),
    ['a', 'b', 'a', 'b', 'a', 'b'].map((text) => get(text)).reduce((all, part) => binary('++', all, part)),
  ),
  when(
    [
      isValid(opt),
      binary('<=', get('length', bitType(7)), bits(40, 7)),
      binary('||', flag, binary('==', meta('next'), bits(0x45, 8))),
      not(binary('==', get('wide', bitType(48)), bits(0xffffffffffffn, 48))),
    ].reduce((all, part) => binary('&&', all, part)),
    mark(5),
  ),
  variable('pair', tuple, list([get('a'), bool(true)])),
  assign(meta('mark'), { kind: 'index', base: name('pair', tuple), index: bits(0, 32), type: byte, loc }),
  when({ kind: 'index', base: name('pair', tuple), index: bits(1, 32), type: boolType, loc }, mark(1)),
];

const choices: readonly Stmt[] = [
  switchOn(get('kind', kind), [
    [[member('Kind', 'data'), member('Kind', 'ack')], mark(1)],
    [['default'], mark(2)],
  ]),
  switchOn(meta('mode', mode), [[[member('Mode', 'fast')], mark(3)]]),
  switchOn(flag, [
    [[bool(true)], mark(4)],
    [['default'], mark(5)],
  ]),
  switchOn(meta('port', port), [
    [[constant(1, port), constant(2, port)], mark(6)],
    [[constant(3, port)], mark(7)],
    [['default'], mark(8)],
  ]),
  switchOn(field(name('standard_metadata', named('standard_metadata_t')), 'parser_error', errorType), [
    [[errorValue('Empty')], mark(9)],
    [['default'], []],
  ]),
  switchOn(signed, [[[constant(-3, int8)], mark(10)]]),
];

const unions: readonly Stmt[] = [
  when(isValid(either), [{ kind: 'set-validity', header: field(either, 'large', named('large_t')), valid: true, loc }]),
  assign(field(field(either, 'large', named('large_t')), 'y', bitType(24)), bits(0xabcdef, 24)),
  {
    kind: 'set-validity',
    header: field({ kind: 'index', base: several, index: bits(0, 32), type: named('either_t'), loc }, 'small', named('small_t')),
    valid: false,
    loc,
  },
  { kind: 'push', stack: several, count: 1, loc },
  { kind: 'pop', stack: labels, count: 1, loc },
];

const ingressLocals: readonly LocalDecl[] = [
  { kind: 'constant', name: 'SHIFT', type: bitType(32), value: bits(2, 32), loc },
  {
    kind: 'instance',
    name: 'meters_of',
    type: named('Marker'),
    args: [bits(7, 8)],
    annotations: [{ name: 'name', body: '"marks.first"' }],
    loc,
  },
  { kind: 'instance', name: 'second', type: named('Marker'), args: [bits(8, 8)], loc },
  {
    kind: 'action',
    name: 'choose',
    annotations: [
      { name: 'mine', body: '"a", 3' },
      { name: 'structured', body: 'level = 3, text = "deep"', structured: true },
    ],
    params: [
      param('target', byte, 'inout'),
      param('enable', boolType),
      param('to', port),
      param('how', kind),
      param('level', int8),
      { ...param('source_address', bitType(48)), format: 'mac' },
    ],
    body: [
      when(binary('&&', name('enable', boolType), not(flag)), [assign(name('target', byte), bits(1, 8))]),
      assign(flag, name('enable', boolType)),
      switchOn(name('how', kind), [
        [[member('Kind', 'data')], [assign(meta('port', port), name('to', port))]],
        [[member('Kind', 'ack')], [assign(signed, name('level', int8))]],
        [['default'], [assign(get('wide', bitType(48)), name('source_address', bitType(48)))]],
      ]),
      assign(meta('mark'), binary('<<', meta('mark'), name('SHIFT', bitType(32)))),
    ],
    loc,
  },
  {
    kind: 'action',
    name: 'set_flag',
    params: [param('on', boolType)],
    body: [assign(flag, name('on', boolType))],
    loc,
  },
  {
    kind: 'table',
    name: 'decide',
    keys: [
      { expr: binary('&', get('a'), bits(0x0f, 8)), match: 'exact', name: 'low', loc },
      { expr: slice(get('wide', bitType(48)), 47, 24), match: 'ternary', name: 'vendor', loc },
      { expr: binary('==', get('kind', kind), member('Kind', 'data')), match: 'exact', name: 'is_data', loc },
      { expr: signed, match: 'ternary', name: 'signed', loc },
      { expr: meta('port', port), match: 'optional', name: 'port', loc },
      { expr: isValid(either), match: 'exact', name: 'either', loc },
    ],
    actions: [ref('choose', [meta('next')]), { ...ref('set_flag'), annotations: [{ name: 'hint' }] }, ref('NoAction')],
    defaultAction: {
      ...ref('choose', [meta('next'), bool(true), constant(3, port), member('Kind', 'ack'), constant(1, int8), bits(5, 48)]),
      const: false,
    },
    entries: [
      {
        keys: [value(bits(1, 8)), any, value(bool(true)), value(constant(2, int8)), value(constant(4, port)), value(bool(false))],
        action: ref('set_flag', [bool(false)]),
        priority: 3,
        loc,
      },
    ],
    size: 128,
    loc,
  },
];

const marker: Program['controls'][number] = {
  kind: 'control',
  name: 'Marker',
  params: [param('hdr', named('headers_t'), 'in'), param('marked', byte, 'inout')],
  constructorParams: [param('by', byte)],
  locals: [
    { kind: 'instance', name: 'inner', type: named('Counted'), args: [], loc },
    {
      kind: 'table',
      name: 'marks',
      keys: [{ expr: get('b'), match: 'lpm', name: 'b', loc }],
      actions: [ref('NoAction')],
      loc,
    },
  ],
  body: [
    { kind: 'apply', table: 'marks', loc },
    assign(name('marked', byte), binary('+', name('marked', byte), name('by', byte))),
    call({ kind: 'block', instance: 'inner' }, []),
  ],
  loc,
};
const counted: Program['controls'][number] = {
  kind: 'control',
  name: 'Counted',
  params: [],
  locals: [{ kind: 'instance', name: 'hits', type: named('counter'), args: [bits(1, 32), member('CounterType', 'packets')], loc }],
  body: [callMethod(name('hits', named('counter')), 'count', [bits(0, 32)])],
  loc,
};

export const language: Program = {
  irVersion,
  name: 'language',
  arch: 'v1model',
  types: [
    base,
    options,
    small,
    large,
    {
      kind: 'header_union',
      name: 'either_t',
      fields: [
        { name: 'small', type: named('small_t'), loc },
        { name: 'large', type: named('large_t'), loc },
      ],
      loc,
    },
    struct('headers_t', [
      { name: 'base', type: named('base_t'), loc },
      { name: 'spare', type: named('base_t'), loc },
      { name: 'options', type: named('options_t'), loc },
      { name: 'labels', type: { kind: 'stack', element: named('small_t'), size: 4 }, loc },
      { name: 'either', type: named('either_t'), loc },
      { name: 'several', type: unionStack, loc },
    ]),
    struct('metadata_t', [
      bitField('mark', 8),
      bitField('next', 8),
      { name: 'flag', type: boolType, loc },
      { name: 'signed', type: int8, loc },
      { name: 'port', type: port, loc },
      { name: 'mode', type: mode, loc },
      { name: 'point', type: point, loc },
      { name: 'other', type: point, loc },
    ]),
    struct('point_t', [bitField('x', 8), bitField('y', 16)]),
    {
      kind: 'enum',
      name: 'Kind',
      base: { kind: 'bit', width: 8 },
      members: ['hello', 'data', 'ack', 'acknowledgement_of_data'].map((text, i) => ({ name: text, value: BigInt(i) })),
      loc,
    },
    { kind: 'enum', name: 'Mode', members: [{ name: 'fast' }, { name: 'slow' }], loc },
    { kind: 'newtype', name: 'Port', type: bitType(9), annotations: [{ name: 'p4runtime_translation', body: '"port", bit<32>' }], loc },
  ],
  errors: ['Empty'],
  constants: [
    { kind: 'constant', name: 'ONE', type: bitType(16), value: bits(1, 16), loc },
    { kind: 'constant', name: 'FIRST', type: kind, value: member('Kind', 'data'), loc },
  ],
  functions,
  actions: [],
  instances: [],
  parsers: [
    {
      kind: 'parser',
      name: 'Alternatives',
      params: [param('packet', named('packet_in')), param('union', named('either_t'), 'out')],
      locals: [],
      states: [
        state(
          'start',
          [],
          select(
            [{ kind: 'lookahead', packet, type: byte, loc }],
            [
              [[value(bits(0, 8))], 'small'],
              [[any], 'large'],
            ],
          ),
        ),
        state(
          'small',
          [callMethod(packet, 'extract', [field(name('union', named('either_t')), 'small', named('small_t'))])],
          goto('accept'),
        ),
        state(
          'large',
          [callMethod(packet, 'extract', [field(name('union', named('either_t')), 'large', named('large_t'))])],
          goto('accept'),
        ),
      ],
      loc,
    },
    parserBlock('parse', states, [
      { kind: 'value-set', name: 'known', type: kind, size: 4, loc },
      { kind: 'instance', name: 'alternatives', type: named('Alternatives'), args: [], loc },
    ]),
  ],
  controls: [
    counted,
    marker,
    block('verifyChecksums', 'checksum', [], []),
    block('ingress', 'pipeline', ingressLocals, [
      ...expressions,
      ...choices,
      ...unions,
      { ...callFunction('clamp', [get('a'), bits(100, 8), flag]), result: meta('next') },
      { ...callFunction('weight', [name('FIRST', kind)]), result: meta('mark') },
      call({ kind: 'block', instance: 'meters_of' }, [name('hdr', named('headers_t')), meta('mark')]),
      call({ kind: 'block', instance: 'second' }, [name('hdr', named('headers_t')), meta('next')]),
      call({ kind: 'action', name: 'set_flag' }, [binary('>', get('a'), get('b'))]),
      {
        kind: 'apply',
        table: 'decide',
        cases: [
          { actions: ['choose', 'set_flag'], body: mark(11), loc },
          { actions: ['default'], body: mark(12), loc },
        ],
        loc,
      },
      {
        kind: 'for',
        init: [variable('i', byte, bits(0, 8))],
        cond: binary('<', name('i', byte), bits(4, 8)),
        update: [assign(name('i', byte), binary('+', name('i', byte), bits(1, 8)))],
        body: [
          when(binary('==', name('i', byte), get('b')), [{ kind: 'break', loc }]),
          assign(meta('mark'), binary('+', meta('mark'), name('i', byte))),
        ],
        loc,
      },
      callFunction('log_msg', [string('"{}" of \\ {}'), list([flag, binary('+', get('a'), bits(1, 8))])]),
    ]),
    block('egress', 'pipeline', [], []),
    block('computeChecksums', 'checksum', [], []),
    block(
      'deparse',
      'deparser',
      [],
      [h, opt, labels, either, several].map((all) => callMethod(name('packet', named('packet_out')), 'emit', [all])),
    ),
  ],
  main: { package: 'V1Switch', blocks: ['parse', 'verifyChecksums', 'ingress', 'egress', 'computeChecksums', 'deparse'] },
};
