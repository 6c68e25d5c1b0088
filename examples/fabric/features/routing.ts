/** Routes: the VRF, then the longest prefix or the multicast group of the destination. */
import { bit, builtin, exact, lpm, tableKey, valid } from 'p4ts';
import type { IngressControl, InIngress } from '../packet.js';
import { DropReason, defaultVrf, NextHop, Via, WcmpGroup } from '../types.js';
import { isIpv4Multicast, isIpv4MulticastMac, isIpv6Multicast, isIpv6MulticastMac, isUnicastMac } from './addresses.js';
import type { Resolution } from './resolution.js';

export interface RoutingSizes {
  readonly vrfs: number;
  readonly ipv4: number;
  readonly ipv6: number;
  readonly multicast: number;
}

export const routing = (
  ctl: IngressControl,
  { hdr, meta }: InIngress<'ethernet' | 'ipv4' | 'ipv6', 'l3' | 'route' | 'drop'>,
  { nextHops, groups }: Pick<Resolution, 'nextHops' | 'groups'>,
  sizes: RoutingSizes,
) =>
  ctl.control('routing', (ctl) => {
    const known = ctl.action('known', {}, () => {});
    const unknown = ctl.action('unknown', {}, (c) => c.set(meta.drop, DropReason.unknownVrf));
    const vrfs = ctl.table('vrfs', {
      key: { vrf: exact(meta.l3.vrf) },
      actions: [known, unknown],
      default: unknown(),
      restrict: (k) => k.vrf.ne(0),
      size: sizes.vrfs,
    });

    const drop = ctl.action('drop', {}, (c) => c.set(meta.drop, DropReason.route));
    const toNextHop = ctl.action(
      'to_next_hop',
      { nextHop: NextHop },
      (c, a) => {
        c.set(meta.route.via, Via.nextHop);
        c.set(meta.route.nextHop, a.nextHop);
      },
      { refersTo: { nextHop: tableKey(nextHops, 'nextHop') } },
    );
    const toGroup = ctl.action(
      'to_group',
      { group: WcmpGroup },
      (c, a) => {
        c.set(meta.route.via, Via.group);
        c.set(meta.route.group, a.group);
      },
      { refersTo: { group: tableKey(groups, 'group') } },
    );
    /** As to_next_hop, with a tag of the route for access lists. */
    const toTaggedNextHop = ctl.action(
      'to_tagged_next_hop',
      { nextHop: NextHop, tag: bit(6) },
      (c, a) => {
        c.call(toNextHop, { nextHop: a.nextHop });
        c.set(meta.l3.tag, a.tag);
      },
      { refersTo: { nextHop: tableKey(nextHops, 'nextHop') } },
    );
    const routes = { actions: [drop, toNextHop, toGroup, toTaggedNextHop], counter: 'packets' } as const;
    const ipv4 = ctl.table('ipv4', { key: { vrf: exact(meta.l3.vrf), dst: lpm(hdr.ipv4.dst) }, ...routes, size: sizes.ipv4 });
    const ipv6 = ctl.table('ipv6', { key: { vrf: exact(meta.l3.vrf), dst: lpm(hdr.ipv6.dst) }, ...routes, size: sizes.ipv6 });

    const replicate = ctl.action(
      'replicate',
      { group: bit(16) },
      (c, a) => {
        c.set(meta.route.via, Via.multicast);
        c.set(meta.route.multicast, a.group);
      },
      { restrict: (a) => a.group.ne(0), refersTo: { group: builtin.multicastGroup } },
    );
    const replicated = { actions: [replicate], size: sizes.multicast } as const;
    const multicast4 = ctl.table('ipv4_multicast', {
      key: { vrf: exact(meta.l3.vrf), dst: exact(hdr.ipv4.dst) },
      restrict: (k) => k.dst.ge('224.0.0.0').and(k.dst.le('239.255.255.255')),
      ...replicated,
    });
    const multicast6 = ctl.table('ipv6_multicast', {
      key: { vrf: exact(meta.l3.vrf), dst: exact(hdr.ipv6.dst) },
      restrict: (k) => k.dst.ge('ff00::'),
      ...replicated,
    });

    ctl.apply((c) => {
      const isUnicast = isUnicastMac(hdr.ethernet.dst).and(meta.l3.isAdmitted);
      c.if(meta.l3.vrf.ne(defaultVrf), () => c.apply(vrfs));
      c.if(valid(hdr.ipv4), () => {
        c.if(isIpv4Multicast(hdr.ipv4.dst), () => {
          c.if(isIpv4MulticastMac(hdr.ethernet.dst), () => c.set(meta.l3.isRouted, c.apply(multicast4).hit));
        }).elseif(isUnicast, () => c.set(meta.l3.isRouted, c.apply(ipv4).hit));
      }).elseif(valid(hdr.ipv6), () => {
        c.if(isIpv6Multicast(hdr.ipv6.dst), () => {
          c.if(isIpv6MulticastMac(hdr.ethernet.dst), () => c.set(meta.l3.isRouted, c.apply(multicast6).hit));
        }).elseif(isUnicast, () => c.set(meta.l3.isRouted, c.apply(ipv6).hit));
      });
    });
    return { vrfs, ipv4, ipv6, multicast4, multicast6, known, drop, toNextHop, toGroup, toTaggedNextHop, replicate };
  });
