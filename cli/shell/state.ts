/** Cells of counters, meters and registers, value sets, multicast groups and clone sessions, as the shell reads and writes them. */
import type { DataForm } from '../../compiler/control/data.js';
import type { ControlSchema, FieldForm } from '../../compiler/control/schema.js';
import { formText } from '../../compiler/control/text.js';
import { fail } from '../../compiler/support/diagnostics.js';
import type { AnySwitch } from '../../runtime/client/any-switch.js';
import { type Cell, cellEntity, cellOf } from '../../runtime/client/cells.js';
import { cellText, describeEntity } from '../../runtime/client/describe.js';
import { firstOf } from '../../runtime/client/requests.js';
import { parseEntityFile } from '../../runtime/entries/entities.js';
import type { Entity } from '../../runtime/p4runtime/messages.js';
import { listOfFile, parseThing, replicasOfFile, valueOfFile } from './lines.js';

/** The part of the schema, and of a file of entries, that has the things of a command. */
const cellKinds = {
  counter: { kind: 'counter_entry', part: 'counters' },
  meter: { kind: 'meter_entry', part: 'meters' },
  register: { kind: 'register_entry', part: 'registers' },
  valueset: { kind: 'value_set_entry', part: 'valueSets' },
} as const;
export type CellCommand = keyof typeof cellKinds;

/** Reads the cells that the line names, or writes them where it has a value. */
export async function* cells(command: CellCommand, text: string, sw: AnySwitch): AsyncGenerator<string> {
  const { kind, part } = cellKinds[command];
  const { name, index, value } = parseThing(text, command);
  const { schema } = sw;
  const object = schema[part].find(name);
  const cell: Cell = { kind, id: object.id, ...(index === undefined ? {} : { index }) };
  if (value !== undefined) return sw.write([{ type: 'MODIFY', entity: await cellWith(value, command, cell, object.name, schema) }]);
  for await (const entity of sw.requests.read(`read ${schema[part].kind} ${object.name}`, cellEntity(cell))) {
    const found = cellOf(entity);
    if (found) yield command === 'valueset' ? cellText(found, schema) : `${found.index ?? 0n}: ${cellText(found, schema)}`;
  }
}

/** Without an index it stands for all cells. Files of entries have no such form. */
async function cellWith(value: string, command: CellCommand, cell: Cell, name: string, schema: ControlSchema): Promise<Entity> {
  if (command === 'meter' && value === 'none') return cellEntity(cell);
  if (command !== 'valueset' && value === '')
    fail('shell-command', { problem: `"${command} ${name}" has no value after the colon; help ${command} shows one` });
  if (command === 'register' && cell.index === undefined)
    fail('shell-command', { problem: `"register ${name}" needs the index of the cell that is to be written` });
  const content = command === 'valueset' ? listOfFile(value) : `{ "${cell.index ?? 0n}": ${valueOfFile(value)} }`;
  const [read] = await parseEntityFile(schema, `{ ${cellKinds[command].part}: { "${name}": ${content} } }`, 'line.yaml');
  const found = read && cellOf(read.entity);
  return cellEntity({ ...cell, content: found?.content });
}

/** What `multicast` or `clone` names, as a file of entries has it. @throws DiagnosticError */
export async function replicasOf(command: 'multicast' | 'clone', text: string, schema: ControlSchema) {
  const { name, value = '' } = parseThing(text, command);
  const part = command === 'multicast' ? 'multicast' : 'cloneSessions';
  return parseEntityFile(schema, `{ ${part}: { "${name}": ${replicasOfFile(value)} } }`, 'line.yaml');
}

/** The group or session; undefined when there is none. */
export async function readReplicas(command: 'multicast' | 'clone', text: string, sw: AnySwitch): Promise<string | undefined> {
  const id = replicationId(command, parseThing(text, command).name);
  const found = await firstOf(sw.requests.read(`read ${command} ${id}`, replication(command, id)));
  return found && describeEntity(found, sw.schema);
}

export async function deleteReplicas(command: 'multicast' | 'clone', text: string, sw: AnySwitch): Promise<void> {
  const id = replicationId(command, text);
  await (command === 'multicast' ? sw.multicast(id) : sw.cloneSession(id)).delete();
}

const replication = (command: 'multicast' | 'clone', id: number): Entity => ({
  packet_replication_engine_entry:
    command === 'multicast' ? { multicast_group_entry: { multicast_group_id: id } } : { clone_session_entry: { session_id: id } },
});

function replicationId(command: 'multicast' | 'clone', text: string): number {
  if (!/^\d+$/.test(text))
    fail('shell-command', { problem: `"${text}" is not the number of a ${command === 'multicast' ? 'group' : 'session'}` });
  return Number(text);
}

/** What the pipeline has beside its tables, one line each. */
export function* objects({
  counters,
  meters,
  registers,
  valueSets,
  profiles,
  digests,
  packetIn,
  packetOut,
}: ControlSchema): Generator<string> {
  for (const { name, size } of counters.values()) yield `counter ${name}: ${size} cells`;
  for (const { name, size } of meters.values()) yield `meter ${name}: ${size} cells`;
  for (const { name, size, cell } of registers.values()) yield `register ${name}: ${size} cells of ${dataFormText(cell)}`;
  for (const { name, size, keys } of valueSets.values()) yield `valueset ${name}: ${size} members of ${fieldsText(keys)}`;
  for (const { name, size, hasSelector } of profiles.values()) yield `${hasSelector ? 'selector' : 'profile'} ${name}: ${size} members`;
  for (const { name } of digests.values()) yield `digest ${name}`;
  if (packetOut) yield `packet-out ${fieldsText(packetOut.metadata)}`;
  if (packetIn) yield `packet-in ${fieldsText(packetIn.metadata)}`;
}

const fieldsText = (fields: readonly FieldForm[]): string => fields.map((field) => `${field.name} ${formText(field)}`).join(', ');

function dataFormText(form: DataForm): string {
  switch (form.kind) {
    case 'bitstring':
    case 'enum_value':
    case 'bool':
      return form.isBool ? 'bool' : formText(form);
    case 'struct':
    case 'tuple':
    case 'header':
      return `{ ${form.fields.map((field) => `${field.name} ${dataFormText(field.form)}`).join(', ')} }`;
    default:
      return form.kind.replaceAll('_', ' ');
  }
}
