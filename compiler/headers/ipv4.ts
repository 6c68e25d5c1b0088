/** IPv4 (RFC 791). */
import type { Expr, StateCtx, Transition, ViewOf } from '../index.js';
import { bit, header, ipv4, varbit } from '../index.js';
import { given } from '../support/location.js';
import { type Branches, branch, malformedHeader, type StateOptions, type States, state } from './states.js';

/** RFC 791 §3.1, the 20 bytes that every packet has. */
export const Ipv4 = header('ipv4_t', {
  version: bit(4),
  /** Internet header length: 32-bit words, options included. */
  ihl: bit(4),
  /** Differentiated services codepoint (RFC 2474). */
  dscp: bit(6),
  /** Explicit congestion notification (RFC 3168). */
  ecn: bit(2),
  /** Bytes, this header included. */
  totalLength: bit(16),
  identification: bit(16),
  /** Reserved, don't fragment, more fragments. */
  flags: bit(3),
  /** In units of 8 bytes. */
  fragmentOffset: bit(13),
  ttl: bit(8),
  protocol: bit(8),
  checksum: bit(16),
  src: ipv4,
  dst: ipv4,
});

/** RFC 791 §3.1: the options, 40 bytes at most, as they are. */
export const Ipv4Options = header('ipv4_options_t', { options: varbit(320) });

/**
 * What the header's checksum covers when there are no options:
 * `d.updateChecksum(hdr.ipv4.checksum, ipv4Checksummed(hdr.ipv4), hdr.ipv4.ihl.eq(5))`.
 */
export function ipv4Checksummed(ip: ViewOf<typeof Ipv4>): Expr<number>[] {
  const { version, ihl, dscp, ecn, totalLength, identification, flags, fragmentOffset, ttl, protocol, src, dst } = ip;
  return [version, ihl, dscp, ecn, totalLength, identification, flags, fragmentOffset, ttl, protocol, src, dst];
}

/**
 * State `ipv4`: takes `hdr.ipv4` and goes on by the protocol. A version other than 4 and a length below 20 bytes fail
 * the parser with `MalformedHeader`; `std.checksumError` tells of a wrong checksum. Packets with options, and fragments
 * but the first, go to `otherwise`: what follows is not the header that the protocol says.
 */
export function ipv4States<const N extends string, const S extends string = 'ipv4'>(
  branches: Branches<N>,
  { otherwise, as = 'ipv4' as S }: StateOptions<N, S> = {},
): States<N, Record<NoInfer<S>, typeof Ipv4>> {
  return state<N, S, typeof Ipv4>(as, (p, ip) => {
    takeIpv4(p, ip);
    return branch(p, [ip.fragmentOffset, ip.ihl, ip.protocol], branches, otherwise, [0, 5]);
  });
}

/** As `ipv4States`, with a state `ipv4Options` that takes the options, where there are any, into `hdr.ipv4Options`. */
export function ipv4WithOptionsStates<const N extends string>(
  branches: Branches<N>,
  { otherwise = 'accept' }: Pick<StateOptions<N, string>, 'otherwise'> = {},
) {
  return given({
    ipv4(p: StateCtx<N | 'ipv4Options' | 'ipv4Protocol'>, { hdr }: { hdr: { ipv4: ViewOf<typeof Ipv4> } }): Transition {
      takeIpv4(p, hdr.ipv4);
      return p.select(hdr.ipv4.ihl).when(5, 'ipv4Protocol').otherwise('ipv4Options');
    },
    ipv4Options(
      p: StateCtx<'ipv4Protocol'>,
      { hdr }: { hdr: { ipv4: ViewOf<typeof Ipv4>; ipv4Options: ViewOf<typeof Ipv4Options> } },
    ): Transition {
      p.extractVar(hdr.ipv4Options, hdr.ipv4.ihl.sub(5).as(bit(32)).shl(5));
      return p.goto('ipv4Protocol');
    },
    ipv4Protocol(p: StateCtx<N>, { hdr }: { hdr: { ipv4: ViewOf<typeof Ipv4> } }): Transition {
      return branch(p, [hdr.ipv4.fragmentOffset, hdr.ipv4.protocol], branches, otherwise, [0]);
    },
  });
}

function takeIpv4(p: StateCtx<string>, ip: ViewOf<typeof Ipv4>): void {
  p.extract(ip);
  p.verify(ip.version.eq(4).and(ip.ihl.ge(5)), malformedHeader);
  p.verifyChecksum(ip.checksum, ipv4Checksummed(ip), ip.ihl.eq(5));
}
