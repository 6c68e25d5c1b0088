/** The extern objects of v1model. */
import type { Loc } from '../../../../compiler/support/location.js';
import { counted } from '../../../data-plane/counters.js';
import { type Color, colors, MeterArray, MeterCell, type MeterUnit } from '../../../data-plane/meters.js';
import type { DirectCells } from '../../../data-plane/tables.js';
import type { Extern, ExternConstructor } from '../../externs.js';
import type { Pass } from '../../scope.js';
import { counter, mark, profile, register } from '../shared-externs.js';
import type { V1modelPass } from './extern-context.js';

const code = (color: Color | undefined): bigint | undefined => color && BigInt(colors.indexOf(color));

/** An index out of range leaves the result as it was. */
const meter: ExternConstructor = ({ name, args: [size, unit] }, { state }) => {
  const cells = new MeterArray(name, Number(size), state.trial);
  state.meters.set(name, cells);
  const execute_meter: Extern<[index: bigint], Pass> = ([index], pass, { loc }) =>
    code(mark(cells.cell(index), { meter: name, index: `${index}`, unit: unit as MeterUnit }, pass, loc));
  return { methods: { execute_meter } };
};

/** Counts when its table is applied, whether `count` is called or not, as BMv2 does of hits. */
const directCounter: ExternConstructor = () => ({
  methods: { count: () => undefined },
  direct: (cells: DirectCells, _hit: boolean, { packetLength }: Pass) => {
    cells.counter = counted(cells.counter, packetLength);
  },
});

/** Marks when its table is applied, whether the program reads the colour or not. */
const directMeter: ExternConstructor = ({ name, args }) => {
  const unit = args[0] as MeterUnit;
  /** After a miss it leaves the result as it was, unless a meter is configured for misses. */
  const read: Extern<[], V1modelPass> = (_args, pass) => code(pass.colors.get(name));
  return {
    methods: { read },
    direct: (cells: DirectCells, hit: boolean, pass: V1modelPass, loc: Loc) => {
      cells.meter ??= new MeterCell();
      if (hit || cells.meter.isConfigured) pass.colors.set(name, mark(cells.meter, { meter: name, unit }, pass, loc));
      else cells.meter.mark(unit, pass);
    },
  };
};

/** Reading outside leaves the result as it was. */
const registerArray: ExternConstructor = (instance, machine) => {
  const { read, write } = register(instance, machine);
  const readInto: Extern<[index: bigint], Pass> = ([index], pass, site) => read(index, pass, site);
  return { methods: { read: readInto, write } };
};

export const externs: Readonly<Record<string, ExternConstructor>> = {
  counter,
  direct_counter: directCounter,
  meter,
  direct_meter: directMeter,
  register: registerArray,
  action_profile: ({ name }, machine) => profile(name, undefined, machine),
  action_selector: ({ name, args: [algorithm] }, machine) => profile(name, algorithm as string, machine),
};
