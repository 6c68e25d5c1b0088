/** Internet checksums: verified where the header is there and the condition holds, updated as the packet leaves. */
import { bit, build, type Headers, header, pipeline } from 'p4ts';
import { random } from '../../../support/packets.js';
import { packet, scenario } from '../scenario.js';

const Start = header('start_t', { has: bit(8), condition: bit(8), wrong: bit(8), rewrite: bit(8) });
/** 20 bits, then 8: the data is not made of whole words. */
const Odd = header('odd_t', { a: bit(20), b: bit(4), c: bit(8), checksum: bit(16) });
const Sum = header('sum_t', { a: bit(16), b: bit(32), checksum: bit(16) });
const headers = { start: Start, odd: Odd, sum: Sum };

const ofOdd = (hdr: Headers<typeof headers>) => [hdr.odd.a, hdr.odd.b, hdr.odd.c];
const ofSum = (hdr: Headers<typeof headers>) => [hdr.sum.a, hdr.sum.b];

const sums = pipeline('sums', {
  headers,
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.start);
      return p.select(hdr.start.has).when(1, 'odd').when(2, 'sum').when(3, 'both').otherwise('accept');
    },
    odd(p, { hdr }) {
      p.extract(hdr.odd);
      p.verifyChecksum(hdr.odd.checksum, ofOdd(hdr));
      return p.accept();
    },
    sum(p, { hdr }) {
      p.extract(hdr.sum);
      p.verifyChecksum(hdr.sum.checksum, ofSum(hdr), hdr.start.condition.eq(1));
      return p.accept();
    },
    both(p, { hdr }) {
      p.extract(hdr.odd, hdr.sum);
      p.verifyChecksum(hdr.odd.checksum, ofOdd(hdr));
      p.verifyChecksum(hdr.sum.checksum, ofSum(hdr), hdr.start.condition.eq(1));
      return p.accept();
    },
  },
  ingress(ctl, { hdr, std }) {
    ctl.apply((c) => {
      c.forward(2);
      c.if(std.checksumError, () => c.set(hdr.start.wrong, 1));
      c.if(hdr.start.rewrite.eq(1), () => {
        c.set(hdr.odd.a, hdr.odd.a.add(1));
        c.set(hdr.sum.b, hdr.sum.b.sub(1));
      });
      c.if(hdr.start.rewrite.eq(2), () => c.setInvalid(hdr.sum));
      c.if(hdr.start.rewrite.eq(3), () => c.setValid(hdr.sum));
    });
  },
  deparser(d, { hdr }) {
    d.updateChecksum(hdr.odd.checksum, ofOdd(hdr));
    d.updateChecksum(hdr.sum.checksum, ofSum(hdr), hdr.start.rewrite.ne(4));
    d.emit(hdr.start, hdr.odd, hdr.sum);
  },
});

const start = (has: number, condition: number, rewrite: number, ...rest: Uint8Array[]) =>
  packet(1, Buffer.concat([build(Start, { has, condition, wrong: 0, rewrite }), ...rest]));
const odd = (a: number, b: number, c: number, checksum: number) => build(Odd, { a, b, c, checksum });
const sum = (a: number, b: number, checksum: number) => build(Sum, { a, b, checksum });

const next = random(7);

export const checksums = scenario({
  name: 'checksums',
  pipeline: sums,
  steps: [
    start(0, 1, 0),
    start(0, 1, 1),
    // 0x1234 + 0x5678 + 0x9abc
    start(2, 1, 0, sum(0x1234, 0x56789abc, 0xfc96)),
    start(2, 1, 0, sum(0x1234, 0x56789abc, 0xfc97)),
    start(2, 0, 0, sum(0x1234, 0x56789abc, 0xfc97)),
    start(2, 1, 1, sum(0x1234, 0x56789abc, 0xfc96)),
    start(2, 1, 2, sum(0x1234, 0x56789abc, 0xfc96)),
    start(2, 1, 4, sum(0x1234, 0x56789abc, 0xfc97)),
    start(0, 1, 3),
    // Sums of zero: both forms of zero.
    start(2, 1, 0, sum(0, 0, 0xffff)),
    start(2, 1, 0, sum(0, 0, 0)),
    start(2, 1, 0, sum(0xffff, 0, 0)),
    start(2, 1, 0, sum(0xffff, 0xffffffff, 0)),
    start(2, 1, 0, sum(0xffff, 0xffffffff, 0xffff)),
    start(1, 1, 0, odd(0x12345, 6, 0x78, 0)),
    start(1, 1, 0, odd(0x12345, 6, 0x78, 0x7530)),
    ...Array.from({ length: 12 }, (_, i) =>
      start(3, 1, i % 5, odd(next() & 0xfffff, next() & 15, next() & 255, next() & 0xffff), sum(next() & 0xffff, next(), next() & 0xffff)),
    ),
    start(3, 1, 0, odd(1, 1, 1, 1)),
  ],
});
