/** Signed numbers, products, booleans and enums (points 1 to 8), beside what the scenario of arithmetic has. */
import { bit, bool, build, concat, enumeration, header, int, mux, pipeline } from 'p4ts';
import { random } from '../../../support/packets.js';
import { packet, scenario } from '../scenario.js';

const Kind = enumeration('Kind', bit(8), { none: 0, data: 0x11, control: 0x80 });
const Mood = enumeration('Mood', ['calm', 'busy', 'wild']);
const signed = ['add', 'sub', 'mul', 'satAdd', 'satSub', 'and', 'or', 'xor'] as const;
const comparisons = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const;

const Given = header('given_t', { a: bit(8), b: bit(8), wide: bit(40), kind: Kind });
const Result = header('result_t', {
  ...(Object.fromEntries(signed.map((op) => [op, bit(8)])) as Record<(typeof signed)[number], ReturnType<typeof bit<8>>>),
  neg: bit(8),
  not: bit(8),
  shl: bit(8),
  shr: bit(8),
  shrFar: bit(8),
  compared: bit(8),
  extended: bit(40),
  cut: bit(8),
  slice: bit(8),
  product: bit(16),
  productWide: bit(40),
  negated: bit(40),
  sum: bit(8),
  flags: bit(8),
  mood: bit(8),
  kept: int(8),
  joined: bit(24),
});

const values = pipeline('values', {
  headers: { given: Given, result: Result },
  metadata: { small: int(8), other: int(8), flag: bool, mood: Mood, five: bit(5) },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.given);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, meta }) {
    const { given, result } = hdr;
    ctl.apply((c) => {
      c.forward(2);
      c.setValid(result);
      c.set(meta.small, given.a.as(int(8)));
      c.set(meta.other, given.b.as(int(8)));
      const [x, y] = [meta.small, meta.other];
      for (const op of signed) c.set(result[op], x[op](y).as(bit(8)));
      c.set(result.neg, x.neg().as(bit(8)));
      c.set(result.not, x.not().as(bit(8)));
      c.set(result.shl, x.shl(given.b).as(bit(8)));
      c.set(result.shr, x.shr(given.b).as(bit(8)));
      c.set(result.shrFar, x.shr(200).as(bit(8)));
      for (const [i, op] of comparisons.entries()) c.if(x[op](y), () => c.set(result.compared.bits(i, 1), 1));
      c.set(result.extended, x.as(int(40)).as(bit(40)));
      c.set(result.cut, given.wide.as(int(40)).as(int(8)).as(bit(8)));
      c.set(result.slice, x.bits(3, 5).as(bit(8)));
      c.set(result.kept, x.satSub(3));

      // Each step wraps, not only what is written in the end.
      c.set(result.product, given.a.mul(given.b).as(bit(16)));
      c.set(result.productWide, given.wide.mul(given.wide).add(given.a.as(bit(40))));
      c.set(result.negated, given.wide.neg().shr(1));
      c.set(result.sum, given.a.add(given.b).shr(1).add(given.a.sub(given.b).shr(1)));
      c.set(meta.five, given.a.as(bit(5)).mul(3).add(given.b.bits(2, 5)));
      c.set(result.joined, concat(bit(24), meta.five, given.a.not().bits(0, 3), given.b.shl(4), meta.five.neg(), given.a.bits(5, 3)));

      c.set(meta.flag, given.a.bits(0, 1).asBool().and(given.b.gt(0x7f)).or(given.kind.eq(Kind.control)));
      c.set(result.flags.bits(0, 1), meta.flag.as(bit(1)));
      c.set(result.flags.bits(1, 1), meta.flag.not().and(meta.flag.eq(false)).as(bit(1)));
      c.set(result.flags.bits(2, 1), mux(meta.flag, given.b, given.a).bits(7, 1));
      c.switch(given.kind)
        .case(Kind.data, () => c.set(meta.mood, Mood.busy))
        .case(Kind.control, () => c.set(meta.mood, Mood.wild))
        .default(() => {});
      c.switch(meta.mood)
        .case(Mood.calm, () => c.set(result.mood, 0x10))
        .case(Mood.busy, () => c.set(result.mood, 0x20))
        .default(() => c.set(result.mood, 0x30));
      c.if(given.kind.ne(Kind.none).and(meta.mood.eq(Mood.calm)), () => c.set(given.kind, Kind.data));
    });
  },
  deparser(d, { hdr }) {
    d.emit(hdr.given, hdr.result);
  },
});

const given = (a: number, b: number, wide: bigint, kind: number) =>
  packet(
    1,
    Buffer.concat([
      build(Given, { a, b, wide: 0n, kind: 'none' }).subarray(0, 2),
      Buffer.from(wide.toString(16).padStart(10, '0'), 'hex'),
      Uint8Array.of(kind),
    ]),
  );
const next = random(4);
const edges = [0, 1, 0x7f, 0x80, 0xff];

export const numbers = scenario({
  name: 'values',
  pipeline: values,
  steps: [
    ...edges.flatMap((a) => edges.map((b, i) => given(a, b, (1n << 39n) + BigInt(a), [0, 0x11, 0x80, 0x12, 0xff][i] as number))),
    ...Array.from({ length: 25 }, () =>
      given(next() & 255, next() & 255, (BigInt(next()) << 8n) | BigInt(next() & 255), [0, 0x11, 0x80][next() % 3] as number),
    ),
  ],
});
