/** What both switches refuse, and with which codes: an entry twice, one that is not there, a full table, ids out of range. */
import { bit, build, exact, header, pipeline, ternary } from 'p4ts';
import { P4RuntimeError } from '../../../../runtime/client/errors.js';
import { all } from '../../../support/outcomes.js';
import { type Control, packet, scenario } from '../scenario.js';

const Key = header('key_t', { key: bit(8), result: bit(8) });

const tables = pipeline('two_tables', {
  headers: { key: Key },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.key);
      return p.accept();
    },
  },
  ingress(ctl, { hdr }) {
    const found = ctl.action('found', { value: bit(8) }, (c, args) => c.set(hdr.key.result, args.value));
    const counts = ctl.counter('counts', { size: 2, unit: 'both' });
    const small = ctl.table('small', { key: { key: exact(hdr.key.key) }, actions: [found], size: 2 });
    const masks = ctl.table('masks', { key: { key: ternary(hdr.key.key) }, actions: [found] });
    ctl.apply((c) => {
      c.forward(2);
      c.apply(small);
      c.apply(masks);
      c.count(counts, 0);
    });
    return { small, masks, found, counts };
  },
  deparser(d, { hdr }) {
    d.emit(hdr.key);
  },
});

const { small, masks, found, counts } = tables.ingress;
const entry = (key: number, value: number) => ({ match: { key }, action: found({ value }) });
const masked = (key: number, priority: number) => ({ match: { key }, priority, action: found({ value: priority }) });
type Act = Control<typeof tables>['control'];
/** The codes with which it is refused. */
const refused = (act: Act, differs?: string): Control<typeof tables> => ({
  control: (sw) =>
    act(sw).then(
      () => 'OK',
      (error) => {
        if (!(error instanceof P4RuntimeError)) throw error;
        return error.failures.length > 0 ? error.failures.map(({ index, code }) => `${index} ${code}`) : error.code;
      },
    ),
  ...(differs === undefined ? {} : { differs }),
});

const unknown = 'what the data plane of BMv2 refuses is UNKNOWN';

export const refusals = scenario({
  name: 'refusals',
  pipeline: tables,
  steps: [
    refused((sw) => sw.table(small).insert(entry(1, 1), entry(1, 2), entry(2, 2))),
    refused((sw) => sw.table(small).insert(entry(3, 3)), unknown),
    refused((sw) => sw.table(small).modify(entry(3, 3))),
    refused((sw) => sw.table(small).delete({ match: { key: 3 } }, { match: { key: 2 } })),
    refused((sw) => sw.table(masks).insert(masked(1, 1), masked(1, 2), masked(1, 1))),
    refused((sw) => sw.table(masks).delete({ match: { key: 1 }, priority: 3 })),
    refused((sw) =>
      sw.multicast(1).set([
        { port: 1, instance: 1 },
        { port: 1, instance: 1 },
      ]),
    ),
    refused((sw) => sw.multicast(2).delete()),
    refused((sw) => sw.counter(counts).read(2), unknown),
    refused((sw) => sw.counter(counts).set(2, { packets: 1n, bytes: 1n }), unknown),
    { control: async (sw) => [await all(sw.table(small).entries()), await all(sw.table(masks).entries())] },
    ...[1, 2, 3].map((key) => packet(1, build(Key, { key, result: 0 }))),
  ],
});
