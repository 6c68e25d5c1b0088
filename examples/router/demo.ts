/**
 * The whole way through: the pipeline is loaded onto the embedded switch over P4Runtime, the controller installs its
 * entries the same way, and captured traffic is forwarded. What leaves is written to one pcap per port.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs, styleText as style } from 'node:util';
import { connect, createDataPlane, createSwitch, type OutputPacket, readPcap, serve as serveP4Runtime, writePcap } from 'p4ts/runtime';
import { counters, install, serve } from './controller.js';
import { describePacket, describeTrace } from './describe.js';
import { parseNetwork } from './network.js';
import { dropReasons, router } from './pipeline.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const { values: options } = parseArgs({ options: { out: { type: 'string', default: 'out/router' } } });
const cpuPort = 510;

// ── the switch, its P4Runtime server, and the controller as a client of it ──

const core = createSwitch({ cpuPort, dataPlane: createDataPlane() });
const server = await serveP4Runtime(core, { address: '127.0.0.1:0' });
const sw = await connect(router, { address: server.address });
const network = parseNetwork(readFileSync(here('network.txt'), 'utf8'));
await install(sw, network);
console.log(`The embedded switch serves P4Runtime on ${server.address}. The router is loaded; the controller has installed`);
console.log(`${network.interfaces.length} interfaces and ${network.routes.length} routes from examples/router/network.txt.\n`);

const answers: string[] = [];
let handled = 0;
void serve(sw, network, (_port, _reason, reply) => {
  handled++;
  if (reply) answers.push(reply.what);
});

// ── the captured traffic, both ports merged by time ──

interface Input {
  readonly port: number;
  readonly timestampNs: bigint;
  readonly bytes: Uint8Array;
}
const inputs: Input[] = [];
for (const port of [1, 2]) {
  for (const captured of readPcap(here(`traffic/port${port}.pcap`))) inputs.push({ port, ...captured });
}
inputs.sort((a, b) => Number(a.timestampNs - b.timestampNs));
const start = inputs[0]?.timestampNs ?? 0n;

interface Kind {
  readonly port: number;
  readonly packet: string;
  count: number;
  readonly what: string;
  readonly why: readonly string[];
}
const kinds = new Map<string, Kind>();
const sent = new Map<number, { timestampNs: bigint; bytes: Uint8Array }[]>();
let now = start;
core.onOutput(({ port, bytes }: OutputPacket) => {
  sent.set(port, [...(sent.get(port) ?? []), { timestampNs: now, bytes }]);
});

let punted = 0;
for (const { port, timestampNs, bytes } of inputs) {
  now = timestampNs;
  const { trace, packetIns } = await core.processPacket(port, bytes, { trace: true, timestampNs: timestampNs - start });
  if (!trace) throw new Error('the switch gave no trace');
  const described = describeTrace(trace, cpuPort);
  let { what } = described;
  punted += packetIns.length;
  if (packetIns.length > 0) {
    const before = answers.length;
    await until(() => handled === punted);
    if (answers.length > before) what = `${what}, which answers: ${answers.at(-1)}`;
  }
  const packet = describePacket(bytes);
  const key = [port, packet, what, ...described.why].join('|');
  const kind = kinds.get(key) ?? { port, packet, count: 0, what, why: described.why };
  kind.count++;
  kinds.set(key, kind);
}
// The answers travel back over gRPC: wait until the last one left.
await until(() => [...sent.values()].flat().length >= forwarded() + answers.length);

function forwarded(): number {
  return [...kinds.values()].filter((kind) => /^to port/.test(kind.what)).reduce((sum, kind) => sum + kind.count, 0);
}

// ── what happened ──

for (const { port, packet, count, what, why } of kinds.values()) {
  const color = what === 'dropped' ? 'red' : what.startsWith('to port') ? 'green' : 'cyan';
  console.log(`${styleText('bold', `port ${port}  ${packet}`)}${count > 1 ? `  × ${count}` : ''}`);
  console.log(`        ${styleText(color, what)}${why.length > 0 ? `   ${styleText('dim', why.join('; '))}` : ''}`);
}

const counted = await counters(sw);
console.log('\nCounters, read over P4Runtime:\n');
table(
  ['route', 'packets', 'bytes'],
  counted.routes.map(({ prefix, packets, bytes }) => [prefix, String(packets), String(bytes)]),
);
console.log();
table(
  ['drop reason', 'packets', 'bytes'],
  dropReasons.map((reason, i) => [reason, String(counted.drops[i]?.packets ?? 0n), String(counted.drops[i]?.bytes ?? 0n)]),
);

mkdirSync(options.out, { recursive: true });
console.log('\nWhat left the router:\n');
for (const [port, packets] of [...sent].sort(([a], [b]) => a - b)) {
  const file = `${options.out}/port${port}.pcap`;
  writePcap(file, packets);
  console.log(`  port ${port}: ${packets.length} packets in ${file}`);
}

await sw.close();
await server.close();
await core.close();

/** Colour on a terminal only. */
function styleText(format: Parameters<typeof style>[0], text: string): string {
  return process.stdout.isTTY ? style(format, text) : text;
}

/** Waits for what happens across gRPC; gives up after five seconds. */
async function until(done: () => boolean): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!done()) {
    if (Date.now() > deadline) throw new Error('the controller did not answer within 5 seconds');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) => `  ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd();
  console.log(line(head));
  console.log(line(widths.map((width) => '─'.repeat(width))));
  for (const row of rows) console.log(line(row));
}
