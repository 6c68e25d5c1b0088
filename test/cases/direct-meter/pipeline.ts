/** A meter and a counter of each entry; what is red is dropped. */
import { bit, Color, exact, header, pipeline, port } from 'p4ts';

const Frame = header('frame_t', { customer: bit(8), color: bit(8) });

export const policer = pipeline('policer', {
  headers: { frame: Frame },
  metadata: { red: bit(1) },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.frame);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, meta }) {
    const rate = ctl.directMeter('rate', { unit: 'packets' });
    const serve = ctl.action('serve', { port }, (c, args) => {
      const color = c.meter(rate);
      c.if(color.eq(Color.red), () => c.set(meta.red, 1));
      c.if(color.eq(Color.yellow), () => c.set(hdr.frame.color, 1));
      c.forward(args.port);
    });
    const customers = ctl.table('customers', {
      key: { customer: exact(hdr.frame.customer) },
      actions: [serve],
      meter: rate,
      counter: 'both',
    });
    ctl.apply((c) => {
      c.apply(customers);
      c.if(meta.red.eq(1), () => c.drop());
    });
    return { customers, serve, rate };
  },
  deparser: (d, { hdr }) => d.emit(hdr.frame),
});
