/** A register of a switch: its cells as the pipeline declares them. */
import type { RegisterDescriptor } from '../../compiler/dsl/handles.js';
import { fieldValue, shownValue } from '../../compiler/dsl/packets.js';
import type { DataType, Fields, Out, Outs, Val, Vals } from '../../compiler/dsl/surface.js';
import { isOneValue } from '../../compiler/dsl/types.js';
import { fromBytes } from '../../compiler/support/bits.js';
import { captureLocation } from '../../compiler/support/location.js';
import { encodeBits } from '../p4runtime/bytestrings.js';
import type { P4Data, RegisterEntry } from '../p4runtime/messages.js';
import { checkNames } from './entry.js';
import type { ClientField, ClientRegister } from './names.js';
import type { Requests } from './requests.js';
import { checked, fromData, type Place, toData, toUint32, valueError } from './values.js';

export type CellOut<C> = C extends DataType ? Out<C> : Outs<C>;
export type CellVal<C> = C extends DataType ? Val<C> : Vals<C>;
export interface RegisterHandle<C> {
  /** @throws P4RuntimeError OUT_OF_RANGE beyond its size */
  read(index: number): Promise<CellOut<C>>;
  /** All cells, in order. */
  readAll(): Promise<readonly CellOut<C>[]>;
  /** @throws P4RuntimeError OUT_OF_RANGE beyond its size */
  write(index: number, value: CellVal<C>): Promise<void>;
}

export function registerHandle<C>(
  register: ClientRegister,
  cell: RegisterDescriptor['cell'],
  field: (name: string, type: DataType) => ClientField,
  { read, write }: Requests,
): RegisterHandle<C> {
  const at = `register ${register.path}`;
  const form = cellForm(register, cell, field);
  const readCells = async (index?: number): Promise<CellOut<C>[]> => {
    const cells: CellOut<C>[] = [];
    const entry: RegisterEntry = {
      register_id: register.id,
      ...(index === undefined ? {} : { index: { index: BigInt(toUint32(index, `${at}, index`)) } }),
    };
    for await (const { register_entry: found } of read(`read ${at}`, { register_entry: entry })) {
      cells.push(form.decode(found?.data) as CellOut<C>);
    }
    return cells;
  };
  return {
    read: async (index) => (await readCells(index))[0] as CellOut<C>,
    readAll: () => readCells(),
    write: async (index, value) => {
      const data = form.encode(value, { at, loc: captureLocation() });
      const register_entry = { register_id: register.id, index: { index: BigInt(toUint32(index, `${at}, index`)) }, data };
      await write(`write ${at}`, { type: 'MODIFY', entity: { register_entry } });
    },
  };
}

/** How the cells of a register are exchanged with its switch. */
interface CellForm {
  decode(data: P4Data | undefined): unknown;
  encode(value: unknown, place: Place): P4Data;
}

export function cellForm(
  { isStruct }: ClientRegister,
  cell: RegisterDescriptor['cell'],
  field: (name: string, type: DataType) => ClientField,
): CellForm {
  if (isOneValue(cell)) {
    const one = field('', cell);
    return { decode: (data) => fromData(data, one), encode: (value, place) => toData(value, one, place) };
  }
  const fields = Object.entries(cell).map(([name, type]) => field(name, type));
  const record = (value: unknown, { at, loc }: Place): Readonly<Record<string, unknown>> => {
    if (typeof value !== 'object' || value === null) throw valueError({ at, loc }, `${String(value)} is not a cell with its fields`);
    checkNames(fields, value as Readonly<Record<string, unknown>>, at, 'field', loc);
    return value as Readonly<Record<string, unknown>>;
  };
  const within = ({ at, loc }: Place, name: string): Place => ({ at: `${at}, field ${name}`, loc });
  if (!isStruct) return packed(cell, record, within);
  return {
    decode: (data) => Object.fromEntries(fields.map((f, i) => [f.name, fromData(data?.struct?.members?.[i], f)])),
    encode: (value, place) => {
      const values = record(value, place);
      return { struct: { members: fields.map((f) => toData(values[f.name], f, within(place, f.name))) } };
    },
  };
}

/** Fields as one number of the switch, for which P4Runtime translates nothing; the first is in the most significant bits. */
function packed(
  cell: Fields,
  record: (value: unknown, place: Place) => Readonly<Record<string, unknown>>,
  within: (place: Place, name: string) => Place,
): CellForm {
  const fields = Object.entries(cell).map(([name, type]) => ({ name, type, width: 'width' in type ? type.width : 1 }));
  return {
    decode: (data) => {
      const value = fromBytes(data?.bitstring ?? new Uint8Array());
      let left = fields.reduce((sum, f) => sum + f.width, 0);
      const values = fields.map(({ name, type, width }) => {
        left -= width;
        return [name, shownValue(type, BigInt.asUintN(width, value >> BigInt(left)))];
      });
      return Object.fromEntries(values);
    },
    encode: (value, place) => {
      const values = record(value, place);
      const bits = fields.reduce((whole, { name, type, width }) => {
        return (whole << BigInt(width)) | checked(within(place, name), () => fieldValue(type, values[name]));
      }, 0n);
      return { bitstring: encodeBits(bits) };
    },
  };
}
