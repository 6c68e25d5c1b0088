/** Packets to the controller and from it, each with the metadata that the pipeline declares. */
import { bit, header, pipeline, port } from 'p4ts';

const Frame = header('frame_t', { type: bit(16) });

export const slowPath = pipeline('slow_path', {
  headers: { frame: Frame },
  packetIn: { ingressPort: port, reason: bit(3) },
  packetOut: { egressPort: port, queue: bit(4) },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.frame);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, std, packetOut }) {
    ctl.apply((c) => {
      c.if(packetOut.present, () => c.forward(packetOut.egressPort)).else(() => {
        c.if(hdr.frame.type.eq(0x0806), () => c.toController({ ingressPort: std.ingressPort, reason: 5 })).else(() => c.drop());
      });
    });
  },
  deparser: (d, { hdr }) => d.emit(hdr.frame),
});
