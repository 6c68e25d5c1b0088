/** What p4c refuses, or compiles otherwise, and BMv2 does with our JSON. */
import { random } from '../../../support/packets.js';
import { extractK, show, v1modelProgram } from '../../../support/v1model-runs.js';
import { packet, scenario } from '../scenario.js';

const beyond = await v1modelProgram({
  top: `
    bit<8> halved(in bit<8> x) { if (x > 100) { return x >> 1; } return x; }
    control guard(inout bit<8> x, inout bit<8> y) { apply { x = x + 3; if (x[2:0] == 1) { exit; } y = y + 1; } }`,
  meta: 'bit<8> parsed; bit<8> sum; bit<8> ran; bit<16> shifted; bit<8> turns;',
  start: extractK.replace('transition', 'meta.parsed = halved(h.k.a); transition'),
  locals: `
    guard() first;
    guard() second;
    action add(bit<8> n) { meta.sum = meta.sum + n; }
    action stop() { meta.ran = meta.ran + 1; }
    table t {
      key = { h.k.b & 7 : exact @name("low"); meta.sum : ternary; }
      actions = { add; stop; }
      const entries = { (1, _): add(1); (2, 0): add(2); (2, _): stop(); (3, 0): stop(); }
      default_action = add(16);
    }`,
  ingress: `
    std.egress_spec = 2;
    if (t.apply().hit) { meta.ran = meta.ran + 32; } else { t.apply(); }
    switch (t.apply().action_run) { stop: { meta.ran = meta.ran + 64; } default: { meta.ran = meta.ran + 2; } }
    meta.shifted = ((bit<16>) h.k.a ++ h.k.b)[15:0] << meta.shifted + (bit<16>) h.k.b;
    for (bit<8> i in 1 .. h.k.a) { if (i > 20) { break; } if (i[0:0] == 1) { continue; } meta.turns = meta.turns + i; }
    for (bit<8> i = 0; i < (h.k.b & 7); i = i + 1) { if (t.apply().miss) { meta.turns = meta.turns + 1; } }
    ${show('meta.parsed ++ meta.sum ++ meta.ran ++ meta.turns ++ meta.shifted')}
    first.apply(h.k.a, h.k.b);
    second.apply(h.k.a, h.k.b);
    first.apply(h.k.b, h.k.a);
    h.x.setValid();
    h.x.v = 1;`,
  egress: 'h.y.setValid(); h.y.v = meta.ran;',
});

const next = random(3);

export const beyondP4c = scenario({
  name: 'beyond-p4c',
  pipeline: beyond,
  steps: Array.from({ length: 32 }, (_, i) => packet(1, Uint8Array.of(next() & 255, i & 1 ? i >> 1 : next() & 255, 0xee))),
});
