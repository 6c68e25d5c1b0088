/** A switch that is known by its P4Info alone, for tools that control any P4Runtime switch. */
import { buildSchema } from '../../compiler/control/build.js';
import type { ControlSchema } from '../../compiler/control/schema.js';
import { fail } from '../../compiler/support/diagnostics.js';
import { nowhere } from '../../compiler/support/location.js';
import { StatusError } from '../p4runtime/status.js';
import type { CallOptions, Transport } from '../p4runtime/transport.js';
import { SwitchByName } from './by-name.js';
import type { IfPrimaryExists } from './election.js';
import { asking } from './errors.js';
import { Session } from './session.js';

export interface AnySwitchOptions extends CallOptions {
  readonly address: string;
  readonly deviceId: bigint;
  readonly electionId?: bigint;
  readonly role?: string;
  readonly ifPrimaryExists?: IfPrimaryExists;
  /** Reconnects after the connection is lost. */
  readonly reconnect?: boolean;
}

export class AnySwitch extends SwitchByName {
  readonly #options: CallOptions;
  readonly #found: { schema: ControlSchema };

  /** @throws DiagnosticError switch-unreachable, controller-not-primary, switch-without-pipeline */
  static async open(transport: Transport, options: AnySwitchOptions): Promise<AnySwitch> {
    let session: Session | undefined;
    try {
      const { role, ...rest } = options;
      session = await Session.open({ ...rest, ...(role === undefined ? {} : { role: { name: role } }), transport, loc: nowhere });
      return new AnySwitch(session, { schema: await readSchema(session, options) }, options);
    } catch (error) {
      session?.close();
      await transport.close();
      throw error;
    }
  }

  private constructor(session: Session, found: { schema: ControlSchema }, options: CallOptions) {
    super(session, found, options);
    this.#found = found;
    this.#options = options;
  }

  /** Reads the pipeline again, which may have changed after a reconnection or by another controller. */
  async refresh(): Promise<void> {
    this.#found.schema = await readSchema(this.session, this.#options);
  }

  /** The same switch; its requests end when the signal is aborted. */
  until(signal: AbortSignal): AnySwitch {
    return new AnySwitch(this.session, this.#found, { ...this.#options, signal });
  }

  async close(): Promise<void> {
    this.session.close();
    await this.session.transport.close();
  }
}

async function readSchema(session: Session, options: CallOptions): Promise<ControlSchema> {
  const { transport, deviceId, address } = session;
  const p4info = await asking(`reading the pipeline of ${address}`, async () => {
    try {
      return (await transport.getPipeline({ device_id: deviceId, response_type: 'P4INFO_AND_COOKIE' }, options)).config?.p4info;
    } catch (error) {
      // BMv2's answer without a pipeline; by the specification, the answer has no `config`.
      if (error instanceof StatusError && error.code === 'FAILED_PRECONDITION') return undefined;
      throw error;
    }
  });
  return buildSchema(p4info ?? fail('switch-without-pipeline', { address }));
}
