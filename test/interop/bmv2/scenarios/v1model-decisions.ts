/**
 * Programs written for v1model itself: where packets go, which calls win, what copies and further passes see. The
 * numbers are those of the points at which BMv2's behaviour surprises.
 */
import { binary, bits, bitType, callFunction } from '../../../../compiler/ir/build.js';
import type { Block, Expr, Stmt } from '../../../../compiler/ir/index.js';
import { nowhere } from '../../../../compiler/support/location.js';
import {
  a,
  b,
  byte,
  cast,
  extractK,
  hash,
  instanceType,
  kept,
  labHeaders,
  labTypes,
  metaField,
  method,
  mirror,
  recirculate,
  register,
  resubmit,
  set,
  setStd,
  show,
  slice,
  typeIs,
  when,
} from '../../../support/v1model-lab.js';
import { action, drop, program, setPort, stdField } from '../../../support/v1model-program.js';
import { packet, scenario } from '../scenario.js';

const [one, two, three, arrived] = ['one', 'two', 'three', 'arrived'].map((name) => metaField(name, 8)) as [Expr, Expr, Expr, Expr];
const cells = register('cells', 4, bitType(8));
const exit: Stmt = { kind: 'exit', loc: nowhere };
const callAction = (name: string): Stmt => ({ kind: 'call', callee: { kind: 'action', name }, args: [], loc: nowhere });
const group = (id: number) => setStd('mcast_grp', 16, id);
const keepAll = [set(one, 1), set(two, 2), set(three, 3)];

const whatIsThere = [
  set(b, slice(stdField('packet_length', 32), 7, 0)),
  when(binary('==', stdField('ingress_global_timestamp', 48), bits(0, 48)), [set(b, binary('|', b, byte(0x80)))]),
];

interface Case {
  /** Of the first pass; what it says last, it says in all passes. */
  readonly ingress?: Block;
  readonly again?: Block;
  readonly egress?: Block;
  /** Of mirrored packets. */
  readonly copied?: Block;
}
const cases: readonly Case[] = [
  // 23: mark_to_drop, undone and not.
  {},
  { ingress: [setPort(4)] },
  { ingress: [drop()] },
  { ingress: [drop(), setPort(4)] },
  { ingress: [group(5), drop()] },
  { ingress: [drop(), group(5)] },
  // 24: multicast before drop before unicast.
  { ingress: [setPort(511), group(5)] },
  { ingress: [setPort(4), group(5)] },
  { ingress: [group(5), setPort(3)] },
  { ingress: [setPort(511)] },
  { ingress: [...keepAll, mirror('I2E', 7, 1), resubmit(1), group(5)], again: [setPort(6)] },
  // 25: what egress can and cannot change.
  { ingress: [setPort(4)], egress: [setPort(3), setStd('egress_port', 9, 2)] },
  { ingress: [setPort(4)], egress: [setPort(511)] },
  { ingress: [setPort(4)], egress: [drop(), setPort(3)] },
  { ingress: [setPort(4)], egress: [set(b, slice(stdField('egress_spec'), 7, 0))] },
  { ingress: [group(5)], egress: [drop()] },
  // 26: clone, then drop, then deparse, then recirculate.
  { ingress: [setPort(4), ...keepAll], egress: [set(b, 1), mirror('E2E', 7, 1), set(b, 2), set(one, 9), drop()] },
  { ingress: [setPort(4), ...keepAll], egress: [recirculate(1), drop()] },
  { ingress: [setPort(4), ...keepAll], again: [setPort(6)], egress: [set(b, 0x44), recirculate(1)] },
  { ingress: [setPort(4), ...keepAll], again: [setPort(6)], egress: [mirror('E2E', 7, 2), recirculate(2)] },
  // 27, 28: copies of the packet as it arrived; the last call wins, with the values of its list at the end.
  { ingress: [setPort(4), ...keepAll, mirror('I2E', 7, 1), set(b, 2)] },
  { ingress: [setPort(4), ...keepAll, mirror('I2E', 7, 1), mirror('I2E', 8, 2), set(two, 5)] },
  { ingress: [setPort(4), ...keepAll, mirror('I2E', 7, 2), mirror('I2E', 8)] },
  { ingress: [...keepAll, mirror('I2E', 7, 1), drop()] },
  { ingress: [...keepAll, resubmit(2), resubmit(1), set(one, 4)], again: [setPort(6)] },
  { ingress: [...keepAll, resubmit(2), drop()], again: [setPort(6)] },
  { ingress: [setPort(4), ...keepAll], again: [setPort(6)], egress: [recirculate(2), recirculate(1), set(one, 4)] },
  { ingress: [setPort(4), ...keepAll], egress: [mirror('E2E', 7, 1), mirror('E2E', 8, 2)] },
  // What else a further pass and a copy see of the packet: whether there is a time, and a length.
  { ingress: [resubmit(0)], again: [setPort(6), ...whatIsThere] },
  { ingress: [setPort(4)], again: [setPort(6), ...whatIsThere], egress: [recirculate(0)] },
  { ingress: [setPort(4), mirror('I2E', 7)], copied: whatIsThere, egress: whatIsThere },
  { ingress: [setPort(4)], copied: whatIsThere, egress: [mirror('E2E', 7)] },
  { ingress: [group(5)], egress: whatIsThere },
  // 38: nothing of a truncation survives a further pass.
  { ingress: [setPort(4)], again: [setPort(6)], egress: [callFunction('truncate', [bits(2, 32)]), recirculate(0)] },
  { ingress: [callFunction('truncate', [bits(2, 32)]), resubmit(0)], again: [setPort(6)] },
  // 29: unknown groups and sessions.
  { ingress: [group(6)] },
  { ingress: [setPort(4), mirror('I2E', 9)] },
  { ingress: [setPort(4)], egress: [mirror('E2E', 9)] },
  { ingress: [group(5), ...keepAll], egress: [mirror('E2E', 7, 1)] },
  // 30: exit and return.
  { ingress: [setPort(4), exit, set(b, 1)] },
  { ingress: [setPort(4), callAction('leave'), set(b, 0x33)] },
  { ingress: [setPort(4), callAction('back'), set(b, 0x33)] },
  { ingress: [setPort(4)], egress: [set(b, 1), exit, set(b, 2)] },
  // 33, 34, 39: limits that are none, cells that are not there, numbers between nothing.
  { ingress: [setPort(4), hash(b, 'identity', [a], byte(10), byte(0))] },
  { ingress: [setPort(4), method(cells, 'read', b, bits(4, 32)), method(cells, 'write', bits(4, 32), byte(1))] },
  { ingress: [setPort(4), method(cells, 'write', bits(3, 32), byte(1)), method(cells, 'read', b, bits(3, 32))] },
  { ingress: [setPort(4), callFunction('random', [b, byte(5), byte(3)])] },
  {
    ingress: [
      setPort(4),
      callFunction('truncate', [bits(11, 32)]),
      callFunction('truncate', [bits(9, 32)]),
      callFunction('truncate', [bits(10, 32)]),
    ],
  },
];

const of = (body: (c: Case) => Block | undefined): Block =>
  cases.flatMap((c, i) => {
    const found = body(c);
    return found ? [when(binary('==', a, byte(i)), found)] : [];
  });
const isRecirculated = (stmt: Stmt): boolean =>
  stmt.kind === 'call' && stmt.callee.kind === 'function' && stmt.callee.name === 'recirculate_preserving_field_list';
const shown = [
  slice(instanceType, 7, 0),
  arrived,
  cast(stdField('ingress_port'), bitType(16)),
  slice(stdField('egress_rid', 16), 7, 0),
  one,
  two,
  three,
];

const decisions = program({
  types: labTypes,
  headers: labHeaders,
  metadata: { one: kept(8, 1), two: kept(8, 2), three: 8, arrived: 8, quiet: 1 },
  states: [extractK],
  ingressLocals: [
    cells,
    action('leave', {}, [set(b, 0x11), exit, set(b, 0x22)]),
    action('back', {}, [set(b, 0x11), { kind: 'return', loc: nowhere }, set(b, 0x22)]),
  ],
  ingress: [
    set(arrived, slice(instanceType, 7, 0)),
    when(
      binary('==', arrived, byte(0)),
      of((c) => c.ingress),
      of((c) => c.again),
    ),
  ],
  egress: [
    // What comes back begins as it came.
    when(binary('==', arrived, byte(0)), [
      when(
        typeIs(0),
        of((c) => (c.egress?.some(isRecirculated) ? [set(metaField('quiet', 1), 1)] : undefined)),
      ),
      when(
        binary('||', typeIs(0), typeIs(5)),
        of((c) => c.egress),
      ),
    ]),
    when(
      binary('||', typeIs(1), typeIs(2)),
      of((c) => c.copied),
    ),
    when(binary('==', metaField('quiet', 1), bits(0, 1)), show(shown.reduce((left, right) => binary('++', left, right)))),
  ],
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
