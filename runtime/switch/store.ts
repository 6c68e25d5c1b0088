/** What the control plane has written: entries by table, default actions and multicast groups. Counters are the data plane's. */

import { keyText } from './match.js';
import type { ActionValue, EntryKey, Replica } from './messages.js';
import type { Schema, TableSchema } from './schema.js';

/** What the client keeps with an entry and gets back when it reads it. */
export interface Cookies {
  readonly metadata?: Uint8Array;
  readonly controllerMetadata?: bigint;
}
export interface StoredEntry extends EntryKey, Cookies {
  readonly action: ActionValue;
  readonly isConst: boolean;
}
export interface StoredDefault extends Cookies {
  readonly action: ActionValue;
}
export interface StoredGroup {
  readonly replicas: readonly (Replica & { readonly deprecatedPort: boolean })[];
  readonly metadata?: Uint8Array;
}

export class Store {
  readonly #tables: ReadonlyMap<number, Map<string, StoredEntry>>;
  readonly #defaults = new Map<number, StoredDefault>();
  readonly groups = new Map<number, StoredGroup>();

  /** Holds the entries that the program declares. */
  constructor(schema: Schema) {
    this.#tables = new Map(
      [...schema.tables.values()].map((table) => [table.id, new Map(table.initialEntries.map((e) => [keyText(e), e] as const))]),
    );
  }

  entries(table: TableSchema): Iterable<StoredEntry> {
    return this.#entries(table).values();
  }
  count(table: TableSchema): number {
    return this.#entries(table).size;
  }
  find(table: TableSchema, key: EntryKey): StoredEntry | undefined {
    return this.#entries(table).get(keyText(key));
  }
  put(table: TableSchema, entry: StoredEntry): void {
    this.#entries(table).set(keyText(entry), entry);
  }
  remove(table: TableSchema, key: EntryKey): void {
    this.#entries(table).delete(keyText(key));
  }

  /** The default action now: written, or as the program declares it. */
  defaultAction(table: TableSchema): StoredDefault | undefined {
    return this.#defaults.get(table.id) ?? (table.initialDefault && { action: table.initialDefault });
  }
  /** Without a value: back to what the program declares. */
  setDefaultAction(table: TableSchema, value: StoredDefault | undefined): void {
    if (value) this.#defaults.set(table.id, value);
    else this.#defaults.delete(table.id);
  }

  #entries(table: TableSchema): Map<string, StoredEntry> {
    return this.#tables.get(table.id) as Map<string, StoredEntry>;
  }
}
