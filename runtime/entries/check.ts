/** Looks up the names in a file of entries and reads its values. The result is input for the client, or diagnostics. */
import { plainForm, type ValueForm } from '../../compiler/control/data.js';
import { isRequired } from '../../compiler/control/match.js';
import { resolve, unknown, unknownOf } from '../../compiler/control/names.js';
import type { ActionSchema, ControlSchema, TableSchema } from '../../compiler/control/schema.js';
import { matchFromText, valueFromText } from '../../compiler/control/text.js';
import { callOf } from '../../compiler/dsl/handles.js';
import { oneShot } from '../../compiler/dsl/indirect-actions.js';
import type { ActionCall } from '../../compiler/dsl/surface.js';
import type { Diagnostics } from '../../compiler/support/diagnostics.js';
import type { Word } from '../../compiler/support/line-parser.js';
import type { Loc } from '../../compiler/support/location.js';
import type { Code, Params } from '../../compiler/support/messages.js';
import { nearest } from '../../compiler/support/suggest.js';
import { type EntryInput, encodeDefault, encodeEntry } from '../client/entry.js';
import { encodeReplicas } from '../client/replication.js';
import { toBits, toMatch, toWire } from '../client/values.js';
import type { Assignment, Call, Line } from './ast.js';
import type { LocatedEntity } from './entities.js';

const groupForm = plainForm(16);
const portForm = plainForm(9);
const priorityForm = plainForm(31);

export class Checker {
  readonly #schema: ControlSchema;
  readonly #diagnostics: Diagnostics;

  constructor(schema: ControlSchema, diagnostics: Diagnostics) {
    this.#schema = schema;
    this.#diagnostics = diagnostics;
  }

  /** Undefined after a mistake in the statement was reported. */
  statement(line: Line): LocatedEntity | undefined {
    if (line.kind === 'multicast') return this.#multicast(line.group, line.ports);
    const table = this.#diagnostics.attempt(() => this.#schema.tables.find(line.table.text, line.table.loc));
    if (!table) return undefined;
    const { loc } = line.table;
    if (line.kind === 'default') {
      const action = this.#action(line.action, table);
      return action && this.#diagnostics.attempt(() => ({ entity: { table_entry: encodeDefault(table, action, loc) }, loc }));
    }
    const given = line.fields.findLast(({ name }) => isPriority(name, table));
    // A key of that name stands before the priority.
    const keys = table.keys.some(({ name }) => name === 'priority') ? line.fields.filter((field) => field !== given) : line.fields;
    const match = this.#match(keys, table, loc);
    const priority = this.#priority(given, table, loc);
    const action = this.#action(line.action, table);
    const needsMember = table.profile && !table.profile.hasSelector;
    if (needsMember) this.#report('entries-profile', { table: table.name }, loc);
    if (!match || !priority || !action || needsMember) return undefined;
    // In a table with a selector, the action becomes a one-shot set of one.
    const run = table.profile ? oneShot([{ action }]) : action;
    return this.#diagnostics.attempt(() => ({
      entity: { table_entry: encodeEntry(table, { match, ...priority, action: run }, loc) },
      loc,
    }));
  }

  #multicast(group: Word, ports: readonly Word[]): LocatedEntity | undefined {
    const id = this.#value(group, groupForm, 'multicast group');
    const all = ports.map((port) => this.#value(port, portForm, 'port'));
    for (const [i, port] of ports.entries()) {
      if (all[i] !== undefined && all.indexOf(all[i]) < i) this.#report('entries-twice', { what: 'port', name: port.text }, port.loc);
    }
    if (id === undefined || all.includes(undefined) || new Set(all).size < all.length) return undefined;
    const replicas = encodeReplicas(all.map((port) => ({ port: Number(port) })));
    const multicast_group_entry = { multicast_group_id: Number(id), replicas };
    return { entity: { packet_replication_engine_entry: { multicast_group_entry } }, loc: group.loc };
  }

  #match(fields: readonly Assignment[], table: TableSchema, loc: Loc): Record<string, unknown> | undefined {
    const match: Record<string, unknown> = {};
    let good = this.#once(fields, 'key');
    const meant = new Set<string | undefined>();
    for (const { name, value } of fields) {
      const key = table.keys.find((k) => k.name === name.text);
      if (key) {
        const input = matchFromText(value.text, key);
        if (input === undefined) continue;
        good = this.#passes(() => toMatch(input, key, { at: `key ${key.name}`, loc: value.loc })) && good;
        match[key.name] = input;
      } else if (!isPriority(name, table)) {
        const valid = [...table.keys.map((k) => k.name), 'priority'];
        good = this.#passes(() => unknown('key', name.text, valid, { at: `table ${table.name}`, loc: name.loc }));
        meant.add(nearest(name.text, valid));
      }
    }
    for (const key of table.keys) {
      if (!isRequired(key.match) || meant.has(key.name) || fields.some((f) => f.name.text === key.name)) continue;
      this.#report('entry-missing', { at: `table ${table.name}`, what: `the key ${key.name}` }, loc);
      good = false;
    }
    return good ? match : undefined;
  }

  /** An object without a priority where the table has none. */
  #priority(given: Assignment | undefined, table: TableSchema, loc: Loc): Pick<EntryInput, 'priority'> | undefined {
    if (!given && !table.needsPriority) return {};
    if (!given || !table.needsPriority) {
      this.#report('entry-priority', { at: `table ${table.name}`, needed: table.needsPriority }, given?.name.loc ?? loc);
      return undefined;
    }
    const priority = this.#value(given.value, priorityForm, 'priority');
    if (priority === 0n) this.#report('entry-priority', { at: `table ${table.name}`, needed: true }, given.value.loc);
    return priority ? { priority: Number(priority) } : undefined;
  }

  #action(call: Call, table: TableSchema): ActionCall | undefined {
    const actions = [...table.actions.values()].map((ref) => ref.action);
    const action = this.#diagnostics.attempt(() =>
      resolve('action', call.name.text, actions, { at: `table ${table.name}`, loc: call.name.loc }),
    );
    const args = action && this.#args(call, action);
    return args && callOf(action.name, args, { call: action.call, args });
  }

  #args(call: Call, action: ActionSchema): Record<string, unknown> | undefined {
    const args: Record<string, unknown> = {};
    let good = this.#once(call.args, 'parameter');
    const meant = new Set<string | undefined>();
    for (const { name, value } of call.args) {
      const param = action.params.find((p) => p.name === name.text);
      if (!param) {
        good = this.#passes(() => unknownOf('parameter', name.text, action.params, { at: `action ${action.name}`, loc: name.loc }));
        meant.add(
          nearest(
            name.text,
            action.params.map((p) => p.name),
          ),
        );
        continue;
      }
      const input = valueFromText(value.text, param);
      good = this.#passes(() => toWire(input, param, { at: `parameter ${param.name}`, loc: value.loc })) && good;
      args[param.name] = input;
    }
    for (const { name } of action.params) {
      if (meant.has(name) || call.args.some((a) => a.name.text === name)) continue;
      this.#report('entry-missing', { at: `action ${action.name}`, what: `the parameter ${name}` }, call.name.loc);
      good = false;
    }
    return good ? args : undefined;
  }

  /** Whether no name is given twice. */
  #once(assignments: readonly Assignment[], what: string): boolean {
    const twice = assignments.filter(({ name }, i) => assignments.findIndex((a) => a.name.text === name.text) < i);
    for (const { name } of twice) this.#report('entries-twice', { what, name: name.text }, name.loc);
    return twice.length === 0;
  }

  #value(word: Word, form: ValueForm, at: string): bigint | undefined {
    return this.#diagnostics.attempt(() => toBits(word.text, form, { at, loc: word.loc }));
  }

  #report<C extends Code>(code: C, params: Params<C>, loc: Loc): void {
    this.#diagnostics.report(code, params, { loc });
  }

  #passes(run: () => unknown): boolean {
    return this.#diagnostics.attempt(() => [run()]) !== undefined;
  }
}

/** Whether the word can be the priority: it is a key of that name in a table whose entries have no priority. */
const isPriority = (name: Word, table: TableSchema): boolean =>
  name.text === 'priority' && !table.keys.some((key) => key.name === 'priority' && !table.needsPriority);
