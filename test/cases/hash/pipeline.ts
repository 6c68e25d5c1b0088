/** A flow's bucket: CRC-32 of its fields, and the same within a range. */
import { bit, header, ipv4, pipeline } from 'p4ts';

const Flow = header('flow_t', { src: ipv4, dst: ipv4, hash: bit(32), bucket: bit(16) });

export const buckets = pipeline('buckets', {
  headers: { flow: Flow },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.flow);
      return p.accept();
    },
  },
  ingress(ctl, { hdr }) {
    const { flow } = hdr;
    ctl.apply((c) => {
      c.forward(1);
      c.set(flow.hash, c.hash('crc32', bit(32), [flow.src, flow.dst]));
      c.set(flow.bucket, c.hash('crc16', bit(16), [flow.src, flow.dst], { base: 100, max: 8 }));
    });
  },
  deparser: (d, { hdr }) => d.emit(hdr.flow),
});
