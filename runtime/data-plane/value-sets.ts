/** Parser value sets (P4-16 §13.11): empty until the control plane fills them. */

import type { MatchValue } from '../../compiler/control/match.js';
import { matchesValue } from './match.js';

export class ValueSet {
  /** Of the fields, in bits. */
  readonly #widths: readonly number[];
  #members: readonly (readonly MatchValue[])[] = [];

  constructor(widths: readonly number[]) {
    this.#widths = widths;
  }

  /** Replaces all members; each has one match for each field. */
  fill(members: readonly (readonly MatchValue[])[]): void {
    this.#members = members;
  }

  /** Whether a member matches the unsigned values, one for each field. */
  has(values: readonly bigint[]): boolean {
    return this.#members.some((member) => member.every((match, i) => matchesValue(match, values[i] as bigint, this.#widths[i] as number)));
  }
}
