/** Ternary keys: the highest priority wins; prefixes beside ternary keys give none. */
import { bit, build, header, ipv4, lpm, mac, pipeline, ternary } from 'p4ts';
import { all } from '../../../support/outcomes.js';
import { packet, scenario } from '../scenario.js';

const Fields = header('fields_t', { a: bit(12), b: bit(4), address: mac, prefix: ipv4, result: bit(8), mixed: bit(8) });

const masks = pipeline('masks', {
  headers: { f: Fields },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.f);
      return p.accept();
    },
  },
  ingress(ctl, { hdr }) {
    const found = ctl.action('found', { value: bit(8) }, (c, args) => c.set(hdr.f.result, args.value));
    const foundMixed = ctl.action('found_mixed', { value: bit(8) }, (c, args) => c.set(hdr.f.mixed, args.value));
    const acl = ctl.table('acl', {
      key: { a: ternary(hdr.f.a), b: ternary(hdr.f.b), address: ternary(hdr.f.address) },
      actions: [found],
    });
    const mixed = ctl.table('mixed', { key: { prefix: lpm(hdr.f.prefix), b: ternary(hdr.f.b) }, actions: [foundMixed] });
    ctl.apply((c) => {
      c.forward(2);
      c.apply(acl);
      c.apply(mixed);
    });
    return { acl, mixed, found, foundMixed };
  },
  deparser(d, { hdr }) {
    d.emit(hdr.f);
  },
});

const { acl, mixed, found, foundMixed } = masks.ingress;
const of = (
  a: number,
  b: number,
  address: `${string}:${string}` = '02:00:00:00:00:00',
  prefix = '0.0.0.0' as `${number}.${number}.${number}.${number}`,
) => packet(1, build(Fields, { a, b, address, prefix, result: 0, mixed: 0 }));

export const ternaryKeys = scenario({
  name: 'ternary-keys',
  pipeline: masks,
  steps: [
    {
      control: async (sw) => {
        await sw
          .table(acl)
          .insert(
            { match: { a: { value: 0x100, mask: 0xf00 } }, priority: 10, action: found({ value: 1 }) },
            { match: { a: 0x123 }, priority: 5, action: found({ value: 2 }) },
            { match: { a: { value: 0x003, mask: 0x00f }, b: 7 }, priority: 20, action: found({ value: 3 }) },
            { match: { address: { value: '01:00:00:00:00:00', mask: '01:00:00:00:00:00' } }, priority: 1, action: found({ value: 4 }) },
            { match: {}, priority: 2, action: found({ value: 5 }) },
            { match: { a: 0xfff, b: 15, address: 'ff:ff:ff:ff:ff:ff' }, priority: 2147483647, action: found({ value: 6 }) },
          );
        await sw
          .table(mixed)
          .insert(
            { match: { prefix: '10.0.0.0/8' }, priority: 9, action: foundMixed({ value: 1 }) },
            { match: { prefix: '10.1.0.0/16' }, priority: 8, action: foundMixed({ value: 2 }) },
            { match: { prefix: '0.0.0.0/0', b: 3 }, priority: 10, action: foundMixed({ value: 3 }) },
          );
      },
    },
    of(0x123, 0),
    of(0x123, 7),
    of(0x223, 7),
    of(0x223, 6),
    of(0, 0, '01:00:5e:00:00:01'),
    of(0, 0, '00:00:00:00:00:00'),
    of(0xfff, 15, 'ff:ff:ff:ff:ff:ff'),
    of(0xfff, 15, 'ff:ff:ff:ff:ff:fe'),
    of(0, 0, '02:00:00:00:00:00', '10.1.1.1'),
    of(0, 3, '02:00:00:00:00:00', '10.1.1.1'),
    of(0, 0, '02:00:00:00:00:00', '11.1.1.1'),
    { control: async (sw) => all(sw.table(acl).entries()) },
    {
      control: async (sw) => {
        await sw.table(acl).delete({ match: { a: { value: 0x100, mask: 0xf00 } }, priority: 10 }, { match: {}, priority: 2 });
        await sw.table(acl).modify({ match: { a: 0x123 }, priority: 5, action: found({ value: 0x22 }) });
      },
    },
    of(0x123, 0),
    of(0x122, 0),
    of(0, 0, '01:00:5e:00:00:01'),
  ],
});
