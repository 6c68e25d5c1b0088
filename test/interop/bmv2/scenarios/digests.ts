/**
 * Digests: values at the time of the call, the last call wins, and the same values are told again only when they were
 * acknowledged (points 28 and 38).
 */
import { bit, build, header, pipeline, port } from 'p4ts';
import { type Control, digested, packet, scenario } from '../scenario.js';

const Order = header('order_t', { order: bit(8), a: bit(8), b: bit(16), wide: bit(72) });

const telling = pipeline('telling', {
  headers: { order: Order },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.order);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, std }) {
    const { order } = hdr;
    const seen = ctl.digest('seen_t', { a: bit(8), b: bit(16), port, flag: bit(1), wide: bit(72) });
    ctl.apply((c) => {
      c.forward(2);
      c.if(order.order.ge(1), () => {
        c.digest(seen, { a: order.a, b: order.b, port: std.ingressPort, flag: order.b.bits(0, 1), wide: order.wide });
      });
      c.if(order.order.eq(2), () => {
        c.set(order.a, 0xaa);
        c.set(order.b, 0xbbbb);
      });
      c.if(order.order.eq(3), () => c.drop());
    });
    return { seen };
  },
  deparser(d, { hdr }) {
    d.emit(hdr.order);
  },
});

const { seen } = telling.ingress;
const options = { ackTimeoutNs: 600_000_000_000n };
const of = (order: number, a: number, b: number) => packet(7, build(Order, { order, a, b, wide: (1n << 71n) + BigInt(b) }));

export const digests = scenario({
  name: 'digests',
  pipeline: telling,
  steps: [
    {
      control: async (sw) => {
        sw.digests(seen, options);
        // The one is asked for before the other is written.
        await sw.multicast(1).set([{ port: 1 }]);
      },
    },
    of(0, 1, 1),
    of(1, 1, 1),
    of(2, 2, 2),
    of(3, 3, 3),
    { control: (sw) => digested(sw.digests(seen, options), 3) },
    of(1, 6, 6),
    of(1, 6, 6),
    of(1, 7, 7),
    of(1, 6, 6),
    { control: (sw) => digested(sw.digests(seen, options), 2) },
    of(1, 6, 6),
    of(1, 8, 8),
    { control: (sw) => digested(sw.digests(seen, options), 2) },
  ],
});

const repeating = pipeline('repeating', {
  headers: { order: Order },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.order);
      return p.accept();
    },
  },
  ingress(ctl, { hdr }) {
    const { order } = hdr;
    const seen = ctl.digest('seen_t', { a: bit(8), b: bit(16) });
    ctl.apply((c) => {
      c.forward(2);
      c.if(order.order.ne(0), () => c.digest(seen, { a: order.a, b: order.b }));
      c.if(order.order.eq(2), () => c.digest(seen, { a: order.order, b: 0x1234 }));
    });
    return { seen };
  },
  deparser(d, { hdr }) {
    d.emit(hdr.order);
  },
});

/** In the order of their values: what is told in different places comes in any order. */
const told =
  (count: number): Control<typeof repeating>['control'] =>
  async (sw) => {
    const values = await digested(sw.digests(repeating.ingress.seen, options), count);
    return values.map((value) => Object.values(value as object).join(' ')).sort();
  };

export const digestsOfTwoPlaces = scenario({
  name: 'digests-of-two-places',
  pipeline: repeating,
  steps: [
    {
      control: async (sw) => {
        sw.digests(repeating.ingress.seen, options);
        await sw.multicast(1).set([{ port: 1 }]);
      },
    },
    of(0, 1, 1),
    of(1, 5, 5),
    of(2, 6, 6),
    of(1, 7, 7),
    { control: told(3) },
    of(1, 5, 5),
    of(1, 8, 8),
    { control: told(1) },
  ],
});
