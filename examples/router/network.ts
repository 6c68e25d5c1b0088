/** The small file that says what the router's interfaces and routes are: see network.txt. */
import type { Ipv4Address, MacAddress } from 'p4ts';

export interface Interface {
  readonly port: number;
  /** 0 when untagged. */
  readonly vlan: number;
  readonly mac: MacAddress;
  readonly ipv4: readonly Ipv4Address[];
  readonly ipv6: readonly Ipv6Address[];
}
export interface Route {
  readonly prefix: string;
  readonly mac: MacAddress;
  readonly port: number;
  readonly vlan: number;
}
export interface Network {
  readonly interfaces: readonly Interface[];
  readonly routes: readonly Route[];
}
export type Ipv6Address = `${string}:${string}`;

export class NetworkFileError extends Error {}

export const isIpv4 = (text: string): text is Ipv4Address => text.includes('.');
export const isIpv4Prefix = (text: string): text is `${Ipv4Address}/${number}` => text.includes('.');

export function parseNetwork(text: string): Network {
  const interfaces: Interface[] = [];
  const routes: Route[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const words = line.replace(/#.*/, '').trim().split(/\s+/);
    const [keyword, ...rest] = words;
    if (keyword === '') continue;
    const [, port, vlan = '0'] = /^(\d+)(?:\.(\d+))?$/.exec((keyword === 'interface' ? rest[0] : rest[4]) ?? '') ?? [];
    if (keyword === 'interface' && port !== undefined && rest.length >= 3) {
      const [, mac, ...addresses] = rest;
      interfaces.push({
        port: Number(port),
        vlan: Number(vlan),
        mac: mac as MacAddress,
        ipv4: addresses.filter(isIpv4),
        ipv6: addresses.filter((address): address is Ipv6Address => !isIpv4(address)),
      });
    } else if (keyword === 'route' && port !== undefined && rest[1] === 'via' && rest[3] === 'on') {
      routes.push({ prefix: rest[0] as string, mac: rest[2] as MacAddress, port: Number(port), vlan: Number(vlan) });
    } else {
      throw new NetworkFileError(
        `line ${index + 1}: "${line.trim()}": expected "interface PORT[.VLAN] MAC ADDRESS…" or "route PREFIX via MAC on PORT[.VLAN]"`,
      );
    }
  }
  return { interfaces, routes };
}
