/** The extern objects and functions of PSA (§7). */
import { bitType, boolType, named } from '../../ir/build.js';
import type { Annotation, Type } from '../../ir/types.js';
import type { ArchExtern, ArchMethod, ArchParam } from '../spec.js';

const voidType = { kind: 'void' } as const;
const given = (name: string, type: Type): ArchParam => ({ name, type });
const input = (name: string, type: Type): ArchParam => ({ name, direction: 'in', type });
const T = named('T');
const index = input('index', named('S'));
const size = (name: string): ArchParam => given(name, bitType(32));

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
const algorithm = (name: string): ArchParam => given(name, named('PSA_HashAlgorithm_t'));
const counterType = given('type', named('PSA_CounterType_t'));
const meterType = given('type', named('PSA_MeterType_t'));

export const psaExterns: readonly ArchExtern[] = [
  { name: 'PacketReplicationEngine', constructors: [[]], methods: [] },
  { name: 'BufferingQueueingEngine', constructors: [[]], methods: [] },
  {
    name: 'Hash',
    typeParams: ['O'],
    constructors: [[algorithm('algo')]],
    methods: [
      method('get_hash', named('O'), [input('data', named('D'))], { typeParams: ['D'], ...pure }),
      method('get_hash', named('O'), [input('base', T), input('data', named('D')), input('max', T)], { typeParams: ['T', 'D'], ...pure }),
    ],
  },
  {
    name: 'Checksum',
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
    typeParams: ['W', 'S'],
    constructors: [[size('n_counters'), counterType]],
    methods: [method('count', voidType, [index])],
    ...unused,
  },
  {
    name: 'DirectCounter',
    typeParams: ['W'],
    constructors: [[counterType]],
    methods: [method('count', voidType, [])],
    ...unused,
  },
  {
    name: 'Meter',
    typeParams: ['S'],
    constructors: [[size('n_meters'), meterType]],
    methods: [method('execute', color, [index, input('color', color)]), method('execute', color, [index])],
  },
  {
    name: 'DirectMeter',
    constructors: [[meterType]],
    methods: [method('execute', color, [input('color', color)]), method('execute', color, [])],
  },
  {
    name: 'Register',
    typeParams: ['T', 'S'],
    constructors: [[size('size')], [size('size'), given('initial_value', T)]],
    methods: [method('read', T, [index], reads), method('write', voidType, [index, input('value', T)])],
  },
  { name: 'Random', typeParams: ['T'], constructors: [[given('min', T), given('max', T)]], methods: [method('read', T, [])] },
  { name: 'ActionProfile', constructors: [[size('size')]], methods: [] },
  { name: 'ActionSelector', constructors: [[algorithm('algo'), size('size'), size('outputWidth')]], methods: [] },
  { name: 'Digest', typeParams: ['T'], constructors: [[]], methods: [method('pack', voidType, [input('data', T)])] },
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
