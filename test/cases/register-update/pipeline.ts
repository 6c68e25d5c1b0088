/** Registers: a cell that is one number, and a cell of several fields, each read and written in one step. */
import { bit, header, pipeline } from 'p4ts';

const Sample = header('sample_t', { slot: bit(8), value: bit(8), previous: bit(8), count: bit(8) });

export const lastValues = pipeline('last_values', {
  headers: { sample: Sample },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.sample);
      return p.accept();
    },
  },
  ingress(ctl, { hdr }) {
    const { sample } = hdr;
    const total = ctl.register('total', bit(8), 1);
    const last = ctl.register('last', { value: bit(8), writes: bit(8) }, 4);
    ctl.apply((c) => {
      c.forward(1);
      c.set(
        sample.count,
        c.update(total, 0, (n) => ({ next: n.add(1), result: n })),
      );
      c.set(
        sample.previous,
        c.update(last, sample.slot.as(bit(32)), (cell) => ({
          next: { value: sample.value, writes: cell.writes.add(1) },
          result: cell.value,
        })),
      );
    });
    return { total, last };
  },
  deparser: (d, { hdr }) => d.emit(hdr.sample),
});
