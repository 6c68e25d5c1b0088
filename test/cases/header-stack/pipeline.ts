/** A stack of labels: parsed in a loop, pushed, and popped. */
import { bit, exact, header, pipeline, port, stack } from 'p4ts';

const Label = header('label_t', { label: bit(20), tc: bit(3), bottom: bit(1), ttl: bit(8) });

export const labels = pipeline('labels', {
  headers: { labels: stack(Label, 3) },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.labels.next);
      return p.select(hdr.labels.last.bottom).when(0, 'start').otherwise('accept');
    },
  },
  ingress(ctl, { hdr }) {
    const top = hdr.labels.at(0);
    const push = ctl.action('push', { label: bit(20), port }, (c, args) => {
      c.push(hdr.labels, 1);
      c.setValid(top);
      c.set(top.label, args.label);
      c.set(top.ttl, hdr.labels.at(1).ttl);
      c.forward(args.port);
    });
    const pop = ctl.action('pop', { port }, (c, args) => {
      c.pop(hdr.labels, 1);
      c.forward(args.port);
    });
    const lookup = ctl.table('lookup', { key: { label: exact(top.label) }, actions: [push, pop] });
    ctl.apply((c) => void c.apply(lookup));
    return { lookup, push, pop };
  },
  deparser: (d, { hdr }) => d.emit(hdr.labels),
});
