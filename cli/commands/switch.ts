/** `p4ts switch`: the embedded switch with a pipeline loaded, served over P4Runtime until it is stopped. */
import { type Command, Option } from 'commander';
import { architectures } from '../../compiler/arch/index.js';
import { nowhere } from '../../compiler/support/location.js';
import { checkedProgram, openClient } from '../../runtime/client/connect.js';
import { applyEntries, readEntries } from '../../runtime/entries/index.js';
import { createDataPlane } from '../../runtime/interpreter/index.js';
import { defaultAddress, serve } from '../../runtime/p4runtime/serve.js';
import { createSwitch } from '../../runtime/switch/core.js';
import { localTransport } from '../../runtime/switch/local-transport.js';
import {
  cpuPortOption,
  defineOption,
  entriesOption,
  fileArgument,
  includeOption,
  pipelineOption,
  type SourceOptions,
  wholeNumber,
} from '../arguments.js';
import { loadPipeline } from '../load.js';
import { reportDiagnostics } from '../report.js';

interface Options extends SourceOptions {
  readonly grpc: string;
  readonly deviceId: number;
  readonly cpuPort: number;
  readonly entries?: string;
}

export function define(command: Command): void {
  command
    .description(
      'Runs a pipeline in the embedded switch and serves P4Runtime, until it is interrupted. Any P4Runtime controller can write its tables and exchange packets with it.',
    )
    .argument(...fileArgument)
    .option('--grpc <host:port>', 'address of the P4Runtime server; port 0 takes a free one', defaultAddress)
    .addOption(
      new Option('--device-id <n>', 'what controllers call the switch').default(1).argParser(wholeNumber(1, Number.MAX_SAFE_INTEGER)),
    )
    .addOption(cpuPortOption())
    .addOption(entriesOption())
    .addOption(pipelineOption())
    .addOption(includeOption())
    .addOption(defineOption())
    .addHelpText(
      'after',
      `
Examples:
  $ p4ts switch router.ts
  $ p4ts switch router.ts --grpc 0.0.0.0:9559 --entries routes.txt

A controller in TypeScript:
  import { connect } from 'p4ts/runtime';
  const sw = await connect(router, { address: '${defaultAddress}' });

The switch has no network interfaces yet: packets enter and leave as packet-out and packet-in.`,
    )
    .action(runSwitch);
}

async function runSwitch(file: string, options: Options): Promise<void> {
  const deviceId = BigInt(options.deviceId);
  const { handle, descriptor } = await loadPipeline(file, options);
  const program = checkedProgram(handle, 'p4ts switch', nowhere);
  reportDiagnostics(descriptor.diagnostics);
  const statements = options.entries === undefined ? [] : await readEntries(program, options.entries);

  const core = createSwitch({ deviceId, cpuPort: options.cpuPort, dataPlane: createDataPlane() });
  const client = await openClient(program, localTransport(core), { address: 'the switch', deviceId, loc: nowhere });
  await applyEntries(client, statements);
  await client.close();
  const server = await serve(core, { address: options.grpc });
  const cpuPort = architectures.get(program.arch)?.device?.cpuPort ?? options.cpuPort;
  process.stdout.write(`${program.name} runs as device ${deviceId}, P4Runtime on ${server.address}, CPU port ${cpuPort}\n`);

  await interrupted();
  await server.close();
  await core.close();
}

/** A second signal ends the process at once. */
const interrupted = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
