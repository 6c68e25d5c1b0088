/** What members of groups and one-shot sets have in common: weights and watch ports. */
import type { ArchDevice } from '../../compiler/arch/index.js';
import { toHex } from '../../compiler/support/bytes.js';
import type { Watch } from '../p4runtime/messages.js';
import { decodePortNumber } from './ports.js';
import type { WatchedMember } from './profile-store.js';
import { refuse } from './refusals.js';

/** `max` 0: any weight of 31 bits. */
export function decodeWeight(
  weight: number | undefined,
  at: string,
  { max, weightsDisallowed }: { readonly max: number; readonly weightsDisallowed: boolean },
): Pick<WatchedMember, 'weight' | 'isUnweighted'> {
  if (weightsDisallowed) return weight ? refuse('weight-given', { at, weight }) : { weight: 1, isUnweighted: true };
  if (weight === undefined || weight < 1) return refuse('bad-weight', { at, weight: weight ?? 0 });
  return max > 0 && weight > max ? refuse('weight-too-large', { at, weight, max }) : { weight };
}

export const encodeWeight = ({ weight, isUnweighted }: Pick<WatchedMember, 'weight' | 'isUnweighted'>): { readonly weight?: number } =>
  isUnweighted ? {} : { weight };

/** Neither an empty port nor, in the deprecated field, port 0 is watched. */
export function decodeWatch(
  { watch, watch_port: bytes }: Watch,
  at: string,
  { maxPort: max }: ArchDevice,
): Pick<WatchedMember, 'watchPort' | 'watch'> {
  if (bytes?.length) {
    const port = decodePortNumber(bytes, max) ?? refuse('watch-port', { at, port: `0x${toHex(bytes)}`, max });
    return { watchPort: port, watch: { watch_port: Uint8Array.from(bytes) } };
  }
  if (!watch) return {};
  if (watch < 0 || watch > max) return refuse('watch-port', { at, port: String(watch), max });
  return { watchPort: watch, watch: { watch } };
}
