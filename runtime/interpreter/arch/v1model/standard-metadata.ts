/** Fields of standard_metadata_t. */
import { type Loc, nowhere } from '../../../../compiler/support/location.js';
import type { StructValue } from '../../values.js';

/** The egress_spec that means dropping. */
export const dropPort = 511n;

/** Values of instance_type: how the packet came (BMv2's docs/simple_switch.md). */
export const instanceTypes = { normal: 0n, ingressClone: 1n, egressClone: 2n, recirculated: 4n, replica: 5n, resubmitted: 6n } as const;

export const field = (struct: StructValue, name: string): bigint => struct.fields.get(name) as bigint;

export function setAll(struct: StructValue, values: Readonly<Record<string, bigint>>): void {
  for (const name in values) struct.fields.set(name, values[name] as bigint);
}

/** While tracing: the statement that wrote the field last. */
export const writtenAt = (struct: StructValue, name: string): Loc => struct.writtenAt?.get(name) ?? nowhere;
