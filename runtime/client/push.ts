/** Puts the client's pipeline onto the switch, unless it is there already. */
import { createHash } from 'node:crypto';
import { fail } from '../../compiler/support/diagnostics.js';
import type { Loc } from '../../compiler/support/location.js';
import { StatusError } from '../p4runtime/status.js';
import { asking } from './errors.js';
import type { Session } from './session.js';
import type { TargetConfig } from './target.js';

/** Whether to load the pipeline, which clears all entries: only when the switch runs another one, always, or never. */
export type Push = 'if-different' | 'always' | 'never';

/** @throws DiagnosticError pipeline-not-loaded; P4RuntimeError when the switch refuses the pipeline */
export async function pushPipeline(
  session: Session,
  config: TargetConfig,
  push: Push,
  about: { readonly program: string; readonly address: string; readonly loc: Loc },
): Promise<void> {
  const { transport } = session;
  const cookie = cookieOf(config);
  if (push !== 'always') {
    const current = await asking(`reading the pipeline of ${about.address}`, () => currentCookie(session));
    if (current === cookie) return;
    if (push === 'never') fail('pipeline-not-loaded', { address: about.address, program: about.program }, { loc: about.loc });
  }
  await asking(`loading the pipeline ${about.program}`, () =>
    transport.setPipeline({
      ...session.identity,
      action: 'VERIFY_AND_COMMIT',
      config: { p4info: config.p4info, p4_device_config: config.deviceConfig, cookie: { cookie } },
    }),
  );
}

/** Undefined when there is no pipeline, or one of another client that gives none. */
async function currentCookie({ transport, deviceId }: Session): Promise<bigint | undefined> {
  try {
    const { config } = await transport.getPipeline({ device_id: deviceId, response_type: 'COOKIE_ONLY' });
    return config?.cookie?.cookie;
  } catch (error) {
    // How BMv2 says that it has none; the specification's answer has no `config`.
    if (error instanceof StatusError && error.code === 'FAILED_PRECONDITION') return undefined;
    throw error;
  }
}

/** 64 bits of a hash of the configuration; never 0. */
function cookieOf({ p4info, deviceConfig }: TargetConfig): bigint {
  const hash = createHash('sha256').update(JSON.stringify(p4info)).update(deviceConfig).digest();
  return hash.readBigUInt64BE() || 1n;
}
