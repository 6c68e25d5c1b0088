/** PSA programs in P4 of two bytes of header, and the packets that leave them. */
import type { Program } from '../../compiler/ir/index.js';
import type { StateUpdate, Transit } from '../../runtime/data-plane/messages.js';
import type { Trace } from '../../runtime/data-plane/trace.js';
import { Interpreter, type PacketResult } from '../../runtime/interpreter/index.js';
import { load } from '../frontend/lower/load.js';
import { fromHex, toHex } from './packets.js';

/** Statements, where nothing else is said. Without them a block does nothing, and the parsers extract nothing. */
export interface Parts {
  /** Declarations before the blocks. */
  readonly top: string;
  /** Where `start` goes. */
  readonly ingressNext: string;
  readonly ingressParser: string;
  /** Declarations in the block. */
  readonly ingressLocals: string;
  readonly ingress: string;
  readonly ingressDeparserLocals: string;
  readonly ingressDeparser: string;
  readonly egressParser: string;
  readonly egressLocals: string;
  readonly egress: string;
  readonly egressDeparser: string;
}

/** `carried` is the type of all metadata that goes with packets; `h` and `note`, in front of it, are emitted where valid. */
const text = (p: Partial<Parts>): string => `
#include <psa.p4>
header h_t { bit<8> a; bit<8> b; }
header note_t { bit<64> value; }
struct headers_t { note_t note; h_t h; }
struct meta_t { bit<8> x; bit<64> seen; }
struct carried_t { bit<8> v; bit<64> w; }
error { Strange }
${p.top ?? ''}
parser IP(packet_in p, out headers_t hdr, inout meta_t m, in psa_ingress_parser_input_metadata_t istd, in carried_t resub, in carried_t recirc) {
    state start { ${p.ingressParser ?? ''} transition ${p.ingressNext ?? 'accept;'} }
}
control I(inout headers_t hdr, inout meta_t m, in psa_ingress_input_metadata_t istd, inout psa_ingress_output_metadata_t ostd) {
    ${p.ingressLocals ?? ''}
    apply { ${p.ingress ?? ''} }
}
control ID(packet_out p, out carried_t i2e, out carried_t resub, out carried_t normal, inout headers_t hdr, in meta_t m, in psa_ingress_output_metadata_t istd) {
    ${p.ingressDeparserLocals ?? ''}
    apply { ${p.ingressDeparser ?? ''} p.emit(hdr); }
}
parser EP(packet_in p, out headers_t hdr, inout meta_t m, in psa_egress_parser_input_metadata_t istd, in carried_t normal, in carried_t i2e, in carried_t e2e) {
    state start { ${p.egressParser ?? ''} transition accept; }
}
control E(inout headers_t hdr, inout meta_t m, in psa_egress_input_metadata_t istd, inout psa_egress_output_metadata_t ostd) {
    ${p.egressLocals ?? ''}
    apply { ${p.egress ?? ''} }
}
control ED(packet_out p, out carried_t e2e, out carried_t recirc, inout headers_t hdr, in meta_t m, in psa_egress_output_metadata_t istd, in psa_egress_deparser_input_metadata_t edstd) {
    apply { ${p.egressDeparser ?? ''} p.emit(hdr); }
}
IngressPipeline(IP(), I(), ID()) ip;
EgressPipeline(EP(), E(), ED()) ep;
PSA_Switch(ip, PacketReplicationEngine(), ep, BufferingQueueingEngine()) main;
`;

export const psaProgram = (parts: Partial<Parts> = {}): Promise<Program> => load(text(parts));

/** Puts a value of at most 64 bits in front of the packet. */
export const note = (value: string): string => `hdr.note.setValid(); hdr.note.value = (bit<64>) (${value});`;
export const toPort = (port: number): string => `send_to_port(ostd, (PortId_t) ${port});`;

export interface Sent {
  /** `port:hex` of each packet that left. */
  readonly sent: readonly string[];
  readonly digests: PacketResult['digests'];
  readonly trace: Trace;
}

export class PsaLab {
  readonly interpreter: Interpreter;

  private constructor(program: Program) {
    this.interpreter = new Interpreter(program);
  }

  static async of(parts: Partial<Parts>, updates: readonly StateUpdate[] = []): Promise<PsaLab> {
    const lab = new PsaLab(await psaProgram(parts));
    lab.interpreter.state.write(updates);
    return lab;
  }

  send(
    hex = 'aabbcc',
    { port = 1, timestampNs = 0n, transit }: { readonly port?: number; readonly timestampNs?: bigint; readonly transit?: Transit } = {},
  ): Sent {
    const { outputs, digests, trace } = this.interpreter.process({
      port,
      bytes: fromHex(hex),
      timestampNs,
      ...(transit && { transit }),
      trace: true,
    });
    return { sent: outputs.map((o) => `${o.port}:${toHex(o.bytes)}`), digests, trace: trace as Trace };
  }
}

/** What leaves a new switch for one packet. */
export const run = async (parts: Partial<Parts>, updates: readonly StateUpdate[] = [], hex?: string): Promise<readonly string[]> =>
  (await PsaLab.of(parts, updates)).send(hex).sent;

/** `port:` and the note, as hexadecimal without zeros in front, of packets that begin with one. */
export const notes = (sent: readonly string[]): string[] =>
  sent.map((one) => {
    const [port = '', hex = ''] = one.split(':');
    return `${port}:${BigInt(`0x${hex.slice(0, 16)}`).toString(16)}`;
  });
