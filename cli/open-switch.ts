/** Opens a session with the switch that the command line names. */
import { AnySwitch } from '../runtime/client/any-switch.js';
import type { IfPrimaryExists } from '../runtime/client/election.js';
import type { SwitchOptions } from './arguments.js';
import { readPem } from './pem.js';

const timeoutMs = 60_000;

/** Without `mustWrite`, another controller may be the primary; with `reconnect`, a switch that goes away is looked for. */
export async function openSwitch(options: SwitchOptions, mustWrite: boolean, reconnect = false): Promise<AnySwitch> {
  const { grpcTransport } = await import('../runtime/grpc/transport.js');
  const files = (['ca', 'cert', 'key'] as const).flatMap((name) => {
    const file = options[name];
    return file === undefined ? [] : [[name, readPem(file)] as const];
  });
  const { serverName } = options;
  const named = serverName === undefined ? {} : { serverName };
  const tls = options.tls || files.length > 0 || serverName !== undefined ? { ...Object.fromEntries(files), ...named } : undefined;
  const ifPrimaryExists: IfPrimaryExists = options.takeOver ? 'take-over' : mustWrite ? 'fail' : 'stand-by';
  return AnySwitch.open(grpcTransport(options.grpc, tls), {
    address: options.grpc,
    deviceId: BigInt(options.deviceId),
    ...(options.electionId === undefined ? {} : { electionId: BigInt(options.electionId) }),
    ...(options.role === undefined ? {} : { role: options.role }),
    ifPrimaryExists,
    reconnect,
    timeoutMs,
  });
}
