/** What psa.p4 declares in P4 itself: names for widths, constants, conversions and actions (PSA §4.1, §6.5, §6.8). */
import { bitType, errorType, named } from '../../ir/build.js';
import type { Type } from '../../ir/types.js';
import type { ArchConstant, ArchDefinition } from '../spec.js';
import { psaNumbers } from './types.js';

export const typedefs: Readonly<Record<string, Type>> = {
  ...Object.fromEntries(['', 'InHeader'].flatMap((where) => psaNumbers.map(([name, width]) => [`${name}${where}Uint_t`, bitType(width)]))),
  ParserError_t: errorType,
};

/** Packets to this port start again after egress. */
export const recirculatePort = 0xfffffffan;
/** The port to and from the controller. */
export const cpuPort = 0xfffffffdn;

export const constants: readonly ArchConstant[] = [
  { name: 'PSA_PORT_RECIRCULATE', type: named('PortId_t'), value: recirculatePort },
  { name: 'PSA_PORT_CPU', type: named('PortId_t'), value: cpuPort },
  { name: 'PSA_CLONE_SESSION_TO_CPU', type: named('CloneSessionId_t'), value: 0n },
];

const conversion = (name: string, from: string, to: string, how: string): ArchDefinition => ({
  name: `psa_${name}_${how}`,
  text: `${name}${to}_t psa_${name}_${how}(in ${name}${from}_t x) {
    return (${name}${to}_t) (${name}${to}Uint_t) (${name}${from}Uint_t) x;
}`,
});

const action = (name: string, struct: string, param: string | undefined, ...lines: readonly string[]): ArchDefinition => ({
  name,
  text: `@noWarn("unused")
action ${name}(inout ${struct} meta${param ? `, in ${param}` : ''}) {
${lines.map((line) => `    meta.${line};\n`).join('')}}`,
});
const ingress = 'psa_ingress_output_metadata_t';

export const definitions: readonly ArchDefinition[] = [
  ...psaNumbers.map(([name]) => conversion(name, 'InHeader', '', 'header_to_int')),
  ...psaNumbers.map(([name]) => conversion(name, '', 'InHeader', 'int_to_header')),
  action(
    'send_to_port',
    ingress,
    'PortId_t egress_port',
    ...['drop = false', 'multicast_group = (MulticastGroup_t) 0', 'egress_port = egress_port'],
  ),
  action('multicast', ingress, 'MulticastGroup_t multicast_group', 'drop = false', 'multicast_group = multicast_group'),
  action('ingress_drop', ingress, undefined, 'drop = true'),
  action('egress_drop', 'psa_egress_output_metadata_t', undefined, 'drop = true'),
];
