/** The extern objects of psa.p4 (PSA §7). */
import type { Type } from '../../../../compiler/ir/index.js';
import { counted } from '../../../data-plane/counters.js';
import { type Color, MeterArray, MeterCell, type MeterUnit } from '../../../data-plane/meters.js';
import type { DirectCells } from '../../../data-plane/tables.js';
import { digested } from '../../digests.js';
import type { Extern, ExternConstructor } from '../../externs.js';
import type { Pass } from '../../scope.js';
import type { Value } from '../../values.js';
import { counter, mark, profile, register } from '../shared-externs.js';
import type { PsaPass } from './extern-context.js';
import { algorithmName, checksum, hash, internetChecksum } from './hashes.js';

const unitOf = (type: Value | undefined): MeterUnit => (type === 'BYTES' ? 'bytes' : 'packets');

/** `PSA_MeterColor_t`; the colour is GREEN where a call says none. */
const toName = (color: Color = 'green'): string => color.toUpperCase();
const fromName = (name = 'GREEN'): Color => name.toLowerCase() as Color;

/** The colour for an index out of range, which is undefined, is GREEN. */
const meter: ExternConstructor = ({ name, args: [size, type] }, { state }) => {
  const cells = new MeterArray(name, Number(size), state.trial);
  state.meters.set(name, cells);
  const unit = unitOf(type);
  const execute: Extern<[index: bigint, color?: string], Pass> = ([index, color], pass, { loc }) =>
    toName(mark(cells.cell(index), { meter: name, index: `${index}`, unit }, pass, loc, fromName(color)));
  return { methods: { execute } };
};

/** What a direct counter or meter counts with when an action calls it: the cells of the entry that was chosen. */
const direct =
  (name: string) =>
  (cells: DirectCells, _hit: boolean, pass: PsaPass): void => {
    pass.cells.set(name, cells);
  };

/** Counts when `count` is called, and only then (PSA §7.7.3). */
const directCounter: ExternConstructor = ({ name }) => {
  const count: Extern<[], PsaPass> = (_args, pass) => {
    const cells = pass.cells.get(name);
    if (cells) cells.counter = counted(cells.counter, pass.packetLength);
    return undefined;
  };
  return { methods: { count }, direct: direct(name) };
};

/** Marks when `execute` is called; packets are GREEN where the table was not applied. */
const directMeter: ExternConstructor = ({ name, args: [type] }) => {
  const unit = unitOf(type);
  const execute: Extern<[color?: string], PsaPass> = ([color], pass, { loc }) => {
    const cells = pass.cells.get(name);
    if (!cells) return toName();
    cells.meter ??= new MeterCell();
    return toName(mark(cells.meter, { meter: name, unit }, pass, loc, fromName(color)));
  };
  return { methods: { execute }, direct: direct(name) };
};

/** What is read out of range, which is undefined, is the default of the type. */
const registerArray: ExternConstructor = (instance, machine) => {
  const { type, read, write } = register(instance, machine);
  const readOrDefault: Extern<[index: bigint], Pass> = ([index], pass, site) => read(index, pass, site) ?? machine.types.default(type);
  return { methods: { read: readOrDefault, write } };
};

/** Numbers between two others, both included. */
const random: ExternConstructor = ({ args }) => {
  const [low, high] = args as [bigint, bigint];
  const read: Extern<[], Pass> = (_args, { trace, choices }, { loc }) => {
    const result = low <= high ? choices.number(low, high, loc) : low;
    trace?.add({ kind: 'random', low: `${low}`, high: `${high}`, result: `${result}`, loc });
    return result;
  };
  return { methods: { read } };
};

/** Each call makes a message, with the values at the call. */
const digest: ExternConstructor = ({ name }, { types }) => {
  const pack: Extern<[data: Value], PsaPass> = ([data], pass, site) => {
    pass.digests.push(digested({ name, type: site.types[0] as Type }, data, types, pass, site.loc));
    return undefined;
  };
  return { methods: { pack } };
};

/** The control plane alone knows it: programs call no methods of it. */
const engine: ExternConstructor = () => ({});

export const externs: Readonly<Record<string, ExternConstructor>> = {
  PacketReplicationEngine: engine,
  BufferingQueueingEngine: engine,
  Hash: hash,
  Checksum: checksum,
  InternetChecksum: internetChecksum,
  Counter: counter,
  DirectCounter: directCounter,
  Meter: meter,
  DirectMeter: directMeter,
  Register: registerArray,
  Random: random,
  ActionProfile: ({ name }, machine) => profile(name, undefined, machine),
  ActionSelector: ({ name, args: [algorithm] }, machine) => profile(name, algorithmName(algorithm), machine),
  Digest: digest,
};
