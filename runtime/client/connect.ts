/** `connect`: a controller of a switch that is reached over gRPC. */
import { programOf } from '../../compiler/dsl/handles.js';
import type { Program } from '../../compiler/ir/index.js';
import { validate } from '../../compiler/passes/validate.js';
import { Diagnostics, fail } from '../../compiler/support/diagnostics.js';
import { captureLocation, type Loc } from '../../compiler/support/location.js';
import type { Transport } from '../p4runtime/transport.js';
import { Names } from './names.js';
import { type Push, pushPipeline } from './push.js';
import { Session } from './session.js';
import { createClient, type Switch } from './switch.js';
import { embeddedTarget, type Target } from './target.js';
import type { AnyPipeline } from './types.js';

export interface ConnectOptions {
  /** HOST:PORT. */
  readonly address: string;
  /** 1 where it is not said. */
  readonly deviceId?: bigint;
  /** The highest of all controllers is the primary. Without one: 1, or that of a primary that is gone. */
  readonly electionId?: bigint;
  /** What kind of switch it is; the embedded one where it is not said. */
  readonly target?: Target;
  /** 'if-different' where it is not said. */
  readonly push?: Push;
  /** Closes the session when it is aborted. */
  readonly signal?: AbortSignal;
}

/**
 * Opens a session, becomes the primary, and loads the pipeline when the switch runs another one.
 * @throws DiagnosticError for mistakes of the pipeline, an unreachable switch, or another primary; P4RuntimeError when the
 * switch refuses the pipeline
 */
export async function connect<P extends AnyPipeline>(program: P, options: ConnectOptions): Promise<Switch<P>> {
  const loc = captureLocation();
  const ir = checkedProgram(program, 'connect()', loc);
  options.signal?.throwIfAborted();
  // Loading gRPC takes a while, which programs that only simulate need not wait for.
  const { grpcTransport } = await import('../p4runtime/grpc-transport.js');
  return openClient<P>(ir, grpcTransport(options.address), { ...options, loc });
}

/** The program of a pipeline without mistakes. */
export function checkedProgram(pipeline: unknown, what: string, loc: Loc): Program {
  const found = programOf(pipeline);
  if (!found) return fail('not-a-pipeline', { what }, { loc });
  const diagnostics = new Diagnostics();
  diagnostics.add(...found.diagnostics);
  // What is wrong in the recording would be reported a second time.
  if (!diagnostics.hasErrors) diagnostics.add(...validate(found.ir));
  diagnostics.throwIfErrors();
  return found.ir;
}

/** The transport is closed with the client, and when there is to be none. */
export async function openClient<P extends AnyPipeline>(
  program: Program,
  transport: Transport,
  options: ConnectOptions & { readonly loc: Loc },
): Promise<Switch<P>> {
  const { address, deviceId = 1n, electionId, target = embeddedTarget, push = 'if-different', signal, loc } = options;
  let session: Session | undefined;
  const close = async (): Promise<void> => {
    signal?.removeEventListener('abort', onAbort);
    session?.close();
    await transport.close();
  };
  const onAbort = (): void => void close();
  signal?.addEventListener('abort', onAbort);
  try {
    const config = await target.configure(program);
    session = await Session.open({ transport, address, deviceId, loc, ...(electionId === undefined ? {} : { electionId }) });
    await pushPipeline(session, config, push, { program: program.name, address, loc });
    signal?.throwIfAborted();
    return createClient<P>(session, new Names(program, config.p4info, config.binding, target.name), close);
  } catch (error) {
    await close();
    // Whatever failed because of it, being aborted is the reason.
    signal?.throwIfAborted();
    throw error;
  }
}
