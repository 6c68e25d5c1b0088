/** A register of a switch: its cells as the pipeline declares them. */
import { type DataForm, joinParts, type PartsForm, splitParts, type ValueForm } from '../../compiler/control/data.js';
import type { Place } from '../../compiler/control/names.js';
import type { RegisterSchema } from '../../compiler/control/schema.js';
import type { ControllerType } from '../../compiler/dsl/surface.js';
import type { Out, Outs, Val, Vals } from '../../compiler/dsl/values.js';
import { textFor } from '../../compiler/ir/annotations.js';
import { fromBytes } from '../../compiler/support/bits.js';
import { captureLocation } from '../../compiler/support/location.js';
import { encodeBits } from '../p4runtime/bytestrings.js';
import type { P4Data, RegisterEntry } from '../p4runtime/messages.js';
import { decodeData, encodeData, fieldsOf, within } from './data.js';
import type { Requests } from './requests.js';
import { takes } from './signatures.js';
import { checkReach } from './target-limits.js';
import { fromBits, toBits, toIndex, toText } from './values.js';

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

/** @throws DiagnosticError entity-unsupported */
export function registerHandle<C>(register: RegisterSchema, { read, write, target }: Requests): RegisterHandle<C> {
  const at = `register ${register.name}`;
  checkReach(at, 'registers', target);
  const readCells = async (index?: number): Promise<readonly CellOut<C>[]> => {
    const cells: CellOut<C>[] = [];
    const entry: RegisterEntry = {
      register_id: register.id,
      ...(index === undefined ? {} : { index: toIndex(index, at) }),
    };
    for await (const { register_entry: found } of read(`read ${at}`, { register_entry: entry })) {
      cells.push(decodeCell(found?.data, register) as CellOut<C>);
    }
    return cells;
  };
  const handle: RegisterHandle<C> = {
    read: async (index) => {
      takes.registerRead([index]);
      return (await readCells(index))[0] as CellOut<C>;
    },
    readAll: () => readCells(),
    write: async (index, value) => {
      takes.registerWrite([index]);
      const data = encodeCell(value, register, { at, loc: captureLocation() });
      const register_entry = { register_id: register.id, index: toIndex(index, at), data };
      await write(`write ${at}`, { type: 'MODIFY', entity: { register_entry } });
    },
  };
  return handle;
}

const decodeCell = (data: P4Data | undefined, { cell, packed: parts }: RegisterSchema): unknown =>
  parts ? unpacked(data, parts) : decodeData(data, cell);

/** @throws DiagnosticError entry-value, entry-unknown, entry-missing */
export const encodeCell = (value: unknown, { cell, packed: parts }: RegisterSchema, place: Place): P4Data =>
  parts ? packed(value, parts, place) : encodeData(value, cell, place);

/** The fields as one number, the first in the most significant bits; P4Runtime does not translate it. */
function packed(value: unknown, form: PartsForm, place: Place): P4Data {
  const values = fieldsOf(value, form.fields, place);
  const bits = form.fields.map((field) => deviceBits(values[field.name], field.form, within(place, field.name)));
  return { bitstring: encodeBits(joinParts(form, bits)) };
}

function unpacked(data: P4Data | undefined, form: PartsForm): unknown {
  const bits = splitParts(form, fromBytes(data?.bitstring ?? new Uint8Array()));
  return Object.fromEntries(form.fields.map((field, i) => [field.name, shown(bits[i] ?? 0n, field.form)]));
}

/** The number that a target packs is what the switch has for the value. */
function deviceBits(value: unknown, form: DataForm, place: Place): bigint {
  const { texts, translation, deviceWidth, ...rest } = form as ValueForm;
  if (!texts || !translation) return toBits(value, { ...rest, width: deviceWidth, deviceWidth }, place);
  return translation.values.get(toText(value, texts, place)) ?? 0n;
}

function shown(value: bigint, form: DataForm): unknown {
  const { texts, translation } = form as ValueForm;
  return texts && translation ? textFor(translation, value) : fromBits(value, form as ValueForm);
}
