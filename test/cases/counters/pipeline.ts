/** Counters: an array by index, and one of each entry. */
import { bit, exact, header, pipeline } from 'p4ts';

const Frame = header('frame_t', { class: bit(8) });

export const accounting = pipeline('accounting', {
  headers: { frame: Frame },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.frame);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, std }) {
    const ports = ctl.counter('ports', { size: 4, unit: 'both' });
    const known = ctl.action('known', {}, (c) => c.forward(1));
    const classes = ctl.table('classes', { key: { class: exact(hdr.frame.class) }, actions: [known], counter: 'packets' });
    ctl.apply((c) => {
      c.count(ports, std.ingressPort.as(bit(32)));
      c.apply(classes);
    });
    return { ports, classes, known };
  },
  deparser: (d, { hdr }) => d.emit(hdr.frame),
});
