/** Structs in structs: copied and compared as a whole (P4-16 §8.16). */
import { bit, bool, header, pipeline, same, struct } from 'p4ts';
import { simulate } from 'p4ts/runtime';
import { expect, test } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { programOf } from '../../compiler/dsl/handles.js';
import { bmv2 } from '../../targets/bmv2/node.js';
import { findTool } from '../../targets/node.js';
import { compileWithP4c, p4c } from '../support/p4c.js';

const Inner = struct('inner_t', { x: bit(8), flag: bool });
const Outer = struct('outer_t', { inner: Inner, y: bit(8) });
const H = header('h_t', { a: bit(8), b: bit(8), same: bit(8) });
const structs = pipeline('structs', {
  headers: { h: H },
  metadata: { one: Outer, two: Outer },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.h);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, meta }) {
    ctl.apply((c) => {
      c.set(meta.one.inner.x, hdr.h.a);
      c.set(meta.one.inner.flag, true);
      c.copy(meta.two, meta.one);
      c.set(meta.two.inner.x, hdr.h.b);
      c.if(same(meta.one, meta.two), () => c.set(hdr.h.same, 1)).else(() => c.set(hdr.h.same, 0));
      c.if(meta.two.inner.flag, () => c.forward(1));
    });
  },
  deparser: (d, { hdr }) => d.emit(hdr.h),
});

test('a copy is equal until a field of it changes', async () => {
  await using sw = await simulate(structs);
  expect(await sw.send(0, Uint8Array.of(7, 7, 9))).toEqual([{ port: 1, packet: Uint8Array.of(7, 7, 1) }]);
  expect(await sw.send(0, Uint8Array.of(7, 8, 9))).toEqual([{ port: 1, packet: Uint8Array.of(7, 8, 0) }]);
});

test('printed as an assignment and a comparison, which p4c takes', { timeout: 60_000 }, async () => {
  const { compiled, diagnostics } = compile(programOf(structs)?.ir as never, bmv2);
  expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  const p4 = compiled?.files[0]?.contents as string;
  expect(p4).toContain('meta.two = meta.one;');
  expect(p4).toContain('meta.one == meta.two');
  if (typeof (await findTool(p4c)) === 'string') expect(await compileWithP4c(p4)).not.toHaveProperty('code');
});
