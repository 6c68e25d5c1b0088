/**
 * The load balancer's controller. Each server of a service has a number of shares: members of the service's group, with
 * the server's weight. When a server fails, its shares are given to the others, in proportion to their weights, and back
 * to it when it works again. The group itself does not change, so that flows of the other servers stay where they are.
 */
import { group, type Ipv4Address, type MacAddress } from 'p4ts';
import type { Switch } from 'p4ts/runtime';
import { dropReasons, loadBalancer } from './pipeline.js';

const { services, servers, toServer, noServer, routes, via, given, drops } = loadBalancer.ingress;

/** More of them share a failed server's flows more evenly, and take more members of the selector. */
export const sharesOfServer = 4;

export interface Server {
  readonly name: string;
  /** Flows in comparison with the other servers of the service. */
  readonly weight: number;
  readonly port: number;
  readonly mac: MacAddress;
}
export interface Site {
  readonly services: readonly { readonly address: Ipv4Address; readonly servers: readonly Server[] }[];
  readonly routes: readonly { readonly dst: `${Ipv4Address}/${number}`; readonly port: number; readonly mac: MacAddress }[];
}
export interface Counted {
  readonly packets: bigint;
  readonly bytes: bigint;
}

/** A part of a service's flows: the server that they belong to, and the one that has them now. */
interface Share {
  readonly member: number;
  readonly owner: Server;
  /** 'nobody' where no server is left; undefined before the first write. */
  holder?: Server | 'nobody';
}

export class Balancer {
  readonly #sw: Switch<typeof loadBalancer>;
  /** By service. */
  readonly #shares: readonly (readonly Share[])[];
  readonly #servers: readonly Server[];
  readonly #failed = new Set<Server>();

  private constructor(sw: Switch<typeof loadBalancer>, site: Site) {
    let member = 0;
    this.#sw = sw;
    this.#servers = site.services.flatMap((service) => service.servers);
    this.#shares = site.services.map((service) =>
      service.servers.flatMap((server) => Array.from({ length: sharesOfServer }, () => ({ member: ++member, owner: server }))),
    );
  }

  static async install(sw: Switch<typeof loadBalancer>, site: Site): Promise<Balancer> {
    const balancer = new Balancer(sw, site);
    await sw.table(routes).insert(...site.routes.map(({ dst, port, mac }) => ({ match: { dst }, action: via({ port, dstMac: mac }) })));
    for (const [index, { address }] of site.services.entries()) {
      const shares = balancer.#shares[index] as readonly Share[];
      for (const share of shares) await balancer.#place(share, share.owner);
      const id = index + 1;
      await sw
        .profile(servers)
        .group(id)
        .set(shares.map(({ member, owner }) => ({ member, weight: owner.weight })));
      await sw.table(services).insert({ match: { address }, action: group(id) });
    }
    return balancer;
  }

  /** Takes a server out: its flows go to the other servers of its service. */
  async fail(name: string): Promise<void> {
    this.#failed.add(this.#server(name));
    await this.#rebalance();
  }
  /** The server works again, and gets its flows back. */
  async recover(name: string): Promise<void> {
    this.#failed.delete(this.#server(name));
    await this.#rebalance();
  }

  /** What each server was given. */
  async given(): Promise<readonly (Counted & { readonly server: Server })[]> {
    const cells = await this.#sw.counter(given).read();
    return this.#servers.map((server, index) => ({ server, ...(cells[index] as Counted) }));
  }
  async drops(): Promise<readonly (Counted & { readonly reason: string })[]> {
    const cells = await this.#sw.counter(drops).read();
    return cells.map((cell, index) => ({ reason: dropReasons[index] ?? '', ...cell }));
  }

  /** Writes only the members whose server changes. */
  async #rebalance(): Promise<void> {
    for (const shares of this.#shares) {
      const works = (server: Server): boolean => !this.#failed.has(server);
      for (const share of shares) {
        const { owner, holder } = share;
        if (works(owner)) await this.#place(share, owner);
        else if (!holder || holder === 'nobody' || !works(holder)) await this.#place(share, leastLoaded(shares, works));
      }
    }
  }

  async #place(share: Share, server: Server | 'nobody'): Promise<void> {
    if (share.holder === server) return;
    const action =
      server === 'nobody' ? noServer() : toServer({ server: this.#servers.indexOf(server), port: server.port, dstMac: server.mac });
    await this.#sw.profile(servers).member(share.member).set(action);
    share.holder = server;
  }

  #server(name: string): Server {
    const server = this.#servers.find((s) => s.name === name);
    if (!server) throw new Error(`there is no server ${name}`);
    return server;
  }
}

/** Of the servers that work, the one whose flows are fewest for its weight. */
function leastLoaded(shares: readonly Share[], works: (server: Server) => boolean): Server | 'nobody' {
  const load = (server: Server): number =>
    shares.filter(({ holder }) => holder === server).reduce((sum, { owner }) => sum + owner.weight, 0) / server.weight;
  const candidates = [...new Set(shares.map(({ owner }) => owner))].filter(works);
  return candidates.sort((a, b) => load(a) - load(b))[0] ?? 'nobody';
}
