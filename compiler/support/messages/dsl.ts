/** Mistakes found while a pipeline in TypeScript is recorded. */
import { error, warning } from './message.js';

export interface ValueParams {
  /** What the value is for. */
  readonly what: string;
  readonly problem: string;
}

export const dslMessages = {
  'not-a-type': error(
    (p: { field: string }) => `The field ${p.field} has no type.`,
    () => 'write bit(8), bool, mac, an enumeration(…), a struct(…) or another type of p4ts',
  ),
  'enum-member-name': error(
    (p: { name: string }) => `The enum member cannot be called "${p.name}": every enumeration has a property of that name.`,
  ),
  'duplicate-enum-value': error(
    (p: { enum: string; first: string; second: string; value: number }) =>
      `${p.enum}.${p.first} and ${p.enum}.${p.second} are both ${p.value}.`,
  ),
  'bad-text': error(
    (p: { text: string }) =>
      `The text ${JSON.stringify(p.text)} has a quote, a backslash or a control character, which cannot be written in P4 here.`,
  ),
  'undefined-value': error(
    (p: { expected: string }) => `Expected ${p.expected}, got undefined.`,
    () => 'a name in it is misspelt, or is used before it is declared: tsc shows which',
  ),
  'egress-only': error(
    (p: { name: string }) => `std.${p.name} exists only in egress.`,
    () => 'read it in egress: ingress runs before the packet is in a queue or has a port to leave by',
  ),
  'bad-argument': error(
    (p: { what: string; name: string; expected: string; got: string }) => `${p.what} takes ${p.expected} as \`${p.name}\`, not ${p.got}.`,
    (p: { expected: string }) => (p.expected === 'a function' ? 'write () => … around what is to be done' : undefined),
  ),
  'untyped-literal': error(
    () => 'Both branches of this mux are literals, so its width is unknown.',
    () => 'make one of them an expression of the width that you want',
  ),
  'concat-width': error(
    (p: { total: string; expected: string }) => `The parts of this concat have ${p.total} bits together, not ${p.expected}.`,
  ),
  'javascript-operator': error(
    () => 'An operator of JavaScript cannot work on a value of the pipeline, which has no value until a packet comes.',
    () => 'use the methods: a.add(b), a.eq(b), a.lt(b), a.and(b), cond.not(), mux(cond, a, b)',
  ),
  'javascript-assignment': error(
    (p: { name: string }) => `\`${p.name}\` cannot be changed by JavaScript's =, which runs when the pipeline is recorded.`,
    (p: { name: string }) => `write c.set(…, value) for ${p.name}, and c.copy(to, from) for a whole header`,
  ),
  'unused-condition': warning(
    () => 'This condition is built and never used.',
    () => 'in JavaScript `!a`, `a && b` and `a || b` do not build a condition: write a.not(), a.and(b), a.or(b), and use it in c.if or mux',
  ),
  'unused-expression': warning(
    () => 'This expression is built and never used.',
    () => 'methods such as sub change nothing: write c.set(hdr.ipv4.ttl, hdr.ipv4.ttl.sub(1))',
  ),
  'action-call-in-body': warning(
    (p: { action: string }) => `This call of the action ${p.action} makes an entry of a table: in a body it does nothing.`,
    (p: { action: string }) => `to run the action, write c.call(${p.action}, { … }), with a value for each parameter`,
  ),
  'stale-expression': warning(
    (p: { read: string }) => `This expression reads \`${p.read}\`, which is written before the expression is evaluated.`,
    () => "to use the value from before, capture it first: const old = c.let('old', …)",
  ),
  'body-outside-block': error(
    (p: { given: string; method: string }) => `${p.given}.${p.method} is called after its block was recorded.`,
    ({ given }: { given: string }) =>
      `statements exist only while the function that was given \`${given}\` runs: do not keep \`${given}\`, and do not use it in callbacks that run later`,
  ),
  'async-body': error(
    () => 'This function is async: its statements would be recorded too late.',
    () => 'record synchronously; await before calling pipeline(…)',
  ),
  'apply-in-condition': warning(
    (p: { table: string }) => `The table ${p.table} is applied before this condition, whatever the other operand is.`,
    (p: { table: string }) =>
      `to apply it only if the other operand holds, put one c.if into the other: c.if(cond, () => c.if(c.apply(${p.table}).miss, …)); to apply it always, do so before: const applied = c.apply(${p.table})`,
  ),
  'apply-missing': error((p: { block: string }) => `The ${p.block} block has no ctl.apply(…): nothing would happen to a packet.`),
  'apply-twice': error(
    (p: { block: string }) => `ctl.apply is called twice in the ${p.block} block.`,
    () => 'put all statements in one',
  ),
  'state-without-transition': error(
    (p: { state: string }) => `The parser state "${p.state}" does not return a transition.`,
    () => "end it with return p.accept(), return p.goto('state') or return p.select(…).when(…).otherwise('accept')",
  ),
  'transition-not-returned': error(
    () => 'This transition is not returned by the state: no packet takes it.',
    () => 'a state has one transition, at its end: return it, and let p.select(…) choose where packets go',
  ),
  'unknown-subparser': error(
    (p: { name: string; suggestion: string }) => `There is no subparser "${p.name}" that this state could run${p.suggestion}.`,
    () => 'states of `parser` run what is in `subparsers`; a subparser runs none, itself included',
  ),
  'value-set-in-two-parsers': error(
    (p: { name: string; first: string; second: string }) =>
      `The parsers ${p.first} and ${p.second} both select with the value set ${p.name}, which P4 declares in one of them.`,
    () => 'declare one set for each in `valueSets`, and give both the same members',
  ),
  'header-not-fixed': error(
    (p: { header: string; field: string; type: string }) =>
      `The header ${p.header} cannot be built or dissected: its field ${p.field} is a ${p.type}, which has no fixed width here.`,
  ),
  'value-format': error((p: ValueParams) => `${p.what}: ${p.problem}.`),
  'value-range': error((p: ValueParams) => `${p.what}: ${p.problem}.`),
  'value-inexact': error((p: ValueParams) => `${p.what}: ${p.problem}.`),
  'value-unknown': error((p: ValueParams) => `${p.what}: ${p.problem}.`),
  'log-arguments': error(
    (p: { places: number; values: number }) => `The text has ${p.places} places for values ({}), but ${p.values} values are given.`,
  ),
  'key-without-kind': error(
    (p: { name: string; got: string }) => `The key ${p.name} has no match kind: it is ${p.got}.`,
    (p: { name: string }) => `write ${p.name}: exact(…), lpm(…), ternary(…), range(…) or optional(…) around the field`,
  ),
  'no-packet-in': error(
    (p: { method: string }) => `c.${p.method} is used, but the pipeline declares no packetIn.`,
    () =>
      'declare the fields that go with a packet to the controller: packetIn: { ingressPort: port } (or packetIn: {} with at least one field)',
  ),
} as const;
