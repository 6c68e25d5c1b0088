/** Keys that match ranges, and keys that may be left out. */
import { bit, build, header, optional, pipeline, range } from 'p4ts';
import { all } from '../../../support/outcomes.js';
import { packet, scenario } from '../scenario.js';

const Fields = header('fields_t', {
  port: bit(16),
  small: bit(4),
  odd: bit(12),
  protocol: bit(8),
  vlan: bit(8),
  result: bit(8),
  other: bit(8),
});

const ranges = pipeline('ranges', {
  headers: { f: Fields },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.f);
      return p.accept();
    },
  },
  ingress(ctl, { hdr }) {
    const found = ctl.action('found', { value: bit(8) }, (c, args) => c.set(hdr.f.result, args.value));
    const foundOther = ctl.action('found_other', { value: bit(8) }, (c, args) => c.set(hdr.f.other, args.value));
    const ports = ctl.table('ports', {
      key: { port: range(hdr.f.port), small: range(hdr.f.small), odd: range(hdr.f.odd) },
      actions: [found],
    });
    const rules = ctl.table('rules', {
      key: { protocol: optional(hdr.f.protocol), vlan: optional(hdr.f.vlan) },
      actions: [foundOther],
      default: foundOther({ value: 0xee }),
    });
    ctl.apply((c) => {
      c.forward(2);
      c.apply(ports);
      c.apply(rules);
    });
    return { ports, rules, found, foundOther };
  },
  deparser(d, { hdr }) {
    d.emit(hdr.f);
  },
});

const { ports, rules, found, foundOther } = ranges.ingress;
const of = (fields: Partial<Record<'port' | 'small' | 'odd' | 'protocol' | 'vlan', number>>) =>
  packet(1, build(Fields, { port: 0, small: 0, odd: 0, protocol: 0, vlan: 0, result: 0, other: 0, ...fields }));

export const rangeAndOptionalKeys = scenario({
  name: 'range-and-optional-keys',
  pipeline: ranges,
  steps: [
    {
      control: async (sw) => {
        await sw
          .table(ports)
          .insert(
            { match: { port: { low: 1000, high: 2000 } }, priority: 10, action: found({ value: 1 }) },
            { match: { port: { low: 1500, high: 1500 } }, priority: 20, action: found({ value: 2 }) },
            { match: { port: { low: 0, high: 255 } }, priority: 10, action: found({ value: 3 }) },
            { match: { port: { low: 0xff00, high: 0xffff }, small: { low: 3, high: 12 } }, priority: 10, action: found({ value: 4 }) },
            { match: { odd: { low: 0x7ff, high: 0x801 } }, priority: 1, action: found({ value: 5 }) },
          );
        await sw
          .table(rules)
          .insert(
            { match: { protocol: 6 }, priority: 10, action: foundOther({ value: 1 }) },
            { match: { protocol: 6, vlan: 0 }, priority: 20, action: foundOther({ value: 2 }) },
            { match: { vlan: 7 }, priority: 30, action: foundOther({ value: 3 }) },
          );
      },
    },
    ...[0, 255, 256, 999, 1000, 1500, 2000, 2001].map((port) => of({ port })),
    ...[2, 3, 12, 13].map((small) => of({ port: 0xff80, small })),
    ...[0x7fe, 0x7ff, 0x800, 0x801, 0x802].map((odd) => of({ port: 500, odd })),
    of({ protocol: 6, vlan: 1 }),
    of({ protocol: 6, vlan: 0 }),
    of({ protocol: 6, vlan: 7 }),
    of({ protocol: 17, vlan: 1 }),
    { control: async (sw) => [await all(sw.table(ports).entries()), await all(sw.table(rules).entries())] },
    { control: (sw) => sw.table(rules).insert({ match: {}, priority: 1, action: foundOther({ value: 9 }) }) },
    of({ protocol: 17, vlan: 1 }),
  ],
});
