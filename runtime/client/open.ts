/** Opens a client of a switch, however the switch is reached. */
import { recordedAndValidated } from '../../compiler/analysis/validate.js';
import { buildSchema } from '../../compiler/control/build.js';
import { describeHandle, programOf } from '../../compiler/dsl/handles.js';
import type { Program } from '../../compiler/ir/index.js';
import { Diagnostics, fail } from '../../compiler/support/diagnostics.js';
import type { Loc } from '../../compiler/support/location.js';
import type { Transport } from '../p4runtime/transport.js';
import { SwitchByName } from './by-name.js';
import type { IfPrimaryExists } from './election.js';
import { Parts } from './handle-parts.js';
import { type Push, pushPipeline } from './push.js';
import { type RoleOptions, sessionRole } from './role.js';
import { Session } from './session.js';
import { createClient, type Switch } from './switch.js';
import { embeddedTarget, type Target } from './target.js';
import type { AnyPipeline, PacketInOf } from './types.js';

/** A request that takes longer has failed. */
const defaultTimeoutMs = 60_000;

/** The address of the switch, and the options of the session. */
export interface ClientOptions<P extends AnyPipeline = AnyPipeline> {
  /** HOST:PORT, or unix:PATH. */
  readonly address: string;
  /** Default: 1. */
  readonly deviceId?: bigint;
  /** 1 to 2^128 - 1; the controller with the highest one is the primary. Default: 1, or that of the last primary, if it left. */
  readonly electionId?: bigint;
  /**
   * Each role has its own primary, which writes the entities of the role; without a role, all entities. The primary
   * configures what the role may do. A name alone is a role that the switch knows, or one without limits.
   */
  readonly role?: string | RoleOptions<PacketInOf<P>>;
  /**
   * What `connect` does if another controller is the primary: 'fail' (the default); 'stand-by': this controller is a
   * backup, which reads, and becomes the primary when no other is; 'take-over': it takes a higher election id.
   */
  readonly ifPrimaryExists?: IfPrimaryExists;
  /**
   * Reconnects after the connection is lost, with growing delays: requests wait, streams go on, the pipeline is loaded if
   * the switch lost it, digests are configured again, and `ready` runs. Without it, the session ends.
   */
  readonly reconnect?: boolean;
  /**
   * Runs before `connect` returns, and each time this controller becomes the primary again. It writes the entities that the
   * switch should have. An error that it throws later ends the session, with the event `ended`. If the connection is lost
   * while it runs, it runs again.
   */
  readonly ready?: (sw: Switch<P>) => Promise<void>;
  /**
   * Milliseconds until a request fails with DEADLINE_EXCEEDED; the time that it waits for a reconnection counts. Default:
   * 60,000.
   */
  readonly timeoutMs?: number;
  /** The length of the queue of packets, and of the queue of lists of each digest. Default: 4096. */
  readonly queueLimit?: number;
  /** The kind of switch. Default: the embedded switch. */
  readonly target?: Target;
  /** When the pipeline is loaded. Default: 'if-different'. */
  readonly push?: Push;
  /** The session closes when the signal is aborted. */
  readonly signal?: AbortSignal;
}

/** The program of a pipeline without mistakes. */
export function checkedProgram(pipeline: unknown, what: string, loc: Loc): Program {
  const found = programOf(pipeline);
  if (!found) return fail('not-a-pipeline', { what, got: describeHandle(pipeline) }, { loc });
  const diagnostics = new Diagnostics();
  diagnostics.add(...recordedAndValidated(found.diagnostics, found.ir));
  diagnostics.throwIfErrors();
  return found.ir;
}

export interface Clients<P extends AnyPipeline> {
  readonly client: Switch<P>;
  readonly byName: SwitchByName;
  readonly parts: Parts;
}
type OpenOptions<P extends AnyPipeline> = ClientOptions<P> & {
  readonly loc: Loc;
  /** What the controller calls the switch, where it has several. */
  readonly name?: string;
};

export async function openClient<P extends AnyPipeline>(
  program: Program,
  transport: Transport,
  options: OpenOptions<P>,
): Promise<Switch<P>> {
  return (await openClients(program, transport, options)).client;
}

/** Two clients of one session. The transport is closed with the first, and when there is to be none. */
export async function openClients<P extends AnyPipeline>(
  program: Program,
  transport: Transport,
  options: OpenOptions<P>,
): Promise<Clients<P>> {
  const { name, deviceId = 1n, target = embeddedTarget, push = 'if-different', signal, ready, loc } = options;
  const { timeoutMs = defaultTimeoutMs } = options;
  const address = name === undefined ? options.address : `${name} (${options.address})`;
  let session: Session | undefined;
  const onAbort = (): void => void close();
  const close = async (): Promise<void> => {
    signal?.removeEventListener('abort', onAbort);
    session?.close();
    await transport.close();
  };
  signal?.addEventListener('abort', onAbort);
  try {
    const config = await target.configure(program);
    const { p4info, binding } = config;
    const parts = new Parts(program.name, buildSchema(p4info, { program, binding }), binding, target);
    const role = options.role === undefined ? undefined : await sessionRole(options.role, parts, loc);
    const opened = await Session.open({ ...options, address, timeoutMs, transport, deviceId, role, loc });
    session = opened;
    const callOptions = { timeoutMs, ...(signal ? { signal } : {}) };
    const client = createClient<P>({ session: opened, parts, target, config, close }, callOptions);
    await opened.prepareWith({
      pipeline: () => pushPipeline(opened, config, push, { program: program.name, address, loc, server: target.server }, callOptions),
      controller: async () => ready?.(client),
    });
    signal?.throwIfAborted();
    return { client, parts, byName: new SwitchByName(opened, parts, callOptions, target) };
  } catch (error) {
    await close();
    // Other errors are consequences of the abort.
    signal?.throwIfAborted();
    throw error;
  }
}
