/** ICMP errors and the packets that they quote (RFC 792): headers and parser states. */
import { bit, type Field, header, type StateCtx, type Transition, type ViewOf } from 'p4ts';
import { type Icmp, type IcmpEcho, IcmpType, IpProtocol, type Ipv4, ipv4States, type Udp } from 'p4ts/headers';

/** What is between the checksum of an error and the packet that it quotes. */
export const IcmpError = header('icmp_error_t', { rest: bit(32) });
/** What an error quotes of TCP at least: 8 bytes. */
export const TcpStart = header('tcp_start_t', { srcPort: bit(16), dstPort: bit(16), sequenceNumber: bit(32) });

interface Views {
  readonly hdr: {
    readonly icmpError: ViewOf<typeof IcmpError>;
    readonly quoted: ViewOf<typeof Ipv4>;
    readonly quotedTcp: ViewOf<typeof TcpStart>;
    readonly quotedUdp: ViewOf<typeof Udp>;
    readonly quotedIcmp: ViewOf<typeof Icmp>;
    readonly quotedEcho: ViewOf<typeof IcmpEcho>;
  };
  readonly meta: { readonly srcPort: Field<16, string>; readonly dstPort: Field<16, string> };
}

/**
 * State `icmpError` and the states after it: with the ports of the quoted packet, turned around as it went the other way, and
 * with the identifier of a quoted echo request, they go on to `next`.
 */
export function icmpErrorStates<const N extends string>(next: N) {
  return {
    icmpError(p: StateCtx<'quoted'>, { hdr }: Views): Transition {
      p.extract(hdr.icmpError);
      return p.goto('quoted');
    },
    ...ipv4States({ [IpProtocol.tcp]: 'quotedTcp', [IpProtocol.udp]: 'quotedUdp', [IpProtocol.icmp]: 'quotedIcmp' }, { as: 'quoted' }),
    quotedTcp(p: StateCtx<N>, { hdr, meta }: Views): Transition {
      p.extract(hdr.quotedTcp);
      p.set(meta.srcPort, hdr.quotedTcp.dstPort);
      p.set(meta.dstPort, hdr.quotedTcp.srcPort);
      return p.goto(next);
    },
    quotedUdp(p: StateCtx<N>, { hdr, meta }: Views): Transition {
      p.extract(hdr.quotedUdp);
      p.set(meta.srcPort, hdr.quotedUdp.dstPort);
      p.set(meta.dstPort, hdr.quotedUdp.srcPort);
      return p.goto(next);
    },
    quotedIcmp(p: StateCtx<'quotedEcho' | 'accept'>, { hdr }: Views): Transition {
      p.extract(hdr.quotedIcmp);
      return p.select(hdr.quotedIcmp.type).when(IcmpType.echoRequest, 'quotedEcho').otherwise('accept');
    },
    quotedEcho(p: StateCtx<N>, { hdr, meta }: Views): Transition {
      p.extract(hdr.quotedEcho);
      p.set(meta.dstPort, hdr.quotedEcho.identifier);
      return p.goto(next);
    },
  };
}
