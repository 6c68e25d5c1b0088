/** ICMP errors (RFC 792), which quote the packet that they are about: its IPv4 header and 8 bytes of what follows at least. */
import { bit, header, type StateCtx, type ViewOf } from 'p4ts';
import { IcmpType, IpProtocol, Ipv4 } from 'p4ts/headers';

/** Between the ICMP header and the quoted packet. */
const IcmpError = header('icmp_error_t', { rest: bit(32) });
/** What TCP and UDP begin with. */
const QuotedPorts = header('quoted_ports_t', { src: bit(16), dst: bit(16) });
/** An echo request or reply, without its data. */
const QuotedEcho = header('quoted_echo_t', { type: bit(8), code: bit(8), checksum: bit(16), identifier: bit(16), sequenceNumber: bit(16) });

/** Spread into the headers of a pipeline. */
export const icmpErrorHeaders = { icmpError: IcmpError, quoted: Ipv4, quotedPorts: QuotedPorts, quotedEcho: QuotedEcho };
type Hdr = { readonly hdr: { readonly [H in keyof typeof icmpErrorHeaders]: ViewOf<(typeof icmpErrorHeaders)[H]> } };

export const icmpErrorBranches = {
  [IcmpType.destinationUnreachable]: 'icmpError',
  [IcmpType.timeExceeded]: 'icmpError',
  [IcmpType.parameterProblem]: 'icmpError',
} as const;

/** Spread into a parser. What is quoted is not checked: routers change it before they drop it. */
export const icmpErrorStates = {
  icmpError(p: StateCtx<'quotedPorts' | 'quotedEcho'>, { hdr }: Hdr) {
    p.extract(hdr.icmpError, hdr.quoted);
    return p
      .select(hdr.quoted.fragmentOffset, hdr.quoted.ihl, hdr.quoted.protocol)
      .when([0, 5, IpProtocol.tcp], 'quotedPorts')
      .when([0, 5, IpProtocol.udp], 'quotedPorts')
      .when([0, 5, IpProtocol.icmp], 'quotedEcho')
      .otherwise('accept');
  },
  quotedPorts(p: StateCtx<never>, { hdr }: Hdr) {
    p.extract(hdr.quotedPorts);
    return p.accept();
  },
  quotedEcho(p: StateCtx<never>, { hdr }: Hdr) {
    p.extract(hdr.quotedEcho);
    return p.accept();
  },
};
