/** Random numbers, hashes with limits at the edges, truncation, and what is there for debugging (points 33, 38, 39). */
import { bit, bmv2, build, header, pipeline } from 'p4ts';
import { packet, scenario } from '../scenario.js';

const Order = header('order_t', { order: bit(8), low: bit(8), high: bit(8), inside: bit(8), wide: bit(64), time: bit(8) });

const functions = pipeline('functions', {
  headers: { order: Order },
  metadata: { first: bit(48) },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.order);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, meta, std }) {
    const { order } = hdr;
    ctl.apply((c) => {
      c.forward(2);
      c.assume(order.order.lt(200));
      c.assert(order.order.lt(200));
      c.log('order {} from {} to {}', order.order, order.low, order.high);
      c.set(meta.first, std.timestampNs);
      c.if(order.order.eq(1), () => {
        const drawn = c.let('drawn', c.random(bit(8), order.low, order.high));
        // Which number it is, is not the same twice: that it is within the limits is.
        c.if(drawn.ge(order.low).and(drawn.le(order.high)), () => c.set(order.inside, 1)).else(() => c.set(order.inside, 2));
        c.if(order.low.eq(order.high), () => c.set(order.wide, drawn.as(bit(64))));
      });
      c.if(order.order.eq(2), () => c.set(order.wide, c.hash('identity', bit(64), [order.low, order.high], { base: 100, max: 1 })));
      c.if(order.order.eq(3), () =>
        c.set(order.wide, c.hash('identity', bit(64), [order.low, order.high], { base: (1n << 64n) - 1n, max: 7 })),
      );
      c.if(order.order.eq(4), () => c.set(order.wide, c.hash('identity', bit(64), [order.wide, order.low], { max: (1n << 64n) - 1n })));
      c.if(order.order.eq(5), () => c.set(order.wide, c.hash('crc32', bit(64), [order.low], { base: 5, max: 0xffffffff })));
      c.if(order.order.eq(6), () => {
        c.on(bmv2, (b) => b.truncate(order.low.as(bit(32))));
      });
    });
  },
  egress(ctl, { hdr, meta, std }) {
    ctl.apply((c) => {
      // Time goes on, and does not go back.
      c.if(std.timestampNs.ge(meta.first).and(meta.first.lt(600_000_000_000n)), () => c.set(hdr.order.time, 1));
      c.if(hdr.order.order.eq(7), () => {
        c.on(bmv2, (b) => b.truncate(hdr.order.low.as(bit(32))));
      });
    });
  },
  deparser(d, { hdr }) {
    d.emit(hdr.order);
  },
});

const of = (order: number, low: number, high: number) =>
  packet(1, Buffer.concat([build(Order, { order, low, high, inside: 0, wide: 0xdeadbeef_01020304n, time: 0 }), Buffer.from('payload')]));

export const otherFunctions = scenario({
  name: 'functions',
  pipeline: functions,
  steps: [
    of(0, 0, 0),
    ...[...Array(8)].map(() => of(1, 3, 6)),
    of(1, 0, 255),
    of(1, 7, 7),
    of(1, 255, 255),
    ...[2, 3, 4, 5].flatMap((order) => [of(order, 1, 2), of(order, 0, 0), of(order, 255, 254)]),
    ...[6, 7].flatMap((order) => [0, 1, 13, 14, 15, 20, 21, 100].map((length) => of(order, length, 0))),
  ],
});
