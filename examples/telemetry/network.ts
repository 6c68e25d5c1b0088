/** Three switches in a row, a client at one end, a server and the collector at the other. */
import { build, internetChecksum, packet } from 'p4ts';
import { Ethernet, EtherType, IpProtocol, Ipv4, Tcp } from 'p4ts/headers';
import { type SentPacket, type SimulatedSwitch, simulate } from 'p4ts/runtime';
import { type Flow, install } from './controller.js';
import { telemetry } from './pipeline.js';

export const client = { mac: '02:00:00:00:00:01', ip: '10.0.0.1' } as const;
export const server = { mac: '02:00:00:00:00:02', ip: '10.0.0.2' } as const;
export const flow: Flow = { id: 1, src: client.ip, dst: server.ip };
/** Ports of each switch: towards the client, towards the server, and the collector's. */
export const ports = { left: 1, right: 2, collector: 3 } as const;

export async function row(): Promise<SimulatedSwitch<typeof telemetry>[]> {
  const switches = await Promise.all([1, 2, 3].map(() => simulate(telemetry)));
  for (const [i, sw] of switches.entries()) {
    const hosts = [
      { mac: client.mac, port: ports.left, here: i === 0 },
      { mac: server.mac, port: ports.right, here: i === 2 },
    ];
    await install(sw, { switchId: 101 + i, hosts, collectorPort: ports.collector }, [flow]);
  }
  return switches;
}

/** Sends a packet of the client through all switches; what reaches the server and what reaches the collector. */
export async function along(switches: readonly SimulatedSwitch<typeof telemetry>[], bytes: Uint8Array) {
  let now: Uint8Array | undefined = bytes;
  let copy: Uint8Array | undefined;
  for (const sw of switches) {
    const outs: readonly SentPacket[] = now ? await sw.send(ports.left, now) : [];
    now = outs.find((out) => out.port === ports.right)?.packet;
    copy = outs.find((out) => out.port === ports.collector)?.packet;
  }
  return { atServer: now, atCollector: copy };
}

export function tcpPacket(
  flags: { readonly syn?: number; readonly ack?: number; readonly rst?: number; readonly fin?: number },
  src: `${number}.${number}.${number}.${number}` = client.ip,
) {
  const tcp = build(Tcp, {
    srcPort: 40000,
    dstPort: 80,
    sequenceNumber: 1,
    acknowledgmentNumber: 0,
    dataOffset: 5,
    reserved: 0,
    cwr: 0,
    ece: 0,
    urg: 0,
    psh: 0,
    ...{ syn: 0, ack: 0, rst: 0, fin: 0, ...flags },
    window: 1000,
    checksum: 0,
    urgentPointer: 0,
  });
  const ip = (checksum: number) =>
    build(Ipv4, {
      version: 4,
      ihl: 5,
      dscp: 0,
      ecn: 0,
      totalLength: 40,
      identification: 0,
      flags: 2,
      fragmentOffset: 0,
      ttl: 64,
      protocol: IpProtocol.tcp,
      checksum,
      src,
      dst: server.ip,
    });
  return packet(build(Ethernet, { dst: server.mac, src: client.mac, etherType: EtherType.ipv4 }), ip(internetChecksum(ip(0))), tcp);
}
