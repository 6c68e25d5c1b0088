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
import { commandGroups, commands } from './commands.js';
import { describeKey, parseKey } from './lines.js';
import { packetIns, packetOut } from './packets.js';
import { cells, deleteReplicas, objects, readReplicas, replicasOf } from './state.js';

const colours = pc.createColors(colourOnStdout);

/** A piece of what a line gives. */
export interface Output {
  readonly text: string;
  /** Why the line was not carried out, or not to its end. */
  readonly isError: boolean;
}
const said = (text: string): Output => ({ text, isError: false });
const failed = (text: string): Output => ({ text, isError: true });

/**
 * The output of a line, piece by piece. Mistakes and refusals are output.
 * @param signal ends what the line does
 */
export async function* runLine(line: string, base: AnySwitch, signal: AbortSignal): AsyncGenerator<Output> {
  const [, command = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(line.trim()) ?? [];
  if (command === '' || command.startsWith('#')) return;
  try {
    for await (const text of carryOut(command, rest, base.until(signal))) {
      signal.throwIfAborted();
      yield said(text);
    }
    // A stream ends when the signal is aborted.
    signal.throwIfAborted();
  } catch (error) {
    if (signal.aborted) yield said(colours.dim(writing.has(command) ? 'stopped; some of it may have been written' : 'stopped'));
    else if (error instanceof P4RuntimeError) yield failed(colours.red(error.message.trim()));
    else if (error instanceof DiagnosticError) yield* mistakes(error);
    else throw error;
  }
}

function* mistakes({ diagnostics }: DiagnosticError): Generator<Output> {
  for (const { message, help } of diagnostics)
    yield failed(help === undefined ? colours.red(message) : `${colours.red(message)}\n  ${help}`);
}

/** Commands that ask nothing of the switch. */
const local: ReadonlySet<string> = new Set(['help', 'tables', 'objects', 'status']);
const writing: ReadonlySet<string> = new Set(['insert', 'modify', 'delete', 'default', 'multicast', 'clone', 'apply']);

async function* carryOut(command: string, rest: string, sw: AnySwitch): AsyncGenerator<string> {
  if (Object.hasOwn(commands, command)) {
    // A request would wait for it.
    if (sw.session.pending && !local.has(command)) throw new P4RuntimeError('UNAVAILABLE', away(sw));
    if (!sw.session.pending && command !== 'help' && command !== 'status') await sw.refresh();
  }
  switch (command) {
    case 'help':
      return yield* rest === '' ? overview() : howTo(rest);
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
      if (rest.includes('->')) return write('modify', `default ${rest}`, sw);
      return yield* defaultAction(rest, sw);
    case 'objects':
      return yield* objects(sw.schema);
    case 'counter':
    case 'meter':
    case 'register':
    case 'valueset':
      return yield* cells(command, rest, sw);
    case 'multicast':
    case 'clone':
      if (rest.includes(':')) return yield* apply(await replicasOf(command, rest, sw.schema), sw);
      yield (await readReplicas(command, rest, sw)) ?? colours.dim('nothing');
      return;
    case 'packet-out':
      return packetOut(rest, sw);
    case 'packet-ins':
      return yield* packetIns(rest, sw);
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

/** One line for each command. */
function* overview(): Generator<string> {
  const width = Math.max(...Object.keys(commands).map((name) => name.length)) + 2;
  for (const [about, group] of Object.entries(commandGroups)) {
    yield `${colours.dim(`# ${about}`)}`;
    for (const [name, { help }] of Object.entries(group)) yield `${colours.bold(name.padEnd(width))}${help}`;
  }
}

function* howTo(name: string): Generator<string> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) return fail('shell-command', { problem: `There is no command "${name}"; help lists them` });
  for (const usage of command.usage) yield colours.bold(usage);
  yield `  ${command.help}`;
  for (const example of command.examples ?? []) yield `  ${colours.dim('such as')} ${example}`;
}

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

async function* defaultAction(name: string, sw: AnySwitch): AsyncGenerator<string> {
  const { id, name: path } = sw.schema.tables.find(name);
  const asked = { table_entry: { table_id: id, is_default_action: true } };
  for await (const entity of sw.requests.read(`read default ${path}`, asked)) yield describeEntity(entity, sw.schema);
}

async function write(kind: 'insert' | 'modify', text: string, sw: AnySwitch): Promise<void> {
  const entities = await parseEntityFile(sw.schema, text, 'line');
  await sw.write(entities.map(({ entity }) => ({ type: kind === 'insert' ? 'INSERT' : 'MODIFY', entity })));
}

async function* remove(text: string, sw: AnySwitch): AsyncGenerator<string> {
  const [name = '', ...fields] = text.trim().split(/\s+/);
  const [only, ...more] = fields;
  // A table may be called so too; its entries have keys.
  if ((name === 'multicast' || name === 'clone') && only !== undefined && more.length === 0 && !only.includes('='))
    return deleteReplicas(name, only, sw);
  const table = sw.schema.tables.find(name);
  const all: Entity[] = [];
  if (fields.length > 0) all.push(parseKey(sw.schema, text));
  else for await (const entity of sw.entities({ tables: new Set([table.id]) })) all.push(entity);
  const entries = all.filter((e) => e.table_entry);
  await sw.write(entries.map((entity) => ({ type: 'DELETE', entity: identityOf(entity) })));
  if (fields.length === 0) yield `${entries.length} deleted`;
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
