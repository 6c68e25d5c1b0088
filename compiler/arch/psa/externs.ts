/** The extern objects and functions of PSA (§7). */

import { bitType, boolType, named, voidType } from '../../ir/build.js';
import type { Annotation, Type } from '../../ir/types.js';
import { input, param } from '../build.js';
import type { ArchExtern, ArchMethod, ArchParam } from '../spec.js';

const T = named('T');
const index: ArchParam = input('index', named('S'), { is: 'index' });
const size = (name: string): ArchParam => param(name, bitType(32), undefined, { is: 'size' });

interface Options {
  readonly typeParams?: readonly string[];
  readonly annotations?: readonly Annotation[];
}
const method = (name: string, returns: Type, params: readonly ArchParam[], options: Options = {}): ArchMethod => ({
  name,
  returns,
  params,
  ...options,
});
const unused: Options = { annotations: [{ name: 'noWarn', body: '"unused"' }] };
const pure: Options = { annotations: [{ name: 'pure' }] };
const reads: Options = { annotations: [{ name: 'noSideEffects' }] };

const color = named('PSA_MeterColor_t');
const algorithm = (name: string): ArchParam => param(name, named('PSA_HashAlgorithm_t'));
const counterType: ArchParam = param('type', named('PSA_CounterType_t'), undefined, { is: 'unit' });
const meterType: ArchParam = param('type', named('PSA_MeterType_t'), undefined, { is: 'unit' });

export const psaExterns: readonly ArchExtern[] = [
  { name: 'PacketReplicationEngine', constructors: [[]], methods: [] },
  { name: 'BufferingQueueingEngine', constructors: [[]], methods: [] },
  {
    name: 'Hash',
    role: 'hash',
    typeParams: ['O'],
    constructors: [[algorithm('algo')]],
    methods: [
      method('get_hash', named('O'), [input('data', named('D'))], { typeParams: ['D'], ...pure }),
      method('get_hash', named('O'), [input('base', T, { is: 'base' }), input('data', named('D')), input('max', T, { is: 'max' })], {
        typeParams: ['T', 'D'],
        ...pure,
      }),
    ],
  },
  {
    name: 'Checksum',
    role: 'checksum',
    typeParams: ['W'],
    constructors: [[algorithm('hash')]],
    methods: [
      method('clear', voidType, []),
      method('update', voidType, [input('data', T)], { typeParams: ['T'] }),
      method('get', named('W'), [], reads),
    ],
  },
  {
    name: 'InternetChecksum',
    role: 'checksum',
    constructors: [[]],
    methods: [
      method('clear', voidType, []),
      method('add', voidType, [input('data', T)], { typeParams: ['T'] }),
      method('subtract', voidType, [input('data', T)], { typeParams: ['T'] }),
      method('get', bitType(16), [], reads),
      method('get_state', bitType(16), [], reads),
      method('set_state', voidType, [input('checksum_state', bitType(16))]),
    ],
  },
  {
    name: 'Counter',
    role: 'counter',
    typeParams: ['W', 'S'],
    indexType: 'S',
    constructors: [[size('n_counters'), counterType]],
    methods: [method('count', voidType, [index])],
    ...unused,
  },
  {
    name: 'DirectCounter',
    role: 'counter',
    direct: true,
    typeParams: ['W'],
    constructors: [[counterType]],
    methods: [method('count', voidType, [])],
    ...unused,
  },
  {
    name: 'Meter',
    role: 'meter',
    typeParams: ['S'],
    indexType: 'S',
    constructors: [[size('n_meters'), meterType]],
    methods: [method('execute', color, [index, input('color', color)]), method('execute', color, [index])],
  },
  {
    name: 'DirectMeter',
    role: 'meter',
    direct: true,
    constructors: [[meterType]],
    methods: [method('execute', color, [input('color', color)]), method('execute', color, [])],
  },
  {
    name: 'Register',
    role: 'register',
    typeParams: ['T', 'S'],
    cellType: 'T',
    indexType: 'S',
    constructors: [[size('size')], [size('size'), param('initial_value', T)]],
    methods: [method('read', T, [index], reads), method('write', voidType, [index, input('value', T)])],
  },
  {
    name: 'Random',
    role: 'random',
    typeParams: ['T'],
    constructors: [[param('min', T), param('max', T)]],
    methods: [method('read', T, [])],
  },
  { name: 'ActionProfile', role: 'action-profile', constructors: [[size('size')]], methods: [] },
  {
    name: 'ActionSelector',
    role: 'action-selector',
    constructors: [[algorithm('algo'), size('size'), param('outputWidth', bitType(32))]],
    methods: [],
  },
  {
    name: 'Digest',
    role: 'digest',
    typeParams: ['T'],
    cellType: 'T',
    constructors: [[]],
    methods: [method('pack', voidType, [input('data', T)])],
  },
];

const ingress = input('istd', named('psa_ingress_output_metadata_t'));
const egress = input('istd', named('psa_egress_output_metadata_t'));
const predicate = (name: string, ...params: readonly ArchParam[]): ArchMethod => method(name, boolType, params, pure);

export const psaFunctions: readonly ArchMethod[] = [
  predicate('psa_clone_i2e', ingress),
  predicate('psa_resubmit', ingress),
  predicate('psa_normal', ingress),
  predicate('psa_clone_e2e', egress),
  predicate('psa_recirculate', egress, input('edstd', named('psa_egress_deparser_input_metadata_t'))),
  method('assert', voidType, [input('check', boolType)]),
  method('assume', voidType, [input('check', boolType)]),
];
