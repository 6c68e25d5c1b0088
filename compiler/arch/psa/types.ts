/** The types that psa.p4 declares (PSA §4, §6). */

import { bitType, boolType, errorType, named } from '../../ir/build.js';
import type { EnumDecl, NewtypeDecl, StructDecl } from '../../ir/types.js';
import { nowhere } from '../../support/location.js';
import { enumeration, struct } from '../build.js';

/** What the data plane and the control plane may number differently: name without `_t`, and bits (PSA §4.4). */
export const psaNumbers: readonly (readonly [name: string, width: number])[] = [
  ['PortId', 32],
  ['MulticastGroup', 32],
  ['CloneSessionId', 16],
  ['ClassOfService', 8],
  ['PacketLength', 16],
  ['EgressInstance', 16],
  ['Timestamp', 64],
];

const newtype = (name: string, width: number): NewtypeDecl => ({
  kind: 'newtype',
  name,
  type: bitType(width),
  annotations: [{ name: 'p4runtime_translation', body: `"p4.org/psa/v1/${name}", ${width}` }],
  loc: nowhere,
});
/** Those in headers are as wide on every device; on this one, those outside are too. */
export const psaNewtypes: readonly NewtypeDecl[] = ['', 'InHeader'].flatMap((where) =>
  psaNumbers.map(([name, width]) => newtype(`${name}${where}_t`, width)),
);

export const psaEnums: readonly EnumDecl[] = [
  enumeration('PSA_IdleTimeout_t', ['NO_TIMEOUT', 'NOTIFY_CONTROL']),
  enumeration('PSA_PacketPath_t', ['NORMAL', 'NORMAL_UNICAST', 'NORMAL_MULTICAST', 'CLONE_I2E', 'CLONE_E2E', 'RESUBMIT', 'RECIRCULATE']),
  enumeration('PSA_HashAlgorithm_t', [
    ...['IDENTITY', 'CRC32', 'CRC32_CUSTOM', 'CRC16', 'CRC16_CUSTOM', 'ONES_COMPLEMENT16', 'TARGET_DEFAULT'],
  ]),
  enumeration('PSA_CounterType_t', ['PACKETS', 'BYTES', 'PACKETS_AND_BYTES']),
  enumeration('PSA_MeterType_t', ['PACKETS', 'BYTES']),
  enumeration('PSA_MeterColor_t', ['RED', 'GREEN', 'YELLOW']),
];

const [port, path] = [named('PortId_t'), named('PSA_PacketPath_t')];
const cloning = { clone: boolType, clone_session_id: named('CloneSessionId_t'), drop: boolType };

export const psaStructs: readonly StructDecl[] = [
  struct('psa_ingress_parser_input_metadata_t', { ingress_port: port, packet_path: path }),
  struct('psa_egress_parser_input_metadata_t', { egress_port: port, packet_path: path }),
  struct('psa_ingress_input_metadata_t', {
    ingress_port: port,
    packet_path: path,
    ingress_timestamp: named('Timestamp_t'),
    parser_error: errorType,
  }),
  struct('psa_ingress_output_metadata_t', {
    class_of_service: named('ClassOfService_t'),
    ...cloning,
    resubmit: boolType,
    multicast_group: named('MulticastGroup_t'),
    egress_port: port,
  }),
  struct('psa_egress_input_metadata_t', {
    class_of_service: named('ClassOfService_t'),
    egress_port: port,
    packet_path: path,
    instance: named('EgressInstance_t'),
    egress_timestamp: named('Timestamp_t'),
    parser_error: errorType,
  }),
  struct('psa_egress_deparser_input_metadata_t', { egress_port: port }),
  struct('psa_egress_output_metadata_t', cloning),
];
