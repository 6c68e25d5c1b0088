/**
 * A v1model program of what the DSL does not write yet, or rarely: top-level actions and counters, instances of controls,
 * value sets, functions, annotations that choose ids and names, names that collide, and names that P4 has taken.
 */
import {
  any,
  assign,
  binary,
  bits,
  bitType,
  call,
  callFunction,
  callMethod,
  field,
  isValid,
  member,
  name,
  named,
  value,
} from '../../../compiler/ir/build.js';
import type { ActionDecl, Annotation, Block, Expr, Param, Program, TableDecl } from '../../../compiler/ir/index.js';
import { irVersion } from '../../../compiler/ir/index.js';
import { nowhere } from '../../../compiler/support/location.js';
import { at, bitField, block, header, parserBlock, struct } from './make.js';

const loc = nowhere;
const keyNames = [
  'key',
  'actions',
  'entries',
  'priority',
  'state',
  'type',
  'apply',
  'table',
  'action',
  'switch',
  'header',
  'in',
  'const',
  'default',
  'list',
];
const word = header('word_t', [
  ...keyNames.map((text) => bitField(text, 8)),
  { ...bitField('plain', 8), annotations: [{ name: 'name', body: '"fancy"' }] },
]);
const h = at('hdr.word', named('word_t'));
const get = (text: string): Expr => field(h, text, bitType(8));
const count = (text: string): Block => [callMethod(name(text, named('counter')), 'count', [bits(0, 32)])];

const countAt = (index: string): Block => [
  callMethod(name('total', named('counter')), 'count', [{ kind: 'cast', arg: name(index, bitType(8)), type: bitType(32), loc }]),
];

const action = (text: string, params: readonly Param[], body: Block, annotations?: readonly Annotation[]): ActionDecl => ({
  kind: 'action',
  name: text,
  params,
  body,
  ...(annotations ? { annotations } : {}),
  loc,
});
const byte = (text: string, annotations?: readonly Annotation[]): Param => ({
  name: text,
  type: bitType(8),
  ...(annotations ? { annotations } : {}),
  loc,
});
const table = (text: string, key: Expr, keyName: string, actions: readonly string[], more: Partial<TableDecl> = {}): TableDecl => ({
  kind: 'table',
  name: text,
  keys: [{ expr: key, match: 'exact', name: keyName, loc }],
  actions: actions.map((a) => ({ action: a, args: a === 'digest' ? [get('default')] : [], loc })),
  ...more,
  loc,
});
const set = (text: string, source: string): Block => [assign(get(text), name(source, bitType(8)))];

const data: readonly Param[] = [{ name: 'hdr', type: named('headers_t'), direction: 'inout', loc }];
const apply = (text: string) => ({ kind: 'apply' as const, table: text, loc });

export const shared: Program = {
  irVersion,
  name: 'shared',
  arch: 'v1model',
  types: [
    word,
    struct('headers_t', [{ name: 'word', type: named('word_t'), loc }]),
    struct('metadata_t', []),
    struct('pair_t', [bitField('first', 8), { ...bitField('second', 8), annotations: [{ name: 'match', body: 'exact' }] }]),
  ],
  errors: [],
  constants: [],
  functions: [
    {
      kind: 'function',
      name: 'max',
      returns: bitType(8),
      params: [
        { name: 'a', type: bitType(8), direction: 'in', loc },
        { name: 'table', type: bitType(8), direction: 'in', loc },
      ],
      body: [
        {
          kind: 'if',
          cond: binary('>', name('a', bitType(8)), name('table', bitType(8))),
          then: [{ kind: 'return', value: name('a', bitType(8)), loc }],
          loc,
        },
        { kind: 'return', value: name('table', bitType(8)), loc },
      ],
      loc,
    },
  ],
  actions: [
    action(
      'digest',
      [{ name: 'x', type: bitType(8), direction: 'out', loc }, byte('n')],
      [assign(name('x', bitType(8)), name('n', bitType(8)))],
    ),
    action(
      'top',
      [byte('n', [{ name: 'id', body: '7' }]), byte('m')],
      [...countAt('n'), ...countAt('m')],
      [{ name: 'id', body: '0x01001234' }],
    ),
  ],
  instances: [{ kind: 'instance', name: 'total', type: named('counter'), args: [bits(4, 32), member('CounterType', 'bytes')], loc }],
  parsers: [
    parserBlock(
      'parse',
      [
        {
          kind: 'state',
          name: 'start',
          body: [callMethod(name('packet', named('packet_in')), 'extract', [h])],
          transition: {
            kind: 'select',
            on: [get('key')],
            cases: [
              { keys: [{ kind: 'value-set', name: 'known' }], next: 'table', loc },
              { keys: [any], next: 'accept', loc },
            ],
            loc,
          },
          loc,
        },
        {
          kind: 'state',
          name: 'table',
          body: [],
          transition: {
            kind: 'select',
            on: [get('key'), get('type')],
            cases: [
              { keys: [{ kind: 'value-set', name: 'pairs' }], next: 'accept', loc },
              { keys: [value(bits(1, 8)), any], next: 'accept', loc },
              { keys: [any, any], next: 'accept', loc },
            ],
            loc,
          },
          loc,
        },
      ],
      [
        { kind: 'value-set', name: 'known', type: bitType(8), size: 4, loc },
        { kind: 'value-set', name: 'pairs', type: named('pair_t'), size: 8, loc },
      ],
    ),
  ],
  controls: [
    block('verify_checksum', 'checksum', [], []),
    {
      kind: 'control',
      name: 'Deny',
      params: data,
      locals: [
        { kind: 'instance', name: 'hits', type: named('counter'), args: [bits(1, 32), member('CounterType', 'packets')], loc },
        action('deny', [byte('why')], [...count('hits'), ...set('type', 'why')]),
        table('list', get('key'), 'word', ['deny', 'NoAction']),
      ],
      body: [apply('list')],
      loc,
    },
    block(
      'ingress',
      'pipeline',
      [
        { kind: 'instance', name: 'first', type: named('Deny'), args: [], loc },
        { kind: 'instance', name: 'second', type: named('Deny'), args: [], annotations: [{ name: 'name', body: '"zweite"' }], loc },
        action('counter', [byte('table'), byte('counter')], [...set('key', 'table'), ...set('type', 'counter')]),
        action('poke', [byte('v')], set('state', 'v')),
        table('t8383', get('entries'), 'entries', ['counter', 'digest']),
        table('t10718', get('plain'), 'hdr.word.fancy', ['counter', 'top'], {
          annotations: [
            { name: 'brief', body: '"Said \\"so\\"."' },
            { name: 'description', body: '"At length."' },
            { name: 'mine', body: 'a, 5 "x"' },
            { name: 'flags', body: '1, "b", true', structured: true },
            { name: 'pairs', body: 'a=1, b="c"', structured: true },
          ],
        }),
        table('packet_in', get('table'), 'table', ['top'], {
          annotations: [{ name: 'id', body: '77' }],
          defaultAction: { action: 'top', args: [bits(1, 8), bits(200, 8)], const: false, loc },
        }),
      ],
      [
        call({ kind: 'block', instance: 'first' }, [name('hdr', named('headers_t'))]),
        call({ kind: 'block', instance: 'second' }, [name('hdr', named('headers_t'))]),
        call({ kind: 'action', name: 'poke' }, [bits(5, 8)]),
        ...count('total'),
        { kind: 'if', cond: isValid(h), then: [apply('t8383'), apply('t10718'), apply('packet_in')], loc },
        { ...callFunction('max', [get('key'), get('in')]), result: get('const') },
      ],
    ),
    block('egress', 'pipeline', [], []),
    block('compute', 'checksum', [], []),
    block('deparse', 'deparser', [], [callMethod(name('packet', named('packet_out')), 'emit', [h])]),
  ],
  main: { package: 'V1Switch', blocks: ['parse', 'verify_checksum', 'ingress', 'egress', 'compute', 'deparse'] },
};
