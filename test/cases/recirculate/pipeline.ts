/** Recirculation: the packet as it leaves starts again, until its label is gone. */
import { bit, header, pipeline, stack } from 'p4ts';

const Label = header('label_t', { value: bit(7), more: bit(1) });

export const unwrap = pipeline('unwrap', {
  headers: { labels: stack(Label, 2) },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.labels.next);
      return p.accept();
    },
  },
  ingress(ctl, { hdr }) {
    ctl.apply((c) => {
      c.if(hdr.labels.at(0).more.eq(1), () => c.recirculate()).else(() => c.forward(1));
      c.pop(hdr.labels, 1);
    });
  },
  deparser: (d, { hdr }) => d.emit(hdr.labels),
});
