/** What PSA's externs find beside the packet. */
import type { DigestMessage } from '../../../data-plane/messages.js';
import type { DirectCells } from '../../../data-plane/tables.js';
import type { Pass } from '../../scope.js';

export interface PsaPass extends Pass {
  /** What was packed so far. */
  readonly digests: DigestMessage[];
  /** By direct counter and meter: the cells of the entry that its table chose last. */
  readonly cells: Map<string, DirectCells>;
}
