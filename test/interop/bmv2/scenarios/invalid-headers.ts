/** Fields of headers that are not there, in expressions, keys and assignments. */
import { bit, build, exact, header, pipeline } from 'p4ts';
import { packet, scenario } from '../scenario.js';

const Order = header('order_t', { has: bit(8), read: bit(8), found: bit(8), copied: bit(8) });
const Item = header('item_t', { value: bit(8) });

const missing = pipeline('missing', {
  headers: { order: Order, item: Item },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.order);
      return p.select(hdr.order.has).when(1, 'item').otherwise('accept');
    },
    item(p, { hdr }) {
      p.extract(hdr.item);
      return p.accept();
    },
  },
  ingress(ctl, { hdr }) {
    const found = ctl.action('found', { value: bit(8) }, (c, args) => c.set(hdr.order.found, args.value));
    const values = ctl.table('values', { key: { value: exact(hdr.item.value) }, actions: [found] });
    ctl.apply((c) => {
      c.forward(2);
      c.apply(values);
      c.set(hdr.order.read, hdr.item.value.add(1));
      c.if(hdr.item.value.eq(0x42), () => c.set(hdr.order.copied, 1));
      c.set(hdr.item.value, 0x55);
    });
    return { values, found };
  },
  deparser(d, { hdr }) {
    d.emit(hdr.order, hdr.item);
  },
});

const { values, found } = missing.ingress;
const of = (has: number, item?: number) =>
  packet(
    1,
    Buffer.concat([build(Order, { has, read: 0, found: 0, copied: 0 }), ...(item === undefined ? [] : [build(Item, { value: item })])]),
  );
const stale = 'fields of an invalid header are what an earlier packet left there';

export const invalidHeaders = scenario({
  name: 'invalid-headers',
  pipeline: missing,
  steps: [
    {
      control: (sw) =>
        sw
          .table(values)
          .insert({ match: { value: 0 }, action: found({ value: 1 }) }, { match: { value: 0x42 }, action: found({ value: 2 }) }),
    },
    of(0),
    of(1, 0x42),
    { ...of(0), differs: stale },
    of(1, 0),
    { ...of(0), differs: stale },
  ],
});
