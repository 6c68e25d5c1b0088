/** Carries out what is typed in the shell. */
import pc from 'picocolors';
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

/** What is to be printed; 'quit' ends the shell. */
export async function runLine(line: string, sw: AnySwitch): Promise<string | 'quit'> {
  const [, command = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(line.trim()) ?? [];
  if (command === '' || command.startsWith('#')) return '';
  if (command === 'quit' || command === 'exit') return 'quit';
  try {
    return await carryOut(command, rest, sw);
  } catch (error) {
    if (error instanceof P4RuntimeError) return colours.red(error.message.trim());
    if (!(error instanceof DiagnosticError)) throw error;
    const lines = error.diagnostics.flatMap((d) => [colours.red(d.message), ...(d.help === undefined ? [] : [`  ${d.help}`])]);
    return lines.join('\n');
  }
}

/** Commands that ask nothing of the switch. */
const local: ReadonlySet<string> = new Set(['help', 'tables', 'status']);

async function carryOut(command: string, rest: string, sw: AnySwitch): Promise<string> {
  // A request would wait for it.
  if (sw.session.pending && Object.hasOwn(commands, command) && !local.has(command)) throw new P4RuntimeError('UNAVAILABLE', away(sw));
  switch (command) {
    case 'help':
      return Object.values(commands)
        .map(({ usage, help }) => `${usage}\n    ${colours.dim(help)}`)
        .join('\n');
    case 'tables':
      return tables(sw);
    case 'show':
      return show(rest, sw);
    case 'insert':
    case 'modify':
      return write(command, rest, sw);
    case 'delete':
      return remove(rest, sw);
    case 'default':
      return write('modify', `default ${rest}`, sw);
    case 'multicast':
      return apply(await parseEntityFile(sw.catalog, `multicast ${rest}`, 'line'), sw);
    case 'counter':
      return counter(rest, sw);
    case 'apply':
      return apply(await readEntityFile(sw.catalog, rest), sw);
    case 'diff':
      return formatDifference(
        await sw.compare(
          (await readEntityFile(sw.catalog, rest)).map((e) => e.entity),
          {},
          true,
        ),
        differencePaint,
      );
    case 'status':
      if (sw.session.pending) return away(sw);
      return `${sw.session.address}, device ${sw.session.deviceId}: ${sw.session.isPrimary ? 'primary' : 'backup'}, election id ${sw.session.electionId}`;
    default:
      return fail('shell-command', { problem: `There is no command "${command}"; help lists them` });
  }
}

const away = ({ session }: AnySwitch): string => `${session.address} does not answer; it is looked for`;

function tables({ catalog }: AnySwitch): string {
  return catalog.tables
    .map(({ path, keys, actions, profile, isConst }) => {
      const kind = [profile, ...(isConst ? ['constant'] : [])].filter((k) => k !== undefined).join(', ');
      const lines = [
        `${colours.bold(path)}${kind ? ` (${kind})` : ''}`,
        ...keys.map((key) => `  ${describeKey(key)}`),
        ...actions.map((a) => `  -> ${a.name}(${a.params.map((p) => `${p.name} ${p.width ? `bit<${p.width}>` : 'text'}`).join(', ')})`),
      ];
      return lines.join('\n');
    })
    .join('\n');
}

async function show(name: string, sw: AnySwitch): Promise<string> {
  const scope = name === '' ? {} : { tables: new Set([sw.catalog.table(name).id]) };
  const entities = await sw.entities(scope);
  return entities.length === 0 ? colours.dim('nothing') : entities.map((e) => describeEntity(e, sw.catalog)).join('\n');
}

async function write(kind: 'insert' | 'modify', text: string, sw: AnySwitch): Promise<string> {
  const entities = await parseEntityFile(sw.catalog, text, 'line');
  await sw.write(entities.map(({ entity }) => ({ type: kind === 'insert' ? 'INSERT' : 'MODIFY', entity })));
  return '';
}

async function remove(text: string, sw: AnySwitch): Promise<string> {
  const [name = '', ...fields] = text.trim().split(/\s+/);
  const table = sw.catalog.table(name);
  const all = fields.length === 0 ? await sw.entities({ tables: new Set([table.id]) }) : [parseKey(sw.catalog, text)];
  const entries = all.filter((e) => e.table_entry);
  await sw.write(entries.map((entity) => ({ type: 'DELETE', entity: identityOf(entity) })));
  return fields.length === 0 ? `${entries.length} deleted` : '';
}

async function counter(text: string, sw: AnySwitch): Promise<string> {
  const [name = '', index] = text.trim().split(/\s+/);
  const found = sw.catalog.counters.find((c) => c.path === name || c.path.endsWith(`.${name}`));
  if (!found)
    return fail('entry-unknown', {
      at: 'the pipeline',
      what: 'counter',
      name,
      suggestion: undefined,
      valid: sw.catalog.counters.map((c) => c.path),
    });
  const cell =
    index === undefined
      ? {}
      : { index: { index: BigInt(/^\d+$/.test(index) ? index : fail('shell-command', { problem: `"${index}" is no index` })) } };
  const lines: string[] = [];
  for await (const { counter_entry: one } of sw.requests.read(`read counter ${found.path}`, {
    counter_entry: { counter_id: found.id, ...cell },
  })) {
    lines.push(`${one?.index?.index ?? 0}: ${one?.data?.packet_count ?? 0} packets, ${one?.data?.byte_count ?? 0} bytes`);
  }
  return lines.join('\n');
}

async function apply(entities: readonly { readonly entity: Entity }[], sw: AnySwitch): Promise<string> {
  const difference = await sw.compare(
    entities.map((e) => e.entity),
    {},
    false,
  );
  await sw.carryOut(difference);
  return formatDifference(difference, differencePaint);
}
