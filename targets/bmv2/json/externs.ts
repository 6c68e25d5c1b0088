/** Calls of v1model's externs as primitives of simple_switch. */
import type { FlatArg, FlatCall, FlatExpr, Slot } from '../../../compiler/flat/index.js';
import { InternalError, invariant } from '../../../compiler/support/invariant.js';
import { hex, number, signed } from './expressions.js';
import type { Calculation, Json, Primitive } from './format.js';
import { standardMetadata } from './layout.js';
import type { Writer } from './writer.js';

/** `before`: what is put in front of the primitive. */
type Maker = (call: FlatCall, w: Writer, before: Primitive[]) => readonly Primitive[];

export function callPrimitives(call: FlatCall, w: Writer): readonly Primitive[] {
  const key = call.object ? `${call.object.extern.name}.${call.method.name}` : call.method.name;
  const make = makers[key];
  if (!make) throw new InternalError(`no primitive for ${key}`);
  const before: Primitive[] = [];
  const made = make(call, w, before);
  return [...before, ...made, ...resultsOf(call).flatMap((slot) => withSign(slot, w))];
}

/** The slots that take what the call gives. */
function resultsOf({ method, args, result }: FlatCall): readonly Slot[] {
  const given = args.filter((_, i) => method.params[i]?.direction === 'out' || method.params[i]?.direction === 'inout');
  return [...given, ...(result ? [result] : [])].flatMap((arg) =>
    arg.kind === 'value' && arg.value.kind === 'slot' ? [arg.value.slot] : [],
  );
}

/** BMv2 keeps what it puts into a signed field as a number without a sign. */
function withSign(slot: Slot, { layout }: Writer): readonly Primitive[] {
  const { type } = slot;
  if (type.kind !== 'int' || type.width === 1) return [];
  const field: Json = { type: 'field', value: layout.fieldOf(slot) };
  return one('assign', field, { type: 'expression', value: signed(field, type) });
}

const valueAt = ({ args }: FlatCall, i: number): FlatExpr => {
  const arg = args[i];
  invariant(arg?.kind === 'value', 'a number was expected');
  return arg.value;
};
const nameAt = ({ args }: FlatCall, i: number): string => {
  const arg = args[i];
  invariant(arg?.kind === 'name', 'a name was expected');
  return arg.name;
};
const slotAt = (call: FlatCall, i: number): Slot => {
  const value = valueAt(call, i);
  invariant(value.kind === 'slot', 'a place was expected');
  return value.slot;
};
const fieldAt = (call: FlatCall, i: number, { layout }: Writer): Json => ({ type: 'field', value: layout.fieldOf(slotAt(call, i)) });
const object = ({ object: of }: FlatCall, type: 'counter_array' | 'meter_array' | 'register_array'): Json => ({
  type,
  value: of?.name ?? '',
});
const id = (value: number): Json => ({ type: 'hexstr', value: hex(BigInt(value), 8) });
function listAt(call: FlatCall, i: number, w: Writer): Json {
  const list = valueAt(call, i);
  invariant(list.kind === 'const', 'the number of a list of fields is not constant');
  return id(w.fieldList(list.value));
}
const one = (op: string, ...parameters: readonly Json[]): readonly Primitive[] => [{ op, parameters }];
const condition: Maker = (call, w) => one(call.method.name, { type: 'expression', value: number(valueAt(call, 0), w.layout) });

const makers: Readonly<Record<string, Maker>> = {
  mark_to_drop: () => one('mark_to_drop', { type: 'header', value: standardMetadata }),
  'counter.count': (call, w) => one('count', object(call, 'counter_array'), w.argument(valueAt(call, 0))),
  // A direct counter counts each hit.
  'direct_counter.count': () => [],
  'meter.execute_meter': (call, w) => one('execute_meter', object(call, 'meter_array'), w.argument(valueAt(call, 0)), fieldAt(call, 1, w)),
  'direct_meter.read': (call, w) => {
    const result = call.object && w.meterResults.get(call.object);
    return result ? one('assign', fieldAt(call, 0, w), { type: 'field', value: result }) : [];
  },
  'register.read': (call, w) => one('register_read', fieldAt(call, 0, w), object(call, 'register_array'), w.argument(valueAt(call, 1))),
  'register.write': (call, w, before) =>
    one('register_write', object(call, 'register_array'), w.argument(valueAt(call, 0)), w.operand(valueAt(call, 1), before)),
  hash: (call, w, before) => {
    const calculation = calculationOf(nameAt(call, 1), [call.args[3] as FlatArg], w, before);
    return one(
      'modify_field_with_hash_based_offset',
      fieldAt(call, 0, w),
      w.argument(valueAt(call, 2)),
      { type: 'calculation', value: calculation },
      w.operand(valueAt(call, 4), before),
    );
  },
  random: (call, w, before) =>
    one('modify_field_rng_uniform', fieldAt(call, 0, w), w.argument(valueAt(call, 1)), w.operand(valueAt(call, 2), before)),
  digest: (call, w, before) => {
    // One digest is one list, wherever it is reported.
    const values = scalarsIn(call.args[1] as FlatArg);
    const known = w.learnLists.find(({ name }) => name === call.digest);
    const elements = values.map((value, i): Json => {
      const target = known?.elements[i];
      return { type: 'field', value: target?.type === 'field' ? w.fill(target.value, value, before) : w.field(value, before, true) };
    });
    const list = known ?? { id: w.learnLists.length + 1, name: call.digest ?? '', elements };
    if (!known) w.learnLists.push(list);
    return one('generate_digest', w.argument(valueAt(call, 0)), id(list.id));
  },
  clone: (call, w) => one(cloneOf(call), w.argument(valueAt(call, 1)), id(w.fieldList())),
  clone_preserving_field_list: (call, w) => one(cloneOf(call), w.argument(valueAt(call, 1)), listAt(call, 2, w)),
  resubmit_preserving_field_list: (call, w) => one('resubmit', listAt(call, 0, w)),
  recirculate_preserving_field_list: (call, w) => one('recirculate', listAt(call, 0, w)),
  truncate: (call, w) => one('truncate', w.argument(valueAt(call, 0))),
  assert: condition,
  assume: condition,
  log_msg: ({ args: [text, data] }, w, before) => {
    const values = data ? scalarsIn(data).map((value): Json => ({ type: 'field', value: w.field(value, before) })) : [];
    return one('log_msg', { type: 'string', value: text?.kind === 'text' ? text.text : '' }, { type: 'parameters_vector', value: values });
  },
};

const cloneOf = (call: FlatCall): string => (nameAt(call, 0) === 'I2E' ? 'clone_ingress_pkt_to_egress' : 'clone_egress_pkt_to_egress');

/** The numbers of an argument, in order. */
export function scalarsIn(arg: FlatArg): readonly FlatExpr[] {
  switch (arg.kind) {
    case 'value':
      return [arg.value];
    case 'header':
      return arg.header.fields.map((slot): FlatExpr => ({ kind: 'slot', slot, type: slot.type }));
    case 'parts':
      return arg.parts.flatMap((part) => scalarsIn(part.arg));
    default:
      throw new InternalError(`a ${arg.kind} among numbers`);
  }
}

/** A calculation over headers, and copies of fields: of both BMv2 leaves out what belongs to headers that are not valid. */
function calculationOf(algorithm: string, data: readonly FlatArg[], w: Writer, before: Primitive[]): string {
  const name = w.name('calc');
  const input = data.flatMap((arg) => inputsOf(arg, w, before));
  w.calculations.push({ name, id: w.calculations.length, algo: algorithm, input });
  return name;
}

function inputsOf(arg: FlatArg, w: Writer, before: Primitive[]): Calculation['input'] {
  if (arg.kind === 'parts') return arg.parts.flatMap((part) => inputsOf(part.arg, w, before));
  if (arg.kind === 'header' || arg.kind === 'stack') return headerInputs(arg, w);
  return scalarsIn(arg).map((value) => inputOf(value, w, before));
}

/** Headers as they are when the calculation runs. */
export function headerInputs(arg: FlatArg & { readonly kind: 'header' | 'stack' }, { layout }: Writer): Calculation['input'] {
  const headers = arg.kind === 'header' ? [arg.header] : arg.stack.elements.flatMap((one) => ('members' in one ? one.members : [one]));
  return headers.map((header) => ({ type: 'header', value: layout.nameOf(header) }));
}

function inputOf(value: FlatExpr, w: Writer, before: Primitive[]): Json & { readonly bitwidth?: number } {
  if (value.kind === 'const') {
    const bitwidth = value.type.kind === 'bool' ? 1 : value.type.width;
    return { type: 'hexstr', value: hex(BigInt.asUintN(bitwidth, value.value), bitwidth), bitwidth };
  }
  return { type: 'field', value: w.field(value, before, value.kind !== 'slot' || value.slot.header !== undefined) };
}
