import { bit, header, pipeline } from 'p4ts';
import { diagnosticsOf, packetFromHex } from 'p4ts/testing';
import { expect, test } from 'vitest';
import { router } from '../../examples/router/pipeline.js';

test('a pipeline without a flaw has no diagnostics', () => {
  expect(diagnosticsOf(router)).toEqual([]);
});

test('mistakes of the recording and of the whole program', () => {
  const H = header('h_t', { a: bit(8) });
  const declare = (value: number) =>
    pipeline('p', {
      headers: { h: H },
      parser: { start: (p) => p.accept() },
      ingress(ctl, { hdr }) {
        ctl.apply((c) => c.set(hdr.h.a, value));
      },
      deparser() {},
    });
  expect(diagnosticsOf(declare(256)).map((d) => d.code)).toContain('literal-out-of-range');
  // The parser extracts nothing: the header is never used but here.
  expect(diagnosticsOf(declare(1)).every((d) => d.severity === 'warning')).toBe(true);
  expect(() => diagnosticsOf({} as never)).toThrow(/not-a-pipeline/);
});

test('packets in hexadecimal', () => {
  expect(packetFromHex('08:00 0f\nFF')).toEqual(new Uint8Array([8, 0, 15, 255]));
  expect(() => packetFromHex('0')).toThrow(/two hexadecimal digits/);
});
