/** What is typed in the shell: the statements of the text language, keys of entries, and what can come next. */
import { fail } from '../../compiler/support/diagnostics.js';
import { nowhere } from '../../compiler/support/location.js';
import type { Catalog } from '../../runtime/client/catalog.js';
import { encodeKey } from '../../runtime/client/entry.js';
import type { ClientAction, ClientKey, ClientTable } from '../../runtime/client/names.js';
import { matchInput } from '../../runtime/entries/check.js';
import type { Entity } from '../../runtime/p4runtime/messages.js';

export const commands: Readonly<Record<string, { readonly usage: string; readonly help: string }>> = {
  tables: { usage: 'tables', help: 'the tables, with their keys and actions' },
  show: { usage: 'show [TABLE]', help: 'what the switch has' },
  insert: { usage: 'insert TABLE KEY=VALUE … [priority=N] -> ACTION(PARAMETER=VALUE, …)', help: 'a new entry' },
  modify: { usage: 'modify TABLE KEY=VALUE … [priority=N] -> ACTION(PARAMETER=VALUE, …)', help: 'another action for an entry' },
  delete: { usage: 'delete TABLE KEY=VALUE … [priority=N]', help: 'an entry, or with no key all of the table' },
  default: { usage: 'default TABLE -> ACTION(…)', help: 'what runs on a miss' },
  multicast: { usage: 'multicast GROUP: PORT, …', help: 'make or replace a group' },
  counter: { usage: 'counter NAME [INDEX]', help: 'read a counter' },
  apply: { usage: 'apply FILE', help: 'write what a file of entries has and the switch has not' },
  diff: { usage: 'diff FILE', help: 'what apply would change, and what the file has not' },
  status: { usage: 'status', help: 'the session with the switch' },
  help: { usage: 'help', help: 'this' },
  quit: { usage: 'quit', help: 'leave, as Ctrl-D does; Ctrl-C stops what a line does' },
};

/** `TABLE KEY=VALUE … priority=N`. @throws DiagnosticError */
export function parseKey(catalog: Catalog, text: string): Entity {
  const [name = '', ...fields] = text.trim().split(/\s+/);
  const table = catalog.table(name);
  const match: Record<string, unknown> = {};
  let priority: number | undefined;
  for (const field of fields) {
    const [, key = '', value = ''] = /^([^=]+)=(.+)$/.exec(field) ?? fail('shell-command', { problem: `"${field}" is not KEY=VALUE` });
    const known = table.keys.find((k) => k.name === key);
    if (key === 'priority' && !known) priority = Number(value);
    else match[key] = known ? matchInput(value, known) : value;
  }
  const given = Object.fromEntries(Object.entries(match).filter(([, value]) => value !== undefined));
  return { table_entry: encodeKey(table, { match: given, ...(priority === undefined ? {} : { priority }) }, nowhere) };
}

/** For readline: what the line can go on with, and the part of it that they replace. */
export function complete(line: string, catalog: Catalog): [string[], string] {
  const word = /[^\s(),]*$/.exec(line)?.[0] ?? '';
  const { usual, other = [] } = candidates(line.slice(0, line.length - word.length), catalog);
  const starting = (names: readonly string[]): string[] => names.filter((c) => c.startsWith(word));
  const found = starting(usual);
  return [found.length > 0 ? found : starting(other), word];
}

/** `other`: what things may also be called, for when nothing usual begins as what is typed. */
interface Candidates {
  readonly usual: readonly string[];
  readonly other?: readonly string[];
}

function candidates(before: string, catalog: Catalog): Candidates {
  const [command, ...words] = before
    .trim()
    .split(/[\s(),]+/)
    .filter((w) => w !== '');
  if (command === undefined) return { usual: Object.keys(commands).map((c) => `${c} `) };
  if (command === 'counter') return words.length === 0 ? { usual: paths(catalog.counters), other: names(catalog.counters) } : { usual: [] };
  if (!['show', 'insert', 'modify', 'delete', 'default'].includes(command)) return { usual: [] };
  const [name] = words;
  if (name === undefined) {
    const { tables } = catalog;
    const end = command === 'show' ? '' : ' ';
    return { usual: names(tables).map((n) => n + end), other: paths(tables).map((n) => n + end) };
  }
  const table = catalog.tables.find((t) => t.path === name || t.path.endsWith(`.${name}`));
  if (!table || command === 'show') return { usual: [] };
  const arrow = words.indexOf('->');
  if (arrow >= 0) return ofAction(before, words[arrow + 1], table);
  return { usual: command === 'default' ? ['-> '] : keysLeft(table, words, command) };
}

function keysLeft(table: ClientTable, words: readonly string[], command: string): string[] {
  const left = table.keys.filter((k) => !words.some((w) => w.startsWith(`${k.name}=`))).map((k) => `${k.name}=`);
  const priority = table.needsPriority && !words.some((w) => w.startsWith('priority=')) ? ['priority='] : [];
  const needed = table.keys.some((k) => (k.match === 'exact' || k.match === 'lpm') && left.includes(`${k.name}=`));
  const arrow = command === 'delete' || needed || priority.length > 0 ? [] : ['-> '];
  return [...left, ...priority, ...arrow];
}

function ofAction(before: string, called: string | undefined, table: ClientTable): Candidates {
  if (called === undefined || !before.includes('(')) {
    const end = (a: ClientAction): string => (a.params.length > 0 ? '(' : '()');
    return { usual: table.actions.map((a) => a.name + end(a)), other: table.actions.map((a) => a.path + end(a)) };
  }
  const action = table.actions.find((a) => a.name === called || a.path === called);
  const given = before.slice(before.lastIndexOf('('));
  return { usual: (action?.params ?? []).filter((p) => !given.includes(`${p.name}=`)).map((p) => `${p.name}=`) };
}

interface Named {
  readonly path: string;
}
const paths = (things: readonly Named[]): string[] => things.map((t) => t.path);

/** By their last names, where these are not ambiguous. */
function names(things: readonly Named[]): string[] {
  const last = (t: Named): string => t.path.split('.').at(-1) as string;
  return things.map((t) => (things.filter((other) => last(other) === last(t)).length === 1 ? last(t) : t.path));
}

/** Such as `dst lpm ipv4`. */
export const describeKey = ({ name, match, width, format }: ClientKey): string =>
  `${name} ${match} ${format === 'num' ? (width ? `bit<${width}>` : 'text') : format}`;
