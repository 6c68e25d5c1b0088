/** The weight and the watch port of a member of a group, or of an action in a one-shot set. */
import { fromBytes } from '../../compiler/support/bits.js';
import { encodeBits } from '../p4runtime/bytestrings.js';
import type { Watch } from '../p4runtime/messages.js';
import { toUint32 } from './values.js';

export interface Share {
  /** How often it is chosen in comparison with the others; 1 where it is not said. */
  readonly weight?: number;
  /** It is left out while this port is down. */
  readonly watchPort?: number;
}
type ShareMessage = Watch & { readonly weight?: number };

/** Where the switch weighs the members itself, what has no weight is sent without one. @throws DiagnosticError entry-value */
export function encodeShare({ weight, watchPort }: Share, weightsDisallowed: boolean, at: string): ShareMessage {
  return {
    ...(weight === undefined && weightsDisallowed ? {} : { weight: toUint32(weight ?? 1, `${at}, weight`) }),
    ...(watchPort === undefined ? {} : { watch_port: encodeBits(BigInt(toUint32(watchPort, `${at}, watchPort`))) }),
  };
}

/** As in `2*3@4`: what has weight 3 and watches port 4. */
export function describeShare({ weight = 1, watchPort }: Share): string {
  return `${weight === 1 ? '' : `*${weight}`}${watchPort === undefined ? '' : `@${watchPort}`}`;
}

export function decodeShare({ weight, watch, watch_port: bytes }: ShareMessage): Share {
  const watched = bytes?.length ? { watchPort: Number(fromBytes(bytes)) } : watch ? { watchPort: watch } : {};
  return { ...(weight ? { weight } : {}), ...watched };
}
