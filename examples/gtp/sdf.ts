/**
 * Service data flow filters as PFCP carries them (TS 29.244 §8.2.5): `permit out 17 from 203.0.113.0/24 53 to assigned`.
 * Of RFC 6733's IPFilterRule the part that TS 29.213 §5.4.2 leaves: permit out, seen from the network, to the user.
 */
import { isIP } from 'node:net';

export interface PortRange {
  readonly low: number;
  readonly high: number;
}
/** What is absent may be anything. */
export interface Sdf {
  readonly protocol?: number;
  readonly remote?: { readonly address: string; readonly length: number };
  readonly remotePort?: PortRange;
  readonly userPort?: PortRange;
}

/** A text says what is wrong. */
export function parseSdf(text: string): Sdf | string {
  const match = /^permit out (ip|\d{1,3}) from (\S+)(?: ([\d-]+))? to (?:assigned|any)(?: ([\d-]+))?$/.exec(text.trim());
  if (!match) return 'expected "permit out PROTOCOL from PREFIX [PORTS] to assigned [PORTS]"';
  const [, protocol = '', prefix = '', ...ports] = match;
  if (protocol !== 'ip' && Number(protocol) > 255) return `${protocol} is no protocol`;
  const remote = prefix === 'any' ? undefined : parsePrefix(prefix);
  if (remote === null) return `"${prefix}" is no prefix`;
  const [remotePort, userPort] = ports.map((range) => (range === undefined ? undefined : parsePorts(range)));
  if (remotePort === null || userPort === null) return `ports are from 0 to 65535, as in 53 or 5000-5010`;
  return {
    ...(protocol === 'ip' ? {} : { protocol: Number(protocol) }),
    ...(remote ? { remote } : {}),
    ...(remotePort ? { remotePort } : {}),
    ...(userPort ? { userPort } : {}),
  };
}

function parsePrefix(text: string): Sdf['remote'] | null {
  const [address = '', digits, ...rest] = text.split('/');
  const bits = isIP(address) === 6 ? 128 : 32;
  const length = digits === undefined ? bits : /^\d{1,3}$/.test(digits) ? Number(digits) : -1;
  return isIP(address) === 0 || rest.length > 0 || length < 0 || length > bits ? null : { address, length };
}

function parsePorts(text: string): PortRange | null {
  const [low, high = low, ...rest] = text.split('-').map((digits) => (/^\d{1,5}$/.test(digits) ? Number(digits) : -1));
  return low === undefined || high === undefined || rest.length > 0 || low < 0 || low > high || high > 65535 ? null : { low, high };
}
