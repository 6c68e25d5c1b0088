/** What the router itself answers: ARP, IPv6 neighbour solicitations, pings, and packets whose time is over. */
import { build, dissect, type Ipv4Address, type Ipv6Address, internetChecksum, type MacAddress, packet } from 'p4ts';
import { Arp, Ethernet, IcmpEcho, Ipv4, Ipv6, Neighbour, Vlan } from './headers.js';
import type { Interface } from './network.js';
import { etherTypes } from './pipeline.js';

const icmp = { echoReply: 0, echoRequest: 8, timeExceeded: 11 } as const;
const icmp6 = { timeExceeded: 3, echoRequest: 128, echoReply: 129, solicitation: 135, advertisement: 136 } as const;
const protocols = { icmp: 1, icmp6: 58 } as const;

/** An answer and what it is, in words. */
export interface Answer {
  readonly what: string;
  readonly bytes: Uint8Array;
}

/** The answer to a packet that came in through `on`; undefined where the router has none. */
export function answer(frame: Uint8Array, on: Interface, expired: boolean): Answer | undefined {
  const link = dissect(Ethernet, frame);
  if (!link) return undefined;
  let [ethernet, rest] = link;
  let type = ethernet.etherType;
  let tag = new Uint8Array();
  if (type === etherTypes.vlan) {
    const tagged = dissect(Vlan, rest);
    if (!tagged) return undefined;
    tag = rest.slice(0, rest.length - tagged[1].length);
    type = tagged[0].etherType;
    rest = tagged[1];
  }
  const layer3 = replyTo(type, rest, on, expired);
  if (!layer3) return undefined;
  const back = build(Ethernet, { dst: ethernet.src as MacAddress, src: on.mac, etherType: ethernet.etherType });
  return { what: layer3.what, bytes: packet(back, tag, layer3.bytes) };
}

function replyTo(type: number, bytes: Uint8Array, on: Interface, expired: boolean): Answer | undefined {
  if (type === etherTypes.arp) return arpReply(bytes, on);
  if (type === etherTypes.ipv4) return expired ? timeExceeded4(bytes, on) : echoReply4(bytes, on);
  if (type === etherTypes.ipv6) return expired ? timeExceeded6(bytes, on) : (advertisement(bytes, on) ?? echoReply6(bytes, on));
  return undefined;
}

function arpReply(bytes: Uint8Array, on: Interface): Answer | undefined {
  const [request] = dissect(Arp, bytes) ?? [];
  const target = request?.targetIp as Ipv4Address;
  if (request?.operation !== 1 || !on.ipv4.includes(target)) return undefined;
  const reply = build(Arp, {
    ...request,
    operation: 2,
    senderMac: on.mac,
    senderIp: target,
    targetMac: request.senderMac as MacAddress,
    targetIp: request.senderIp as Ipv4Address,
  });
  return { what: `ARP: ${target} is at ${on.mac}`, bytes: reply };
}

// ── IPv4 ──

function echoReply4(bytes: Uint8Array, on: Interface): Answer | undefined {
  const [ip, behind] = dissect(Ipv4, bytes) ?? [];
  if (!ip || !behind || ip.protocol !== protocols.icmp || !on.ipv4.includes(ip.dst as Ipv4Address)) return undefined;
  const message = behind.subarray(0, ip.totalLength - 20);
  const [echo, data] = dissect(IcmpEcho, message) ?? [];
  if (!echo || !data || echo.type !== icmp.echoRequest) return undefined;
  const body = withChecksum((checksum) => packet(build(IcmpEcho, { ...echo, type: icmp.echoReply, checksum }), data));
  return { what: `ICMP echo reply to ${ip.src}`, bytes: packet(ipv4Header(ip.dst, ip.src, body.length), body) };
}

function timeExceeded4(bytes: Uint8Array, on: Interface): Answer | undefined {
  const [ip] = dissect(Ipv4, bytes) ?? [];
  const [own] = on.ipv4;
  if (!ip || !own) return undefined;
  // RFC 792: the header and the first 64 bits of what follows; the router counts its own hop in the quoted TTL.
  const quoted = bytes.subarray(0, 28);
  const body = withChecksum((checksum) =>
    packet(build(IcmpEcho, { type: icmp.timeExceeded, code: 0, checksum, identifier: 0, sequence: 0 }), quoted),
  );
  return { what: `ICMP time exceeded to ${ip.src}`, bytes: packet(ipv4Header(own, ip.src, body.length), body) };
}

function ipv4Header(src: string, dst: string, length: number): Uint8Array {
  return withChecksum((checksum) =>
    build(Ipv4, {
      version: 4,
      headerLength: 5,
      dscp: 0,
      ecn: 0,
      totalLength: 20 + length,
      identification: 0,
      flags: 0,
      fragmentOffset: 0,
      ttl: 64,
      protocol: protocols.icmp,
      checksum,
      src: src as Ipv4Address,
      dst: dst as Ipv4Address,
    }),
  );
}

/** RFC 1071: the checksum is computed with its own field at 0. */
function withChecksum(make: (checksum: number) => Uint8Array, ...pseudoHeader: Uint8Array[]): Uint8Array {
  return make(internetChecksum(...pseudoHeader, make(0)));
}

// ── IPv6 ──

function echoReply6(bytes: Uint8Array, on: Interface): Answer | undefined {
  const [ip, behind] = dissect(Ipv6, bytes) ?? [];
  if (!ip || !behind || ip.nextHeader !== protocols.icmp6 || !on.ipv6.includes(ip.dst as Ipv6Address)) return undefined;
  const [echo, data] = dissect(IcmpEcho, behind.subarray(0, ip.payloadLength)) ?? [];
  if (!echo || !data || echo.type !== icmp6.echoRequest) return undefined;
  return {
    what: `ICMPv6 echo reply to ${ip.src}`,
    bytes: icmp6Packet(ip.dst, ip.src, 64, (checksum) => packet(build(IcmpEcho, { ...echo, type: icmp6.echoReply, checksum }), data)),
  };
}

function timeExceeded6(bytes: Uint8Array, on: Interface): Answer | undefined {
  const [ip] = dissect(Ipv6, bytes) ?? [];
  const [own] = on.ipv6;
  if (!ip || !own) return undefined;
  // RFC 4443: as much of the packet as fits into the minimum MTU of 1280 bytes.
  const quoted = bytes.subarray(0, 1280 - 40 - 8);
  return {
    what: `ICMPv6 time exceeded to ${ip.src}`,
    bytes: icmp6Packet(own, ip.src, 64, (checksum) =>
      packet(build(IcmpEcho, { type: icmp6.timeExceeded, code: 0, checksum, identifier: 0, sequence: 0 }), quoted),
    ),
  };
}

/** RFC 4861: who has the address that is solicited. */
function advertisement(bytes: Uint8Array, on: Interface): Answer | undefined {
  const [ip, behind] = dissect(Ipv6, bytes) ?? [];
  if (!ip || !behind || ip.nextHeader !== protocols.icmp6) return undefined;
  const [solicitation] = dissect(Neighbour, behind) ?? [];
  const target = solicitation?.target as Ipv6Address;
  if (solicitation?.type !== icmp6.solicitation || !on.ipv6.includes(target)) return undefined;
  return {
    what: `neighbour advertisement: ${target} is at ${on.mac}`,
    bytes: icmp6Packet(target, ip.src, 255, (checksum) =>
      build(Neighbour, {
        type: icmp6.advertisement,
        code: 0,
        checksum,
        // Router, solicited, override.
        flags: 0xe0000000,
        target,
        optionType: 2,
        optionLength: 1,
        linkLayer: on.mac,
      }),
    ),
  };
}

function icmp6Packet(src: string, dst: string, hopLimit: number, make: (checksum: number) => Uint8Array): Uint8Array {
  const header = (payloadLength: number, nextHeader: number, limit: number) =>
    build(Ipv6, {
      version: 6,
      trafficClass: 0,
      flowLabel: 0,
      payloadLength,
      nextHeader,
      hopLimit: limit,
      src: src as Ipv6Address,
      dst: dst as Ipv6Address,
    });
  const { length } = make(0);
  // RFC 8200 §8.1: the checksum covers the addresses, the length and the protocol too.
  const pseudoHeader = packet(header(0, 0, 0).subarray(8), Uint8Array.of(0, 0, length >> 8, length & 0xff, 0, 0, 0, protocols.icmp6));
  return packet(header(length, protocols.icmp6, hopLimit), withChecksum(make, pseudoHeader));
}
