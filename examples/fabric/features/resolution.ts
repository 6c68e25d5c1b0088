/** From what a route says to a port: group, next hop, tunnel, router interface, neighbor. */
import { bit, bool, exact, ipv6, mac, port, tableKey } from 'p4ts';
import type { IngressControl, InIngress } from '../packet.js';
import { DropReason, NextHop, RouterInterface, Tunnel, Via } from '../types.js';

export interface ResolutionSizes {
  readonly groups: number;
  /** Members of all groups together. */
  readonly members: number;
  /** Members of one group. */
  readonly maxGroup: number;
  readonly nextHops: number;
  readonly tunnels: number;
  readonly routerInterfaces: number;
  readonly neighbors: number;
}

export type Resolution = ReturnType<typeof resolution>;

export const resolution = (
  ctl: IngressControl,
  { meta }: InIngress<never, 'flow' | 'route' | 'hop' | 'tunnel' | 'rewrite' | 'rewritten' | 'drop'>,
  sizes: ResolutionSizes,
) =>
  ctl.control('resolution', (ctl) => {
    const { flow, hop, route, rewrite, rewritten, tunnel } = meta;
    const unresolved = ctl.action('unresolved', {}, (c) => c.set(meta.drop, DropReason.noNeighbor));

    // From the port to the route: what is referred to comes first.
    const leaveBy = ctl.action(
      'leave_by',
      { port, srcMac: mac, vlan: bit(12) },
      (c, a) => {
        c.set(route.port, a.port);
        c.set(rewritten.srcMac, a.srcMac);
        c.set(rewritten.vlan, a.vlan);
      },
      { restrict: (a) => [a.srcMac.ne(0), a.vlan.ne(4095)] },
    );
    const routerInterfaces = ctl.table('router_interfaces', {
      key: { routerInterface: exact(hop.routerInterface) },
      actions: [leaveBy, unresolved],
      default: unresolved(),
      size: sizes.routerInterfaces,
    });
    const toInterface = { routerInterface: tableKey(routerInterfaces, 'routerInterface') };
    // Next hops do not refer to neighbors, which come and go: until a neighbor is there, its packets are dropped.
    const resolved = ctl.action('resolved', { dstMac: mac }, (c, a) => c.set(rewritten.dstMac, a.dstMac));
    const neighbors = ctl.table('neighbors', {
      key: { routerInterface: exact(hop.routerInterface), neighbor: exact(hop.neighbor) },
      actions: [resolved, unresolved],
      default: unresolved(),
      refersTo: toInterface,
      size: sizes.neighbors,
    });

    const ip = ctl.action(
      'ip',
      { routerInterface: RouterInterface, neighbor: ipv6 },
      (c, a) => {
        c.set(hop.routerInterface, a.routerInterface);
        c.set(hop.neighbor, a.neighbor);
        for (const field of [rewrite.ttl, rewrite.srcMac, rewrite.dstMac, rewrite.vlan]) c.set(field, true);
      },
      { refersTo: toInterface },
    );
    /** As ip, without some of what a router does to a packet. */
    const ipWithout = ctl.action(
      'ip_without',
      { routerInterface: RouterInterface, neighbor: ipv6, ttl: bool, srcMac: bool, dstMac: bool, vlan: bool },
      (c, a) => {
        c.set(hop.routerInterface, a.routerInterface);
        c.set(hop.neighbor, a.neighbor);
        c.set(rewrite.ttl, a.ttl.not());
        c.set(rewrite.srcMac, a.srcMac.not());
        c.set(rewrite.dstMac, a.dstMac.not());
        c.set(rewrite.vlan, a.vlan.not());
      },
      { refersTo: toInterface },
    );
    /** GRE to another switch; the neighbor is the end of the tunnel. */
    const gre = ctl.action(
      'gre',
      { src: ipv6, dst: ipv6, routerInterface: RouterInterface },
      (c, a) => {
        c.set(tunnel.isUsed, true);
        c.set(tunnel.src, a.src);
        c.set(tunnel.dst, a.dst);
        c.call(ip, { routerInterface: a.routerInterface, neighbor: a.dst });
      },
      { refersTo: toInterface },
    );
    const tunnels = ctl.table('tunnels', {
      key: { tunnel: exact(hop.tunnel) },
      actions: [gre, unresolved],
      default: unresolved(),
      size: sizes.tunnels,
    });
    const throughTunnel = ctl.action('through_tunnel', { tunnel: Tunnel }, (c, a) => c.set(hop.tunnel, a.tunnel), {
      refersTo: { tunnel: tableKey(tunnels, 'tunnel') },
    });
    const nextHops = ctl.table('next_hops', {
      key: { nextHop: exact(route.nextHop) },
      actions: [ip, ipWithout, throughTunnel, unresolved],
      default: unresolved(),
      size: sizes.nextHops,
    });

    const over = [flow.src, flow.dst, flow.ports, flow.protocol, flow.label];
    const members = ctl.selector('members', { size: sizes.members, maxGroup: sizes.maxGroup, hash: 'crc32', over });
    const toNextHop = ctl.action(
      'to_next_hop',
      { nextHop: NextHop },
      (c, a) => {
        c.set(route.via, Via.nextHop);
        c.set(route.nextHop, a.nextHop);
      },
      { refersTo: { nextHop: tableKey(nextHops, 'nextHop') } },
    );
    /** Weighted sets of next hops. */
    const groups = ctl.table('groups', {
      key: { group: exact(route.group) },
      actions: [toNextHop],
      implementation: members,
      size: sizes.groups,
    });

    ctl.apply((c) => {
      c.if(route.via.eq(Via.group), () => c.if(c.apply(groups).miss, () => c.set(meta.drop, DropReason.noNeighbor)));
      c.if(route.via.eq(Via.nextHop), () => {
        c.switch(c.apply(nextHops)).case(throughTunnel, () => c.apply(tunnels));
        c.if(c.apply(routerInterfaces).hit, () => c.apply(neighbors));
      });
      c.if(route.via.eq(Via.multicast), () => {
        c.set(rewrite.ttl, true);
        c.multicast(route.multicast);
      }).elseif(route.via.ne(Via.nothing), () => c.forward(route.port));
    });
    return {
      groups,
      members,
      nextHops,
      tunnels,
      routerInterfaces,
      neighbors,
      toNextHop,
      ip,
      ipWithout,
      throughTunnel,
      gre,
      leaveBy,
      resolved,
    };
  });
