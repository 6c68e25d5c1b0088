/** v1model programs in P4 with headers of every kind, and the packets that leave them. */
import type { Program } from '../../compiler/ir/index.js';
import type { OfKind } from '../../compiler/ir/visit.js';
import type { StateUpdate } from '../../runtime/data-plane/messages.js';
import { allEvents, type Trace, type TraceEvent } from '../../runtime/data-plane/trace.js';
import { Interpreter, type PacketResult } from '../../runtime/interpreter/index.js';
import { load } from '../frontend/lower/load.js';
import { fromHex, toHex } from './packets.js';

export interface Parts {
  /** Declarations before the structs. */
  readonly top?: string;
  /** More headers, and fields of the metadata. */
  readonly headers?: string;
  readonly meta?: string;
  /** Declarations of the parser; the body of its state `start`, with its transition; its other states. */
  readonly parserLocals?: string;
  readonly start?: string;
  readonly states?: string;
  /** Statements, and declarations, of the controls. */
  readonly verify?: string;
  readonly locals?: string;
  readonly ingress?: string;
  readonly egressLocals?: string;
  readonly egress?: string;
  readonly compute?: string;
}

/** Extracts `k`. */
export const extractK = 'p.extract(h.k); transition accept;';

export const v1modelSource = (parts: Parts): string => `
#include <v1model.p4>
header shown_t { bit<64> value; }
header k_t { bit<8> a; bit<8> b; }
header byte_t { bit<8> v; }
header options_t { bit<8> length; varbit<32> options; }
header_union either_t { byte_t p; byte_t q; }
${parts.top ?? ''}
struct headers_t { shown_t shown; k_t k; byte_t x; byte_t y; byte_t[3] s; either_t u; options_t o; ${parts.headers ?? ''} }
struct meta_t { bit<64> m; ${parts.meta ?? ''} }
parser parse(packet_in p, out headers_t h, inout meta_t meta, inout standard_metadata_t std) {
  ${parts.parserLocals ?? ''}
  state start { ${parts.start ?? 'transition accept;'} }
  ${parts.states ?? ''}
}
control verifyChecksums(inout headers_t h, inout meta_t meta) { apply { ${parts.verify ?? ''} } }
control ingress(inout headers_t h, inout meta_t meta, inout standard_metadata_t std) { ${parts.locals ?? ''} apply { ${parts.ingress ?? ''} } }
control egress(inout headers_t h, inout meta_t meta, inout standard_metadata_t std) { ${parts.egressLocals ?? ''} apply { ${parts.egress ?? ''} } }
control computeChecksums(inout headers_t h, inout meta_t meta) { apply { ${parts.compute ?? ''} } }
control deparse(packet_out p, in headers_t h) { apply { p.emit(h); } }
V1Switch(parse(), verifyChecksums(), ingress(), egress(), computeChecksums(), deparse()) main;
`;

export const v1modelProgram = (parts: Parts): Promise<Program> => load(v1modelSource(parts));

/** Puts a value of up to 64 bits in front of the packet. */
export const show = (value: string): string => `h.shown.setValid(); h.shown.value = (bit<64>) (${value});`;
/** The same of a bool: 1 or 0. */
export const showBool = (cond: string): string => show(`(${cond}) ? 64w1 : 0`);

export interface Sent {
  /** `port:hex` of each packet that left. */
  readonly sent: readonly string[];
  /** What `show` put in front of each packet. */
  readonly shown: readonly bigint[];
  readonly digests: PacketResult['digests'];
  readonly trace: Trace;
}

/** A program, ready to run. */
export class Runs {
  readonly interpreter: Interpreter;

  private constructor(program: Program, seed: number) {
    this.interpreter = new Interpreter(program, { seed });
  }

  static async of(parts: Parts, updates: readonly StateUpdate[] = [], seed = 0): Promise<Runs> {
    const runs = new Runs(await v1modelProgram(parts), seed);
    runs.interpreter.state.write(updates);
    return runs;
  }

  send(hex = 'aabbcc', { port = 1, timestampNs = 0n }: { readonly port?: number; readonly timestampNs?: bigint } = {}): Sent {
    const { outputs, digests, trace } = this.interpreter.process({ port, bytes: fromHex(hex), timestampNs, trace: true });
    const sent = outputs.map((o) => `${o.port}:${toHex(o.bytes)}`);
    return { sent, shown: sent.map((one) => BigInt(`0x0${one.split(':')[1]?.slice(0, 16)}`)), digests, trace: trace as Trace };
  }
}

/** What leaves a new switch for one packet. */
export const run = async (parts: Parts, hex?: string, updates: readonly StateUpdate[] = []): Promise<readonly string[]> =>
  (await Runs.of(parts, updates)).send(hex).sent;

/** The bytes that leave for one packet, which is empty unless it is given. */
export const bytesOf = async (parts: Parts, hex = ''): Promise<string | undefined> => (await run(parts, hex))[0]?.replace(/^\d+:/, '');

/** The value that an expression has in ingress, after statements, for one packet, which is empty unless it is given. */
export const seen = async (value: string, before = '', parts: Parts = {}, hex = ''): Promise<bigint | undefined> =>
  (await Runs.of({ ...parts, ingress: `${before} ${show(value)}` })).send(hex).shown[0];
/** The same of a bool: 1 or 0. */
export const holds = (cond: string, before = '', parts: Parts = {}, hex = ''): Promise<bigint | undefined> =>
  seen(`(${cond}) ? 64w1 : 0`, before, parts, hex);

/** The events of that kind, in order. */
export const events = <K extends TraceEvent['kind']>(trace: Trace, kind: K): OfKind<TraceEvent, K>[] =>
  [...allEvents(trace.events)].filter((e): e is OfKind<TraceEvent, K> => e.kind === kind);

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
