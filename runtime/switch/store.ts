/** What the control plane has written. Counters, registers and the state of meters are the data plane's. */

import type { MatchValue } from '../../compiler/control/match.js';
import type { SizeUnit } from '../../compiler/control/schema.js';
import type { ActionValue, EntryAction, EntryKey, MeterConfig, Replica } from '../data-plane/messages.js';
import type { ActionSelectionMode, SizeSemantics, TableEntry } from '../p4runtime/messages.js';
import { ExpiringEntries } from './expiring-entries.js';
import { type DecodedKey, type KeyId, keyId } from './match.js';
import { type HiddenGroup, ProfileStore, type WatchedMember } from './profile-store.js';
import { type Change, type Holder, References } from './references.js';
import type { Schema, TableSchema } from './schema.js';
import { Journal, JournaledMap, type Watcher } from './undo.js';

/** What the client keeps with an entry and gets back when it reads it. */
export interface Cookies {
  readonly metadata?: Uint8Array;
  readonly controllerMetadata?: bigint;
}
export const encodeCookies = (stored: Cookies): Pick<TableEntry, 'metadata' | 'controller_metadata'> => ({
  ...(stored.controllerMetadata ? { controller_metadata: stored.controllerMetadata } : {}),
  ...(stored.metadata ? { metadata: stored.metadata } : {}),
});
/** Actions with weights that came with their entry, and the group that they became. */
export interface OneShot {
  readonly set: readonly (Omit<WatchedMember, 'member'> & { readonly action: ActionValue })[];
  readonly sizeIn: SizeUnit;
  readonly mode?: ActionSelectionMode;
  readonly semantics?: SizeSemantics;
  readonly hidden: HiddenGroup;
}
export type StoredAction = EntryAction | OneShot;
export interface StoredEntry extends EntryKey, Cookies {
  readonly action: StoredAction;
  readonly isConst: boolean;
  readonly meter?: MeterConfig;
  readonly idleTimeoutNs?: bigint;
  /** When, by the switch's clock. */
  readonly writtenNs: bigint;
}
export interface StoredDefault extends Cookies {
  readonly action: ActionValue;
}
export type StoredReplicas = readonly (Replica & { readonly deprecatedPort: boolean })[];
export interface StoredGroup {
  readonly replicas: StoredReplicas;
  readonly metadata?: Uint8Array;
}
export interface StoredSession {
  readonly replicas: StoredReplicas;
  /** 0: copies are not cut. */
  readonly truncateBytes: number;
  readonly classOfService: number;
}

export class Store {
  /** Of all changes. */
  readonly journal = new Journal();
  /** Of what may refer or be referred to, since `forget`. */
  readonly changes: Change[] = [];
  /** Where the pipeline has any. */
  readonly references: References | undefined;
  readonly #tables: ReadonlyMap<number, JournaledMap<KeyId, StoredEntry>>;
  readonly #defaults: JournaledMap<number, StoredDefault>;
  readonly #defaultMeters = new JournaledMap<number, MeterConfig>(this.journal);
  readonly #profiles: ReadonlyMap<number, ProfileStore>;
  readonly #meters: ReadonlyMap<number, JournaledMap<number, MeterConfig>>;
  readonly expiring = new ExpiringEntries(this.journal);
  readonly groups: JournaledMap<number, StoredGroup>;
  readonly sessions = new JournaledMap<number, StoredSession>(this.journal);
  /** By the id of the value set. */
  readonly valueSets = new JournaledMap<number, readonly (readonly MatchValue[])[]>(this.journal);

  /** Holds the entries that the program declares. */
  constructor(schema: Schema, nowNs: bigint) {
    const { references, tables } = schema;
    const watching = <K, V>(holder: (key: K, value: V) => Holder): Watcher<K, V> | undefined => references && this.#watch(holder);
    this.#tables = new Map(
      [...tables.values()].map((table) => [
        table.id,
        new JournaledMap<KeyId, StoredEntry>(
          this.journal,
          table.declaredEntries.map((entry) => [keyId(entry), { ...entry, writtenNs: nowNs }] as const),
          watching((_, entry) => ({ kind: 'entry', table, entry })),
        ),
      ]),
    );
    this.#defaults = new JournaledMap<number, StoredDefault>(
      this.journal,
      [],
      watching((id, { action }) => ({ kind: 'default', table: tables.get(id) as TableSchema, action })),
    );
    this.groups = new JournaledMap<number, StoredGroup>(
      this.journal,
      [],
      watching((group, { replicas }) => ({ kind: 'group', group, replicas })),
    );
    this.#profiles = new Map(
      [...schema.profiles.values()].map((profile) => [
        profile.id,
        new ProfileStore(
          this.journal,
          profile.sizeIn,
          watching((member, action) => ({ kind: 'member', profile, member, action })),
        ),
      ]),
    );
    const held = { entries: (table: TableSchema) => this.entries(table), groups: () => this.groups.keys() };
    this.references = references && new References(schema, references, held);
    this.#meters = new Map([...schema.meters.keys()].map((id) => [id, new JournaledMap(this.journal)]));
  }

  #watch<K, V>(holder: (key: K, value: V) => Holder): Watcher<K, V> {
    return (key, before, after) => {
      this.changes.push({
        ...(before === undefined ? {} : { before: holder(key, before) }),
        ...(after === undefined ? {} : { after: holder(key, after) }),
      });
      this.journal.add(() => this.changes.pop());
    };
  }

  /** What was written stays. */
  forget(): void {
    this.journal.forget();
    this.changes.length = 0;
  }

  entries(table: TableSchema): Iterable<StoredEntry> {
    return this.#entries(table).values();
  }
  count(table: TableSchema): number {
    return this.#entries(table).size;
  }
  find(table: TableSchema, { id }: DecodedKey): StoredEntry | undefined {
    return this.#entries(table).get(id);
  }
  /** An entry that is new. */
  insert(table: TableSchema, { id }: DecodedKey, entry: StoredEntry): void {
    if (table.profile && isReference(entry.action)) this.profile(table.profile.id).retain(entry.action);
    this.#entries(table).add(id, entry);
    this.#expire(table, id, entry);
  }
  replace(table: TableSchema, { id }: DecodedKey, entry: StoredEntry): void {
    const entries = this.#entries(table);
    if (table.profile) {
      const profile = this.profile(table.profile.id);
      const before = entries.get(id);
      if (isReference(entry.action)) profile.retain(entry.action);
      if (before && isReference(before.action)) profile.release(before.action);
    }
    entries.set(id, entry);
    this.#expire(table, id, entry);
  }
  #expire(table: TableSchema, id: KeyId, entry: StoredEntry): void {
    if (!table.hasIdleTimeout) return;
    const { idleTimeoutNs } = entry;
    if (idleTimeoutNs === undefined) this.expiring.delete(`${table.id} ${id}`);
    else this.expiring.set(`${table.id} ${id}`, table, { ...entry, idleTimeoutNs });
  }
  remove(table: TableSchema, { id }: DecodedKey): void {
    const entries = this.#entries(table);
    const before = entries.get(id);
    if (table.profile && before && isReference(before.action)) this.profile(table.profile.id).release(before.action);
    entries.delete(id);
    if (table.hasIdleTimeout) this.expiring.delete(`${table.id} ${id}`);
  }

  /** As a client wrote it; undefined where it is the program's. */
  writtenDefault(table: TableSchema): StoredDefault | undefined {
    return this.#defaults.get(table.id);
  }
  /** The default action now: written, or as the program declares it. */
  defaultAction(table: TableSchema): StoredDefault {
    return this.#defaults.get(table.id) ?? { action: table.declaredDefault };
  }
  /** Without a value: back to what the program declares. */
  setDefaultAction(table: TableSchema, value: StoredDefault | undefined): void {
    if (value) this.#defaults.set(table.id, value);
    else this.#defaults.delete(table.id);
  }

  /** What the direct meter of the default entry is configured with. */
  defaultMeter(table: TableSchema): MeterConfig | undefined {
    return this.#defaultMeters.get(table.id);
  }
  /** Of an entry that is there, or of the default entry. */
  setDirectMeter(table: TableSchema, owner: DecodedKey | 'default', config: MeterConfig | undefined): void {
    if (owner !== 'default') {
      const { meter: _, ...rest } = this.find(table, owner) as StoredEntry;
      this.replace(table, owner, config ? { ...rest, meter: config } : rest);
    } else if (config) this.#defaultMeters.set(table.id, config);
    else this.#defaultMeters.delete(table.id);
  }

  profile(id: number): ProfileStore {
    return this.#profiles.get(id) as ProfileStore;
  }

  /** The configured cells of a meter. */
  meter(id: number): JournaledMap<number, MeterConfig> {
    return this.#meters.get(id) as JournaledMap<number, MeterConfig>;
  }

  #entries(table: TableSchema): JournaledMap<KeyId, StoredEntry> {
    return this.#tables.get(table.id) as JournaledMap<KeyId, StoredEntry>;
  }
}

const isReference = (action: StoredAction): action is { member: number } | { group: number } => 'member' in action || 'group' in action;
