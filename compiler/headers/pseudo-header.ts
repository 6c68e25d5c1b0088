/** What the checksums of TCP, UDP and ICMPv6 cover beside the segment itself (RFC 9293 §3.1, RFC 768, RFC 8200 §8.1). */
import type { Expr, ViewOf } from '../index.js';
import { bit } from '../index.js';
import type { Ipv4 } from './ipv4.js';
import type { Ipv6 } from './ipv6.js';

/** `length`: bytes of the segment. Of IPv6, the next header must be that of the segment: there are no extension headers. */
export const pseudoHeader = (ip: ViewOf<typeof Ipv4> | ViewOf<typeof Ipv6>, length: Expr<16>): Expr<number>[] =>
  'nextHeader' in ip ? [ip.src, ip.dst, length.as(bit(32)), ip.nextHeader.as(bit(32))] : [ip.src, ip.dst, ip.protocol.as(bit(16)), length];
