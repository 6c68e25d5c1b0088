/** Signed numbers: of one bit, from entries, in registers; with computed arguments beside each other. */
import { random } from '../../../support/packets.js';
import { show, v1modelProgram } from '../../../support/v1model-runs.js';
import { packet, scenario } from '../scenario.js';

const signedNumbers = await v1modelProgram({
  top: 'header signed_t { int<1> one; int<7> seven; int<8> eight; }',
  headers: 'signed_t n; signed_t[2] ns;',
  meta: 'int<8> given; int<1> one; bit<8> way;',
  start:
    'p.extract(h.n); p.extract(h.ns.next); meta.way = (bit<8>) (int<8>) h.ns.last.one; transition select(h.n.eight) { -1: more; default: accept; }',
  states: 'state more { p.extract(h.ns.next); transition accept; }',
  locals: `
    register<int<8>>(4) cells;
    action give(int<8> v) { meta.given = v; if (v < 0) { meta.way = meta.way + 1; } }
    table t {
      key = { h.n.eight : ternary; }
      actions = { give; }
      const entries = { 8s0x40 &&& 8s0x40 : give(100); }
      default_action = give(7);
    }`,
  ingress: `
    std.egress_spec = 2;
    t.apply();
    meta.one = h.n.one + h.ns[0].one;
    if (meta.one < 0) { h.n.seven = -h.n.seven; }
    h.n.one = (int<1>) (meta.one |-| h.ns[0].one);
    int<8> read;
    cells.write((bit<32>) h.n.eight[1:0], h.n.eight - meta.given);
    cells.read(read, (bit<32>) h.n.eight[1:0]);
    bit<8> less = read < meta.given ? 8w1 : 0;
    cells.write((bit<32>) (h.ns[0].eight[1:0] + 1), read |+| 100);
    cells.read(h.ns[0].eight, (bit<32>) (h.ns[0].eight[1:0] + 1));
    ${show('meta.way ++ less ++ (bit<8>) (read >> 1) ++ (bit<8>) (int<8>) meta.one ++ (bit<2>) (meta.one ++ h.ns[0].one) ++ (bit<6>) 0')}`,
});

const next = random(5);
const bytes = () => Uint8Array.from({ length: 6 }, () => (next() & 3 ? next() & 255 : 255));

export const signed = scenario({
  name: 'signed',
  pipeline: signedNumbers,
  steps: [packet(1, '8080 8080 8080'), packet(1, 'ffff ffff ffff'), ...Array.from({ length: 20 }, () => packet(1, bytes()))],
});
