/** Looks up the names in a file of entries and reads its values: what the client takes, or diagnostics with places. */
import { actionCallBrand } from '../../compiler/dsl/handles.js';
import { oneShot } from '../../compiler/dsl/indirect.js';
import type { ActionCall } from '../../compiler/dsl/surface.js';
import { prefixMask } from '../../compiler/support/bits.js';
import { DiagnosticError, type Diagnostics } from '../../compiler/support/diagnostics.js';
import type { Loc } from '../../compiler/support/location.js';
import type { Code, Params } from '../../compiler/support/messages.js';
import { nearest } from '../../compiler/support/suggest.js';
import type { EntryInput } from '../client/entry.js';
import type { ClientAction, ClientField, ClientKey, ClientTable } from '../client/names.js';
import { toBits, toMatch, toWire } from '../client/values.js';
import type { Assignment, Call, Line, Word } from './ast.js';

/** One statement, ready to be written. */
export type Statement = { readonly loc: Loc } & (
  | { readonly kind: 'entry'; readonly table: string; readonly input: EntryInput }
  | { readonly kind: 'default'; readonly table: string; readonly action: object }
  | { readonly kind: 'multicast'; readonly group: number; readonly ports: readonly number[] }
);

/** The control plane's fields of a multicast group: its id, and the port of a replica. */
const number = (name: string, width: number): ClientField => ({ id: 0, name, width, format: 'num', isBool: false });
const groupField = number('group', 16);
const portField = number('port', 9);
const priorityField = number('priority', 31);

interface TableNames {
  table(path: string): ClientTable;
}

export class Checker {
  readonly #names: TableNames;
  readonly #tables: readonly string[];
  readonly #diagnostics: Diagnostics;

  /** `tables` are the paths of the tables that the control plane sees. */
  constructor(names: TableNames, tables: readonly string[], diagnostics: Diagnostics) {
    this.#names = names;
    this.#tables = tables;
    this.#diagnostics = diagnostics;
  }

  /** Undefined when the statement is wrong, which is reported. */
  statement(line: Line): Statement | undefined {
    if (line.kind === 'multicast') return this.#multicast(line.group, line.ports);
    const path = this.#resolve('table', line.table, this.#tables);
    const table = path === undefined ? undefined : this.#names.table(path);
    if (!table) return undefined;
    const { loc } = line.table;
    if (line.kind === 'default') {
      const action = this.#action(line.action, table);
      return action && { kind: 'default', table: table.path, action, loc };
    }
    const match = this.#match(line.fields, table, loc);
    const priority = this.#priority(line.fields, table, loc);
    const action = this.#action(line.action, table);
    if (table.profile === 'profile') this.#report('entries-profile', { table: table.path }, loc);
    if (!match || !priority || !action || table.profile === 'profile') return undefined;
    // A selector takes the action as a set of one.
    const run = table.profile === 'selector' ? oneShot([{ action: action as ActionCall }]) : action;
    return { kind: 'entry', table: table.path, input: { match, ...priority, action: run }, loc };
  }

  #multicast(group: Word, ports: readonly Word[]): Statement | undefined {
    const id = this.#value(group, groupField, 'multicast group');
    const all = ports.map((port) => this.#value(port, portField, 'port'));
    for (const [i, port] of ports.entries()) {
      if (all[i] !== undefined && all.indexOf(all[i]) < i) this.#report('entries-twice', { what: 'port', name: port.text }, port.loc);
    }
    if (id === undefined || all.includes(undefined) || new Set(all).size < all.length) return undefined;
    return { kind: 'multicast', group: Number(id), ports: all.map(Number), loc: group.loc };
  }

  #match(fields: readonly Assignment[], table: ClientTable, loc: Loc): Record<string, unknown> | undefined {
    const match: Record<string, unknown> = {};
    let good = this.#once(fields, 'key');
    for (const { name, value } of fields) {
      const key = table.keys.find((k) => k.name === name.text);
      if (key) {
        const input = matchInput(value.text, key);
        if (input === undefined) continue;
        good = this.#try(() => toMatch(input, key, { at: `key ${key.name}`, loc: value.loc })) && good;
        match[key.name] = input;
      } else if (!isPriority(name, table)) {
        const candidates = table.keys.map((k) => k.name).concat('priority');
        this.#unknown(`table ${table.path}`, 'key', name, candidates);
        good = false;
      }
    }
    for (const key of table.keys) {
      if ((key.match !== 'exact' && key.match !== 'lpm') || fields.some((f) => f.name.text === key.name)) continue;
      this.#report('entry-missing', { at: `table ${table.path}`, what: `the key ${key.name}` }, loc);
      good = false;
    }
    return good ? match : undefined;
  }

  /** An object without a priority where the table has none. */
  #priority(fields: readonly Assignment[], table: ClientTable, loc: Loc): Pick<EntryInput, 'priority'> | undefined {
    const given = fields.find((f) => isPriority(f.name, table));
    if (!given && !table.needsPriority) return {};
    if (!given || !table.needsPriority) {
      this.#report('entry-priority', { at: `table ${table.path}`, needed: table.needsPriority }, given?.name.loc ?? loc);
      return undefined;
    }
    const priority = this.#value(given.value, priorityField, 'priority');
    if (priority === 0n) this.#report('entry-priority', { at: `table ${table.path}`, needed: true }, given.value.loc);
    return priority ? { priority: Number(priority) } : undefined;
  }

  #action(call: Call, table: ClientTable): object | undefined {
    const path = this.#resolve(
      'action',
      call.name,
      table.actions.map((a) => a.path),
    );
    const action = table.actions.find((a) => a.path === path);
    const args = action && this.#args(call, action);
    return args && { [actionCallBrand]: { path: action.path, args } };
  }

  #args(call: Call, action: ClientAction): Record<string, unknown> | undefined {
    const args: Record<string, unknown> = {};
    let good = this.#once(call.args, 'parameter');
    for (const { name, value } of call.args) {
      const param = action.params.find((p) => p.name === name.text);
      if (!param) {
        this.#unknown(
          `action ${action.path}`,
          'parameter',
          name,
          action.params.map((p) => p.name),
        );
        good = false;
        continue;
      }
      const input = plain(value.text, param);
      good = this.#try(() => toWire(input, param, { at: `parameter ${param.name}`, loc: value.loc })) && good;
      args[param.name] = input;
    }
    for (const { name } of action.params) {
      if (call.args.some((a) => a.name.text === name)) continue;
      this.#report('entry-missing', { at: `action ${action.path}`, what: `the parameter ${name}` }, call.name.loc);
      good = false;
    }
    return good ? args : undefined;
  }

  /** The one of the paths that is `word`, or ends in it after a dot. */
  #resolve(what: string, word: Word, paths: readonly string[]): string | undefined {
    if (paths.includes(word.text)) return word.text;
    const found = paths.filter((path) => path.endsWith(`.${word.text}`));
    if (found.length === 1) return found[0];
    if (found.length > 1) this.#report('entries-ambiguous', { what, name: word.text, paths: found }, word.loc);
    else {
      const ends = paths.flatMap((path) => [...path.matchAll(/(?:^|\.)(?=(.+$))/g)].map((m) => m[1] as string));
      this.#unknown(what === 'table' ? 'the pipeline' : 'this table', what, word, ends, paths);
    }
    return undefined;
  }

  /** Whether no name is given twice. */
  #once(assignments: readonly Assignment[], what: string): boolean {
    const twice = assignments.filter(({ name }, i) => assignments.findIndex((a) => a.name.text === name.text) < i);
    for (const { name } of twice) this.#report('entries-twice', { what, name: name.text }, name.loc);
    return twice.length === 0;
  }

  #value(word: Word, field: ClientField, at: string): bigint | undefined {
    let value: bigint | undefined;
    this.#try(() => {
      value = toBits(word.text, field, { at, loc: word.loc });
    });
    return value;
  }

  #unknown(at: string, what: string, { text: name, loc }: Word, candidates: readonly string[], valid = candidates): void {
    this.#report('entry-unknown', { at, what, name, suggestion: nearest(name, candidates), valid }, loc);
  }

  #report<C extends Code>(code: C, params: Params<C>, loc: Loc): void {
    this.#diagnostics.report(code, params, { loc });
  }

  /** Whether it ended without diagnostics; those that it throws are reported. */
  #try(run: () => unknown): boolean {
    try {
      run();
      return true;
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      this.#diagnostics.add(...error.diagnostics);
      return false;
    }
  }
}

/** A key of that name goes before the word of the language, where the table has no use for the latter. */
const isPriority = (name: Word, table: ClientTable): boolean =>
  name.text === 'priority' && !table.keys.some((key) => key.name === 'priority' && !table.needsPriority);

/** What the client takes for the text of a value. */
export function plain(text: string, { isBool, width }: ClientField): unknown {
  if (!/^(true|false)$/.test(text) || (width !== 1 && !isBool)) return text;
  // P4Info has a bool as one bit.
  return isBool ? text === 'true' : Number(text === 'true');
}

/** What the client takes for the text of a key; undefined for `_`, which leaves out a key that may be left out. */
export function matchInput(text: string, key: ClientKey): unknown {
  switch (key.match) {
    case 'ternary': {
      if (text === '_') return undefined;
      const [value, mask] = text.split('&', 2);
      if (mask !== undefined) return { value, mask };
      const prefix = /^(.+)\/(\d{1,3})$/.exec(text);
      if (!prefix || Number(prefix[2]) > key.width) return plain(text, key);
      return { value: prefix[1], mask: prefixMask(Number(prefix[2]), key.width) };
    }
    case 'range': {
      if (text === '_') return undefined;
      const [low, high = low] = text.split('..', 2);
      return { low, high };
    }
    case 'optional':
      return text === '_' ? undefined : plain(text, key);
    case 'lpm':
      return text === '_' ? { value: 0, prefix: 0 } : text;
    default:
      return plain(text, key);
  }
}
