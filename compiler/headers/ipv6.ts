/** IPv6 (RFC 8200) and its extension headers. */
import type { Next, StateCtx, Transition, ViewOf } from '../index.js';
import { bit, header, ipv6, varbit } from '../index.js';
import { given } from '../support/location.js';
import { IpProtocol } from './numbers.js';
import { type Branches, branch, malformedHeader, type StateOptions, type States, state } from './states.js';

/** RFC 8200 §3. The traffic class is the codepoint of RFC 2474 and the congestion notification of RFC 3168. */
export const Ipv6 = header('ipv6_t', {
  version: bit(4),
  dscp: bit(6),
  ecn: bit(2),
  flowLabel: bit(20),
  /** Bytes after this header. */
  payloadLength: bit(16),
  nextHeader: bit(8),
  hopLimit: bit(8),
  src: ipv6,
  dst: ipv6,
});

/**
 * RFC 8200 §4.3, §4.4 and §4.6: hop-by-hop options, a routing header, or destination options; 256 bytes at most, of the
 * 2048 that could be.
 */
export const Ipv6Extension = header('ipv6_extension_t', {
  nextHeader: bit(8),
  /** Units of 8 bytes, without the first 8. */
  extensionLength: bit(8),
  data: varbit(2032),
});

/** RFC 8200 §4.5. */
export const Ipv6Fragment = header('ipv6_fragment_t', {
  nextHeader: bit(8),
  reserved: bit(8),
  /** In units of 8 bytes. */
  fragmentOffset: bit(13),
  reserved2: bit(2),
  moreFragments: bit(1),
  identification: bit(32),
});

/**
 * State `ipv6`: takes `hdr.ipv6` and goes on by the next header. A version other than 6 fails the parser with
 * `MalformedHeader`.
 */
export function ipv6States<const N extends string, const S extends string = 'ipv6'>(
  branches: Branches<N>,
  { otherwise, as = 'ipv6' as S }: StateOptions<N, S> = {},
): States<N, Record<NoInfer<S>, typeof Ipv6>> {
  return state<N, S, typeof Ipv6>(as, (p, ip) => {
    p.extract(ip);
    p.verify(ip.version.eq(6), malformedHeader);
    return branch(p, ip.nextHeader, branches, otherwise);
  });
}

type Extension = ViewOf<typeof Ipv6Extension>;

/**
 * As `ipv6States`, with states that take the extension headers in the order of RFC 8200 §4.1, each once: `hopByHop`,
 * `routing`, `fragment`, `destinationOptions`. Fragments but the first go to `otherwise`.
 */
export function ipv6WithExtensionsStates<const N extends string>(
  branches: Branches<N>,
  { otherwise = 'accept' }: { readonly otherwise?: Next<N> } = {},
) {
  type All = N | 'routing' | 'fragment' | 'destinationOptions';
  const destinationOptions: Branches<All> = { ...branches, [IpProtocol.destinationOptions]: 'destinationOptions' };
  const fragment: Branches<All> = { ...destinationOptions, [IpProtocol.fragment]: 'fragment' };
  const routing: Branches<All> = { ...fragment, [IpProtocol.routing]: 'routing' };
  const all: Branches<All | 'hopByHop'> = { ...routing, [IpProtocol.hopByHop]: 'hopByHop' };
  return given({
    ...ipv6States(all, { otherwise }),
    hopByHop(p: StateCtx<All>, { hdr }: { hdr: { hopByHop: Extension } }): Transition {
      takeExtension(p, hdr.hopByHop);
      return branch(p, hdr.hopByHop.nextHeader, routing, otherwise);
    },
    routing(p: StateCtx<All>, { hdr }: { hdr: { routing: Extension } }): Transition {
      takeExtension(p, hdr.routing);
      return branch(p, hdr.routing.nextHeader, fragment, otherwise);
    },
    fragment(p: StateCtx<All>, { hdr }: { hdr: { fragment: ViewOf<typeof Ipv6Fragment> } }): Transition {
      p.extract(hdr.fragment);
      return branch(p, [hdr.fragment.fragmentOffset, hdr.fragment.nextHeader], destinationOptions, otherwise, [0]);
    },
    destinationOptions(p: StateCtx<N>, { hdr }: { hdr: { destinationOptions: Extension } }): Transition {
      takeExtension(p, hdr.destinationOptions);
      return branch(p, hdr.destinationOptions.nextHeader, branches, otherwise);
    },
  });
}

/** The length stands in the second byte; the header's first two bytes are among its first 8. */
function takeExtension(p: StateCtx<string>, extension: Extension): void {
  const length = p.lookahead(bit(16)).bits(0, 8).as(bit(32));
  p.extractVar(extension, length.shl(6).add(48));
}
