/** A program written for v1model itself, where an entry's meter is read in one action and not in the other (point 36). */
import { extractK, show, v1modelProgram } from '../../../support/v1model-runs.js';
import { packet, scenario } from '../scenario.js';

const meters = await v1modelProgram({
  meta: 'bit<8> color;',
  start: extractK,
  locals: `
    direct_meter<bit<8>>(MeterType.packets) rate;
    action read() { rate.read(meta.color); }
    action ignore() {}
    table t {
      key = { h.k.a: exact @name("key"); }
      actions = { read; ignore; }
      const entries = { 1: read(); 2: ignore(); }
      default_action = ignore();
      meters = rate;
    }`,
  ingress: `std.egress_spec = 2; meta.color = 9; t.apply(); ${show('meta.color')}`,
});

const of = (first: number) => packet(1, Uint8Array.of(first, 0));

export const v1modelDirectMeters = scenario({
  name: 'v1model-direct-meters',
  pipeline: meters,
  steps: [of(1), of(2), of(3)],
});
