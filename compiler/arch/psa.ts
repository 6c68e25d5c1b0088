/**
 * PSA, the Portable Switch Architecture of the P4 consortium, version 1.2, with the widths of BMv2's psa_switch: names
 * are those of its include file.
 */
import { named } from '../ir/build.js';
import { psaExterns, psaFunctions } from './psa/externs.js';
import { constants, cpuPort, definitions, typedefs } from './psa/include.js';
import { psaEnums, psaNewtypes, psaStructs } from './psa/types.js';
import type { ArchBlock, ArchPackage, ArchParam, ArchSpec } from './spec.js';

const param = (name: string, type: string, direction?: 'in' | 'out' | 'inout'): ArchParam => ({
  name,
  type: named(type),
  ...(direction ? { direction } : {}),
});
const block = (
  name: string,
  type: string,
  kind: ArchBlock['kind'],
  typeParams: readonly string[],
  params: readonly ArchParam[],
): ArchBlock => ({ name, type, kind, typeParams, params });

const blocks: readonly ArchBlock[] = [
  block(
    'ip',
    'IngressParser',
    'parser',
    ['IH', 'IM', 'RESUBM', 'RECIRCM'],
    [
      param('buffer', 'packet_in'),
      param('parsed_hdr', 'IH', 'out'),
      param('user_meta', 'IM', 'inout'),
      param('istd', 'psa_ingress_parser_input_metadata_t', 'in'),
      param('resubmit_meta', 'RESUBM', 'in'),
      param('recirculate_meta', 'RECIRCM', 'in'),
    ],
  ),
  block(
    'ig',
    'Ingress',
    'control',
    ['IH', 'IM'],
    [
      param('hdr', 'IH', 'inout'),
      param('user_meta', 'IM', 'inout'),
      param('istd', 'psa_ingress_input_metadata_t', 'in'),
      param('ostd', 'psa_ingress_output_metadata_t', 'inout'),
    ],
  ),
  block(
    'id',
    'IngressDeparser',
    'control',
    ['IH', 'IM', 'CI2EM', 'RESUBM', 'NM'],
    [
      param('buffer', 'packet_out'),
      param('clone_i2e_meta', 'CI2EM', 'out'),
      param('resubmit_meta', 'RESUBM', 'out'),
      param('normal_meta', 'NM', 'out'),
      param('hdr', 'IH', 'inout'),
      param('meta', 'IM', 'in'),
      param('istd', 'psa_ingress_output_metadata_t', 'in'),
    ],
  ),
  block(
    'ep',
    'EgressParser',
    'parser',
    ['EH', 'EM', 'NM', 'CI2EM', 'CE2EM'],
    [
      param('buffer', 'packet_in'),
      param('parsed_hdr', 'EH', 'out'),
      param('user_meta', 'EM', 'inout'),
      param('istd', 'psa_egress_parser_input_metadata_t', 'in'),
      param('normal_meta', 'NM', 'in'),
      param('clone_i2e_meta', 'CI2EM', 'in'),
      param('clone_e2e_meta', 'CE2EM', 'in'),
    ],
  ),
  block(
    'eg',
    'Egress',
    'control',
    ['EH', 'EM'],
    [
      param('hdr', 'EH', 'inout'),
      param('user_meta', 'EM', 'inout'),
      param('istd', 'psa_egress_input_metadata_t', 'in'),
      param('ostd', 'psa_egress_output_metadata_t', 'inout'),
    ],
  ),
  block(
    'ed',
    'EgressDeparser',
    'control',
    ['EH', 'EM', 'CE2EM', 'RECIRCM'],
    [
      param('buffer', 'packet_out'),
      param('clone_e2e_meta', 'CE2EM', 'out'),
      param('recirculate_meta', 'RECIRCM', 'out'),
      param('hdr', 'EH', 'inout'),
      param('meta', 'EM', 'in'),
      param('istd', 'psa_egress_output_metadata_t', 'in'),
      param('edstd', 'psa_egress_deparser_input_metadata_t', 'in'),
    ],
  ),
];

const generic = (name: string, typeParams: readonly string[]) =>
  named(
    name,
    typeParams.map((of) => named(of)),
  );
const pipeline = (name: string, typeParams: readonly string[], of: readonly ArchBlock[]): ArchPackage => ({
  name,
  typeParams,
  params: of.map((b) => ({ name: b.name, type: generic(b.type, b.typeParams ?? []) })),
});
const ingress = pipeline('IngressPipeline', ['IH', 'IM', 'NM', 'CI2EM', 'RESUBM', 'RECIRCM'], blocks.slice(0, 3));
const egress = pipeline('EgressPipeline', ['EH', 'EM', 'NM', 'CI2EM', 'CE2EM', 'RECIRCM'], blocks.slice(3));
const typeParams = ['IH', 'IM', 'EH', 'EM', 'NM', 'CI2EM', 'CE2EM', 'RESUBM', 'RECIRCM'];

export const psa: ArchSpec = {
  name: 'psa',
  include: 'psa.p4',
  alsoIncludedAs: ['bmv2/psa.p4'],
  package: 'PSA_Switch',
  typeParams,
  holding: {},
  packages: [
    ingress,
    egress,
    {
      name: 'PSA_Switch',
      typeParams,
      params: [
        { name: 'ingress', type: generic(ingress.name, ingress.typeParams) },
        { name: 'pre', type: named('PacketReplicationEngine') },
        { name: 'egress', type: generic(egress.name, egress.typeParams) },
        { name: 'bqe', type: named('BufferingQueueingEngine') },
      ],
    },
  ],
  blocks,
  matchKinds: ['range', 'selector', 'optional'],
  newtypes: psaNewtypes,
  enums: psaEnums,
  structs: psaStructs,
  errors: [],
  tableProperties: {
    psa_direct_counter: [named('DirectCounter')],
    psa_direct_meter: [named('DirectMeter')],
    psa_implementation: [named('ActionProfile'), named('ActionSelector')],
    psa_idle_timeout: [named('PSA_IdleTimeout_t')],
  },
  attachments: { counter: 'psa_direct_counter', meter: 'psa_direct_meter', profile: 'psa_implementation' },
  idleTimeout: { property: 'psa_idle_timeout', notifies: 'NOTIFY_CONTROL' },
  units: { PACKETS: 'packets', BYTES: 'bytes', PACKETS_AND_BYTES: 'both' },
  // Sessions as BMv2 has them.
  device: {
    maxPort: 0xffff_ffff,
    maxIngressPort: 0xffff_ffff,
    cpuPort: Number(cpuPort),
    maxGroup: 0xffff_ffff,
    maxInstance: 0xffff,
    maxSession: 0x7fff,
    maxClassOfService: 0xff,
    runsDirects: false,
  },
  externs: psaExterns,
  functions: psaFunctions,
  otherNames: [
    ...Object.keys(typedefs),
    ...constants.map(({ name }) => name),
    ...definitions.map(({ name }) => name),
    ...['IngressPipeline', 'EgressPipeline', '__PSA_P4__'],
  ],
  included: { guard: '__PSA_P4__', macros: {}, typedefs, constants, definitions, externs: [], functions: [] },
};
