/** The forwarder of the P4 tutorials' first exercise, by its names: their ids are known far and wide. */

import {
  assign,
  binary,
  bits,
  bitType,
  callFunction,
  callMethod,
  type field as fieldOf,
  isValid,
  list,
  member,
  name,
  named,
  value,
} from '../../../compiler/ir/build.js';
import type { Program } from '../../../compiler/ir/index.js';
import { irVersion } from '../../../compiler/ir/index.js';
import { nowhere } from '../../../compiler/support/location.js';
import { at, bitField, block, header, parserBlock, struct } from './make.js';

const ethernet = header('ethernet_t', [bitField('dstAddr', 48, 'mac'), bitField('srcAddr', 48, 'mac'), bitField('etherType', 16)]);
const ipv4 = header('ipv4_t', [
  bitField('version', 4),
  bitField('ihl', 4),
  bitField('diffserv', 8),
  bitField('totalLen', 16),
  bitField('identification', 16),
  bitField('flags', 3),
  bitField('fragOffset', 13),
  bitField('ttl', 8),
  bitField('protocol', 8),
  bitField('hdrChecksum', 16),
  bitField('srcAddr', 32, 'ipv4'),
  bitField('dstAddr', 32, 'ipv4'),
]);
const headers = struct('headers_t', [
  { name: 'ethernet', type: named('ethernet_t'), loc: nowhere },
  { name: 'ipv4', type: named('ipv4_t'), loc: nowhere },
]);
const metadata = struct('metadata_t', []);

const eth = at('hdr.ethernet', named('ethernet_t'));
const ip = at('hdr.ipv4', named('ipv4_t'));
const get = (base: Parameters<typeof fieldOf>[0], text: string, width: number) => ({
  kind: 'field' as const,
  base,
  name: text,
  type: bitType(width),
  loc: nowhere,
});
const std = (text: string, width: number) => at(`standard_metadata.${text}`, bitType(width));

const checksummed = ipv4.fields.filter((f) => f.name !== 'hdrChecksum').map((f) => get(ip, f.name, (f.type as { width: number }).width));

export const basic: Program = {
  irVersion,
  name: 'basic',
  arch: 'v1model',
  doc: 'Longest-prefix routing of IPv4.',
  types: [headers, metadata, ethernet, ipv4],
  errors: [],
  constants: [],
  functions: [],
  actions: [],
  instances: [],
  parsers: [
    parserBlock('MyParser', [
      {
        kind: 'state',
        name: 'start',
        body: [callMethod(name('packet', named('packet_in')), 'extract', [eth])],
        transition: {
          kind: 'select',
          on: [get(eth, 'etherType', 16)],
          cases: [
            { keys: [value(bits(0x0800, 16))], next: 'parse_ipv4', loc: nowhere },
            { keys: [{ kind: 'any' }], next: 'accept', loc: nowhere },
          ],
          loc: nowhere,
        },
        loc: nowhere,
      },
      {
        kind: 'state',
        name: 'parse_ipv4',
        body: [callMethod(name('packet', named('packet_in')), 'extract', [ip])],
        transition: { kind: 'goto', next: 'accept', loc: nowhere },
        loc: nowhere,
      },
    ]),
  ],
  controls: [
    block('MyVerifyChecksum', 'checksum', [], []),
    block(
      'MyIngress',
      'pipeline',
      [
        {
          kind: 'action',
          name: 'drop',
          params: [],
          body: [callFunction('mark_to_drop', [at('standard_metadata', named('standard_metadata_t'))])],
          loc: nowhere,
        },
        {
          kind: 'action',
          name: 'ipv4_forward',
          params: [
            { name: 'dstAddr', type: bitType(48), format: 'mac', loc: nowhere },
            { name: 'port', type: bitType(9), loc: nowhere },
          ],
          body: [
            assign(std('egress_spec', 9), name('port', bitType(9))),
            assign(get(eth, 'srcAddr', 48), get(eth, 'dstAddr', 48)),
            assign(get(eth, 'dstAddr', 48), name('dstAddr', bitType(48))),
            assign(get(ip, 'ttl', 8), binary('-', get(ip, 'ttl', 8), bits(1, 8))),
          ],
          loc: nowhere,
        },
        {
          kind: 'table',
          name: 'ipv4_lpm',
          doc: 'Where IPv4 packets go.',
          keys: [{ expr: get(ip, 'dstAddr', 32), match: 'lpm', name: 'hdr.ipv4.dstAddr', format: 'ipv4', loc: nowhere }],
          actions: ['ipv4_forward', 'drop', 'NoAction'].map((action) => ({ action, args: [], loc: nowhere })),
          size: 1024,
          defaultAction: { action: 'NoAction', args: [], const: false, loc: nowhere },
          loc: nowhere,
        },
      ],
      [{ kind: 'if', cond: isValid(ip), then: [{ kind: 'apply', table: 'ipv4_lpm', loc: nowhere }], loc: nowhere }],
    ),
    block('MyEgress', 'pipeline', [], []),
    block(
      'MyComputeChecksum',
      'checksum',
      [],
      [callFunction('update_checksum', [isValid(ip), list(checksummed), get(ip, 'hdrChecksum', 16), member('HashAlgorithm', 'csum16')])],
    ),
    block(
      'MyDeparser',
      'deparser',
      [],
      [eth, ip].map((header) => callMethod(name('packet', named('packet_out')), 'emit', [header])),
    ),
  ],
  main: { package: 'V1Switch', blocks: ['MyParser', 'MyVerifyChecksum', 'MyIngress', 'MyEgress', 'MyComputeChecksum', 'MyDeparser'] },
};
