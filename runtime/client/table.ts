/** A table of a switch, typed by the pipeline that declares it. */
import type { TableSchema } from '../../compiler/control/schema.js';
import type { ActionCall, Entry, EntryKey, Impl } from '../../compiler/dsl/surface.js';
import { captureLocation, type Loc } from '../../compiler/support/location.js';
import type { Entity, TableEntry } from '../p4runtime/messages.js';
import { keyOf } from './difference.js';
import {
  decodeAction,
  decodeEntry,
  describeKey,
  type EntryInput,
  encodeDefault,
  encodeEntry,
  encodeKey,
  type ReadAction,
  type ReadEntry,
} from './entry.js';
import { firstOf, type Requests } from './requests.js';
import { takes } from './signatures.js';
import type { EntryOptions, EntryRead } from './types.js';

/**
 * A mistake in an argument throws a DiagnosticError with the place of the call, before anything is sent. An error of the
 * switch throws a P4RuntimeError with each entry that was refused; the other entries of the call are written.
 */
export interface TableHandle<K, A extends string, I extends Impl> {
  /**
   * Adds entries: `match` has the table's keys, `action` is one of its actions called with its arguments.
   * @throws P4RuntimeError ALREADY_EXISTS, RESOURCE_EXHAUSTED for a full table
   */
  insert(...entries: (Entry<K, A, I> & EntryOptions)[]): Promise<void>;
  /** Replaces the action, meter and timeout of existing entries; their counters keep their values. */
  modify(...entries: (Entry<K, A, I> & EntryOptions)[]): Promise<void>;
  /** Removes the entries with these matches and priorities. */
  delete(...entries: EntryKey<K>[]): Promise<void>;
  /** The entry with this match and priority; undefined when there is none. */
  get(key: EntryKey<K>): Promise<EntryRead<K, A, I> | undefined>;
  /** All entries, in no particular order. */
  entries(): AsyncIterable<EntryRead<K, A, I>>;
  /** Sets the default action, which runs on a miss; without an action, restores that of the pipeline. */
  setDefault(action?: ActionCall<A>): Promise<void>;
  /** The default action, which runs on a miss. */
  getDefault(): Promise<ReadAction>;
}

/** As `TableHandle`, without the types of a pipeline. */
export interface TableByName {
  insert(...entries: EntryInput[]): Promise<void>;
  modify(...entries: EntryInput[]): Promise<void>;
  delete(...entries: EntryInput[]): Promise<void>;
  get(key: EntryInput): Promise<ReadEntry | undefined>;
  entries(): AsyncIterable<ReadEntry>;
  setDefault(action?: unknown): Promise<void>;
  getDefault(): Promise<ReadAction>;
}

export function tableHandle(table: TableSchema, requests: Requests): TableByName {
  const verbs = { INSERT: 'insert into', MODIFY: 'modify in', DELETE: 'delete from' } as const;

  async function write(type: keyof typeof verbs, inputs: readonly EntryInput[], loc: Loc): Promise<void> {
    const encode = type === 'DELETE' ? encodeKey : encodeEntry;
    const updates = inputs.map((input) => requests.pack({ type, entity: { table_entry: encode(table, input, loc) } }));
    await requests.writeAll(updates, (i) => `${verbs[type]} table ${table.name}: ${describeKey(inputs[i] as EntryInput)}`);
  }

  const read = (filter: TableEntry): AsyncGenerator<Entity> =>
    requests.read(`read table ${table.name}`, { table_entry: { table_id: table.id, ...filter } });
  /** In a filter: what belongs to an entry is read with it. */
  const withDirect = { ...(table.hasCounter ? { counter_data: {} } : {}), ...(table.meter ? { meter_config: {} } : {}) };

  return {
    insert: async (...entries) => {
      takes.insert([entries]);
      await write('INSERT', entries, captureLocation());
    },
    modify: async (...entries) => {
      takes.modify([entries]);
      await write('MODIFY', entries, captureLocation());
    },
    delete: async (...entries) => {
      takes.delete([entries]);
      await write('DELETE', entries, captureLocation());
    },
    get: async (key) => {
      takes.get([key]);
      const asked = encodeKey(table, key, captureLocation());
      const found = await firstOf(sameKey({ table_entry: asked }, read({ ...asked, ...withDirect })));
      return found?.table_entry && decodeEntry(table, found.table_entry);
    },
    entries: async function* () {
      for await (const { table_entry: entry } of read(withDirect)) if (entry) yield decodeEntry(table, entry);
    },
    setDefault: async (action) => {
      const entity = { table_entry: encodeDefault(table, action, captureLocation()) };
      await requests.write(`default action of table ${table.name}`, { type: 'MODIFY', entity });
    },
    getDefault: async () => {
      for await (const { table_entry: entry } of read({ is_default_action: true })) return decodeAction(table, entry?.action?.action);
      return { call: 'NoAction', args: {} };
    },
  };
}

/** A filter without a match lets all entries through, and BMv2's server does not look at its priority. */
async function* sameKey(asked: Entity, found: AsyncIterable<Entity>): AsyncGenerator<Entity> {
  const key = keyOf(asked);
  for await (const entity of found) if (keyOf(entity) === key) yield entity;
}
