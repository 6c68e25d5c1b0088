/** Controls of which each has two of the next one, forty deep: what takes time in proportion to the text, and what is refused. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { simulate } from 'p4ts/runtime';
import { describe, expect, test } from 'vitest';
import { compile } from '../../../compiler/compile.js';
import { programOf } from '../../../compiler/dsl/handles.js';
import { checkP4, loadP4 } from '../../../compiler/imported-p4/node.js';
import type { Program } from '../../../compiler/ir/index.js';
import { DiagnosticError } from '../../../compiler/support/diagnostics.js';
import { bmv2 } from '../../../targets/bmv2/node.js';
import { folderWith } from '../../support/folders.js';

const folder = folderWith({});

interface Nest {
  /** Between the parameters and the body of each control. */
  readonly given?: string;
  readonly locals?: string;
  readonly body?: string;
  /** Arguments of the constructors of the two. */
  readonly one?: string;
  readonly two?: string;
  readonly depth?: number;
}
const params = 'inout headers_t h, inout meta_t m, inout standard_metadata_t sm';

/** The innermost control is C0; ingress has the outermost. */
function nested({ given = '', locals = '', body = '', one = '', two = '', depth = 40 }: Nest): string {
  const controls = Array.from({ length: depth }, (_, i) =>
    [
      `control C${i + 1}(${params})${given} {`,
      `    C${i}(${one}) one; C${i}(${two}) two;`,
      '    apply { one.apply(h, m, sm); two.apply(h, m, sm); }',
      '}',
    ].join('\n'),
  );
  const text = `
#include <core.p4>
#include <v1model.p4>
header h_t { bit<8> v; }
struct headers_t { h_t h; }
struct meta_t { bit<8> x; }
struct told_t { bit<8> v; }
parser Sub0(packet_in p, inout headers_t h) { state start { transition accept; } }
${Array.from({ length: depth }, (_, i) => `parser Sub${i + 1}(packet_in p, inout headers_t h) { Sub${i}() one; Sub${i}() two; state start { one.apply(p, h); two.apply(p, h); transition accept; } }`).join('\n')}
parser Parse(packet_in p, out headers_t h, inout meta_t m, inout standard_metadata_t sm) {
    Sub${depth}() sub;
    state start { p.extract(h.h); m.x = h.h.v; transition select(m.x) { 255: inside; default: accept; } }
    state inside { sub.apply(p, h); transition accept; }
}
control C0(${params})${given} {
    ${locals}
    apply { ${body} }
}
${controls.join('\n')}
control Sum(inout headers_t h, inout meta_t m) { apply {} }
control Enter(${params}) {
    C${depth}(${given ? '1' : ''}) all;
    apply { sm.egress_spec = 2; if (m.x == 255) { all.apply(h, m, sm); } }
}
control Leave(${params}) { apply {} }
control Deparse(packet_out p, in headers_t h) { apply { p.emit(h.h); } }
V1Switch(Parse(), Sum(), Enter(), Leave(), Sum(), Deparse()) main;
`;
  const file = join(folder, 'nested.p4');
  writeFileSync(file, text);
  return file;
}
const line = (file: string, text: string): number => {
  return (
    1 +
    readFileSync(file, 'utf8')
      .split('\n')
      .findIndex((l) => l.startsWith(text))
  );
};

async function refusal(file: string): Promise<string[]> {
  const error = await loadP4(file).then(
    () => expect.unreachable('it was loaded'),
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(DiagnosticError);
  return (error as DiagnosticError).diagnostics.map((d) => `${d.code} ${d.loc.line}: ${d.message}`);
}

describe('controls that hold nothing of their own', () => {
  test.each([
    ['computing', { body: 'h.h.v = h.h.v + 1;' }],
    ['reporting a digest', { body: 'digest<told_t>(1, { h.h.v });' }],
  ])('%s', async (_what, nest) => {
    const file = nested(nest);
    expect(await checkP4(file)).toEqual([]);
    const loaded = await loadP4(file);
    const { ir } = programOf(loaded) as { ir: Program };
    // BMv2 would need a copy of the innermost for each of its 2^40 calls, in the parser as in ingress.
    const { diagnostics } = compile(ir, bmv2);
    expect(diagnostics.flatMap((d) => (d.severity === 'error' ? [d.code] : []))).toEqual(['bmv2-inlined-size', 'bmv2-inlined-size']);
    await using sw = await simulate(loaded);
    expect(await sw.send(1, Uint8Array.of(7))).toEqual([{ port: 2, packet: Uint8Array.of(7) }]);
  });

  test('each instance runs', async () => {
    const loaded = await loadP4(nested({ body: 'h.h.v = h.h.v + 1;', depth: 5 }));
    await using sw = await simulate(loaded);
    // 255 + 2^5
    expect(await sw.send(1, Uint8Array.of(255))).toEqual([{ port: 2, packet: Uint8Array.of(31) }]);
  });
});

describe('controls that hold tables, actions, counters: each instance has its own', () => {
  const table = {
    locals: 'action set(bit<8> v) { h.h.v = v; } table t { key = { h.h.v: exact; } actions = { set; } }',
    body: 't.apply();',
  };
  test('few are all there', async () => {
    const loaded = await loadP4(nested({ ...table, depth: 3 }));
    expect(Object.keys(loaded.tables).sort()).toEqual(
      ['one', 'two'].flatMap((a) => ['one', 'two'].flatMap((b) => ['one', 'two'].map((c) => `Enter.all.${a}.${b}.${c}.t`))),
    );
  });

  test.each([
    ['tables', table, 'C14'],
    ['actions', { locals: 'action bump() { h.h.v = h.h.v + 1; }', body: 'bump();' }, 'C15'],
    ['counters', { locals: 'counter(4, CounterType.packets) seen;', body: 'seen.count(1);' }, 'C15'],
    ['given arguments', { given: '(bit<8> n)', body: 'h.h.v = n;', one: 'n', two: 'n' }, 'C14'],
  ])('too many: %s', async (_what, nest, control) => {
    const file = nested(nest);
    expect(await refusal(file)).toEqual([
      `program-too-large ${line(file, `control ${control}(`)}: The program is too large: an instance of the control ${control} has more than 20000 tables, actions and other objects, those of the instances inside it counted.`,
    ]);
  });

  test('controls that their arguments make different', async () => {
    const nest = { given: '(bit<64> n)', body: 'h.h.v = (bit<8>) n;', one: '2 * n', two: '2 * n + 1' };
    expect(await refusal(nested(nest))).toEqual([
      expect.stringMatching(/^program-too-large \d+: .*make more than 2000 parsers, controls and functions of it, C\d+ among them\.$/),
    ]);
  });
});
