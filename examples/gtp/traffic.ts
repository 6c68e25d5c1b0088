/** The site and the packets of the UPF's demo and tests. */
import { build, dissect, type Ipv4Address, packet } from 'p4ts';
import { Ethernet, EtherType, Gtpu, GtpuMessage, GtpuOptional, GtpuPduSession, IpProtocol, Ipv4, Ipv6, Udp, UdpPort } from 'p4ts/headers';
import { ethernetFrame, udpPacket } from '../packets.js';
import type { Site } from './controller.js';

export const site: Site = {
  n3: { port: 1, mac: '02:00:00:00:03:01', address: '192.0.2.10', nextHop: '02:00:00:00:03:fe' },
  n6: { port: 17, mac: '02:00:00:00:06:01', address: '198.51.100.1', nextHop: '02:00:00:00:06:fe' },
};
export const gnbs: readonly [Ipv4Address, Ipv4Address] = ['192.0.2.21', '192.0.2.22'];
export const phone: Ipv4Address = '10.45.0.2';
export const sleeper: Ipv4Address = '10.45.0.3';
export const spent: Ipv4Address = '10.45.0.4';
export const server: Ipv4Address = '203.0.113.80';
export const voice: Ipv4Address = '203.0.113.40';

const { n3, n6 } = site;
/** Frames to the UPF, as they arrive, and from it, as they leave. */
export const arriving = {
  n3: (ip: Uint8Array) => ethernetFrame(n3.mac, n3.nextHop, EtherType.ipv4, ip),
  n6: (ip: Uint8Array) => ethernetFrame(n6.mac, n6.nextHop, typeOf(ip), ip),
};
export const leaving = {
  n3: (ip: Uint8Array) => ethernetFrame(n3.nextHop, n3.mac, EtherType.ipv4, ip),
  n6: (ip: Uint8Array) => ethernetFrame(n6.nextHop, n6.mac, typeOf(ip), ip),
};
const typeOf = (ip: Uint8Array) => ((ip[0] ?? 0) >> 4 === 6 ? EtherType.ipv6 : EtherType.ipv4);

export interface TunnelEnds {
  readonly src: Ipv4Address;
  readonly dst: Ipv4Address;
  readonly teid: number;
  readonly dscp?: number;
}
/** What comes after the first 8 bytes: nothing, a sequence number, or a PDU session container. */
export type Extra = { readonly sequenceNumber?: number } | { readonly qfi: number; readonly uplink: boolean };

/** A user's packet in a tunnel. Base stations and the UPF send UDP without a checksum. */
export function tunnelled({ src, dst, teid, dscp = 0 }: TunnelEnds, user: Uint8Array, extra: Extra = {}): Uint8Array {
  const qfi = 'qfi' in extra ? extra.qfi : undefined;
  const sequenceNumber = 'qfi' in extra ? undefined : extra.sequenceNumber;
  const nextExtension = qfi === undefined ? 0 : 0x85;
  const behind = packet(
    ...(qfi === undefined && sequenceNumber === undefined
      ? []
      : [build(GtpuOptional, { sequenceNumber: sequenceNumber ?? 0, npduNumber: 0, nextExtension })]),
    ...(qfi === undefined
      ? []
      : [
          build(GtpuPduSession, {
            length: 1,
            pduType: 'uplink' in extra && extra.uplink ? 1 : 0,
            spare: 0,
            pagingPolicyPresence: 0,
            reflectiveQos: 0,
            qfi,
            nextExtension: 0,
          }),
        ]),
    user,
  );
  const gtpu = build(Gtpu, {
    version: 1,
    protocolType: 1,
    spare: 0,
    extensionFlag: qfi === undefined ? 0 : 1,
    sequenceFlag: sequenceNumber === undefined ? 0 : 1,
    npduFlag: 0,
    messageType: GtpuMessage.gpdu,
    length: behind.length,
    teid,
  });
  const udp = udpPacket({ src, dst, srcPort: UdpPort.gtpu, dstPort: UdpPort.gtpu, dscp, data: packet(gtpu, behind) });
  return udp.fill(0, 26, 28);
}

/** A UDP datagram of a user in IPv6, without options; its checksum is not looked at on the way. */
export function udp6(src: `${string}:${string}`, dst: `${string}:${string}`, srcPort: number, dstPort: number): Uint8Array {
  const data = new TextEncoder().encode('a question');
  const datagram = packet(build(Udp, { srcPort, dstPort, length: 8 + data.length, checksum: 0xbeef }), data);
  const fields = { version: 6, dscp: 0, ecn: 0, flowLabel: 0, payloadLength: datagram.length, nextHeader: IpProtocol.udp, hopLimit: 64 };
  return packet(build(Ipv6, { ...fields, src, dst }), datagram);
}

/** What a packet is, the tunnel first. */
export function describe(frame: Uint8Array): string {
  const [link, ip] = dissect(Ethernet, frame) ?? [];
  if (!link || !ip) return 'cut off';
  return link.etherType === EtherType.ipv4 || link.etherType === EtherType.ipv6 ? describeIp(ip) : 'ARP';
}

function describeIp(bytes: Uint8Array): string {
  if ((bytes[0] ?? 0) >> 4 === 6) {
    const [ip, rest] = dissect(Ipv6, bytes) ?? [];
    return ip && rest ? `${ip.src} → ${ip.dst} UDP ${portsOf(rest)}` : 'cut off';
  }
  const [ip, rest] = dissect(Ipv4, bytes) ?? [];
  if (!ip || !rest) return 'cut off';
  const [udp, inUdp] = dissect(Udp, rest) ?? [];
  const ends = `${ip.src} → ${ip.dst}`;
  if (udp?.dstPort !== UdpPort.gtpu || !inUdp)
    return `${ends} ${ip.protocol === IpProtocol.udp ? `UDP ${portsOf(rest)}` : `protocol ${ip.protocol}`}`;
  const [gtp, inGtp] = dissect(Gtpu, inUdp) ?? [];
  if (!gtp || !inGtp) return `${ends} GTP-U, cut off`;
  const dscp = ip.dscp === 0 ? '' : ` DSCP ${ip.dscp}`;
  const names: Readonly<Record<number, string>> = { 1: 'echo request', 2: 'echo response', 26: 'error indication', 254: 'end marker' };
  const teid = `TEID 0x${gtp.teid.toString(16)}`;
  if (gtp.messageType !== GtpuMessage.gpdu)
    return `${ends} GTP-U ${names[gtp.messageType] ?? gtp.messageType}${gtp.teid ? `, ${teid}` : ''}`;
  const optional = gtp.extensionFlag + gtp.sequenceFlag + gtp.npduFlag > 0;
  const qfi = gtp.extensionFlag === 1 ? ` QFI ${(inGtp[6] ?? 0) & 63}` : '';
  return `${ends}${dscp} [${teid}${qfi}] ${describeIp(inGtp.subarray(gtp.extensionFlag ? 8 : optional ? 4 : 0))}`;
}
const portsOf = (bytes: Uint8Array) => `${((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)} → ${((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0)}`;
