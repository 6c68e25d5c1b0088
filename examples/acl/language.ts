/**
 * Lists as text, one entry a line, the first that fits decides:
 *
 *   list edge
 *     10 permit tcp any 192.0.2.80/32 port 443
 *     20 permit tcp any any established
 *     30 deny udp 10.0.0.0/8 port 1024-65535 any port 53 log
 *     40 permit icmp any any type 8
 *     50 permit ip 2001:db8::/32 any
 *
 * An entry says: its number, which leaves room for others in between; permit or deny; ip, tcp, udp or icmp, or a
 * protocol's number; the source and the destination as a prefix or any, each with `port N` or `port N-M`;
 * `established`, `type N`, `log`. `#` begins a comment. An entry without an address is for both IPv4 and IPv6.
 */
import { isIPv4, isIPv6 } from 'node:net';

export interface Prefix {
  readonly address: string;
  readonly length: number;
  readonly version: 4 | 6;
}
export interface PortRange {
  readonly low: number;
  readonly high: number;
}
export interface Entry {
  /** From 1 to 65535, ascending in a list. */
  readonly number: number;
  /** As it was written, without the number. */
  readonly text: string;
  readonly action: 'permit' | 'deny';
  readonly log: boolean;
  /** IP versions that it is for. */
  readonly versions: readonly (4 | 6)[];
  readonly protocol?: 'tcp' | 'udp' | 'icmp' | number;
  readonly src?: Prefix;
  readonly dst?: Prefix;
  readonly srcPort?: PortRange;
  readonly dstPort?: PortRange;
  readonly established: boolean;
  readonly icmpType?: number;
}
export type Lists = ReadonlyMap<string, readonly Entry[]>;

/** What is wrong with the text, with the number of the line. */
export class ListError extends Error {}

/** @throws ListError for the first line that says something else */
export function parseLists(text: string): Lists {
  const lists = new Map<string, Entry[]>();
  let current: Entry[] | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const words = line.replace(/#.*/, '').trim().split(/\s+/).filter(Boolean);
    if (words.length === 0) continue;
    const wrong = (why: string): never => {
      throw new ListError(`line ${index + 1}: "${words.join(' ')}": ${why}`);
    };
    if (words[0] === 'list') {
      if (words.length !== 2) wrong('a list has one name');
      if (lists.has(words[1] as string)) wrong('there is a list of that name');
      current = [];
      lists.set(words[1] as string, current);
    } else {
      if (!current) wrong('an entry stands under a list');
      const entry = parseEntry(words, wrong);
      if (entry.number <= (current?.at(-1)?.number ?? 0)) wrong('the numbers of a list ascend from 1');
      current?.push(entry);
    }
  }
  return lists;
}

type Wrong = (why: string) => never;

function parseEntry(words: readonly string[], wrong: Wrong): Entry {
  const left = [...words];
  const next = (what: string): string => left.shift() ?? wrong(`${what} is missing`);
  const taken = (word: string): boolean => left[0] === word && left.shift() !== undefined;

  const number = parseNumber(next('a number'), 65535, wrong);
  const action = next('permit or deny');
  if (action !== 'permit' && action !== 'deny') return wrong('an entry says permit or deny after its number');
  const protocol = parseProtocol(next('a protocol'), wrong);
  const src = parsePrefix(next('a source'), wrong);
  const srcPort = taken('port') ? parsePorts(next('a port'), wrong) : undefined;
  const dst = parsePrefix(next('a destination'), wrong);
  const dstPort = taken('port') ? parsePorts(next('a port'), wrong) : undefined;
  const established = taken('established');
  const icmpType = taken('type') ? parseNumber(next('a type'), 255, wrong) : undefined;
  const log = taken('log');
  if (left.length > 0) wrong(`"${left[0]}" does not belong here`);

  if (src && dst && src.version !== dst.version) wrong('source and destination are of different versions of IP');
  if ((srcPort || dstPort) && protocol !== 'tcp' && protocol !== 'udp') wrong('only tcp and udp have ports');
  if (established && protocol !== 'tcp') wrong('only tcp is established');
  if (icmpType !== undefined && protocol !== 'icmp') wrong('only icmp has types');
  const version = src?.version ?? dst?.version;
  return {
    number,
    text: words.slice(1).join(' '),
    action,
    log,
    versions: version ? [version] : [4, 6],
    established,
    ...(protocol === undefined ? {} : { protocol }),
    ...(src ? { src } : {}),
    ...(dst ? { dst } : {}),
    ...(srcPort ? { srcPort } : {}),
    ...(dstPort ? { dstPort } : {}),
    ...(icmpType === undefined ? {} : { icmpType }),
  };
}

function parseProtocol(word: string, wrong: Wrong): Entry['protocol'] {
  if (word === 'ip') return undefined;
  if (word === 'tcp' || word === 'udp' || word === 'icmp') return word;
  return parseNumber(word, 255, wrong);
}

function parsePrefix(word: string, wrong: Wrong): Prefix | undefined {
  if (word === 'any') return undefined;
  const [address = '', length, ...more] = word.split('/');
  const version = isIPv4(address) ? 4 : isIPv6(address) ? 6 : undefined;
  if (!version || address.includes('%') || more.length > 0) return wrong(`"${word}" is neither a prefix nor any`);
  const width = version === 4 ? 32 : 128;
  return { address, version, length: length === undefined ? width : parseNumber(length, width, wrong) };
}

function parsePorts(word: string, wrong: Wrong): PortRange {
  const [from = '', to = from, ...more] = word.split('-');
  const [low, high] = [parseNumber(from, 65535, wrong), parseNumber(to, 65535, wrong)];
  if (low > high || more.length > 0) wrong(`"${word}" is no range of ports`);
  return { low, high };
}

function parseNumber(word: string, max: number, wrong: Wrong): number {
  if (!/^\d+$/.test(word) || Number(word) > max) wrong(`"${word}" is not a number up to ${max}`);
  return Number(word);
}
