/** What is around a user's packet on N3: IPv4, UDP, and GTP-U with a PDU session container (TS 29.281, TS 38.415). */
import type { Body, Expr, ViewOf } from 'p4ts';
import {
  type Gtpu,
  GtpuExtension,
  GtpuMessage,
  type GtpuOptional,
  type GtpuPduSession,
  IpProtocol,
  type Ipv4,
  type Udp,
  UdpPort,
} from 'p4ts/headers';

interface TunnelHeaders {
  readonly outerIpv4: ViewOf<typeof Ipv4>;
  readonly outerUdp: ViewOf<typeof Udp>;
  readonly gtpu: ViewOf<typeof Gtpu>;
  readonly gtpuOptional: ViewOf<typeof GtpuOptional>;
  readonly gtpuPduSession: ViewOf<typeof GtpuPduSession>;
}
const all = (hdr: TunnelHeaders) => [hdr.outerIpv4, hdr.outerUdp, hdr.gtpu, hdr.gtpuOptional, hdr.gtpuPduSession];

export function decapsulate(c: Body, hdr: TunnelHeaders): void {
  for (const header of all(hdr)) c.setInvalid(header);
}

interface Tunnel {
  readonly src: Expr<32>;
  readonly dst: Expr<32>;
  readonly teid: Expr<32>;
  readonly dscp: Expr<6>;
  readonly qfi: Expr<6>;
  /** Bytes of the user's packet. */
  readonly length: Expr<16>;
}

/** Downlink: around a packet that had no tunnel. The checksum of UDP is left out. */
export function encapsulate(c: Body, hdr: TunnelHeaders, { src, dst, teid, dscp, qfi, length }: Tunnel): void {
  const { outerIpv4, outerUdp, gtpu, gtpuOptional, gtpuPduSession } = hdr;
  for (const header of all(hdr)) c.setValid(header);
  c.set(outerIpv4.version, 4);
  c.set(outerIpv4.ihl, 5);
  c.set(outerIpv4.dscp, dscp);
  // 20 bytes of IPv4, 8 of UDP, 8 of GTP-U, 4 of its optional fields, 4 of the PDU session container.
  c.set(outerIpv4.totalLength, length.add(44));
  c.set(outerIpv4.ttl, 64);
  c.set(outerIpv4.protocol, IpProtocol.udp);
  c.set(outerIpv4.src, src);
  c.set(outerIpv4.dst, dst);
  c.set(outerUdp.srcPort, UdpPort.gtpu);
  c.set(outerUdp.dstPort, UdpPort.gtpu);
  c.set(outerUdp.length, length.add(24));
  c.set(gtpu.version, 1);
  c.set(gtpu.protocolType, 1);
  c.set(gtpu.extensionFlag, 1);
  c.set(gtpu.messageType, GtpuMessage.gpdu);
  c.set(gtpu.length, length.add(8));
  c.set(gtpu.teid, teid);
  c.set(gtpuOptional.nextExtension, GtpuExtension.pduSession);
  c.set(gtpuPduSession.length, 1);
  c.set(gtpuPduSession.qfi, qfi);
}
