/** The lists of ingress, after routing: each is a table with its actions, of which a platform takes those that it has. */
import { bit, Color, type Keys, optional, port, type RestrictedKeys, type Restriction, tableKey, ternary } from 'p4ts';
import type { Copies } from '../features/copies.js';
import type { Resolution } from '../features/resolution.js';
import type { IngressControl, InIngress } from '../packet.js';
import { DropReason, MirrorSession, NextHop, Via } from '../types.js';
import {
  aboutDestination,
  aboutEtherType,
  aboutIcmp,
  aboutIp,
  aboutSource,
  aboutTrafficClass,
  aboutTransport,
  aboutTtl,
  destinationKeys,
  etherTypeKey,
  icmpTypeKey,
  inPortKey,
  ipKeys,
  sourceKeys,
  trafficClassKeys,
  transportKeys,
  ttlKey,
} from './keys.js';

type Packet = InIngress<
  'ethernet' | 'ipv4' | 'ipv6',
  'ip' | 'l3' | 'l4' | 'vlan' | 'acl' | 'copy' | 'route' | 'drop' | 'rewrite' | 'rewritten'
>;
/** What platforms say of a list: the keys that they add to it, what entries with these satisfy, and how many entries it has. */
interface List<K extends Keys, C extends (packet: Packet) => Keys> {
  readonly keys: K;
  restrict?(keys: RestrictedKeys<ReturnType<C> & K>): readonly Restriction[];
  readonly size: number;
}
/** The modules whose entries the rules refer to. */
interface Referred {
  readonly resolution: Pick<Resolution, 'nextHops'>;
  readonly copies: Pick<Copies, 'mirrorSessions'>;
}

const forwardingKeys = (packet: Packet) => ({
  ...ipKeys(packet),
  ...etherTypeKey(packet),
  dstMac: ternary(packet.hdr.ethernet.dst),
  ...sourceKeys(packet),
  ...destinationKeys(packet),
  ...ttlKey(packet),
  ...transportKeys(packet),
  ...icmpTypeKey(packet),
  ...inPortKey(packet),
});

/** The main list: what is dropped, copied to the controller within a rate, or sent elsewhere. */
export function forwardingRules<const K extends Keys>(
  ctl: IngressControl,
  packet: Packet,
  { resolution }: Pick<Referred, 'resolution'>,
  { keys, restrict, size }: List<K, typeof forwardingKeys>,
) {
  const { meta } = packet;
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
  const redirect = ctl.action(
    'redirect_to_next_hop',
    { nextHop: NextHop },
    (c, a) => {
      c.set(meta.route.via, Via.nextHop);
      c.set(meta.route.nextHop, a.nextHop);
      c.set(meta.drop, DropReason.none);
      c.set(meta.acl.isRedirected, true);
    },
    { refersTo: { nextHop: tableKey(resolution.nextHops, 'nextHop') } },
  );
  const rules = ctl.table('rules', {
    key: { ...forwardingKeys(packet), ...keys },
    actions: [forward, drop, copy, trap, redirect],
    restrict: (k) => [
      ...aboutIp(k),
      aboutEtherType(k),
      ...aboutSource(k),
      ...aboutDestination(k),
      aboutTtl(k),
      ...aboutTransport(k),
      aboutIcmp(k),
      ...(restrict?.(k) ?? []),
    ],
    meter: rate,
    counter: 'both',
    size,
  });
  return { rules, forward, drop, copy, trap, redirect };
}

const qosKeys = (packet: Packet) => ({
  ...ipKeys(packet),
  ...trafficClassKeys(packet),
  ...transportKeys(packet),
  routeTag: ternary(packet.meta.l3.tag),
});

/** Classes of traffic and their rates. */
export function qosRules<const K extends Keys>(ctl: IngressControl, packet: Packet, { keys, restrict, size }: List<K, typeof qosKeys>) {
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
    key: { ...qosKeys(packet), ...keys },
    actions: [remark, police],
    restrict: (k) => [...aboutIp(k), aboutTrafficClass(k), ...aboutTransport(k), ...(restrict?.(k) ?? [])],
    meter: qosRate,
    counter: 'both',
    size,
  });
  return { qos, remark, police };
}

/** Copies to collectors, and ports that take what they do not route. */
export function mirrorRules(ctl: IngressControl, packet: Packet, { copies }: Pick<Referred, 'copies'>, { size }: { size: number }) {
  const { meta } = packet;
  const mirror = ctl.action(
    'mirror',
    { session: MirrorSession },
    (c, a) => {
      c.set(meta.copy.isMirrored, true);
      c.set(meta.copy.session, a.session);
    },
    { refersTo: { session: tableKey(copies.mirrorSessions, 'session') } },
  );
  const redirectToPort = ctl.action('redirect_to_port', { port }, (c, a) => {
    c.set(meta.route.via, Via.port);
    c.set(meta.route.port, a.port);
    c.set(meta.drop, DropReason.none);
    c.set(meta.acl.isRedirected, true);
  });
  const mirrors = ctl.table('mirrors', {
    key: {
      ...ipKeys(packet),
      ...sourceKeys(packet),
      ...destinationKeys(packet),
      vlan: ternary(meta.vlan.id),
      tag: ternary(meta.acl.tag),
      vrf: optional(meta.l3.vrf),
      isRouted: optional(meta.l3.isRouted),
      ...inPortKey(packet),
    },
    actions: [mirror, redirectToPort],
    restrict: (k) => [...aboutIp(k), ...aboutSource(k), ...aboutDestination(k)],
    counter: 'both',
    size,
  });
  return { mirrors, mirror, redirectToPort };
}

/** What hosts of a rack may not send, whatever the other lists say. */
export function securityRules(ctl: IngressControl, packet: Packet, { size }: { size: number }) {
  const { meta } = packet;
  const permit = ctl.action('permit', {}, () => {});
  /** Neither the packet nor a copy goes anywhere. */
  const deny = ctl.action('deny', {}, (c) => {
    c.set(meta.acl.isDropped, true);
    c.set(meta.acl.cancelsCopy, true);
  });
  const security = ctl.table('security', {
    key: {
      ...ipKeys(packet),
      ...etherTypeKey(packet),
      ...sourceKeys(packet),
      ...destinationKeys(packet),
      ...transportKeys(packet),
      vlan: ternary(meta.vlan.id),
      ...inPortKey(packet),
    },
    actions: [permit, deny],
    restrict: (k) => [...aboutIp(k), aboutEtherType(k), ...aboutSource(k), ...aboutDestination(k), ...aboutTransport(k)],
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
    key: {
      ...ipKeys(packet),
      ...sourceKeys(packet),
      ...destinationKeys(packet),
      ...trafficClassKeys(packet),
      routeTag: ternary(meta.l3.tag),
    },
    actions: [count],
    restrict: (k) => [...aboutIp(k), ...aboutSource(k), ...aboutDestination(k), aboutTrafficClass(k)],
    counter: 'both',
    size,
  });
  return { counting, count };
}
