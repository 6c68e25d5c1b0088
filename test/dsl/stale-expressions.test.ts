/** Which expressions are told as stale: each of their reads has an age of its own. */
import { bit, concat, constant, header, mux, pipeline, stack, valid } from 'p4ts';
import { describe, expect, test } from 'vitest';
import { diagnosticsOf } from '../support/diagnostics.js';

const A = header('a_t', { x: bit(16), y: bit(16), z: bit(16) });
const ONE = constant('ONE', bit(16), 1);

type Body = (c: any, v: { hdr: any; meta: any; bump: any; nested: any; t: any }) => void;

/** What is stale in a pipeline with these statements in ingress. */
const stale = (body: Body): readonly string[] =>
  diagnosticsOf(() =>
    pipeline('p', {
      headers: { a: A, s: stack(A, 3) },
      metadata: { s: bit(16), t: bit(16) },
      parser: { start: (p) => p.accept() },
      ingress: (ctl, v) => {
        const bump = ctl.action('bump', { by: bit(16) }, (c, a) => c.set(v.hdr.a.x, v.hdr.a.x.add(a.by)));
        const nested = ctl.action('nested', {}, (c) => c.call(bump, { by: 1 }));
        const t = ctl.table('t', { key: {}, actions: [bump], default: bump({ by: 2 }) });
        ctl.apply((c) => body(c, { ...v, bump, nested, t }));
      },
      deparser() {},
    }),
  )
    .filter((d) => d.code === 'stale-expression')
    .map((d) => /`(.*)`/.exec(d.message)?.[1] ?? '');

describe('not stale', () => {
  const cases: readonly [string, Body][] = [
    [
      'what is read after the write, beside what was read before it',
      (c, { hdr }) => {
        const early = hdr.a.x.not();
        c.set(hdr.a.y, 5);
        c.set(hdr.a.z, early.add(hdr.a.y.not()));
      },
    ],
    [
      'constants, which never change',
      (c, { meta }) => {
        const two = ONE.add(1);
        c.set(meta.s, 7);
        c.set(meta.t, two.add(meta.s));
        c.set(meta.s, ONE.shl(3).add(meta.t));
      },
    ],
    [
      'a plain field, which is read where it is used',
      (c, { hdr, meta }) => {
        const { x } = hdr.a;
        c.set(hdr.a.x, 5);
        c.set(meta.s, x);
      },
    ],
    [
      'the validity of a header whose fields are written',
      (c, { hdr, meta }) => {
        const present = valid(hdr.a);
        c.set(hdr.a.x, 5);
        c.if(present, () => c.set(meta.s, 1));
      },
    ],
    [
      'another element of a stack',
      (c, { hdr, meta }) => {
        const sum = hdr.s.at(0).x.add(1);
        c.set(hdr.s.at(1).x, 5);
        c.set(meta.s, sum);
      },
    ],
    [
      'other bits of a field',
      (c, { hdr, meta }) => {
        const low = hdr.a.x.bits(0, 8).as(bit(16)).add(1);
        c.set(hdr.a.x.bits(8, 8), 5);
        c.set(meta.s, low);
      },
    ],
    [
      'what no action writes',
      (c, { hdr, meta, t }) => {
        const sum = hdr.a.y.add(1);
        c.apply(t);
        c.set(meta.s, sum);
      },
    ],
    [
      'what is read where the action has run',
      (c, { hdr, meta, t }) => {
        c.apply(t);
        c.set(meta.s, hdr.a.x.add(1));
      },
    ],
    [
      'what the other branch writes',
      (c, { hdr, meta }) => {
        const sum = hdr.a.x.add(1);
        c.if(valid(hdr.a), () => c.set(hdr.a.x, 5)).else(() => c.set(meta.s, sum));
      },
    ],
  ];
  test.each(cases)('%s', (_, body) => expect(stale(body)).toEqual([]));
});

describe('stale', () => {
  const cases: readonly [string, string, Body][] = [
    [
      'one old read among new ones',
      'hdr.a.x',
      (c, { hdr }) => {
        const early = hdr.a.x.not();
        c.set(hdr.a.x, 5);
        c.set(hdr.a.z, early.add(hdr.a.y));
      },
    ],
    [
      'a part of a mux',
      'meta.s',
      (c, { hdr, meta }) => {
        const either = mux(valid(hdr.a), meta.s.add(1), 0);
        c.set(meta.s, 5);
        c.set(hdr.a.z, either);
      },
    ],
    [
      'the validity of a header that is removed',
      'valid(hdr.a)',
      (c, { hdr, meta }) => {
        const present = valid(hdr.a);
        c.setInvalid(hdr.a);
        c.if(present, () => c.set(meta.s, 1));
      },
    ],
    [
      'a field of a header that is removed',
      'hdr.a.x',
      (c, { hdr, meta }) => {
        const next = hdr.a.x.add(1);
        c.setInvalid(hdr.a);
        c.set(meta.s, next);
      },
    ],
    [
      'an element that may be the one which is written',
      'hdr.s[1].x',
      (c, { hdr, meta }) => {
        const next = hdr.s.at(1).x.add(1);
        c.set(hdr.s.at(meta.t.as(bit(32))).x, 5);
        c.set(meta.s, next);
      },
    ],
    [
      'what an action of a table that is applied writes',
      'hdr.a.x',
      (c, { hdr, meta, t }) => {
        const next = hdr.a.x.add(1);
        c.apply(t);
        c.set(meta.s, next);
      },
    ],
    [
      'what an action writes that is called by one that is called',
      'hdr.a.x',
      (c, { hdr, meta, nested }) => {
        const next = hdr.a.x.add(1);
        c.call(nested);
        c.set(meta.s, next);
      },
    ],
    [
      'bits that the write has too',
      'hdr.a.x[7:0]',
      (c, { hdr, meta }) => {
        const both = concat(bit(16), hdr.a.x.bits(0, 8), hdr.a.y.bits(0, 8));
        c.set(hdr.a.x.bits(4, 8), 5);
        c.set(meta.s, both);
      },
    ],
  ];
  test.each(cases)('%s', (_, place, body) => expect(stale(body)).toEqual([place]));
});
