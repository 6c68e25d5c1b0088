/** A v1model program of two bytes of header, and the packets that leave it; for tests of what statements do. */
import { binary, bits, bitType, callFunction, callMethod, constant, field, list, member, name, named } from '../../compiler/ir/build.js';
import type { Block, Expr, FieldDecl, InstanceDecl, Stmt, Type, TypeDecl } from '../../compiler/ir/index.js';
import type { OfKind } from '../../compiler/ir/visit.js';
import { nowhere } from '../../compiler/support/location.js';
import type { StateUpdate } from '../../runtime/data-plane/messages.js';
import { allEvents, type Trace, type TraceEvent } from '../../runtime/data-plane/trace.js';
import { Interpreter, type PacketResult } from '../../runtime/interpreter/index.js';
import { fromHex, toHex } from './packets.js';
import { extract, hdr, header, meta, type Parts, program, state, stdField } from './v1model-program.js';

const k = field(hdr, 'k', named('k_t'));
export const a = field(k, 'a', bitType(8));
export const b = field(k, 'b', bitType(8));
const out = field(hdr, 'out', named('out_t'));
export const outValue = field(out, 'value', bitType(64));

export const labTypes: readonly TypeDecl[] = [header('out_t', { value: 64 }), header('k_t', { a: 8, b: 8 })];
export const labHeaders = { out: named('out_t'), k: named('k_t') };
export const extractK = state('start', [extract(k)], 'accept');

export const set = (target: Expr, value: Expr | number | bigint): Stmt => ({
  kind: 'assign',
  target,
  value: typeof value === 'object' ? value : { kind: 'const', value: BigInt(value), type: target.type, loc: nowhere },
  loc: nowhere,
});
export const setStd = (text: string, width: number, value: number): Stmt => set(stdField(text, width), value);
export const valid = (header: Expr, is = true): Stmt => ({ kind: 'set-validity', header, valid: is, loc: nowhere });
export const cast = (arg: Expr, type: Type): Expr => ({ kind: 'cast', arg, type, loc: nowhere });
const mux = (cond: Expr, yes: number, no: number): Expr => ({
  kind: 'mux',
  cond,
  yes: bits(yes, 64),
  no: bits(no, 64),
  type: bitType(64),
  loc: nowhere,
});
export const when = (cond: Expr, then: Block, otherwise?: Block): Stmt => ({
  kind: 'if',
  cond,
  then,
  ...(otherwise ? { else: otherwise } : {}),
  loc: nowhere,
});
export const metaField = (text: string, width: number): Expr => field(meta, text, bitType(width));
/** A metadata field that survives with the field lists named. */
export const kept = (width: number, ...lists: number[]): FieldDecl => ({
  name: '',
  type: bitType(width),
  annotations: [{ name: 'field_list', body: lists.join(', ') }],
  loc: nowhere,
});
/** Puts a value of 64 bits in front of the packet. */
export const show = (value: Expr): Block => [
  valid(out),
  set(outValue, value.type.kind === 'bool' ? mux(value, 1, 0) : cast(value, bitType(64))),
];

export const instance = (type: string, text: string, args: readonly Expr[], typeArgs?: readonly Type[]): InstanceDecl => ({
  kind: 'instance',
  name: text,
  type: named(type, typeArgs),
  args,
  loc: nowhere,
});
const object = (declaration: InstanceDecl): Expr => name(declaration.name, declaration.type);
export const method = (declaration: InstanceDecl, called: string, ...args: Expr[]): Stmt => callMethod(object(declaration), called, args);
/** `implementation`, `counters` or `meters` of a table. */
export const property = (text: string, declaration: InstanceDecl) => ({ properties: [{ name: text, value: object(declaration) }] });
export const register = (text: string, size: number, element: Type = bitType(16)): InstanceDecl =>
  instance('register', text, [bits(size, 32)], [element]);

const cloneType = (type: 'I2E' | 'E2E') => member('CloneType', type);
export const mirror = (type: 'I2E' | 'E2E', session: number, fieldList?: number): Stmt =>
  fieldList === undefined
    ? callFunction('clone', [cloneType(type), bits(session, 32)])
    : callFunction('clone_preserving_field_list', [cloneType(type), bits(session, 32), bits(fieldList, 8)]);
export const resubmit = (fieldList: number): Stmt => callFunction('resubmit_preserving_field_list', [bits(fieldList, 8)]);
export const recirculate = (fieldList: number): Stmt => callFunction('recirculate_preserving_field_list', [bits(fieldList, 8)]);
export const hash = (result: Expr, algorithm: string, data: readonly Expr[], base: Expr, max: Expr): Stmt =>
  callFunction('hash', [result, member('HashAlgorithm', algorithm), base, list(data), max]);

export interface Sent {
  /** `port:hex` of each packet that left. */
  readonly sent: readonly string[];
  /** What `show` put in front of each packet. */
  readonly shown: readonly bigint[];
  readonly digests: PacketResult['digests'];
  readonly trace: Trace;
}

/** The program with these parts, ready to run. */
export class Lab {
  readonly interpreter: Interpreter;

  constructor(parts: Partial<Parts>, updates: readonly StateUpdate[] = [], seed = 0) {
    this.interpreter = new Interpreter(program({ types: labTypes, headers: labHeaders, states: [extractK], ...parts }), { seed });
    this.interpreter.state.write(updates);
  }

  send(hex = 'aabbcc', { port = 1, timestampNs = 0n }: { readonly port?: number; readonly timestampNs?: bigint } = {}): Sent {
    const { outputs, digests, trace } = this.interpreter.process({ port, bytes: fromHex(hex), timestampNs, trace: true });
    const sent = outputs.map((o) => `${o.port}:${toHex(o.bytes)}`);
    return {
      sent,
      shown: sent.map((text) => BigInt(`0x0${text.split(':')[1]?.slice(0, 16)}`)),
      digests,
      trace: trace as Trace,
    };
  }
}

export const run = (parts: Partial<Parts>, hex?: string, updates: readonly StateUpdate[] = []): readonly string[] =>
  new Lab(parts, updates).send(hex).sent;
/** The value that the expression has in ingress. */
export const inIngress = (value: Expr, before: Block = [], parts: Partial<Parts> = {}, hex?: string): bigint | undefined =>
  new Lab({ ingress: [...before, ...show(value)], ...parts }).send(hex).shown[0];

/** The events of that kind, in order. */
export const events = <K extends TraceEvent['kind']>(trace: Trace, kind: K): OfKind<TraceEvent, K>[] =>
  [...allEvents(trace.events)].filter((e): e is OfKind<TraceEvent, K> => e.kind === kind);

export const int8: Type = { kind: 'int', width: 8 };
export const signed = (value: number): Expr => constant(value, int8);
export const byte = (value: number) => bits(value, 8);
export const slice = (base: Expr, high: number, low: number): Expr => ({
  kind: 'slice',
  base,
  high,
  low,
  type: bitType(high - low + 1),
  loc: nowhere,
});

export const v = (of: Expr) => field(of, 'v', bitType(8));
export const x = field(hdr, 'x', named('byte_t'));
/** Beside k and out: x, y (a byte each), a stack s of three bytes, a union u of two of them, and options with a varbit. */
export const wide: Partial<Parts> = {
  types: [
    ...labTypes,
    header('byte_t', { v: 8 }),
    header('options_t', { length: 8, options: { kind: 'varbit', width: 32 } }),
    {
      kind: 'header_union',
      name: 'either_t',
      fields: ['p', 'q'].map((n) => ({ name: n, type: named('byte_t'), loc: nowhere })),
      loc: nowhere,
    },
  ],
  headers: {
    ...labHeaders,
    x: named('byte_t'),
    y: named('byte_t'),
    s: { kind: 'stack', element: named('byte_t'), size: 3 },
    u: named('either_t'),
    o: named('options_t'),
  },
  states: [state('start', [], 'accept')],
};
/** The value that the expression has in ingress of the wide program, for an empty packet. */
export const seen = (value: Expr, ...before: Stmt[]) => inIngress(value, before, wide, '');

const replicas = (...ports: number[]) => ports.map((port, i) => ({ port, instance: i + 1 }));
export const session = (id: number, ...ports: number[]): StateUpdate => ({
  kind: 'clone-session',
  session: id,
  replicas: replicas(...ports),
});
export const group = (id: number, ...ports: number[]): StateUpdate => ({
  kind: 'multicast-group',
  group: id,
  replicas: replicas(...ports),
});
export const instanceType = stdField('instance_type', 32);
export const typeIs = (type: number) => binary('==', instanceType, bits(type, 32));
