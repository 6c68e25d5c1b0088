/** Copies of v1model.p4 that a program has of its own: what is the same in them is the architecture's. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { programOf } from '../../compiler/dsl/handles.js';
import { loadP4 } from '../../compiler/imported-p4/node.js';
import { Diagnostics } from '../../compiler/support/diagnostics.js';
import { parseStf } from '../../runtime/stf/parse.js';
import { runStf } from '../../runtime/stf/run.js';
import { bmv2 } from '../../targets/bmv2/node.js';
import { folderWith } from '../support/folders.js';

const fork = (more = '') => `#include <core.p4>
match_kind { range, optional, selector }
@p4runtime_translation("", bit<9>)
type bit<9> port_id_t;
enum CounterType { packets, bytes, packets_and_bytes }
@metadata @name("standard_metadata")
struct standard_metadata_t {
  port_id_t ingress_port; port_id_t egress_spec; port_id_t egress_port; bit<32> instance_type; bit<32> packet_length;
  bit<32> enq_timestamp; bit<19> enq_qdepth; bit<32> deq_timedelta; bit<19> deq_qdepth; bit<48> ingress_global_timestamp;
  bit<48> egress_global_timestamp; bit<16> mcast_grp; bit<16> egress_rid; bit<1> checksum_error; error parser_error; bit<3> priority;
  ${more}
}
extern void mark_to_drop(inout standard_metadata_t standard_metadata);
extern counter { counter(bit<32> size, CounterType type); void count(in bit<32> index); }
parser Parser<H, M>(packet_in b, out H parsedHdr, inout M meta, inout standard_metadata_t standard_metadata);
control VerifyChecksum<H, M>(inout H hdr, inout M meta);
@pipeline control Ingress<H, M>(inout H hdr, inout M meta, inout standard_metadata_t standard_metadata);
@pipeline control Egress<H, M>(inout H hdr, inout M meta, inout standard_metadata_t standard_metadata);
control ComputeChecksum<H, M>(inout H hdr, inout M meta);
@deparser control Deparser<H>(packet_out b, in H hdr);
package V1Switch<H, M>(Parser<H, M> p, VerifyChecksum<H, M> vr, Ingress<H, M> ig, Egress<H, M> eg, ComputeChecksum<H, M> ck, Deparser<H> dep);
`;
const program = (include: string, apply: string) => `#include "${include}"
header h_t { bit<8> a; bit<8> b; }
struct H { h_t h; }
struct M { port_id_t back; }
parser P(packet_in p, out H h, inout M m, inout standard_metadata_t s) { state start { p.extract(h.h); transition accept; } }
control V(inout H h, inout M m) { apply { } }
control I(inout H h, inout M m, inout standard_metadata_t s) {
  counter(4, CounterType.packets) c;
  action forward(port_id_t port) { s.egress_spec = port; }
  table t {
    key = { s.ingress_port: exact; h.h.a: exact; }
    actions = { forward; NoAction; }
    default_action = NoAction();
    const entries = { ((port_id_t) 1, 1): forward((port_id_t) 3); }
  }
  apply { ${apply} }
}
control E(inout H h, inout M m, inout standard_metadata_t s) { apply { } }
control C(inout H h, inout M m) { apply { } }
control D(packet_out p, in H h) { apply { p.emit(h); } }
V1Switch(P(), V(), I(), E(), C(), D()) main;
`;
const body =
  'c.count(1); m.back = s.ingress_port; if (!t.apply().hit) { s.egress_spec = m.back; } if (s.egress_spec == (port_id_t) 7) { mark_to_drop(s); }';

async function load(name: string, apply: string, more?: string) {
  const folder = folderWith({ 'p.p4': program(name, apply), [name]: fork(more) });
  const handle = await loadP4(join(folder, 'p.p4'));
  const descriptor = programOf(handle);
  if (!descriptor) throw new Error('no program');
  return { handle, ir: descriptor.ir };
}

describe.each(['v1model.p4', 'v1model_own.p4'])('%s with ports of a type of its own', (name) => {
  test('runs', async () => {
    const { handle } = await load(name, body);
    const stf = parseStf('packet 1 0100\nexpect 3 0100\npacket 2 0100\nexpect 2 0100\npacket 7 0100', 'test.stf', new Diagnostics());
    expect((await runStf(handle, stf)).failures).toEqual([]);
  });

  test('is printed for v1model.p4 as it is, and the control plane keeps the type', async () => {
    const { ir } = await load(name, body);
    const { compiled } = compile(ir, bmv2);
    const printed = String(compiled?.files.find((f) => f.suffix === '.p4')?.contents);
    expect(printed).toContain('#include <v1model.p4>');
    expect(printed).toContain('s.egress_spec = (bit<9>)port;');
    expect(printed).not.toContain('struct standard_metadata_t');
    const table = ir.controls.flatMap((c) => c.locals).find((l) => l.kind === 'table');
    expect(table?.kind === 'table' && table.keys.map((k) => [k.name, k.expr.type])).toEqual([
      ['s.ingress_port', { kind: 'named', name: 'port_id_t' }],
      ['h.h.a', { kind: 'bit', width: 8 }],
    ]);
  });

  test('a field that v1model does not have is told where it is used', async () => {
    await load(name, body, 'bit<5> qid;');
    await expect(load(name, 's.qid = 1;', 'bit<5> qid;')).rejects.toThrow(
      'The field qid, which v1model does not have, is not supported yet.',
    );
  });
});
