/** Entries that had no hit for as long as their timeout: the controller is told of each, and of no other. */
import { bit, build, exact, header, pipeline } from 'p4ts';
import { all } from '../../../support/outcomes.js';
import { packet, scenario } from '../scenario.js';

const Key = header('key_t', { key: bit(8), result: bit(8) });

const aging = pipeline('aging', {
  headers: { key: Key },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.key);
      return p.accept();
    },
  },
  ingress(ctl, { hdr }) {
    const found = ctl.action('found', { value: bit(8) }, (c, args) => c.set(hdr.key.result, args.value));
    const keys = ctl.table('keys', { key: { key: exact(hdr.key.key) }, actions: [found], idleTimeout: true });
    ctl.apply((c) => {
      c.forward(2);
      c.apply(keys);
    });
    return { keys, found };
  },
  deparser(d, { hdr }) {
    d.emit(hdr.key);
  },
});

const { keys, found } = aging.ingress;
const second = 1_000_000_000n;

export const idleTimeouts = scenario({
  name: 'idle-timeouts',
  pipeline: aging,
  steps: [
    {
      control: async (sw) => {
        await sw.table(keys).insert({ match: { key: 1 }, action: found({ value: 1 }), idleTimeoutNs: 3600n * second });
        await sw.table(keys).insert({ match: { key: 2 }, action: found({ value: 2 }), idleTimeoutNs: second / 2n });
        await sw.table(keys).insert({ match: { key: 3 }, action: found({ value: 3 }) });
      },
    },
    ...[1, 2, 3, 4].map((key) => packet(1, build(Key, { key, result: 0 }))),
    {
      control: async (sw) => {
        for await (const { match, idleTimeoutNs } of sw.idleTimeouts(keys)) return { match, idleTimeoutNs };
        return undefined;
      },
    },
    { control: (sw) => all(sw.table(keys).entries()) },
  ],
});
