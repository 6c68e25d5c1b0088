/** Members, groups with weights and one-shot sets: which member each flow takes. */
import { bit, build, exact, header, ipv4, oneShot, pipeline, port } from 'p4ts';
import { packet, scenario } from '../scenario.js';

const Flow = header('flow_t', { table: bit(8), key: bit(8), src: ipv4, dst: ipv4, hash: bit(8), result: bit(8) });

const spreading = pipeline('spreading', {
  headers: { flow: Flow },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.flow);
      return p.accept();
    },
  },
  ingress(ctl, { hdr }) {
    const { flow } = hdr;
    const by16 = ctl.selector('by16', { size: 64, maxGroup: 32, hash: 'crc16', over: [flow.src, flow.dst] });
    const by32 = ctl.selector('by32', { size: 64, maxGroup: 32, hash: 'crc32', over: [flow.dst.bits(0, 12), flow.src] });
    const bySlices = ctl.selector('slices', { size: 64, maxGroup: 32, hash: 'crc16', over: [flow.src.bits(0, 4), flow.dst.bits(0, 3)] });
    const hops = ctl.profile('hops', { size: 16 });
    const send = ctl.action('send', { port, result: bit(8) }, (c, args) => {
      c.forward(args.port);
      c.set(flow.result, args.result);
    });
    const stop = ctl.action('stop', {}, (c) => c.drop());
    const actions = [send, stop];
    const key = { key: exact(flow.key) };
    const t16 = ctl.table('t16', { key, actions, implementation: by16, counter: 'both' });
    const t32 = ctl.table('t32', { key, actions, implementation: by32 });
    const tSlices = ctl.table('t_slices', { key, actions, implementation: bySlices });
    const direct = ctl.table('direct', { key, actions, implementation: hops });
    ctl.apply((c) => {
      c.forward(9);
      for (const [i, table] of [t16, t32, tSlices, direct].entries()) {
        c.if(flow.table.eq(i), () => {
          c.if(c.apply(table).hit, () => c.set(flow.hash, 1)).else(() => c.set(flow.hash, 2));
        });
      }
    });
    return { by16, by32, bySlices, hops, t16, t32, tSlices, direct, send, stop };
  },
  egress() {},
  deparser(d, { hdr }) {
    d.emit(hdr.flow);
  },
});

const { by16, by32, bySlices, hops, t16, t32, tSlices, direct, send, stop } = spreading.ingress;
const flows = (table: number, key: number, count = 24) =>
  Array.from({ length: count }, (_, i) =>
    packet(1, build(Flow, { table, key, src: `10.0.${i}.${(i * 37) % 256}`, dst: `192.168.${(i * 11) % 256}.${i}`, hash: 0, result: 0 })),
  );
const to = (result: number) => send({ port: 3, result });

export const selectors = scenario({
  name: 'selectors',
  pipeline: spreading,
  steps: [
    ...flows(0, 1, 2),
    {
      control: async (sw) => {
        for (const selector of [by16, by32, bySlices]) {
          const profile = sw.profile(selector);
          for (const id of [5, 3, 9, 1]) await profile.member(id).set(to(id));
          await profile.group(1).set([{ member: 1 }, { member: 3 }, { member: 5 }]);
          await profile.group(2).set([{ member: 9, weight: 3 }, { member: 1, weight: 2 }, { member: 5 }]);
        }
        for (const table of [t16, t32, tSlices]) {
          await sw.table(table).insert({ match: { key: 1 }, action: { group: 1 } }, { match: { key: 2 }, action: { group: 2 } });
          await sw.table(table).insert({ match: { key: 3 }, action: { member: 9 } });
        }
        await sw.profile(hops).member(4).set(to(44));
        await sw.table(direct).insert({ match: { key: 1 }, action: { member: 4 } });
      },
    },
    ...[0, 1, 2].flatMap((table) => [...flows(table, 1), ...flows(table, 2), ...flows(table, 3, 2)]),
    ...flows(3, 1, 2),
    ...flows(3, 2, 2),
    {
      control: async (sw) => {
        const profile = sw.profile(by16);
        await profile.member(3).set(stop());
        await profile.group(1).set([{ member: 9 }, { member: 3 }]);
        await profile.group(2).set([{ member: 1 }, { member: 5, weight: 2 }]);
        await profile.member(7).set(to(7));
        await profile.group(3).set([{ member: 7, weight: 2 }, { member: 9 }]);
        await sw.table(t16).insert({ match: { key: 4 }, action: { group: 3 } });
        await sw.profile(hops).member(4).set(stop());
      },
    },
    ...flows(0, 1),
    ...flows(0, 2),
    ...flows(0, 4),
    ...flows(3, 1, 1),
  ],
});

export const oneShots = scenario({
  name: 'one-shots',
  pipeline: spreading,
  steps: [
    {
      control: async (sw) => {
        await sw.table(t16).insert({
          match: { key: 1 },
          action: oneShot([
            { action: to(1), weight: 2 },
            { action: to(2), weight: 1 },
            { action: to(3), weight: 3 },
          ]),
        });
        await sw.table(t16).insert({
          match: { key: 2 },
          action: oneShot([
            { action: to(4), weight: 1 },
            { action: stop(), weight: 1 },
            { action: to(5), weight: 1 },
          ]),
        });
      },
    },
    ...flows(0, 1),
    ...flows(0, 2),
    {
      control: async (sw) => {
        await sw.table(t16).modify({
          match: { key: 1 },
          action: oneShot([
            { action: to(6), weight: 1 },
            { action: to(7), weight: 2 },
          ]),
        });
        await sw.table(t16).delete({ match: { key: 2 } });
        await sw.table(t16).insert({
          match: { key: 3 },
          action: oneShot([
            { action: to(8), weight: 4 },
            { action: to(9), weight: 1 },
          ]),
        });
      },
    },
    ...flows(0, 1),
    ...flows(0, 2, 1),
    ...flows(0, 3),
  ],
});
