/**
 * References between entries, as SONiC PINS has them. They hold after each batch: the order of its updates does not matter.
 * What an entry refers to by its keys and its action to one table is one entry of that table; each action of a one-shot set and
 * each replica of a multicast group refers by itself.
 */
import type { References as Declared, Reference } from '../../compiler/control/constraints/references.js';
import { multicastGroups } from '../../compiler/control/constraints/references.js';
import type { ValueForm } from '../../compiler/control/data.js';
import type { FieldForm, ProfileSchema } from '../../compiler/control/schema.js';
import { fromBytes } from '../../compiler/support/bits.js';
import { fromHex, fromUtf8, toHex } from '../../compiler/support/bytes.js';
import { formatValue } from '../../compiler/support/values.js';
import type { ActionValue } from '../data-plane/messages.js';
import { encodeBits } from '../p4runtime/bytestrings.js';
import { describeEntry } from './match.js';
import { type Refusal, refusal } from './refusals.js';
import type { Schema, TableSchema } from './schema.js';
import type { StoredAction, StoredEntry, StoredReplicas } from './store.js';
import { encodeValue } from './translation.js';

/** What refers, or is referred to. */
export type Holder =
  | { readonly kind: 'entry'; readonly table: TableSchema; readonly entry: StoredEntry }
  | { readonly kind: 'default'; readonly table: TableSchema; readonly action: ActionValue }
  | { readonly kind: 'member'; readonly profile: ProfileSchema; readonly member: number; readonly action: ActionValue }
  | { readonly kind: 'group'; readonly group: number; readonly replicas: StoredReplicas };

/** A holder came, went or became another. */
export interface Change {
  readonly before?: Holder;
  readonly after?: Holder;
}

/** Keys by which entries of one table are referred to together. */
interface Target {
  readonly to: number;
  readonly keys: readonly number[];
  /** How many entries have these values, and how many references are to them. */
  readonly had: Map<string, number>;
  readonly wanted: Map<string, number>;
  /** What refers, for messages. */
  readonly sources: Set<string>;
}
/** A reference of a holder: to the entries of the target with these values, as the control plane has them. */
interface Wanted {
  readonly target: Target;
  readonly values: string;
}
/** What a batch changes for the values of a target. */
interface Delta {
  had: number;
  wanted: number;
  /** The updates that take an entry with the values away, and those that refer to it. */
  readonly removers: Map<number, Holder>;
  readonly referrers: Map<number, Holder>;
}

export interface Verdict {
  /** By the place of the update. */
  readonly refused: ReadonlyMap<number, Refusal>;
  /** The batch is written. */
  accept(): void;
}

export class References {
  readonly #schema: Schema;
  readonly #declared: Declared;
  readonly #entries: (table: TableSchema) => Iterable<StoredEntry>;
  readonly #groups: () => Iterable<number>;
  readonly #targets = new Map<string, Target>();
  /** Those that the batch which is checked is the first to refer by: their entries are counted with what the batch writes. */
  readonly #newTargets = new Map<string, Target>();

  /** Counts what the program declares, whether there is what it refers to or not. */
  constructor(
    schema: Schema,
    declared: Declared,
    { entries, groups }: { readonly entries: (table: TableSchema) => Iterable<StoredEntry>; readonly groups: () => Iterable<number> },
  ) {
    this.#schema = schema;
    this.#declared = declared;
    this.#entries = entries;
    this.#groups = groups;
    for (const table of schema.tables.values()) {
      for (const entry of entries(table)) {
        for (const { target, values } of this.#wantedBy({ kind: 'entry', table, entry })) count(target.wanted, values, 1);
      }
    }
    this.#keepNewTargets();
  }

  /** Of a batch that is in the store, by its updates. The batch without those that are refused may have others to refuse. */
  check(changes: readonly (readonly Change[])[]): Verdict {
    this.#newTargets.clear();
    const deltas = new Map<Target, Map<string, Delta>>();
    const delta = (target: Target, values: string): Delta => {
      const ofTarget = deltas.get(target) ?? new Map<string, Delta>();
      deltas.set(target, ofTarget);
      const found = ofTarget.get(values) ?? { had: 0, wanted: 0, removers: new Map(), referrers: new Map() };
      ofTarget.set(values, found);
      return found;
    };
    for (const [i, ofUpdate] of changes.entries()) {
      for (const { before, after } of ofUpdate) {
        for (const { target, values } of before ? this.#wantedBy(before) : []) delta(target, values).wanted--;
        for (const { target, values } of after ? this.#wantedBy(after) : []) {
          const one = delta(target, values);
          one.wanted++;
          if (after) one.referrers.set(i, after);
        }
      }
    }
    for (const [i, ofUpdate] of changes.entries()) {
      for (const { before, after } of ofUpdate) {
        const [lost, gained] = [new Map(this.#givenBy(before)), new Map(this.#givenBy(after))];
        for (const [target, values] of lost) {
          if (gained.get(target) === values) continue;
          const one = delta(target, values);
          one.had--;
          if (before) one.removers.set(i, before);
        }
        for (const [target, values] of gained) if (lost.get(target) !== values) delta(target, values).had++;
      }
    }
    return {
      refused: this.#refused(deltas),
      accept: () => {
        for (const [target, ofTarget] of deltas) {
          for (const [values, { had, wanted }] of ofTarget) {
            if (!this.#isNew(target)) count(target.had, values, had);
            count(target.wanted, values, wanted);
          }
        }
        this.#keepNewTargets();
      },
    };
  }

  #isNew(target: Target): boolean {
    return this.#newTargets.has(signatureOf(target));
  }

  #keepNewTargets(): void {
    for (const [signature, target] of this.#newTargets) this.#targets.set(signature, target);
    this.#newTargets.clear();
  }

  /**
   * Those that refer to what nothing of the batch could keep; where there are none, those that take away what others refer to.
   * So nothing stays for the sake of an entry that is refused itself.
   */
  #refused(deltas: ReadonlyMap<Target, ReadonlyMap<string, Delta>>): ReadonlyMap<number, Refusal> {
    const missing = new Map<number, Refusal>();
    const inUse = new Map<number, Refusal>();
    for (const [target, ofTarget] of deltas) {
      for (const [values, { had, wanted, removers, referrers }] of ofTarget) {
        const has = (target.had.get(values) ?? 0) + (this.#isNew(target) ? 0 : had);
        if (has > 0 || (target.wanted.get(values) ?? 0) + wanted <= 0) continue;
        const by = [...target.sources];
        for (const [i, holder] of removers) inUse.set(i, refusal('referred-to', { at: this.#shown(holder), by }));
        if (removers.size > 0) continue;
        const what = this.#shownTarget(target, values);
        for (const [i, holder] of referrers) missing.set(i, refusal('reference-missing', { at: this.#shown(holder), what }));
      }
    }
    return missing.size > 0 ? missing : inUse;
  }

  // ── what a holder refers to ──

  #wantedBy(holder: Holder): readonly Wanted[] {
    const { ofKeys, ofParams, ofReplicas } = this.#declared;
    const ofCall = ({ name, args }: ActionValue): Fields => {
      const action = this.#schema.actions.named(name);
      const params = action?.params ?? [];
      return fieldsOf(ofParams.get(action?.id ?? 0), (i) => textOf(args[i], params[i]));
    };
    const source = sourceOf(holder);
    const all = (fields: readonly Fields[]): Wanted[] => fields.flatMap((one) => this.#wanted(one, source));
    switch (holder.kind) {
      case 'entry': {
        const { table, entry } = holder;
        const own = fieldsOf(ofKeys.get(table.id), (i) => textOfMatch(entry, i, table));
        const calls = callsOf(entry.action).map(ofCall);
        return all(calls.length > 0 ? calls.map((call) => joined(own, call)) : [own]);
      }
      case 'default':
      case 'member':
        return all([ofCall(holder.action)]);
      case 'group': {
        const replicas = holder.replicas.flatMap(({ backups = [], ...replica }) => [replica, ...backups]);
        return all(replicas.map((replica) => fieldsOf(ofReplicas, (part) => toHex(encodeBits(BigInt(replica[part]))))));
      }
    }
  }

  #wanted(fields: Fields, source: string): Wanted[] {
    return [...fields].map(([to, values]) => {
      const sorted = [...new Map(values.map((one) => [one.join(' '), one])).values()].sort(([a], [b]) => a - b);
      const target = this.#target(
        to,
        sorted.map(([key]) => key),
      );
      target.sources.add(source);
      return { target, values: sorted.map(([, value]) => value).join(' ') };
    });
  }

  #target(to: number, keys: readonly number[]): Target {
    const signature = signatureOf({ to, keys });
    const found = this.#targets.get(signature) ?? this.#newTargets.get(signature);
    if (found) return found;
    const target: Target = { to, keys, had: new Map(), wanted: new Map(), sources: new Set() };
    this.#newTargets.set(signature, target);
    const table = this.#schema.tables.get(to);
    if (table) for (const entry of this.#entries(table)) count(target.had, givenFor(target, table, entry), 1);
    else for (const group of this.#groups()) count(target.had, toHex(encodeBits(BigInt(group))), 1);
    return target;
  }

  // ── what a holder is for those that refer to it ──

  #givenBy(holder: Holder | undefined): (readonly [Target, string])[] {
    if (holder?.kind === 'entry') {
      const { table, entry } = holder;
      return this.#targetsOf(table.id).map((target) => [target, givenFor(target, table, entry)]);
    }
    if (holder?.kind !== 'group') return [];
    return this.#targetsOf(multicastGroups).map((target) => [target, toHex(encodeBits(BigInt(holder.group)))]);
  }

  #targetsOf(to: number): Target[] {
    return [...this.#targets.values(), ...this.#newTargets.values()].filter((target) => target.to === to);
  }

  // ── messages ──

  #shown(holder: Holder): string {
    switch (holder.kind) {
      case 'entry':
        return `table ${holder.table.name}, entry ${describeEntry(holder.table, holder.entry)}`;
      case 'default':
        return `table ${holder.table.name}, default action`;
      case 'member':
        return `action profile ${holder.profile.name}, member ${holder.member}`;
      case 'group':
        return `multicast group ${holder.group}`;
    }
  }

  #shownTarget({ to, keys }: Target, values: string): string {
    const each = values.split(' ').map(fromHex);
    const table = this.#schema.tables.get(to);
    if (!table) return `multicast group ${fromBytes(each[0] ?? new Uint8Array())}`;
    const shown = keys.map((key, i) => {
      const form = table.keys[key] as FieldForm;
      const bytes = each[i] ?? new Uint8Array();
      return `${form.name}=${form.texts ? `"${fromUtf8(bytes)}"` : formatValue(fromBytes(bytes), form.format)}`;
    });
    return `an entry of table ${table.name} with ${shown.join(', ')}`;
  }
}

const signatureOf = ({ to, keys }: Pick<Target, 'to' | 'keys'>): string => `${to} ${keys.join(' ')}`;

const sourceOf = (holder: Holder): string =>
  holder.kind === 'group'
    ? 'multicast groups'
    : holder.kind === 'member'
      ? `members of ${holder.profile.name}`
      : `entries of ${holder.table.name}`;

/** Values for keys, by what has the keys. */
type Fields = ReadonlyMap<number, readonly (readonly [key: number, value: string])[]>;

/** A key that is left out refers to nothing. */
const fieldsOf = <From>(references: readonly Reference<From>[] = [], text: (from: From) => string | undefined): Fields =>
  new Map(
    references.flatMap(({ to, fields }) => {
      const values = fields.flatMap((field) => {
        const value = text(field.from);
        return value === undefined ? [] : [[field.to, value] as const];
      });
      return values.length > 0 ? [[to, values] as const] : [];
    }),
  );

const joined = (a: Fields, b: Fields): Fields =>
  new Map([...new Set([...a.keys(), ...b.keys()])].map((to) => [to, [...(a.get(to) ?? []), ...(b.get(to) ?? [])]]));

const callsOf = (action: StoredAction): readonly ActionValue[] =>
  'name' in action ? [action] : 'set' in action ? action.set.map((one) => one.action) : [];

/** The bytes that a controller has for the value. */
const textOf = (value: bigint | undefined, form: ValueForm | undefined): string | undefined =>
  value === undefined || !form ? undefined : toHex(encodeValue(value, form));

function textOfMatch({ matches }: StoredEntry, index: number, { keys }: TableSchema): string | undefined {
  const match = matches[index];
  return match?.kind === 'exact' || match?.kind === 'optional' ? textOf(match.value, keys[index]) : undefined;
}

const givenFor = ({ keys }: Target, table: TableSchema, entry: StoredEntry): string =>
  keys.map((key) => textOfMatch(entry, key, table)).join(' ');

function count(counts: Map<string, number>, values: string, by: number): void {
  const now = (counts.get(values) ?? 0) + by;
  if (now === 0) counts.delete(values);
  else counts.set(values, now);
}
