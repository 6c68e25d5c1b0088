/**
 * Five routers and their links:
 *
 *     customer ─ pe1 ─── p1 ─── p2 ─── pe2 ─ customer
 *                         └─ p3 ─┘
 */
import { dissect, type MacAddress } from 'p4ts';
import { Ethernet, EtherType, Ipv4, Mpls } from 'p4ts/headers';
import { type SimulatedSwitch, simulate } from 'p4ts/runtime';
import { LabelSwitchRouter, type Link, makePath } from './controller.js';
import { labelSwitch } from './pipeline.js';

const names = ['pe1', 'p1', 'p2', 'p3', 'pe2'] as const;
export type RouterName = (typeof names)[number];

/** Both ends of each link: router and port. */
const wires: readonly (readonly [RouterName, number, RouterName, number])[] = [
  ['pe1', 2, 'p1', 1],
  ['p1', 2, 'p2', 1],
  ['p1', 3, 'p3', 1],
  ['p3', 2, 'p2', 3],
  ['p2', 2, 'pe2', 2],
];
const other = new Map(
  wires.flatMap(([a, p, b, q]) => [
    [`${a} ${p}`, { router: b, port: q }],
    [`${b} ${q}`, { router: a, port: p }],
  ]),
);

export const macOf = (router: RouterName, port: number): MacAddress => `02:00:00:00:0${names.indexOf(router)}:0${port}`;
export const customerMac: MacAddress = '02:c0:00:00:00:01';

/** Where a packet passed, as it was on the link after that. */
export interface Step {
  readonly router: RouterName;
  readonly port: number;
  readonly bytes: Uint8Array;
}

export interface Network {
  readonly routers: Readonly<Record<RouterName, LabelSwitchRouter>>;
  readonly switches: Readonly<Record<RouterName, SimulatedSwitch<typeof labelSwitch>>>;
  /** From the router's port to whatever is there. */
  link(router: RouterName, port: number): Link;
  /** The frame comes from the customer at pe1's port 1; each step until it is dropped or leaves the network. */
  carry(frame: Uint8Array): Promise<readonly Step[]>;
  close(): Promise<void>;
}

export async function createNetwork(): Promise<Network> {
  const switches = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await simulate(labelSwitch)] as const)),
  ) as Network['switches'];
  const routers = Object.fromEntries(names.map((name) => [name, new LabelSwitchRouter(name, switches[name])])) as Network['routers'];
  return {
    routers,
    switches,
    link(router, port) {
      const far = other.get(`${router} ${port}`);
      return { port, srcMac: macOf(router, port), dstMac: far ? macOf(far.router, far.port) : customerMac };
    },
    async carry(frame) {
      const steps: Step[] = [];
      let at: { router: RouterName; port: number } | undefined = { router: 'pe1', port: 1 };
      let bytes = frame;
      while (at) {
        const [sent]: readonly { port: number; packet: Uint8Array }[] = await switches[at.router].send(at.port, bytes);
        if (!sent) break;
        steps.push({ router: at.router, port: sent.port, bytes: sent.packet });
        bytes = sent.packet;
        at = other.get(`${at.router} ${sent.port}`);
      }
      return steps;
    },
    close: async () => {
      await Promise.all(Object.values(switches).map((sw) => sw.close()));
    },
  };
}

/** Two paths from pe1 to pe2: one under a service label for 10.2.0.0/16, and a plain one for 10.3.0.0/16. */
export async function provision({ routers, link }: Network) {
  const { pe1, p1, p2, pe2 } = routers;
  for (const dst of ['10.2.0.0/16', '10.3.0.0/16'] as const) await pe2.addRoute(dst, link('pe2', 1));
  const hops = [
    { router: pe1, link: link('pe1', 2) },
    { router: p1, link: link('p1', 2) },
    { router: p2, link: link('p2', 2) },
  ];
  const service = await pe2.addService();
  const tunnel = await makePath(hops, { prefixes: ['10.2.0.0/16'], service });
  const plain = await makePath(hops, { prefixes: ['10.3.0.0/16'] });
  return { service, tunnel, plain };
}

/** Labels as `label/ttl`, top first, then the packet's own TTL. */
export function describeFrame(frame: Uint8Array): string {
  const [ethernet, payload] = dissect(Ethernet, frame) ?? [];
  let rest = payload;
  const words: string[] = [];
  for (let more = ethernet?.etherType === EtherType.mpls; more && rest; ) {
    const [label, behind] = dissect(Mpls, rest) ?? [];
    if (label) words.push(`${label.label}/${label.ttl}`);
    more = label?.bottomOfStack === 0;
    rest = behind;
  }
  const [ip] = (rest && dissect(Ipv4, rest)) ?? [];
  if (ip) words.push(`IPv4 ${ip.src} → ${ip.dst} ttl ${ip.ttl}`);
  return words.join(' | ');
}
