/** Cells of meters, counters and registers, and value sets, in a document. */
import { isSeq, type Node } from 'yaml';
import type { DataForm } from '../../compiler/control/data.js';
import type { ControlSchema } from '../../compiler/control/schema.js';
import { matchFromText, valueFromText } from '../../compiler/control/text.js';
import { fail } from '../../compiler/support/diagnostics.js';
import { encodeCount } from '../client/counter.js';
import { encodeData } from '../client/data.js';
import { checkNames } from '../client/entry.js';
import { encodeRates, type MeterInput } from '../client/meter.js';
import { toData, toMatch } from '../client/values.js';
import type { P4Data } from '../p4runtime/messages.js';
import type { LocatedEntity } from './entities.js';
import type { Field, NodeReader } from './node-reader.js';

const rateNames = ['cir', 'cburst', 'pir', 'pburst'] as const;

export function readRates(nodes: NodeReader, node: Node | null, at: string): MeterInput {
  const given = numbers(nodes, node, at, rateNames);
  const missing = rateNames.find((name) => given[name] === undefined);
  if (missing) fail('entry-missing', { at, what: missing }, { loc: nodes.loc(node) });
  return given as unknown as MeterInput;
}

function numbers<N extends string>(nodes: NodeReader, node: Node | null, at: string, names: readonly N[]): Partial<Record<N, bigint>> {
  const fields = nodes.fields(node, at, names).map((f) => [f.key, nodes.whole(f.value, `${at}, ${f.key}`)]);
  return Object.fromEntries(fields) as Partial<Record<N, bigint>>;
}

/** Without cells, no cell of the meter has rates. */
export function readMeters(nodes: NodeReader, schema: ControlSchema, value: Node | null): LocatedEntity[] {
  return nodes.each(nodes.fieldsOrNone(value, 'meters'), (field) => {
    const { id, name } = schema.meters.find(field.key, field.keyLoc);
    const cells = cellsOf(nodes, field, `meter ${name}`, (index, cell, at) => {
      const config = encodeRates(readRates(nodes, cell.value, at), at, cell.loc);
      return { entity: { meter_entry: { meter_id: id, index: { index }, config } }, loc: cell.keyLoc };
    });
    return cells.length > 0 ? cells : [{ entity: { meter_entry: { meter_id: id } }, loc: field.keyLoc }];
  });
}

export function readCounters(nodes: NodeReader, schema: ControlSchema, value: Node | null): LocatedEntity[] {
  return nodes.each(nodes.fieldsOrNone(value, 'counters'), (field) => {
    const { id, name } = schema.counters.find(field.key, field.keyLoc);
    return cellsOf(nodes, field, `counter ${name}`, (index, cell, at) => {
      const count = numbers(nodes, cell.value, at, ['packets', 'bytes']);
      const data = encodeCount({ packets: 0n, bytes: 0n, ...count }, { at, loc: cell.loc });
      return { entity: { counter_entry: { counter_id: id, index: { index }, data } }, loc: cell.keyLoc };
    });
  });
}

export function readRegisters(nodes: NodeReader, schema: ControlSchema, value: Node | null): LocatedEntity[] {
  return nodes.each(nodes.fieldsOrNone(value, 'registers'), (field) => {
    const register = schema.registers.find(field.key, field.keyLoc);
    return cellsOf(nodes, field, `register ${register.name}`, (index, cell, at) => {
      const data = readData(nodes, register.cell, cell, at);
      return { entity: { register_entry: { register_id: register.id, index: { index }, data } }, loc: cell.keyLoc };
    });
  });
}

/** A mistake in a struct is at its field; a mistake in a header or list is at the whole value. */
function readData(nodes: NodeReader, form: DataForm, { value, loc }: Pick<Field, 'value' | 'loc'>, at: string): P4Data {
  if (form.kind === 'bitstring' || form.kind === 'enum_value' || form.kind === 'bool')
    return toData(valueFromText(nodes.text(value, at), form), form, { at, loc });
  if (form.kind !== 'struct') return encodeData(nodes.plain(value, at), form, { at, loc });
  const given = nodes.named(value, at);
  checkNames(form.fields, Object.fromEntries(given), at, 'field', loc);
  const members = form.fields.map((of) => readData(nodes, of.form, given.get(of.name) as Field, `${at}, field ${of.name}`));
  return { struct: { members } };
}

export function readValueSets(nodes: NodeReader, schema: ControlSchema, value: Node | null): LocatedEntity[] {
  return nodes.each(nodes.fieldsOrNone(value, 'valueSets'), ({ key, keyLoc, value: list }) => {
    const { id, name, keys } = schema.valueSets.find(key, keyLoc);
    const at = `value set ${name}`;
    const members = nodes.items(list, at).map((item) => {
      const values = isSeq(item) ? nodes.items(item, at) : [item];
      if (values.length !== keys.length) nodes.wrong(item, at, keys.length === 1 ? 'one value' : `a list of ${keys.length} values`);
      const match = keys.flatMap((of, i) => {
        const node = values[i] as Node;
        const input = matchFromText(nodes.text(node, at), of);
        return (input === undefined ? undefined : toMatch(input, of, { at, loc: nodes.loc(node) })) ?? [];
      });
      return { match };
    });
    return [{ entity: { value_set_entry: { value_set_id: id, members } }, loc: keyLoc }];
  });
}

/** The cells of a field, by index. A mistake in one cell does not hide mistakes in the next. */
function cellsOf(
  nodes: NodeReader,
  { value }: Field,
  at: string,
  read: (index: bigint, cell: Field, at: string) => LocatedEntity,
): LocatedEntity[] {
  return nodes.each(nodes.fieldsOrNone(value, at), (cell) => [read(BigInt(nodes.id(cell, at)), cell, `${at}, cell ${cell.key}`)]);
}
