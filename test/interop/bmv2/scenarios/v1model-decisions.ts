/**
 * Programs written for v1model itself: where packets go, which calls win, what copies and further passes see. The
 * numbers are those of the points at which BMv2's behaviour surprises.
 */
import { extractK, show, v1modelProgram } from '../../../support/v1model-runs.js';
import { packet, scenario } from '../scenario.js';

const drop = 'mark_to_drop(std);';
const to = (port: number): string => `std.egress_spec = ${port};`;
const group = (id: number): string => `std.mcast_grp = ${id};`;
const mirror = (type: 'I2E' | 'E2E', session: number, fieldList?: number): string =>
  fieldList === undefined
    ? `clone(CloneType.${type}, ${session});`
    : `clone_preserving_field_list(CloneType.${type}, ${session}, ${fieldList});`;
const resubmit = (fieldList: number): string => `resubmit_preserving_field_list(${fieldList});`;
const recirculate = (fieldList: number): string => `recirculate_preserving_field_list(${fieldList});`;
const keepAll = 'meta.one = 1; meta.two = 2; meta.three = 3;';
/** Whether there is a time, and a length. */
const whatIsThere = 'h.k.b = std.packet_length[7:0]; if (std.ingress_global_timestamp == 0) { h.k.b = h.k.b | 0x80; }';

/** Statements. */
interface Case {
  /** Of the first pass; what it says last, it says in all passes. */
  readonly ingress?: string;
  readonly again?: string;
  readonly egress?: string;
  /** Of mirrored packets. */
  readonly copied?: string;
}
const cases: readonly Case[] = [
  // 23: mark_to_drop, undone and not.
  {},
  { ingress: to(4) },
  { ingress: drop },
  { ingress: drop + to(4) },
  { ingress: group(5) + drop },
  { ingress: drop + group(5) },
  // 24: multicast before drop before unicast.
  { ingress: to(511) + group(5) },
  { ingress: to(4) + group(5) },
  { ingress: group(5) + to(3) },
  { ingress: to(511) },
  { ingress: keepAll + mirror('I2E', 7, 1) + resubmit(1) + group(5), again: to(6) },
  // 25: what egress can and cannot change.
  { ingress: to(4), egress: `${to(3)} std.egress_port = 2;` },
  { ingress: to(4), egress: to(511) },
  { ingress: to(4), egress: drop + to(3) },
  { ingress: to(4), egress: 'h.k.b = std.egress_spec[7:0];' },
  { ingress: group(5), egress: drop },
  // 26: clone, then drop, then deparse, then recirculate.
  { ingress: to(4) + keepAll, egress: `h.k.b = 1; ${mirror('E2E', 7, 1)} h.k.b = 2; meta.one = 9; ${drop}` },
  { ingress: to(4) + keepAll, egress: recirculate(1) + drop },
  { ingress: to(4) + keepAll, again: to(6), egress: `h.k.b = 0x44; ${recirculate(1)}` },
  { ingress: to(4) + keepAll, again: to(6), egress: mirror('E2E', 7, 2) + recirculate(2) },
  // 27, 28: copies of the packet as it arrived; the last call wins, with the values of its list at the end.
  { ingress: `${to(4)} ${keepAll} ${mirror('I2E', 7, 1)} h.k.b = 2;` },
  { ingress: `${to(4)} ${keepAll} ${mirror('I2E', 7, 1)} ${mirror('I2E', 8, 2)} meta.two = 5;` },
  { ingress: to(4) + keepAll + mirror('I2E', 7, 2) + mirror('I2E', 8) },
  { ingress: keepAll + mirror('I2E', 7, 1) + drop },
  { ingress: `${keepAll} ${resubmit(2)} ${resubmit(1)} meta.one = 4;`, again: to(6) },
  { ingress: keepAll + resubmit(2) + drop, again: to(6) },
  { ingress: to(4) + keepAll, again: to(6), egress: `${recirculate(2)} ${recirculate(1)} meta.one = 4;` },
  { ingress: to(4) + keepAll, egress: mirror('E2E', 7, 1) + mirror('E2E', 8, 2) },
  // What else a further pass and a copy see of the packet.
  { ingress: resubmit(0), again: to(6) + whatIsThere },
  { ingress: to(4), again: to(6) + whatIsThere, egress: recirculate(0) },
  { ingress: to(4) + mirror('I2E', 7), copied: whatIsThere, egress: whatIsThere },
  { ingress: to(4), copied: whatIsThere, egress: mirror('E2E', 7) },
  { ingress: group(5), egress: whatIsThere },
  // 38: nothing of a truncation survives a further pass.
  { ingress: to(4), again: to(6), egress: `truncate(2); ${recirculate(0)}` },
  { ingress: `truncate(2); ${resubmit(0)}`, again: to(6) },
  // 29: unknown groups and sessions.
  { ingress: group(6) },
  { ingress: to(4) + mirror('I2E', 9) },
  { ingress: to(4), egress: mirror('E2E', 9) },
  { ingress: group(5) + keepAll, egress: mirror('E2E', 7, 1) },
  // 30: exit and return.
  { ingress: `${to(4)} exit; h.k.b = 1;` },
  { ingress: `${to(4)} leave(); h.k.b = 0x33;` },
  { ingress: `${to(4)} back(); h.k.b = 0x33;` },
  { ingress: to(4), egress: 'h.k.b = 1; exit; h.k.b = 2;' },
  // 33, 34, 39: limits that are none, cells that are not there, numbers between nothing.
  { ingress: `${to(4)} hash(h.k.b, HashAlgorithm.identity, 8w10, { h.k.a }, 8w0);` },
  { ingress: `${to(4)} cells.read(h.k.b, 4); cells.write(4, 1);` },
  { ingress: `${to(4)} cells.write(3, 1); cells.read(h.k.b, 3);` },
  { ingress: `${to(4)} random(h.k.b, 8w5, 8w3);` },
  { ingress: `${to(4)} truncate(11); truncate(9); truncate(10);` },
];

const of = (body: (c: Case) => string | undefined): string =>
  cases.map((c, i) => (body(c) === undefined ? '' : `if (h.k.a == ${i}) { ${body(c)} }`)).join('\n');

const decisions = await v1modelProgram({
  meta: '@field_list(1) bit<8> one; @field_list(2) bit<8> two; bit<8> three; bit<8> arrived; bit<1> quiet;',
  start: extractK,
  locals: `
    register<bit<8>>(4) cells;
    action leave() { h.k.b = 0x11; exit; h.k.b = 0x22; }
    action back() { h.k.b = 0x11; return; h.k.b = 0x22; }`,
  ingress: `
    meta.arrived = std.instance_type[7:0];
    if (meta.arrived == 0) { ${of((c) => c.ingress)} } else { ${of((c) => c.again)} }`,
  egress: `
    if (meta.arrived == 0) {
      // What comes back begins as it came.
      if (std.instance_type == 0) { ${of((c) => (c.egress?.includes('recirculate') ? 'meta.quiet = 1;' : undefined))} }
      if (std.instance_type == 0 || std.instance_type == 5) { ${of((c) => c.egress)} }
    }
    if (std.instance_type == 1 || std.instance_type == 2) { ${of((c) => c.copied)} }
    if (meta.quiet == 0) {
      ${show('std.instance_type[7:0] ++ meta.arrived ++ (bit<16>) std.ingress_port ++ std.egress_rid[7:0] ++ meta.one ++ meta.two ++ meta.three')}
    }`,
});

const send = (order: number) => packet(3, Uint8Array.of(order, 0xbb, 0xcc, 0xdd));

export const v1modelDecisions = scenario({
  name: 'v1model-decisions',
  pipeline: decisions,
  steps: [
    ...cases.map((_, order) => send(order)),
    {
      control: async (sw) => {
        await sw.multicast(5).set([
          { port: 7, instance: 3 },
          { port: 8, instance: 4 },
        ]);
        await sw.cloneSession(7).set([{ port: 9, instance: 1 }]);
        await sw.cloneSession(8).set([
          { port: 10, instance: 2 },
          { port: 11, instance: 6 },
        ]);
      },
    },
    ...cases.map((_, order) => send(order)),
  ],
});
