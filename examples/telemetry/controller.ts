/** The controller of one switch of the network, and the collector's reader of what packets say. */
import { dissect, type Outs } from 'p4ts';
import { Ethernet } from 'p4ts/headers';
import type { Switch } from 'p4ts/runtime';
import { Hop, Telemetry, telemetryEtherType } from './headers.js';
import { collectorSession, telemetry } from './pipeline.js';

const { hosts, toSwitch, toHost, flows, watch, metrics } = telemetry.ingress;
const { self, identify } = telemetry.egress;

export type TelemetrySwitch = Switch<typeof telemetry>;
type Ipv4Address = `${number}.${number}.${number}.${number}`;
export interface Node {
  readonly switchId: number;
  /** Where each host is reached; `here` when it is attached to this switch. */
  readonly hosts: readonly { readonly mac: `${string}:${string}`; readonly port: number; readonly here: boolean }[];
  readonly collectorPort: number;
}
export interface Flow {
  readonly id: number;
  readonly src: Ipv4Address;
  readonly dst: Ipv4Address;
}

export async function install(sw: TelemetrySwitch, node: Node, watched: readonly Flow[]): Promise<void> {
  await sw.table(self).setDefault(identify({ switchId: node.switchId }));
  for (const { mac, port, here } of node.hosts) {
    await sw.table(hosts).insert({ match: { mac }, action: here ? toHost({ port }) : toSwitch({ port }) });
  }
  await sw.cloneSession(collectorSession).set([{ port: node.collectorPort }]);
  for (const { id, src, dst } of watched) await sw.table(flows).insert({ match: { src, dst }, action: watch({ id }) });
}

/** What the switch counted of a flow, with the share of connections that were refused or broken off. */
export async function metricsOf(sw: TelemetrySwitch, id: number) {
  const counted = await sw.register(metrics).read(id);
  return { ...counted, errorRate: counted.opened === 0 ? 0 : counted.reset / counted.opened };
}

/** The hops of a packet in the order of its way; none where it carries no telemetry. */
export function readHops(bytes: Uint8Array): Outs<(typeof Hop)['fields']>[] {
  const [ethernet, behind] = dissect(Ethernet, bytes) ?? [];
  if (!behind || ethernet?.etherType !== telemetryEtherType) return [];
  let [shim, rest] = dissect(Telemetry, behind) ?? [];
  const hops: Outs<(typeof Hop)['fields']>[] = [];
  while (shim && rest && hops.length < shim.hops) {
    const found = dissect(Hop, rest);
    if (!found) return [];
    hops.unshift(found[0]);
    rest = found[1];
  }
  return hops;
}
