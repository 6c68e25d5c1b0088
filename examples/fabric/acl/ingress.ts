/** The lists of ingress, after routing: each is a table with its actions, of which a platform takes those that it has. */
import { bit, Color, type Keys, optional, port, ternary } from 'p4ts';
import type { IngressControl, InIngress } from '../packet.js';
import { DropReason, MirrorSession, NextHop, Via } from '../types.js';
import { addressKeys, inPortKey, ipKeys, trafficClassKeys, transportKeys } from './keys.js';

type Packet = InIngress<
  'ethernet' | 'ipv4' | 'ipv6',
  'ip' | 'l3' | 'l4' | 'vlan' | 'acl' | 'copy' | 'route' | 'drop' | 'rewrite' | 'rewritten'
>;
/** What platforms say of a list: the keys that they add to it, and how many entries it has. */
interface List<K extends Keys> {
  readonly keys: K;
  readonly size: number;
}

/** The main list: what is dropped, copied to the controller within a rate, or sent elsewhere. */
export function forwardingRules<const K extends Keys>(ctl: IngressControl, packet: Packet, { keys, size }: List<K>) {
  const { hdr, meta } = packet;
  const rate = ctl.directMeter('rate', { unit: 'bytes' });
  const forward = ctl.action('forward', {}, () => {});
  const drop = ctl.action('drop', {}, (c) => c.set(meta.acl.isDropped, true));
  /** To the controller too, while the entry is within its rate. */
  const copy = ctl.action('copy', {}, (c) => c.if(c.meter(rate).ne(Color.red), () => c.set(meta.copy.toController, true)));
  /** To the controller alone, while the entry is within its rate. */
  const trap = ctl.action('trap', {}, (c) => {
    c.if(c.meter(rate).ne(Color.red), () => c.set(meta.copy.toController, true));
    c.set(meta.acl.isDropped, true);
  });
  const redirect = ctl.action('redirect_to_next_hop', { nextHop: NextHop }, (c, a) => {
    c.set(meta.route.via, Via.nextHop);
    c.set(meta.route.nextHop, a.nextHop);
    c.set(meta.drop, DropReason.none);
    c.set(meta.acl.isRedirected, true);
  });
  const rules = ctl.table('rules', {
    key: {
      ...ipKeys(packet),
      etherType: ternary(hdr.ethernet.etherType),
      dstMac: ternary(hdr.ethernet.dst),
      ...addressKeys(packet),
      ttl: ternary(meta.ip.ttl),
      ...transportKeys(packet),
      icmpType: ternary(meta.l4.icmpType),
      ...inPortKey(packet),
      ...keys,
    },
    actions: [forward, drop, copy, trap, redirect],
    meter: rate,
    counter: 'both',
    size,
  });
  return { rules, forward, drop, copy, trap, redirect };
}

/** Classes of traffic and their rates. */
export function qosRules<const K extends Keys>(ctl: IngressControl, packet: Packet, { keys, size }: List<K>) {
  const { meta } = packet;
  const qosRate = ctl.directMeter('qos_rate', { unit: 'bytes' });
  const remark = ctl.action('remark', { dscp: bit(6) }, (c, a) => {
    c.set(meta.rewrite.dscp, true);
    c.set(meta.rewritten.dscp, a.dscp);
  });
  /** Another code point from the rate on; beyond the peak rate the packet is dropped. */
  const police = ctl.action('police', { excessDscp: bit(6) }, (c, a) => {
    const color = c.meter(qosRate);
    c.if(color.eq(Color.red), () => c.set(meta.acl.isDropped, true)).elseif(color.eq(Color.yellow), () =>
      c.call(remark, { dscp: a.excessDscp }),
    );
  });
  const qos = ctl.table('qos', {
    key: { ...ipKeys(packet), ...trafficClassKeys(packet), ...transportKeys(packet), routeTag: ternary(meta.l3.tag), ...keys },
    actions: [remark, police],
    meter: qosRate,
    counter: 'both',
    size,
  });
  return { qos, remark, police };
}

/** Copies to collectors, and ports that take what they do not route. */
export function mirrorRules(ctl: IngressControl, packet: Packet, { size }: { size: number }) {
  const { meta } = packet;
  const mirror = ctl.action('mirror', { session: MirrorSession }, (c, a) => {
    c.set(meta.copy.isMirrored, true);
    c.set(meta.copy.session, a.session);
  });
  const redirectToPort = ctl.action('redirect_to_port', { port }, (c, a) => {
    c.set(meta.route.via, Via.port);
    c.set(meta.route.port, a.port);
    c.set(meta.drop, DropReason.none);
    c.set(meta.acl.isRedirected, true);
  });
  const mirrors = ctl.table('mirrors', {
    key: {
      ...ipKeys(packet),
      ...addressKeys(packet),
      vlan: ternary(meta.vlan.id),
      tag: ternary(meta.acl.tag),
      vrf: optional(meta.l3.vrf),
      isRouted: optional(meta.l3.isRouted),
      ...inPortKey(packet),
    },
    actions: [mirror, redirectToPort],
    counter: 'both',
    size,
  });
  return { mirrors, mirror, redirectToPort };
}

/** What hosts of a rack may not send, whatever the other lists say. */
export function securityRules(ctl: IngressControl, packet: Packet, { size }: { size: number }) {
  const { hdr, meta } = packet;
  const permit = ctl.action('permit', {}, () => {});
  /** Neither the packet nor a copy goes anywhere. */
  const deny = ctl.action('deny', {}, (c) => {
    c.set(meta.acl.isDropped, true);
    c.set(meta.acl.cancelsCopy, true);
  });
  const security = ctl.table('security', {
    key: {
      ...ipKeys(packet),
      etherType: ternary(hdr.ethernet.etherType),
      ...addressKeys(packet),
      ...transportKeys(packet),
      vlan: ternary(meta.vlan.id),
      ...inPortKey(packet),
    },
    actions: [permit, deny],
    counter: 'both',
    size,
  });
  return { security, permit, deny };
}

/** Counts, and does nothing else. */
export function countingRules(ctl: IngressControl, packet: Packet, { size }: { size: number }) {
  const { meta } = packet;
  const count = ctl.action('count', {}, () => {});
  const counting = ctl.table('counting', {
    key: { ...ipKeys(packet), ...addressKeys(packet), ...trafficClassKeys(packet), routeTag: ternary(meta.l3.tag) },
    actions: [count],
    counter: 'both',
    size,
  });
  return { counting, count };
}
