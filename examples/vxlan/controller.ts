/** The gateway's controller: segments, the gateways that share them, and where their hosts are. */
import type { Ipv4Address, MacAddress } from 'p4ts';
import type { Switch } from 'p4ts/runtime';
import { type DropReason, dropReasons, vxlanGateway } from './pipeline.js';

const { access, segment, tunnels, terminate, hosts, local, remote, floods, flood, drops } = vxlanGateway.ingress;
const { gateways, encapsulate, tags, untagged, tagged } = vxlanGateway.egress;

/** This gateway's end of the tunnels. */
export interface Underlay {
  readonly port: number;
  readonly mac: MacAddress;
  readonly ip: Ipv4Address;
}
/** A port of a segment; without `vid`, its frames have no tag. */
export interface AccessPort {
  readonly port: number;
  readonly vid?: number;
}
/** Another gateway, and the router that leads there. */
export interface Peer {
  readonly ip: Ipv4Address;
  readonly routerMac: MacAddress;
}

export class Gateway {
  readonly #tunnels = new Map<Ipv4Address, number>();

  private constructor(
    readonly sw: Switch<typeof vxlanGateway>,
    readonly underlay: Underlay,
  ) {}

  static async start(sw: Switch<typeof vxlanGateway>, underlay: Underlay, peers: readonly Peer[]): Promise<Gateway> {
    const gateway = new Gateway(sw, underlay);
    await sw.valueSet(vxlanGateway.sets.underlay).set([underlay.port]);
    for (const [index, { ip, routerMac }] of peers.entries()) {
      const tunnel = index + 1;
      gateway.#tunnels.set(ip, tunnel);
      const action = encapsulate({ srcMac: underlay.mac, dstMac: routerMac, src: underlay.ip, dst: ip });
      await sw.table(gateways).insert({ match: { tunnel }, action });
    }
    return gateway;
  }

  /** A segment, on access ports and on the other gateways that have hosts of it. Its group has the segment's index. */
  async addSegment(vni: number, group: number, ports: readonly AccessPort[], members: readonly Ipv4Address[]): Promise<void> {
    const { sw, underlay } = this;
    await sw
      .multicast(group)
      .set([...ports.map(({ port }) => ({ port })), ...members.map((ip) => ({ port: underlay.port, instance: this.#tunnel(ip) }))]);
    await sw.table(floods).insert({ match: { vni }, action: flood({ group }) });
    for (const src of members) await sw.table(tunnels).insert({ match: { src, dst: underlay.ip, vni }, action: terminate() });
    for (const { port, vid } of ports) {
      await sw.table(tags).insert({ match: { port, vni }, action: vid === undefined ? untagged() : tagged({ vid }) });
      await sw.table(access).insert({ match: { port, vid: vid ?? 0 }, action: segment({ vni }) });
    }
  }

  /** Where a host is: on an access port, or behind another gateway. */
  async addHost(vni: number, mac: MacAddress, where: number | Ipv4Address): Promise<void> {
    const action = typeof where === 'number' ? local({ port: where }) : remote({ tunnel: this.#tunnel(where), port: this.underlay.port });
    await this.sw.table(hosts).insert({ match: { vni, mac }, action });
  }

  /** Packets dropped, by reason. */
  async dropped(): Promise<Partial<Record<DropReason, bigint>>> {
    const cells = await this.sw.counter(drops).read();
    return Object.fromEntries(dropReasons.flatMap((reason, i) => (cells[i]?.packets ? [[reason, cells[i].packets]] : [])));
  }

  #tunnel(ip: Ipv4Address): number {
    const tunnel = this.#tunnels.get(ip);
    if (tunnel === undefined) throw new RangeError(`there is no gateway ${ip}`);
    return tunnel;
  }
}
