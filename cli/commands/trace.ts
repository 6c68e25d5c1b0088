/** `p4ts trace`: what a pipeline does to packets. */
import { type Command, Option } from 'commander';
import { toHex } from '../../compiler/support/bytes.js';
import { diagnostic, fail } from '../../compiler/support/diagnostics.js';
import { simulate } from '../../runtime/client/simulate.js';
import { renderTrace } from '../../runtime/data-plane/render-trace.js';
import { applyEntries, readEntries } from '../../runtime/entries/index.js';
import { readPcap } from '../../runtime/pcap/node.js';
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
} from '../arguments.js';
import { loadPipeline } from '../load.js';
import { colourOnStdout, reportDiagnostics } from '../report.js';

interface Options extends SourceOptions {
  readonly entries?: string;
  readonly in?: string;
  readonly packet?: string;
  readonly port: number;
  readonly cpuPort: number;
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
    .addOption(jsonOption('one line for each packet,'))
    .addHelpText(
      'after',
      `
Examples:
  $ p4ts trace router.ts --entries routes.txt --in capture.pcap --port 1
  $ p4ts trace router.ts --packet "ffffffffffff 020000000011 0806"
  $ p4ts trace router.ts --in capture.pcap --json | jq -c '[.number, [.outputs[].port]]'

Entries, one a line:
  routes dst=10.0.1.0/24 -> forward(port=1)              exact, lpm
  acl src=10.0.0.0/8 ttl=0..3 priority=10 -> drop()      ternary (also VALUE&MASK), range, optional
  default routes -> drop()
  multicast 1: 1, 2, 3
In .json and .yaml files, what "p4ts entries" takes, also the p4lang tutorials' sX-runtime.json.`,
    )
    .action(trace);
}

interface Input {
  readonly bytes: Uint8Array;
  readonly timestampNs?: bigint;
}

async function trace(file: string, options: Options, command: Command): Promise<void> {
  if (options.in === undefined && options.packet === undefined) command.error('error: give the packets with --in PCAP or --packet HEX');
  const packets = options.in === undefined ? [{ bytes: parseHex(options.packet ?? '') }] : readCapture(options.in);
  const { handle, descriptor } = await loadPipeline(file, options);
  const { maxIngressPort: max } = deviceOf(descriptor.ir);
  if (options.port > max)
    command.error(`error: option '--port <n>' argument '${options.port}' is invalid. Give a whole number from 0 to ${max}.`);
  const sw = await simulate(handle, { cpuPort: options.cpuPort });
  reportDiagnostics(descriptor.diagnostics);
  if (options.entries !== undefined) await applyEntries(sw, await readEntries(descriptor.ir, options.entries));
  for (const [i, { bytes, timestampNs }] of packets.entries()) {
    const { outputs, trace } = await sw.sendTraced(options.port, bytes);
    if (options.json) {
      const sent = outputs.map(({ port, packet }) => ({ port, packet: toHex(packet) }));
      process.stdout.write(`${JSON.stringify({ number: i + 1, timestampNs: timestampNs?.toString(), outputs: sent, trace })}\n`);
    } else {
      const title = packets.length > 1 ? `${i > 0 ? '\n' : ''}packet ${i + 1}, ` : '';
      process.stdout.write(`${title}${renderTrace(trace, { color: colourOnStdout })}\n`);
    }
  }
  await sw.close();
}

function readCapture(path: string): readonly Input[] {
  const packets = readPcap(path);
  const cut = packets.filter((p) => p.bytes.length < p.originalLength).length;
  if (cut > 0) reportDiagnostics([diagnostic('pcap-cut', { name: path, cut, packets: packets.length })]);
  return packets;
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
