/**
 * The NAT's controller: installs the site, gives ports to new flows and takes them back from those that are silent, and
 * answers what is for the NAT itself.
 */
import type { Ipv4Address, MacAddress } from 'p4ts';
import { IpProtocol } from 'p4ts/headers';
import { argsOf, P4RuntimeError, type Switch } from 'p4ts/runtime';
import { answer } from '../router/answers.js';
import type { Forwarding } from './forwardings.js';
import { dropReasons, nat, reasons } from './pipeline.js';
import { type Endpoint, keyOf, type PoolConfig, PortPool, type Refusal } from './ports.js';

const { interfaces, inside, outside, inbound, toHost, outbound, fromPublic, routes, own, toInside, toOutside, nextHops, via, drops } =
  nat.ingress;

export type Nat = Switch<typeof nat>;

export interface Interface {
  readonly side: 'inside' | 'outside';
  readonly port: number;
  readonly mac: MacAddress;
  readonly address: Ipv4Address;
}
export interface Route {
  readonly dst: `${Ipv4Address}/${number}`;
  readonly port: number;
  /** Of the next hop. */
  readonly mac: MacAddress;
}
export interface Site {
  readonly interfaces: readonly Interface[];
  readonly routes: readonly Route[];
  readonly pool: PoolConfig;
}

export interface Mapping {
  readonly protocol: number;
  readonly inside: Endpoint;
  readonly outside: Endpoint;
}
export type Event =
  | { readonly what: 'mapped' | 'released'; readonly mapping: Mapping }
  | { readonly what: 'refused'; readonly protocol: number; readonly inside: Endpoint; readonly why: Refusal | 'the tables are full' }
  | { readonly what: 'answered'; readonly with: string };

/** Silence after which a mapping ends: RFC 5382 REQ-5, RFC 4787 REQ-5, RFC 5508 REQ-2. */
const timeoutsNs: Readonly<Record<number, bigint>> = {
  [IpProtocol.tcp]: 7_440_000_000_000n,
  [IpProtocol.udp]: 300_000_000_000n,
  [IpProtocol.icmp]: 60_000_000_000n,
};

export interface NatController {
  /** Serves until the switch is closed. */
  serve(): Promise<void>;
}

/** Installs the site and its forwardings. `told` hears of what the controller does. */
export async function control(
  sw: Nat,
  site: Site,
  forwardings: readonly Forwarding[] = [],
  told: (event: Event) => void = () => {},
): Promise<NatController> {
  const pool = new PortPool(site.pool);
  /** Those that hosts opened, by the endpoint inside. */
  const mappings = new Map<string, Mapping>();
  const forwarded = new Set(forwardings.map((f) => keyOf(f.protocol, f.inside)));

  await install(sw, site);
  for (const forwarding of forwardings) {
    pool.reserve(forwarding.protocol, forwarding.outside);
    await insert(sw, forwarding);
  }

  /** Whether the flow has a mapping now. */
  async function open(protocol: number, from: Endpoint): Promise<boolean> {
    const key = keyOf(protocol, from);
    // Its next packets came before the mapping was in the tables.
    if (mappings.has(key) || forwarded.has(key)) return true;
    const given = pool.allocate(protocol, from);
    if (typeof given === 'string') {
      told({ what: 'refused', protocol, inside: from, why: given });
      return false;
    }
    const mapping: Mapping = { protocol, inside: from, outside: given };
    try {
      await insert(sw, mapping, timeoutsNs[protocol]);
    } catch (error) {
      if (!(error instanceof P4RuntimeError && error.code === 'RESOURCE_EXHAUSTED')) throw error;
      pool.release(protocol, from, given);
      told({ what: 'refused', protocol, inside: from, why: 'the tables are full' });
      return false;
    }
    mappings.set(key, mapping);
    told({ what: 'mapped', mapping });
    return true;
  }

  async function close(protocol: number, from: Endpoint): Promise<void> {
    const mapping = mappings.get(keyOf(protocol, from));
    if (!mapping) return;
    mappings.delete(keyOf(protocol, from));
    await sw.table(outbound).delete({ match: outboundKey(mapping) });
    await sw.table(inbound).delete({ match: inboundKey(mapping) });
    pool.release(protocol, from, mapping.outside);
    told({ what: 'released', mapping });
  }

  async function packets(): Promise<void> {
    for await (const { payload, ingressPort, reason, protocol, src, srcPort } of sw.packetIns()) {
      if (reason === reasons.newFlow) {
        // The pipeline translates it as it does those that follow.
        const mapped = await inTurn(() => open(protocol, { address: src as Ipv4Address, port: srcPort }));
        if (mapped) await sw.packetOut(payload, { port: ingressPort, again: 1 });
        continue;
      }
      const on = site.interfaces.find((i) => i.port === ingressPort);
      const reply =
        on && answer(payload, { ...on, vlan: 0, ipv4: ownAddresses(site, on, reason), ipv6: [] }, reason === reasons.ttlExpired);
      if (!reply) continue;
      await sw.packetOut(reply.bytes, { port: ingressPort, again: 0 });
      told({ what: 'answered', with: reply.what });
    }
  }
  async function aging(): Promise<void> {
    for await (const { match } of sw.idleTimeouts(outbound)) {
      await inTurn(() => close(match.protocol, { address: match.src as Ipv4Address, port: match.srcPort }));
    }
  }

  // One change after the other, so that a mapping is not made and ended at once.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(change: () => Promise<T>): Promise<T> => {
    const now = last.then(change);
    last = now.catch(() => {});
    return now;
  };

  return {
    async serve() {
      try {
        await Promise.all([packets(), aging()]);
      } catch (error) {
        // The switch was closed in the middle of a change.
        if (!(error instanceof P4RuntimeError && error.code === 'CANCELLED')) throw error;
      }
    },
  };
}

/** @throws RangeError for a route through a port that is no interface */
async function install(sw: Nat, { interfaces: ports, routes: list, pool }: Site): Promise<void> {
  for (const { port, mac, side } of ports) {
    await sw.table(interfaces).insert({ match: { port, mac }, action: side === 'inside' ? inside() : outside() });
  }
  const owned = new Set([...ports.map((i) => i.address), ...pool.addresses]);
  for (const address of owned) await sw.table(routes).insert({ match: { dst: `${address}/32` }, action: own() });
  for (const [index, { dst, port, mac }] of list.entries()) {
    const through = ports.find((i) => i.port === port);
    if (!through) throw new RangeError(`route ${dst}: port ${port} is no interface`);
    const hop = { nextHop: index + 1 };
    await sw.table(nextHops).insert({ match: { id: hop.nextHop }, action: via({ port, srcMac: through.mac, dstMac: mac }) });
    await sw.table(routes).insert({ match: { dst }, action: through.side === 'inside' ? toInside(hop) : toOutside(hop) });
  }
}

/** The addresses that the NAT answers for at an interface, that of the interface first. */
function ownAddresses({ interfaces: all, pool }: Site, on: Interface, reason: number): readonly Ipv4Address[] {
  if (on.side === 'outside') return [on.address, ...pool.addresses];
  if (reason === reasons.arp) return [on.address];
  return [on.address, ...all.filter((i) => i !== on).map((i) => i.address), ...pool.addresses];
}

const inboundKey = ({ protocol, outside: { address, port } }: Mapping) => ({ protocol, dst: address, dstPort: port });
const outboundKey = ({ protocol, inside: { address, port } }: Mapping) => ({ protocol, src: address, srcPort: port });

/** Both entries of a mapping, or none. */
async function insert(sw: Nat, mapping: Mapping, idleTimeoutNs?: bigint): Promise<void> {
  await sw.table(inbound).insert({ match: inboundKey(mapping), action: toHost(mapping.inside) });
  try {
    const entry = { match: outboundKey(mapping), action: fromPublic(mapping.outside) };
    await sw.table(outbound).insert(idleTimeoutNs === undefined ? entry : { ...entry, idleTimeoutNs });
  } catch (error) {
    await sw.table(inbound).delete({ match: inboundKey(mapping) });
    throw error;
  }
}

export interface Traffic extends Mapping {
  readonly packetsOut: bigint;
  readonly bytesOut: bigint;
  readonly packetsIn: bigint;
  readonly bytesIn: bigint;
}
export interface Counters {
  readonly mappings: readonly Traffic[];
  readonly drops: readonly { readonly reason: string; readonly packets: bigint; readonly bytes: bigint }[];
}

/** What the switch counted: by mapping, the forwardings too, and by reason for the drops. */
export async function counters(sw: Nat): Promise<Counters> {
  const none = { packets: 0n, bytes: 0n };
  const incoming = new Map<string, typeof none>();
  for await (const { match, counter } of sw.table(inbound).entries()) {
    incoming.set(keyOf(match.protocol, { address: match.dst, port: match.dstPort }), counter ?? none);
  }
  const mappings: Traffic[] = [];
  for await (const { match, action, counter: out = none } of sw.table(outbound).entries()) {
    const endpoint = argsOf(fromPublic, action);
    if (!endpoint) continue;
    const back = incoming.get(keyOf(match.protocol, endpoint)) ?? none;
    mappings.push({
      protocol: match.protocol,
      inside: { address: match.src, port: match.srcPort },
      outside: endpoint,
      packetsOut: out.packets,
      bytesOut: out.bytes,
      packetsIn: back.packets,
      bytesIn: back.bytes,
    });
  }
  const cells = await sw.counter(drops).read();
  return { mappings, drops: cells.map((cell, index) => ({ reason: dropReasons[index] ?? '', ...cell })) };
}
