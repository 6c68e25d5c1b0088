/** What PSA's externs find beside the packet. */
import type { DigestMessage } from '../../../switch/messages.js';
import type { ObjectValue, Pass, Scope } from '../../scope.js';
import type { Installed } from '../../tables.js';

export interface PsaPass extends Pass {
  /** What was packed so far. */
  readonly digests: DigestMessage[];
  /** By direct counter and meter: the entry of its table that was hit last. */
  readonly hits: Map<ObjectValue, Installed>;
}

/** PSA's externs run on passes that its pipeline made. */
export const passOf = (scope: Scope): PsaPass => scope.pass as PsaPass;
