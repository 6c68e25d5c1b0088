/** What is typed in the shell: the statements of the text language, keys of entries, and what can come next. */
import { isRequired } from '../../compiler/control/match.js';
import type { ActionSchema, ControlObject, ControlSchema, KeyForm, TableSchema } from '../../compiler/control/schema.js';
import { formText, matchFromText } from '../../compiler/control/text.js';
import { lastName } from '../../compiler/ir/names.js';
import { fail } from '../../compiler/support/diagnostics.js';
import { nowhere } from '../../compiler/support/location.js';
import { encodeKey } from '../../runtime/client/entry.js';
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
export function parseKey(schema: ControlSchema, text: string): Entity {
  const [name = '', ...fields] = text.trim().split(/\s+/);
  const table = schema.tables.find(name);
  const match: Record<string, unknown> = {};
  let priority: number | undefined;
  for (const field of fields) {
    const [, key = '', value = ''] = /^([^=]+)=(.+)$/.exec(field) ?? fail('shell-command', { problem: `"${field}" is not KEY=VALUE` });
    const known = table.keys.find((k) => k.name === key);
    if (key === 'priority' && !known) priority = Number(value);
    else match[key] = known ? matchFromText(value, known) : value;
  }
  const given = Object.fromEntries(Object.entries(match).filter(([, value]) => value !== undefined));
  return { table_entry: encodeKey(table, { match: given, ...(priority === undefined ? {} : { priority }) }, nowhere) };
}

/** For readline: what the line can go on with, and the part of it that they replace. */
export function complete(line: string, schema: ControlSchema): [string[], string] {
  const word = /[^\s(),]*$/.exec(line)?.[0] ?? '';
  const { usual, other = [] } = candidates(line.slice(0, line.length - word.length), schema);
  const starting = (names: readonly string[]): string[] => names.filter((c) => c.startsWith(word));
  const found = starting(usual);
  return [found.length > 0 ? found : starting(other), word];
}

/** `other`: what things may also be called, for when nothing usual begins as what is typed. */
interface Candidates {
  readonly usual: readonly string[];
  readonly other?: readonly string[];
}

function candidates(before: string, schema: ControlSchema): Candidates {
  const [tables, counters] = [[...schema.tables.values()], [...schema.counters.values()]];
  const [command, ...words] = before
    .trim()
    .split(/[\s(),]+/)
    .filter((w) => w !== '');
  if (command === undefined) return { usual: Object.keys(commands).map((c) => `${c} `) };
  if (command === 'counter') return words.length === 0 ? { usual: paths(counters), other: names(counters) } : { usual: [] };
  if (!['show', 'insert', 'modify', 'delete', 'default'].includes(command)) return { usual: [] };
  const [name] = words;
  if (name === undefined) {
    const end = command === 'show' ? '' : ' ';
    return { usual: names(tables).map((n) => n + end), other: paths(tables).map((n) => n + end) };
  }
  const table = tables.find((t) => t.name === name || t.name.endsWith(`.${name}`));
  if (!table || command === 'show') return { usual: [] };
  const arrow = words.indexOf('->');
  if (arrow >= 0) return ofAction(before, words[arrow + 1], table);
  return { usual: command === 'default' ? ['-> '] : keysLeft(table, words, command) };
}

function keysLeft(table: TableSchema, words: readonly string[], command: string): string[] {
  const left = table.keys.filter((k) => !words.some((w) => w.startsWith(`${k.name}=`))).map((k) => `${k.name}=`);
  const priority = table.needsPriority && !words.some((w) => w.startsWith('priority=')) ? ['priority='] : [];
  const needed = table.keys.some((k) => isRequired(k.match) && left.includes(`${k.name}=`));
  const arrow = command === 'delete' || needed || priority.length > 0 ? [] : ['-> '];
  return [...left, ...priority, ...arrow];
}

function ofAction(before: string, called: string | undefined, table: TableSchema): Candidates {
  const actions = [...table.actions.values()].map((ref) => ref.action);
  if (called === undefined || !before.includes('(')) {
    const end = (a: ActionSchema): string => (a.params.length > 0 ? '(' : '()');
    return { usual: actions.map((a) => a.call + end(a)), other: actions.map((a) => a.name + end(a)) };
  }
  const action = actions.find((a) => a.call === called || a.name === called);
  const given = before.slice(before.lastIndexOf('('));
  return { usual: (action?.params ?? []).filter((p) => !given.includes(`${p.name}=`)).map((p) => `${p.name}=`) };
}

const paths = (things: readonly ControlObject[]): string[] => things.map((t) => t.name);

/** By their last names, where these are not ambiguous. */
function names(things: readonly ControlObject[]): string[] {
  return things.map(({ name }) => (things.filter((other) => lastName(other.name) === lastName(name)).length === 1 ? lastName(name) : name));
}

/** Such as `dst lpm ipv4`. */
export const describeKey = (key: KeyForm): string => `${key.name} ${key.match} ${formText(key)}`;
