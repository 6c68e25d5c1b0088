/** The entries that have an idle timeout, and when the first of them may expire. */

import type { EntryKey } from '../data-plane/messages.js';
import type { TableSchema } from './schema.js';
import type { Cookies } from './store.js';
import { type Journal, JournaledMap } from './undo.js';

export interface ExpiringEntry extends EntryKey, Cookies {
  readonly idleTimeoutNs: bigint;
  readonly writtenNs: bigint;
}
export interface Expiring {
  readonly table: TableSchema;
  readonly entry: ExpiringEntry;
  /** Before then it has not expired. */
  dueNs: bigint;
}

export class ExpiringEntries {
  readonly #all: JournaledMap<string, Expiring>;
  /** No entry is due before; an entry that is gone may have been. */
  #earliestNs: bigint | undefined;

  constructor(journal: Journal) {
    this.#all = new JournaledMap(journal);
  }

  get earliestNs(): bigint | undefined {
    return this.#earliestNs;
  }

  set(key: string, table: TableSchema, entry: ExpiringEntry): void {
    const dueNs = entry.writtenNs + entry.idleTimeoutNs;
    this.#all.set(key, { table, entry, dueNs });
    if (this.#earliestNs === undefined || dueNs < this.#earliestNs) this.#earliestNs = dueNs;
  }

  delete(key: string): void {
    this.#all.delete(key);
  }

  /** Those that may have expired, by their tables. */
  due(nowNs: bigint): Map<TableSchema, Expiring[]> {
    const due = new Map<TableSchema, Expiring[]>();
    for (const expiring of this.#all.values()) {
      if (expiring.dueNs > nowNs) continue;
      const list = due.get(expiring.table);
      if (list) list.push(expiring);
      else due.set(expiring.table, [expiring]);
    }
    return due;
  }

  /** After the times of entries were changed. */
  refresh(): void {
    this.#earliestNs = undefined;
    for (const { dueNs } of this.#all.values()) {
      if (this.#earliestNs === undefined || dueNs < this.#earliestNs) this.#earliestNs = dueNs;
    }
  }
}
