/** Stacks of headers: labels parsed in a loop, pushed, popped, and reached by index. */
import { bit, build, header, pipeline, stack, valid } from 'p4ts';
import { packet, scenario } from '../scenario.js';

const Order = header('order_t', { order: bit(8), count: bit(8), last: bit(32) });
const Label = header('label_t', { label: bit(20), tc: bit(3), bottom: bit(1), ttl: bit(8) });

const labels = pipeline('labels', {
  headers: { order: Order, labels: stack(Label, 3) },
  metadata: { index: bit(32) },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.order);
      return p.select(hdr.order.count).when(0, 'accept').otherwise('label');
    },
    label(p, { hdr }) {
      p.extract(hdr.labels.next);
      p.set(hdr.order.last, hdr.labels.lastIndex);
      return p.select(hdr.labels.last.bottom).when(0, 'label').otherwise('accept');
    },
  },
  ingress(ctl, { hdr }) {
    ctl.apply((c) => {
      c.forward(2);
      const set = (index: number, label: number) => {
        c.setValid(hdr.labels.at(index));
        c.set(hdr.labels.at(index).label, label);
      };
      c.if(hdr.order.order.eq(1), () => {
        c.push(hdr.labels, 1);
        set(0, 0xaaaaa);
      });
      c.if(hdr.order.order.eq(2), () => c.pop(hdr.labels, 1));
      c.if(hdr.order.order.eq(3), () => c.push(hdr.labels, 2));
      c.if(hdr.order.order.eq(4), () => c.pop(hdr.labels, 2));
      c.if(hdr.order.order.eq(5), () => c.pop(hdr.labels, 3));
      c.if(hdr.order.order.eq(6), () => {
        c.push(hdr.labels, 3);
        set(1, 0xbbbbb);
      });
      c.if(hdr.order.order.eq(7), () => c.setInvalid(hdr.labels.at(1)));
      c.if(hdr.order.order.eq(8), () => c.copy(hdr.labels.at(0), hdr.labels.at(2)));
      c.if(hdr.order.order.eq(9), () => {
        c.if(valid(hdr.labels.at(1)), () => c.set(hdr.labels.at(1).ttl, hdr.labels.at(1).ttl.sub(1)));
      });
      c.if(hdr.order.order.eq(10), () => {
        c.pop(hdr.labels, 1);
        c.push(hdr.labels, 1);
        set(0, 0xccccc);
        c.push(hdr.labels, 1);
        c.setValid(hdr.labels.at(0));
      });
    });
  },
  deparser(d, { hdr }) {
    d.emit(hdr.order, hdr.labels);
  },
});

const of = (order: number, count: number) =>
  packet(
    1,
    Buffer.concat([
      build(Order, { order, count, last: 99 }),
      ...Array.from({ length: count }, (_, i) =>
        build(Label, { label: 0x11111 * (i + 1), tc: i, bottom: i === count - 1 ? 1 : 0, ttl: 64 + i }),
      ),
      Buffer.from('rest'),
    ]),
  );

export const stacks = scenario({
  name: 'stacks',
  pipeline: labels,
  steps: [0, 1, 2, 3, 4].flatMap((count) => Array.from({ length: 11 }, (_, order) => of(order, count))),
});
