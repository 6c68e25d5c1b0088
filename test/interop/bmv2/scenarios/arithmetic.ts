/** Every operator, on 8 bits with all kinds of operands and on widths beyond 32 and 64 bits. */
import { bit, build, concat, header, mux, pipeline } from 'p4ts';
import { random } from '../../../support/packets.js';
import { packet, scenario } from '../scenario.js';

const operators = ['add', 'sub', 'satAdd', 'satSub', 'and', 'or', 'xor', 'shl', 'shr', 'not'] as const;
const comparisons = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const;
type Results<W extends number> = Record<(typeof operators)[number], ReturnType<typeof bit<W>>>;
const results = <const W extends number>(width: W) => Object.fromEntries(operators.map((op) => [op, bit(width)])) as Results<W>;

const Small = header('small_t', { a: bit(8), b: bit(8), ...results(8), compared: bit(6), equal: bit(2) });
const Odd = header('odd_t', { a: bit(13), b: bit(13), ...results(13), padding: bit(4) });
const Wide = header('wide_t', { a: bit(128), b: bit(128), ...results(128) });
const Mixed = header('mixed_t', {
  low: bit(4),
  high: bit(4),
  joined: bit(16),
  chosen: bit(8),
  widened: bit(32),
  narrowed: bit(5),
  sliced: bit(3),
  written: bit(32),
  nested: bit(16),
});

const operations = pipeline('operations', {
  headers: { small: Small, odd: Odd, wide: Wide, mixed: Mixed },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.small, hdr.odd, hdr.wide, hdr.mixed);
      return p.accept();
    },
  },
  ingress(ctl, { hdr }) {
    ctl.apply((c) => {
      c.forward(2);
      for (const op of operators) {
        const { small, odd, wide } = hdr;
        if (op === 'not') {
          c.set(small.not, small.a.not());
          c.set(odd.not, odd.a.not());
          c.set(wide.not, wide.a.not());
        } else if (op === 'shl' || op === 'shr') {
          // p4c takes shifts by 8 bits at most.
          c.set(small[op], small.a[op](small.b));
          c.set(odd[op], odd.a[op](small.b));
          c.set(wide[op], wide.a[op](small.b));
        } else {
          c.set(small[op], small.a[op](small.b));
          c.set(odd[op], odd.a[op](odd.b));
          c.set(wide[op], wide.a[op](wide.b));
        }
      }
      for (const [i, op] of comparisons.entries()) c.if(hdr.small.a[op](hdr.small.b), () => c.set(hdr.small.compared.bits(i, 1), 1));
      c.if(hdr.wide.a.lt(hdr.wide.b).and(hdr.odd.a.ge(hdr.odd.b).not()), () => c.set(hdr.small.equal, 1));
      c.if(hdr.wide.a.eq(hdr.wide.b).or(hdr.odd.a.eq(hdr.odd.b)), () => c.set(hdr.small.equal, 2));

      const { small, wide, mixed } = hdr;
      c.set(mixed.joined, concat(bit(16), mixed.low, small.a, mixed.high));
      c.set(mixed.chosen, mux(small.a.gt(small.b), small.a.sub(small.b), small.b.sub(small.a)));
      c.set(
        mixed.widened,
        small.a
          .add(small.b)
          .as(bit(32))
          .add(small.a.as(bit(32)).shl(20)),
      );
      c.set(mixed.narrowed, wide.a.as(bit(5)));
      c.set(mixed.sliced, wide.a.bits(63, 3));
      c.set(mixed.written.bits(4, 20), wide.b.bits(50, 20));
      c.set(mixed.written.bits(0, 1), small.a.bits(7, 1));
      c.set(
        mixed.nested,
        small.a
          .add(1)
          .as(bit(16))
          .sub(small.b.as(bit(16)))
          .xor(0xffff)
          .shr(1)
          .or(wide.a.bits(100, 16).and(0x0f0f)),
      );
      // A value is captured; an expression is evaluated where it is used.
      const before = c.let('before', small.a);
      c.set(small.a, small.a.add(1));
      c.set(small.b, before.xor(small.a));
    });
  },
  deparser(d, { hdr }) {
    d.emit(hdr.small, hdr.odd, hdr.wide, hdr.mixed);
  },
});

const zeros = Object.fromEntries(operators.map((op) => [op, 0])) as Record<(typeof operators)[number], number>;
const next = random(99);
const wide = (): bigint => [0, 1, 2, 3].reduce((sum) => (sum << 32n) | BigInt(next()), 0n);
const of = (a: number, b: number, wideA: bigint, wideB: bigint, oddA = a * 31, oddB = b * 31) =>
  packet(
    1,
    Buffer.concat([
      build(Small, { a, b, ...zeros, compared: 0, equal: 0 }),
      build(Odd, { a: oddA, b: oddB, ...zeros, padding: 0 }),
      build(Wide, { a: wideA, b: wideB, ...zeros }),
      build(Mixed, { low: a & 15, high: b & 15, joined: 0, chosen: 0, widened: 0, narrowed: 0, sliced: 0, written: 0xffffffff, nested: 0 }),
    ]),
  );
const most = (1n << 128n) - 1n;

export const arithmetic = scenario({
  name: 'arithmetic',
  pipeline: operations,
  steps: [
    of(0, 0, 0n, 0n),
    of(255, 255, most, most),
    of(255, 1, most, 1n),
    of(0, 1, 0n, 1n),
    of(1, 255, 1n, most),
    of(128, 7, 1n << 127n, 1n << 64n),
    of(128, 8, 1n << 64n, (1n << 64n) - 1n),
    of(3, 127, 3n, 7n),
    of(3, 128, 3n, 7n),
    of(200, 13, most - 1n, 1n, 8191, 8191),
    ...Array.from({ length: 20 }, () => of(next() & 255, next() & (next() & 1 ? 15 : 255), wide(), wide(), next() & 8191, next() & 8191)),
  ],
});
