/** A register of a switch: its cells as the pipeline declares them. */
import type { RegisterDescriptor } from '../../compiler/dsl/handles.js';
import { fieldValue, shownValue } from '../../compiler/dsl/packets.js';
import type { ControllerType, DataType, Fields } from '../../compiler/dsl/surface.js';
import { isOneValue } from '../../compiler/dsl/types.js';
import type { Out, Outs, Val, Vals } from '../../compiler/dsl/values.js';
import { fromBytes } from '../../compiler/support/bits.js';
import { captureLocation } from '../../compiler/support/location.js';
import { encodeBits } from '../p4runtime/bytestrings.js';
import type { P4Data, RegisterEntry } from '../p4runtime/messages.js';
import { dataForm, decodeData, encodeData, fieldsOf, within } from './data.js';
import type { ClientField, ClientRegister } from './names.js';
import type { Requests } from './requests.js';
import { takes } from './signatures.js';
import { checked, type Place, toUint32 } from './values.js';

/** A cell as it is read: a value, or one for each name. */
export type CellOut<C> = C extends ControllerType ? Out<C> : Outs<C>;
/** A cell as it is written: a value, or one for each name. */
export type CellVal<C> = C extends ControllerType ? Val<C> : Vals<C>;
/** The cells of a register. */
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
  const readCells = async (index?: number): Promise<readonly unknown[]> => {
    const cells: unknown[] = [];
    const entry: RegisterEntry = {
      register_id: register.id,
      ...(index === undefined ? {} : { index: { index: BigInt(toUint32(index, `${at}, index`)) } }),
    };
    for await (const { register_entry: found } of read(`read ${at}`, { register_entry: entry })) {
      cells.push(form.decode(found?.data));
    }
    return cells;
  };
  const handle: RegisterHandle<any> = {
    read: async (index) => {
      takes.registerRead([index]);
      return (await readCells(index))[0];
    },
    readAll: () => readCells(),
    write: async (index, value) => {
      takes.registerWrite([index]);
      const data = form.encode(value, { at, loc: captureLocation() });
      const register_entry = { register_id: register.id, index: { index: BigInt(toUint32(index, `${at}, index`)) }, data };
      await write(`write ${at}`, { type: 'MODIFY', entity: { register_entry } });
    },
  };
  return handle;
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
  if (!isOneValue(cell) && !isStruct) return packed(cell);
  // Programs in P4 have what the language has not.
  const type: ControllerType = isOneValue(cell) ? cell : { kind: 'struct', name: '', fields: cell };
  const form = dataForm(type, field);
  return { decode: (data) => decodeData(data, form), encode: (value, place) => encodeData(value, form, place) };
}

/** Fields as one number of the switch, for which P4Runtime translates nothing; the first is in the most significant bits. */
function packed(cell: Fields): CellForm {
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
      const values = fieldsOf(value, fields, place);
      const bits = fields.reduce((whole, { name, type, width }) => {
        return (whole << BigInt(width)) | checked(within(place, name), () => fieldValue(type, values[name]));
      }, 0n);
      return { bitstring: encodeBits(bits) };
    },
  };
}
