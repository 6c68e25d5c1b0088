/** Meters of cells and of entries, by packets and bytes, with bursts so that time gives nothing back (points 35 and 36). */
import { bit, build, Color, exact, header, pipeline } from 'p4ts';
import { all } from '../../../support/outcomes.js';
import { packet, scenario } from '../scenario.js';

const Order = header('order_t', { key: bit(8), cell: bit(32), byPackets: bit(8), byBytes: bit(8), ofEntry: bit(8) });

const metering = pipeline('metering', {
  headers: { order: Order },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.order);
      return p.accept();
    },
  },
  ingress(ctl, { hdr }) {
    const { order } = hdr;
    const packets = ctl.meter('packets', { size: 3, unit: 'packets' });
    const bytes = ctl.meter('bytes', { size: 3, unit: 'bytes' });
    const ofEntries = ctl.directMeter('of_entries', { unit: 'packets' });
    const read = ctl.action('read', {}, (c) => {
      const color = c.meter(ofEntries);
      c.if(color.eq(Color.green), () => c.set(order.ofEntry, 1));
      c.if(color.eq(Color.yellow), () => c.set(order.ofEntry, 2));
      c.if(color.eq(Color.red), () => c.set(order.ofEntry, 3));
    });
    const ignore = ctl.action('ignore', {}, (c) => c.set(order.ofEntry, 9));
    const entries = ctl.table('entries', {
      key: { key: exact(order.key) },
      actions: [read, ignore],
      default: ignore(),
      meter: ofEntries,
      counter: 'both',
    });
    ctl.apply((c) => {
      c.forward(2);
      const first = c.meter(packets, order.cell);
      c.if(first.eq(Color.green), () => c.set(order.byPackets, 1));
      c.if(first.eq(Color.yellow), () => c.set(order.byPackets, 2));
      c.if(first.eq(Color.red), () => c.set(order.byPackets, 3));
      const second = c.meter(bytes, order.cell);
      c.if(second.eq(Color.green), () => c.set(order.byBytes, 1));
      c.if(second.eq(Color.yellow), () => c.set(order.byBytes, 2));
      c.if(second.eq(Color.red), () => c.set(order.byBytes, 3));
      c.apply(entries);
    });
    return { packets, bytes, entries, read, ignore };
  },
  deparser(d, { hdr }) {
    d.emit(hdr.order);
  },
});

const { packets, bytes, entries, read, ignore } = metering.ingress;
const of = (key: number, cell: number, length = 0) =>
  packet(1, Buffer.concat([build(Order, { key, cell, byPackets: 0, byBytes: 0, ofEntry: 0 }), Buffer.alloc(length)]));
const bursts = (cburst: number, pburst: number) => ({ cir: 1, cburst, pir: 1, pburst });
const times = (count: number, ...args: Parameters<typeof of>) => Array.from({ length: count }, () => of(...args));

export const meters = scenario({
  name: 'meters',
  pipeline: metering,
  steps: [
    ...times(2, 1, 0),
    {
      control: async (sw) => {
        await sw.meter(packets).set(0, bursts(2000, 4000));
        await sw.meter(bytes).set(0, bursts(20_000, 40_000));
        await sw.meter(bytes).set(1, bursts(90, 60));
        await sw.table(entries).insert({ match: { key: 1 }, action: read(), meter: bursts(2000, 3000) });
        await sw.table(entries).insert({ match: { key: 2 }, action: ignore(), meter: bursts(2000, 3000) });
        await sw.table(entries).insert({ match: { key: 3 }, action: read() });
      },
    },
    ...times(6, 1, 0),
    ...times(3, 2, 1, 20),
    ...times(3, 3, 2, 1000),
    ...times(2, 9, 1, 1),
    // Beyond the last cell.
    ...times(2, 3, 3),
    { control: async (sw) => [await sw.meter(packets).read(), await sw.meter(bytes).read(1), await all(sw.table(entries).entries())] },
    {
      control: async (sw) => {
        await sw.meter(packets).set(0);
        await sw.table(entries).modify({ match: { key: 2 }, action: read(), meter: bursts(5000, 5000) });
        await sw.table(entries).modify({ match: { key: 3 }, action: ignore() });
      },
    },
    ...times(3, 1, 0),
    ...times(3, 2, 0),
    ...times(1, 3, 0),
    { control: async (sw) => [await sw.meter(packets).read(), await all(sw.table(entries).entries())] },
  ],
});
