/** What v1model's functions and externs find beside the packet. */
import type { Loc } from '../../../../compiler/support/location.js';
import type { DigestMessage } from '../../../data-plane/messages.js';
import type { Color } from '../../../data-plane/meters.js';
import type { Pass } from '../../scope.js';
import type { StructValue } from '../../values.js';

export interface V1modelPass extends Pass {
  readonly standardMetadata: StructValue;
  /** What the program asks for, to be done after the block. */
  readonly requests: Requests;
  /** By direct meter: the colour that its table's last hit gave. */
  readonly colors: Map<string, Color | undefined>;
}

/** What one pass asks of the architecture; a later call replaces an earlier one. */
export interface Requests {
  clone?: { readonly session: number } & Keeping;
  resubmit?: Keeping;
  recirculate?: Keeping;
  digest?: DigestMessage;
  /** In bytes. */
  truncateTo?: number;
}
export interface Keeping {
  /** The number of the list of metadata that survives. */
  readonly fieldList?: number;
  readonly loc: Loc;
}
