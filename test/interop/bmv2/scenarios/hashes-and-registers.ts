/** Every hash algorithm with bases and limits, and registers of several widths, read and written in one step. */
import { bit, build, header, pipeline } from 'p4ts';
import { packet, scenario } from '../scenario.js';

const algorithms = ['crc16', 'crc32', 'csum16', 'xor16', 'identity', 'crc16_custom', 'crc32_custom'] as const;
const Data = header('data_t', { nibble: bit(4), odd: bit(12), half: bit(16), word: bit(32), wide: bit(88) });
const Optional = header('optional_t', { value: bit(24) });
const Answer = header('answer_t', { whole: bit(64), short: bit(16), limited: bit(16), partly: bit(32), skipped: bit(64) });

const hashed = pipeline('hashed', {
  headers: { answer: Answer, data: Data, optional: Optional },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.data);
      return p.select(hdr.data.nibble.bits(3, 1)).when(1, 'optional').otherwise('accept');
    },
    optional(p, { hdr }) {
      p.extract(hdr.optional);
      return p.accept();
    },
  },
  ingress(ctl, { hdr }) {
    const { data, answer } = hdr;
    ctl.apply((c) => {
      c.forward(3);
      c.setValid(answer);
      algorithms.forEach((algorithm, i) => {
        c.if(data.nibble.bits(0, 3).eq(i), () => {
          const all = [data.nibble, data.odd, data.half, data.word, data.wide];
          c.set(answer.whole, c.hash(algorithm, bit(64), all, { base: 0, max: (1n << 63n) + 12345n }));
          c.set(answer.short, c.hash(algorithm, bit(16), [data.half, data.nibble], { base: 0, max: 65536 }));
          c.set(answer.limited, c.hash(algorithm, bit(16), [data.word, data.odd], { base: 1000, max: 100 }));
          c.set(answer.partly, c.hash(algorithm, bit(32), [data.wide, data.nibble, data.wide], { base: 7, max: 1n << 40n }));
          c.set(answer.skipped, c.hash(algorithm, bit(64), [data.half, hdr.optional.value, data.odd], { base: 0, max: 1n << 62n }));
        });
      });
    });
  },
  egress() {},
  deparser(d, { hdr }) {
    d.emit(hdr.answer, hdr.data, hdr.optional);
  },
});

const some = [
  { odd: 0x123, half: 0x4567, word: 0x89abcdef, wide: 0x0102030405060708090a0bn },
  { odd: 0, half: 0, word: 0, wide: 0n },
  { odd: 0xfff, half: 0xffff, word: 0xffffffff, wide: (1n << 88n) - 1n },
];

const given = (flag: number) => algorithms.flatMap((_, i) => some.map((values) => build(Data, { nibble: i + flag, ...values })));

export const hashes = scenario({
  name: 'hashes',
  pipeline: hashed,
  // An invalid header hashes as what it holds: 0, before BMv2 extracts it for the first time.
  steps: [
    ...given(0).map((data) => packet(1, data)),
    ...given(8).map((data) => packet(1, Buffer.concat([data, build(Optional, { value: 0xfedcba })]))),
  ],
});

const Order = header('order_t', { index: bit(32), value: bit(32), old: bit(72), pair: bit(40), flag: bit(8), sum: bit(16) });

const cells = pipeline('cells', {
  headers: { order: Order },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.order);
      return p.accept();
    },
  },
  ingress(ctl, { hdr }) {
    const wide = ctl.register('wide', bit(72), 4);
    const pairs = ctl.register('pairs', { count: bit(8), last: bit(32) }, 3);
    const flags = ctl.register('flags', bit(1), 16);
    const small = ctl.register('small', bit(5), 2);
    ctl.apply((c) => {
      const { order } = hdr;
      c.forward(3);
      c.set(
        order.old,
        c.update(wide, order.index, (cell) => ({ next: cell.shl(8).xor(order.value.as(bit(72))), result: cell })),
      );
      c.update(pairs, order.index, (cell) => ({ next: { count: cell.count.add(1), last: order.value } }));
      c.set(
        order.pair,
        c.update(pairs, order.index, (cell) => ({
          next: { count: cell.count, last: cell.last },
          result: cell.last.as(bit(40)).add(cell.count.as(bit(40)).shl(32)),
        })),
      );
      c.set(order.flag, c.update(flags, order.value.as(bit(32)), (cell) => ({ next: 1, result: cell })).as(bit(8)));
      c.set(order.sum, c.update(small, order.index, (cell) => ({ next: cell.add(9), result: cell.add(9) })).as(bit(16)));
    });
  },
  egress() {},
  deparser(d, { hdr }) {
    d.emit(hdr.order);
  },
});

const order = (index: number, value: number) => packet(1, build(Order, { index, value, old: 0, pair: 0, flag: 0, sum: 0 }));

export const registers = scenario({
  name: 'registers',
  pipeline: cells,
  // Beyond the end of a register nothing is read or written.
  steps: [
    ...[0, 1, 0, 0, 1, 2, 3, 4, 4, 0xffffffff, 2, 0, 0, 3].map((index, i) => order(index, (i * 7) % 20)),
    order(0, 15),
    order(0, 16),
    order(0, 0xffffffff),
    order(1, 15),
  ],
});
