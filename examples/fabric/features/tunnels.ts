/** Tunnels of IPv6: IP in IPv6 (RFC 2473) and GRE (RFC 7676) are taken off, GRE is put on. */
import { type Body, mux, ternary, valid } from 'p4ts';
import { EtherType, IpProtocol } from 'p4ts/headers';
import type { IngressControl, InIngress, Uses } from '../packet.js';
import { isIpv4Multicast, isIpv6Multicast } from './addresses.js';

type Outer = 'ethernet' | 'ipv4' | 'ipv6' | 'gre' | 'innerIpv4' | 'innerIpv6';

/** Takes the tunnel off packets that end here: what was inside is routed. */
export const tunnelTermination = (ctl: IngressControl, { hdr, meta }: InIngress<Outer, 'l3'>, size: number) =>
  ctl.control('tunnel_termination', (ctl) => {
    const decapsulate = ctl.action('decapsulate', {}, (c) => {
      c.setInvalid(hdr.ipv6);
      c.setInvalid(hdr.gre);
      c.if(valid(hdr.innerIpv4), () => {
        c.set(hdr.ethernet.etherType, EtherType.ipv4);
        c.if(isIpv4Multicast(hdr.innerIpv4.dst), () => {
          c.set(hdr.ethernet.dst, '01:00:5e:00:00:00');
          c.set(hdr.ethernet.dst.bits(0, 23), hdr.innerIpv4.dst.bits(0, 23));
        });
        c.copy(hdr.ipv4, hdr.innerIpv4);
        c.setInvalid(hdr.innerIpv4);
      }).else(() => {
        c.set(hdr.ethernet.etherType, EtherType.ipv6);
        c.if(isIpv6Multicast(hdr.innerIpv6.dst), () => {
          c.set(hdr.ethernet.dst, '33:33:00:00:00:00');
          c.set(hdr.ethernet.dst.bits(0, 32), hdr.innerIpv6.dst.bits(0, 32));
        });
        c.copy(hdr.ipv6, hdr.innerIpv6);
        c.setInvalid(hdr.innerIpv6);
      });
    });
    const endpoints = ctl.table('endpoints', {
      key: { dst: ternary(hdr.ipv6.dst), src: ternary(hdr.ipv6.src) },
      actions: [decapsulate],
      size,
    });
    ctl.apply((c) => {
      const hasTunnel = valid(hdr.innerIpv4).or(valid(hdr.innerIpv6));
      c.if(valid(hdr.ipv6).and(hasTunnel).and(meta.l3.isAdmitted), () => c.apply(endpoints));
    });
    return { endpoints, decapsulate };
  });

type Encapsulated = 'ethernet' | 'tunnelIpv6' | 'tunnelGre' | 'ipv4' | 'ipv6';

/** Egress: puts IPv6 and GRE around the packet, where its next hop is the end of a tunnel. */
export function encapsulate(c: Body, { hdr, meta }: Uses<Encapsulated, 'tunnel'>): void {
  const { ethernet, tunnelIpv6, tunnelGre, ipv4, ipv6 } = hdr;
  const greBytes = 4;
  const ipv6Bytes = 40;
  c.if(meta.tunnel.isUsed, () => {
    c.setValid(tunnelIpv6);
    c.set(tunnelIpv6.version, 6);
    c.set(tunnelIpv6.dscp, mux(valid(ipv4), ipv4.dscp, ipv6.dscp));
    c.set(tunnelIpv6.ecn, mux(valid(ipv4), ipv4.ecn, ipv6.ecn));
    c.set(tunnelIpv6.payloadLength, mux(valid(ipv4), ipv4.totalLength, ipv6.payloadLength.add(ipv6Bytes)).add(greBytes));
    c.set(tunnelIpv6.nextHeader, IpProtocol.gre);
    c.set(tunnelIpv6.hopLimit, 64);
    c.set(tunnelIpv6.src, meta.tunnel.src);
    c.set(tunnelIpv6.dst, meta.tunnel.dst);
    c.setValid(tunnelGre);
    c.set(tunnelGre.protocol, ethernet.etherType);
    c.set(ethernet.etherType, EtherType.ipv6);
  });
}
