/** Tells the primary of entries that had no hit for as long as their timeout (P4Runtime, "Table Idle Timeout Notification"). */

import type { DataPlane, EntryKey } from '../data-plane/messages.js';
import type { IdleTimeoutNotification } from '../p4runtime/messages.js';
import type { Clock } from './clock.js';
import type { Expiring } from './expiring-entries.js';
import type { Lock } from './lock.js';
import { encodeKey } from './match.js';
import type { TableSchema } from './schema.js';
import { encodeCookies, type Store } from './store.js';

export interface IdleTimeoutContext {
  readonly clock: Clock;
  readonly store: Store;
  readonly dataPlane: DataPlane;
  /** Entries are not written meanwhile. */
  readonly lock: Lock;
  notify(table: number, notification: IdleTimeoutNotification): void;
}

/** Entries are looked at in steps of 10 ms, so that a notification comes so much later at most. */
const stepNs = 10_000_000n;
const entriesPerNotification = 1000;

export class IdleTimeouts {
  readonly #context: IdleTimeoutContext;
  #next: { readonly timeNs: bigint; readonly cancel: () => void } | undefined;
  #stopped = false;

  constructor(context: IdleTimeoutContext) {
    this.#context = context;
  }

  /** To be called after writes. */
  schedule(): void {
    if (this.#stopped) return;
    const { clock, store } = this.#context;
    const due = store.expiring.earliestNs;
    const timeNs = due === undefined ? undefined : ((due + stepNs - 1n) / stepNs) * stepNs;
    if (timeNs === this.#next?.timeNs) return;
    this.#next?.cancel();
    this.#next = timeNs === undefined ? undefined : { timeNs, cancel: clock.at(timeNs, () => this.#sweep()) };
  }

  stop(): void {
    this.#stopped = true;
    this.#next?.cancel();
  }

  async #sweep(): Promise<void> {
    this.#next = undefined;
    await this.#context.lock.run(async () => {
      if (this.#stopped) return;
      const { clock, store } = this.#context;
      const now = clock.now();
      for (const [table, entries] of store.expiring.due(now)) await this.#check(table, entries, now);
      store.expiring.refresh();
      this.schedule();
    });
  }

  async #check(table: TableSchema, entries: readonly Expiring[], now: bigint): Promise<void> {
    const { dataPlane, clock, notify } = this.#context;
    const idle = await idleTimes(
      dataPlane,
      table,
      entries.map((e) => e.entry),
      now,
    );
    const expired = entries.filter((expiring, i) => {
      const { idleTimeoutNs } = expiring.entry;
      const time = idle[i] ?? 0n;
      const isExpired = time >= idleTimeoutNs;
      // Unless it is hit, the next notification comes after another timeout.
      expiring.dueNs = (isExpired ? now : now - time) + idleTimeoutNs;
      return isExpired;
    });
    for (let i = 0; i < expired.length; i += entriesPerNotification) {
      const table_entry = expired
        .slice(i, i + entriesPerNotification)
        .map(({ entry }) => ({ ...encodeKey(table, entry), idle_timeout_ns: entry.idleTimeoutNs, ...encodeCookies(entry) }));
      notify(table.id, { table_entry, timestamp: clock.epochNs + now });
    }
  }
}

/** Nanoseconds since each entry was hit or written. */
export async function idleTimes(
  dataPlane: DataPlane,
  table: TableSchema,
  entries: readonly EntryKey[],
  nowNs: bigint,
): Promise<readonly bigint[]> {
  const keys = entries.map(({ matches, priority }) => ({ matches, priority }));
  return dataPlane.request('read-idle', { table: table.name, entries: keys, nowNs });
}
