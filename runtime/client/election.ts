/** Election ids: which one to ask for, and what a switch's answer means (P4Runtime, "Client Arbitration …"). */
import { fail } from '../../compiler/support/diagnostics.js';
import type { Loc } from '../../compiler/support/location.js';
import type { MasterArbitrationUpdate, Uint128 } from '../p4runtime/messages.js';
import { codeName } from '../p4runtime/status.js';

/** What to do where another controller is the primary: give up, wait until it leaves, or outbid it. */
export type IfPrimaryExists = 'fail' | 'stand-by' | 'take-over';

export const uint128 = (id: bigint): Uint128 => ({ high: id >> 64n, low: BigInt.asUintN(64, id) });
const electionNumber = (id: Uint128): bigint => ((id.high ?? 0n) << 64n) | (id.low ?? 0n);

export const maxElectionId = (1n << 128n) - 1n;

/** @throws DiagnosticError bad-election-id */
export function checkElectionId(electionId: bigint | undefined, loc: Loc): void {
  if (electionId !== undefined && !(electionId > 0n && electionId <= maxElectionId)) fail('bad-election-id', { electionId }, { loc });
}

/** How a switch answers arbitration. */
export interface Standing {
  readonly isPrimary: boolean;
  /** Whether any controller is the primary. */
  readonly hasPrimary: boolean;
  /** The election id of the primary, or of the last one. */
  readonly highest: bigint | undefined;
}

export function standingOf({ status, election_id }: MasterArbitrationUpdate): Standing {
  const code = codeName(status?.code);
  return { isPrimary: code === 'OK', hasPrimary: code !== 'NOT_FOUND', highest: election_id && electionNumber(election_id) };
}

/** The id to ask for after this answer, where the controller leaves the choice to us; undefined: remain what the answer says. */
export function nextBid({ isPrimary, hasPrimary, highest = 1n }: Standing, mode: IfPrimaryExists): bigint | undefined {
  if (isPrimary) return undefined;
  // There is no primary: the election id of the last one is free, and the switch refuses lower ones.
  if (!hasPrimary) return highest;
  return mode === 'take-over' && highest < maxElectionId ? highest + 1n : undefined;
}
