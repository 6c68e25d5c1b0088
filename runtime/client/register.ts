/** A register of a switch: its cells as the pipeline declares them. */
import type { RegisterDescriptor } from '../../compiler/dsl/handles.js';
import type { DataType, Out, Outs, Val, Vals } from '../../compiler/dsl/surface.js';
import { isBit } from '../../compiler/dsl/types.js';
import { fromBytes } from '../../compiler/support/bits.js';
import { captureLocation, type Loc } from '../../compiler/support/location.js';
import { encodeBits } from '../p4runtime/bytestrings.js';
import type { RegisterEntry } from '../p4runtime/messages.js';
import { checkNames } from './entry.js';
import type { ClientArray, ClientField } from './names.js';
import type { Requests } from './requests.js';
import { fromBits, toBits, valueError } from './values.js';

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
  register: ClientArray,
  cell: RegisterDescriptor['cell'],
  field: (name: string, type: DataType) => ClientField,
  { read, write }: Requests,
): RegisterHandle<C> {
  const at = `register ${register.path}`;
  const shape: CellShape = isBit(cell) ? field('', cell) : Object.entries(cell).map(([name, type]) => field(name, type));
  const readCells = async (index?: number): Promise<CellOut<C>[]> => {
    const cells: CellOut<C>[] = [];
    const entry: RegisterEntry = { register_id: register.id, ...(index === undefined ? {} : { index: { index: BigInt(index) } }) };
    for await (const { register_entry: found } of read(`read ${at}`, { register_entry: entry })) {
      cells.push(decodeCell(fromBytes(found?.data?.bitstring ?? new Uint8Array()), shape) as CellOut<C>);
    }
    return cells;
  };
  return {
    read: async (index) => (await readCells(index))[0] as CellOut<C>,
    readAll: () => readCells(),
    write: async (index, value) => {
      const bitstring = encodeBits(encodeCell(value, shape, at, captureLocation()));
      const register_entry = { register_id: register.id, index: { index: BigInt(index) }, data: { bitstring } };
      await write(`write ${at}`, { type: 'MODIFY', entity: { register_entry } });
    },
  };
}

/** One value, or fields, of which the first is in the most significant bits. */
type CellShape = ClientField | readonly ClientField[];

const isFields = (shape: CellShape): shape is readonly ClientField[] => Array.isArray(shape);

function decodeCell(value: bigint, shape: CellShape): unknown {
  if (!isFields(shape)) return fromBits(value, shape);
  let left = shape.reduce((sum, f) => sum + f.width, 0);
  const values = shape.map((f) => {
    left -= f.width;
    return [f.name, fromBits(BigInt.asUintN(f.width, value >> BigInt(left)), f)] as const;
  });
  return Object.fromEntries(values);
}

function encodeCell(value: unknown, shape: CellShape, at: string, loc: Loc): bigint {
  if (!isFields(shape)) return toBits(value, shape, { at, loc });
  if (typeof value !== 'object' || value === null) throw valueError({ at, loc }, `${String(value)} is not a cell with its fields`);
  const values = value as Readonly<Record<string, unknown>>;
  checkNames(shape, values, at, 'field', loc);
  return shape.reduce((whole, f) => (whole << BigInt(f.width)) | toBits(values[f.name], f, { at: `${at}, field ${f.name}`, loc }), 0n);
}
