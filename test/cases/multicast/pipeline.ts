/** A flood to all ports but that which a packet came from: the replicas of a group, pruned in egress. */
import { bit, header, pipeline } from 'p4ts';

const Frame = header('frame_t', { group: bit(16), replica: bit(16) });

export const flood = pipeline('flood', {
  headers: { frame: Frame },
  metadata: { from: bit(9) },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.frame);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, meta, std }) {
    ctl.apply((c) => {
      c.set(meta.from, std.ingressPort);
      c.multicast(hdr.frame.group);
    });
  },
  egress(ctl, { hdr, meta, std }) {
    ctl.apply((c) => {
      c.set(hdr.frame.replica, std.replica);
      c.if(std.egressPort.eq(meta.from), () => c.drop());
    });
  },
  deparser: (d, { hdr }) => d.emit(hdr.frame),
});
