/** What decides where a program leaves something open: the numbers of `random`, and the members of groups. */
import type { Loc } from '../../compiler/support/location.js';
import type { ActionProfile, Chosen } from './profiles.js';
import { Random } from './random.js';
import type { Installed, Table } from './tables.js';

/** A choice that one packet comes to; `loc` is the statement. */
export interface Choices {
  /** A number between `low` and `high`, both included. */
  number(low: bigint, high: bigint, loc: Loc): bigint;
  /** The entry that a packet with these values of the keys hits. */
  entry<Run>(table: Table<Run>, values: readonly bigint[], nowNs: bigint, loc: Loc): Installed<Run> | undefined;
  /** The member that runs for `table`; `hash` is that of the selector's keys, undefined where the group chooses at random. */
  member(table: string, profile: ActionProfile, group: number, hash: bigint | undefined, loc: Loc): Chosen | undefined;
  /** A copy of the packet goes its way, whatever the others choose. */
  copy(run: () => void): void;
}

/** The choices of a switch: random numbers by its seed, members by their hash, and entries by their keys. */
export class SeededChoices implements Choices {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  number(low: bigint, high: bigint): bigint {
    return this.#random.between(low, high);
  }

  entry<Run>(table: Table<Run>, values: readonly bigint[], nowNs: bigint): Installed<Run> | undefined {
    return table.lookup(values, nowNs);
  }

  member(_table: string, profile: ActionProfile, group: number, hash: bigint | undefined): Chosen | undefined {
    return hash === undefined ? profile.chooseAtRandom(group, this.#random) : profile.choose(group, hash);
  }

  copy(run: () => void): void {
    run();
  }
}
