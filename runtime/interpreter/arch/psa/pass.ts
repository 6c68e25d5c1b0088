/** What PSA's externs find beside the packet. */
import type { DigestMessage } from '../../../data-plane/messages.js';
import type { ObjectValue, Pass, Scope } from '../../scope.js';
import type { DirectCells } from '../../tables.js';

export interface PsaPass extends Pass {
  /** What was packed so far. */
  readonly digests: DigestMessage[];
  /** By direct counter and meter: the cells of the entry that its table chose last. */
  readonly cells: Map<ObjectValue, DirectCells>;
}

/** PSA's externs run on passes that its pipeline made. */
export const passOf = (scope: Scope): PsaPass => scope.pass as PsaPass;
