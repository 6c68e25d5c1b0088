/** Value sets in subparsers and in shared states (P4-16 §13.11). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { programOf } from '../../compiler/dsl/handles.js';
import { bit, header, pipeline, valueSet } from '../../compiler/node.js';
import { simulate } from '../../runtime/node.js';
import { bmv2 } from '../../targets/bmv2/node.js';
import { setsEverywhere } from '../cases/value-set-in-subparser/pipeline.js';

let sw: Awaited<ReturnType<typeof simulate<typeof setsEverywhere>>>;
beforeAll(async () => {
  sw = await simulate(setsEverywhere);
});
afterAll(() => sw.close());
const send = async (...bytes: number[]) => [...((await sw.send(0, Uint8Array.from(bytes)))[0]?.packet ?? [])];

test('each set is filled for itself, and states follow its members', async () => {
  const { outerKinds, innerKinds } = setsEverywhere.sets;
  expect(await send(1, 0, 2, 0, 3, 0)).toEqual([1, 0xaa, 2, 0, 3, 0]);
  await sw.valueSet(outerKinds).set([1, 7]);
  expect(await send(1, 0, 2, 0, 3, 0)).toEqual([1, 0xaa, 2, 0xbb, 3, 0]);
  await sw.valueSet(innerKinds).set([2]);
  expect(await send(1, 0, 2, 0, 3, 0)).toEqual([1, 0xaa, 2, 0xbb, 3, 0xcc]);
  // A member of the other set.
  expect(await send(1, 0, 7, 0, 3, 0)).toEqual([1, 0xaa, 7, 0xbb, 3, 0]);
  expect(await send(2, 0, 2, 0, 3, 0)).toEqual([2, 0xaa, 2, 0, 3, 0]);
  expect(await sw.valueSet(outerKinds).read()).toEqual([1, 7]);
});

test('a set beside keys that match everything is looked at alone', () => {
  const H = header('h_t', { kind: bit(8), code: bit(8), more: bit(8) });
  const p = pipeline('alone', {
    headers: { h: H },
    valueSets: { known: valueSet(bit(8), 4) },
    parser: {
      start(p, { hdr, sets }) {
        p.extract(hdr.h);
        return p
          .select(hdr.h.kind, hdr.h.code, hdr.h.more)
          .when([1, 2, '_'], 'reject')
          .when(['_', sets.known, '_'], 'accept')
          .when([sets.known, '_', 3], 'accept')
          .otherwise('reject');
      },
    },
    ingress: (ctl) => ctl.apply((c) => c.forward(1)),
    deparser: (d, { hdr }) => d.emit(hdr.h),
  });
  const text = String(compile(programOf(p)?.ir as never, bmv2).compiled?.files[0]?.contents);
  const selects = text.match(/select\([\s\S]*?\n\s*\}/g) ?? [];
  expect(selects.map((s) => s.match(/^\s*(default|\(?_(, _)*\)?):/gm)?.length)).toEqual(selects.map(() => 1));
  expect(selects.length).toBeGreaterThan(2);
});

test('value-set-in-two-parsers: one set cannot be in two parsers', () => {
  const H = header('h_t', { kind: bit(8) });
  const wrong = pipeline('wrong', {
    headers: { h: H, i: H },
    valueSets: { kinds: valueSet(bit(8), 4) },
    subparsers: {
      inner: {
        start(p, { hdr, sets }) {
          p.extract(hdr.i);
          return p.select(hdr.i.kind).when(sets.kinds, 'accept').otherwise('reject');
        },
      },
    },
    parser: {
      start(p, { hdr, sets }) {
        p.extract(hdr.h);
        p.call('inner');
        return p.select(hdr.h.kind).when(sets.kinds, 'accept').otherwise('reject');
      },
    },
    ingress: () => ({}),
    deparser: () => {},
  });
  const [first, ...others] = programOf(wrong)?.diagnostics ?? [];
  expect(others).toEqual([]);
  expect(first).toMatchObject({ code: 'value-set-in-two-parsers', severity: 'error' });
  expect(first?.message).toContain('The parsers inner and parse both select with the value set kinds');
});
