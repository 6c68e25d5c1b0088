/** The device that the embedded switch is for a program. */
import { type ArchDevice, architectures, v1model } from '../../compiler/arch/index.js';
import type { Program } from '../../compiler/ir/index.js';
import { InternalError } from '../../compiler/support/invariant.js';

/** Portable programs are lowered to v1model. */
export function deviceOf({ arch }: Pick<Program, 'arch'>): ArchDevice {
  const { device } = architectures.get(arch === 'portable' ? v1model.name : arch) ?? {};
  if (!device) throw new InternalError(`no switch has the architecture ${arch}`);
  return device;
}
