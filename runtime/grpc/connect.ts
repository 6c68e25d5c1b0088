/** `connect`: a controller of a switch that is reached over gRPC. */
import { captureLocation, type Loc } from '../../compiler/support/location.js';
import { type ClientOptions, checkedProgram, openClient } from '../client/open.js';
import { takes } from '../client/signatures.js';
import type { Switch } from '../client/switch.js';
import type { AnyPipeline } from '../client/types.js';
import type { TlsOptions } from './transport.js';

/** Where the switch is, how it is reached, and how the session with it behaves. */
export interface ConnectOptions<P extends AnyPipeline = AnyPipeline> extends ClientOptions<P> {
  /** TLS, which is not spoken where this is not said; `true` trusts the authorities that Node does. */
  readonly tls?: true | TlsOptions;
}

/**
 * Opens a session, becomes the primary, and loads the pipeline when the switch runs another one.
 * @throws DiagnosticError for mistakes of the pipeline, an unreachable switch, or another primary; P4RuntimeError when the
 * switch refuses the pipeline
 */
export async function connect<P extends AnyPipeline>(program: P, options: ConnectOptions<P>): Promise<Switch<P>> {
  return connectTo(program, options, 'connect()', captureLocation());
}

/** `name` is what the controller calls the switch, where it has several; `what` was called. */
export async function connectTo<P extends AnyPipeline>(
  program: P,
  options: ConnectOptions<P>,
  what: string,
  loc: Loc,
  name?: string,
): Promise<Switch<P>> {
  takes.connect([options], loc);
  if (options.tls !== undefined && options.tls !== true) takes.tls([options.tls], loc);
  const ir = checkedProgram(program, what, loc);
  options.signal?.throwIfAborted();
  // Loading gRPC takes a while, which programs that only simulate need not wait for.
  const { grpcTransport } = await import('./transport.js');
  return openClient<P>(ir, grpcTransport(options.address, options.tls === true ? {} : options.tls), {
    ...options,
    loc,
    ...(name === undefined ? {} : { name }),
  });
}
