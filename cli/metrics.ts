/** `p4ts switch --metrics`: what the switch counts, for Prometheus. */
import { createServer } from 'node:http';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { listen } from '../runtime/grpc/listen.js';
import type { ServerObserver } from '../runtime/grpc/serve.js';
import type { SwitchCore } from '../runtime/switch/core.js';

export const defaultMetricsAddress = '127.0.0.1:9560';

export interface Metrics {
  readonly observer: Pick<ServerObserver, 'call' | 'messageDropped'>;
  readonly contentType: string;
  /** What the switch has counted until now. */
  text(): Promise<string>;
}

/** From a tenth of a millisecond to ten seconds. */
const latencies = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

export function createMetrics(core: SwitchCore): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const counter = (name: string, help: string, ...labelNames: string[]) => new Counter({ name, help, labelNames, registers });
  const packets = counter('p4ts_packets_total', 'Packets, by how they came or went', 'way');
  const drops = counter('p4ts_dropped_packets_total', 'Packets and copies that ended in the switch, by where', 'where');
  const parserErrors = counter('p4ts_parser_errors_total', 'Packets that the parser stopped at, by error', 'error');
  const lookups = counter('p4ts_table_lookups_total', 'Lookups in a table, by result', 'table', 'result');
  const dropped = counter('p4ts_stream_messages_dropped_total', 'Messages that a controller did not read in time, by kind', 'kind');
  const gauge = (name: string, help: string, ...labelNames: string[]) => new Gauge({ name, help, labelNames, registers });
  const entries = gauge('p4ts_table_entries', 'Entries in a table', 'table');
  const sizes = gauge('p4ts_table_size', 'Entries that a table takes', 'table');
  const streams = gauge('p4ts_streams', 'Open streams of controllers');
  const calls = new Histogram({
    name: 'p4ts_rpc_duration_seconds',
    help: 'Time that calls took, by method and status',
    labelNames: ['method', 'code'],
    buckets: latencies,
    registers,
  });
  const update = async (): Promise<void> => {
    const now = await core.statistics();
    for (const metric of [packets, drops, parserErrors, lookups, entries, sizes]) metric.reset();
    const { received, sent, packetIns, packetOuts } = now.packets;
    for (const [way, count] of Object.entries({ received, sent, packet_in: packetIns, packet_out: packetOuts }))
      packets.inc({ way }, count);
    for (const [where, count] of now.drops) drops.inc({ where }, count);
    for (const [error, count] of now.parserErrors) parserErrors.inc({ error }, count);
    for (const { name: table, entries: held, size, hits, misses } of now.tables) {
      lookups.inc({ table, result: 'hit' }, hits);
      lookups.inc({ table, result: 'miss' }, misses);
      entries.set({ table }, held);
      sizes.set({ table }, size);
    }
    streams.set(now.streams);
  };
  const observer: Metrics['observer'] = {
    // How long a stream is open says nothing.
    call: (method, code, seconds) => method !== 'StreamChannel' && calls.observe({ method, code }, seconds),
    messageDropped: (kind) => dropped.inc({ kind }),
  };
  return {
    observer,
    contentType: registry.contentType,
    text: async () => {
      await update();
      return registry.metrics();
    },
  };
}

/**
 * Serves the metrics at /metrics of that HOST:PORT; port 0 takes a free one. Returns where, and what ends it.
 * @throws DiagnosticError address-in-use, address-not-usable
 */
export async function serveMetrics(metrics: Metrics, address: string): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    metrics.text().then(
      (text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  const used = await listen(server, address);
  return { url: `http://${used}/metrics`, close: () => void server.close() };
}
