/** What a packet is, in the words of a network engineer, and what a trace says of its way through the router. */
import { dissect, formatLoc } from 'p4ts';
import { allEvents, formatTraceMatch, formatTraceValue, type Trace, type TraceEvent } from 'p4ts/runtime';
import { Arp, Ethernet, IcmpEcho, Ipv4, Ipv6, Vlan } from './headers.js';
import { dropReasons, etherTypes } from './pipeline.js';

const icmpTypes: Readonly<Record<number, string>> = { 0: 'echo reply', 3: 'unreachable', 8: 'echo request', 11: 'time exceeded' };
const icmp6Types: Readonly<Record<number, string>> = {
  3: 'time exceeded',
  128: 'echo request',
  129: 'echo reply',
  135: 'neighbour solicitation',
  136: 'neighbour advertisement',
};

/** One line, the same for packets of one kind: `DNS 10.0.1.10 → 10.0.2.10`. */
export function describePacket(frame: Uint8Array): string {
  const [ethernet, rest] = dissect(Ethernet, frame) ?? [];
  if (!ethernet || !rest) return `${frame.length} bytes, less than an Ethernet header`;
  if (ethernet.etherType !== etherTypes.vlan) return layer3(ethernet.etherType, rest);
  const [vlan, behind] = dissect(Vlan, rest) ?? [];
  return vlan && behind ? `VLAN ${vlan.id}: ${layer3(vlan.etherType, behind)}` : 'VLAN tag cut off';
}

function layer3(type: number, bytes: Uint8Array): string {
  if (type === etherTypes.arp) {
    const [arp] = dissect(Arp, bytes) ?? [];
    return arp ? (arp.operation === 1 ? `ARP who has ${arp.targetIp}?` : `ARP ${arp.senderIp} is at ${arp.senderMac}`) : 'ARP cut off';
  }
  if (type === etherTypes.ipv4) {
    const [ip, behind] = dissect(Ipv4, bytes) ?? [];
    if (!ip || !behind) return 'IPv4 header cut off';
    const options = ip.headerLength > 5 ? ', with options' : '';
    const cut = ip.totalLength > bytes.length ? ', longer than its frame' : '';
    const ttl = ip.ttl <= 1 ? `, TTL ${ip.ttl}` : '';
    const message = behind.subarray(4 * (ip.headerLength - 5));
    return `${layer4(ip.protocol, message, icmpTypes)} ${ip.src} → ${ip.dst}${options}${ttl}${cut}`;
  }
  if (type === etherTypes.ipv6) {
    const [ip, behind] = dissect(Ipv6, bytes) ?? [];
    if (!ip || !behind) return 'IPv6 header cut off';
    return `${layer4(ip.nextHeader, behind, icmp6Types)} ${ip.src} → ${ip.dst}${ip.hopLimit <= 1 ? `, hop limit ${ip.hopLimit}` : ''}`;
  }
  return `EtherType 0x${type.toString(16).padStart(4, '0')}`;
}

function layer4(protocol: number, bytes: Uint8Array, icmp: Readonly<Record<number, string>>): string {
  const port = (offset: number) => ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
  if (protocol === 1 || protocol === 58) {
    const [message] = dissect(IcmpEcho, bytes) ?? [];
    return `${protocol === 1 ? 'ICMP' : 'ICMPv6'} ${message ? (icmp[message.type] ?? `type ${message.type}`) : 'cut off'}`;
  }
  if (protocol === 17) return port(0) === 53 || port(2) === 53 ? 'DNS' : 'UDP';
  if (protocol === 6) return 'TCP';
  return `protocol ${protocol}`;
}

/** What became of the packet, and why: the entries that decided, or the reason of the drop and the line that did it. */
export function describeTrace(trace: Trace, cpuPort: number): { readonly what: string; readonly why: readonly string[] } {
  const events = [...allEvents(trace.events)];
  const drop = events.find((event) => event.kind === 'drop');
  const sent = events.filter((event) => event.kind === 'send').map((event) => event.port);
  const what = sent.map((port) => (port === cpuPort ? 'to the controller' : `to port ${port}`)).join(', ');
  const why = events.flatMap((event) => reason(event));
  return drop ? { what: 'dropped', why: [...why, formatLoc(drop.loc)] } : { what, why };
}

function reason(event: TraceEvent): string[] {
  switch (event.kind) {
    case 'apply': {
      // The interface is the usual one; it matters only when the packet is not for this router.
      if (!event.hit || event.table === 'ingress.interfaces') return [];
      const args = event.action.args.map((arg) => formatTraceValue(arg)).join(', ');
      const keys = event.keys.flatMap((key) => (key.entry ? [formatTraceMatch(key.entry, key)] : [])).join(', ');
      return [`${short(event.table)} ${keys} → ${short(event.action.name)}(${args})`];
    }
    case 'count':
      return event.counter === 'ingress.drops' ? [dropReasons[event.index] ?? ''] : [];
    case 'parser-error':
      return [event.error];
    default:
      return [];
  }
}

const short = (name: string): string => name.replace(/^.*\./, '');
