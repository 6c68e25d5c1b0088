/** Multicast groups: what each copy sees, groups that change, replicas to the controller. */
import { bit, build, header, Path, pipeline, port } from 'p4ts';
import type { Switch } from '../../../../runtime/client/switch.js';
import { packet, scenario } from '../scenario.js';

const Copy = header('copy_t', { group: bit(16), port: bit(16), instance: bit(16), path: bit(8), meta: bit(8), length: bit(32) });

const copies = pipeline('copies', {
  headers: { copy: Copy },
  metadata: { mark: bit(8) },
  packetIn: { reason: bit(8) },
  packetOut: { egressPort: port },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.copy);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, meta, packetOut }) {
    ctl.apply((c) => {
      c.set(meta.mark, 0x5a);
      c.if(packetOut.present, () => c.forward(packetOut.egressPort)).else(() => c.multicast(hdr.copy.group));
    });
  },
  egress(ctl, { hdr, meta, std }) {
    ctl.apply((c) => {
      c.set(hdr.copy.port, std.egressPort.as(bit(16)));
      c.set(hdr.copy.instance, std.replica);
      c.set(hdr.copy.meta, meta.mark);
      c.set(hdr.copy.length, std.packetLength);
      c.if(std.path.eq(Path.replicated), () => c.set(hdr.copy.path, 5));
      c.if(std.path.eq(Path.normal), () => c.set(hdr.copy.path, 1));
      c.if(std.replica.eq(13), () => c.drop());
      // What one copy does is not seen by the others.
      c.set(meta.mark, 0xff);
    });
  },
  deparser(d, { hdr }) {
    d.emit(hdr.copy);
  },
});

const to = (group: number) =>
  packet(1, Buffer.concat([build(Copy, { group, port: 0, instance: 0, path: 0, meta: 0, length: 0 }), Buffer.from('beyond')]));

/** The replicas of groups; they have no order. */
const groups = (sw: Switch<typeof copies>, ...ids: number[]) =>
  Promise.all(ids.map(async (id) => (await sw.multicast(id).read())?.map(({ port, instance }) => `${port} ${instance}`).sort()));

export const multicast = scenario({
  name: 'multicast',
  pipeline: copies,
  steps: [
    to(1),
    {
      control: async (sw) => {
        await sw.multicast(1).set([1, 2, 3].map((port) => ({ port, instance: port + 10 })));
        await sw.multicast(2).set([
          { port: 4, instance: 1 },
          { port: 4, instance: 2 },
          { port: 5, instance: 2 },
        ]);
        await sw.multicast(3).set([{ port: 4, instance: 65535 }]);
        await sw.multicast(4).set([]);
        return groups(sw, 1, 2, 3, 4, 5);
      },
    },
    ...[0, 1, 2, 3, 4, 5, 65535].map(to),
    {
      control: async (sw) => {
        await sw.multicast(1).set([{ port: 7 }, { port: 2, instance: 3 }]);
        await sw.multicast(2).delete();
        return groups(sw, 1, 2);
      },
    },
    to(1),
    to(2),
    { packetOut: build(Copy, { group: 1, port: 0, instance: 0, path: 0, meta: 0, length: 0 }), metadata: { egressPort: 8 } },
  ],
});
