/** `exit` in an action ends ingress, with what was decided until then; the egress of the packet runs. */
import { bit, exact, header, pipeline } from 'p4ts';

const Order = header('order_t', { order: bit(8), ingress: bit(8), egress: bit(8) });

export const guarded = pipeline('guarded', {
  headers: { order: Order },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.order);
      return p.accept();
    },
  },
  ingress(ctl, { hdr }) {
    const leave = ctl.action('leave', {}, (c) => {
      c.forward(3);
      c.exit();
    });
    const stay = ctl.action('stay', {}, (c) => c.set(hdr.order.ingress, 1));
    const guard = ctl.table('guard', {
      key: { order: exact(hdr.order.order) },
      actions: [leave, stay],
      entries: [{ match: { order: 1 }, action: leave() }],
      default: stay(),
    });
    ctl.apply((c) => {
      c.apply(guard);
      c.set(hdr.order.ingress, hdr.order.ingress.add(1));
      c.forward(2);
    });
    return { guard, leave, stay };
  },
  egress(ctl, { hdr }) {
    ctl.apply((c) => c.set(hdr.order.egress, 0xee));
  },
  deparser: (d, { hdr }) => d.emit(hdr.order),
});
