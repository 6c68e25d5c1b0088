/** What a document says of cells of meters, counters and registers, and of value sets. */
import { isSeq, type Node } from 'yaml';
import { fail } from '../../compiler/support/diagnostics.js';
import type { Catalog } from '../client/catalog.js';
import { encodeCount } from '../client/counter.js';
import { type DataForm, encodeData } from '../client/data.js';
import { checkNames } from '../client/entry.js';
import { encodeRates, type MeterInput } from '../client/meter.js';
import { toData, toMatch } from '../client/values.js';
import type { P4Data } from '../p4runtime/messages.js';
import { matchInput, plain } from './check.js';
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

/** Without any cells, none of the meter's has rates. */
export function readMeters(nodes: NodeReader, catalog: Catalog, value: Node | null): LocatedEntity[] {
  return nodes.each(nodes.fieldsOrNone(value, 'meters'), (field) => {
    const { id, path } = catalog.meter(field.key, field.keyLoc);
    const cells = cellsOf(nodes, field, `meter ${path}`, (index, cell, at) => {
      const config = encodeRates(readRates(nodes, cell.value, at), at, cell.loc);
      return { entity: { meter_entry: { meter_id: id, index: { index }, config } }, loc: cell.keyLoc };
    });
    return cells.length > 0 ? cells : [{ entity: { meter_entry: { meter_id: id } }, loc: field.keyLoc }];
  });
}

export function readCounters(nodes: NodeReader, catalog: Catalog, value: Node | null): LocatedEntity[] {
  return nodes.each(nodes.fieldsOrNone(value, 'counters'), (field) => {
    const { id, path } = catalog.counter(field.key, field.keyLoc);
    return cellsOf(nodes, field, `counter ${path}`, (index, cell, at) => {
      const count = numbers(nodes, cell.value, at, ['packets', 'bytes']);
      const data = encodeCount({ packets: 0n, bytes: 0n, ...count }, { at, loc: cell.loc });
      return { entity: { counter_entry: { counter_id: id, index: { index }, data } }, loc: cell.keyLoc };
    });
  });
}

export function readRegisters(nodes: NodeReader, catalog: Catalog, value: Node | null): LocatedEntity[] {
  return nodes.each(nodes.fieldsOrNone(value, 'registers'), (field) => {
    const register = catalog.register(field.key, field.keyLoc);
    return cellsOf(nodes, field, `register ${register.path}`, (index, cell, at) => {
      const data = readData(nodes, register.cell, cell, at);
      return { entity: { register_entry: { register_id: register.id, index: { index }, data } }, loc: cell.keyLoc };
    });
  });
}

/** Mistakes in structs have the place of the field, those in headers and lists that of the whole. */
function readData(nodes: NodeReader, form: DataForm, { value, loc }: Pick<Field, 'value' | 'loc'>, at: string): P4Data {
  if (form.kind === 'value') return toData(plain(nodes.text(value, at), form.field), form.field, { at, loc });
  if (form.kind !== 'struct') return encodeData(nodes.plain(value, at), form, { at, loc });
  const given = new Map(nodes.fields(value, at).map((f) => [f.key, f]));
  checkNames(form.fields, Object.fromEntries(given), at, 'field', loc);
  const members = form.fields.map((of) => readData(nodes, of.form, given.get(of.name) as Field, `${at}, field ${of.name}`));
  return { struct: { members } };
}

export function readValueSets(nodes: NodeReader, catalog: Catalog, value: Node | null): LocatedEntity[] {
  return nodes.each(nodes.fieldsOrNone(value, 'valueSets'), ({ key, keyLoc, value: list }) => {
    const { id, path, keys } = catalog.valueSet(key, keyLoc);
    const at = `value set ${path}`;
    const members = nodes.items(list, at).map((item) => {
      const values = isSeq(item) ? nodes.items(item, at) : [item];
      if (values.length !== keys.length) nodes.wrong(item, at, keys.length === 1 ? 'one value' : `a list of ${keys.length} values`);
      const match = keys.flatMap((of, i) => {
        const node = values[i] as Node;
        const input = matchInput(nodes.text(node, at), of);
        return (input === undefined ? undefined : toMatch(input, of, { at, loc: nodes.loc(node) })) ?? [];
      });
      return { match };
    });
    return [{ entity: { value_set_entry: { value_set_id: id, members } }, loc: keyLoc }];
  });
}

/** The cells of a field, by index; the mistakes of one do not hide those of the next. */
function cellsOf(
  nodes: NodeReader,
  { value }: Field,
  at: string,
  read: (index: bigint, cell: Field, at: string) => LocatedEntity,
): LocatedEntity[] {
  return nodes.each(nodes.fieldsOrNone(value, at), (cell) => [read(BigInt(nodes.id(cell, at)), cell, `${at}, cell ${cell.key}`)]);
}
