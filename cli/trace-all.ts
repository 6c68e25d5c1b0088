/** The outcomes of a packet, as `p4ts trace --all` shows them. */
import { toHex } from '../compiler/support/bytes.js';
import type { AllOutcomes, Outcome } from '../runtime/client/send-all.js';
import type { SentPacket } from '../runtime/client/simulate.js';
import { countOutcomes } from '../runtime/data-plane/outcomes.js';
import { type RenderTreeOptions, renderTree } from '../runtime/data-plane/render-tree.js';

/** Of more outcomes than that, the first are looked at. */
const maxOutcomes = 10_000;

export interface TriedPacket extends AllOutcomes {
  /** From 1. */
  readonly number: number;
  readonly timestampNs: bigint | undefined;
}

export function firstOutcomes({ outcomes }: AllOutcomes): Outcome[] {
  const first: Outcome[] = [];
  for (const outcome of outcomes) if (first.push(outcome) === maxOutcomes) break;
  return first;
}

/** `outcomeCount` is greater than the number of `outcomes` where these are only the first. */
export function treeJson(packet: TriedPacket): string {
  const { number, timestampNs, tree } = packet;
  const outcomes = firstOutcomes(packet).map(({ probability, outputs, toController, lookups }) => ({
    ...(probability === undefined ? {} : { probability }),
    outputs: outputs.map(inHex),
    toController: toController.map(inHex),
    lookups: lookups.map(({ events: _, kind: __, ...lookup }) => lookup),
  }));
  return JSON.stringify({ number, timestampNs: timestampNs?.toString(), outcomeCount: `${countOutcomes(tree.events)}`, outcomes, tree });
}

const inHex = ({ port, packet }: SentPacket) => ({ port, packet: toHex(packet) });

export const treeText = ({ number, tree }: TriedPacket, count: number, options: RenderTreeOptions): string =>
  `${count > 1 ? `packet ${number}, ` : ''}${renderTree(tree, options)}`;
