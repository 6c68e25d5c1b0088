/** v1model as BMv2's simple_switch runs it. */
import { v1model as spec } from '../../../compiler/arch/index.js';
import { invariant } from '../../../compiler/support/invariant.js';
import { hashAlgorithms } from '../../data-plane/hashes.js';
import { ActionProfile } from '../../data-plane/profiles.js';
import { CounterArray } from '../counters.js';
import type { MeterUnit } from '../meters.js';
import type { StructValue } from '../values.js';
import type { Architecture } from './architecture.js';
import { checksums } from './v1model/checksums.js';
import { functions } from './v1model/functions.js';
import { DirectMeter, directCounter, Meter, Register } from './v1model/objects.js';
import { process } from './v1model/pipeline.js';
import { dropPort } from './v1model/standard-metadata.js';

export const v1model: Architecture = {
  spec,
  functions: { ...checksums, ...functions },
  externs: {
    counter: ({ name, args: [size] }) => new CounterArray(name, Number(size)),
    direct_counter: () => directCounter,
    meter: ({ name, args: [size, unit] }) => new Meter(name, Number(size), unit as MeterUnit),
    direct_meter: ({ name, args: [unit] }) => new DirectMeter(name, unit as MeterUnit),
    register: ({ name, args: [size], typeArgs: [element] }, types) => {
      invariant(element, `${name} is a register of what?`);
      return new Register(name, Number(size), element, types);
    },
    action_profile: ({ name }) => new ActionProfile(name),
    action_selector: ({ name, args: [algorithm] }) => new ActionProfile(name, algorithm as string),
  },
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
