/**
 * The controller of both platforms: turns a site into entries, keeps the switch as the site says, and answers what the
 * switch sends up. It knows the modules that every platform has; rules of access lists are the platform's, and come with it.
 */
import { Ipv4Address, Ipv4Prefix, Ipv6Address, Ipv6Prefix, type MacAddress, oneShot, type Pipeline } from 'p4ts';
import { EtherType, IpProtocol } from 'p4ts/headers';
import { cloneSession, type Desired, type Difference, defaultCpuPort, multicastGroup, type Switch, tableEntries } from 'p4ts/runtime';
import { type Answer, answer } from '../router/answers.js';
import { readFrame } from './frames.js';
import type { packetIn, packetOut } from './packet.js';
import type { tor } from './tor.js';
import { copyInstance, dropReasons } from './types.js';

/** What every platform has: their controls are the same type. */
export type Fabric = Pipeline<
  Pick<typeof tor.ingress, 'vlan' | 'admission' | 'routing' | 'traps' | 'resolution' | 'copies' | 'drops'>,
  Pick<typeof tor.egress, 'vlan' | 'replicas'>,
  typeof packetIn,
  typeof packetOut
>;

/** An interface of the router, on a port or on a VLAN of it. */
export interface Interface {
  readonly id: number;
  readonly port: number;
  /** 0 for the port itself. */
  readonly vlan: number;
  readonly mac: MacAddress;
  readonly ipv4: readonly Ipv4Address[];
  readonly ipv6: readonly Ipv6Address[];
}
/** A neighbor is known by an IPv6 address, its link-local one where it has no other. */
export interface Neighbor {
  readonly routerInterface: number;
  readonly address: Ipv6Address;
  readonly mac: MacAddress;
}
export type NextHop = { readonly id: number } & (
  | { readonly routerInterface: number; readonly neighbor: Ipv6Address }
  | { readonly tunnel: number }
);
export interface Tunnel {
  readonly id: number;
  readonly src: Ipv6Address;
  readonly dst: Ipv6Address;
  readonly routerInterface: number;
}
export interface Group {
  readonly id: number;
  readonly members: readonly { readonly nextHop: number; readonly weight: number }[];
}
export type Route = { readonly vrf: number; readonly dst: Ipv4Prefix | Ipv6Prefix } & (
  | { readonly nextHop: number; readonly tag?: number }
  | { readonly group: number }
  | { readonly drop: true }
);
export interface MulticastRoute {
  readonly vrf: number;
  readonly dst: Ipv4Address | Ipv6Address;
  readonly group: number;
  /** Interfaces by their number, which is the replica's instance too. */
  readonly to: readonly number[];
}
export interface MirrorSession {
  readonly id: number;
  readonly port: number;
  readonly srcMac: MacAddress;
  readonly dstMac: MacAddress;
  readonly src: Ipv6Address;
  readonly dst: Ipv6Address;
}
export interface Site {
  readonly vrfs: readonly number[];
  readonly vlans: readonly { readonly id: number; readonly untagged: readonly number[]; readonly tagged: readonly number[] }[];
  readonly interfaces: readonly Interface[];
  readonly neighbors: readonly Neighbor[];
  readonly tunnels: readonly Tunnel[];
  readonly nextHops: readonly NextHop[];
  readonly groups: readonly Group[];
  readonly routes: readonly Route[];
  readonly multicast: readonly MulticastRoute[];
  readonly mirrorSessions: readonly MirrorSession[];
}

/** The clone session of copies for the controller alone; mirror session n has the clone sessions 2n and 2n + 1. */
const toControllerOnly = 255;

/** ARP, neighbor discovery, LLDP and BGP are for the controller, whoever they are sent to. */
const controlProtocols = [
  { etherType: EtherType.arp },
  { etherType: EtherType.lldp },
  { protocol: IpProtocol.tcp, dstPort: 179 },
  { dstMac: { value: '33:33:ff:00:00:00', mask: 'ff:ff:ff:00:00:00' } },
] as const;

/** What a switch has for the modules that every platform has. */
export function entriesOf(pipe: Fabric, site: Site): readonly Desired[] {
  const { vlan, admission, routing, traps, resolution, copies } = pipe.ingress;
  const { interfaces, vlans, routes, multicast, mirrorSessions } = site;
  const action = (route: Route) =>
    'drop' in route
      ? routing.drop()
      : 'group' in route
        ? routing.toGroup({ group: route.group })
        : route.tag === undefined
          ? routing.toNextHop({ nextHop: route.nextHop })
          : routing.toTaggedNextHop({ nextHop: route.nextHop, tag: route.tag });
  return [
    tableEntries(
      vlan.ports,
      vlans.flatMap(({ id, untagged }) => untagged.map((port) => ({ match: { port }, action: vlan.access({ vlan: id }) }))),
    ),
    tableEntries(
      vlan.members,
      vlans.flatMap(({ id, untagged, tagged }) =>
        [...untagged, ...tagged].map((port) => ({ match: { vlan: id, port }, action: vlan.member() })),
      ),
    ),
    tableEntries(
      pipe.egress.vlan.members,
      vlans.flatMap(({ id, untagged, tagged }) => [
        ...untagged.map((port) => ({ match: { vlan: id, port }, action: pipe.egress.vlan.untagged() })),
        ...tagged.map((port) => ({ match: { vlan: id, port }, action: pipe.egress.vlan.tagged() })),
      ]),
    ),
    tableEntries(
      admission.stations,
      interfaces.map(({ mac, vlan, port }) => ({ match: { dstMac: mac, vlan, port }, priority: 1, action: admission.admit() })),
    ),
    tableEntries(
      routing.vrfs,
      site.vrfs.map((vrf) => ({ match: { vrf }, action: routing.known() })),
    ),
    tableEntries(
      routing.ipv4,
      routes.flatMap((route) => {
        const { vrf, dst } = route;
        return Ipv4Prefix.is(dst) ? [{ match: { vrf, dst }, action: action(route) }] : [];
      }),
    ),
    tableEntries(
      routing.ipv6,
      routes.flatMap((route) => {
        const { vrf, dst } = route;
        return Ipv6Prefix.is(dst) ? [{ match: { vrf, dst }, action: action(route) }] : [];
      }),
    ),
    tableEntries(
      routing.multicast4,
      multicast.flatMap(({ vrf, dst, group }) =>
        Ipv4Address.is(dst) ? [{ match: { vrf, dst }, action: routing.replicate({ group }) }] : [],
      ),
    ),
    tableEntries(
      routing.multicast6,
      multicast.flatMap(({ vrf, dst, group }) =>
        Ipv6Address.is(dst) ? [{ match: { vrf, dst }, action: routing.replicate({ group }) }] : [],
      ),
    ),
    tableEntries(
      traps.protocols,
      controlProtocols.map((match) => ({ match, priority: 1, action: traps.trap() })),
    ),
    tableEntries(
      traps.own4,
      interfaces.flatMap(({ ipv4 }) => ipv4.map((dst) => ({ match: { vrf: 0, dst }, action: traps.trap() }))),
    ),
    tableEntries(
      traps.own6,
      interfaces.flatMap(({ ipv6 }) => ipv6.map((dst) => ({ match: { vrf: 0, dst }, action: traps.trap() }))),
    ),
    tableEntries(
      resolution.groups,
      site.groups.map(({ id, members }) => ({
        match: { group: id },
        action: oneShot(members.map(({ nextHop, weight }) => ({ action: resolution.toNextHop({ nextHop }), weight }))),
      })),
    ),
    tableEntries(
      resolution.nextHops,
      site.nextHops.map(({ id, ...hop }) => ({
        match: { nextHop: id },
        action: 'tunnel' in hop ? resolution.throughTunnel(hop) : resolution.ip(hop),
      })),
    ),
    tableEntries(
      resolution.tunnels,
      site.tunnels.map(({ id, ...tunnel }) => ({ match: { tunnel: id }, action: resolution.gre(tunnel) })),
    ),
    tableEntries(
      resolution.routerInterfaces,
      interfaces.map(({ id, port, mac, vlan }) => ({
        match: { routerInterface: id },
        action: resolution.leaveBy({ port, srcMac: mac, vlan }),
      })),
    ),
    tableEntries(
      resolution.neighbors,
      site.neighbors.map(({ routerInterface, address, mac }) => ({
        match: { routerInterface, neighbor: address },
        action: resolution.resolved({ dstMac: mac }),
      })),
    ),
    ...multicast.map(({ group, to }) =>
      multicastGroup(
        group,
        to.map((id) => ({ port: portOf(site, id), instance: id })),
      ),
    ),
    tableEntries(
      pipe.egress.replicas.sources,
      interfaces.map(({ id, port, mac, vlan }) => ({
        match: { port, instance: id },
        action: pipe.egress.replicas.asFrom({ srcMac: mac, vlan }),
      })),
    ),
    tableEntries(
      copies.mirrorSessions,
      mirrorSessions.map(({ id, port, ...to }) => ({
        match: { session: id },
        action: copies.ipfix({ ...to, monitorPort: port, srcPort: 4739, dstPort: 4739 }),
      })),
    ),
    ...cloning(pipe, mirrorSessions),
  ];
}

/** Clone sessions for every kind of copy: to the controller, to a collector, to both. */
function cloning(pipe: Fabric, mirrorSessions: readonly MirrorSession[]): Desired[] {
  const { cloneSessions, cloneTo } = pipe.ingress.copies;
  const controller = { port: defaultCpuPort, instance: copyInstance.packetIn };
  const kinds = [
    { session: toControllerOnly, match: { toController: true, isMirrored: false }, replicas: [controller] },
    ...mirrorSessions.flatMap(({ id, port }) => {
      const collector = { port, instance: copyInstance.mirror };
      return [
        { session: 2 * id, match: { toController: false, isMirrored: true, mirrorPort: port }, replicas: [collector] },
        { session: 2 * id + 1, match: { toController: true, isMirrored: true, mirrorPort: port }, replicas: [controller, collector] },
      ];
    }),
  ];
  return [
    ...kinds.map(({ session, replicas }) => cloneSession(session, replicas)),
    tableEntries(
      cloneSessions,
      kinds.map(({ session, match }) => ({ match, priority: 1, action: cloneTo({ session }) })),
    ),
  ];
}

const portOf = ({ interfaces }: Site, id: number): number => {
  const found = interfaces.find((one) => one.id === id);
  if (!found) throw new Error(`there is no interface ${id}`);
  return found.port;
};

export class FabricController {
  private constructor(
    readonly sw: Switch<Fabric>,
    readonly pipe: Fabric,
    readonly site: Site,
  ) {}

  /** Makes the switch as the site says. `rules` are entries of the lists that its platform has. */
  static async start(sw: Switch<Fabric>, pipe: Fabric, site: Site, rules: readonly Desired[]): Promise<FabricController> {
    const controller = new FabricController(sw, pipe, site);
    await controller.update(rules);
    return controller;
  }

  /** Other rules: what differs is written. */
  update(rules: readonly Desired[]): Promise<Difference> {
    return this.sw.reconcile([...entriesOf(this.pipe, this.site), ...rules]);
  }

  /** Until the switch is closed: answers ARP, neighbor solicitations, pings to its addresses, and packets whose time is over. */
  async serve(told: (what: string) => void): Promise<void> {
    for await (const { payload, ingressPort, targetEgressPort } of this.sw.packetIns()) {
      const reply = this.#answer(payload, ingressPort);
      told(reply?.what ?? `a copy of what came in at port ${ingressPort} for port ${targetEgressPort}`);
      if (reply) await this.sw.packetOut(reply.bytes, { egressPort: ingressPort, submitToIngress: false });
    }
  }

  /** What ingress dropped, by reason. */
  async drops(): Promise<readonly { readonly reason: string; readonly packets: bigint }[]> {
    const cells = await this.sw.counter(this.pipe.ingress.drops.reasons).read();
    const names = Object.keys(dropReasons);
    return cells.flatMap(({ packets }, index) => (packets > 0n ? [{ reason: names[index] ?? '', packets }] : []));
  }

  #answer(frame: Uint8Array, port: number): Answer | undefined {
    const { tag, ip } = readFrame(frame) ?? {};
    const on = this.site.interfaces.find((one) => one.port === port && (tag === undefined || one.vlan === tag));
    return on && (answer(frame, on, false) ?? (ip && ip.ttl <= 1 ? answer(frame, on, true) : undefined));
  }
}
