/** v1model as BMv2's simple_switch runs it. */
import { v1model as spec } from '../../../compiler/arch/index.js';
import { hashAlgorithms } from '../../data-plane/hashes.js';
import type { StructValue } from '../values.js';
import type { Architecture } from './architecture.js';
import { checksums } from './v1model/checksums.js';
import { functions } from './v1model/functions.js';
import { externs } from './v1model/objects.js';
import { process } from './v1model/pipeline.js';
import { dropPort } from './v1model/standard-metadata.js';

export const v1model: Architecture = {
  spec,
  functions: (machine) => ({ ...checksums(machine.types), ...functions(machine) }),
  externs,
  meaningOf,
  refuses: (e) => {
    const hash = e.kind === 'member' && e.type.kind === 'named' && e.type.name === 'HashAlgorithm' ? e.name : undefined;
    return hash !== undefined && !(hash in hashAlgorithms) ? `HashAlgorithm.${hash}` : undefined;
  },
  process,
};

function meaningOf(struct: StructValue, name: string): string | undefined {
  if (struct.type !== 'standard_metadata_t') return undefined;
  const value = struct.fields.get(name);
  if (name === 'egress_spec') return value === dropPort ? 'drop' : `to port ${value}`;
  if (name === 'mcast_grp' && value !== 0n) return `to multicast group ${value}`;
  return undefined;
}
