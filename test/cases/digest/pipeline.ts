/** Tells the controller the addresses that it does not know. */
import { exact, header, mac, pipeline, port, valid } from 'p4ts';

const Ethernet = header('ethernet_t', { dst: mac, src: mac });

export const learner = pipeline('learner', {
  headers: { ethernet: Ethernet },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.ethernet);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, std }) {
    const learn = ctl.digest('learn_t', { src: mac, port });
    const known = ctl.action('known', {}, () => {});
    const sources = ctl.table('sources', { key: { src: exact(hdr.ethernet.src) }, actions: [known] });
    ctl.apply((c) => {
      c.forward(1);
      c.if(valid(hdr.ethernet).and(c.apply(sources).miss), () => c.digest(learn, { src: hdr.ethernet.src, port: std.ingressPort }));
    });
    return { sources, learn, known };
  },
  deparser: (d, { hdr }) => d.emit(hdr.ethernet),
});
