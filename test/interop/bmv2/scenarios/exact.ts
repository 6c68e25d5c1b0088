/** Exact keys: numbers, an enum, a boolean; entries changed between packets; default actions. */
import { bit, build, enumeration, exact, header, ipv6, pipeline, valid } from 'p4ts';
import { all } from '../../../support/outcomes.js';
import { packet, scenario } from '../scenario.js';

const Kind = enumeration('Kind', bit(8), { plain: 1, tagged: 2 });
const First = header('first_t', { kind: Kind, number: bit(12), flags: bit(4), wide: ipv6, result: bit(8) });
const Tag = header('tag_t', { id: bit(8) });

const keys = pipeline('exact_keys', {
  headers: { first: First, tag: Tag },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.first);
      return p.select(hdr.first.kind).when(Kind.tagged, 'tag').otherwise('accept');
    },
    tag(p, { hdr }) {
      p.extract(hdr.tag);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, std }) {
    const mark = ctl.action('mark', { value: bit(8) }, (c, args) => {
      c.set(hdr.first.result, args.value);
      c.forward(3);
    });
    const keep = ctl.action('keep', {}, (c) => c.forward(4));
    const discard = ctl.action('discard', {}, (c) => c.drop());
    const many = ctl.table('many', {
      key: {
        kind: exact(hdr.first.kind),
        number: exact(hdr.first.number),
        tagged: exact(valid(hdr.tag)),
        port: exact(std.ingressPort),
        part: exact(hdr.first.flags.bits(1, 2)),
      },
      actions: [mark, keep, discard],
      default: mark({ value: 0xdd }),
    });
    const wide = ctl.table('wide', { key: { wide: exact(hdr.first.wide) }, actions: [mark, discard] });
    ctl.apply((c) => {
      c.apply(many);
      c.apply(wide);
    });
    return { many, wide, mark, keep, discard };
  },
  deparser(d, { hdr }) {
    d.emit(hdr.first, hdr.tag);
  },
});

const { many, wide, mark, keep, discard } = keys.ingress;
type Fields = Parameters<typeof build<(typeof First)['fields']>>[1];
const first = (port: number, fields: Partial<Fields> = {}) =>
  packet(port, build(First, { kind: 'plain', number: 0xabc, flags: 0, wide: '2001:db8::1', result: 0, ...fields }));
const hit = { kind: 'plain', number: 0xabc, tagged: false, port: 1, part: 0 } as const;

export const exactKeys = scenario({
  name: 'exact-keys',
  pipeline: keys,
  steps: [
    first(1),
    {
      control: async (sw) => {
        await sw
          .table(many)
          .insert(
            { match: hit, action: mark({ value: 0x11 }) },
            { match: { ...hit, port: 2 }, action: keep() },
            { match: { ...hit, number: 0 }, action: discard() },
            { match: { ...hit, part: 3 }, action: mark({ value: 0x33 }) },
            { match: { ...hit, kind: 'tagged', tagged: true }, action: mark({ value: 0x22 }) },
          );
        await sw.table(wide).insert({ match: { wide: '2001:db8::2' }, action: mark({ value: 0x66 }) });
      },
    },
    first(1),
    first(2),
    first(1, { number: 0 }),
    first(1, { number: 0xabd }),
    first(1, { flags: 0b0110 }),
    first(1, { flags: 0b1001 }),
    first(1, { flags: 0b0010 }),
    first(1, { kind: 'tagged' }),
    packet(1, '02 abc0 20010db8000000000000000000000001 00 07 aabb'),
    packet(1, '03 abc0 20010db8000000000000000000000001 00'),
    first(1, { wide: '2001:db8::2' }),
    {
      control: async (sw) => {
        await sw.table(many).modify({ match: hit, action: keep() });
        await sw.table(many).delete({ match: { ...hit, port: 2 } });
        await sw.table(many).setDefault(keep());
        await sw.table(wide).setDefault(discard());
        return sw.table(many).getDefault();
      },
    },
    first(1),
    first(2, { wide: '2001:db8::2' }),
    first(3),
    {
      control: async (sw) => {
        await sw.table(many).setDefault();
        await sw.table(wide).setDefault();
        return [await sw.table(many).getDefault(), await sw.table(wide).getDefault(), await all(sw.table(wide).entries())];
      },
    },
    first(3),
  ],
});
