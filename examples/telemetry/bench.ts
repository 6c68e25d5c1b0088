/** For the benchmark: a switch at the server's end. Watched flows come in with a hop of telemetry, and go out without. */
import { build, packet } from 'p4ts';
import { EtherType } from 'p4ts/headers';
import { type Flow, install, type TelemetrySwitch } from './controller.js';
import { Hop, Telemetry, telemetryEtherType } from './headers.js';
import { client, ports, server, tcpPacket } from './network.js';

export { telemetry as pipeline } from './pipeline.js';

const watched: readonly Flow[] = Array.from({ length: 32 }, (_, id) => ({ id, src: `10.0.1.${id + 1}`, dst: server.ip }));

export const setUp = (sw: TelemetrySwitch): Promise<void> =>
  install(
    sw,
    {
      switchId: 102,
      hosts: [
        { mac: client.mac, port: ports.left, here: false },
        { mac: server.mac, port: ports.right, here: true },
      ],
      collectorPort: ports.collector,
    },
    watched,
  );

/** The packet as the switch before this one sends it. */
function withHops(bytes: Uint8Array, count: number): Uint8Array {
  const hop = (i: number) => build(Hop, { switchId: 101 + i, ingressTime: 1000 * i, egressTime: 1000 * i + 700, queueDepth: i });
  const shim = build(Telemetry, { hops: count, etherType: EtherType.ipv4 });
  const type = Uint8Array.of(telemetryEtherType >> 8, telemetryEtherType & 0xff);
  return packet(bytes.subarray(0, 12), type, shim, ...Array.from({ length: count }, (_, i) => hop(i)), bytes.subarray(14));
}

/** A connection of each watched flow and of as many that nobody watches. */
export const packets = Array.from({ length: 2 * watched.length }, (_, i) => {
  const src = i % 2 === 0 ? (`10.0.1.${i / 2 + 1}` as const) : (`10.0.2.${i}` as const);
  const connection = [{ syn: 1 }, { ack: 1 }, { ack: 1 }, i % 8 === 0 ? { rst: 1 } : { fin: 1, ack: 1 }].map((flags) =>
    tcpPacket(flags, src),
  );
  return connection.map((bytes) => ({ port: ports.left, bytes: i % 2 === 0 ? withHops(bytes, 1 + (i % 4)) : bytes }));
}).flat();
