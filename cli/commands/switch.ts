/** `p4ts switch`: the embedded switch with a pipeline loaded, served over P4Runtime until it is stopped. */
import { type Command, Option } from 'commander';
import type { Logger } from 'pino';
import { architectures } from '../../compiler/arch/index.js';
import type { Program } from '../../compiler/ir/index.js';
import { fail } from '../../compiler/support/diagnostics.js';
import { nowhere } from '../../compiler/support/location.js';
import { checkedProgram, openClient } from '../../runtime/client/open.js';
import { applyEntries, readEntries } from '../../runtime/entries/index.js';
import { defaultAddress, type ServerObserver, type ServerTls, serve } from '../../runtime/grpc/serve.js';
import { createDataPlane } from '../../runtime/interpreter/index.js';
import { createSwitch, type SwitchCore } from '../../runtime/switch/core.js';
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
import { createLog, type LogLevel, logLevels } from '../log.js';
import { createMetrics, defaultMetricsAddress, type Metrics, serveMetrics } from '../metrics.js';
import { readPem } from '../pem.js';
import { reportDiagnostics } from '../report.js';

interface Options extends SourceOptions {
  readonly grpc: string;
  readonly deviceId: number;
  readonly cpuPort: number;
  readonly entries?: string;
  readonly metrics?: string | true;
  readonly logLevel: LogLevel;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsCa?: string;
}

export function define(command: Command): void {
  command
    .description(
      'Runs a pipeline in the embedded switch and serves P4Runtime, until it is interrupted. Any P4Runtime controller can write its tables and exchange packets with it.',
    )
    .argument('[file]', `${fileArgument[1]}; without a file, a controller sets the pipeline`)
    .option('--grpc <host:port>', 'address of the P4Runtime server; port 0 takes a free one', defaultAddress)
    .addOption(
      new Option('--device-id <n>', 'P4Runtime device id of the switch').default(1).argParser(wholeNumber(1, Number.MAX_SAFE_INTEGER)),
    )
    .addOption(cpuPortOption())
    .addOption(entriesOption())
    .addOption(pipelineOption())
    .addOption(includeOption())
    .addOption(defineOption())
    .option('--metrics [host:port]', `serve metrics for Prometheus at /metrics of ${defaultMetricsAddress}, or of that address`)
    .addOption(
      new Option('--log-level <level>', 'least severe level that is logged on stderr; debug logs every call')
        .choices(logLevels)
        .default('info'),
    )
    .option('--tls-cert <file>', 'PEM file of the certificate of the P4Runtime server; needs --tls-key')
    .option('--tls-key <file>', 'PEM file of the private key of --tls-cert')
    .option('--tls-ca <file>', 'PEM file of the certificate authority that signs the certificates of controllers (mutual TLS)')
    .addHelpText(
      'after',
      `
Examples:
  $ p4ts switch router.ts
  $ p4ts switch router.ts --grpc 0.0.0.0:9559 --entries routes.txt
  $ p4ts switch                          # a controller pushes what p4ts compile writes

On a terminal the log is text; elsewhere, JSON.

A controller in TypeScript:
  import { connect } from 'p4ts/runtime';
  const sw = await connect(router, { address: '${defaultAddress}' });

The switch has no network interfaces yet: packets enter and leave as packet-out and packet-in.`,
    )
    .action(runSwitch);
}

async function runSwitch(file: string | undefined, options: Options, command: Command): Promise<void> {
  const needsFile = (['entries', 'pipeline', 'include', 'define'] as const).find((option) => options[option] !== undefined);
  if (file === undefined && needsFile) command.error(`error: option '--${needsFile}' needs a file with the pipeline`);
  const deviceId = BigInt(options.deviceId);
  const core = createSwitch({ deviceId, cpuPort: options.cpuPort, dataPlane: createDataPlane() });
  const program = file === undefined ? undefined : await loadOnto(core, file, options);
  const log = createLog(options.logLevel);
  const metrics = createMetrics(core);
  const tls = readTls(options);
  const server = await serve(core, { address: options.grpc, observer: observer(log, metrics), ...(tls ? { tls } : {}) });
  const metricsAddress = options.metrics === true ? defaultMetricsAddress : options.metrics;
  const metricsServer = metricsAddress === undefined ? undefined : await serveMetrics(metrics, metricsAddress);
  const stopped = interrupted();
  const cpuPort = architectures.get(program?.arch ?? '')?.device?.cpuPort ?? options.cpuPort;
  const what = program ? `${program.name} runs` : 'a switch without a pipeline runs';
  process.stdout.write(`${what} as device ${deviceId}, P4Runtime on ${server.address}, CPU port ${cpuPort}\n`);

  log.info(
    { program: program?.name, device: options.deviceId, grpc: server.address, tls: tls !== undefined, metrics: metricsServer?.url },
    'started',
  );

  if (isOpenToOthers(server.address, tls)) {
    const advice = 'use --tls-cert, --tls-key and --tls-ca, or an address of 127.0.0.1';
    log.warn({ grpc: server.address, advice }, 'any machine that reaches this address can control the switch');
  }

  await stopped;
  log.info('stopping');
  metricsServer?.close();
  await server.close();
  await core.close();
}

/** The pipeline of the file, with the entries that are asked for. */
async function loadOnto(core: SwitchCore, file: string, options: Options): Promise<Program> {
  const { handle, descriptor } = await loadPipeline(file, options);
  const program = checkedProgram(handle, 'p4ts switch', nowhere);
  reportDiagnostics(descriptor.diagnostics);
  const entries = options.entries === undefined ? [] : await readEntries(program, options.entries);
  const client = await openClient(program, localTransport(core), { address: 'the switch', deviceId: core.deviceId, loc: nowhere });
  await applyEntries(client, entries);
  await client.close();
  return program;
}

/** From other machines, by controllers that need show nothing. */
function isOpenToOthers(address: string, tls: ServerTls | undefined): boolean {
  const host = address.slice(0, address.lastIndexOf(':'));
  return tls?.clientCa === undefined && !/^(localhost|127\..*|\[?::1\]?)$/.test(host);
}

/** Calls go into the log: those that fail as warnings, changes of the pipeline and sessions always, the many others for debugging. */
function observer(log: Logger, metrics: Metrics): ServerObserver {
  return {
    call: (method, code, seconds, why) => {
      metrics.observer.call(method, code, seconds, why);
      const about = { method, code, ms: Math.round(seconds * 1e6) / 1e3, ...(why === undefined ? {} : { why }) };
      if (code !== 'OK') log.warn(about, 'call');
      else if (method === 'SetForwardingPipelineConfig' || method === 'StreamChannel') log.info(about, 'call');
      else log.debug(about, 'call');
    },
    messageDropped: (kind) => {
      metrics.observer.messageDropped(kind);
      log.debug({ kind }, 'message dropped');
    },
    handshakeFailed: (peer, why) => log.warn({ peer, why }, 'TLS handshake failed'),
  };
}

function readTls({ tlsCert, tlsKey, tlsCa }: Options): ServerTls | undefined {
  if (tlsCert === undefined && tlsKey === undefined && tlsCa === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) return fail('tls-incomplete', {}, { loc: nowhere });
  return { cert: readPem(tlsCert), key: readPem(tlsKey), ...(tlsCa === undefined ? {} : { clientCa: readPem(tlsCa) }) };
}

/** A second signal ends the process at once. */
const interrupted = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
