/** Parsers written for v1model itself: selects without a match, explicit rejects, and which case is taken (points 21 and 22). */
import { show, v1modelProgram } from '../../../support/v1model-runs.js';
import { packet, scenario } from '../scenario.js';

const errors = ['NoError', 'PacketTooShort', 'NoMatch', 'StackOutOfBounds', 'HeaderTooShort', 'ParserTimeout', 'ParserInvalidArgument'];

const parsers = await v1modelProgram({
  meta: 'bit<64> way;',
  start: 'p.extract(h.k); transition select(h.k.a) { 0: masks; 1: several; 2: none; 3: reject; }',
  states: `
    state masks {
      transition select(h.k.b) { 0x11 .. 0x2e: one; 0x10 &&& 0xf1: two; 0 .. 0xff: three; }
    }
    state several {
      transition select(h.k.b, h.k.b + 1) { (0x10, 0x11): one; (_, 0x80 .. 0x90): two; (1 &&& 1, _): three; }
    }
    // No case, and nothing for the others.
    state none { meta.way = 4; transition select(h.k.b) { 1: one; 2: reject; } }
    ${['one', 'two', 'three'].map((name, i) => `state ${name} { meta.way = ${i + 1}; transition accept; }`).join('\n')}`,
  ingress: `
    std.egress_spec = 2;
    ${errors.map((error, i) => `if (std.parser_error == error.${error}) { meta.way = meta.way | ${0x1000 * i}; }`).join('\n')}
    ${show('meta.way')}`,
});

const send = (first: number, second: number) => packet(1, Uint8Array.of(first, second, 0xee));

export const v1modelParsers = scenario({
  name: 'v1model-parsers',
  pipeline: parsers,
  steps: [
    ...[0, 0x10, 0x11, 0x20, 0x2e, 0x2f, 0x12, 0xff].map((second) => send(0, second)),
    ...[0x10, 0x11, 0x7f, 0x80, 0x8f, 0x90, 0x91, 0xff, 0].map((second) => send(1, second)),
    ...[1, 2, 3].map((second) => send(2, second)),
    send(3, 0),
    send(4, 0),
    packet(1, '00'),
  ],
});
