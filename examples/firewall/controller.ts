/** The firewall's controller: installs sides and policy, tells of what was denied, and looks after the filter of connections. */
import type { Ipv4Address } from 'p4ts';
import { IpProtocol } from 'p4ts/headers';
import type { Switch } from 'p4ts/runtime';
import { dropReasons, filterSize, firewall } from './pipeline.js';

const { sides, inside, outside, policy, allow, deny, denied, first, second, drops } = firewall.ingress;

export type Firewall = Switch<typeof firewall>;

export interface Pair {
  readonly inside: number;
  readonly outside: number;
}
/** Who may begin a connection; what is left out may be anything. */
export interface Rule {
  readonly action: 'allow' | 'deny';
  readonly from: 'inside' | 'outside';
  readonly src?: `${Ipv4Address}/${number}`;
  readonly dst?: `${Ipv4Address}/${number}`;
  readonly protocol?: 'tcp' | 'udp' | 'icmp';
  /** Destination ports, the first and the last one. */
  readonly ports?: readonly [number, number];
}

/** The first rule that fits decides; what no rule fits is denied. */
export async function install(sw: Firewall, pairs: readonly Pair[], rules: readonly Rule[]): Promise<void> {
  for (const pair of pairs) {
    await sw
      .table(sides)
      .insert(
        { match: { port: pair.inside }, action: inside({ out: pair.outside }) },
        { match: { port: pair.outside }, action: outside({ out: pair.inside }) },
      );
  }
  const entries = rules.map(({ action, from, src, dst, protocol, ports }, index) => ({
    match: {
      fromInside: from === 'inside',
      ...(src ? { src: masked(src) } : {}),
      ...(dst ? { dst: masked(dst) } : {}),
      ...(protocol ? { protocol: IpProtocol[protocol] } : {}),
      ...(ports ? { dstPort: { low: ports[0], high: ports[1] } } : {}),
    },
    priority: rules.length - index,
    action: action === 'allow' ? allow() : deny(),
  }));
  await sw.table(policy).insert(...entries);
}

/** `10.0.0.0/8` as a value and a mask. */
function masked(prefix: `${Ipv4Address}/${number}`): { value: Ipv4Address; mask: number } {
  const [value, length] = prefix.split('/') as [Ipv4Address, string];
  return { value, mask: Number((0xffff_ffffn << BigInt(32 - Number(length))) & 0xffff_ffffn) };
}

export interface Denied {
  readonly port: number;
  readonly src: string;
  readonly dst: string;
  readonly protocol: number;
  readonly dstPort: number;
}

/** Tells of first packets that the policy denied, until the switch is closed. The same is told once in a second at most. */
export async function watch(sw: Firewall, told: (denied: Denied) => void): Promise<void> {
  for await (const list of sw.digests(denied, { ackTimeoutNs: 1_000_000_000n })) for (const entry of list.entries) told(entry);
}

export interface FilterState {
  /** Share of the cells that hold a time, of both registers. */
  readonly filled: readonly [number, number];
  /** How many connections that is. */
  readonly connections: number;
  /** How likely a packet that belongs to none is taken for one of a connection. */
  readonly falsePositive: number;
}

/** How full the filter is. Cells stay filled when their connection has ended, so that this is an upper bound. */
export async function filterState(sw: Firewall): Promise<FilterState> {
  const used = async (filter: typeof first): Promise<number> => (await sw.register(filter).readAll()).filter((cell) => cell !== 0).length;
  const [one, two] = [await used(first), await used(second)];
  // n keys in m cells leave m·e^(-n/m) of them empty.
  const estimate = (cells: number): number => filterSize * Math.log(filterSize / Math.max(filterSize - cells, 1));
  const filled: [number, number] = [one / filterSize, two / filterSize];
  return { filled, connections: Math.round((estimate(one) + estimate(two)) / 2), falsePositive: filled[0] * filled[1] };
}

/** Ends all connections. */
export async function flush(sw: Firewall): Promise<void> {
  for (const filter of [first, second]) {
    const register = sw.register(filter);
    for (const [index, cell] of (await register.readAll()).entries()) if (cell !== 0) await register.write(index, 0);
  }
}

export interface Counters {
  readonly rules: readonly { readonly priority: number; readonly packets: bigint }[];
  readonly drops: readonly { readonly reason: string; readonly packets: bigint; readonly bytes: bigint }[];
}

/** What could begin a connection by rule, the first rule first, and what was dropped by reason. */
export async function counters(sw: Firewall): Promise<Counters> {
  const rules: Counters['rules'][number][] = [];
  for await (const { priority, counter } of sw.table(policy).entries()) rules.push({ priority, packets: counter?.packets ?? 0n });
  const cells = await sw.counter(drops).read();
  return {
    rules: rules.sort((a, b) => b.priority - a.priority),
    drops: cells.map((cell, index) => ({ reason: dropReasons[index] ?? '', ...cell })),
  };
}
