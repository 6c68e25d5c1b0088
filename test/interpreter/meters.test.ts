/** Meters against RFC 2698, with a clock that the tests set. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MeterConfig } from '../../runtime/data-plane/messages.js';
import { markerOf } from '../../runtime/data-plane/meters.js';
import { events, extractK, Runs, show } from '../support/v1model-runs.js';

const ms = 1_000_000n;
const config = (cir: bigint, cburst: bigint, pir: bigint, pburst: bigint): MeterConfig => ({ cir, cburst, pir, pburst });
/** The colours of packets of `cost` at these times in milliseconds. */
function mark(settings: MeterConfig, packets: readonly (readonly [atMs: number, cost?: number])[]): string {
  const cell = markerOf(settings);
  return packets.map(([at, cost = 1]) => cell.mark(BigInt(cost), BigInt(at) * ms)[0]).join('');
}

describe('two rates', () => {
  test('buckets start full: CBS packets are green, the next yellow up to PBS, then red', () => {
    expect(mark(config(1n, 2n, 1n, 4n), [[0], [0], [0], [0], [0], [0]])).toBe('ggyyrr');
  });
  test('a red packet takes nothing, a yellow one takes from the peak bucket only', () => {
    // Peak bucket 1000 bytes, committed 400. 500 yellow leaves 500 and 400; 600 red; 400 green; then 100 and 0 are left.
    const settings = config(0n, 400n, 0n, 1000n);
    expect(
      mark(settings, [
        [0, 500],
        [0, 600],
        [0, 400],
        [0, 101],
        [0, 100],
        [0, 1],
      ]),
    ).toBe('yrgryr');
  });
  test('rates fill the buckets to the burst and no further', () => {
    // 10 packets a second committed, 20 at the peak: one token each 100 ms and each 50 ms.
    const settings = config(10n, 1n, 20n, 2n);
    const packets = [0, 0, 0, 50, 99, 100, 100, 150, 10_000, 10_000, 10_000];
    expect(
      mark(
        settings,
        packets.map((at) => [at]),
      ),
    ).toBe('gyryrgrygyr');
  });
  test('fractions of a token are not lost from packet to packet', () => {
    // 3 packets a second: over 10 seconds of packets each 10 ms, 30 are green beside the one of the full bucket.
    const colors = mark(
      config(3n, 1n, 1000n, 1000n),
      Array.from({ length: 1000 }, (_, i) => [i * 10 + 10] as const),
    );
    expect(colors.split('g').length - 1).toBe(31);
  });
  test('a clock that goes back adds nothing', () => {
    expect(mark(config(1000n, 1n, 1000n, 1n), [[100], [50], [100], [101]])).toBe('grrg');
  });
});

describe('a single rate (RFC 2697)', () => {
  const single = (cir: bigint, cburst: bigint, eburst: bigint): MeterConfig => ({ ...config(cir, cburst, cir, cburst), eburst });

  test('buckets start full: CBS packets are green, EBS yellow, then red', () => {
    expect(mark(single(1n, 2n, 3n), [[0], [0], [0], [0], [0], [0], [0]])).toBe('ggyyyrr');
  });
  test('the rate fills the committed bucket first, then the excess one, and neither beyond its burst', () => {
    // One token each 100 ms. At 300 ms the committed bucket has its 2, the excess one a third; at 10 s both are full.
    const packets = [0, 0, 0, 0, 0, 0, 300, 300, 300, 300, 10_000, 10_000, 10_000, 10_000, 10_000, 10_000];
    expect(
      mark(
        single(10n, 2n, 3n),
        packets.map((at) => [at]),
      ),
    ).toBe('ggyyyrggyrggyyyr');
  });
  test('a packet that no bucket has room for takes from none', () => {
    expect(
      mark(single(0n, 400n, 500n), [
        [0, 600],
        [0, 450],
        [0, 400],
        [0, 51],
        [0, 50],
      ]),
    ).toBe('rygry');
  });
  test('colour-aware: yellow takes from the excess bucket only, red from none', () => {
    const marker = markerOf(single(0n, 2n, 1n));
    const before = ['red', 'yellow', 'yellow', 'green', 'green', 'green'] as const;
    expect(before.map((color) => marker.mark(1n, 0n, color)[0]).join('')).toBe('ryrggr');
  });
  test('without an excess burst, the same as two rates that are equal', () => {
    const packet = fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 5 }));
    fc.assert(
      fc.property(fc.bigInt(0n, 50n), fc.bigInt(0n, 10n), fc.array(packet, { maxLength: 60 }), (cir, cburst, given) => {
        let now = 0;
        const packets = given.map(([gap, cost]) => {
          now += gap;
          return [now, cost] as const;
        });
        expect(mark(single(cir, cburst, 0n), packets)).toBe(mark(config(cir, cburst, cir, cburst), packets));
      }),
    );
  });
});

test('in any time, at most burst + rate × time packets are green, and as many at most are not red', () => {
  const settings = fc.record({
    cir: fc.bigInt(0n, 50n),
    cburst: fc.bigInt(0n, 10n),
    extra: fc.bigInt(0n, 50n),
    pburst: fc.bigInt(0n, 20n),
  });
  fc.assert(
    fc.property(settings, fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 60 }), ({ cir, cburst, extra, pburst }, gaps) => {
      const cell = markerOf(config(cir, cburst, cir + extra, pburst));
      let now = 0;
      let [green, passed] = [0n, 0n];
      for (const gap of gaps) {
        now += gap;
        const color = cell.mark(1n, BigInt(now) * ms);
        if (color === 'green') green++;
        if (color !== 'red') passed++;
        expect(green).toBeLessThanOrEqual(cburst + (cir * BigInt(now)) / 1000n);
        expect(passed).toBeLessThanOrEqual(pburst + ((cir + extra) * BigInt(now)) / 1000n);
      }
    }),
  );
});

describe('an indirect meter', () => {
  const configured = { kind: 'meter', meter: 'ingress.policer', index: 2, config: config(1000n, 3n, 1000n, 6n) } as const;
  const counting = (unit: 'packets' | 'bytes') =>
    Runs.of(
      {
        start: extractK,
        meta: 'bit<8> color;',
        locals: `meter(4, MeterType.${unit}) policer;`,
        ingress: `meta.color = 9; policer.execute_meter((bit<32>) h.k.a, meta.color); ${show('meta.color')}`,
      },
      [configured],
    );

  test('counts packets or their bytes as they arrived', async () => {
    const colors = async (unit: 'packets' | 'bytes') => {
      const runs = await counting(unit);
      return Array.from({ length: 7 }, () => runs.send('02bbcc').shown[0]);
    };
    expect(await colors('packets')).toEqual([0n, 0n, 0n, 1n, 1n, 1n, 2n]);
    expect(await colors('bytes')).toEqual([0n, 1n, 2n, 2n, 2n, 2n, 2n]);
  });
  test('time is that of the packet', async () => {
    const runs = await counting('bytes');
    const colors = [0n, 0n, 0n, 1n, 2n, 3n, 3n].map((at) => runs.send('02bbcc', { timestampNs: at * ms }).shown[0]);
    expect(colors).toEqual([0n, 1n, 2n, 2n, 2n, 0n, 2n]);
  });
  test('cells are independent; one that is not configured, or no more, is green', async () => {
    const runs = await counting('bytes');
    for (let i = 0; i < 3; i++) runs.send('02bbcc');
    expect([runs.send('02bbcc').shown, runs.send('01bbcc').shown]).toEqual([[2n], [0n]]);
    runs.interpreter.state.write([{ kind: 'meter', meter: 'ingress.policer', index: 2 }]);
    expect(runs.send('02bbcc').shown).toEqual([0n]);
  });
  test('an index out of range leaves the result as it was', async () => {
    expect((await counting('bytes')).send('04bbcc').shown).toEqual([9n]);
  });
  test('shows the colour and what is left in the trace', async () => {
    const { trace } = (await counting('bytes')).send('02bbcc');
    expect(events(trace, 'meter')).toMatchObject([
      {
        meter: 'ingress.policer',
        index: '2',
        unit: 'bytes',
        color: 'green',
        committed: { tokens: '0', burst: '3' },
        peak: { tokens: '3', burst: '6' },
      },
    ]);
  });
});
