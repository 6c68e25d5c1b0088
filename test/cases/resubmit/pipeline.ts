/** Resubmission: ingress runs again on the packet as it arrived, with the metadata that is kept. */
import { bit, header, Path, pipeline } from 'p4ts';

const Frame = header('frame_t', { passes: bit(8), kept: bit(8), lost: bit(8) });

export const twice = pipeline('twice', {
  headers: { frame: Frame },
  metadata: { kept: bit(8), lost: bit(8) },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.frame);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, meta, std }) {
    ctl.apply((c) => {
      c.set(hdr.frame.passes, hdr.frame.passes.add(1));
      c.if(std.path.ne(Path.resubmitted), () => {
        c.set(meta.kept, 7);
        c.set(meta.lost, 8);
        c.resubmit({ keep: [meta.kept] });
      });
      c.set(hdr.frame.kept, meta.kept);
      c.set(hdr.frame.lost, meta.lost);
      c.forward(1);
    });
  },
  deparser: (d, { hdr }) => d.emit(hdr.frame),
});
