/** Longest prefixes: overlapping ones, /0, /32, beside an exact key, and of widths that are not whole bytes. */
import { bit, build, exact, header, ipv4, ipv6, lpm, pipeline } from 'p4ts';
import type { P4RuntimeError } from '../../../../runtime/client/errors.js';
import { all } from '../../../support/outcomes.js';
import { packet, scenario } from '../scenario.js';

const Addresses = header('addresses_t', {
  zone: bit(4),
  odd: bit(12),
  v4: ipv4,
  v6: ipv6,
  result4: bit(8),
  result6: bit(8),
  resultOdd: bit(8),
});

const prefixes = pipeline('prefixes', {
  headers: { a: Addresses },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.a);
      return p.accept();
    },
  },
  ingress(ctl, { hdr }) {
    const found4 = ctl.action('found4', { value: bit(8) }, (c, args) => c.set(hdr.a.result4, args.value));
    const found6 = ctl.action('found6', { value: bit(8) }, (c, args) => c.set(hdr.a.result6, args.value));
    const foundOdd = ctl.action('found_odd', { value: bit(8) }, (c, args) => c.set(hdr.a.resultOdd, args.value));
    const v4 = ctl.table('v4', {
      key: { zone: exact(hdr.a.zone), dst: lpm(hdr.a.v4) },
      actions: [found4],
      default: found4({ value: 0xee }),
    });
    const v6 = ctl.table('v6', { key: { dst: lpm(hdr.a.v6) }, actions: [found6] });
    const odd = ctl.table('odd', { key: { part: lpm(hdr.a.odd) }, actions: [foundOdd] });
    ctl.apply((c) => {
      c.forward(2);
      c.apply(v4);
      c.apply(v6);
      c.apply(odd);
    });
    return { v4, v6, odd, found4, found6, foundOdd };
  },
  deparser(d, { hdr }) {
    d.emit(hdr.a);
  },
});

const { v4, v6, odd, found4, found6, foundOdd } = prefixes.ingress;
const oddWidth = 'prefixes of keys that are not whole bytes are counted from the wrong bit';
const to = (fields: { zone?: number; v4?: `${number}.${number}.${number}.${number}`; v6?: `${string}:${string}`; odd?: number }) =>
  packet(1, build(Addresses, { zone: 1, odd: 0, v4: '0.0.0.0', v6: '::', result4: 0, result6: 0, resultOdd: 0, ...fields }));

export const longestPrefixes = scenario({
  name: 'longest-prefixes',
  pipeline: prefixes,
  steps: [
    to({}),
    {
      control: async (sw) => {
        const entries4 = ['10.0.0.0/8', '10.1.0.0/16', '10.1.128.0/17', '10.1.128.1/32', '0.0.0.0/0', '128.0.0.0/1'] as const;
        await sw.table(v4).insert(...entries4.map((dst, i) => ({ match: { zone: 1, dst }, action: found4({ value: i + 1 }) })));
        await sw.table(v4).insert({ match: { zone: 2, dst: '10.1.2.0/23' }, action: found4({ value: 0x20 }) });
        const entries6 = ['2001:db8::/32', '2001:db8:0:1::/64', '2001:db8:0:1::1/128', '2001:db8:8000::/33'] as const;
        await sw.table(v6).insert(...entries6.map((dst, i) => ({ match: { dst }, action: found6({ value: i + 1 }) })));
      },
    },
    {
      control: (sw) =>
        sw
          .table(odd)
          .insert({ match: { part: { value: 0xa00, prefix: 4 } }, action: foundOdd({ value: 1 }) })
          .catch((error: P4RuntimeError) => error.code),
      differs: oddWidth,
    },
    ...(
      [
        '10.0.0.1',
        '10.1.0.1',
        '10.1.127.255',
        '10.1.128.0',
        '10.1.128.1',
        '10.1.128.2',
        '11.0.0.0',
        '127.255.255.255',
        '128.0.0.0',
      ] as const
    ).map((address) => to({ v4: address })),
    to({ zone: 2, v4: '10.1.2.255' }),
    to({ zone: 2, v4: '10.1.3.0' }),
    to({ zone: 2, v4: '10.1.4.0' }),
    ...(['2001:db8::1', '2001:db8:0:1::1', '2001:db8:0:1::2', '2001:db8:7fff::', '2001:db8:8000::1', '2001:db9::'] as const).map(
      (address) => to({ v6: address }),
    ),
    { ...to({ odd: 0xa00 }), differs: oddWidth },
    { ...to({ odd: 0xaff }), differs: oddWidth },
    to({ odd: 0xb00 }),
    { control: async (sw) => all(sw.table(v4).entries()) },
    {
      control: async (sw) => {
        await sw.table(v4).delete({ match: { zone: 1, dst: '0.0.0.0/0' } }, { match: { zone: 1, dst: '10.1.0.0/16' } });
        await sw.table(v6).insert({ match: { dst: '::/0' }, action: found6({ value: 0x60 }) });
      },
    },
    to({ v4: '11.0.0.0' }),
    to({ v4: '10.1.0.1', v6: '2001:db9::' }),
  ],
});
