/** What a parser looks ahead at, in packets that are long enough and in others; what an error ends, and what is not evaluated. */
import { show, v1modelProgram } from '../../../support/v1model-runs.js';
import { packet, scenario } from '../scenario.js';

const parsers = await v1modelProgram({
  top: 'header odd_t { bit<4> a; bit<12> b; int<8> c; } struct parts_t { bit<3> x; bit<5> y; k_t k; }',
  headers: 'odd_t odd;',
  meta: 'bit<8> first; bit<16> seen; bit<8> error_; bit<8> part; bool both;',
  start: `
    meta.first = p.lookahead<bit<8>>();
    transition select(meta.first) { 0: whole; 1: parts; 2: operators; 3: choices; 4: emptyStack; 5: stackOperators; }`,
  states: `
    state whole { meta.part = 1; h.odd = p.lookahead<odd_t>(); meta.seen = h.odd.b ++ h.odd.a; p.extract(h.x); transition accept; }
    state parts {
      parts_t found = p.lookahead<parts_t>();
      meta.seen = found.k.b ++ found.k.a;
      meta.part = (bit<8>) found.y;
      tuple<bit<4>, bit<12>> pair = p.lookahead<tuple<bit<4>, bit<12>>>();
      meta.both = pair[1] == 0x123;
      transition accept;
    }
    state operators {
      p.extract(h.x);
      meta.both = h.x.v == 3 || p.lookahead<bit<8>>() == 7;
      meta.part = 1;
      if (h.x.v == 2 && p.lookahead<bit<16>>() > 0x700) { meta.part = 2; }
      transition accept;
    }
    state choices { p.extract(h.x); meta.seen = h.x.v == 4 ? p.lookahead<bit<16>>() : 9; transition choices2; }
    state choices2 { meta.part = p.lookahead<bit<8>>() == 0 ? 8w5 : p.lookahead<k_t>().b; transition accept; }
    state emptyStack { meta.part = 1; meta.part = h.s.last.v; transition accept; }
    state stackOperators {
      meta.both = h.s.lastIndex != 0xffffffff && h.s.last.v == 5;
      p.extract(h.s.next);
      meta.seen = h.s.lastIndex == 0 && h.s.last.v == 5 ? 16w1 : 2;
      transition select(p.lookahead<bit<8>>(), h.s.last.v) { (1, 5): emptied; default: accept; }
    }
    state emptied { meta.part = 3; transition accept; }`,
  ingress: `
    std.egress_spec = 2;
    if (std.parser_error == error.PacketTooShort) { meta.error_ = 1; }
    if (std.parser_error == error.StackOutOfBounds) { meta.error_ = 2; }
    ${show('meta.first ++ meta.seen ++ meta.part ++ meta.error_ ++ (meta.both ? 8w1 : 0)')}`,
});

const of = (...packets: readonly string[]) => packets.map((bytes) => packet(1, bytes));

export const lookahead = scenario({
  name: 'lookahead',
  pipeline: parsers,
  steps: [
    ...of('00', '0012', '001234', '00fedcba'),
    ...of('01', '0123', '012345', '01234567'),
    ...of('02', '0207', '020700', '020701', '0209', '0203'),
    ...of('03', '0300', '0304', '030011', '03aa44', '0300aabb'),
    ...of('04', '0411', '05', '0501', '0505', '06'),
  ],
});
