/** A table of a switch, typed by the pipeline that declares it. */
import type { ActionCall, Entry, EntryKey, Impl } from '../../compiler/dsl/surface.js';
import { captureLocation, type Loc } from '../../compiler/support/location.js';
import type { Entity, TableEntry } from '../p4runtime/messages.js';
import { decodeAction, decodeEntry, describeKey, type EntryInput, encodeCall, encodeEntry, encodeKey, type ReadAction } from './entry.js';
import type { ClientTable } from './names.js';
import type { Requests } from './requests.js';
import { takes } from './signatures.js';
import type { EntryOptions, EntryRead } from './types.js';

/**
 * Mistakes that can be seen here throw a DiagnosticError with the place of the call, before anything is sent. What the
 * switch refuses throws a P4RuntimeError with each entry that it concerns; the other entries of the call are written.
 */
export interface TableHandle<K, A extends string, I extends Impl> {
  /**
   * Adds entries: `match` has the table's keys, `action` is one of its actions called with its arguments.
   * @throws P4RuntimeError ALREADY_EXISTS, RESOURCE_EXHAUSTED for a full table
   */
  insert(...entries: (Entry<K, A, I> & EntryOptions)[]): Promise<void>;
  /** Gives entries that exist another action, meter and timeout; their counters go on. */
  modify(...entries: (Entry<K, A, I> & EntryOptions)[]): Promise<void>;
  /** Removes the entries with these matches and priorities. */
  delete(...entries: EntryKey<K>[]): Promise<void>;
  /** All entries, in no particular order. */
  entries(): AsyncIterable<EntryRead<K, A, I>>;
  /** What runs on a miss; without an action, what the pipeline declares. */
  setDefault(action?: ActionCall<A>): Promise<void>;
  /** What runs on a miss. */
  getDefault(): Promise<ReadAction>;
}

export function tableHandle<K, A extends string, I extends Impl>(table: ClientTable, requests: Requests): TableHandle<K, A, I> {
  const verbs = { INSERT: 'insert into', MODIFY: 'modify in', DELETE: 'delete from' } as const;

  async function write(type: keyof typeof verbs, inputs: readonly EntryInput[], loc: Loc): Promise<void> {
    const encode = type === 'DELETE' ? encodeKey : encodeEntry;
    const updates = inputs.map((input) => requests.pack({ type, entity: { table_entry: encode(table, input, loc) } }));
    await requests.writeAll(updates, (i) => `${verbs[type]} table ${table.path}: ${describeKey(inputs[i] as EntryInput)}`);
  }

  const read = (filter: TableEntry): AsyncGenerator<Entity> =>
    requests.read(`read table ${table.path}`, { table_entry: { table_id: table.id, ...filter } });

  return {
    insert: async (...entries) => {
      takes.insert([entries]);
      await write('INSERT', entries as readonly EntryInput[], captureLocation());
    },
    modify: async (...entries) => {
      takes.modify([entries]);
      await write('MODIFY', entries as readonly EntryInput[], captureLocation());
    },
    delete: async (...entries) => {
      takes.delete([entries]);
      await write('DELETE', entries as readonly EntryInput[], captureLocation());
    },
    entries: async function* () {
      const filter = { ...(table.hasCounter ? { counter_data: {} } : {}), ...(table.hasMeter ? { meter_config: {} } : {}) };
      for await (const { table_entry: entry } of read(filter)) if (entry) yield decodeEntry(table, entry) as unknown as EntryRead<K, A, I>;
    },
    setDefault: async (action) => {
      const entry = { table_id: table.id, is_default_action: true };
      const at = `table ${table.path}`;
      const encoded = action !== undefined && { action: { action: encodeCall(table, action, at, captureLocation()) } };
      const entity = { table_entry: { ...entry, ...encoded } };
      await requests.write(`default action of ${at}`, { type: 'MODIFY', entity });
    },
    getDefault: async () => {
      for await (const { table_entry: entry } of read({ is_default_action: true }))
        return decodeAction(table.actions, entry?.action?.action);
      return { call: 'NoAction', args: {} };
    },
  };
}
