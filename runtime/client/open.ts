/** Opens a client of a switch, however the switch is reached. */
import { validate } from '../../compiler/analysis/validate.js';
import { buildSchema } from '../../compiler/control/build.js';
import { describeHandle, programOf } from '../../compiler/dsl/handles.js';
import type { Program } from '../../compiler/ir/index.js';
import { Diagnostics, fail } from '../../compiler/support/diagnostics.js';
import type { Loc } from '../../compiler/support/location.js';
import type { Transport } from '../p4runtime/transport.js';
import { SwitchByName } from './by-name.js';
import type { IfPrimaryExists } from './election.js';
import { Parts } from './parts.js';
import { type Push, pushPipeline } from './push.js';
import { type RoleOptions, sessionRole } from './role.js';
import { Session } from './session.js';
import { createClient, type Switch } from './switch.js';
import { embeddedTarget, type Target } from './target.js';
import type { AnyPipeline, PacketInOf } from './types.js';

/** A request that takes longer has failed. */
const defaultTimeoutMs = 60_000;

/** Where the switch is, and how the session with it behaves. */
export interface ClientOptions<P extends AnyPipeline = AnyPipeline> {
  /** HOST:PORT, or unix:PATH. */
  readonly address: string;
  /** 1 where it is not said. */
  readonly deviceId?: bigint;
  /** From 1, of 128 bits; the highest of all controllers is the primary. Without one: 1, or that of a primary that is gone. */
  readonly electionId?: bigint;
  /**
   * Each role has a primary of its own, for the entries that are the role's; without one: of everything. What a role may do
   * its primary says here; a name alone is that of a role which the switch knows, or of one that may do everything.
   */
  readonly role?: string | RoleOptions<PacketInOf<P>>;
  /**
   * Where another controller is the primary: 'fail', which is so where it is not said; 'stand-by' as a backup, which may
   * read, and is the primary once nobody else is; or 'take-over' with a higher election id.
   */
  readonly ifPrimaryExists?: IfPrimaryExists;
  /**
   * Looks for the switch again, ever less often, when it is away: requests wait for it, streams go on, the pipeline is
   * loaded where it is gone, digests are asked for again, and `ready` runs. Without it, the session ends.
   */
  readonly reconnect?: boolean;
  /**
   * Runs before `connect` returns, and whenever this controller becomes the primary again: what the switch should have is
   * written here. What it throws later ends the session, which the event `ended` tells; where the switch went away
   * meanwhile, it runs again.
   */
  readonly ready?: (sw: Switch<P>) => Promise<void>;
  /**
   * Milliseconds after which a request is given up, with DEADLINE_EXCEEDED, also while it waits for a switch that is away;
   * 60,000 where it is not said.
   */
  readonly timeoutMs?: number;
  /** Packets, and lists of each digest, that wait for the controller to read them; 4096 where it is not said. */
  readonly queueLimit?: number;
  /** What kind of switch it is; the embedded one where it is not said. */
  readonly target?: Target;
  /** 'if-different' where it is not said. */
  readonly push?: Push;
  /** Closes the session when it is aborted. */
  readonly signal?: AbortSignal;
}

/** The program of a pipeline without mistakes. */
export function checkedProgram(pipeline: unknown, what: string, loc: Loc): Program {
  const found = programOf(pipeline);
  if (!found) return fail('not-a-pipeline', { what, got: describeHandle(pipeline) }, { loc });
  const diagnostics = new Diagnostics();
  diagnostics.add(...found.diagnostics);
  // What is wrong in the recording would be reported a second time.
  if (!diagnostics.hasErrors) diagnostics.add(...validate(found.ir).diagnostics);
  diagnostics.throwIfErrors();
  return found.ir;
}

export interface Clients<P extends AnyPipeline> {
  readonly client: Switch<P>;
  readonly byName: SwitchByName;
}
type OpenOptions<P extends AnyPipeline> = ClientOptions<P> & { readonly loc: Loc };

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
  const { address, deviceId = 1n, target = embeddedTarget, push = 'if-different', signal, ready, loc } = options;
  const { timeoutMs = defaultTimeoutMs } = options;
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
    const opened = await Session.open({ ...options, timeoutMs, transport, deviceId, role, loc });
    session = opened;
    const callOptions = { timeoutMs, ...(signal ? { signal } : {}) };
    const client = createClient<P>({ session: opened, parts, target, config, close }, callOptions);
    await opened.prepareWith({
      pipeline: () => pushPipeline(opened, config, push, { program: program.name, address, loc, server: target.server }, callOptions),
      controller: async () => ready?.(client),
    });
    signal?.throwIfAborted();
    return { client, byName: new SwitchByName(opened, parts, callOptions, target) };
  } catch (error) {
    await close();
    // Whatever failed because of it, being aborted is the reason.
    signal?.throwIfAborted();
    throw error;
  }
}
