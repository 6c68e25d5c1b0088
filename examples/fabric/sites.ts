/**
 * A rack and the border of its fabric, with the rules of their lists. ToR ports 31 and 32 are cabled to ports 1 and 2 of the
 * border router:
 *
 *     web 10.1.10.10 ── 1 ┐               ┌ 11 ── the Internet
 *                         tor ═══ border ─┤
 *      db 10.1.20.20 ── 2 ┘ └ 40          └ 12 ── a partner, 192.0.2.0/24
 *                          collector
 */
import { type Ipv4Address, Ipv4Prefix, type Ipv6Address, type MacAddress } from 'p4ts';
import { EtherType, IpProtocol, UdpPort } from 'p4ts/headers';
import { type Desired, tableEntries } from 'p4ts/runtime';
import { border } from './border.js';
import type { Site } from './controller.js';
import { tor } from './tor.js';

export interface Host {
  readonly port: number;
  readonly mac: MacAddress;
  readonly ipv4: Ipv4Address;
  readonly ipv6: Ipv6Address;
  /** Of the router that it sends to. */
  readonly gateway: MacAddress;
  readonly vlan?: number;
}
export const web: Host = {
  ...{ port: 1, mac: '02:00:00:00:00:10', ipv4: '10.1.10.10', ipv6: '2001:db8:10::10', gateway: '02:00:00:00:01:10' },
};
/** It puts the tag of its VLAN on. */
export const db: Host = {
  ...{ port: 2, mac: '02:00:00:00:00:20', ipv4: '10.1.20.20', ipv6: '2001:db8:20::20', gateway: '02:00:00:00:01:20', vlan: 20 },
};
/** Behind the border. */
export const internet: Host = {
  ...{ port: 11, mac: '02:00:00:00:03:11', ipv4: '198.51.100.7', ipv6: '3fff:1::7', gateway: '02:00:00:00:02:11' },
};
export const collectorPort = 40;
/** ToR port to border port. */
export const cables: ReadonlyMap<number, number> = new Map([
  [31, 1],
  [32, 2],
]);

export const rack: Site = {
  vrfs: [7],
  vlans: [
    { id: 10, untagged: [1, 5], tagged: [] },
    { id: 20, untagged: [], tagged: [2] },
  ],
  interfaces: [
    { id: 10, port: 1, vlan: 10, mac: web.gateway, ipv4: ['10.1.10.1'], ipv6: ['2001:db8:10::1'] },
    { id: 20, port: 2, vlan: 20, mac: db.gateway, ipv4: ['10.1.20.1'], ipv6: ['2001:db8:20::1'] },
    { id: 31, port: 31, vlan: 0, mac: '02:00:00:00:01:31', ipv4: ['10.255.31.0'], ipv6: ['2001:db8:ff31::'] },
    { id: 32, port: 32, vlan: 0, mac: '02:00:00:00:01:32', ipv4: ['10.255.32.0'], ipv6: ['2001:db8:ff32::'] },
  ],
  neighbors: [
    { routerInterface: 10, address: 'fe80::10', mac: web.mac },
    { routerInterface: 20, address: 'fe80::20', mac: db.mac },
    { routerInterface: 31, address: 'fe80::b', mac: '02:00:00:00:02:01' },
    { routerInterface: 32, address: 'fe80::b', mac: '02:00:00:00:02:02' },
    { routerInterface: 31, address: '2001:db8:b::1', mac: '02:00:00:00:02:01' },
    { routerInterface: 32, address: '2001:db8:b::1', mac: '02:00:00:00:02:02' },
  ],
  tunnels: [
    { id: 1, src: '2001:db8:a::1', dst: '2001:db8:b::1', routerInterface: 31 },
    { id: 2, src: '2001:db8:a::1', dst: '2001:db8:b::1', routerInterface: 32 },
  ],
  nextHops: [
    { id: 10, routerInterface: 10, neighbor: 'fe80::10' },
    { id: 20, routerInterface: 20, neighbor: 'fe80::20' },
    { id: 31, routerInterface: 31, neighbor: 'fe80::b' },
    { id: 32, routerInterface: 32, neighbor: 'fe80::b' },
    { id: 41, tunnel: 1 },
    { id: 42, tunnel: 2 },
    { id: 99, routerInterface: 31, neighbor: 'fe80::dead' },
  ],
  groups: [
    {
      id: 1,
      members: [
        { nextHop: 31, weight: 1 },
        { nextHop: 32, weight: 1 },
      ],
    },
    {
      id: 2,
      members: [
        { nextHop: 41, weight: 2 },
        { nextHop: 42, weight: 1 },
      ],
    },
  ],
  routes: [
    { vrf: 0, dst: '10.1.10.10/32', nextHop: 10 },
    { vrf: 0, dst: '10.1.20.20/32', nextHop: 20 },
    { vrf: 0, dst: '2001:db8:10::10/128', nextHop: 10 },
    { vrf: 0, dst: '2001:db8:20::20/128', nextHop: 20 },
    { vrf: 0, dst: '10.0.0.0/8', group: 1 },
    { vrf: 0, dst: '10.66.0.0/16', drop: true },
    { vrf: 0, dst: '10.99.0.0/16', nextHop: 99 },
    { vrf: 0, dst: '0.0.0.0/0', group: 2 },
    { vrf: 0, dst: '2001:db8::/32', group: 1 },
    { vrf: 0, dst: '::/0', group: 2 },
    { vrf: 7, dst: '10.1.20.20/32', nextHop: 20 },
  ],
  multicast: [
    { vrf: 0, dst: '239.1.1.1', group: 1, to: [10, 20] },
    { vrf: 0, dst: 'ff3e::8000:1', group: 2, to: [20] },
  ],
  mirrorSessions: [
    {
      ...{ id: 1, port: collectorPort, srcMac: '02:00:00:00:01:40', dstMac: '02:00:00:00:04:01' },
      ...{ src: '2001:db8:a::1', dst: '2001:db8:c::1' },
    },
  ],
};

const { preIngressAcl, ingressAcl } = tor.ingress;
/** What is over goes to the controller, which tells the sender. */
const expired = { ttl: { value: 0, mask: 0xfe } };

export const rackRules: readonly Desired[] = [
  tableEntries(preIngressAcl.vrfs, [
    { match: { srcMac: '02:00:00:00:00:77' }, priority: 1, action: preIngressAcl.setVrf({ vrf: 7 }) },
    { match: { srcMac: '02:00:00:00:00:88' }, priority: 1, action: preIngressAcl.setVrf({ vrf: 8 }) },
    { match: { srcMac: '02:00:00:00:00:99' }, priority: 1, action: preIngressAcl.setVrfAndTag({ vrf: 0, tag: 9 }) },
  ]),
  tableEntries(ingressAcl.rules, [
    { match: { isIpv4: true, ...expired }, priority: 30, action: ingressAcl.trap() },
    { match: { isIpv6: true, ...expired }, priority: 30, action: ingressAcl.trap() },
    // At most 1000 bytes, then 1000 a second.
    {
      match: { isIp: true, protocol: IpProtocol.udp, dstPort: UdpPort.dns },
      priority: 20,
      action: ingressAcl.copy(),
      meter: { cir: 1000, cburst: 1000, pir: 1000, pburst: 1000 },
    },
    { match: { isIpv4: true, dstIpv4: Ipv4Prefix.toTernary('198.51.100.128/25') }, priority: 10, action: ingressAcl.drop() },
    { match: { tag: 9 }, priority: 10, action: ingressAcl.redirect({ nextHop: 31 }) },
  ]),
  tableEntries(ingressAcl.qos, [
    { match: { isIp: true, protocol: IpProtocol.tcp, dstPort: 5432 }, priority: 1, action: ingressAcl.remark({ dscp: 18 }) },
  ]),
  tableEntries(ingressAcl.mirrors, [
    { match: { isIpv4: true, srcIpv4: web.ipv4, dstIpv4: db.ipv4 }, priority: 1, action: ingressAcl.mirror({ session: 1 }) },
    { match: { isIpv4: true, dstIpv4: '10.1.20.99' }, priority: 2, action: ingressAcl.redirectToPort({ port: 5 }) },
  ]),
  tableEntries(ingressAcl.security, [
    { match: { isIp: true, protocol: IpProtocol.tcp, dstPort: 23 }, priority: 2, action: ingressAcl.deny() },
    { match: { etherType: EtherType.lldp }, priority: 1, action: ingressAcl.permit() },
  ]),
  tableEntries(tor.egress.egressAcl.ports.rules, [
    {
      match: { isIpv4: true, protocol: IpProtocol.tcp, dstPort: 22, outPort: db.port },
      priority: 1,
      action: tor.egress.egressAcl.ports.drop(),
    },
  ]),
  tableEntries(tor.egress.egressAcl.dhcp.rules, [
    {
      match: { isIp: true, protocol: IpProtocol.udp, dstPort: UdpPort.dhcpServer, outPort: web.port },
      priority: 1,
      action: tor.egress.egressAcl.dhcp.drop(),
    },
  ]),
];

export const edge: Site = {
  vrfs: [],
  vlans: [],
  interfaces: [
    { id: 1, port: 1, vlan: 0, mac: '02:00:00:00:02:01', ipv4: ['10.255.31.1'], ipv6: ['2001:db8:ff31::1'] },
    { id: 2, port: 2, vlan: 0, mac: '02:00:00:00:02:02', ipv4: ['10.255.32.1'], ipv6: ['2001:db8:ff32::1'] },
    { id: 11, port: 11, vlan: 0, mac: internet.gateway, ipv4: ['203.0.113.1'], ipv6: ['2001:db8:cb::1'] },
    { id: 12, port: 12, vlan: 0, mac: '02:00:00:00:02:12', ipv4: ['192.0.2.1'], ipv6: [] },
  ],
  neighbors: [
    { routerInterface: 1, address: 'fe80::a', mac: '02:00:00:00:01:31' },
    { routerInterface: 2, address: 'fe80::a', mac: '02:00:00:00:01:32' },
    { routerInterface: 11, address: 'fe80::11', mac: internet.mac },
    { routerInterface: 12, address: 'fe80::12', mac: '02:00:00:00:03:12' },
  ],
  tunnels: [],
  nextHops: [
    { id: 1, routerInterface: 1, neighbor: 'fe80::a' },
    { id: 2, routerInterface: 2, neighbor: 'fe80::a' },
    { id: 11, routerInterface: 11, neighbor: 'fe80::11' },
    { id: 12, routerInterface: 12, neighbor: 'fe80::12' },
  ],
  groups: [
    {
      id: 1,
      members: [
        { nextHop: 1, weight: 1 },
        { nextHop: 2, weight: 1 },
      ],
    },
  ],
  routes: [
    { vrf: 0, dst: '10.1.0.0/16', group: 1 },
    { vrf: 0, dst: '2001:db8:10::/44', group: 1 },
    { vrf: 0, dst: '192.0.2.0/24', nextHop: 12, tag: 5 },
    { vrf: 0, dst: '0.0.0.0/0', nextHop: 11 },
    { vrf: 0, dst: '::/0', nextHop: 11 },
  ],
  multicast: [],
  mirrorSessions: [],
};

const lists = border.ingress.ingressAcl;
export const edgeRules: readonly Desired[] = [
  tableEntries(border.ingress.tunnelTermination.endpoints, [
    { match: { dst: '2001:db8:b::1' }, priority: 1, action: border.ingress.tunnelTermination.decapsulate() },
  ]),
  tableEntries(border.ingress.preIngressAcl.vrfs, [
    {
      match: { inPort: 12, dstMac: '02:00:00:00:02:12' },
      priority: 1,
      action: border.ingress.preIngressAcl.setVrfAndTag({ vrf: 0, tag: 12 }),
    },
  ]),
  tableEntries(lists.rules, [
    { match: { isIpv4: true, ...expired }, priority: 30, action: lists.trap() },
    { match: { isIpv6: true, ...expired }, priority: 30, action: lists.trap() },
    { match: { isIpv4: true, protocol: IpProtocol.icmp, icmpType: 5 }, priority: 20, action: lists.drop() },
  ]),
  tableEntries(lists.counting, [{ match: { routeTag: 5 }, priority: 1, action: lists.count() }]),
  tableEntries(lists.qos, [{ match: { routeTag: 5 }, priority: 1, action: lists.remark({ dscp: 10 }) }]),
  tableEntries(border.egress.egressAcl.ports.rules, [
    {
      match: { isIpv4: true, protocol: IpProtocol.tcp, dstPort: 445, outPort: internet.port },
      priority: 1,
      action: border.egress.egressAcl.ports.drop(),
    },
  ]),
];
