/** A gateway with three access ports and two other gateways. */
import { build, dissect, type Ipv4Address, type MacAddress, packet } from 'p4ts';
import { Ethernet, EtherType, Ipv4, Udp, Vlan, Vxlan } from 'p4ts/headers';
import { type SimulatedSwitch, type Switch, simulate } from 'p4ts/runtime';
import { ethernetFrame, ipv4Packet } from '../packets.js';
import { Gateway } from './controller.js';
import { vxlanGateway } from './pipeline.js';

export const underlay = { port: 9, mac: '02:00:00:00:00:09', ip: '192.0.2.1' } as const;
export const router: MacAddress = '02:00:00:00:00:ff';
export const peers: readonly Ipv4Address[] = ['192.0.2.2', '192.0.2.3'];
export const vni = 5001;
export const broadcast: MacAddress = 'ff:ff:ff:ff:ff:ff';
/** On access port 1 in VLAN 10; on access port 2, untagged; behind the first other gateway. */
export const [h1, h2, far]: readonly [MacAddress, MacAddress, MacAddress] = ['02:aa:00:00:00:01', '02:aa:00:00:00:02', '02:aa:00:00:00:03'];

export async function createGateway(): Promise<{ sw: SimulatedSwitch<typeof vxlanGateway>; gateway: Gateway }> {
  const sw = await simulate(vxlanGateway);
  return { sw, gateway: await provision(sw) };
}

export async function provision(sw: Switch<typeof vxlanGateway>): Promise<Gateway> {
  const gateway = await Gateway.start(
    sw,
    underlay,
    peers.map((ip) => ({ ip, routerMac: router })),
  );
  await gateway.addSegment(vni, 1, [{ port: 1, vid: 10 }, { port: 2 }, { port: 3 }], peers);
  await gateway.addHost(vni, h1, 1);
  await gateway.addHost(vni, h2, 2);
  await gateway.addHost(vni, far, peers[0] as Ipv4Address);
  return gateway;
}

/** A frame in VLAN 10. */
export function taggedFrame(dst: MacAddress, src: MacAddress, etherType: number, data: Uint8Array): Uint8Array {
  return ethernetFrame(dst, src, EtherType.vlan, build(Vlan, { pcp: 0, dei: 0, vid: 10, etherType }), data);
}

/** A frame as another gateway sends it. */
export function tunnelled(src: Ipv4Address, id: number, frame: Uint8Array, flags = 0x08): Uint8Array {
  const vxlan = packet(build(Vxlan, { flags, reserved: 0, vni: id, reserved2: 0 }), frame);
  const udp = packet(build(Udp, { srcPort: 50000, dstPort: 4789, length: 8 + vxlan.length, checksum: 0 }), vxlan);
  return ethernetFrame(underlay.mac, router, EtherType.ipv4, ipv4Packet({ src, dst: underlay.ip }, 17, udp));
}

/** The headers of a packet that the gateway sent: a tunnel's, where it is in one, and the frame. */
export function parts(bytes: Uint8Array) {
  const [ethernet, rest] = dissect(Ethernet, bytes) ?? [];
  if (ethernet?.dst !== router || !rest) return { frame: bytes };
  const [ip, behindIp] = dissect(Ipv4, rest) ?? [];
  const [udp, behindUdp] = (behindIp && dissect(Udp, behindIp)) ?? [];
  const [vxlan, frame] = (behindUdp && dissect(Vxlan, behindUdp)) ?? [];
  return { ethernet, ip, udp, vxlan, frame: frame ?? new Uint8Array() };
}

/** `VXLAN 5001 to 192.0.2.2 | frame …`. */
export function describeFrame(bytes: Uint8Array): string {
  const { ip, vxlan, frame } = parts(bytes);
  const [inner, rest] = dissect(Ethernet, frame) ?? [];
  const [vlan] = inner?.etherType === EtherType.vlan && rest ? (dissect(Vlan, rest) ?? []) : [];
  const what = `${vlan ? `VLAN ${vlan.vid} ` : ''}${inner?.src} → ${inner?.dst}, ${frame.length} bytes`;
  return vxlan ? `VXLAN ${vxlan.vni} ${ip?.src} → ${ip?.dst} | ${what}` : what;
}
