/** What each block can know. */
import type { Bool, EnumExpr, Expr } from './expressions.js';

/** The ways on which a packet can come to a block. */
export type PathName = 'normal' | 'mirrored' | 'resubmitted' | 'recirculated' | 'replicated';
/** `std` in ingress: what the switch knows of the packet. */
export interface IngressStd {
  /** The port that the packet came in by; 0 after a mirror, a recirculation or a resubmission. */
  readonly ingressPort: Expr<9>;
  /** When the block had the packet, in nanoseconds since the switch started. v1model counts microseconds. */
  readonly timestampNs: Expr<48>;
  /** How the packet came here. */
  readonly path: EnumExpr<'Path'>;
  /** Reading it lets packets with a parser error into ingress; otherwise they are dropped. */
  readonly parserError: EnumExpr<'error'>;
  /** One of the parser's checksums was wrong. */
  readonly checksumError: Bool;
  /** Bytes of the packet when it enters the block: in ingress, as it arrived. */
  readonly packetLength: Expr<32>;
}
/** `std` in egress: what the switch knows of the packet. */
export interface EgressStd extends IngressStd {
  /** The port that the packet leaves by. */
  readonly egressPort: Expr<9>;
  /** The instance of the multicast group's replica. */
  readonly replica: Expr<16>;
  /** `timestampNs` of ingress; 0 after a mirror or a recirculation. */
  readonly ingressTimestampNs: Expr<48>;
  /** When the packet entered the queue of its port, in nanoseconds since the switch started. */
  readonly enqueueTimestampNs: Expr<48>;
  /** How much was in the queue when the packet entered it: packets on BMv2, cells on Tofino. */
  readonly queueDepth: Expr<19>;
  /** How much was in the queue when the packet left it: packets on BMv2, cells on Tofino. */
  readonly dequeueDepth: Expr<19>;
  /** Nanoseconds in the queue. */
  readonly queueDelayNs: Expr<32>;
  /** What `c.setPriority` said in ingress, 0 to 7; 0 otherwise, and after a mirror. */
  readonly priority: Expr<3>;
}
