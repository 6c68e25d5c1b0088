/** Addresses as text in pipelines: what tsc accepts and rejects. Compiled, not run. */
import type { Address, AddressField, Digest, Expr, Field, IngressBody, Ref, Register, StateCtx, ViewOf } from 'p4ts';
import { bit, type Ctl, constant, ipv4, ipv6, mac, mux, newtype } from 'p4ts';
import type { Ethernet, Ipv4, Ipv6 } from 'p4ts/headers';

declare const c: IngressBody<{ hop: typeof ipv4; reason: typeof reason }>;
declare const ctl: Ctl<IngressBody>;
declare const p: StateCtx<'next'>;
declare const ip: ViewOf<typeof Ipv4>;
declare const six: ViewOf<typeof Ipv6>;
declare const eth: ViewOf<typeof Ethernet>;
declare const number: Field<32, 'num'>;
declare const wide: Ref<48>;
declare const neighbours: Digest<{ address: typeof ipv4; count: typeof reason }>;
declare const latest: Register<typeof ipv4>;
declare const pairs: Register<{ address: typeof ipv4; hits: typeof reason }>;
const reason = bit(32);
const Gateway = newtype('gateway_t', ipv4);
const Plain = newtype('plain_t', bit(32));

// ── assignments ──
c.set(ip.dst, '10.0.0.1');
c.set(six.dst, '2001:db8::1');
c.set(eth.dst, '02:00:00:00:00:01');
p.set(ip.dst, '10.0.0.1');
// @ts-expect-error not the text of an IPv4 address
c.set(ip.dst, '02:00:00:00:00:01');
// @ts-expect-error not the text of a MAC address
c.set(eth.dst, '10.0.0.1');
// @ts-expect-error text, but no address
c.set(ip.dst, 'gateway');
// @ts-expect-error a number, though as wide as an address
c.set(number, '10.0.0.1');
// @ts-expect-error a number
c.set(wide, '02:00:00:00:00:01');
// @ts-expect-error a number
p.set(ip.ttl, '64');
// @ts-expect-error another width
c.set(ip.dst, eth.dst);

// ── comparisons and masks ──
c.if(ip.dst.eq('10.0.0.1').or(ip.dst.ne('10.0.0.2')).or(ip.dst.ge('10.0.0.3')), () => c.drop());
c.if(ip.dst.and('255.0.0.0').eq('10.0.0.0'), () => c.drop());
c.if(eth.dst.xor('ff:ff:ff:ff:ff:ff').not().eq('02:00:00:00:00:01'), () => c.drop());
c.if(ip.dst.add(1).lt('10.0.0.9'), () => c.drop());
// @ts-expect-error a number
c.if(number.eq('10.0.0.1'), () => c.drop());
// @ts-expect-error bits of an address are a number
c.if(ip.dst.bits(8, 24).eq('10.0.0.0'), () => c.drop());
// @ts-expect-error the bits of an address as a number
c.if(ip.dst.as(bit(32)).eq('10.0.0.1'), () => c.drop());
c.if(number.as(ipv4).eq('10.0.0.1'), () => c.drop());
// @ts-expect-error another address
c.if(six.dst.eq('10.0.0.1'), () => c.drop());

// ── an address is still an expression of its width ──
const inNetwork = (address: Expr<32>) => address.bits(24, 8).eq(10);
const anyWidth = (value: Expr<number>) => value.width;
inNetwork(ip.dst);
inNetwork(ip.dst.and('255.0.0.0'));
anyWidth(ip.dst);
c.set(number, ip.dst);
c.set(ip.dst, number);
ctl.counter('n', { size: 1, unit: 'packets' });
export const addresses: [Address<32, 'ipv4'>, AddressField<48, 'mac'>] = [ip.dst.or(1), eth.src];

// ── variables, choices and constants ──
const captured = c.let('captured', ip.dst);
c.set(captured, '10.0.0.1');
c.if(captured.eq('10.0.0.1'), () => c.drop());
c.set(ip.dst, mux(ip.ttl.eq(1), ip.src, '10.0.0.1'));
c.set(ip.dst, mux(ip.ttl.eq(1), '10.0.0.1', ip.src));
// @ts-expect-error not the text of an IPv4 address
mux(ip.ttl.eq(1), ip.src, '02:00:00:00:00:01');
// @ts-expect-error a number
mux(ip.ttl.eq(1), number, '10.0.0.1');
const gateway = constant('GATEWAY', ipv4, '10.0.0.254');
c.if(gateway.eq('10.0.0.254'), () => c.drop());
// @ts-expect-error a number
constant('COUNT', bit(32), '10.0.0.254');
Gateway.value('10.0.0.1');
// @ts-expect-error made of a number
Plain.value('10.0.0.1');

// ── cases ──
c.switch(ip.dst)
  .case('10.0.0.1', () => c.drop())
  .case(['10.0.0.2', 3], () => c.drop());
// @ts-expect-error a number
c.switch(number).case('10.0.0.1', () => c.drop());
p.select(ip.dst).when('10.0.0.1', 'next').when({ value: '10.0.0.0', mask: '255.0.0.0' }, 'next').otherwise('accept');
p.select(ip.dst, ip.ttl)
  .when(['10.0.0.1', 1], 'next')
  .when([{ low: '10.0.0.1', high: '10.0.0.9' }, '_'], 'next')
  .otherwise('accept');
p.select(p.lookahead(mac)).when('02:00:00:00:00:01', 'next').otherwise('accept');
// @ts-expect-error a number
p.select(ip.ttl).when('10.0.0.1', 'next');
// @ts-expect-error a number
p.select(ip.dst, ip.ttl).when(['10.0.0.1', '10.0.0.1'], 'next');

// ── arguments and fields ──
const via = ctl.action('via', { hop: ipv4, label: bit(32) }, (body, a) => {
  body.if(a.hop.eq('10.0.0.1'), () => body.drop());
  // @ts-expect-error a number
  body.if(a.label.eq('10.0.0.1'), () => body.drop());
});
c.call(via, { hop: '10.0.0.1', label: 1 });
// @ts-expect-error a number
c.call(via, { hop: '10.0.0.1', label: '10.0.0.1' });
c.digest(neighbours, { address: '10.0.0.1', count: 1 });
// @ts-expect-error a number
c.digest(neighbours, { address: '10.0.0.1', count: '10.0.0.1' });
c.toController({ hop: '10.0.0.1', reason: 1 });
// @ts-expect-error not the text of an IPv4 address
c.toController({ hop: 'next', reason: 1 });
const flip = ctl.function('flip', { address: ipv6 }, ipv6, (_, a) => mux(a.address.eq('::1'), '::2', a.address));
c.if(c.invoke(flip, { address: '::1' }).eq('::2'), () => c.drop());
c.update(latest, 0, (cell) => ({ next: mux(cell.eq('0.0.0.0'), ip.src, cell) }));
c.update(latest, 0, () => ({ next: '10.0.0.1' }));
c.update(pairs, 0, (cell) => ({ next: { address: '10.0.0.1', hits: cell.hits.add(1) } }));
// @ts-expect-error a number
c.update(pairs, 0, () => ({ next: { address: '10.0.0.1', hits: '10.0.0.1' } }));
// @ts-expect-error a field that the cell does not have
c.update(pairs, 0, () => ({ next: { address: '10.0.0.1', hits: 1, age: 2 } }));
// @ts-expect-error a field is missing
c.update(pairs, 0, () => ({ next: { address: '10.0.0.1' } }));
c.updateChecksumBy(ip.checksum, [
  [ip.src, '192.0.2.1'],
  [ip.ttl, 1],
]);
// @ts-expect-error a number
c.updateChecksumBy(ip.checksum, [[ip.ttl, '192.0.2.1']]);
