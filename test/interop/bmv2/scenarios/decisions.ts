/** Where packets go: the last decision wins; egress drops; exit ends a block and leaves the decision. */
import { bit, build, header, pipeline, port } from 'p4ts';
import { packet, scenario } from '../scenario.js';

const Order = header('order_t', { ingress: bit(8), egress: bit(8), seen: bit(16) });

/** What ingress does for each value of `ingress`, beside the table. */
const orders = pipeline('orders', {
  headers: { order: Order },
  packetIn: { ingressPort: port, reason: bit(7) },
  packetOut: { egressPort: port },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.order);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, std, packetOut }) {
    const leave = ctl.action('leave', { port }, (c, args) => {
      c.forward(args.port);
      c.exit();
    });
    ctl.apply((c) => {
      const choices: readonly (readonly [number, () => void])[] = [
        [1, () => c.forward(3)],
        [2, () => c.drop()],
        [3, () => c.multicast(7)],
        [4, () => c.toController({ ingressPort: std.ingressPort, reason: 4 })],
        [5, () => (c.drop(), c.forward(4))],
        [6, () => (c.forward(4), c.drop())],
        [7, () => (c.multicast(7), c.forward(5))],
        [8, () => (c.forward(5), c.multicast(7))],
        [9, () => (c.multicast(7), c.drop())],
        [10, () => (c.drop(), c.multicast(7))],
        [11, () => (c.toController({ ingressPort: std.ingressPort, reason: 5 }), c.forward(6))],
        [12, () => (c.forward(6), c.toController({ ingressPort: std.ingressPort, reason: 6 }))],
        [13, () => (c.toController({ ingressPort: std.ingressPort, reason: 7 }), c.multicast(7))],
        [14, () => (c.multicast(7), c.toController({ ingressPort: std.ingressPort, reason: 8 }))],
        [15, () => (c.toController({ ingressPort: std.ingressPort, reason: 9 }), c.drop())],
        [16, () => c.multicast(9)],
        [17, () => (c.multicast(7), c.multicast(8))],
        [18, () => c.multicast(0)],
        [19, () => (c.forward(2), c.exit())],
        [20, () => c.call(leave, { port: 6 })],
        [21, () => c.forward(0)],
        [22, () => c.forward(511)],
        [23, () => c.forward(510)],
        [24, () => (c.forward(3), c.drop(), c.forward(4), c.multicast(8), c.drop(), c.forward(1))],
      ];
      c.if(packetOut.present, () => {
        c.forward(packetOut.egressPort);
        c.exit();
      });
      for (const [order, choose] of choices) c.if(hdr.order.ingress.eq(order), choose);
      c.set(hdr.order.seen, 0x1111);
    });
  },
  egress(ctl, { hdr, std }) {
    ctl.apply((c) => {
      c.if(hdr.order.egress.eq(1), () => c.drop());
      c.if(hdr.order.egress.eq(2), () => c.exit());
      c.if(hdr.order.egress.eq(3).and(std.egressPort.eq(2)), () => c.drop());
      c.set(hdr.order.seen, hdr.order.seen.add(0x2222));
    });
  },
  deparser(d, { hdr }) {
    d.emit(hdr.order);
  },
});

const order = (ingress: number, egress = 0) =>
  packet(1, Buffer.concat([build(Order, { ingress, egress, seen: 0 }), Buffer.from('payload')]));

export const decisions = scenario({
  name: 'decisions',
  pipeline: orders,
  steps: [
    {
      control: async (sw) => {
        await sw.multicast(7).set([
          { port: 2, instance: 1 },
          { port: 3, instance: 2 },
        ]);
        await sw.multicast(8).set([{ port: 4 }]);
      },
    },
    ...Array.from({ length: 26 }, (_, i) => order(i)),
    ...[1, 2, 3].flatMap((egress) => [order(1, egress), order(8, egress), order(19, egress), order(12, egress)]),
    { packetOut: build(Order, { ingress: 1, egress: 0, seen: 0 }), metadata: { egressPort: 9 } },
    { packetOut: build(Order, { ingress: 1, egress: 1, seen: 0 }), metadata: { egressPort: 9 } },
    { packetOut: build(Order, { ingress: 1, egress: 0, seen: 0 }), metadata: { egressPort: 511 } },
    { packetOut: new Uint8Array([1]), metadata: { egressPort: 9 } },
  ],
});
