/** Packets of tenants. */
import { build, internetChecksum, packet } from 'p4ts';
import { Ethernet, EtherType, IpProtocol, Ipv4 } from 'p4ts/headers';

export interface Sent {
  readonly src: `${number}.${number}.${number}.${number}`;
  /** Bytes, Ethernet included. */
  readonly length: number;
  /** 0 where the transport does not understand ECN, 1 or 2 where it does (RFC 3168). */
  readonly ecn?: number;
  readonly dscp?: number;
}

export function ipPacket({ src, length, ecn = 0, dscp = 0 }: Sent): Uint8Array {
  const ip = (checksum: number) =>
    build(Ipv4, {
      version: 4,
      ihl: 5,
      dscp,
      ecn,
      totalLength: length - 14,
      identification: 0,
      flags: 2,
      fragmentOffset: 0,
      ttl: 64,
      protocol: IpProtocol.udp,
      checksum,
      src,
      dst: '192.0.2.1',
    });
  const ethernet = build(Ethernet, { dst: '02:00:00:00:00:02', src: '02:00:00:00:00:01', etherType: EtherType.ipv4 });
  return packet(ethernet, ip(internetChecksum(ip(0))), new Uint8Array(length - 34));
}
