/** Casts between enums with values, signed numbers and their bits (P4-16 §8.11.1). */
import { bit, enumeration, header, int, pipeline } from 'p4ts';
import { simulate } from 'p4ts/runtime';
import { diagnosticsOf } from 'p4ts/testing';
import { expect, test } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { programOf } from '../../compiler/dsl/handles.js';
import { bmv2 } from '../../targets/bmv2/node.js';
import { findTool } from '../../targets/node.js';
import { compileWithP4c, p4c } from '../support/p4c.js';

const Kind = enumeration('Kind', bit(8), { one: 1, two: 2 });
const H = header('h_t', { kind: Kind, next: bit(8) });
const casts = pipeline('casts', {
  headers: { h: H },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.h);
      return p.accept();
    },
  },
  ingress(ctl, { hdr }) {
    ctl.apply((c) => {
      const { h } = hdr;
      const old = c.let('old', h.kind.as(bit(8)));
      c.set(h.kind, h.next.as(Kind));
      c.set(h.next, old.add(h.kind.as(bit(8))));
      c.if(h.kind.eq(Kind.two), () => c.forward(2)).else(() => c.forward(1));
    });
  },
  deparser: (d, { hdr }) => d.emit(hdr.h),
});

test('the value of an enum and its bits are the same; values without a name are kept', async () => {
  await using sw = await simulate(casts);
  expect(await sw.send(0, Uint8Array.of(1, 2))).toEqual([{ port: 2, packet: Uint8Array.of(2, 3) }]);
  expect(await sw.send(0, Uint8Array.of(200, 100))).toEqual([{ port: 1, packet: Uint8Array.of(100, 44) }]);
});

test('printed as casts, which p4c takes', { timeout: 60_000 }, async () => {
  const { compiled, diagnostics } = compile(programOf(casts)?.ir as never, bmv2);
  expect(diagnostics).toEqual([]);
  const p4 = compiled?.files[0]?.contents as string;
  expect(p4).toContain('hdr.h.kind = (Kind)hdr.h.next;');
  expect(p4).toContain('bit<8> old = (bit<8>)hdr.h.kind;');
  if (typeof (await findTool(p4c)) === 'string') expect(await compileWithP4c(p4)).not.toHaveProperty('code');
});

test('a parser state keeps a signed number', async () => {
  const signed = pipeline('signed', {
    headers: { h: H },
    metadata: { delta: int(8) },
    parser: {
      start(p, { hdr, meta }) {
        p.extract(hdr.h);
        p.set(meta.delta, hdr.h.next.as(int(8)).sub(1));
        return p.accept();
      },
    },
    ingress: (ctl, { hdr, meta }) =>
      ctl.apply((c) => {
        c.set(hdr.h.next, meta.delta.as(bit(8)));
        c.if(meta.delta.lt(0), () => c.forward(1)).else(() => c.forward(2));
      }),
    deparser: (d, { hdr }) => d.emit(hdr.h),
  });
  await using sw = await simulate(signed);
  expect(await sw.send(0, Uint8Array.of(1, 0))).toEqual([{ port: 1, packet: Uint8Array.of(1, 255) }]);
  expect(await sw.send(0, Uint8Array.of(1, 5))).toEqual([{ port: 2, packet: Uint8Array.of(1, 4) }]);
});

test('the colour of a meter as bits: green 0, yellow 1, red 2', async () => {
  const metered = pipeline('metered', {
    headers: { h: H },
    parser: {
      start(p, { hdr }) {
        p.extract(hdr.h);
        return p.accept();
      },
    },
    ingress(ctl, { hdr }) {
      const rates = ctl.meter('rates', { size: 3, unit: 'bytes' });
      ctl.apply((c) => {
        const color = c.meter(rates, hdr.h.next.as(bit(32)));
        c.set(hdr.h.next, color.as(bit(2)).as(bit(8)));
        c.forward(1);
      });
      return { rates };
    },
    deparser: (d, { hdr }) => d.emit(hdr.h),
  });
  await using sw = await simulate(metered);
  // A packet of 2 bytes: cell 0 has no rates, the committed burst of cell 1 is smaller, both bursts of cell 2 are.
  await sw.meter(metered.ingress.rates).set(1, { cir: 1, cburst: 1, pir: 1, pburst: 2 });
  await sw.meter(metered.ingress.rates).set(2, { cir: 1, cburst: 1, pir: 1, pburst: 1 });
  for (const cell of [0, 1, 2]) expect(await sw.send(0, Uint8Array.of(1, cell))).toEqual([{ port: 1, packet: Uint8Array.of(1, cell) }]);
});

test('a cast between an enum and bits of another width is refused: p4c refuses it too', () => {
  const widened = pipeline('widened', {
    headers: {},
    metadata: { wide: bit(32), kind: Kind },
    parser: { start: (p) => p.accept() },
    ingress: (ctl, { meta }) =>
      ctl.apply((c) => {
        c.forward(1);
        c.set(meta.wide, meta.kind.as(bit(32)));
        c.set(meta.kind, meta.wide.as(Kind));
        c.set(meta.wide, meta.kind.as(bit(8)).as(bit(32)));
      }),
    deparser: (d) => d.emit(),
  });
  expect(diagnosticsOf(widened).map(({ message, help }) => `${message} ${help}`)).toEqual([
    'Kind cannot be cast to bit<32>. cast it to bit<8> first',
    'bit<32> cannot be cast to Kind. cast it to bit<8> first',
  ]);
});
