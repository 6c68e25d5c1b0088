/**
 * Packets per second of the examples in the reference interpreter.
 *
 * An example takes part with a file bench.ts that exports what Scenario asks for. Only the data plane is measured, in
 * memory and in one thread, without traces: what a packet costs that arrives at the switch, not input and output.
 */
import { existsSync, readdirSync } from 'node:fs';
import { connect, createDataPlane, createSwitch, defaultCpuPort, serve } from 'p4ts/runtime';
import { columns, type Measured, measure, number, table } from './measure.js';

interface Scenario {
  readonly pipeline: Parameters<typeof connect>[0];
  /** Installs what the packets need. */
  setUp(sw: Awaited<ReturnType<typeof connect>>): Promise<void>;
  /** Sent in this order, over and over. */
  readonly packets: readonly { readonly port: number; readonly bytes: Uint8Array }[];
}

const examples = new URL('../examples/', import.meta.url);
const names = readdirSync(examples).filter((name) => existsSync(new URL(`${name}/bench.ts`, examples)));
const runs = 7;
const runMs = 1000;
/** One packet a microsecond: meters and timeouts see time pass. */
const packetNs = 1000n;

async function packetsPerSecond({ pipeline, setUp, packets }: Scenario): Promise<Measured> {
  const dataPlane = createDataPlane();
  const server = await serve(createSwitch({ cpuPort: defaultCpuPort, dataPlane }), { address: '127.0.0.1:0' });
  const sw = await connect(pipeline, { address: server.address });
  await setUp(sw);
  let timestampNs = 0n;
  const pass = async (): Promise<number> => {
    const start = performance.now();
    let sent = 0;
    do {
      for (const packet of packets) {
        await dataPlane.request('packet', { ...packet, timestampNs });
        timestampNs += packetNs;
      }
      sent += packets.length;
    } while (performance.now() - start < runMs);
    return (1000 * sent) / (performance.now() - start);
  };
  const measured = await measure(runs, pass);
  await sw.close();
  await server.close();
  return measured;
}

/** As text, for people. */
export async function packetRates(): Promise<string> {
  const rows = [['example', 'packets/s', 'least', 'most']];
  for (const name of names) {
    const scenario = (await import(new URL(`${name}/bench.ts`, examples).href)) as Scenario;
    rows.push([name, ...columns(await packetsPerSecond(scenario))]);
  }
  return `${table(rows)}\n${runs} runs of ${number(runMs)} ms.`;
}
