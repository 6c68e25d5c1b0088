/** What each block can know. */
import type { Bool, EnumExpr, Expr } from './expressions.js';

/** The ways on which a packet can come to a block. */
export type PathName = 'normal' | 'mirrored' | 'resubmitted' | 'recirculated' | 'replicated';
/** `std` in ingress: what the switch knows of the packet. */
export interface IngressStd {
  /** The port that the packet came in by; 0 after a mirror, a recirculation or a resubmission. */
  readonly ingressPort: Expr<9>;
  /** Since the switch started. */
  readonly timestampNs: Expr<48>;
  /** How the packet came here. */
  readonly path: EnumExpr<'Path'>;
  /** Reading it lets packets with a parser error into ingress; otherwise they are dropped. */
  readonly parserError: EnumExpr<'error'>;
  /** One of the parser's checksums was wrong. */
  readonly checksumError: Bool;
}
/** `std` in egress: what the switch knows of the packet. */
export interface EgressStd extends IngressStd {
  /** The port that the packet leaves by. */
  readonly egressPort: Expr<9>;
  /** The instance of the multicast group's replica. */
  readonly replica: Expr<16>;
  /** Bytes of the packet when it enters egress. */
  readonly packetLength: Expr<32>;
  /** In the target's unit. */
  readonly queueDepth: Expr<19>;
  readonly queueDelayNs: Expr<32>;
}
