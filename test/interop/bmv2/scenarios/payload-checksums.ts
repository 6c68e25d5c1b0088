/** Checksums that cover the bytes which were not parsed, with conditions (point 31). */
import { bit, build, header, pipeline } from 'p4ts';
import { packet, scenario } from '../scenario.js';

const Order = header('order_t', { condition: bit(8), grow: bit(8) });
const Sum = header('sum_t', { a: bit(16), checksum: bit(16), wrong: bit(16), partly: bit(16) });

const sums = pipeline('payload_sums', {
  headers: { order: Order, sum: Sum, added: header('added_t', { v: bit(16) }) },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.order, hdr.sum);
      p.verifyChecksum(hdr.sum.checksum, [hdr.sum.a], { payload: true, when: hdr.order.condition.bits(0, 1).eq(1) });
      return p.accept();
    },
  },
  ingress(ctl, { hdr, std }) {
    ctl.apply((c) => {
      c.forward(2);
      c.if(std.checksumError, () => c.set(hdr.sum.wrong, 1));
      c.if(hdr.order.grow.eq(1), () => {
        c.setValid(hdr.added);
        c.set(hdr.added.v, 0x1234);
      });
      c.if(hdr.order.grow.eq(2), () => c.set(hdr.sum.a, hdr.sum.a.add(1)));
    });
  },
  deparser(d, { hdr }) {
    d.updateChecksum(hdr.sum.checksum, [hdr.sum.a], { payload: true, when: hdr.order.condition.bits(1, 1).eq(1) });
    d.updateChecksum(hdr.sum.partly, [hdr.sum.a, hdr.added.v]);
    d.emit(hdr.order, hdr.sum, hdr.added);
  },
});

const of = (condition: number, grow: number, checksum: number, payload: string) =>
  packet(
    1,
    Buffer.concat([
      build(Order, { condition, grow }),
      build(Sum, { a: 0x0102, checksum, wrong: 0, partly: 0 }),
      Buffer.from(payload, 'hex'),
    ]),
  );

export const payloadChecksums = scenario({
  name: 'payload-checksums',
  pipeline: sums,
  // 0x0102 alone, with 0x0304, and with the odd byte 0x05 after that.
  steps: [0, 1, 2, 3].flatMap((condition) => [
    of(condition, 0, 0xfefd, ''),
    of(condition, 0, 0xfbf9, '0304'),
    of(condition, 0, 0xf6f9, '030405'),
    of(condition, 0, 0x1111, '030405'),
    of(condition, 1, 0xfbf9, '0304'),
    of(condition, 2, 0xfbf9, '0304'),
    of(condition, 0, 0, 'fefd'),
  ]),
});
