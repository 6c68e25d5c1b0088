/** The pipeline. */
import type { Ctl, EgressBody, IngressBody } from './bodies.js';
import type { Fields } from './data-types.js';
import type { Bool, Exprs } from './expressions.js';
import type { HeaderSet, Headers, Meta } from './headers.js';
import type { Deparser, StateCtx, Transition } from './parser.js';
import type { ValueSet } from './state.js';
import type { Synchronous } from './statements.js';
import type { EgressStd, IngressStd } from './std.js';

/** What the states of the parser know beside `p`. */
export interface ParserViews<H, M, VS> {
  readonly hdr: Headers<H>;
  readonly meta: Meta<M>;
  readonly std: Pick<IngressStd, 'ingressPort'>;
  readonly sets: VS;
}
/** What a pipeline is made of: `pipeline(name, options)` takes it. */
export interface PipelineOptions<
  H extends HeaderSet,
  S extends string,
  I,
  M extends Fields,
  PI extends Fields,
  PO extends Fields,
  VS extends Record<string, ValueSet<number>>,
  E,
> {
  /** The headers of a packet, which are in `hdr`. */
  readonly headers: H;
  /** Zero at the start of each packet. */
  readonly metadata?: M;
  /** The fields that go with a packet to the controller. */
  readonly packetIn?: PI;
  /** The fields that come with a packet from the controller. */
  readonly packetOut?: PO;
  /** What the parser selects on and controllers change: `sets` in its states, and of the pipeline for `sw.valueSet(…)`. */
  readonly valueSets?: VS;
  /** Other names for the blocks `ingress` and `egress`: they are in front of the names that the control plane uses. */
  readonly blocks?: { readonly ingress?: string; readonly egress?: string };
  /** Parsers that states run with `p.call`; each begins at its `start`. */
  readonly subparsers?: Record<string, Record<string, (p: StateCtx<string>, v: ParserViews<H, M, VS>) => Transition>>;
  /** The states of the parser by name; it begins at `start`. */
  readonly parser: {
    [K in S | 'start']: (p: StateCtx<NoInfer<S> | 'accept' | 'reject'>, v: ParserViews<H, M, VS>) => Transition;
  };
  /** Decides where packets go. What it returns are the handles for controllers: `pipeline.ingress`. */
  readonly ingress: (
    ctl: Ctl<IngressBody<PI>>,
    v: { hdr: Headers<H>; meta: Meta<M>; std: IngressStd; packetOut: Exprs<PO> & { readonly present: Bool } },
  ) => I;
  /** Runs for each copy of a packet that leaves. What it returns is `pipeline.egress`. */
  readonly egress?: (ctl: Ctl<EgressBody<PI>>, v: { hdr: Headers<H>; meta: Meta<M>; std: EgressStd }) => E;
  /** Puts the packet together again. The metadata, which it only reads, are as egress left them. */
  readonly deparser: (d: Deparser, v: { hdr: Headers<H>; meta: Meta<M> }) => Synchronous;
}
/** A recorded pipeline, with the handles that `ingress` and `egress` returned. */
export interface Pipeline<I = unknown, E = unknown, PI extends Fields = any, PO extends Fields = any, VS = unknown> {
  readonly name: string;
  readonly ingress: I;
  readonly egress: E;
  readonly sets: VS;
  readonly packetIn?: PI;
  readonly packetOut?: PO;
}
