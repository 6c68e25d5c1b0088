/** PSA, with what it leaves open as in BMv2's psa_switch. */
import { psa as spec } from '../../../compiler/arch/index.js';
import type { StructValue } from '../values.js';
import type { Architecture } from './architecture.js';
import { functions } from './psa/functions.js';
import { externs } from './psa/objects.js';
import { process } from './psa/pipeline.js';

export const psa: Architecture = {
  spec,
  functions: () => functions,
  externs,
  meaningOf,
  refuses: () => undefined,
  process,
};

function meaningOf(struct: StructValue, name: string): string | undefined {
  const value = struct.fields.get(name);
  if (name === 'drop' && struct.type.endsWith('_output_metadata_t') && value === true) return 'drop';
  if (struct.type !== 'psa_ingress_output_metadata_t') return undefined;
  if (name === 'egress_port') return `to port ${value}`;
  if (name === 'multicast_group' && value !== 0n) return `to multicast group ${value}`;
  return name === 'resubmit' && value === true ? 'resubmit' : undefined;
}
