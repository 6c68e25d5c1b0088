/** v1model, the architecture of BMv2's simple_switch: names and widths are those of its include file. */

import { bitType, boolType, errorType, named, voidType } from '../ir/build.js';
import type { Type } from '../ir/types.js';
import { enumeration, param, struct } from './build.js';
import type { ArchExtern, ArchMethod, ArchParam, ArchSpec } from './spec.js';
import { oldExterns, oldFunctions } from './v1model/old-forms.js';

const headers = param('hdr', named('H'), 'inout');
const metadata = param('meta', named('M'), 'inout');
const standardMetadata = param('standard_metadata', named('standard_metadata_t'), 'inout');

const size: ArchParam = param('size', bitType(32), undefined, { is: 'size' });
const index: ArchParam = param('index', bitType(32), 'in', { is: 'index' });
const unit = (type: Type): ArchParam => param('type', type, undefined, { is: 'unit' });
/** Only what is verified must be there (simple_switch verifies no checksum of an invalid header, and updates any). */
const checksumParams = (direction: 'in' | 'inout'): readonly ArchParam[] => [
  param('condition', boolType, 'in'),
  param('data', named('T'), 'in', { is: 'data', asFields: true }),
  param('checksum', named('O'), direction, { is: 'result', ...(direction === 'in' ? { asFields: true } : {}) }),
  param('algo', named('HashAlgorithm')),
];
const fn = (name: string, blocks: readonly string[], params: readonly ArchParam[], typeParams?: readonly string[]): ArchMethod => ({
  name,
  returns: voidType,
  params,
  blocks,
  ...(typeParams ? { typeParams } : {}),
});

const standardMetadataStruct = struct('standard_metadata_t', {
  ingress_port: bitType(9),
  egress_spec: bitType(9),
  egress_port: bitType(9),
  instance_type: bitType(32),
  packet_length: bitType(32),
  enq_timestamp: bitType(32),
  enq_qdepth: bitType(19),
  deq_timedelta: bitType(32),
  deq_qdepth: bitType(19),
  ingress_global_timestamp: bitType(48),
  egress_global_timestamp: bitType(48),
  mcast_grp: bitType(16),
  egress_rid: bitType(16),
  checksum_error: bitType(1),
  parser_error: errorType,
  priority: bitType(3),
});

const externs: readonly ArchExtern[] = [
  {
    name: 'counter',
    role: 'counter',
    constructors: [[size, unit(named('CounterType'))]],
    methods: [fn('count', ['ig', 'eg'], [index])],
  },
  {
    name: 'direct_counter',
    role: 'counter',
    direct: true,
    constructors: [[unit(named('CounterType'))]],
    methods: [fn('count', ['ig', 'eg'], [])],
  },
  {
    name: 'meter',
    role: 'meter',
    constructors: [[size, unit(named('MeterType'))]],
    methods: [fn('execute_meter', ['ig', 'eg'], [index, param('result', named('T'), 'out', { is: 'result' })], ['T'])],
  },
  {
    name: 'direct_meter',
    role: 'meter',
    direct: true,
    typeParams: ['T'],
    constructors: [[unit(named('MeterType'))]],
    methods: [fn('read', ['ig', 'eg'], [param('result', named('T'), 'out', { is: 'result' })])],
  },
  {
    name: 'register',
    role: 'register',
    typeParams: ['T'],
    cellType: 'T',
    constructors: [[size]],
    methods: [
      fn('read', ['ig', 'eg'], [param('result', named('T'), 'out'), index]),
      fn('write', ['ig', 'eg'], [index, param('value', named('T'), 'in')]),
    ],
  },
  { name: 'action_profile', role: 'action-profile', constructors: [[size]], methods: [] },
  {
    name: 'action_selector',
    role: 'action-selector',
    constructors: [[param('algorithm', named('HashAlgorithm')), size, param('outputWidth', bitType(32))]],
    methods: [],
  },
];

/** Instead of 32 bits, from this version on, indices have a type that is a parameter of the extern. */
const withIndexType = (extern: ArchExtern): ArchExtern => ({
  ...extern,
  typeParams: [...(extern.typeParams ?? []), 'I'],
  methods: extern.methods.map((method) => ({
    ...method,
    params: method.params.map((p) => (p.is === 'index' ? { ...p, type: named('I') } : p)),
  })),
});

export const v1model: ArchSpec = {
  name: 'v1model',
  include: 'v1model.p4',
  package: 'V1Switch',
  typeParams: ['H', 'M'],
  holding: { H: 'headers', M: 'struct' },
  selectWithoutMatch: 'accept',
  blocks: [
    {
      name: 'p',
      type: 'Parser',
      kind: 'parser',
      params: [param('b', named('packet_in')), param('parsedHdr', named('H'), 'out'), metadata, standardMetadata],
    },
    {
      name: 'vr',
      type: 'VerifyChecksum',
      kind: 'control',
      params: [headers, metadata],
      calls: ['verify_checksum', 'verify_checksum_with_payload'],
    },
    { name: 'ig', type: 'Ingress', kind: 'control', params: [headers, metadata, standardMetadata] },
    { name: 'eg', type: 'Egress', kind: 'control', params: [headers, metadata, standardMetadata] },
    {
      name: 'ck',
      type: 'ComputeChecksum',
      kind: 'control',
      params: [headers, metadata],
      calls: ['update_checksum', 'update_checksum_with_payload'],
    },
    {
      name: 'dep',
      type: 'Deparser',
      kind: 'control',
      params: [param('b', named('packet_out')), param('hdr', named('H'), 'in')],
      calls: ['emit'],
    },
  ],
  matchKinds: ['range', 'optional', 'selector'],
  enums: [
    enumeration('CounterType', ['packets', 'bytes', 'packets_and_bytes']),
    enumeration('MeterType', ['packets', 'bytes']),
    enumeration('HashAlgorithm', ['crc32', 'crc32_custom', 'crc16', 'crc16_custom', 'random', 'identity', 'csum16', 'xor16']),
    enumeration('CloneType', ['I2E', 'E2E']),
  ],
  structs: [standardMetadataStruct],
  errors: [],
  tableProperties: {
    counters: [named('direct_counter')],
    meters: [named('direct_meter')],
    implementation: [named('action_profile'), named('action_selector')],
    support_timeout: [boolType],
  },
  attachments: { counter: 'counters', meter: 'meters', profile: 'implementation' },
  idleTimeout: { property: 'support_timeout' },
  units: { packets: 'packets', bytes: 'bytes', packets_and_bytes: 'both' },
  // Sessions as BMv2 has them, which keeps the ids above for itself.
  // To leave by 511 means to be dropped.
  device: {
    maxPort: 510,
    maxIngressPort: 511,
    maxGroup: 0xffff,
    maxInstance: 0xffff,
    maxSession: 0x7fff,
    maxClassOfService: 0,
    runsDirects: true,
  },
  externs,
  functions: [
    fn('mark_to_drop', ['ig', 'eg'], [standardMetadata]),
    { ...fn('verify_checksum', ['vr'], checksumParams('in'), ['T', 'O']), role: 'checksum' },
    { ...fn('update_checksum', ['ck'], checksumParams('inout'), ['T', 'O']), role: 'checksum' },
    { ...fn('verify_checksum_with_payload', ['vr'], checksumParams('in'), ['T', 'O']), role: 'checksum' },
    { ...fn('update_checksum_with_payload', ['ck'], checksumParams('inout'), ['T', 'O']), role: 'checksum' },
    {
      ...fn('digest', ['ig'], [param('receiver', bitType(32), 'in'), param('data', named('T'), 'in', { is: 'data' })], ['T']),
      role: 'digest',
    },
    fn(
      'random',
      ['ig', 'eg'],
      [
        param('result', named('T'), 'out', { is: 'result' }),
        param('lo', named('T'), 'in', { is: 'low' }),
        param('hi', named('T'), 'in', { is: 'high' }),
      ],
      ['T'],
    ),
    {
      ...fn(
        'hash',
        ['ig', 'eg'],
        [
          param('result', named('O'), 'out', { is: 'result' }),
          param('algo', named('HashAlgorithm'), 'in'),
          param('base', named('T'), 'in', { is: 'base' }),
          param('data', named('D'), 'in', { is: 'data' }),
          param('max', named('M'), 'in', { is: 'max' }),
        ],
        ['O', 'T', 'D', 'M'],
      ),
      role: 'hash',
    },
    fn('resubmit_preserving_field_list', ['ig'], [param('index', bitType(8))]),
    fn('recirculate_preserving_field_list', ['eg'], [param('index', bitType(8))]),
    fn('clone', ['ig', 'eg'], [param('type', named('CloneType'), 'in'), param('session', bitType(32), 'in')]),
    fn(
      'clone_preserving_field_list',
      ['ig', 'eg'],
      [param('type', named('CloneType'), 'in'), param('session', bitType(32), 'in'), param('index', bitType(8))],
    ),
    fn('truncate', ['ig', 'eg'], [param('length', bitType(32), 'in')]),
    fn('assert', ['ig', 'eg'], [param('check', boolType, 'in')]),
    fn('assume', ['ig', 'eg'], [param('check', boolType, 'in')]),
    fn('log_msg', ['ig', 'eg'], [param('msg', { kind: 'string' })]),
    fn('log_msg', ['ig', 'eg'], [param('msg', { kind: 'string' }), param('data', named('T'), 'in')], ['T']),
  ],
  otherNames: [
    ...['PortId_t', 'Checksum16', 'clone3', 'resubmit', 'recirculate', '__v1model_version'],
    ...['V1MODEL_VERSION', 'V1MODEL_METER_COLOR_GREEN', 'V1MODEL_METER_COLOR_YELLOW', 'V1MODEL_METER_COLOR_RED', '_V1_MODEL_P4_'],
  ],
  included: {
    guard: '_V1_MODEL_P4_',
    version: {
      macro: 'V1MODEL_VERSION',
      default: 20180101,
      constant: '__v1model_version',
      from: 20200408,
      typedefs: { PortId_t: bitType(9) },
      externs: externs.map((extern) =>
        extern.methods.some((m) => m.params.some((p) => p.is === 'index')) ? withIndexType(extern) : extern,
      ),
    },
    macros: { V1MODEL_METER_COLOR_GREEN: '0', V1MODEL_METER_COLOR_YELLOW: '1', V1MODEL_METER_COLOR_RED: '2' },
    externs: oldExterns,
    functions: oldFunctions,
    blockAnnotations: { Ingress: [{ name: 'pipeline' }], Egress: [{ name: 'pipeline' }], Deparser: [{ name: 'deparser' }] },
  },
};
