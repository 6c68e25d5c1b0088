/** Switches on the action that ran, hit and miss, exit from actions, nested conditions. */
import { bit, build, exact, header, pipeline } from 'p4ts';
import { packet, scenario } from '../scenario.js';

const Path = header('path_t', { key: bit(8), other: bit(8), way: bit(32) });

const flow = pipeline('flow', {
  headers: { path: Path },
  metadata: { hits: bit(8) },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.path);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, meta }) {
    const { path } = hdr;
    const one = ctl.action('one', { value: bit(8) }, (c, args) => c.set(path.other, args.value));
    const two = ctl.action('two', {}, (c) => {
      c.if(path.other.gt(0x7f), () => {
        c.set(path.other, 0);
        c.exit();
      }).else(() => c.set(path.other, path.other.add(1)));
      c.set(path.other, path.other.shl(1));
    });
    const three = ctl.action('three', {}, () => {});
    const first = ctl.table('first', { key: { key: exact(path.key) }, actions: [one, two, three], default: three() });
    const second = ctl.table('second', { key: { other: exact(path.other) }, actions: [one, two] });
    const third = ctl.table('third', { key: { key: exact(path.key) }, actions: [one, two, three] });
    ctl.apply((c) => {
      c.forward(2);
      const at = (place: number) => c.set(path.way, path.way.shl(4).or(place));
      const applied = c.apply(first);
      c.if(applied.hit, () => {
        at(1);
        c.set(meta.hits, meta.hits.add(1));
      }).else(() => at(2));
      c.if(c.apply(second).miss, () => at(3));
      c.switch(c.apply(third))
        .case(one, () => at(4))
        .case(two, () => {
          at(5);
          c.if(path.key.eq(2), () => {
            c.forward(3);
            c.exit();
          });
          at(6);
        })
        .default(() => at(7));
      c.if(applied.hit.and(path.other.ne(0)), () => c.call(one, { value: path.other.add(0x10) }))
        .elseif(meta.hits.eq(0), () => c.call(two))
        .else(() => at(8));
      at(9);
    });
    return { first, second, third, one, two, three };
  },
  egress(ctl, { hdr }) {
    ctl.apply((c) => c.set(hdr.path.way, hdr.path.way.shl(4).or(0xe)));
  },
  deparser(d, { hdr }) {
    d.emit(hdr.path);
  },
});

const { first, second, third, one, two, three } = flow.ingress;

export const controlFlow = scenario({
  name: 'control-flow',
  pipeline: flow,
  steps: [
    {
      control: async (sw) => {
        await sw
          .table(first)
          .insert(
            { match: { key: 1 }, action: one({ value: 7 }) },
            { match: { key: 2 }, action: two() },
            { match: { key: 3 }, action: three() },
          );
        await sw.table(second).insert({ match: { other: 7 }, action: one({ value: 0x80 }) }, { match: { other: 8 }, action: two() });
        await sw
          .table(third)
          .insert(
            { match: { key: 1 }, action: two() },
            { match: { key: 2 }, action: two() },
            { match: { key: 3 }, action: one({ value: 9 }) },
            { match: { key: 4 }, action: three() },
          );
      },
    },
    ...[0, 1, 2, 3, 4].flatMap((key) => [0, 1, 3, 7, 8, 0x7f, 0x80, 0xff].map((other) => packet(1, build(Path, { key, other, way: 0 })))),
  ],
});
