/** Which public address and port a host inside gets: RFC 4787 §4, for each protocol of its own. */
import type { Ipv4Address } from 'p4ts';
import { IpProtocol } from 'p4ts/headers';

export interface Endpoint {
  readonly address: Ipv4Address;
  /** Of an echo, its identifier. */
  readonly port: number;
}
export interface PoolConfig {
  readonly addresses: readonly Ipv4Address[];
  /** The first and the last port of TCP and UDP that is given, from 1 to 65535. */
  readonly ports: readonly [number, number];
  /** Mappings that one host may have at a time. */
  readonly hostLimit: number;
}
/** Why a host gets no port. */
export type Refusal = 'the host has all the mappings that it may have' | 'no port is free';

export class PortPool {
  readonly #config: PoolConfig;
  /** `protocol address port` of what is in use. */
  readonly #used = new Set<string>();
  readonly #hosts = new Map<Ipv4Address, { readonly address: Ipv4Address; mappings: number }>();

  constructor(config: PoolConfig) {
    this.#config = config;
  }

  /** Takes an endpoint for good; false where it is taken. */
  reserve(protocol: number, endpoint: Endpoint): boolean {
    const key = keyOf(protocol, endpoint);
    if (this.#used.has(key)) return false;
    this.#used.add(key);
    return true;
  }

  /** A public endpoint for one inside: of the host's address (paired pooling), and with its own port where that is free. */
  allocate(protocol: number, inside: Endpoint): Endpoint | Refusal {
    const host = this.#hosts.get(inside.address) ?? { address: this.#leastUsed(), mappings: 0 };
    if (host.mappings >= this.#config.hostLimit) return 'the host has all the mappings that it may have';
    for (const port of this.#candidates(protocol, inside.port)) {
      const endpoint = { address: host.address, port };
      if (!this.reserve(protocol, endpoint)) continue;
      host.mappings++;
      this.#hosts.set(inside.address, host);
      return endpoint;
    }
    return 'no port is free';
  }

  /** Gives back what `allocate` gave. */
  release(protocol: number, inside: Endpoint, endpoint: Endpoint): void {
    const host = this.#hosts.get(inside.address);
    if (!host || !this.#used.delete(keyOf(protocol, endpoint))) return;
    if (--host.mappings === 0) this.#hosts.delete(inside.address);
  }

  /** The ports that may be given, from the wanted one on; for UDP of the same parity (REQ-4). */
  *#candidates(protocol: number, wanted: number): Generator<number> {
    const [from, to] = this.#range(protocol, wanted);
    const step = protocol === IpProtocol.udp ? 2 : 1;
    const lowest = step === 2 && from % 2 !== wanted % 2 ? from + 1 : from;
    const count = Math.floor((to - lowest) / step) + 1;
    const start = wanted >= lowest && wanted <= to ? Math.floor((wanted - lowest) / step) : 0;
    for (let i = 0; i < count; i++) yield lowest + step * ((start + i) % count);
  }

  /** Those on the same side of 1024 as the wanted port, where there are any (REQ-3); identifiers have no sides. */
  #range(protocol: number, wanted: number): readonly [number, number] {
    if (protocol === IpProtocol.icmp) return [1, 65535];
    const [first, last] = this.#config.ports;
    const [from, to] = wanted < 1024 ? [first, Math.min(last, 1023)] : [Math.max(first, 1024), last];
    return from <= to ? [from, to] : [first, last];
  }

  /** The address with the fewest hosts, the first of them. */
  #leastUsed(): Ipv4Address {
    const hosts = new Map(this.#config.addresses.map((address) => [address, 0]));
    for (const { address } of this.#hosts.values()) hosts.set(address, (hosts.get(address) ?? 0) + 1);
    const [least] = [...hosts].sort(([, a], [, b]) => a - b);
    if (!least) throw new RangeError('a pool needs an address');
    return least[0];
  }
}

export const keyOf = (protocol: number, { address, port }: Endpoint): string => `${protocol} ${address} ${port}`;
