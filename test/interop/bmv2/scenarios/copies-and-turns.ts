/** Mirroring, resubmission and recirculation: what each pass and each copy sees, and what survives of the metadata. */
import { bit, bmv2, header, Path, pipeline } from 'p4ts';
import { packet, scenario } from '../scenario.js';

const Seen = header('seen_t', {
  order: bit(8),
  later: bit(8),
  /** What this pass of ingress saw, and what egress did. */
  ingressPath: bit(8),
  egressPath: bit(8),
  ingressPort: bit(16),
  egressPort: bit(16),
  instance: bit(16),
  length: bit(16),
  keep: bit(8),
  also: bit(8),
  lose: bit(8),
  turns: bit(8),
});

const paths = [Path.normal, Path.mirrored, Path.recirculated, Path.resubmitted, Path.replicated].map((path, i) => [i + 1, path] as const);

const turns = pipeline('turns', {
  headers: { seen: Seen },
  metadata: { keep: bit(8), also: bit(8), lose: bit(8) },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.seen);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, meta, std }) {
    ctl.apply((c) => {
      const { order } = hdr.seen;
      for (const [number, path] of paths) c.if(std.path.eq(path), () => c.set(hdr.seen.ingressPath, number));
      c.set(hdr.seen.ingressPort, std.ingressPort.as(bit(16)));
      c.set(hdr.seen.turns, hdr.seen.turns.add(1));
      c.forward(3);
      c.if(std.path.eq(Path.normal), () => {
        c.set(meta.keep, 0x11);
        c.set(meta.also, 0x22);
        c.set(meta.lose, 0x33);
        const on = (value: number, what: () => void) => c.if(order.eq(value), what);
        on(1, () => c.mirror(1, { keep: [meta.keep] }));
        on(2, () => c.mirror(2));
        on(3, () => c.mirror(9, { keep: [meta.keep] }));
        on(4, () => {
          c.mirror(1, { keep: [meta.keep] });
          c.mirror(2, { keep: [meta.also] });
          c.set(meta.also, 0x44);
        });
        on(5, () => {
          c.mirror(1, { keep: [meta.keep] });
          c.drop();
        });
        on(6, () => c.resubmit({ keep: [meta.keep] }));
        on(7, () => {
          c.mirror(1, { keep: [meta.also] });
          c.resubmit({ keep: [meta.keep, meta.also] });
        });
        on(8, () => c.recirculate({ keep: [meta.also] }));
        on(9, () => {
          c.mirror(2, { keep: [meta.keep] });
          c.multicast(5);
        });
        on(15, () => c.on(bmv2, (b) => b.truncate(20)));
        on(16, () => {
          c.on(bmv2, (b) => b.truncate(20));
          c.mirror(1);
        });
        on(17, () => {
          c.on(bmv2, (b) => b.truncate(20));
          c.multicast(5);
        });
        on(18, () =>
          c.on(bmv2, (b) => {
            b.truncate(22);
            b.truncate(19);
            b.truncate(21);
          }),
        );
      }).else(() => {
        // A pass that kept something shows it, and goes on with what is left.
        c.set(hdr.seen.later, hdr.seen.later.add(1));
      });
    });
  },
  egress(ctl, { hdr, meta, std }) {
    ctl.apply((c) => {
      const { order } = hdr.seen;
      for (const [number, path] of paths) c.if(std.path.eq(path), () => c.set(hdr.seen.egressPath, number));
      c.set(hdr.seen.egressPort, std.egressPort.as(bit(16)));
      c.set(hdr.seen.instance, std.replica);
      c.set(hdr.seen.length, std.packetLength.as(bit(16)));
      c.set(hdr.seen.keep, meta.keep);
      c.set(hdr.seen.also, meta.also);
      c.set(hdr.seen.lose, meta.lose);
      c.if(std.path.eq(Path.mirrored).not(), () => {
        c.if(order.eq(10), () => c.mirror(1, { keep: [meta.keep] }));
        c.if(order.eq(11), () => {
          c.mirror(2, { keep: [meta.lose, meta.also] });
          c.set(meta.lose, 0x55);
          c.drop();
        });
        c.if(order.eq(12), () => {
          c.mirror(9);
        });
        c.if(order.eq(13), () => {
          c.on(bmv2, (b) => b.truncate(17));
        });
        c.if(order.eq(14), () => {
          c.on(bmv2, (b) => b.truncate(17));
          c.mirror(1, { keep: [meta.keep] });
        });
      });
    });
  },
  deparser(d, { hdr }) {
    d.emit(hdr.seen);
  },
});

const send = (order: number, differs?: string) =>
  packet(2, `${order.toString(16).padStart(2, '0')}00 0000 0000 0000 0000 0000 00000000 ${'ab'.repeat(10)}`, differs);

export const copiesAndTurns = scenario({
  name: 'copies-and-turns',
  pipeline: turns,
  steps: [
    send(1),
    {
      control: async (sw) => {
        await sw.cloneSession(1).set([{ port: 4, instance: 7 }]);
        await sw.cloneSession(2).set([
          { port: 5, instance: 1 },
          { port: 6, instance: 2 },
        ]);
        await sw.multicast(5).set([
          { port: 7, instance: 3 },
          { port: 8, instance: 4 },
        ]);
      },
    },
    ...Array.from({ length: 19 }, (_, order) => send(order)),
  ],
});
