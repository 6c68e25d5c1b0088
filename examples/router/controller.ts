/**
 * The router's controller: installs interfaces, routes and next hops from a small file, answers what is for the router
 * itself, and prints the counters. `switch_` is the same thing whether the switch is in this process or across gRPC.
 */

import type { Ipv6Address } from 'p4ts';
import type { Switch } from 'p4ts/runtime';
import { type Answer, answer } from './answers.js';
import { type Interface, isIpv4Prefix, type Network } from './network.js';
import { dropReasons, reasons, router } from './pipeline.js';

const { interfaces, local4, local6, routes4, routes6, nextHops, admit, punt, via, untagged, tagged, drops } = router.ingress;

export type Router = Switch<typeof router>;

/** Installs what the file says. Every entry is checked by tsc against the pipeline. */
export async function install(sw: Router, network: Network): Promise<void> {
  for (const { port, vlan, mac, ipv4, ipv6 } of network.interfaces) {
    const on = { port, vlan };
    await sw.table(interfaces).insert(
      { match: { ...on, mac }, priority: 1, action: admit() },
      { match: { ...on, mac: 'ff:ff:ff:ff:ff:ff' }, priority: 1, action: admit() },
      // IPv6 multicast (RFC 2464).
      { match: { ...on, mac: { value: '33:33:00:00:00:00', mask: 'ff:ff:00:00:00:00' } }, priority: 1, action: admit() },
    );
    await sw.table(local4).insert(...ipv4.map((dst) => ({ match: { dst }, action: punt() })));
    await sw.table(local6).insert(...ipv6.map((dst) => ({ match: { dst }, priority: 2, action: punt() })));
  }
  // Link-local addresses and solicited-node groups are the router's own on every interface.
  await sw
    .table(local6)
    .insert(
      { match: { dst: { value: 'fe80::', mask: 'ffc0::' } }, priority: 1, action: punt() },
      { match: { dst: { value: 'ff02::', mask: 'ffff::' } }, priority: 1, action: punt() },
    );

  for (const [index, { prefix, mac: dstMac, port, vlan }] of network.routes.entries()) {
    const id = index + 1;
    const from = network.interfaces.find((i) => i.port === port && i.vlan === vlan);
    if (!from) throw new Error(`route ${prefix}: there is no interface ${port}${vlan ? `.${vlan}` : ''}`);
    const hop = { port, srcMac: from.mac, dstMac };
    await sw.table(nextHops).insert({ match: { id }, action: vlan === 0 ? untagged(hop) : tagged({ ...hop, vlan }) });
    if (isIpv4Prefix(prefix)) await sw.table(routes4).insert({ match: { dst: prefix }, action: via({ nextHop: id }) });
    else await sw.table(routes6).insert({ match: { dst: prefix as `${Ipv6Address}/${number}` }, action: via({ nextHop: id }) });
  }
}

/** Answers packets that the switch sends up, until the switch is closed. `told` hears of each. */
export async function serve(
  sw: Router,
  network: Network,
  told: (port: number, reason: number, reply?: Answer) => void = () => {},
): Promise<void> {
  const on = (port: number, vlan: number): Interface | undefined => network.interfaces.find((i) => i.port === port && i.vlan === vlan);
  for await (const { payload, ingressPort, reason, vlanId } of sw.packetIns()) {
    const iface = on(ingressPort, vlanId);
    const reply = iface && answer(payload, iface, reason === reasons.ttlExpired);
    if (reply) await sw.packetOut(reply.bytes, { egressPort: ingressPort });
    told(ingressPort, reason, reply);
  }
}

export interface Counters {
  readonly routes: readonly { readonly prefix: string; readonly packets: bigint; readonly bytes: bigint }[];
  readonly drops: readonly { readonly reason: string; readonly packets: bigint; readonly bytes: bigint }[];
}

/** What the switch counted: packets and bytes by route, and by reason for the drops. */
export async function counters(sw: Router): Promise<Counters> {
  const routes: Counters['routes'][number][] = [];
  for await (const { match, counter } of sw.table(routes4).entries()) if (counter) routes.push({ prefix: match.dst, ...counter });
  for await (const { match, counter } of sw.table(routes6).entries()) if (counter) routes.push({ prefix: match.dst, ...counter });
  const cells = await sw.counter(drops).read();
  return { routes, drops: cells.map((cell, index) => ({ reason: dropReasons[index] ?? '', ...cell })) };
}
