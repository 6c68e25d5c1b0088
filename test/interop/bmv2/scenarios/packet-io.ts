/** Packets from and to the controller: metadata of all widths, its place in the packet, what egress does to it. */
import { bit, bool, build, enumeration, header, mac, pipeline, port } from 'p4ts';
import { packet, scenario } from '../scenario.js';

const Reason = enumeration('Reason', bit(4), { none: 0, asked: 3, copied: 9 });
const Order = header('order_t', { order: bit(8), value: bit(32) });

const io = pipeline('packet_io', {
  headers: { order: Order },
  packetIn: { ingressPort: port, first: bool, address: mac, reason: Reason, value: bit(32), one: bit(1) },
  packetOut: { one: bit(1), egressPort: port, value: bit(32), flag: bool, reason: Reason },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.order);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, std, packetOut }) {
    ctl.apply((c) => {
      const up = (reason: typeof Reason.asked) =>
        c.toController({
          ingressPort: std.ingressPort,
          first: hdr.order.order.eq(1),
          address: 0x0a0b0c0d0e0fn,
          reason,
          value: hdr.order.value,
          one: 1,
        });
      c.if(packetOut.present, () => {
        c.forward(packetOut.egressPort);
        c.set(hdr.order.value, packetOut.value);
        c.if(packetOut.flag.and(packetOut.one.eq(1)), () => up(Reason.copied));
        c.if(packetOut.reason.eq(Reason.asked), () => c.drop());
      })
        .elseif(hdr.order.order.eq(3), () => c.multicast(1))
        .else(() => up(Reason.asked));
    });
  },
  egress(ctl, { hdr, std }) {
    ctl.apply((c) => {
      c.set(hdr.order.value, hdr.order.value.add(1));
      c.if(hdr.order.order.eq(2).and(std.egressPort.eq(510)), () => c.drop());
    });
  },
  deparser(d, { hdr }) {
    d.emit(hdr.order);
  },
});

const order = (order: number, value: number) => Buffer.concat([build(Order, { order, value }), Buffer.from('xyz')]);
const metadata = { one: 0, egressPort: 4, value: 0xdeadbeef, flag: false, reason: 'none' } as const;

export const packetIo = scenario({
  name: 'packet-io',
  pipeline: io,
  steps: [
    packet(1, order(0, 0x12345678)),
    packet(257, order(1, 0xffffffff)),
    packet(1, order(2, 5)),
    packet(1, order(3, 5)),
    { control: (sw) => sw.multicast(1).set([{ port: 3 }, { port: 510, instance: 1 }]) },
    packet(1, '03 00000005'),
    packet(1, order(3, 5)),
    { packetOut: order(0, 1), metadata },
    { packetOut: order(0, 1), metadata: { ...metadata, one: 1, flag: true } },
    { packetOut: order(1, 1), metadata: { ...metadata, one: 1, flag: true, value: 0 } },
    { packetOut: order(1, 1), metadata: { ...metadata, one: 0, flag: true, egressPort: 300 } },
    { packetOut: order(1, 1), metadata: { ...metadata, reason: 'asked' } },
    { packetOut: order(1, 1), metadata: { ...metadata, egressPort: 510 } },
    { packetOut: new Uint8Array(0), metadata },
    { packetOut: new Uint8Array([1, 2]), metadata },
  ],
});
