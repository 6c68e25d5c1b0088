/** Where packets go: the last decision wins; egress drops; exit ends a block and leaves the decision. */
import { bit, build, header, pipeline, port } from 'p4ts';
import { packet, scenario } from '../scenario.js';

const Order = header('order_t', { ingress: bit(8), egress: bit(8), seen: bit(16) });

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
      const forward = (to: number) => () => c.forward(to);
      const drop = () => c.drop();
      const multicast = (group: number) => () => c.multicast(group);
      const toController = (reason: number) => () => c.toController({ ingressPort: std.ingressPort, reason });
      /** One after the other, for each value of `ingress`; nothing for 0. */
      const decided: readonly (readonly (() => void)[])[] = [
        [],
        [forward(3)],
        [drop],
        [multicast(7)],
        [toController(4)],
        [drop, forward(4)],
        [forward(4), drop],
        [multicast(7), forward(5)],
        [forward(5), multicast(7)],
        [multicast(7), drop],
        [drop, multicast(7)],
        [toController(5), forward(6)],
        [forward(6), toController(6)],
        [toController(7), multicast(7)],
        [multicast(7), toController(8)],
        [toController(9), drop],
        [multicast(9)],
        [multicast(7), multicast(8)],
        [multicast(0)],
        [forward(2), () => c.exit()],
        [() => c.call(leave, { port: 6 })],
        [forward(0)],
        [forward(511)],
        [forward(510)],
        [forward(3), drop, forward(4), multicast(8), drop, forward(1)],
      ];
      c.if(packetOut.present, () => {
        c.forward(packetOut.egressPort);
        c.exit();
      });
      for (const [order, steps] of decided.entries()) {
        if (steps.length === 0) continue;
        c.if(hdr.order.ingress.eq(order), () => {
          for (const step of steps) step();
        });
      }
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
