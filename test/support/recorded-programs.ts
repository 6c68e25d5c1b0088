/** The programs whose P4 is compared with what p4c makes of it, lowered to v1model. */
import type { Program } from '../../compiler/ir/index.js';
import { basic } from './programs/basic.js';
import { features } from './programs/features.js';
import { shared } from './programs/shared.js';

export const recordedPrograms: Readonly<Record<string, () => Program | Promise<Program>>> = {
  basic: () => basic,
  features: () => features,
  shared: () => shared,
};
