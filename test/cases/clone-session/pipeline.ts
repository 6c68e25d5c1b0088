/** A copy of packets that are watched goes to a session, and keeps why it was made. */
import { bit, exact, header, Path, pipeline } from 'p4ts';

const Frame = header('frame_t', { host: bit(8), note: bit(8) });

export const monitor = pipeline('monitor', {
  headers: { frame: Frame },
  metadata: { reason: bit(8), lost: bit(8) },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.frame);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, meta }) {
    const watch = ctl.action('watch', { session: bit(10), reason: bit(8) }, (c, args) => {
      c.set(meta.reason, args.reason);
      c.set(meta.lost, args.reason);
      c.mirror(args.session, { keep: [meta.reason] });
    });
    const watched = ctl.table('watched', { key: { host: exact(hdr.frame.host) }, actions: [watch] });
    ctl.apply((c) => {
      c.forward(2);
      c.apply(watched);
    });
    return { watched, watch };
  },
  egress(ctl, { hdr, meta, std }) {
    ctl.apply((c) => c.if(std.path.eq(Path.mirrored), () => c.set(hdr.frame.note, meta.reason.add(meta.lost))));
  },
  deparser: (d, { hdr }) => d.emit(hdr.frame),
});
