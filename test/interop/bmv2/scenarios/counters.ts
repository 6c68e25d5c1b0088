/** Counters: of entries and of cells, written by the controller, out of range, in ingress and egress. */
import { bit, build, exact, header, pipeline } from 'p4ts';
import { all } from '../../../support/outcomes.js';
import { packet, scenario } from '../scenario.js';

const Order = header('order_t', { key: bit(8), cell: bit(32), drop: bit(8) });

const counting = pipeline('counting', {
  headers: { order: Order },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.order);
      return p.accept();
    },
  },
  ingress(ctl, { hdr }) {
    const both = ctl.counter('both', { size: 4, unit: 'both' });
    const packets = ctl.counter('packets', { size: 1, unit: 'packets' });
    const bytes = ctl.counter('bytes', { size: 300, unit: 'bytes' });
    const pass = ctl.action('pass', {}, (c) => c.forward(2));
    const discard = ctl.action('discard', {}, (c) => {
      c.drop();
      c.count(packets, 0);
    });
    const entries = ctl.table('entries', {
      key: { key: exact(hdr.order.key) },
      actions: [pass, discard],
      default: discard(),
      counter: 'both',
    });
    ctl.apply((c) => {
      c.apply(entries);
      c.count(both, hdr.order.cell);
      c.count(both, 3);
      c.count(bytes, 299);
    });
    return { both, packets, bytes, pass, discard, entries };
  },
  egress(ctl, { hdr }) {
    const leaving = ctl.counter('leaving', { size: 2, unit: 'both' });
    const none = ctl.action('none', {}, () => {});
    const seen = ctl.table('seen', { key: { key: exact(hdr.order.key) }, actions: [none], counter: 'both' });
    ctl.apply((c) => {
      c.count(leaving, 0);
      c.apply(seen);
      c.if(hdr.order.drop.eq(1), () => c.drop());
      // Counters count the packet as it arrived.
      c.setInvalid(hdr.order);
      c.count(leaving, 1);
    });
    return { leaving, none, seen };
  },
  deparser(d, { hdr }) {
    d.emit(hdr.order);
  },
});

const { both, packets, bytes, pass, discard, entries } = counting.ingress;
const { leaving, none, seen } = counting.egress;
const order = (key: number, cell: number, length = 0, drop = 0) =>
  packet(1, Buffer.concat([build(Order, { key, cell, drop }), Buffer.alloc(length)]));

export const counters = scenario({
  name: 'counters',
  pipeline: counting,
  steps: [
    {
      control: async (sw) => {
        await sw
          .table(entries)
          .insert({ match: { key: 1 }, action: pass() }, { match: { key: 2 }, action: discard() }, { match: { key: 3 }, action: pass() });
        await sw.table(seen).insert({ match: { key: 3 }, action: none() });
      },
    },
    order(1, 0),
    order(1, 1, 100),
    order(2, 2, 50),
    order(9, 3),
    order(3, 4, 7),
    order(3, 0xffffffff),
    order(3, 0, 0, 1),
    packet(1, '01'),
    {
      control: async (sw) => ({
        both: await sw.counter(both).read(),
        one: await sw.counter(both).read(3),
        leaving: await sw.counter(leaving).read(),
        entries: await all(sw.table(entries).entries()),
        seen: await all(sw.table(seen).entries()),
      }),
    },
    // Both servers count both units, whatever the program asks for.
    { control: async (sw) => [await sw.counter(packets).read(0), await sw.counter(bytes).read(299)] },
    {
      control: async (sw) => {
        await sw.counter(both).set(1, { packets: 100n, bytes: 1000n });
        await sw.counter(both).set(3);
        await sw.table(entries).modify({ match: { key: 1 }, action: discard() });
        await sw.table(entries).delete({ match: { key: 3 } });
        await sw.table(entries).insert({ match: { key: 3 }, action: pass() });
      },
    },
    order(1, 1),
    order(3, 1),
    { control: async (sw) => ({ both: await sw.counter(both).read(), entries: await all(sw.table(entries).entries()) }) },
  ],
});
