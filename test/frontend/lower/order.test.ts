/**
 * The order of evaluation (P4-16 §6.8, §8.1): generated programs with effects in all operands, against an evaluator that
 * follows the specification on the source as it stands: operands from left to right, arguments copied in, and copied out
 * in the order of the call.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { simulate } from 'p4ts/runtime';
import { expect, it } from 'vitest';
import { loadP4 } from '../../../compiler/imported-p4/node.js';
import { printP4 } from '../../../targets/p4/printer.js';
import { folderWith } from '../../support/folders.js';
import {
  at,
  type Call,
  type Cond,
  callee,
  type Expr,
  functions,
  Meaning,
  type Memory,
  type Place,
  type Stmt,
  show,
  showStmt,
} from './effects.js';
import { canonical, load } from './load.js';

/** One packet, what is done to it, and what is looked up with it. */
interface Body {
  readonly packet: readonly number[];
  readonly stmts: readonly Stmt[];
  readonly keys: readonly Expr[];
  readonly on: readonly Expr[];
}

const inPacket = ['h.d.a', 'h.d.b', 'h.s[0].v', 'h.s[1].v'];
const memoryOf = (body: Body): Memory => ({ ...Object.fromEntries(inPacket.map((n, i) => [n, at(body.packet, i)])), x: 0, y: 0, m: 0 });
const hex = (bytes: readonly number[]): string => Buffer.from(bytes).toString('hex');

/** The bytes that come out: those of the packet, x, y, m, and whether the keys and the selected values were as they should be. */
function meant(body: Body): { readonly bytes: string; readonly keys: readonly number[]; readonly on: readonly number[] } {
  const meaning = new Meaning(memoryOf(body));
  const on = body.on.map((e) => meaning.value(e));
  for (const s of body.stmts) meaning.run(s);
  const keys = body.keys.map((e) => meaning.value(e));
  return { bytes: hex([...[...inPacket, 'x', 'y', 'm'].map((n) => at(meaning.memory, n)), 1, 1]), keys, on };
}

function programOf(bodies: readonly Body[]): string {
  const meanings = bodies.map(meant);
  const numbers = (list: readonly number[]): string => `(${list.map((n) => `8w${n}`).join(', ')})`;
  const called = Object.values(functions).filter((f) => !f.text.startsWith('action'));
  return `#include <v1model.p4>
header n_t { bit<8> n; }
header d_t { bit<8> a; bit<8> b; }
header s_t { bit<8> v; }
header o_t { bit<8> x; bit<8> y; bit<8> m; bit<8> keys; bit<8> on; }
struct pair_t { bit<8> p; bit<8> q; }
struct H { n_t n; d_t d; s_t[2] s; o_t o; }
struct M { bit<8> x; bit<8> y; bit<8> m; bit<8> on; }
${called.map((f) => f.text).join('\n')}
parser P(packet_in packet, out H h, inout M meta, inout standard_metadata_t s) {
    bit<8> x = 0; bit<8> y = 0; bit<8> m = 0;
    state start {
        packet.extract(h.n); packet.extract(h.d); packet.extract(h.s.next); packet.extract(h.s.next);
        transition select(h.n.n) { ${bodies.map((_, i) => `${i}: body${i};`).join(' ')} }
    }
${bodies.map((body, i) => `    state body${i} { transition select(${body.on.map(show).join(', ')}) { ${numbers(meanings[i]?.on ?? [])}: right; default: done; } }`).join('\n')}
    state right { meta.on = 1; transition done; }
    state done { meta.x = x; meta.y = y; meta.m = m; transition accept; }
}
control C(inout H h, inout M m) { apply {} }
control I(inout H h, inout M meta, inout standard_metadata_t std) {
    bit<8> x; bit<8> y; bit<8> m; bit<8> found = 0;
    Sub() sub;
    ${functions.act.text}
    action even() { h.d.a = h.d.a + 7; h.d.b = h.d.b + 1; }
    action odd() { m = m ^ h.d.b; h.d.b = h.d.b + 1; }
    table t { key = { h.d.b[0:0]: exact @name("odd"); } actions = { even; odd; } const entries = { 0: even(); } const default_action = odd(); }
    action all() { found = 1; }
    action none() {}
${bodies
  .map(
    (body, i) =>
      `    table k${i} { key = { ${body.keys.map((e, n) => `${show(e)}: exact @name("k${n}");`).join(' ')} } actions = { all; none; } const entries = { ${numbers(meanings[i]?.keys ?? [])}: all(); } const default_action = none(); }`,
  )
  .join('\n')}
    apply {
        x = meta.x; y = meta.y; m = meta.m;
${bodies.map((body, i) => `        if (h.n.n == ${i}) { ${body.stmts.map(showStmt).join(' ')} k${i}.apply(); }`).join('\n')}
        h.o = { x, y, m, found, meta.on };
        h.n.setInvalid();
        std.egress_spec = 1;
    }
}
control E(inout H h, inout M m, inout standard_metadata_t s) { apply {} }
control D(packet_out b, in H h) { apply { b.emit(h); } }
V1Switch(P(), C(), I(), E(), C(), D()) main;
`;
}

// ── what is generated ──

const placeNames = ['h.d.a', 'h.d.b', 'x', 'y', 'm'];
const called = (names: readonly (keyof typeof functions)[], place: fc.Arbitrary<Place>, expr: fc.Arbitrary<Expr>): fc.Arbitrary<Call> =>
  fc.constantFrom(...names).chain((name) => {
    const { params } = callee(name);
    const inputs = params.filter((p) => p.direction === 'in').length;
    const of = <T>(arb: fc.Arbitrary<T>, n: number) => fc.array(arb, { minLength: n, maxLength: n });
    return fc.record({ name: fc.constant(name), named: fc.boolean(), places: of(place, params.length - inputs), values: of(expr, inputs) });
  });

/** `tables`: whether tables can be applied in it. */
function arbitraries(tables: boolean) {
  const pure: (keyof typeof functions)[] = ['bump', 'swap', 'put', 'mix', 'pure'];
  return fc.letrec<{ expr: Expr; place: Place; cond: Cond; stmt: Stmt }>((tie) => {
    const expr = tie('expr');
    const place = tie('place');
    const name = fc.constantFrom(...placeNames).map((n): Place => ({ kind: 'name', name: n }));
    type Parts = Readonly<Record<string, fc.Arbitrary<unknown>>>;
    const node = (kind: string, parts: Parts): fc.Arbitrary<unknown> => fc.record({ kind: fc.constant(kind), ...parts });
    const exprOf = (kind: Expr['kind'], parts: Parts) => node(kind, parts) as fc.Arbitrary<Expr>;
    const condOf = (kind: Cond['kind'], parts: Parts) => node(kind, parts) as fc.Arbitrary<Cond>;
    const stmtOf = (kind: Stmt['kind'], parts: Parts) => node(kind, parts) as fc.Arbitrary<Stmt>;
    return {
      place: fc.oneof({ maxDepth: 2, depthIdentifier: 'e' }, name, name, node('element', { index: expr }) as fc.Arbitrary<Place>),
      expr: fc.oneof(
        { maxDepth: 3, depthIdentifier: 'e' },
        name.map((p): Expr => ({ kind: 'read', place: p })),
        exprOf('number', { value: fc.integer({ min: 0, max: 255 }) }),
        exprOf('read', { place }),
        exprOf('binary', { op: fc.constantFrom('+', '-', '^', '|'), left: expr, right: expr }),
        exprOf('binary', { op: fc.constantFrom('+', '-', '^', '|'), left: expr, right: expr }),
        exprOf('halves', { left: expr, right: expr }),
        exprOf('part', { of: expr, low: expr }),
        exprOf('mux', { cond: tie('cond'), yes: expr, no: expr }),
        exprOf('call', { call: called(pure, place, expr) }),
        exprOf('call', { call: called(pure, place, expr) }),
        exprOf('call', { call: called(pure, place, expr) }),
        ...(tables ? [fc.constant<Expr>({ kind: 'hit' })] : []),
      ),
      cond: fc.oneof(
        { maxDepth: 3, depthIdentifier: 'e' },
        condOf('less', { left: expr, right: expr }),
        condOf('both', { left: tie('cond'), right: tie('cond') }),
        condOf('either', { left: tie('cond'), right: tie('cond') }),
        ...(tables ? [fc.constant<Cond>({ kind: 'applied' })] : []),
      ),
      stmt: fc.oneof(
        stmtOf('assign', { to: place, op: fc.constantFrom('', '+', '^'), value: expr }),
        stmtOf('slice', { to: place, op: fc.constantFrom('', '^'), value: expr }),
        stmtOf('moved', { to: place, low: expr, op: fc.constantFrom('', '^'), value: expr }),
        stmtOf('call', { call: called([...pure, 'act', 'sub.apply'], place, expr) }),
        stmtOf('call', { call: called(['act', 'sub.apply'], place, expr) }),
        stmtOf('pair', { swapped: fc.boolean(), p: expr, q: expr }),
        stmtOf('declare', { value: expr, to: place }),
        stmtOf('range', { low: expr, high: expr, to: place, step: expr }),
        stmtOf('loop', { from: expr, bound: expr, next: expr, to: place, step: expr }),
        stmtOf('if', { cond: tie('cond'), to: place, value: expr }),
        stmtOf('switch', { on: expr, to: place, value: expr }),
      ),
    };
  });
}
const inControl = arbitraries(true);
const body: fc.Arbitrary<Body> = fc.record({
  packet: fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 }),
  stmts: fc.array(inControl.stmt, { minLength: 1, maxLength: 3 }),
  keys: fc.array(inControl.expr, { minLength: 1, maxLength: 3 }),
  on: fc.array(arbitraries(false).expr, { minLength: 1, maxLength: 3 }),
});

const folder = folderWith({});

/** What the program makes of each packet. */
async function outputs(text: string, bodies: readonly Body[]): Promise<string[]> {
  const file = join(folder, 'order.p4');
  writeFileSync(file, text);
  await using sw = await simulate(await loadP4(file));
  const sent: string[] = [];
  for (const [i, { packet }] of bodies.entries()) {
    const [output] = await sw.send(1, Uint8Array.of(i, ...packet));
    sent.push(Buffer.from(output?.packet ?? []).toString('hex'));
  }
  return sent;
}

async function check(bodies: readonly Body[]): Promise<void> {
  const text = programOf(bodies);
  const wanted = bodies.map((b) => meant(b).bytes);
  const program = await load(text);
  const printed = printP4(program);
  const shown = (i: number): string =>
    `${bodies[i]?.packet}: ${bodies[i]?.on.map(show)} ${bodies[i]?.stmts.map(showStmt).join(' ')} ${bodies[i]?.keys.map(show)}`;
  const found = await outputs(text, bodies);
  for (const [i, bytes] of found.entries()) expect(bytes, shown(i)).toBe(wanted[i]);
  expect(await outputs(printed, bodies)).toEqual(wanted);
  expect(canonical(await load(printed))).toEqual(canonical(program));
}

it('is that of the source in generated programs, and in what is printed of them', { timeout: 120_000 }, async () => {
  await fc.assert(fc.asyncProperty(fc.array(body, { minLength: 25, maxLength: 25 }), check), {
    numRuns: 5,
    seed: 20_261_201,
    endOnFailure: true,
  });
});
