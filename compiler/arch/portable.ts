/**
 * The architecture that DSL pipelines are written for, and that every target lowers to its own.
 *
 * Ingress decides where the packet goes with forward, drop, multicast and to_controller: the last one wins and undoes
 * the earlier ones; with none the packet is dropped. A parser that rejects, fails or finds no match drops the packet
 * before ingress, unless the program reads `std.parserError`. Egress sees the headers and metadata that ingress left.
 * The header `packet_out` (annotated `@controller_header("packet_out")`) is valid in a packet from the controller, and
 * is in front of the bytes that `start` parses; `to_controller` fills `packet_in`, one argument for each of its fields,
 * and `fill_packet_in` fills it in egress, where copies go to the controller without it.
 */

import { bitType, boolType, errorType, named, voidType } from '../ir/build.js';
import type { EnumDecl, Type } from '../ir/types.js';
import { nowhere } from '../support/location.js';
import { enumeration, input, struct } from './build.js';
import type { ArchMethod, ArchParam, ArchSpec } from './spec.js';

const size: ArchParam = input('size', bitType(32), { is: 'size' });
const unit = (type: Type): ArchParam => input('unit', type, { is: 'unit' });
/** What survives of the metadata. */
const keep: ArchParam = input('keep', named('T'), { is: 'keep', takes: 'metadata-fields' });
/** What a hash or checksum covers. */
const covered = (type: string): ArchParam => input('data', named(type), { is: 'data', takes: 'bits' });
const index: ArchParam = input('index', bitType(32), { is: 'index' });
const effect = (name: string, blocks: readonly string[], params: readonly ArchParam[], doc: string): ArchMethod => ({
  name,
  returns: voidType,
  params,
  blocks,
  doc,
});

/** The colours of meters, with the numbers that P4Runtime and BMv2 have for them. */
export const meterColor: EnumDecl = {
  kind: 'enum',
  name: 'MeterColor',
  base: bitType(2),
  members: ['green', 'yellow', 'red'].map((name, i) => ({ name, value: BigInt(i) })),
  loc: nowhere,
};

const ingressFields = {
  ingressPort: bitType(9),
  /** Nanoseconds since the switch started. */
  timestampNs: bitType(48),
  path: named('Path'),
  parserError: errorType,
  checksumError: boolType,
  /** Bytes, when the packet enters the block. */
  packetLength: bitType(32),
};

export const portable: ArchSpec = {
  name: 'portable',
  package: 'Pipeline',
  typeParams: ['H', 'M'],
  holding: { H: 'headers', M: 'struct' },
  blocks: [
    {
      name: 'parser',
      type: 'Parser',
      kind: 'parser',
      params: [
        { name: 'packet', type: named('packet_in') },
        { name: 'hdr', direction: 'out', type: named('H') },
        { name: 'meta', direction: 'inout', type: named('M') },
        { name: 'std', direction: 'in', type: named('ParserStd') },
      ],
    },
    {
      name: 'ingress',
      type: 'Ingress',
      kind: 'control',
      params: [
        { name: 'hdr', direction: 'inout', type: named('H') },
        { name: 'meta', direction: 'inout', type: named('M') },
        { name: 'std', direction: 'in', type: named('IngressStd') },
      ],
    },
    {
      name: 'egress',
      type: 'Egress',
      kind: 'control',
      params: [
        { name: 'hdr', direction: 'inout', type: named('H') },
        { name: 'meta', direction: 'inout', type: named('M') },
        { name: 'std', direction: 'in', type: named('EgressStd') },
      ],
    },
    {
      name: 'deparser',
      type: 'Deparser',
      kind: 'control',
      params: [
        { name: 'packet', type: named('packet_out') },
        { name: 'hdr', direction: 'inout', type: named('H') },
        { name: 'meta', direction: 'in', type: named('M') },
      ],
      calls: ['update_checksum', 'update_checksum_with_payload', 'emit'],
    },
  ],
  matchKinds: ['exact', 'lpm', 'ternary', 'range', 'optional', 'selector'],
  enums: [
    enumeration('Path', ['normal', 'mirrored', 'resubmitted', 'recirculated', 'replicated']),
    enumeration('CounterUnit', ['packets', 'bytes', 'both']),
    enumeration('MeterUnit', ['packets', 'bytes']),
    meterColor,
    enumeration('HashAlgorithm', ['crc16', 'crc32', 'csum16', 'xor16', 'identity', 'crc16_custom', 'crc32_custom']),
  ],
  structs: [
    struct('ParserStd', { ingressPort: bitType(9) }),
    struct('IngressStd', ingressFields),
    struct('EgressStd', {
      ...ingressFields,
      egressPort: bitType(9),
      replica: bitType(16),
      /** When ingress had the packet, nanoseconds since the switch started; 0 after a mirror. */
      ingressTimestampNs: bitType(48),
      /** When the packet entered the queue, nanoseconds since the switch started. */
      enqueueTimestampNs: bitType(48),
      /** In the queue when this packet entered it; the unit is the target's. */
      queueDepth: bitType(19),
      /** In the queue when this packet left it; the unit is the target's. */
      dequeueDepth: bitType(19),
      queueDelayNs: bitType(32),
      /** What set_priority said; 0 otherwise, and after a mirror. */
      priority: bitType(3),
    }),
  ],
  errors: [],
  tableProperties: {
    counters: [named('DirectCounter')],
    meters: [named('DirectMeter')],
    implementation: [named('ActionProfile'), named('ActionSelector')],
    idle_timeout: [boolType],
  },
  attachments: { counter: 'counters', meter: 'meters', profile: 'implementation' },
  idleTimeout: { property: 'idle_timeout' },
  selectWithoutMatch: 'reject',
  entryPriorities: true,
  sameProfileActions: true,
  mirrored: { type: 'Path', member: 'mirrored' },
  units: { packets: 'packets', bytes: 'bytes', both: 'both' },
  externs: [
    {
      name: 'Counter',
      role: 'counter',
      constructors: [[size, unit(named('CounterUnit'))]],
      methods: [effect('count', ['ingress', 'egress'], [index], 'Counts the packet in one cell; an index out of range has no effect.')],
    },
    {
      name: 'DirectCounter',
      role: 'counter',
      direct: true,
      constructors: [[unit(named('CounterUnit'))]],
      methods: [],
      doc: 'One cell for each entry of the table that names it in `counters`; counts on a hit.',
    },
    {
      name: 'Meter',
      role: 'meter',
      constructors: [[size, unit(named('MeterUnit'))]],
      methods: [
        effect(
          'execute',
          ['ingress', 'egress'],
          [index, { name: 'color', direction: 'out', type: named('MeterColor') }],
          'The colour of the packet by RFC 2698, colour-blind; green where nothing is configured.',
        ),
      ],
    },
    {
      name: 'DirectMeter',
      role: 'meter',
      direct: true,
      constructors: [[unit(named('MeterUnit'))]],
      methods: [
        effect(
          'read',
          ['ingress', 'egress'],
          [{ name: 'color', direction: 'out', type: named('MeterColor') }],
          'The colour that the entry of the table which was hit gives; green otherwise.',
        ),
      ],
      doc: 'One cell for each entry of the table that names it in `meters`.',
    },
    {
      name: 'Register',
      role: 'register',
      typeParams: ['T'],
      cellType: 'T',
      constructors: [[size]],
      methods: [
        {
          ...effect(
            'update',
            ['ingress', 'egress'],
            [index],
            'One atomic read-modify-write. The function given at the call takes `inout T cell`, and `out R result` where the call has a result.',
          ),
          givenCell: named('T'),
        },
      ],
      doc: 'Cells of type T, a bit<W> or a struct of such fields; 0 at the start.',
    },
    {
      name: 'ActionProfile',
      role: 'action-profile',
      constructors: [[size]],
      methods: [],
    },
    {
      name: 'ActionSelector',
      role: 'action-selector',
      constructors: [[input('algorithm', named('HashAlgorithm')), size, input('maxGroup', bitType(32))]],
      methods: [],
      doc: 'The member of a group is chosen by the hash of the keys that match as `selector`.',
    },
  ],
  functions: [
    {
      ...effect('forward', ['ingress'], [input('port', bitType(9))], 'Ingress: the packet leaves through `port`.'),
      decides: true,
    },
    {
      ...effect('drop', ['ingress', 'egress'], [], 'Ingress and egress: the packet ends here.'),
      decides: true,
    },
    {
      ...effect(
        'multicast',
        ['ingress'],
        [input('group', bitType(16))],
        'Ingress: a copy to each replica of the group; none for an unknown group.',
      ),
      decides: true,
    },
    {
      ...effect(
        'recirculate',
        ['ingress'],
        [keep],
        'Ingress: the packet starts again at the parser; of the metadata only `keep` survives.',
      ),
      decides: true,
      typeParams: ['T'],
    },
    {
      ...effect(
        'resubmit',
        ['ingress'],
        [keep],
        'Ingress, ending it: the packet as it arrived starts again at the parser; only `keep` survives.',
      ),
      decides: true,
      typeParams: ['T'],
      ends: true,
    },
    {
      ...effect(
        'mirror',
        ['ingress', 'egress'],
        [input('session', bitType(10)), keep],
        'A copy goes to the session; of the metadata only `keep` survives in it.',
      ),
      role: 'mirror',
      once: true,
      typeParams: ['T'],
    },
    {
      ...effect(
        'digest',
        ['ingress'],
        [input('data', named('T'), { is: 'data', takes: 'struct' })],
        'The controller is told `data`, a struct: its type names the digest.',
      ),
      role: 'digest',
      once: true,
      typeParams: ['T'],
    },
    {
      ...effect(
        'hash',
        ['ingress', 'egress'],
        [
          { name: 'result', direction: 'out', type: named('O'), is: 'result' },
          input('algorithm', named('HashAlgorithm')),
          input('base', named('O'), { is: 'base' }),
          covered('D'),
          input('max', named('M'), { is: 'max', zeroIsAll: true }),
        ],
        '`base` + hash of `data` modulo `max`; a `max` of 0 leaves the hash as it is wide.',
      ),
      role: 'hash',
      typeParams: ['O', 'D', 'M'],
    },
    {
      ...effect(
        'random',
        ['ingress', 'egress'],
        [
          { name: 'result', direction: 'out', type: named('O') },
          input('low', named('O'), { is: 'low' }),
          input('high', named('O'), { is: 'high' }),
        ],
        'Between `low` and `high`, both included.',
      ),
      typeParams: ['O'],
    },
    effect('truncate', ['ingress', 'egress'], [input('bytes', bitType(32))], 'BMv2 only: the packet leaves with that many bytes at most.'),
    effect(
      'set_priority',
      ['ingress'],
      [input('priority', bitType(3))],
      'Ingress: which queue of its port the packet waits in; 7 goes first.',
    ),
    effect('set_queue', ['ingress'], [input('queue', bitType(5))], 'Tofino only: the queue of the egress port.'),
    effect('assert', ['ingress', 'egress'], [input('condition', boolType)], 'For debugging: BMv2 stops when it does not hold.'),
    effect('assume', ['ingress', 'egress'], [input('condition', boolType)], 'For tools that explore programs.'),
    {
      ...effect(
        'log',
        ['ingress', 'egress'],
        [input('message', { kind: 'string' }), input('data', named('T'))],
        'For debugging: `{}` stands for the elements of `data`.',
      ),
      typeParams: ['T'],
    },
    {
      ...effect('to_controller', ['ingress'], [], 'Ingress: the packet goes to the controller, with `packet_in` in front of it.'),
      fieldsOf: 'packet_in',
      decides: true,
    },
    {
      ...effect(
        'fill_packet_in',
        ['egress'],
        [],
        'Egress: of a packet that leaves through the port of the controller, `packet_in` becomes valid and filled.',
      ),
      role: 'fill-packet-in',
      fieldsOf: 'packet_in',
    },
    {
      ...effect(
        'verify_checksum',
        ['parser'],
        [input('condition', boolType), covered('T'), input('checksum', bitType(16))],
        'Parser: std.checksumError becomes true when the ones’ complement checksum of `data` is not `checksum`.',
      ),
      role: 'checksum',
      typeParams: ['T'],
    },
    {
      ...effect(
        'update_checksum',
        ['deparser'],
        [input('condition', boolType), covered('T'), { name: 'checksum', direction: 'inout', type: bitType(16) }],
        'Deparser: `checksum` becomes the ones’ complement checksum of `data`.',
      ),
      role: 'checksum',
      typeParams: ['T'],
    },
    {
      ...effect(
        'verify_checksum_with_payload',
        ['parser'],
        [input('condition', boolType), covered('T'), input('checksum', bitType(16))],
        'As verify_checksum, over `data` and the bytes that are not parsed.',
      ),
      role: 'checksum',
      typeParams: ['T'],
    },
    {
      ...effect(
        'update_checksum_with_payload',
        ['deparser'],
        [input('condition', boolType), covered('T'), { name: 'checksum', direction: 'inout', type: bitType(16) }],
        'As update_checksum, over `data` and the bytes that are not parsed.',
      ),
      role: 'checksum',
      typeParams: ['T'],
    },
  ],
};
