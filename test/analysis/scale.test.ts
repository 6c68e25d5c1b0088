/** Programs whose paths nobody can count: the checks follow each part of them once, and still say what there is to say. */
import { bit, header, pipeline, valid } from 'p4ts';
import { describe, expect, test } from 'vitest';
import { validate } from '../../compiler/analysis/validate.js';
import { programOf } from '../../compiler/dsl/handles.js';
import type { Program } from '../../compiler/ir/index.js';
import { lowerToV1model } from '../../compiler/lower/v1model/index.js';
import { load } from '../frontend/lower/load.js';

const count = 60;
const numbers = Array.from({ length: count }, (_, i) => i);
const each = (text: (i: number) => string): string => numbers.map(text).join('\n');

interface Parts {
  readonly top?: string;
  readonly locals?: string;
  readonly ingress: string;
}

/** In P4, with a parser in which each of the headers o0, o1, … may be there or not; `last` comes after the last of them alone. */
const optional = ({ top = '', locals = '', ingress }: Parts): Promise<Program> =>
  load(`
#include <v1model.p4>
header flags_t { bit<64> bits; }
header opt_t { bit<8> v; }
struct headers_t { flags_t flags; ${each((i) => `opt_t o${i};`)} opt_t last; }
struct meta_t { bit<8> x; }
${top}
parser P(packet_in p, out headers_t hdr, inout meta_t m, inout standard_metadata_t s) {
  state start { p.extract(hdr.flags); transition q0; }
  ${each((i) => `state q${i} { transition select(hdr.flags.bits[${i}:${i}]) { 1: x${i}; default: q${i + 1}; } }`)}
  ${each((i) => `state x${i} { p.extract(hdr.o${i}); transition ${i === count - 1 ? 'behind' : `q${i + 1}`}; }`)}
  state q${count} { transition accept; }
  state behind { p.extract(hdr.last); transition accept; }
}
control V(inout headers_t hdr, inout meta_t m) { apply {} }
control I(inout headers_t hdr, inout meta_t m, inout standard_metadata_t s) { ${locals} apply { ${ingress} } }
control E(inout headers_t hdr, inout meta_t m, inout standard_metadata_t s) { apply {} }
control C(inout headers_t hdr, inout meta_t m) { apply {} }
control D(packet_out p, in headers_t hdr) { apply { p.emit(hdr); } }
V1Switch(P(), V(), I(), E(), C(), D()) main;
`);

const found = (program: Program): string[] =>
  validate(program)
    .diagnostics.filter((d) => d.code !== 'never-used')
    .map((d) => d.message);
const maybe = (head: string): string => `\`hdr.${head}.v\` is read where \`hdr.${head}\` may not be valid.`;
const not = (head: string): string => `\`hdr.${head}.v\` is read where \`hdr.${head}\` is not valid.`;

test('branches of one `else if`, as many as the front end reads', async () => {
  const chain = Array.from({ length: 499 }, (_, i) => `if (m.x == ${i % 256}) { m.x = ${(i + 1) % 256}; }`).join(' else ');
  expect(found(await optional({ ingress: chain }))).toEqual([]);
});

describe('headers of which each may be there or not', () => {
  test('in P4: each read without a look at the header is told', async () => {
    const looked = each((i) => `if (hdr.o${i}.isValid()) { m.x = hdr.o${i}.v; }`);
    expect(found(await optional({ ingress: looked }))).toEqual([]);
    expect(found(await optional({ ingress: each((i) => `m.x = m.x + hdr.o${i}.v;`) }))).toEqual(numbers.map((i) => maybe(`o${i}`)));
  });

  test('what the parser extracts together stays together', async () => {
    const ingress = `if (hdr.last.isValid()) { m.x = hdr.o${count - 1}.v; } if (hdr.o0.isValid() && !hdr.o${count - 1}.isValid()) { m.x = hdr.last.v; }`;
    expect(found(await optional({ ingress }))).toEqual([not('last')]);
  });

  test('statements that make headers valid and invalid, one after another', async () => {
    const change = each((i) => `if (hdr.o${i}.isValid()) { hdr.o${i}.setInvalid(); } else { hdr.o${i}.setValid(); hdr.o${i}.v = ${i}; }`);
    expect(found(await optional({ ingress: `${change} m.x = hdr.o7.v;` }))).toEqual([maybe('o7')]);
    const remove = each((i) => `hdr.o${i}.setInvalid();`);
    expect(found(await optional({ ingress: `${remove} m.x = hdr.o7.v;` }))).toEqual([not('o7')]);
    const copies = each((i) => `if (hdr.o${i}.isValid()) { hdr.o${(i + 1) % count} = hdr.o${i}; }`);
    expect(found(await optional({ ingress: `${copies} if (hdr.o3.isValid()) { m.x = hdr.o4.v; }` }))).toEqual([]);
  });

  test('conditions on data, one inside and one after another', async () => {
    const chain = numbers.map((i) => `if (m.x == ${i} && hdr.o${i}.isValid()) { hdr.o${i}.setInvalid(); }`).join(' else ');
    const exits = each((i) => `if (m.x == ${i}) { exit; }`);
    const deep = numbers.slice(0, 40).map((i) => `if (m.x != ${i}) { hdr.o${i}.setValid();`);
    const nest = `${deep.join(' ')} m.x = 1; ${'}'.repeat(deep.length)}`;
    expect(found(await optional({ ingress: `${chain} ${nest} ${exits}` }))).toEqual([]);
  });

  test('actions that each call the one before twice, and leave twice', async () => {
    const actions = `
      action a0() { if (m.x == 0) { exit; } hdr.o0.setInvalid(); if (m.x == 1) { return; } }
      ${numbers
        .slice(1)
        .map((i) => `action a${i}() { a${i - 1}(); hdr.o${i}.setInvalid(); a${i - 1}(); if (m.x == 1) { exit; } }`)
        .join('\n')}
      table t { key = { m.x: exact; } actions = { ${each((i) => `a${i};`)} } default_action = a${count - 1}(); }`;
    const ingress = `a${count - 1}(); m.x = hdr.o0.v; t.apply();`;
    expect(found(await optional({ locals: actions, ingress }))).toEqual([not('o0')]);
  });

  test('in the language, with headers of which each may be followed by any later one', () => {
    const few = numbers.slice(0, 30);
    const headers = Object.fromEntries(few.map((i) => [`o${i}`, header(`o${i}_t`, { v: bit(8), next: bit(8) })]));
    const program = pipeline('p', {
      headers,
      metadata: { x: bit(8) },
      // Each header says which later one follows it.
      parser: Object.fromEntries([
        ['start', (p: any) => few.reduce((s, i) => s.when(i, `x${i}`), p.select(p.lookahead(bit(8)))).otherwise('accept')],
        ...few.map((i) => [
          `x${i}`,
          (p: any, { hdr }: any) => {
            p.extract(hdr[`o${i}`]);
            const later = few.slice(i + 1).reduce((s, k) => s.when(k, `x${k}`), p.select(hdr[`o${i}`].next));
            return later.otherwise('accept');
          },
        ]),
      ]) as never,
      ingress: ((ctl: any, { hdr, meta }: any) =>
        ctl.apply((c: any) => {
          for (const i of few) c.if(valid(hdr[`o${i}`]), () => c.set(meta.x, hdr[`o${i}`].v));
          c.forward(1);
          c.set(meta.x, hdr.o5.v);
          c.if(valid(hdr.o5), () => c.setInvalid(hdr.o6));
        })) as never,
      deparser: ((d: any, { hdr }: any) => d.emit(...Object.values(hdr))) as never,
    });
    const { ir, diagnostics } = programOf(program) as { ir: Program; diagnostics: readonly unknown[] };
    expect(diagnostics).toEqual([]);
    expect(found(ir)).toEqual([maybe('o5')]);
    expect(validate(lowerToV1model(ir).program).diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  });
});

test('controls that each apply one inside them twice: a table that is applied twice is told once', () => {
  const nest = (ctl: any, level: number): void => {
    if (level === 0) {
      const t = ctl.table('t', { key: {}, actions: [ctl.action('drop', {}, (c: any) => c.drop())] });
      ctl.apply((c: any) => void c.apply(t));
      return;
    }
    const inner = ctl.control('c', (within: any) => nest(within, level - 1));
    ctl.apply((c: any) => {
      c.apply(inner);
      c.apply(inner);
    });
  };
  const program = pipeline('p', {
    headers: { h: header('h_t', { v: bit(8) }) },
    parser: { start: (p) => p.accept() },
    ingress: ((ctl: any) => nest(ctl, 40)) as never,
    deparser: (d, { hdr }) => d.emit(hdr.h),
  });
  const errors = validate((programOf(program) as { ir: Program }).ir).diagnostics.filter((d) => d.severity === 'error');
  expect(errors.map((d) => d.message)).toEqual([`The table ${'c.'.repeat(40)}t is applied twice on one path.`]);
});
