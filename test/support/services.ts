/** A pipeline with one of each kind of state and service that the control plane reads and writes. */
import { bit, bool, Color, defaultOnly, exact, header, lpm, mac, pipeline, port, tableOnly, ternary, valid, valueSet } from 'p4ts';

const Ethernet = header('ethernet_t', { dst: mac, src: mac, etherType: bit(16) });
const Tag = header('tag_t', { value: bit(16) });

/**
 * Frames have `dst` in 02:00:00:00:00:XX, whose last byte chooses what happens; the result leaves through the port that an
 * entry says.
 */
export const services = pipeline('services', {
  headers: { ethernet: Ethernet, tag: Tag },
  metadata: { red: bool, kind: bit(8) },
  valueSets: { tags: valueSet(bit(16), 2) },
  parser: {
    start(p, { hdr, sets }) {
      p.extract(hdr.ethernet);
      return p.select(hdr.ethernet.etherType).when(sets.tags, 'tag').otherwise('accept');
    },
    tag(p, { hdr }) {
      p.extract(hdr.tag);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, meta, std }) {
    const last = hdr.ethernet.dst.bits(0, 8);
    const totals = ctl.register('totals', bit(40), 4);
    const flows = ctl.register('flows', { packets: bit(32), last: mac, tag: bit(16) }, 8);
    const police = ctl.meter('police', { size: 4, unit: 'packets' });
    const limit = ctl.directMeter('limit', { unit: 'packets' });
    const learn = ctl.digest('learn_t', { src: mac, port, tagged: bit(1) });
    const paths = ctl.selector('paths', { size: 6, maxGroup: 4, hash: 'crc16', over: [hdr.ethernet.src] });
    const hops = ctl.profile('hops', { size: 2 });
    const drop = ctl.action('drop', {}, (c) => c.drop());
    const send = ctl.action('send', { port }, (c, args) => c.forward(args.port));
    const mirror = ctl.action('mirror', { session: bit(10) }, (c, args) => c.mirror(args.session));
    const grade = ctl.action('grade', { port }, (c, args) => {
      c.set(meta.red, c.meter(limit).eq(Color.red));
      c.forward(args.port);
    });
    const spread = ctl.table('spread', {
      key: { kind: exact(meta.kind) },
      actions: [send, drop],
      implementation: paths,
      size: 16,
    });
    const next = ctl.table('next', { key: { kind: lpm(meta.kind) }, actions: [send, drop], implementation: hops });
    const limits = ctl.table('limits', {
      key: { src: exact(hdr.ethernet.src) },
      actions: [grade, drop],
      meter: limit,
      counter: 'both',
    });
    const known = ctl.table('known', {
      key: { src: exact(hdr.ethernet.src) },
      actions: [send, drop],
      idleTimeout: true,
      counter: 'packets',
    });
    const fixed = ctl.table('fixed', {
      key: { kind: ternary(meta.kind) },
      actions: [send, drop],
      entries: [
        { match: { kind: { value: 0x10, mask: 0xf0 } }, action: send({ port: 3 }), priority: 20 },
        { match: {}, action: drop(), priority: 10 },
      ],
      constEntries: true,
    });
    const initial = ctl.table('initial', {
      key: { kind: exact(meta.kind) },
      actions: [send, mirror, tableOnly(drop)],
      entries: [{ match: { kind: 7 }, action: send({ port: 7 }) }],
      size: 4,
    });
    const scoped = ctl.table('scoped', { key: { kind: exact(meta.kind) }, actions: [tableOnly(send), defaultOnly(drop)], default: drop() });
    ctl.apply((c) => {
      c.set(meta.kind, last);
      c.update(totals, 1, (total) => ({ next: total.add(1) }));
      c.update(flows, last.as(bit(32)), (flow) => ({
        next: { packets: flow.packets.add(1), last: hdr.ethernet.src, tag: hdr.tag.value },
      }));
      c.if(hdr.ethernet.dst.bits(8, 8).eq(1), () => {
        const color = c.meter(police, last.as(bit(32)));
        c.if(color.eq(Color.green), () => c.forward(1));
        c.if(color.eq(Color.yellow), () => c.forward(2));
        c.if(color.eq(Color.red), () => c.forward(3));
      });
      c.if(hdr.ethernet.dst.bits(8, 8).eq(2), () => {
        c.apply(spread);
      });
      c.if(hdr.ethernet.dst.bits(8, 8).eq(3), () => {
        c.apply(next);
      });
      c.if(hdr.ethernet.dst.bits(8, 8).eq(4), () => {
        c.apply(limits);
        c.if(meta.red, () => c.drop());
      });
      c.if(hdr.ethernet.dst.bits(8, 8).eq(5), () => {
        c.apply(known);
        c.digest(learn, { src: hdr.ethernet.src, port: std.ingressPort, tagged: valid(hdr.tag).as(bit(1)) });
      });
      c.if(hdr.ethernet.dst.bits(8, 8).eq(6), () => {
        c.apply(fixed);
      });
      c.if(hdr.ethernet.dst.bits(8, 8).eq(7), () => {
        c.apply(initial);
      });
      c.if(hdr.ethernet.dst.bits(8, 8).eq(8), () => {
        c.apply(scoped);
      });
      c.if(hdr.ethernet.dst.bits(8, 8).eq(9), () => {
        c.set(hdr.ethernet.etherType, c.random(bit(16), 0, 0xffff));
        c.forward(1);
      });
    });
    const tables = { spread, next, limits, known, fixed, initial, scoped };
    return { ...tables, totals, flows, police, limit, learn, paths, hops, drop, send, mirror, grade };
  },
  deparser(d, { hdr }) {
    d.emit(hdr.ethernet, hdr.tag);
  },
});

/** What the last two bytes of `dst` choose. */
export const section = { police: 1, spread: 2, next: 3, limits: 4, known: 5, fixed: 6, initial: 7, scoped: 8, random: 9 } as const;

/** A frame for one of the sections, from the host with that number; with a tag when one is given. */
export function frame(to: keyof typeof section, kind: number, host = 1, tag?: number): Uint8Array {
  const hex = (value: number, bytes: number): string => value.toString(16).padStart(2 * bytes, '0');
  const type = tag === undefined ? '0800' : `9100${hex(tag, 2)}`;
  return new Uint8Array(Buffer.from(`02000000${hex(section[to], 1)}${hex(kind, 1)}02000000${hex(host, 2)}${type}`, 'hex'));
}
