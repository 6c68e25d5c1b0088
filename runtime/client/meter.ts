/** A meter of a switch, with two rates and three colours (RFC 2698). */
import type { ArraySchema } from '../../compiler/control/schema.js';
import { captureLocation, type Loc } from '../../compiler/support/location.js';
import type { MeterConfig as Message, MeterEntry } from '../p4runtime/messages.js';
import type { Requests } from './requests.js';
import { takes } from './signatures.js';
import { toIndex, toInt64, valueError } from './values.js';

/** Rates per second and bursts, in packets or bytes as the meter's unit is. */
export interface MeterRates<N = bigint> {
  /** Committed rate: what is above it is yellow. */
  readonly cir: N;
  readonly cburst: N;
  /** Peak rate, at least the committed one: what is above it is red. */
  readonly pir: N;
  readonly pburst: N;
}
/** As a controller writes them. */
export type MeterInput = MeterRates<number | bigint>;
/** The cells of a meter that the program indexes. */
export interface MeterHandle {
  /** All cells, in order; undefined where nothing is configured, which makes every packet green. */
  read(): Promise<readonly (MeterRates | undefined)[]>;
  /** @throws P4RuntimeError OUT_OF_RANGE beyond its size */
  read(index: number): Promise<MeterRates | undefined>;
  /** Without an index, all cells; without rates, every packet is green. */
  set(index?: number, rates?: MeterInput): Promise<void>;
}

export function meterHandle(meter: ArraySchema, { read, write }: Requests): MeterHandle {
  const at = `meter ${meter.name}`;
  const entry = (index?: number): MeterEntry => ({
    meter_id: meter.id,
    ...(index === undefined ? {} : { index: toIndex(index, at) }),
  });
  const readCells = async (index?: number): Promise<(MeterRates | undefined)[]> => {
    const cells: (MeterRates | undefined)[] = [];
    for await (const { meter_entry: cell } of read(`read ${at}`, { meter_entry: entry(index) })) cells.push(decodeRates(cell?.config));
    return cells;
  };
  return {
    read: (async (index?: number) => {
      takes.readCell([index]);
      return index === undefined ? readCells() : (await readCells(index))[0];
    }) as MeterHandle['read'],
    set: async (index, rates) => {
      takes.meterSet([index, rates]);
      const config = rates && { config: encodeRates(rates, at, captureLocation()) };
      await write(`set ${at}`, { type: 'MODIFY', entity: { meter_entry: { ...entry(index), ...config } } });
    },
  };
}

/** @throws DiagnosticError entry-value */
export function encodeRates(rates: MeterInput, at: string, loc: Loc): Message {
  const rate = (name: keyof MeterRates): bigint => toInt64(rates[name], { at: `${at}, ${name}`, loc });
  const config = { cir: rate('cir'), cburst: rate('cburst'), pir: rate('pir'), pburst: rate('pburst') };
  // BMv2 would refuse it half-way, and could not read the entry's table any more.
  if (config.pir < config.cir)
    throw valueError({ at, loc }, `the peak rate pir ${config.pir} is below the committed rate cir ${config.cir}`);
  return config;
}

export const decodeRates = (config: Message | undefined): MeterRates | undefined =>
  config && { cir: config.cir ?? 0n, cburst: config.cburst ?? 0n, pir: config.pir ?? 0n, pburst: config.pburst ?? 0n };
