/** PSA, with what it leaves open as in BMv2's psa_switch. */
import { psa as spec } from '../../../compiler/arch/index.js';
import type { Type } from '../../../compiler/ir/index.js';
import { invariant } from '../../../compiler/support/invariant.js';
import { ActionProfile } from '../../data-plane/profiles.js';
import { CounterArray } from '../counters.js';
import type { MeterUnit } from '../meters.js';
import type { ObjectValue } from '../scope.js';
import type { StructValue, Value } from '../values.js';
import type { Architecture, ExternInstance } from './architecture.js';
import { functions } from './psa/functions.js';
import { algorithmName, Checksum, Hash, InternetChecksum } from './psa/hashes.js';
import { Digest, DirectCounter, DirectMeter, Meter, RandomNumber, Register } from './psa/objects.js';
import { process } from './psa/pipeline.js';

const unit = (type: Value | undefined): MeterUnit => (type === 'BYTES' ? 'bytes' : 'packets');

/** The type argument of an instance. */
function of({ name, typeArgs: [type] }: ExternInstance): Type {
  invariant(type, `${name} has no type`);
  return type;
}

/** The control plane alone knows them: programs call no methods of theirs. */
const engine = (type: string): ObjectValue => ({ kind: 'object', type, call: () => undefined });

export const psa: Architecture = {
  spec,
  functions,
  externs: {
    PacketReplicationEngine: () => engine('PacketReplicationEngine'),
    BufferingQueueingEngine: () => engine('BufferingQueueingEngine'),
    Hash: (instance) => new Hash(instance.args[0], of(instance)),
    Checksum: (instance) => new Checksum(instance.args[0], of(instance)),
    InternetChecksum: () => new InternetChecksum(),
    Counter: ({ name, args: [size] }) => new CounterArray(name, Number(size)),
    DirectCounter: () => new DirectCounter(),
    Meter: ({ name, args: [size, type] }) => new Meter(name, Number(size), unit(type)),
    DirectMeter: ({ name, args: [type] }) => new DirectMeter(name, unit(type)),
    Register: (instance, types) => new Register(instance.name, Number(instance.args[0]), of(instance), types, instance.args[1]),
    Random: ({ args: [low, high] }) => new RandomNumber(low as bigint, high as bigint),
    ActionProfile: ({ name }) => new ActionProfile(name),
    ActionSelector: ({ name, args: [algorithm] }) => new ActionProfile(name, algorithmName(algorithm)),
    Digest: ({ name }) => new Digest(name),
  },
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
