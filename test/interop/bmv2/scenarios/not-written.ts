/** What BMv2's P4Runtime server does not write or read, though P4Runtime has it: value sets and registers (points 22 and 34). */
import { bit, build, header, pipeline, valueSet } from 'p4ts';
import { P4RuntimeError } from '../../../../runtime/client/errors.js';
import { type Control, packet, scenario } from '../scenario.js';

const Order = header('order_t', { a: bit(8), known: bit(8), cell: bit(16) });

const sets = pipeline('sets', {
  headers: { order: Order },
  metadata: { known: bit(8) },
  valueSets: { known: valueSet(bit(8), 4) },
  parser: {
    start(p, { hdr, sets: { known } }) {
      p.extract(hdr.order);
      return p.select(hdr.order.a).when(known, 'is_known').otherwise('accept');
    },
    is_known(p, { meta }) {
      p.set(meta.known, 1);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, meta }) {
    const cells = ctl.register('cells', bit(16), 4);
    ctl.apply((c) => {
      c.forward(2);
      c.set(hdr.order.known, meta.known);
      c.set(
        hdr.order.cell,
        c.update(cells, hdr.order.a.as(bit(32)), (cell) => ({ next: cell.add(1), result: cell })),
      );
    });
    return { cells };
  },
  deparser(d, { hdr }) {
    d.emit(hdr.order);
  },
});

const { cells } = sets.ingress;
const of = (a: number) => packet(1, build(Order, { a, known: 0, cell: 0 }));
const refused = (act: Control<typeof sets>['control'], differs: string): Control<typeof sets> => ({
  differs,
  control: (sw) =>
    act(sw).catch((error) => {
      if (!(error instanceof P4RuntimeError)) throw error;
      return error.failures[0]?.code ?? error.code;
    }),
});
const noSets = 'value sets are not implemented';
const noRegisters = 'registers are not implemented';

export const notWritten = scenario({
  name: 'not-written',
  pipeline: sets,
  steps: [
    of(1),
    of(1),
    refused((sw) => sw.valueSet(sets.sets.known).set([1, 2]), noSets),
    { ...of(2), differs: noSets },
    refused((sw) => sw.register(cells).read(1), noRegisters),
    refused((sw) => sw.register(cells).write(3, 0x1234), noRegisters),
    { ...of(3), differs: noRegisters },
  ],
});
