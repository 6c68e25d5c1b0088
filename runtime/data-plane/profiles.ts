/**
 * Action profiles and selectors: actions that entries share.
 *
 * A selector takes the member of a group that stands at (hash modulo the group's size). The order of a group's members
 * is that of BMv2 under P4Runtime: each member has a handle, the lowest number that is free when it is written; a
 * member of weight w stands in the group with w handles, of which all but the first are made when a group needs them.
 *
 * Where weights are shares they may be of any size: each member stands in the group once, with its first handle, and the
 * number that chooses among all shares comes from a generator with the hash as its seed.
 */
import { truncate } from '../../compiler/support/bits.js';
import { invariant } from '../../compiler/support/invariant.js';
import { type HashFunction, hashNamed } from './hashes.js';
import type { ActionValue, GroupChoice, GroupMember } from './messages.js';
import { Random } from './random.js';

interface Member {
  action: ActionValue;
  readonly handles: number[];
}
interface Group extends GroupChoice {
  readonly members: readonly GroupMember[];
  /** The members to choose from, in the order of their handles: each has the places from the one before it to `end`. */
  slots: readonly { readonly member: number; readonly end: number }[];
}
/** The member that was chosen: `index` of `size`. */
export interface Chosen {
  readonly member: number;
  readonly index: number;
  readonly size: number;
  /** It is not the one that the hash chooses. */
  readonly assumed?: true;
}

/** Members of a group that run the same: `chosen` is the first, at its first place. */
export interface Candidate {
  readonly members: readonly number[];
  /** That of all these members. */
  readonly weight: number;
  readonly chosen: Chosen;
}

export class ActionProfile {
  readonly name: string;
  /** A selector's hash. */
  readonly algorithm: string | undefined;
  readonly #hash: HashFunction | undefined;
  readonly #members = new Map<number, Member>();
  readonly #groups = new Map<number, Group>();
  readonly #handles = new Handles();
  readonly #portsDown = new Set<number>();

  constructor(name: string, algorithm?: string) {
    this.name = name;
    this.algorithm = algorithm;
    this.#hash = algorithm === undefined ? undefined : hashNamed(algorithm);
  }

  action(member: number): ActionValue {
    return this.#member(member).action;
  }

  hasMember(member: number): boolean {
    return this.#members.has(member);
  }
  hasGroup(group: number): boolean {
    return this.#groups.has(group);
  }

  /** The hash of a selector over the bits of its keys; BMv2 keeps 32 bits of it. */
  hash(data: Uint8Array): bigint {
    invariant(this.#hash, `${this.name} has no hash`);
    return truncate(this.#hash(data), 32);
  }

  choiceOf(group: number): GroupChoice {
    return this.#group(group);
  }

  /** What a group chooses from. */
  candidates(group: number): readonly Candidate[] {
    const { slots } = this.#group(group);
    const size = slots.at(-1)?.end ?? 0;
    const found = new Map<string, { members: number[]; weight: number; chosen: Chosen }>();
    let start = 0;
    for (const { member, end } of slots) {
      const { name, args } = this.action(member);
      const key = `${name}(${args})`;
      const same = found.get(key) ?? { members: [], weight: 0, chosen: { member, index: start, size } };
      if (!same.members.includes(member)) same.members.push(member);
      same.weight += end - start;
      found.set(key, same);
      start = end;
    }
    return [...found.values()];
  }

  /** What its members run. */
  *actions(): Iterable<ActionValue> {
    for (const { action } of this.#members.values()) yield action;
  }

  /** All groups, and the members that are in none. */
  groupsAndMembers(): readonly ({ readonly group: number } | { readonly member: number })[] {
    const grouped = new Set([...this.#groups.values()].flatMap(({ members }) => members.map(({ member }) => member)));
    const alone = [...this.#members.keys()].filter((member) => !grouped.has(member));
    return [...[...this.#groups.keys()].map((group) => ({ group })), ...alone.map((member) => ({ member }))];
  }

  /** Undefined where the group has no member, or none whose port is up. */
  choose(group: number, hash: bigint): Chosen | undefined {
    return this.#choose(group, (size, { shares }) => (shares ? new Random(Number(hash)).below(size) : hash % size));
  }
  /** As `choose`, each member with the probability that its weight gives it. */
  chooseAtRandom(group: number, random: Random): Chosen | undefined {
    return this.#choose(group, (size) => random.below(size));
  }

  #choose(id: number, choose: (size: bigint, group: Group) => bigint): Chosen | undefined {
    const group = this.#group(id);
    const size = group.slots.at(-1)?.end ?? 0;
    if (size === 0) return undefined;
    const index = Number(choose(BigInt(size), group));
    const slot = size === group.slots.length ? group.slots[index] : group.slots.find(({ end }) => index < end);
    invariant(slot, `place ${index} of ${size}`);
    return { member: slot.member, index, size };
  }

  /** Without an action: removes the member. */
  setMember(id: number, action?: ActionValue): void {
    const old = this.#members.get(id);
    if (!action) {
      for (const handle of this.#member(id).handles) this.#handles.release(handle);
      this.#members.delete(id);
    } else if (old) old.action = action;
    else this.#members.set(id, { action, handles: [this.#handles.take()] });
  }

  /** Without members: removes the group. */
  setGroup(id: number, members?: readonly GroupMember[], choice: GroupChoice = {}): void {
    const before = this.#groups.get(id)?.members ?? [];
    for (const one of inOrder(members ?? [])) {
      const { handles } = this.#member(one.member);
      while (handles.length < places(one, choice)) handles.push(this.#handles.take());
    }
    if (members) {
      const group: Group = { ...choice, members, slots: [] };
      this.#groups.set(id, group);
      this.#fill(group);
    } else {
      this.#group(id);
      this.#groups.delete(id);
    }
    for (const { member } of inOrder([...before, ...(members ?? [])])) this.#releaseUnused(member);
  }

  /** Members that watch a port are left out while it is down. */
  setPort(port: number, up: boolean): void {
    if (up) this.#portsDown.delete(port);
    else this.#portsDown.add(port);
    for (const group of this.#groups.values()) this.#fill(group);
  }

  #fill(group: Group): void {
    const up = group.members.filter(({ watchPort }) => watchPort === undefined || !this.#portsDown.has(watchPort));
    const slots = up.flatMap((one) =>
      this.#member(one.member)
        .handles.slice(0, places(one, group))
        .map((handle) => ({ handle, member: one.member, weight: group.shares ? one.weight : 1 })),
    );
    let end = 0;
    group.slots = slots
      .sort((a, b) => a.handle - b.handle)
      .map(({ member, weight }) => {
        end += weight;
        return { member, end };
      });
  }

  /** Handles beyond the first that no group needs any more. */
  #releaseUnused(id: number): void {
    const needed = [...this.#groups.values()].flatMap((group) => group.members.filter((m) => m.member === id).map((m) => places(m, group)));
    const { handles } = this.#member(id);
    while (handles.length > Math.max(1, ...needed)) this.#handles.release(handles.pop() as number);
  }

  #member(id: number): Member {
    const member = this.#members.get(id);
    invariant(member, `${this.name} has no member ${id}`);
    return member;
  }
  #group(id: number): Group {
    const group = this.#groups.get(id);
    invariant(group, `${this.name} has no group ${id}`);
    return group;
  }
}

const places = ({ weight }: GroupMember, { shares }: GroupChoice): number => (shares ? 1 : weight);

const inOrder = (members: readonly GroupMember[]): GroupMember[] => [...members].sort((a, b) => a.member - b.member);

/** Gives out the lowest number that is free. */
class Handles {
  readonly #taken = new Set<number>();
  #lowest = 0;

  take(): number {
    while (this.#taken.has(this.#lowest)) this.#lowest++;
    this.#taken.add(this.#lowest);
    return this.#lowest;
  }
  release(handle: number): void {
    this.#taken.delete(handle);
    this.#lowest = Math.min(this.#lowest, handle);
  }
}
