/** The small file of static port forwardings, one a line: `tcp 198.51.100.10:443 -> 10.0.0.80:8443`; see forwardings.txt. */

import { Ipv4Address } from 'p4ts';
import { IpProtocol } from 'p4ts/headers';
import { type Endpoint, keyOf } from './ports.js';

export interface Forwarding {
  readonly protocol: number;
  readonly outside: Endpoint;
  readonly inside: Endpoint;
}

/** What is wrong with the file: one line for each mistake, with the number of its line. */
export class ForwardingsError extends Error {}

/**
 * @param addresses the public ones
 * @throws ForwardingsError
 */
export function parseForwardings(text: string, addresses: readonly Ipv4Address[]): readonly Forwarding[] {
  const forwardings: Forwarding[] = [];
  const mistakes: string[] = [];
  const lines = new Map<string, number>();
  for (const [index, whole] of text.split('\n').entries()) {
    const line = whole.replace(/#.*/, '').trim();
    if (line === '') continue;
    const wrong = (why: string) => void mistakes.push(`line ${index + 1}: "${line}": ${why}`);
    const [, name, from = '', to = ''] = /^(tcp|udp)\s+(\S+)\s+->\s+(\S+)$/.exec(line) ?? [];
    const [outside, inside] = [endpoint(from), endpoint(to)];
    if (!outside || !inside) {
      wrong('expected "tcp|udp ADDRESS:PORT -> ADDRESS:PORT", with IPv4 addresses and ports from 1 to 65535');
      continue;
    }
    if (!addresses.includes(outside.address)) wrong(`${outside.address} is no address of the pool`);
    const protocol = IpProtocol[name as 'tcp' | 'udp'];
    // An endpoint inside has one mapping too.
    for (const [what, end] of Object.entries({ outside, inside })) {
      const key = `${what} ${keyOf(protocol, end)}`;
      const before = lines.get(key);
      if (before !== undefined) wrong(`${end.address}:${end.port} is in line ${before} already`);
      else lines.set(key, index + 1);
    }
    forwardings.push({ protocol, outside, inside });
  }
  if (mistakes.length > 0) throw new ForwardingsError(mistakes.join('\n'));
  return forwardings;
}

function endpoint(text: string): Endpoint | undefined {
  const [address = '', digits = '', ...rest] = text.split(':');
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  if (!Ipv4Address.is(address) || port < 1 || port > 65535 || rest.length > 0) return undefined;
  return { address, port };
}
