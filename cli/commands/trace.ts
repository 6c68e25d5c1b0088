/** `p4ts trace`: what a pipeline does to packets. */
import { type Command, Option } from 'commander';
import { toHex } from '../../compiler/support/bytes.js';
import { diagnostic, fail } from '../../compiler/support/diagnostics.js';
import { readUserFile } from '../../compiler/support/files.js';
import { nowhere } from '../../compiler/support/location.js';
import { checkedProgram } from '../../runtime/client/open.js';
import { longestDelayNs, type SendOptions } from '../../runtime/client/send-options.js';
import { startSimulation } from '../../runtime/client/simulate.js';
import { renderTrace } from '../../runtime/data-plane/render-trace.js';
import { summarizeTrace } from '../../runtime/data-plane/summarize-trace.js';
import { applyEntries, readEntries } from '../../runtime/entries/index.js';
import { maxFileLength } from '../../runtime/pcap/format.js';
import { packetsIn } from '../../runtime/pcap/read.js';
import { deviceOf } from '../../runtime/switch/device.js';
import {
  cpuPortOption,
  defineOption,
  entriesOption,
  fileArgument,
  includeOption,
  jsonOption,
  pipelineOption,
  portOption,
  type SourceOptions,
  wholeNumber,
} from '../arguments.js';
import { entryPlaces } from '../entry-places.js';
import { loadPipeline } from '../load.js';
import { colourOnStdout, reportDiagnostics, toStderr, toStdout } from '../report.js';
import { firstOutcomes, type TriedPacket, treeJson, treeText } from '../trace-all.js';
import { type FilterOptions, fates, type TracedOutcome, traceFilter } from '../trace-filter.js';

interface Options extends SourceOptions, FilterOptions, Omit<SendOptions, 'timestampNs'> {
  readonly entries?: string;
  readonly in?: string;
  readonly packet?: string;
  readonly port: number;
  readonly cpuPort: number;
  readonly brief?: boolean;
  readonly all?: boolean;
  readonly open?: readonly string[];
  readonly limit: number;
  readonly json?: boolean;
}

export function define(command: Command): void {
  command
    .description(
      'Runs packets through a pipeline, one after another, and shows what happens to each and which line of the pipeline did it.',
    )
    .argument(...fileArgument)
    .addOption(entriesOption())
    .addOption(new Option('--in <pcap>', 'the packets: a pcap file of Ethernet frames').conflicts('packet'))
    .addOption(new Option('--packet <hex>', 'one packet, in hexadecimal'))
    .addOption(portOption())
    .addOption(cpuPortOption())
    .addOption(pipelineOption())
    .addOption(includeOption())
    .addOption(defineOption())
    .addOption(new Option('--queue-depth <n>', 'packets in the queue when the packets enter it').argParser(depth))
    .addOption(new Option('--dequeue-depth <n>', 'packets in the queue when the packets leave it').argParser(depth))
    .addOption(new Option('--queue-delay-ns <n>', 'nanoseconds that the packets are in the queue').argParser(delay))
    .addOption(
      new Option('--residence-ns <n>', 'nanoseconds between ingress and egress, those in the queue included').argParser(nanoseconds),
    )
    .addOption(
      new Option('--brief', 'one line for each packet: its headers, the tables with their actions, and where it went').conflicts('json'),
    )
    .addOption(
      new Option(
        '--all',
        'every outcome that a packet can have, as one tree with probabilities: all members of groups, all random numbers',
      ).conflicts('brief'),
    )
    .addOption(
      new Option('--open <table>', 'with --all: try all that this table may run, as if nobody knew its entries; can be repeated')
        .argParser((table: string, before: readonly string[] = []) => [...before, table])
        .implies({ all: true }),
    )
    .addOption(
      new Option('--limit <runs>', 'with --all: how often a packet is run at most').default(10_000).argParser(wholeNumber(1, 10_000_000)),
    )
    .addOption(jsonOption('one line for each packet,'))
    .addOption(
      new Option('--only <fate>', 'only packets that nothing left for, that left at a port, or that went to the controller').choices(fates),
    )
    .addOption(new Option('--table <name>', 'only packets to which this table was applied'))
    .addOption(new Option('--to-port <n>', 'only packets that left at this port').argParser(wholeNumber(0, 0xffff_ffff)))
    .addHelpText(
      'after',
      `
Examples:
  $ p4ts trace router.ts --entries routes.txt --in capture.pcap --port 1
  $ p4ts trace router.ts --packet "ffffffffffff 020000000011 0806"
  $ p4ts trace router.ts --entries routes.txt --in capture.pcap --brief
  $ p4ts trace router.ts --entries routes.txt --in capture.pcap --brief --only dropped --table acl
  $ p4ts trace router.ts --in capture.pcap --json | jq -c '[.number, [.outputs[].port]]'
  $ p4ts trace balancer.ts --entries servers.yaml --in capture.pcap --all
  $ p4ts trace router.ts --packet "ffffffffffff 020000000011 0806" --open routes --json | jq -c '.outcomes[].outputs'

Every packet runs through the pipeline, whether or not --only, --table and --to-port show it. A packet is shown when all of them let it
through; it keeps its number. A packet is "dropped" when nothing of it left the switch.

With --all, the trace of a packet branches where the program, or an entry, leaves something open. Each packet finds what the packets
before it left when they went as without --all. --only, --table and --to-port show a packet that has such an outcome.

Entries, one a line:
  routes dst=10.0.1.0/24 -> forward(port=1)              exact, lpm
  acl src=10.0.0.0/8 ttl=0..3 priority=10 -> drop()      ternary (also VALUE&MASK), range, optional
  default routes -> drop()
  multicast 1: 1, 2, 3
In .json and .yaml files, what "p4ts entries" takes, also the p4lang tutorials' sX-runtime.json.`,
    )
    .action(trace);
}

const depth = wholeNumber(0, 2 ** 19 - 1);
const delay = wholeNumber(0, longestDelayNs);
const nanoseconds = wholeNumber(0, Number.MAX_SAFE_INTEGER);

interface Input {
  readonly bytes: Uint8Array;
  readonly timestampNs?: bigint;
}
/** The packets, and how many they are. */
interface Inputs {
  readonly count: number;
  each(): Iterable<Input>;
}

async function trace(file: string, options: Options, command: Command): Promise<void> {
  if (options.in === undefined && options.packet === undefined) command.error('error: give the packets with --in PCAP or --packet HEX');
  const packets = options.in === undefined ? onePacket(options.packet ?? '') : readCapture(options.in);
  const { handle, descriptor } = await loadPipeline(file, options);
  const { maxIngressPort: max, cpuPort = options.cpuPort } = deviceOf(descriptor.ir);
  if (options.port > max)
    command.error(`error: option '--port <n>' argument '${options.port}' is invalid. Give a whole number from 0 to ${max}.`);
  const { queueDelayNs = 0, residenceNs = queueDelayNs } = options;
  if (residenceNs < queueDelayNs)
    command.error(
      `error: option '--residence-ns <n>' argument '${residenceNs}' is invalid. The time in the queue is a part of it: ${queueDelayNs}.`,
    );
  const program = checkedProgram(handle, 'p4ts trace', nowhere);
  const { sw, byName } = await startSimulation(program, { cpuPort: options.cpuPort }, nowhere);
  reportDiagnostics(descriptor.diagnostics);
  const isWanted = traceFilter(options, byName.schema);
  const entries = options.entries === undefined ? [] : await readEntries(descriptor.ir, options.entries);
  await applyEntries(sw, entries);
  const { open = [], limit, json } = options;
  const entryPlace = options.all ? entryPlaces(descriptor.ir, byName.schema, entries) : undefined;
  const showTree = (packet: TriedPacket): string =>
    json ? treeJson(packet) : treeText(packet, packets.count, { color: colourOnStdout, ...(entryPlace ? { entryPlace } : {}) });
  const show = options.json ? asJson : options.brief ? inBrief(packets.count, cpuPort) : inFull(packets.count);
  let number = 0;
  let shown = 0;
  for (const { bytes, timestampNs } of packets.each()) {
    const packet = { number: ++number, timestampNs };
    const tried = options.all ? { ...packet, ...(await sw.sendAll(options.port, bytes, { ...options, open, limit })) } : undefined;
    const traced = { ...packet, ...(await sw.sendTraced(options.port, bytes, options)) };
    if (!(tried ? firstOutcomes(tried) : [traced]).some(isWanted)) continue;
    await toStdout(`${tried ? showTree(tried) : show(traced, shown)}\n`);
    shown++;
  }
  if (shown < number) toStderr(`${shown} of ${number} packets ${shown === 1 ? 'is' : 'are'} shown`);
  await sw.close();
}

interface TracedPacket extends TracedOutcome {
  /** From 1. */
  readonly number: number;
  readonly timestampNs: bigint | undefined;
}

function asJson({ number, timestampNs, outputs, toController, trace }: TracedPacket): string {
  const [sent, punted] = [outputs, toController].map((list) => list.map(({ port, packet }) => ({ port, packet: toHex(packet) })));
  return JSON.stringify({ number, timestampNs: timestampNs?.toString(), outputs: sent, toController: punted, trace });
}

/** One line for each packet. */
const inBrief =
  (count: number, cpuPort: number) =>
  ({ number, trace }: TracedPacket): string =>
    `${String(number).padStart(String(count).length)}  ${summarizeTrace(trace, { color: colourOnStdout, cpuPort })}`;

const inFull =
  (count: number) =>
  ({ number, trace }: TracedPacket, shown: number): string =>
    `${count > 1 ? `${shown > 0 ? '\n' : ''}packet ${number}, ` : ''}${renderTrace(trace, { color: colourOnStdout })}`;

const onePacket = (hex: string): Inputs => {
  const bytes = parseHex(hex);
  return { count: 1, each: () => [{ bytes }] };
};

/** The whole file is looked at before the first packet is traced. */
function readCapture(path: string): Inputs {
  const file = readUserFile(path, maxFileLength);
  let [count, cut] = [0, 0];
  for (const { bytes, originalLength } of packetsIn(file, path)) {
    count++;
    if (bytes.length < originalLength) cut++;
  }
  if (cut > 0) reportDiagnostics([diagnostic('pcap-cut', { name: path, cut, packets: count })]);
  return { count, each: () => packetsIn(file, path) };
}

/** The longest frame that is traced; tcpdump's own limit. */
const maxPacketLength = 262_144;

function parseHex(text: string): Uint8Array {
  const digits = text.replace(/^0x/i, '').replace(/[\s:.-]/g, '');
  const [wrong] = /[^\da-f]/i.exec(digits) ?? [];
  if (wrong !== undefined) fail('bad-packet-hex', { reason: `"${wrong}" is not a hexadecimal digit` });
  if (digits.length % 2 === 1) fail('bad-packet-hex', { reason: `it has ${digits.length} digits, and each byte needs two` });
  if (digits.length / 2 > maxPacketLength) fail('bad-packet-hex', { reason: `it has more than ${maxPacketLength} bytes` });
  return Buffer.from(digits, 'hex');
}
