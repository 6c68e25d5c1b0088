/** simple_switch_grpc as a device of scenarios, without root and without interfaces. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { DiagnosticError } from '../../../compiler/support/diagnostics.js';
import { grpcTransport } from '../../../runtime/grpc/transport.js';
import { bmv2 } from '../../../targets/bmv2/node.js';
import { findTool, type Tool } from '../../../targets/node.js';
import { DataplaneClient } from './dataplane.js';
import type { Device } from './device.js';

export const simpleSwitchGrpc: Tool = { command: 'simple_switch_grpc', variable: 'SIMPLE_SWITCH_GRPC' };

const startTimeoutMs = 20_000;

/**
 * Starts a switch without a program. It listens on sockets in a folder of its own, so that any number of them can run
 * beside each other; it ends with `close`, and with this process whatever happens.
 */
export async function startBmv2(): Promise<Device> {
  const path = await findTool(simpleSwitchGrpc);
  if (typeof path !== 'string') throw new DiagnosticError([path]);
  const folder = mkdtempSync(join(tmpdir(), 'p4ts-bmv2-'));
  const sockets = { p4runtime: join(folder, 'p4runtime'), dataplane: join(folder, 'dataplane') };
  const options = ['--no-p4', '--device-id', '1', '--thrift-port', '0', '--log-file', 'switch', '--log-level', 'warn', '--log-flush'];
  const own = [
    '--grpc-server-addr',
    `unix:${sockets.p4runtime}`,
    '--dp-grpc-server-addr',
    `unix:${sockets.dataplane}`,
    '--cpu-port',
    '510',
    // It drops packets of a priority that it has no queue for.
    '--priority-queues',
    '8',
  ];
  const running = execa(path, [...options, '--', ...own], {
    cwd: folder,
    stdin: 'ignore',
    all: true,
    reject: false,
    cleanup: true,
    // It does not end while a stream is open.
    killSignal: 'SIGKILL',
  });
  const dataplane = new DataplaneClient(`unix:${sockets.dataplane}`);
  const close = async (): Promise<void> => {
    dataplane.close();
    running.kill();
    await running;
    rmSync(folder, { recursive: true, force: true });
  };
  let ended = false;
  void running.then(() => {
    ended = true;
  });
  try {
    const deadline = Date.now() + startTimeoutMs;
    while (!Object.values(sockets).every((socket) => existsSync(socket))) {
      if (ended) throw new Error(`simple_switch_grpc ended at once:\n${(await running).all}`);
      if (Date.now() > deadline) throw new Error(`simple_switch_grpc did not listen within ${startTimeoutMs / 1000} seconds`);
      await sleep(10);
    }
    await dataplane.ready(startTimeoutMs);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    address: `unix:${sockets.p4runtime}`,
    // Scenarios also ask for what the client knows that BMv2 lacks.
    target: { name: bmv2.name, configure: bmv2.configure },
    transport: () => grpcTransport(`unix:${sockets.p4runtime}`),
    // It does not answer to an id that the stream has already.
    barrierIds: [2n, 1n],
    async observe(cause) {
      try {
        return { outputs: await dataplane.observe(cause) };
      } catch (error) {
        if (!ended) throw error;
        const log = join(folder, 'switch.txt');
        throw new Error(`simple_switch_grpc ended:\n${(await running).all}\n${existsSync(log) ? readFileSync(log, 'utf8') : ''}`);
      }
    },
    close,
  };
}
