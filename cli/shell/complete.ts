/** What a line of the shell can go on with. */
import { isRequired } from '../../compiler/control/match.js';
import type { ActionSchema, ControlObject, ControlSchema, FieldForm, TableSchema } from '../../compiler/control/schema.js';
import { lastName } from '../../compiler/ir/names.js';
import { commands } from './commands.js';

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
  const tables = [...schema.tables.values()];
  const [command, ...words] = before
    .trim()
    .split(/[\s(),]+/)
    .filter((w) => w !== '');
  if (command === undefined) return { usual: Object.keys(commands).map((c) => `${c} `) };
  if (command === 'help') return { usual: words.length === 0 ? Object.keys(commands) : [] };
  const things = thingsOf(command, schema);
  if (things) return words.length === 0 ? { usual: paths(things), other: names(things) } : { usual: [] };
  if (command === 'packet-out') return { usual: fieldsLeft(schema.packetOut?.metadata ?? [], before) };
  if (!['show', 'insert', 'modify', 'delete', 'default'].includes(command)) return { usual: [] };
  const [name] = words;
  if (name === undefined) {
    const end = command === 'show' ? '' : ' ';
    const copies = command === 'delete' ? ['multicast ', 'clone '] : [];
    return { usual: [...names(tables).map((n) => n + end), ...copies], other: paths(tables).map((n) => n + end) };
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
  return { usual: fieldsLeft(action?.params ?? [], before.slice(before.lastIndexOf('('))) };
}

const fieldsLeft = (fields: readonly FieldForm[], given: string): string[] =>
  fields.map(({ name }) => `${name}=`).filter((field) => !given.split(/[\s(,]+/).some((word) => word.startsWith(field)));

/** What the command takes the name of, for commands that take one of these. */
function thingsOf(command: string, schema: ControlSchema): readonly ControlObject[] | undefined {
  const { counters, meters, registers, valueSets } = schema;
  const named = new Map<string, ReadonlyMap<number, ControlObject>>([
    ['counter', counters],
    ['meter', meters],
    ['register', registers],
    ['valueset', valueSets],
  ]);
  const things = named.get(command);
  return things && [...things.values()];
}

const paths = (things: readonly ControlObject[]): string[] => things.map((t) => t.name);

/** By their last names, where these are not ambiguous. */
function names(things: readonly ControlObject[]): string[] {
  return things.map(({ name }) => (things.filter((other) => lastName(other.name) === lastName(name)).length === 1 ? lastName(name) : name));
}
