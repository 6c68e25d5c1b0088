/** What egress knows of the queue: priorities, depths and times. Single packets find the queue empty; times are compared by their order. */
import { bit, bool, build, header, pipeline } from 'p4ts';
import { packet, scenario } from '../scenario.js';

const Seen = header('seen_t', {
  priority: bit(8),
  length: bit(16),
  depth: bit(16),
  dequeueDepth: bit(16),
  sameIngress: bit(1),
  enqueuedAfterIngress: bit(1),
  dequeuedAfterEnqueue: bit(1),
  soon: bit(1),
  path: bit(4),
});

const queued = pipeline('queues', {
  headers: { seen: Seen },
  metadata: { arrived: bit(48), again: bool },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.seen);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, meta, std }) {
    ctl.apply((c) => {
      c.set(meta.arrived, std.timestampNs);
      c.set(hdr.seen.length, std.packetLength.bits(0, 16));
      c.setPriority(hdr.seen.priority.bits(0, 3));
      c.forward(2);
      c.if(hdr.seen.path.eq(1), () => c.multicast(1));
      c.if(hdr.seen.path.eq(2), () => c.mirror(5, { keep: [meta.arrived] }));
      c.if(hdr.seen.path.eq(3).and(meta.again.not()), () => {
        c.set(meta.again, true);
        c.recirculate({ keep: [meta.again, meta.arrived] });
      });
    });
  },
  egress(ctl, { hdr, meta, std }) {
    ctl.apply((c) => {
      c.set(hdr.seen.priority, std.priority.as(bit(8)));
      c.set(hdr.seen.depth, std.queueDepth.bits(0, 16));
      c.set(hdr.seen.dequeueDepth, std.dequeueDepth.bits(0, 16));
      c.set(hdr.seen.sameIngress, std.ingressTimestampNs.eq(meta.arrived).as(bit(1)));
      c.set(hdr.seen.enqueuedAfterIngress, std.enqueueTimestampNs.ge(std.ingressTimestampNs).as(bit(1)));
      c.set(hdr.seen.dequeuedAfterEnqueue, std.timestampNs.ge(std.enqueueTimestampNs).as(bit(1)));
      c.set(hdr.seen.soon, std.timestampNs.sub(std.enqueueTimestampNs).lt(2_000_000_000).as(bit(1)));
    });
  },
  deparser: (d, { hdr }) => d.emit(hdr.seen),
});

const arrival = (priority: number, path = 0) =>
  packet(
    1,
    build(Seen, {
      priority,
      length: 0,
      depth: 9,
      dequeueDepth: 9,
      sameIngress: 0,
      enqueuedAfterIngress: 0,
      dequeuedAfterEnqueue: 0,
      soon: 0,
      path,
    }),
  );

export const queues = scenario({
  name: 'queues',
  pipeline: queued,
  steps: [
    {
      control: async (sw) => {
        await sw.multicast(1).set([{ port: 3 }, { port: 4 }]);
        await sw.cloneSession(5).set([{ port: 6 }]);
      },
    },
    ...[0, 1, 5, 7].map((priority) => arrival(priority)),
    arrival(6, 1),
    arrival(6, 2),
    arrival(6, 3),
  ],
});
