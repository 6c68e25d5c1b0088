/** The embedded switch as a target: the programs that it takes, and the device that it is for them. */
import { type ArchDevice, architectures, portable, psa, v1model } from '../../compiler/arch/index.js';
import type { Program } from '../../compiler/ir/index.js';
import { lowerToV1model } from '../../compiler/lower/v1model/index.js';
import { InternalError } from '../../compiler/support/invariant.js';
import type { Lowering } from '../../compiler/target.js';

/** It lowers portable programs itself. */
export const embedded: Lowering = { name: 'the embedded switch', arch: v1model.name, alsoTakes: [psa.name], lower: lowerToV1model };

export function deviceOf({ arch }: Pick<Program, 'arch'>): ArchDevice {
  const { device } = architectures.get(arch === portable.name ? embedded.arch : arch) ?? {};
  if (!device) throw new InternalError(`no switch has the architecture ${arch}`);
  return device;
}
