/** p4ts in a page: the package as it is built, bundled for browsers, in a context that has what browsers have. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext, Script } from 'node:vm';
import { build } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { programOf } from '../../compiler/dsl/handles.js';
import { router } from '../../examples/router/pipeline.js';
import { bmv2 } from '../../targets/bmv2/node.js';
import * as here from './page.js';

type Page = typeof here;

const root = fileURLToPath(new URL('../../', import.meta.url));
const file = (path: string): Buffer => readFileSync(`${root}${path}`);

/** Made in the context, so that their values are the context's own. */
const globals = `((host) => {
  globalThis.TextEncoder = class { encode(text) { return new Uint8Array(host.encode(text)); } };
  globalThis.TextDecoder = class { constructor(...options) { this.decode = (bytes) => host.decode(bytes, options); } };
  Object.assign(globalThis, host.others);
})(host);
delete globalThis.host;`;

let page: Page;
let context: object;

beforeAll(async () => {
  const bundle = await build({
    entryPoints: ['test/browser/page.ts'],
    absWorkingDir: root,
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    globalName: 'page',
    // The package's own exports, not the paths of the sources.
    tsconfigRaw: {},
  });
  context = createContext({
    host: {
      encode: (text: string) => new TextEncoder().encode(text),
      decode: (bytes: Uint8Array, [label, options]: ConstructorParameters<typeof TextDecoder>) =>
        new TextDecoder(label, options).decode(bytes),
      others: { setTimeout, clearTimeout, queueMicrotask, performance, AbortController, AbortSignal, URL },
    },
  });
  runInContext(globals, context);
  expect(runInContext('[typeof process, typeof Buffer, typeof require, typeof setImmediate].join()', context)).toBe(
    'undefined,undefined,undefined,undefined',
  );
  new Script(bundle.outputFiles[0]?.text ?? '', { filename: 'page.js' }).runInContext(context);
  page = runInContext('page', context) as Page;
});

test('the router forwards captured packets as it does on Node', async () => {
  const network = file('examples/router/network.txt').toString();
  const captures = [1, 2].map((port) => file(`examples/router/traffic/port${port}.pcap`));
  const sent = await page.route(network, captures);
  expect(sent.length).toBeGreaterThan(50);
  expect([...sent]).toEqual(await here.route(network, captures));
});

test('the router is compiled to the files that p4ts compile writes', () => {
  const { compiled } = compile(programOf(router)?.ir as never, bmv2);
  // The comments of its declarations are read from its file, which a page does not have.
  const withoutComments = (p4: unknown): string => String(p4).replace(/^ *(\/\/|\/?\*).*\n/gm, '');
  const expected = Object.fromEntries((compiled?.files ?? []).map((f) => [f.suffix, f.contents]));
  const files = page.compiledRouter();
  expect(withoutComments(files['.p4'])).toBe(withoutComments(expected['.p4']));
  expect(files['.p4']).toContain('V1Switch(');
  expect(Object.keys(files)).toEqual(Object.keys(expected));
});

const main = `
#include <core.p4>
#include <v1model.p4>
#include "headers.p4"
#include <defaults.p4>
struct headers { h_t h; }
struct meta_t { }
parser p(packet_in b, out headers hdr, inout meta_t m, inout standard_metadata_t s) {
    state start { b.extract(hdr.h); transition accept; }
}
control none(inout headers hdr, inout meta_t m) { apply { } }
control ingress(inout headers hdr, inout meta_t m, inout standard_metadata_t s) {
    apply {
        hdr.h.value = hdr.h.value + STEP;
        s.egress_spec = 2;
    }
}
control egress(inout headers hdr, inout meta_t m, inout standard_metadata_t s) { apply { } }
control d(packet_out b, in headers hdr) { apply { b.emit(hdr.h); } }
V1Switch(p(), none(), ingress(), egress(), none(), d()) main;
`;

describe('a program in P4 that is text', () => {
  test('includes other texts, runs, and is printed', async () => {
    const files = { 'main.p4': main, 'headers.p4': 'header h_t { bit<8> value; }', 'include/defaults.p4': '#define STEP 3' };
    const [output, printed] = await page.runP4(files, '05 aa');
    expect(output).toBe('2 08aa');
    expect(printed).toContain('hdr.h.value = hdr.h.value + 3;');
  });

  test('has its mistakes told with the line', async () => {
    const text = main
      .replace('#include <defaults.p4>', '')
      .replace('"headers.p4"', '<headers.p4>')
      .replace('hdr.h.value + STEP', 'hdr.h.valu + 1');
    expect(await page.mistakesIn(text.replace('#include <headers.p4>', 'header h_t { bit<8> value; }'))).toMatch(
      /^wrong\.p4:14:29 - error .*"valu".*\n {2}14 \| {9}hdr\.h\.value = hdr\.h\.valu \+ 1;\n {5}\| {29}\^{4}/,
    );
    expect(await page.mistakesIn(text)).toMatch(/^wrong\.p4:4:1 - error include-missing: The file "headers\.p4"/);
  });
});

test('a mistake in a pipeline has its place in the file of the page, where that is another than that of p4ts', () => {
  const source = `const { bit, header, pipeline } = page;
const h = header('h', { a: bit(8) });
found = page.diagnosticsOf(pipeline('wrong', {
  headers: { h },
  parser: { start: (p, { hdr }) => { p.extract(hdr.h); return p.accept(); } },
  ingress: (ctl, { hdr }) => { ctl.apply((c) => c.set(hdr.h.a, 300)); return {}; },
  deparser: (d, { hdr }) => d.emit(hdr.h),
}));`;
  const found = new Script(`let found;${source}\nfound`, { filename: 'mine.js' }).runInContext(context) as ReturnType<
    Page['diagnosticsOf']
  >;
  expect(found.map(({ code, loc }) => [code, `${loc.file}:${loc.line}`])).toEqual([['literal-out-of-range', 'mine.js:6']]);
});
