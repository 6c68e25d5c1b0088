/** Headers added, removed and copied; what egress sees of lengths and ports. */
import { bit, build, header, pipeline, valid } from 'p4ts';
import { packet, scenario } from '../scenario.js';

const Order = header('order_t', { order: bit(8), has: bit(8) });
const Item = header('item_t', { a: bit(8), b: bit(16), c: bit(8) });
const Report = header('report_t', { length: bit(32), ingressPort: bit(16), egressPort: bit(16), valid: bit(8), meta: bit(8) });

const items = pipeline('items', {
  headers: { order: Order, first: Item, second: Item, report: Report },
  metadata: { seen: bit(8) },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.order);
      return p.select(hdr.order.has).when({ value: 1, mask: 1 }, 'first').when(2, 'second').otherwise('accept');
    },
    first(p, { hdr }) {
      p.extract(hdr.first);
      return p.select(hdr.order.has).when({ value: 2, mask: 2 }, 'second').otherwise('accept');
    },
    second(p, { hdr }) {
      p.extract(hdr.second);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, meta }) {
    const { order, first, second } = hdr;
    ctl.apply((c) => {
      c.forward(7);
      c.set(meta.seen, meta.seen.add(1));
      c.if(order.order.eq(1), () => {
        c.setValid(first);
        c.set(first.a, first.a.add(1));
      });
      c.if(order.order.eq(2), () => c.setInvalid(first));
      c.if(order.order.eq(3), () => c.copy(first, second));
      c.if(order.order.eq(4), () => {
        c.setInvalid(first);
        c.setValid(first);
      });
      c.if(order.order.eq(5), () => {
        c.if(valid(first).and(valid(second)), () => c.copy(second, first)).else(() => c.setInvalid(second));
      });
      // Writes to an invalid header are lost.
      c.if(order.order.eq(6), () => {
        c.set(second.a, 0x66);
        c.set(second.b, 0x6666);
      });
      c.if(order.order.eq(7), () => {
        c.setValid(second);
        c.setInvalid(order);
      });
    });
  },
  egress(ctl, { hdr, meta, std }) {
    const { report } = hdr;
    ctl.apply((c) => {
      c.setValid(report);
      c.set(report.length, std.packetLength);
      c.set(report.ingressPort, std.ingressPort.as(bit(16)));
      c.set(report.egressPort, std.egressPort.as(bit(16)));
      c.if(valid(hdr.first), () => c.set(report.valid.bits(0, 1), 1));
      c.if(valid(hdr.second), () => c.set(report.valid.bits(1, 1), 1));
      c.set(report.meta, meta.seen);
    });
  },
  deparser(d, { hdr }) {
    d.emit(hdr.order, hdr.first, hdr.second, hdr.report);
  },
});

const of = (order: number, has: number) => {
  const item = (a: number) => build(Item, { a, b: a * 257, c: 0xcc });
  return packet(
    5,
    Buffer.concat([build(Order, { order, has }), ...(has & 1 ? [item(0x11)] : []), ...(has & 2 ? [item(0x22)] : []), Buffer.from('rest')]),
  );
};

export const headers = scenario({
  name: 'headers',
  pipeline: items,
  steps: [0, 3, 1, 2].flatMap((has) => Array.from({ length: 8 }, (_, order) => of(order, has))),
});
