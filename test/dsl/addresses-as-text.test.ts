/** Addresses as text in pipelines: the same program as with numbers, and the control plane's words for what is no address. */
import {
  bind,
  bit,
  build,
  constant,
  exact,
  input,
  ipv4,
  ipv6,
  lpm,
  mac,
  mux,
  newtype,
  packet,
  pipeline,
  struct,
  ternary,
  tuple,
} from 'p4ts';
import { Ethernet, Ipv4, Ipv6 } from 'p4ts/headers';
import { describe, expect, test } from 'vitest';
import { programOf } from '../../compiler/dsl/handles.js';
import { printProgram } from '../../compiler/ir/print.js';
import { simulate } from '../../runtime/node.js';
import { diagnosticsOf } from '../support/diagnostics.js';

const Gateway = newtype('gateway_t', ipv4);
const Hop = struct('hop_t', { address: ipv6 });

/** Everything that takes a constant, with addresses as `of` writes them. */
function program(of: (text: string, value: bigint) => any) {
  const ten = of('10.0.0.0', 0x0a000000n);
  const eight = of('255.0.0.0', 0xff000000n);
  const six = of('2001:db8::1', 0x20010db8000000000000000000000001n);
  const station = of('02:00:00:00:00:01', 0x020000000001n);
  return pipeline('addresses', {
    headers: { ethernet: Ethernet, ipv4: Ipv4, ipv6: Ipv6 },
    metadata: { hop: Hop, pair: tuple(ipv4, mac), gateway: Gateway },
    packetIn: { from: ipv4, reason: bit(8) },
    parser: {
      start(p, { hdr, meta }) {
        p.extract(hdr.ethernet);
        p.set(meta.hop.address, six);
        return p
          .select(p.lookahead(ipv4), hdr.ethernet.dst)
          .when([ten, station], 'v4')
          .when(
            [
              { value: ten, mask: eight },
              { low: station, high: station },
            ],
            'v4',
          )
          .otherwise('accept');
      },
      v4(p, { hdr }) {
        p.extract(hdr.ipv4);
        return p.accept();
      },
    },
    ingress(ctl, { hdr, meta }) {
      const gateway = constant('GATEWAY', ipv4, ten);
      const learn = ctl.digest('learn_t', { address: ipv4, station: mac });
      const latest = ctl.register('latest', ipv4, 4);
      const known = ctl.register('known', { address: ipv4, station: mac }, 4);
      const nearer = ctl.function('nearer', { address: ipv6 }, ipv6, (c, a) => {
        c.if(a.address.eq(six), () => c.exit());
        return six;
      });
      const via = ctl.action('via', { hop: ipv4, from: input(mac) }, (c, a) => {
        c.if(a.hop.ne(ten).and(a.from.eq(station)), () => c.drop());
      });
      const routes = ctl.table('routes', {
        key: { dst: lpm(hdr.ipv4.dst), src: ternary(hdr.ipv4.src), station: exact(hdr.ethernet.dst) },
        actions: [bind(via, { from: station })],
        default: via({ hop: ten }),
        entries: [
          {
            match: { dst: '10.0.0.0/8', src: { value: ten, mask: eight }, station: '02:00:00:00:00:01' },
            priority: 1,
            action: via({ hop: ten }),
          },
        ],
        constEntries: true,
      });
      ctl.apply((c) => {
        c.set(hdr.ipv4.src, ten);
        c.set(hdr.ethernet.src, station);
        c.if(hdr.ipv4.dst.and(eight).eq(ten).or(hdr.ipv6.dst.lt(six)), () => c.drop());
        c.if(hdr.ipv4.dst.or(ten).xor(ten).add(ten).sub(ten).not().ge(ten), () => c.drop());
        const dst = c.let('dst', hdr.ipv4.dst);
        c.set(dst, mux(dst.eq(ten), hdr.ipv4.src, ten));
        c.set(hdr.ipv4.dst, mux(gateway.eq(ten), ten, dst));
        c.if(hdr.ipv4.identification.as(bit(32)).as(ipv4).eq(ten), () => c.drop());
        c.copy(meta.pair, [ten, station]);
        c.set(meta.gateway, Gateway.value(ten));
        c.set(hdr.ipv6.src, c.invoke(nearer, { address: six }).and(six));
        c.digest(learn, { address: ten, station });
        c.update(latest, 0, (cell) => ({ next: mux(cell.eq(ten), hdr.ipv4.src, ten), result: cell }));
        c.update(latest, 1, () => ({ next: ten }));
        c.update(known, 0, () => ({ next: { address: ten, station } }));
        c.updateChecksumBy(hdr.ipv4.checksum, [[hdr.ipv4.src, ten]]);
        c.switch(hdr.ipv4.dst)
          .case([ten, 1] as never, () => c.drop())
          .case(eight, () => c.toController({ from: ten, reason: 1 }));
        c.call(via, { hop: ten, from: station });
        c.apply(routes);
      });
    },
    deparser: (d, { hdr }) => d.emit(hdr.ethernet, hdr.ipv4, hdr.ipv6),
  });
}

const printed = (of: (text: string, value: bigint) => unknown): string => printProgram(programOf(program(of))?.ir as never);

test('a pipeline with addresses as text is the one with their numbers', () => {
  expect(diagnosticsOf(() => program((text) => text)).filter(({ severity }) => severity === 'error')).toEqual([]);
  const text = printed((shown) => shown);
  expect(text).toBe(printed((_, value) => (value < 1n << 40n ? Number(value) : value)));
  expect(text).toContain('hdr.ipv4.src = 32w167772160');
});

test('text is the address that packets have', async () => {
  const gate = pipeline('gate', {
    headers: { ethernet: Ethernet, ipv6: Ipv6 },
    parser: {
      start(p, { hdr }) {
        p.extract(hdr.ethernet, hdr.ipv6);
        return p.accept();
      },
    },
    ingress(ctl, { hdr }) {
      ctl.apply((c) => {
        c.if(hdr.ipv6.dst.and('ffff:ffff::').eq('2001:db8::'), () => c.forward(2));
        c.set(hdr.ethernet.src, '02:00:00:00:00:0a');
        c.set(hdr.ipv6.src, 'fe80::1');
      });
    },
    deparser: (d, { hdr }) => d.emit(hdr.ethernet, hdr.ipv6),
  });
  const to = (dst: `${string}:${string}`, src: [`${string}:${string}`, `${string}:${string}`]) =>
    packet(
      build(Ethernet, { dst: '02:00:00:00:00:01', src: src[0], etherType: 0x86dd }),
      build(Ipv6, { version: 6, dscp: 0, ecn: 0, flowLabel: 0, payloadLength: 0, nextHeader: 59, hopLimit: 1, src: src[1], dst }),
    );
  await using sw = await simulate(gate);
  expect(await sw.send(1, to('2001:db8:1::9', ['02:00:00:00:00:02', '::']))).toEqual([
    { port: 2, packet: to('2001:db8:1::9', ['02:00:00:00:00:0a', 'fe80::1']) },
  ]);
  expect(await sw.send(1, to('2001:db9::9', ['02:00:00:00:00:02', '::']))).toEqual([]);
});

describe('what is no address', () => {
  const withBody = (body: (c: any, v: any) => void) => () =>
    pipeline('wrong', {
      headers: { ethernet: Ethernet, ipv4: Ipv4, ipv6: Ipv6 },
      metadata: { number: bit(32), six: ipv6 },
      packetIn: { from: ipv4, reason: bit(32) },
      parser: {
        start(p, { hdr }) {
          p.extract(hdr.ethernet, hdr.ipv4, hdr.ipv6);
          return p.accept();
        },
      },
      ingress: (ctl, { hdr, meta }) => ctl.apply((c) => body(c, { hdr, meta })),
      deparser: (d, { hdr }) => d.emit(hdr.ethernet, hdr.ipv4, hdr.ipv6),
    });
  const errors = (make: () => unknown) =>
    diagnosticsOf(make)
      .filter(({ severity }) => severity === 'error')
      .map(({ message }) => message);

  test.each<[string, (c: any, v: any) => void]>([
    ['hdr.ipv4.dst: "10.0.0" is not an IPv4 address such as 10.0.0.1.', (c, { hdr }) => c.set(hdr.ipv4.dst, '10.0.0')],
    ['hdr.ipv4.dst: "10.0.0.256" is not an IPv4 address such as 10.0.0.1.', (c, { hdr }) => c.set(hdr.ipv4.dst, '10.0.0.256')],
    ['hdr.ipv4.dst: "10.0.0.01" is not an IPv4 address such as 10.0.0.1.', (c, { hdr }) => c.set(hdr.ipv4.dst, '10.0.0.01')],
    ['hdr.ipv4.dst: "10.0.0.0/8" is not an IPv4 address such as 10.0.0.1.', (c, { hdr }) => c.set(hdr.ipv4.dst, '10.0.0.0/8')],
    ['hdr.ipv4.dst: "" is not an IPv4 address such as 10.0.0.1.', (c, { hdr }) => c.set(hdr.ipv4.dst, '')],
    ['meta.six: "2001:db8:::1" is not an IPv6 address such as 2001:db8::1.', (c, { meta }) => c.set(meta.six, '2001:db8:::1')],
    ['meta.six: "fe80::1%eth0" is not an IPv6 address such as 2001:db8::1.', (c, { meta }) => c.set(meta.six, 'fe80::1%eth0')],
    [
      'hdr.ethernet.dst: "02:00:00:00:01" is not a MAC address such as 08:00:00:00:01:11.',
      (c, { hdr }) => c.set(hdr.ethernet.dst, '02:00:00:00:01'),
    ],
    ['hdr.ipv4.dst: "10.0" is not an IPv4 address such as 10.0.0.1.', (c, { hdr }) => c.if(hdr.ipv4.dst.eq('10.0'), () => c.drop())],
    [
      'The address: "10.0" is not an IPv4 address such as 10.0.0.1.',
      (c, { hdr }) => c.if(hdr.ipv4.dst.and('255.0.0.0').eq('10.0'), () => c.drop()),
    ],
    ['hdr.ipv4.dst: "10.0" is not an IPv4 address such as 10.0.0.1.', (c, { hdr }) => c.switch(hdr.ipv4.dst).case('10.0', () => c.drop())],
    ['from: "10.0" is not an IPv4 address such as 10.0.0.1.', (c) => c.toController({ from: '10.0', reason: 1 })],
    ['Expected a value of type bit<32>, got the string "10.0.0.1".', (c) => c.toController({ from: '10.0.0.1', reason: '10.0.0.1' })],
    ['Expected a value of type bit<32>, got the string "10.0.0.1".', (c, { meta }) => c.set(meta.number, '10.0.0.1')],
    ['Expected a value of type bit<8>, got the string "64".', (c, { hdr }) => c.set(hdr.ipv4.ttl, '64')],
    [
      'Expected a value of type bit<24>, got the string "10.0.0.1".',
      (c, { hdr }) => c.if(hdr.ipv4.dst.bits(8, 24).eq('10.0.0.1'), () => c.drop()),
    ],
  ])('%s', (sentence, body) => {
    expect(errors(withBody(body))).toEqual([sentence]);
  });

  test('constants and values of types of their own', () => {
    expect(errors(() => constant('GATEWAY', ipv4, '10.0.0' as never))).toEqual([
      'GATEWAY: "10.0.0" is not an IPv4 address such as 10.0.0.1.',
    ]);
    expect(errors(() => Gateway.value('10.0.0' as never))).toEqual(['gateway_t: "10.0.0" is not an IPv4 address such as 10.0.0.1.']);
    expect(errors(() => constant('COUNT', bit(32), '10.0.0.1' as never))).toEqual([
      'Expected a number for bit<32>, got the string "10.0.0.1".',
    ]);
  });

  test('the control plane has the same words', async () => {
    const routes = pipeline('routes', {
      headers: { ipv4: Ipv4 },
      parser: {
        start(p, { hdr }) {
          p.extract(hdr.ipv4);
          return p.accept();
        },
      },
      ingress(ctl, { hdr }) {
        const drop = ctl.action('drop', {}, (c) => c.drop());
        const hosts = ctl.table('hosts', { key: { dst: exact(hdr.ipv4.dst) }, actions: [drop] });
        ctl.apply((c) => c.apply(hosts));
        return { hosts, drop };
      },
      deparser: (d, { hdr }) => d.emit(hdr.ipv4),
    });
    await using sw = await simulate(routes);
    const { hosts, drop } = routes.ingress;
    await expect(sw.table(hosts).insert({ match: { dst: '10.0.0.256' }, action: drop() })).rejects.toThrow(
      '"10.0.0.256" is not an IPv4 address such as 10.0.0.1',
    );
  });
});
