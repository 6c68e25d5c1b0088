/** The messages of GTP-U besides users' packets (TS 29.281 §7). */
import { build, dissect, type Ipv4Address, type MacAddress, packet } from 'p4ts';
import { Ethernet, EtherType, Gtpu, GtpuMessage, GtpuOptional, IpProtocol, Ipv4, Udp, UdpPort } from 'p4ts/headers';
import { ethernetFrame, udpPacket } from '../packets.js';

/** TS 29.281 §8.1. */
const element = { recovery: 14, teid: 16, peer: 133 } as const;

export interface Message {
  readonly from: { readonly mac: MacAddress; readonly address: Ipv4Address; readonly udpPort: number };
  /** The UPF's address that it is for. */
  readonly to: { readonly mac: MacAddress; readonly address: Ipv4Address };
  readonly type: number;
  readonly teid: number;
  /** Where the message has one. */
  readonly sequenceNumber: number;
  /** Behind the header. */
  readonly body: Uint8Array;
}

/** The message in an Ethernet frame; undefined where there is none. */
export function readMessage(frame: Uint8Array): Message | undefined {
  const [link, inLink] = dissect(Ethernet, frame) ?? [];
  const [ip, inIp] = (inLink && dissect(Ipv4, inLink)) ?? [];
  if (!link || !ip || !inIp || ip.protocol !== IpProtocol.udp || ip.ihl !== 5) return undefined;
  const [udp, inUdp] = dissect(Udp, inIp.subarray(0, ip.totalLength - 20)) ?? [];
  const [gtp, inGtp] = (inUdp && dissect(Gtpu, inUdp)) ?? [];
  if (!udp || !gtp || !inGtp) return undefined;
  const hasOptional = gtp.sequenceFlag + gtp.npduFlag + gtp.extensionFlag > 0;
  const [optional, body] = hasOptional ? (dissect(GtpuOptional, inGtp) ?? []) : [{ sequenceNumber: 0 }, inGtp];
  if (!optional || !body) return undefined;
  return {
    from: { mac: link.src as MacAddress, address: ip.src as Ipv4Address, udpPort: udp.srcPort },
    to: { mac: link.dst as MacAddress, address: ip.dst as Ipv4Address },
    type: gtp.messageType,
    teid: gtp.teid,
    sequenceNumber: gtp.sequenceFlag === 1 ? optional.sequenceNumber : 0,
    body,
  };
}

/** A message in UDP and IPv4; all but end markers have a sequence number (§5.1). */
export function gtpuPacket(
  ends: { readonly src: Ipv4Address; readonly dst: Ipv4Address; readonly dstPort?: number },
  { type, teid, sequenceNumber, body = new Uint8Array() }: { type: number; teid: number; sequenceNumber?: number; body?: Uint8Array },
): Uint8Array {
  const optional =
    sequenceNumber === undefined ? new Uint8Array() : build(GtpuOptional, { sequenceNumber, npduNumber: 0, nextExtension: 0 });
  const header = build(Gtpu, {
    version: 1,
    protocolType: 1,
    spare: 0,
    extensionFlag: 0,
    sequenceFlag: sequenceNumber === undefined ? 0 : 1,
    npduFlag: 0,
    messageType: type,
    length: optional.length + body.length,
    teid,
  });
  return udpPacket({ srcPort: UdpPort.gtpu, dstPort: UdpPort.gtpu, ...ends, data: packet(header, optional, body) });
}

const answerTo = ({ from, to }: Message, ip: Uint8Array): Uint8Array => ethernetFrame(from.mac, to.mac, EtherType.ipv4, ip);

/** §7.2.2: the restart counter is not used (§8.2). */
export function echoResponse(request: Message): Uint8Array {
  const ends = { src: request.to.address, dst: request.from.address, dstPort: request.from.udpPort };
  const body = Uint8Array.of(element.recovery, 0);
  return answerTo(request, gtpuPacket(ends, { type: GtpuMessage.echoResponse, teid: 0, sequenceNumber: request.sequenceNumber, body }));
}

/** §7.3.1: to who sent a packet through a tunnel that is not there. */
export function errorIndication(about: Message): Uint8Array {
  const teid = Uint8Array.of(element.teid, about.teid >>> 24, (about.teid >>> 16) & 255, (about.teid >>> 8) & 255, about.teid & 255);
  const peer = Uint8Array.of(element.peer, 0, 4, ...about.to.address.split('.').map(Number));
  const ends = { src: about.to.address, dst: about.from.address };
  return answerTo(about, gtpuPacket(ends, { type: GtpuMessage.errorIndication, teid: 0, sequenceNumber: 0, body: packet(teid, peer) }));
}

/** The tunnel of the sender that an error indication is about. */
export function indicatedTeid({ body }: Message): number | undefined {
  return body[0] === element.teid && body.length >= 5 ? new DataView(body.buffer, body.byteOffset).getUint32(1) : undefined;
}
