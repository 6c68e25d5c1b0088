/**
 * The controller of the zero-trust switches: tells each who is attached where and which identities may talk, and keeps
 * account of what was denied.
 */
import type { Ipv4Address, MacAddress } from 'p4ts';
import { IpProtocol } from 'p4ts/headers';
import type { Switch } from 'p4ts/runtime';
import { type DenialReason, denialReasons, zeroTrust } from './pipeline.js';

const { fabric, trust, workloads, attest, destinations, deliver, carry, policy, allow, sampling, sample, denials } = zeroTrust.ingress;

export type ZeroTrustSwitch = Switch<typeof zeroTrust>;

export interface Workload {
  readonly name: string;
  /** From 1: several workloads may have one identity. */
  readonly identity: number;
  /** The switch that it is attached to, by name, and the port there. */
  readonly at: string;
  readonly port: number;
  readonly mac: MacAddress;
  readonly address: Ipv4Address;
}
/** Clients with the identity `from` may use the port `port` of servers with the identity `to`, which may answer. */
export interface Rule {
  readonly from: number;
  readonly to: number;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
}
export interface Site {
  readonly workloads: readonly Workload[];
  /** By switch and by the switch that is meant: the port towards it. */
  readonly links: Readonly<Record<string, Readonly<Record<string, number>>>>;
}
export interface Denial {
  readonly reason: DenialReason;
  readonly ingressPort: number;
  /** 0 where nobody is known. */
  readonly source: number;
  readonly destination: number;
  readonly payload: Uint8Array;
}

/** Tells the switch called `name` who is attached to it, and where everybody is. */
export async function install(sw: ZeroTrustSwitch, name: string, site: Site): Promise<void> {
  const links = site.links[name] ?? {};
  await sw.table(fabric).insert(...[...new Set(Object.values(links))].map((port) => ({ match: { port }, action: trust() })));
  for (const { at, identity, port, mac, address } of site.workloads) {
    if (at === name) {
      await sw.table(workloads).insert({ match: { port, mac, address }, action: attest({ identity }) });
      await sw.table(destinations).insert({ match: { address }, action: deliver({ identity, port, mac }) });
    } else {
      const towards = links[at];
      if (towards === undefined) throw new Error(`${name} has no link towards ${at}`);
      await sw.table(destinations).insert({ match: { address }, action: carry({ identity, port: towards }) });
    }
  }
}

/**
 * Lets clients of the rule open connections, and servers answer from their port. Over TCP an answer never opens a
 * connection itself.
 */
export async function permit(sw: ZeroTrustSwitch, ...rules: readonly Rule[]): Promise<void> {
  await sw.table(policy).insert(...rules.flatMap(entriesOf).map((match) => ({ match, priority: 1, action: allow() })));
}
export async function revoke(sw: ZeroTrustSwitch, ...rules: readonly Rule[]): Promise<void> {
  await sw.table(policy).delete(...rules.flatMap(entriesOf).map((match) => ({ match, priority: 1 })));
}

function entriesOf({ from, to, protocol, port }: Rule) {
  // Port 0 is what a fragment without ports has.
  if (!(Number.isInteger(port) && port >= 1 && port <= 65535)) throw new RangeError(`port ${port}: expected 1 to 65535`);
  const [number, one] = [IpProtocol[protocol], { low: port, high: port }];
  const forth = { source: from, destination: to, protocol: number, dstPort: one };
  const back = { source: to, destination: from, protocol: number, srcPort: one };
  return [forth, protocol === 'tcp' ? { ...back, opens: 0 } : back];
}

/** Of the packets denied for the reason, sends one of `oneOf` to the controller: a power of two up to 65536; 0 for none. */
export async function setSampling(sw: ZeroTrustSwitch, reason: DenialReason, oneOf: number): Promise<void> {
  if (oneOf !== 0 && !(oneOf >= 1 && oneOf <= 65536 && Number.isInteger(Math.log2(oneOf)))) {
    throw new RangeError(`one of ${oneOf}: expected 0 or a power of two up to 65536`);
  }
  const match = { reason: denialReasons.indexOf(reason) };
  let known = false;
  for await (const entry of sw.table(sampling).entries()) known ||= entry.match.reason === match.reason;
  if (oneOf === 0) {
    if (known) await sw.table(sampling).delete({ match });
    return;
  }
  const entry = { match, action: sample({ mask: oneOf - 1 }) };
  await (known ? sw.table(sampling).modify(entry) : sw.table(sampling).insert(entry));
}

/** Denied packets as they are sampled, until the switch is closed. */
export async function watchDenials(sw: ZeroTrustSwitch, told: (denial: Denial) => void): Promise<void> {
  for await (const { reason, ingressPort, source, destination, payload } of sw.packetIns()) {
    told({ reason: denialReasons[reason] as DenialReason, ingressPort, source, destination, payload });
  }
}

/** Every denial is counted, sampled or not. */
export async function countDenials(
  sw: ZeroTrustSwitch,
): Promise<readonly { readonly reason: DenialReason; readonly packets: bigint; readonly bytes: bigint }[]> {
  const cells = await sw.counter(denials).read();
  return cells.map((cell, index) => ({ reason: denialReasons[index] as DenialReason, ...cell }));
}
