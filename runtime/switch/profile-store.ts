/** The members and groups of one action profile or selector, and what refers to them. */
import type { SizeUnit } from '../../compiler/control/schema.js';
import type { ActionValue, EntryAction, GroupMember } from '../data-plane/messages.js';
import type { Watch } from '../p4runtime/messages.js';
import { type Journal, JournaledMap, type Watcher } from './undo.js';

/** As a client wrote it: `watch` keeps in which of the two fields the port was. */
export interface WatchedMember extends GroupMember {
  readonly watch?: Watch;
  /** The client gave no weight, which is not its to give. */
  readonly isUnweighted?: boolean;
}
export interface StoredSelectorGroup {
  readonly members: readonly WatchedMember[];
  /** What its members may make; 0: the target's own limit. */
  readonly maxSize: number;
}
/** How much of a profile's size, or of a group's, the members take. */
export const sizeOf = (members: readonly { readonly weight: number }[], unit: SizeUnit): number =>
  unit === 'members' ? members.length : members.reduce((sum, m) => sum + m.weight, 0);

/** Of what a profile is full. */
export const inGroups: Readonly<Record<SizeUnit, string>> = {
  weights: 'members in groups, counted with their weights',
  members: 'members in groups',
};

/** The hidden group and members that a one-shot set became; a client never sees their ids. */
export interface HiddenGroup {
  readonly group: number;
  readonly members: readonly GroupMember[];
}
/** What an entry or a group refers to. */
export type Reference = Exclude<EntryAction, ActionValue>;

export class ProfileStore {
  readonly members: JournaledMap<number, ActionValue>;
  readonly #journal: Journal;
  readonly #sizeIn: SizeUnit;
  readonly #groups: JournaledMap<number, StoredSelectorGroup>;
  readonly #references: JournaledMap<string, number>;
  #hiddenGroups = 0;
  #hiddenMembers = 0;
  #groupSizes = 0;
  #lastHidden = 0;

  constructor(journal: Journal, sizeIn: SizeUnit, watcher?: Watcher<number, ActionValue>) {
    this.#journal = journal;
    this.#sizeIn = sizeIn;
    this.members = new JournaledMap<number, ActionValue>(journal, [], watcher);
    this.#groups = new JournaledMap(journal);
    this.#references = new JournaledMap(journal);
  }

  /** How the tables are programmed now; undefined while they may still be programmed in both ways. */
  get mode(): 'members and groups' | 'one-shot sets' | undefined {
    if (this.#hiddenGroups > 0) return 'one-shot sets';
    return this.members.size + this.#groups.size > 0 ? 'members and groups' : undefined;
  }
  get memberCount(): number {
    return this.members.size + this.#hiddenMembers;
  }
  /** What all groups make together. */
  get groupSizes(): number {
    return this.#groupSizes;
  }

  get groups(): JournaledMap<number, StoredSelectorGroup> {
    return this.#groups;
  }
  /** Without a value, the group is removed. */
  setGroup(id: number, group: StoredSelectorGroup | undefined): void {
    const before = this.#groups.get(id);
    for (const { member } of before?.members ?? []) this.#count({ member }, fromGroups, -1);
    for (const { member } of group?.members ?? []) this.#count({ member }, fromGroups, 1);
    const sizes = this.#groupSizes;
    this.#journal.add(() => {
      this.#groupSizes = sizes;
    });
    this.#groupSizes += sizeOf(group?.members ?? [], this.#sizeIn) - sizeOf(before?.members ?? [], this.#sizeIn);
    if (group) this.#groups.set(id, group);
    else this.#groups.delete(id);
  }

  /** Makes a group of these members. */
  hide(places: readonly Omit<GroupMember, 'member'>[]): HiddenGroup {
    const group = ++this.#lastHidden;
    const members = places.map(({ weight, watchPort }) => ({
      member: ++this.#lastHidden,
      weight,
      ...(watchPort === undefined ? {} : { watchPort }),
    }));
    this.#changeHidden(members, 1);
    return { group, members };
  }
  unhide({ members }: HiddenGroup): void {
    this.#changeHidden(members, -1);
  }

  /** An entry refers to a member or group, or no longer does. */
  retain(reference: Reference): void {
    this.#count(reference, fromEntries, 1);
  }
  release(reference: Reference): void {
    this.#count(reference, fromEntries, -1);
  }
  isInEntries(reference: Reference): boolean {
    return this.#references.has(text(reference, fromEntries));
  }
  isInGroups(member: number): boolean {
    return this.#references.has(text({ member }, fromGroups));
  }

  #count(reference: Reference, where: string, by: number): void {
    const key = text(reference, where);
    const count = (this.#references.get(key) ?? 0) + by;
    if (count > 0) this.#references.set(key, count);
    else this.#references.delete(key);
  }

  #changeHidden(members: readonly GroupMember[], sign: 1 | -1): void {
    this.#countHidden(members, sign);
    this.#journal.add(() => this.#countHidden(members, sign === 1 ? -1 : 1));
  }

  #countHidden(members: readonly GroupMember[], sign: 1 | -1): void {
    this.#hiddenGroups += sign;
    this.#hiddenMembers += sign * members.length;
    this.#groupSizes += sign * members.length;
  }
}

const fromEntries = 'in entries';
const fromGroups = 'in groups';
const text = (reference: Reference, where: string): string =>
  'member' in reference ? `member ${reference.member} ${where}` : `group ${reference.group} ${where}`;
