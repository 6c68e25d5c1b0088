/**
 * Checksums over what is in no header: lengths and values in metadata, values of the parser, and whatever headers of a stack
 * of unions are there.
 */
import { bit, bool, build, header, pipeline, type Ref, stack, union } from 'p4ts';
import { packet, scenario } from '../scenario.js';

const Order = header('order_t', { order: bit(8), length: bit(8) });
const Sum = header('sum_t', { a: bit(16), checksum: bit(16), wrong: bit(16), whole: bit(16), options: bit(16) });
const Pad = header('pad_t', { kind: bit(8) });
const Value = header('value_t', { kind: bit(8), value: bit(16) });
const Option = union('option_t', { pad: Pad, value: Value });

let left: Ref<8>;

const sums = pipeline('metadata_sums', {
  headers: { order: Order, sum: Sum, options: stack(Option, 3) },
  metadata: { length: bit(16), on: bool, added: bit(16), small: bit(8) },
  parser: {
    start(p, { hdr, meta }) {
      p.extract(hdr.order, hdr.sum);
      const { order, sum } = hdr;
      left = p.let('left', order.length);
      const length = p.let('length', order.length.as(bit(16)).add(0x1000));
      p.set(meta.length, length);
      p.set(meta.on, order.order.bits(0, 1).eq(1));
      p.if(order.order.bits(1, 1).eq(1), () => {
        // Of what changes afterwards, the value now counts.
        p.verifyChecksum(sum.checksum, [sum.a, length, meta.small, order.length.add(1), meta.added], { when: meta.on, payload: true });
        p.set(meta.added, 0x4444);
        p.set(meta.on, order.order.bits(2, 1).eq(1));
      });
      return p.goto('options');
    },
    options: (p) => p.select(left).when(0, 'accept').otherwise('option'),
    option: (p) =>
      p
        .select(p.lookahead(bit(8)))
        .when(0, 'pad')
        .otherwise('value'),
    pad(p, { hdr }) {
      p.extract(hdr.options.next.pad);
      p.set(left, left.satSub(1));
      return p.goto('options');
    },
    value(p, { hdr }) {
      p.extract(hdr.options.next.value);
      p.set(left, left.satSub(3));
      return p.goto('options');
    },
  },
  ingress(ctl, { hdr, meta, std }) {
    ctl.apply((c) => {
      c.forward(2);
      c.if(std.checksumError, () => c.set(hdr.sum.wrong, 1));
      c.set(meta.length, meta.length.add(1));
    });
  },
  egress(ctl, { meta }) {
    ctl.apply((c) => {
      c.set(meta.small, 0x77);
      c.if(meta.on, () => c.exit());
      c.set(meta.added, meta.added.add(meta.length));
    });
  },
  deparser(d, { hdr, meta }) {
    const { order, sum, options } = hdr;
    d.updateChecksum(sum.checksum, [sum.a, meta.length, meta.small, order.length, meta.added], { when: meta.on, payload: true });
    d.updateChecksum(sum.whole, [order, meta.added.as(bit(32)), order.order.as(bit(16))], meta.added.ne(0x1234));
    d.updateChecksum(sum.options, [options, options.at(1).value, options.at(0)]);
    d.emit(order, sum, options);
  },
});

const of = (order: number, length: number, a: number, checksum: number, rest: string) =>
  packet(
    1,
    Buffer.concat([
      build(Order, { order, length }),
      build(Sum, { a, checksum, wrong: 0, whole: 0, options: 0 }),
      Buffer.from(rest.replaceAll(' ', ''), 'hex'),
    ]),
  );

export const metadataChecksums = scenario({
  name: 'metadata-checksums',
  pipeline: sums,
  steps: [0, 1, 2, 3, 4, 5, 6, 7].flatMap((order) => [
    of(order, 0, 0x0102, 0, '0304'),
    // 0x0102 + 0x1000 + 0x0001 + 0x0000 + 0x0304
    of(order, 0, 0x0102, 0xebf8, '0304'),
    of(order, 1, 0x0102, 0x1111, '00 030405'),
    of(order, 7, 0x0102, 0x1111, '01aabb 00 021234 05'),
    of(order, 3, 0xffff, 0x1111, '00 00 00 ffff'),
  ]),
});
