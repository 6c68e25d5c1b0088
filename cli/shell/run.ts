/** Carries out what is typed in the shell. */
import pc from 'picocolors';
import { formText } from '../../compiler/control/text.js';
import { DiagnosticError, fail } from '../../compiler/support/diagnostics.js';
import type { AnySwitch } from '../../runtime/client/any-switch.js';
import { describeEntity } from '../../runtime/client/describe.js';
import { formatDifference, identityOf } from '../../runtime/client/difference.js';
import { P4RuntimeError } from '../../runtime/client/errors.js';
import { parseEntityFile, readEntityFile } from '../../runtime/entries/entities.js';
import type { Entity } from '../../runtime/p4runtime/messages.js';
import { colourOnStdout, differencePaint } from '../report.js';
import { commands, describeKey, parseKey } from './lines.js';

const colours = pc.createColors(colourOnStdout);

/**
 * The output of a line, piece by piece. Mistakes and refusals are output.
 * @param signal ends what the line does
 */
export async function* runLine(line: string, base: AnySwitch, signal: AbortSignal): AsyncGenerator<string> {
  const [, command = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(line.trim()) ?? [];
  if (command === '' || command.startsWith('#')) return;
  try {
    for await (const text of carryOut(command, rest, base.until(signal))) {
      signal.throwIfAborted();
      yield text;
    }
  } catch (error) {
    if (signal.aborted) yield colours.dim(writing.has(command) ? 'stopped; some of it may have been written' : 'stopped');
    else if (error instanceof P4RuntimeError) yield colours.red(error.message.trim());
    else if (error instanceof DiagnosticError) yield* mistakes(error);
    else throw error;
  }
}

function* mistakes({ diagnostics }: DiagnosticError): Generator<string> {
  for (const { message, help } of diagnostics) {
    yield colours.red(message);
    if (help !== undefined) yield `  ${help}`;
  }
}

/** Commands that ask nothing of the switch. */
const local: ReadonlySet<string> = new Set(['help', 'tables', 'status']);
const writing: ReadonlySet<string> = new Set(['insert', 'modify', 'delete', 'default', 'multicast', 'apply']);

async function* carryOut(command: string, rest: string, sw: AnySwitch): AsyncGenerator<string> {
  if (Object.hasOwn(commands, command)) {
    // A request would wait for it.
    if (sw.session.pending && !local.has(command)) throw new P4RuntimeError('UNAVAILABLE', away(sw));
    if (!sw.session.pending && command !== 'help' && command !== 'status') await sw.refresh();
  }
  switch (command) {
    case 'help':
      for (const { usage, help } of Object.values(commands)) yield `${usage}\n    ${colours.dim(help)}`;
      return;
    case 'tables':
      return yield* tables(sw);
    case 'show':
      return yield* show(rest, sw);
    case 'insert':
    case 'modify':
      return write(command, rest, sw);
    case 'delete':
      return yield* remove(rest, sw);
    case 'default':
      return write('modify', `default ${rest}`, sw);
    case 'multicast':
      return yield* apply(await parseEntityFile(sw.schema, `multicast ${rest}`, 'line'), sw);
    case 'counter':
      return yield* counter(rest, sw);
    case 'apply':
      return yield* apply(await readEntityFile(sw.schema, rest), sw);
    case 'diff':
      return yield* diff(await readEntityFile(sw.schema, rest), sw);
    case 'status':
      yield sw.session.pending
        ? away(sw)
        : `${sw.session.address}, device ${sw.session.deviceId}: ${sw.session.isPrimary ? 'primary' : 'backup'}, election id ${sw.session.electionId}`;
      return;
    default:
      fail('shell-command', { problem: `There is no command "${command}"; help lists them` });
  }
}

const away = ({ session }: AnySwitch): string => `${session.address} does not answer; it is looked for`;

function* tables({ schema }: AnySwitch): Generator<string> {
  for (const { name: path, keys, actions, profile, isConst } of schema.tables.values()) {
    const kind = [...(profile ? [profile.hasSelector ? 'selector' : 'profile'] : []), ...(isConst ? ['constant'] : [])].join(', ');
    yield `${colours.bold(path)}${kind ? ` (${kind})` : ''}`;
    for (const key of keys) yield `  ${describeKey(key)}`;
    for (const { action } of actions.values()) {
      yield `  -> ${action.call}(${action.params.map((param) => `${param.name} ${formText({ ...param, format: 'num' })}`).join(', ')})`;
    }
  }
}

async function* show(name: string, sw: AnySwitch): AsyncGenerator<string> {
  const scope = name === '' ? {} : { tables: new Set([sw.schema.tables.find(name).id]) };
  let found = false;
  for await (const entity of sw.entities(scope)) {
    found = true;
    yield describeEntity(entity, sw.schema);
  }
  if (!found) yield colours.dim('nothing');
}

async function write(kind: 'insert' | 'modify', text: string, sw: AnySwitch): Promise<void> {
  const entities = await parseEntityFile(sw.schema, text, 'line');
  await sw.write(entities.map(({ entity }) => ({ type: kind === 'insert' ? 'INSERT' : 'MODIFY', entity })));
}

async function* remove(text: string, sw: AnySwitch): AsyncGenerator<string> {
  const [name = '', ...fields] = text.trim().split(/\s+/);
  const table = sw.schema.tables.find(name);
  const all: Entity[] = [];
  if (fields.length > 0) all.push(parseKey(sw.schema, text));
  else for await (const entity of sw.entities({ tables: new Set([table.id]) })) all.push(entity);
  const entries = all.filter((e) => e.table_entry);
  await sw.write(entries.map((entity) => ({ type: 'DELETE', entity: identityOf(entity) })));
  if (fields.length === 0) yield `${entries.length} deleted`;
}

async function* counter(text: string, sw: AnySwitch): AsyncGenerator<string> {
  const [name = '', index] = text.trim().split(/\s+/);
  const found = sw.schema.counters.find(name);
  if (index !== undefined && !/^\d+$/.test(index))
    fail('shell-command', { problem: `"${index}" is not an index: an index is a whole number from 0` });
  const cell = index === undefined ? {} : { index: { index: BigInt(index) } };
  const asked = { counter_entry: { counter_id: found.id, ...cell } };
  for await (const { counter_entry: one } of sw.requests.read(`read counter ${found.name}`, asked)) {
    yield `${one?.index?.index ?? 0}: ${one?.data?.packet_count ?? 0} packets, ${one?.data?.byte_count ?? 0} bytes`;
  }
}

type Read = readonly { readonly entity: Entity }[];
const entitiesOf = (read: Read): Entity[] => read.map((e) => e.entity);

async function* apply(read: Read, sw: AnySwitch): AsyncGenerator<string> {
  const difference = await sw.compare(entitiesOf(read), {}, false);
  await sw.carryOut(difference);
  yield formatDifference(difference, differencePaint);
}

async function* diff(read: Read, sw: AnySwitch): AsyncGenerator<string> {
  yield formatDifference(await sw.compare(entitiesOf(read), {}, true), differencePaint);
}
