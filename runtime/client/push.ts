/** Puts the client's pipeline onto the switch, unless it is there already. */
import { concatBytes, fnv1a, toUtf8 } from '../../compiler/support/bytes.js';
import { fail } from '../../compiler/support/diagnostics.js';
import type { Loc } from '../../compiler/support/location.js';
import type { Entity } from '../p4runtime/messages.js';
import { StatusError } from '../p4runtime/status.js';
import type { CallOptions } from '../p4runtime/transport.js';
import { identityOf } from './difference.js';
import { asking } from './errors.js';
import type { Requests } from './requests.js';
import type { Session } from './session.js';
import type { ServerTraits, TargetConfig } from './target.js';

/** Whether to load the pipeline, which clears all entries: only when the switch runs another one, always, or never. */
export type Push = 'if-different' | 'always' | 'never';

/** @throws DiagnosticError pipeline-not-loaded; P4RuntimeError when the switch refuses the pipeline */
export async function pushPipeline(
  session: Session,
  config: TargetConfig,
  push: Push,
  about: { readonly program: string; readonly address: string; readonly loc: Loc; readonly server?: ServerTraits | undefined },
  options: CallOptions,
): Promise<void> {
  const { transport } = session;
  const cookie = cookieOf(config);
  if (push !== 'always') {
    const current = await asking(`reading the pipeline of ${about.address}`, () => currentCookie(session, options));
    if (current === cookie) return;
    if (push === 'never') fail('pipeline-not-loaded', { address: about.address, program: about.program }, { loc: about.loc });
  }
  if (about.server?.keepsReplication) await clearReplication(session, options);
  const request = {
    ...session.identity,
    action: 'VERIFY_AND_COMMIT',
    config: { p4info: config.p4info, p4_device_config: config.deviceConfig, cookie: { cookie } },
  } as const;
  await asking(session.asked(`loading the pipeline ${about.program}`), () => transport.setPipeline(request, options), about.server?.causes);
}

/** What else can be done with the pipeline: see `Switch.pipeline`. */
export type PipelineStep = 'verify' | 'save' | 'commit' | 'reconcile';
const actions = { verify: 'VERIFY', save: 'VERIFY_AND_SAVE', commit: 'COMMIT', reconcile: 'RECONCILE_AND_COMMIT' } as const;

/** @throws P4RuntimeError when the switch refuses the pipeline, or knows no such step */
export async function stepPipeline(session: Session, given: TargetConfig, step: PipelineStep, { ask }: Requests): Promise<void> {
  const { p4info, deviceConfig } = given;
  const config = { p4info, p4_device_config: deviceConfig, cookie: { cookie: cookieOf(given) } };
  // What is committed is what was saved.
  const content = step === 'commit' ? {} : { config };
  await ask(`pipeline: ${step}`, (left) => session.transport.setPipeline({ ...session.identity, action: actions[step], ...content }, left));
}

/** Once the pipeline is another one, the server could not name them any more. */
async function clearReplication(session: Session, options: CallOptions): Promise<void> {
  const { transport } = session;
  const kinds: Entity[] = [
    { packet_replication_engine_entry: { multicast_group_entry: {} } },
    { packet_replication_engine_entry: { clone_session_entry: {} } },
  ];
  for (const kind of kinds) {
    const found: Entity[] = [];
    try {
      for await (const entity of transport.read({ ...session.reader, entities: [kind] }, options)) found.push(entity);
    } catch (error) {
      // There is no pipeline yet, or there are none.
      if (!(error instanceof StatusError && ['FAILED_PRECONDITION', 'NOT_FOUND', 'INTERNAL'].includes(error.code))) throw error;
    }
    const updates = found.map((entity) => ({ type: 'DELETE', entity: identityOf(entity) }) as const);
    if (updates.length > 0)
      await asking(session.asked('clearing multicast groups and clone sessions'), () =>
        transport.write({ ...session.identity, updates }, options),
      );
  }
}

/** Undefined when there is no pipeline, or one of another client that gives none. */
async function currentCookie({ transport, deviceId }: Session, options: CallOptions): Promise<bigint | undefined> {
  try {
    const { config } = await transport.getPipeline({ device_id: deviceId, response_type: 'COOKIE_ONLY' }, options);
    return config?.cookie?.cookie;
  } catch (error) {
    // BMv2's answer without a pipeline; by the specification, the answer has no `config`.
    if (error instanceof StatusError && error.code === 'FAILED_PRECONDITION') return undefined;
    throw error;
  }
}

/** 64 bits of a hash of the configuration; never 0. */
function cookieOf({ p4info, deviceConfig }: TargetConfig): bigint {
  return fnv1a(concatBytes(toUtf8(JSON.stringify(p4info)), deviceConfig)) || 1n;
}
