/** State, checksums and parts for one target: rows S and T of docs/portable.md. Others are in test/lower/lower-services.test.ts. */
import { bit, exact, header, internetChecksum, pipeline, tofino } from 'p4ts';
import { simulate } from 'p4ts/runtime';
import { expect, test } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { programOf } from '../../compiler/dsl/handles.js';
import { bmv2 } from '../../targets/bmv2/node.js';
import { make, packet, printed } from './lab.js';

test('S1: a counter counts packets and bytes in the cell; out of range nothing', async () => {
  const p = make((ctl, { hdr }) => {
    const n = ctl.counter('n', { size: 4, unit: 'both' });
    ctl.apply((c) => {
      c.count(n, hdr.h.a.as(bit(32)));
      c.forward(1);
    });
    return { n };
  });
  expect(printed(p)).toContain('n.count(');
  await using sw = await simulate(p);
  for (const a of [2, 2, 4, 255]) expect(await sw.send(0, packet(1, a))).toHaveLength(1);
  const cells = await Promise.all([0, 1, 2, 3].map((i) => sw.counter(p.ingress.n).read(i)));
  expect(cells.map((cell) => [cell.packets, cell.bytes])).toEqual([
    [0n, 0n],
    [0n, 0n],
    [2n, 10n],
    [0n, 0n],
  ]);
});

test('S2: a table with `counter` has a cell for each entry, which counts its hits', async () => {
  const p = make((ctl, { hdr }) => {
    const nothing = ctl.action('nothing', {}, () => {});
    const t = ctl.table('t', { key: { kind: exact(hdr.h.kind) }, actions: [nothing], default: nothing(), counter: 'both' });
    ctl.apply((c) => {
      c.apply(t);
      c.forward(1);
    });
    return { t, nothing };
  });
  expect(printed(p)).toContain('direct_counter(CounterType.packets_and_bytes)');
  await using sw = await simulate(p);
  await sw.table(p.ingress.t).insert(...[1, 3].map((kind) => ({ match: { kind }, action: p.ingress.nothing() })));
  for (const kind of [1, 1, 1, 9]) await sw.send(0, packet(kind));
  const counts: unknown[] = [];
  for await (const { match, counter } of sw.table(p.ingress.t).entries()) counts.push([match.kind, counter?.packets, counter?.bytes]);
  expect(counts).toEqual([
    [1, 3n, 15n],
    [3, 0n, 0n],
  ]);
});

const Sum = header('sum_t', { kind: bit(8), len: bit(8), value: bit(16), sum: bit(16) });
const summed = (what: 'header' | 'payload' | 'incremental') =>
  pipeline('sums', {
    headers: { s: Sum },
    parser: {
      start(p, { hdr }) {
        p.extract(hdr.s);
        return p.accept();
      },
    },
    ingress: (ctl, { hdr }) =>
      ctl.apply((c) => {
        const { s } = hdr;
        if (what === 'incremental') c.updateChecksumBy(s.sum, [[s.value, 0x1234]]);
        c.set(s.value, 0x1234);
        c.forward(1);
      }),
    deparser: (d, { hdr }) => {
      const { s } = hdr;
      const over = [s.kind, s.len, s.value];
      if (what === 'header') d.updateChecksum(s.sum, over, s.kind.eq(1));
      if (what === 'payload') d.updateChecksum(s.sum, over, { payload: true });
      d.emit(s);
    },
  });
const sumOf = (bytes: Uint8Array | undefined): number => ((bytes?.[4] ?? 0) << 8) | (bytes?.[5] ?? 0);

test('S9: a checksum is computed as the packet leaves, when its condition holds', async () => {
  const p = summed('header');
  expect(printed(p)).toContain('update_checksum(');
  await using sw = await simulate(p);
  // ~(0102 + 1234) = ~1336
  expect(sumOf((await sw.send(0, Uint8Array.of(1, 2, 0, 0, 9, 9, 7)))[0]?.packet)).toBe(0xecc9);
  expect(sumOf((await sw.send(0, Uint8Array.of(2, 2, 0, 0, 9, 9, 7)))[0]?.packet)).toBe(0x0909);
});

test('S10: with `payload` it covers what was not parsed, a last odd byte too', async () => {
  const p = summed('payload');
  expect(printed(p)).toContain('update_checksum_with_payload(');
  await using sw = await simulate(p);
  // ~(0102 + 1234 + 0700) = ~1a36
  expect(sumOf((await sw.send(0, Uint8Array.of(1, 2, 0, 0, 9, 9, 7)))[0]?.packet)).toBe(0xe5c9);
});

test('S11: the incremental update gives the checksum that the whole would, without the payload (RFC 1624)', async () => {
  await using sw = await simulate(summed('incremental'));
  for (const value of [0, 1, 0x1233, 0x1234, 0xedcb, 0xffff]) {
    const data = Uint8Array.of(1, 2, value >> 8, value & 255);
    const payload = Uint8Array.of(0xfe, 0xdc, 0xba);
    const old = internetChecksum(data, payload);
    const [out] = await sw.send(0, Uint8Array.of(...data, old >> 8, old & 255, ...payload));
    expect(sumOf(out?.packet)).toBe(internetChecksum(Uint8Array.of(1, 2, 0x12, 0x34), payload));
  }
});

test('P4: a wrong checksum sets std.checksumError; an invalid header, or one whose condition does not hold, does not', async () => {
  const p = pipeline('verified', {
    headers: { s: Sum },
    parser: {
      start: (p) =>
        p
          .select(p.lookahead(bit(8)))
          .when(9, 'accept')
          .otherwise('sum'),
      sum(p, { hdr }) {
        p.extract(hdr.s);
        p.verifyChecksum(hdr.s.sum, [hdr.s.kind, hdr.s.len, hdr.s.value], hdr.s.kind.ne(8));
        return p.accept();
      },
    },
    ingress: (ctl, { std }) => ctl.apply((c) => c.if(std.checksumError, () => c.forward(1)).else(() => c.forward(2))),
    deparser: (d, { hdr }) => d.emit(hdr.s),
  });
  expect(printed(p)).toContain('verify_checksum(');
  await using sw = await simulate(p);
  const port = async (...bytes: number[]) => (await sw.send(0, Uint8Array.from(bytes)))[0]?.port;
  // ~(0102 + 1234) = ecc9
  expect(await port(1, 2, 0x12, 0x34, 0xec, 0xc9)).toBe(2);
  expect(await port(1, 2, 0x12, 0x34, 0xec, 0xc8)).toBe(1);
  expect(await port(8, 2, 0x12, 0x34, 0, 0)).toBe(2);
  expect(await port(9, 2, 0x12, 0x34, 0, 0)).toBe(2);
});

test('T3, T4: what is for Tofino leaves nothing in the P4 of others', () => {
  const p = (forTofino: boolean) =>
    make((ctl, { hdr }) => {
      const nothing = ctl.action('nothing', {}, () => {});
      const on = forTofino ? { on: { tofino: { stage: 3 } } } : {};
      const t = ctl.table('t', { key: { kind: exact(hdr.h.kind) }, actions: [nothing], ...on });
      ctl.apply((c) => {
        c.apply(t);
        if (forTofino) c.on(tofino, (chip) => chip.setQueue(3));
        c.forward(1);
      });
    });
  expect(printed(p(true))).toBe(printed(p(false)));
  // For the others there is nothing to record: no diagnostic either.
  expect(compile(programOf(p(true))?.ir as never, bmv2).diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
});
