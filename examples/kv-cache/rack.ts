/** A rack to try the switch in: two clients, and a server that has all values and answers what reaches it. */
import { build, dissect, internetChecksum, packet } from 'p4ts';
import { Ethernet, EtherType, IpProtocol, Ipv4, Udp } from 'p4ts/headers';
import { Kv, kvPort, ops } from './headers.js';

export const rack = {
  server: { port: 1, mac: '02:00:00:00:00:01', ip: '10.0.0.1', server: true },
  client: { port: 2, mac: '02:00:00:00:00:02', ip: '10.0.0.2' },
  stranger: { port: 3, mac: '02:00:00:00:00:03', ip: '10.0.0.3' },
} as const;
type Station = (typeof rack)[keyof typeof rack];

export interface Message {
  readonly op: number;
  readonly sequence: number;
  readonly key: bigint;
  readonly value: bigint;
}

/** A packet of the protocol. Clients send from port 40000. */
export function kvPacket(from: Station, to: Station, message: Message): Uint8Array {
  const kv = build(Kv, message);
  const [srcPort, dstPort] = from === rack.server ? [kvPort, 40000] : [40000, kvPort];
  const udp = build(Udp, { srcPort, dstPort, length: 8 + kv.length, checksum: 0 });
  const ip = (checksum: number) =>
    build(Ipv4, {
      version: 4,
      ihl: 5,
      dscp: 0,
      ecn: 0,
      totalLength: 20 + udp.length + kv.length,
      identification: 0,
      flags: 0,
      fragmentOffset: 0,
      ttl: 64,
      protocol: IpProtocol.udp,
      checksum,
      src: from.ip,
      dst: to.ip,
    });
  const ethernet = build(Ethernet, { dst: to.mac, src: from.mac, etherType: EtherType.ipv4 });
  return packet(ethernet, ip(internetChecksum(ip(0))), udp, kv);
}

/** The message in a packet; undefined in any other packet. */
export function readMessage(bytes: Uint8Array): Message | undefined {
  // Behind Ethernet, IPv4 without options, and UDP.
  return dissect(Kv, bytes.subarray(14 + 20 + 8))?.[0];
}

/** The server: what it was asked, it answers at once. */
export class KvServer {
  readonly #values = new Map<bigint, bigint>();
  /** Questions and changes that reached it. */
  load = 0;

  /** Keys that were never put have a value too, so that every answer can be checked. */
  valueOf(key: bigint): bigint {
    return this.#values.get(key) ?? key * 1000n;
  }

  answer(bytes: Uint8Array): Uint8Array | undefined {
    const message = readMessage(bytes);
    if (!message) return undefined;
    this.load++;
    const { key, value, op } = message;
    if (op === ops.put) this.#values.set(key, value);
    const answer = { ...message, op: op === ops.put ? ops.stored : ops.value, value: this.valueOf(key) };
    return kvPacket(rack.server, rack.client, answer);
  }

  /** What it sends to the switch for its cache. */
  fill(key: bigint): Uint8Array {
    return kvPacket(rack.server, rack.client, { op: ops.fill, sequence: 0, key, value: this.valueOf(key) });
  }
}
