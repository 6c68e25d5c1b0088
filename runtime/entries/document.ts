/**
 * Entries in JSON and YAML, and the runtime files of the p4lang tutorials. This module reads their shape; names and values
 * are looked up as in the text language.
 */
import { isMap, isScalar, isSeq, LineCounter, type Node, type ParsedNode, parseDocument } from 'yaml';
import { resolve, unknownOf } from '../../compiler/control/names.js';
import type { ActionSchema, ControlSchema, HasActions, TableSchema } from '../../compiler/control/schema.js';
import { matchFromText } from '../../compiler/control/text.js';
import { callOf } from '../../compiler/dsl/handles.js';
import type { OneShotOptions } from '../../compiler/dsl/surface.js';
import { type Diagnostics, diagnostic, fail } from '../../compiler/support/diagnostics.js';
import type { Loc } from '../../compiler/support/location.js';
import { type EntryInput, encodeCall, encodeDefault, encodeEntry } from '../client/entry.js';
import { encodeGroup } from '../client/profile.js';
import { type CloneSessionOptions, encodeCloneOptions, encodeReplicas, type Replica } from '../client/replication.js';
import { readCounters, readMeters, readRates, readRegisters, readValueSets } from './cells.js';
import type { LocatedEntity } from './entities.js';
import { type Field, NodeReader } from './node-reader.js';

/** Reports every mistake, and returns the entities without mistakes. */
export function parseDocumentEntries(schema: ControlSchema, text: string, file: string, diagnostics: Diagnostics): LocatedEntity[] {
  const lines = new LineCounter();
  const parsed = parseDocument(text, { lineCounter: lines, intAsBigInt: true, prettyErrors: false });
  const [first] = parsed.errors;
  const inJson = first && file.endsWith('.json') ? jsonError(text, first.pos[0]) : undefined;
  for (const { pos, message } of inJson ? [inJson] : parsed.errors) {
    const { line, col } = lines.linePos(pos[0]);
    diagnostics.add(diagnostic('entries-file', { why: message }, { loc: { file, line, column: col } }));
  }
  if (parsed.errors.length > 0) return [];
  return new DocumentReader(schema, file, lines, diagnostics).read(parsed.contents);
}

/** JSON is read as YAML, whose words for a mistake say nothing to people who write JSON. */
function jsonError(text: string, found: number): { readonly pos: readonly [number]; readonly message: string } | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const { message } = error as SyntaxError;
    const [, position = String(found)] = /at position (\d+)/.exec(message) ?? [];
    return { pos: [Number(position)], message: message.replace(/ in JSON at position .*$|, (\.\.\.)?".*$/s, '') };
  }
}

const actionFields = ['action', 'params', 'actions', 'actionSelectionMode', 'sizeSemantics', 'member', 'group'];
const entryFields = ['match', 'priority', ...actionFields, 'meter', 'idleTimeoutNs', 'metadata'];

class DocumentReader extends NodeReader {
  readonly #schema: ControlSchema;

  constructor(schema: ControlSchema, file: string, lines: LineCounter, diagnostics: Diagnostics) {
    super(file, lines, diagnostics);
    this.#schema = schema;
  }

  read(contents: ParsedNode | null): LocatedEntity[] {
    if (contents === null) return [];
    const isTutorial = isMap(contents) && ['table_entries', 'bmv2_json'].some((key) => contents.has(key));
    const known = isTutorial ? tutorialParts : parts;
    const fields = this.diagnostics.attempt(() => this.fields(contents, 'the file', Object.keys(known))) ?? [];
    return fields.flatMap((field) => known[field.key]?.call(this, field) ?? []);
  }

  tables({ value }: Field): LocatedEntity[] {
    return this.each(this.fieldsOrNone(value, 'tables'), ({ key, keyLoc, value: inner }) => {
      const table = this.#schema.tables.find(key, keyLoc);
      if (isSeq(inner)) return this.#entries(inner, table);
      return this.each(this.fields(inner, `table ${table.name}`, ['default', 'entries']), (part) => {
        if (part.key === 'entries') return this.#entries(part.value, table);
        // Without an action, what the program declares.
        const isNone = isScalar(part.value) && part.value.value === null;
        const action = isNone ? undefined : this.#call(part.value, table, `table ${table.name}`);
        return [{ entity: { table_entry: encodeDefault(table, action, part.loc) }, loc: part.keyLoc }];
      });
    });
  }

  #entries(list: Node | null, table: TableSchema): LocatedEntity[] {
    return this.each(this.items(list, `the entries of ${table.name}`), (node) => {
      const loc = this.loc(node);
      const fields = this.named(node, `an entry of ${table.name}`, entryFields);
      const number = (name: string): bigint | undefined => {
        const field = fields.get(name);
        return field && this.whole(field.value, `${name} of an entry of ${table.name}`);
      };
      const priority = number('priority');
      const idleTimeoutNs = number('idleTimeoutNs');
      const [metadata, meter] = [fields.get('metadata'), fields.get('meter')];
      const input: EntryInput = {
        match: this.#match(fields.get('match')?.value ?? null, table),
        ...(priority === undefined ? {} : { priority: Number(priority) }),
        ...(idleTimeoutNs === undefined ? {} : { idleTimeoutNs }),
        ...(metadata ? { metadata: this.text(metadata.value, 'metadata') } : {}),
        ...(meter ? { meter: readRates(this, meter.value, `the meter of an entry of ${table.name}`) } : {}),
        action: this.#entryAction(fields, table, node),
      };
      return [{ entity: { table_entry: encodeEntry(table, input, loc) }, loc }];
    });
  }

  #entryAction(fields: ReadonlyMap<string, Field>, table: TableSchema, node: Node): unknown {
    const at = `table ${table.name}`;
    const { member, group, actions } = Object.fromEntries(fields);
    if (member) return { member: Number(this.whole(member.value, 'member')) };
    if (group) return { group: Number(this.whole(group.value, 'group')) };
    if (actions) {
      const set = this.items(actions.value, `the actions of an entry of ${table.name}`).map((one) => {
        const own = this.named(one, `an action of ${at}`, ['action', 'params', 'weight', 'watchPort']);
        const [weight, watchPort] = [own.get('weight'), own.get('watchPort')];
        return {
          action: this.#call(one, table, at),
          ...(weight ? { weight: Number(this.whole(weight.value, 'weight')) } : {}),
          ...(watchPort ? { watchPort: Number(this.whole(watchPort.value, 'watchPort')) } : {}),
        };
      });
      const option = (name: keyof OneShotOptions) => {
        const field = fields.get(name);
        return field ? { [name]: this.text(field.value, name) } : {};
      };
      return { set, ...option('actionSelectionMode'), ...option('sizeSemantics') };
    }
    const call = this.#call(node, table, at);
    return table.profile?.hasSelector ? { set: [{ action: call }] } : call;
  }

  #match(node: Node | null, table: TableSchema): Record<string, unknown> {
    const match: Record<string, unknown> = {};
    for (const { key: name, keyLoc, value } of this.fieldsOrNone(node, `the match of an entry of ${table.name}`)) {
      const key = table.keys.find((k) => k.name === name);
      if (!key) return unknownOf('key', name, table.keys, { at: `table ${table.name}`, loc: keyLoc });
      const text = isSeq(value)
        ? this.items(value, name)
            .map((item) => this.text(item, name))
            .join({ lpm: '/', ternary: '&', range: '..' }[key.match] ?? ' ')
        : this.text(value, name).replace('&&&', '&');
      const input = matchFromText(text, key);
      if (input !== undefined) match[name] = input;
    }
    return match;
  }

  /** `name`, or `{ action: name, params: { … } }`; the latter may have other fields. */
  #call(node: Node | null, of: HasActions, at: string): object {
    const named = isMap(node) ? node.get('action', true) : node;
    if (!isScalar(named)) return fail('entry-missing', { at, what: 'an action' }, { loc: this.loc(node) });
    const params = isMap(node) ? ((node.get('params', true) ?? null) as Node | null) : null;
    return this.#callOf(this.text(named, 'action'), params, of, at, this.loc(named));
  }

  #callOf(name: string, params: Node | null, { actions }: HasActions, at: string, loc: Loc): object {
    const among = [...actions.values()].map((ref): ActionSchema => ref.action);
    const action = resolve('action', name, among, { at, loc });
    const args = this.fieldsOrNone(params, `the parameters of ${action.name}`).map((f) => [f.key, this.text(f.value, f.key)]);
    return callOf(action.name, Object.fromEntries(args), {});
  }

  profiles({ value }: Field): LocatedEntity[] {
    return this.each(this.fieldsOrNone(value, 'profiles'), ({ key, keyLoc, value: inner }) => {
      const profile = this.#schema.profiles.find(key, keyLoc);
      const at = `action profile ${profile.name}`;
      return this.each(this.fields(inner, at, ['members', 'groups']), (part) =>
        this.each(this.fieldsOrNone(part.value, `${part.key} of ${at}`), (one): LocatedEntity[] => {
          const id = this.id(one, `${part.key} of ${at}`);
          if (part.key === 'members') {
            const action = encodeCall(profile, this.#call(one.value, profile, at), at, one.loc);
            return [{ entity: { action_profile_member: { action_profile_id: profile.id, member_id: id, action } }, loc: one.keyLoc }];
          }
          const members = this.items(one.value, `group ${id} of ${at}`).map((item) => {
            if (isScalar(item)) return { member: Number(this.whole(item, 'a member')) };
            const own = this.fields(item, `a member of group ${id}`, ['member', 'weight', 'watchPort']);
            return { member: 0, ...Object.fromEntries(own.map((f) => [f.key, Number(this.whole(f.value, f.key))])) };
          });
          return [{ entity: { action_profile_group: encodeGroup(profile, id, members) }, loc: one.keyLoc }];
        }),
      );
    });
  }

  multicast({ value }: Field): LocatedEntity[] {
    return this.each(this.fieldsOrNone(value, 'multicast'), (field) => [
      this.#multicastGroup(this.id(field, 'multicast'), field.keyLoc, this.#replicas(field.value, ['port', 'instance', 'backups'], 'port')),
    ]);
  }

  cloneSessions({ value }: Field): LocatedEntity[] {
    return this.each(this.fieldsOrNone(value, 'cloneSessions'), (field) => {
      const { key, keyLoc, value: inner } = field;
      const known = ['replicas', 'truncateBytes', 'classOfService'];
      const fields: ReadonlyMap<string, Field> = isMap(inner) ? this.named(inner, `clone session ${key}`, known) : new Map();
      const list = isMap(inner) ? (fields.get('replicas')?.value ?? null) : inner;
      const replicas = this.#replicas(list, ['port', 'instance', 'backups'], 'port');
      const options = { truncateBytes: this.#number(fields, 'truncateBytes'), classOfService: this.#number(fields, 'classOfService') };
      return [this.#cloneSession(this.id(field, 'cloneSessions'), keyLoc, replicas, options)];
    });
  }

  #replicas(list: Node | null, known: readonly string[], port: string): Replica[] {
    return this.items(list, 'replicas').map((item) => {
      if (isScalar(item)) return { port: Number(this.whole(item, 'a port')) };
      const fields = this.named(item, 'a replica', known);
      const given = fields.get('backups');
      const backups = given ? { backups: this.#replicas(given.value, ['port', 'instance'], 'port') } : {};
      return { port: this.#number(fields, port), instance: this.#number(fields, 'instance'), ...backups };
    });
  }

  /** The whole number of a field; 0 without the field. */
  #number(fields: ReadonlyMap<string, Field>, name: string): number {
    const field = fields.get(name);
    return field ? Number(this.whole(field.value, name)) : 0;
  }

  #multicastGroup(id: number, loc: Loc, replicas: readonly Replica[]): LocatedEntity {
    const multicast_group_entry = { multicast_group_id: id, replicas: encodeReplicas(replicas) };
    return { entity: { packet_replication_engine_entry: { multicast_group_entry } }, loc };
  }

  #cloneSession(id: number, loc: Loc, replicas: readonly Replica[], options: CloneSessionOptions): LocatedEntity {
    const clone_session_entry = { session_id: id, replicas: encodeReplicas(replicas), ...encodeCloneOptions(options) };
    return { entity: { packet_replication_engine_entry: { clone_session_entry } }, loc };
  }

  meters({ value }: Field): LocatedEntity[] {
    return readMeters(this, this.#schema, value);
  }
  counters({ value }: Field): LocatedEntity[] {
    return readCounters(this, this.#schema, value);
  }
  registers({ value }: Field): LocatedEntity[] {
    return readRegisters(this, this.#schema, value);
  }
  valueSets({ value }: Field): LocatedEntity[] {
    return readValueSets(this, this.#schema, value);
  }

  tutorialEntries({ value }: Field): LocatedEntity[] {
    return this.each(this.items(value, 'table_entries'), (node) => {
      const known = ['table', 'match', 'action_name', 'action_params', 'default_action', 'priority'];
      const fields = this.named(node, 'a table entry', known);
      const loc = this.loc(node);
      const named = fields.get('table') ?? fail('entry-missing', { at: 'a table entry', what: 'the table' }, { loc });
      const table = this.#schema.tables.find(this.text(named.value, 'table'), named.loc);
      const at = `table ${table.name}`;
      const called = fields.get('action_name') ?? fail('entry-missing', { at, what: 'action_name' }, { loc });
      const params = fields.get('action_params')?.value ?? null;
      const call = this.#callOf(this.text(called.value, 'action_name'), params, table, at, called.loc);
      const isDefault = fields.get('default_action')?.value;
      if (isScalar(isDefault) && isDefault.value === true) return [{ entity: { table_entry: encodeDefault(table, call, loc) }, loc }];
      const priority = fields.get('priority');
      const input: EntryInput = {
        match: this.#match(fields.get('match')?.value ?? null, table),
        ...(priority && table.needsPriority ? { priority: Number(this.whole(priority.value, 'priority')) } : {}),
        action: call,
      };
      return [{ entity: { table_entry: encodeEntry(table, input, loc) }, loc }];
    });
  }

  tutorialGroups({ value }: Field): LocatedEntity[] {
    return this.each(this.items(value, 'multicast_group_entries'), (node) => {
      const fields = this.named(node, 'a multicast group', ['multicast_group_id', 'replicas']);
      const id = this.whole(fields.get('multicast_group_id')?.value ?? null, 'multicast_group_id');
      const replicas = this.#replicas(fields.get('replicas')?.value ?? null, ['egress_port', 'instance'], 'egress_port');
      return [this.#multicastGroup(Number(id), this.loc(node), replicas)];
    });
  }

  tutorialClones({ value }: Field): LocatedEntity[] {
    return this.each(this.items(value, 'clone_session_entries'), (node) => {
      const known = ['clone_session_id', 'replicas', 'packet_length_bytes'];
      const fields = this.named(node, 'a clone session', known);
      const id = this.whole(fields.get('clone_session_id')?.value ?? null, 'clone_session_id');
      const replicas = this.#replicas(fields.get('replicas')?.value ?? null, ['egress_port', 'instance'], 'egress_port');
      const options = { truncateBytes: this.#number(fields, 'packet_length_bytes') };
      return [this.#cloneSession(Number(id), this.loc(node), replicas, options)];
    });
  }
}

type Part = (this: DocumentReader, field: Field) => LocatedEntity[];
const nothing: Part = () => [];
const parts: Readonly<Record<string, Part>> = {
  tables: DocumentReader.prototype.tables,
  profiles: DocumentReader.prototype.profiles,
  multicast: DocumentReader.prototype.multicast,
  cloneSessions: DocumentReader.prototype.cloneSessions,
  meters: DocumentReader.prototype.meters,
  counters: DocumentReader.prototype.counters,
  registers: DocumentReader.prototype.registers,
  valueSets: DocumentReader.prototype.valueSets,
};
/** The switch has the pipeline already that a file of the tutorials names. */
const tutorialParts: Readonly<Record<string, Part>> = {
  target: nothing,
  p4info: nothing,
  bmv2_json: nothing,
  table_entries: DocumentReader.prototype.tutorialEntries,
  multicast_group_entries: DocumentReader.prototype.tutorialGroups,
  clone_session_entries: DocumentReader.prototype.tutorialClones,
};
