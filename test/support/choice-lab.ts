/** Programs in P4 for v1model, of two bytes of header, whose ingress and egress choose: by selectors, random numbers and copies. */
import type { Program } from '../../compiler/ir/index.js';
import type { StateUpdate } from '../../runtime/data-plane/messages.js';
import { outcomesOf, type TracedOutcome } from '../../runtime/data-plane/outcomes.js';
import { allEvents, type Trace, type TraceEvent } from '../../runtime/data-plane/trace.js';
import { Interpreter } from '../../runtime/interpreter/index.js';
import { load } from '../frontend/lower/load.js';
import { fromHex } from './packets.js';

export interface ChoiceParts {
  readonly locals?: string;
  readonly ingress?: string;
  readonly egressLocals?: string;
  readonly egress?: string;
}

export const choiceProgram = ({ locals = '', ingress = '', egressLocals = '', egress = '' }: ChoiceParts): Promise<Program> =>
  load(`
#include <v1model.p4>
header h_t { bit<8> a; bit<8> b; }
struct headers_t { h_t h; }
struct meta_t { bit<8> r; bit<8> q; bit<32> wide; }
parser P(packet_in p, out headers_t hdr, inout meta_t m, inout standard_metadata_t s) {
  state start { p.extract(hdr.h); transition accept; }
}
control V(inout headers_t hdr, inout meta_t m) { apply {} }
register<bit<8>>(32w4) cells;
control I(inout headers_t hdr, inout meta_t m, inout standard_metadata_t s) {
  action to(bit<9> port) { s.egress_spec = port; }
  action flood(bit<16> group) { s.mcast_grp = group; }
  action mark(bit<8> b) { hdr.h.b = b; }
  action drop() { mark_to_drop(s); }
  action mirror() { clone(CloneType.I2E, 32w1); }
  ${locals}
  apply { ${ingress} }
}
control E(inout headers_t hdr, inout meta_t m, inout standard_metadata_t s) {
  action mark(bit<8> b) { hdr.h.b = b; }
  action drop() { mark_to_drop(s); }
  ${egressLocals}
  apply { ${egress} }
}
control C(inout headers_t hdr, inout meta_t m) { apply {} }
control D(packet_out p, in headers_t hdr) { apply { p.emit(hdr); } }
V1Switch(P(), V(), I(), E(), C(), D()) main;
`);

/** A table of ingress with a selector `NAME_sel`, whose key is `h.a` and which hashes `h.b`. */
export const selectorTable = (name: string, actions = 'to; flood; mark; drop; mirror;'): string => `
  @name("${name}_sel") action_selector(HashAlgorithm.identity, 32w64, 32w8) ${name}_sel;
  @name("${name}") table ${name} {
    key = { hdr.h.a: exact; hdr.h.b: selector; }
    actions = { ${actions} NoAction; }
    default_action = NoAction();
    implementation = ${name}_sel;
  }`;

type Member = readonly [weight: number, action: string, ...args: bigint[]];

/** Members and a group of the table's selector, and an entry for 5 in `h.a` that names the group; members are numbered from `first`. */
export function groupOf(table: string, members: readonly Member[], { random = false, first = 1, block = 'I' } = {}): StateUpdate[] {
  const profile = `${block}.${table}_sel`;
  return [
    ...members.map(
      ([, name, ...args], i): StateUpdate => ({
        kind: 'profile-member',
        profile,
        member: first + i,
        action: { name: name === 'NoAction' ? name : `${block}.${name}`, args },
      }),
    ),
    {
      kind: 'profile-group',
      profile,
      group: 1,
      members: members.map(([weight], i) => ({ member: first + i, weight })),
      choice: { random, shares: random },
    },
    {
      kind: 'insert',
      table: `${block}.${table}`,
      entry: { matches: [{ kind: 'exact', value: 5n }], priority: 0, action: { group: 1 } },
    },
  ];
}
export const multicast = (...ports: readonly number[]): StateUpdate => ({
  kind: 'multicast-group',
  group: 1,
  replicas: ports.map((port, instance) => ({ port, instance })),
});
export const session = (...ports: readonly number[]): StateUpdate => ({
  kind: 'clone-session',
  session: 1,
  replicas: ports.map((port, instance) => ({ port, instance })),
});

/** The program with this in its state. */
export class ChoiceLab {
  readonly interpreter: Interpreter;

  constructor(program: Program, updates: readonly StateUpdate[] = [], seed = 0) {
    this.interpreter = new Interpreter(program, { seed });
    this.interpreter.state.write(updates);
  }

  send(hex = '0507'): Trace {
    return this.interpreter.process({ port: 1, bytes: fromHex(hex), trace: true }).trace as Trace;
  }

  tree(hex = '0507', open: readonly string[] = [], limit = 10_000): Trace {
    const reply = this.interpreter.tree({ port: 1, bytes: fromHex(hex), open, limit });
    if ('tooMany' in reply) throw new Error(`too many: ${reply.tooMany.join(', ')}`);
    return reply.tree;
  }

  outcomes(hex?: string, open?: readonly string[]): readonly TracedOutcome[] {
    return [...outcomesOf(this.tree(hex, open))];
  }
}

/** Such as `1:0507 2:0507`: the ports and packets that leave, in their order. */
export const sent = ({ events }: Trace): string =>
  [...allEvents(events)].flatMap((e) => (e.kind === 'send' ? [`${e.port}:${e.bytes}`] : [])).join(' ') || 'nothing';

/** By what leaves: how probable it is. */
export function probabilities(outcomes: readonly TracedOutcome[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { probability, trace } of outcomes) found[sent(trace)] = (found[sent(trace)] ?? 0) + (probability ?? Number.NaN);
  return found;
}

/** Those of a tree. */
export const choicesIn = (tree: Trace): Extract<TraceEvent, { kind: 'choice' }>[] =>
  [...allEvents(tree.events)].flatMap((event) => (event.kind === 'choice' ? [event] : []));
