/** TCP (RFC 9293). */
import type { Expr, Next, StateCtx, Transition, ViewOf } from '../index.js';
import { bit, header, varbit } from '../index.js';
import { given } from '../support/location.js';
import type { Ipv4 } from './ipv4.js';
import type { Ipv6 } from './ipv6.js';
import { pseudoHeader } from './pseudo-header.js';
import { malformedHeader, type StateOptions, type States, state } from './states.js';

/** RFC 9293 §3.1, the 20 bytes that every segment has. */
export const Tcp = header('tcp_t', {
  srcPort: bit(16),
  dstPort: bit(16),
  sequenceNumber: bit(32),
  acknowledgmentNumber: bit(32),
  /** 32-bit words, options included. */
  dataOffset: bit(4),
  reserved: bit(4),
  /** Congestion window reduced (RFC 3168). */
  cwr: bit(1),
  /** Congestion was experienced (RFC 3168). */
  ece: bit(1),
  urg: bit(1),
  ack: bit(1),
  psh: bit(1),
  rst: bit(1),
  syn: bit(1),
  fin: bit(1),
  window: bit(16),
  checksum: bit(16),
  urgentPointer: bit(16),
});

/** RFC 9293 §3.1: the options, 40 bytes at most, as they are. */
export const TcpOptions = header('tcp_options_t', { options: varbit(320) });

/**
 * What the checksum of TCP covers, but for the options and what follows on them. `length`: bytes of header, options and data,
 * which no header has: compute it into the metadata, from the length of the IP header. The segment must not be a fragment.
 *
 * `d.updateChecksum(hdr.tcp.checksum, [...tcpChecksummed(hdr.ipv4, hdr.tcp, meta.tcpLength), hdr.tcpOptions], { payload: true })`.
 */
export function tcpChecksummed(ip: ViewOf<typeof Ipv4> | ViewOf<typeof Ipv6>, tcp: ViewOf<typeof Tcp>, length: Expr<16>): Expr<number>[] {
  const { srcPort, dstPort, sequenceNumber, acknowledgmentNumber, dataOffset, reserved } = tcp;
  const { cwr, ece, urg, ack, psh, rst, syn, fin, window, urgentPointer } = tcp;
  const numbers = [srcPort, dstPort, sequenceNumber, acknowledgmentNumber, dataOffset, reserved];
  return [...pseudoHeader(ip, length), ...numbers, cwr, ece, urg, ack, psh, rst, syn, fin, window, urgentPointer];
}

/** State `tcp`: takes `hdr.tcp`. A length below 20 bytes fails the parser with `MalformedHeader`; options stay in the payload. */
export function tcpStates<const N extends string = never, const S extends string = 'tcp'>({
  otherwise = 'accept',
  as = 'tcp' as S,
}: StateOptions<N, S> = {}): States<N, Record<NoInfer<S>, typeof Tcp>> {
  return state<N, S, typeof Tcp>(as, (p, tcp) => {
    takeTcp(p, tcp);
    return p.goto(otherwise);
  });
}

/** As `tcpStates`, with a state `tcpOptions` that takes the options, where there are any, into `hdr.tcpOptions`. */
export function tcpWithOptionsStates<const N extends string = never>({ otherwise = 'accept' }: { readonly otherwise?: Next<N> } = {}) {
  return given({
    tcp(p: StateCtx<N | 'tcpOptions'>, { hdr }: { hdr: { tcp: ViewOf<typeof Tcp> } }): Transition {
      takeTcp(p, hdr.tcp);
      return p.select(hdr.tcp.dataOffset).when(5, otherwise).otherwise('tcpOptions');
    },
    tcpOptions(p: StateCtx<N>, { hdr }: { hdr: { tcp: ViewOf<typeof Tcp>; tcpOptions: ViewOf<typeof TcpOptions> } }): Transition {
      p.extractVar(hdr.tcpOptions, hdr.tcp.dataOffset.sub(5).as(bit(32)).shl(5));
      return p.goto(otherwise);
    },
  });
}

function takeTcp(p: StateCtx<string>, tcp: ViewOf<typeof Tcp>): void {
  p.extract(tcp);
  p.verify(tcp.dataOffset.ge(5), malformedHeader);
}
