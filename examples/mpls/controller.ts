/**
 * Label distribution as one controller does it for all routers: it walks a path from its end to its beginning, has each
 * router allocate a label for it, and tells the router before it (RFC 3031 §3.3, ordered and downstream).
 */
import type { mac, Val } from 'p4ts';
import type { Switch } from 'p4ts/runtime';
import { type DropReason, dropReasons, firstLabel, labelSwitch } from './pipeline.js';

const { labels, swap, pop, popLookup, classes, push, pushPush, route, nextHops, forward, drops } = labelSwitch.ingress;

type Mac = Extract<Val<typeof mac>, string>;
export type Prefix = `${number}.${number}.${number}.${number}/${number}`;
/** How a packet leaves a router towards the next. */
export interface Link {
  readonly port: number;
  readonly srcMac: Mac;
  readonly dstMac: Mac;
}

/** One router: what it has allocated so far. */
export class LabelSwitchRouter {
  #label = firstLabel;
  #nextHop = 1;

  constructor(
    readonly name: string,
    readonly sw: Switch<typeof labelSwitch>,
  ) {}

  allocateLabel(): number {
    return this.#label++;
  }

  async addNextHop(link: Link): Promise<number> {
    const id = this.#nextHop++;
    await this.sw.table(nextHops).insert({ match: { id }, action: forward({ ...link }) });
    return id;
  }

  /** What this router routes itself, without labels. */
  async addRoute(dst: Prefix, link: Link): Promise<void> {
    await this.sw.table(classes).insert({ match: { dst }, action: route({ nextHop: await this.addNextHop(link) }) });
  }

  /** A label that this router pops to look at what is under it: the label of a service, of which it tells the others. */
  async addService(): Promise<number> {
    const label = this.allocateLabel();
    await this.sw.table(labels).insert({ match: { label }, action: popLookup() });
    return label;
  }

  /** Packets dropped, by reason. */
  async dropped(): Promise<Partial<Record<DropReason, bigint>>> {
    const cells = await this.sw.counter(drops).read();
    return Object.fromEntries(dropReasons.flatMap((reason, i) => (cells[i]?.packets ? [[reason, cells[i].packets]] : [])));
  }

  /** Packets by label, and by prefix. */
  async counted(): Promise<{ readonly labels: ReadonlyMap<number, bigint>; readonly classes: ReadonlyMap<string, bigint> }> {
    const byLabel = new Map<number, bigint>();
    for await (const { match, counter } of this.sw.table(labels).entries()) byLabel.set(match.label, counter?.packets ?? 0n);
    const byPrefix = new Map<string, bigint>();
    for await (const { match, counter } of this.sw.table(classes).entries()) byPrefix.set(match.dst, counter?.packets ?? 0n);
    return { labels: byLabel, classes: byPrefix };
  }
}

/** A router of a path, and the link from there to the next one. */
export interface PathHop {
  readonly router: LabelSwitchRouter;
  readonly link: Link;
}
export interface PathOptions {
  readonly prefixes: readonly Prefix[];
  /** The label that the end of the path asks for under the tunnel's. */
  readonly service?: number;
}

/**
 * Makes a label switched path through `hops` to the router behind the last of them, for packets to the prefixes. Returns
 * the label on each link; undefined on the last one, where the label is gone (penultimate hop popping).
 */
export async function makePath(hops: readonly PathHop[], { prefixes, service }: PathOptions): Promise<(number | undefined)[]> {
  const [head, ...transit] = hops;
  if (!head) throw new RangeError('a path has at least one hop');
  // From the end: each router takes a label in, and sends out the one that it was told. Nothing is said by the last router.
  const outgoing: (number | undefined)[] = [undefined];
  for (const { router, link } of transit.toReversed()) {
    const nextHop = await router.addNextHop(link);
    const [out] = outgoing;
    const label = router.allocateLabel();
    const action = out === undefined ? pop({ nextHop }) : swap({ label: out, nextHop });
    await router.sw.table(labels).insert({ match: { label }, action });
    outgoing.unshift(label);
  }
  // Traffic enters only now that the rest of the path is complete.
  const nextHop = await head.router.addNextHop(head.link);
  const [tunnel] = outgoing;
  for (const dst of prefixes) await head.router.sw.table(classes).insert({ match: { dst }, action: entryAction(tunnel, service, nextHop) });
  return outgoing;
}

/** What the beginning of a path puts in front of a packet. */
function entryAction(tunnel: number | undefined, service: number | undefined, nextHop: number) {
  if (tunnel === undefined) return service === undefined ? route({ nextHop }) : push({ label: service, nextHop });
  return service === undefined ? push({ label: tunnel, nextHop }) : pushPush({ service, tunnel, nextHop });
}

/** Sends what has the label `label` at `router` through the tunnel beside its link (facility backup, RFC 4090). */
export async function protect(router: LabelSwitchRouter, label: number, out: number, tunnel: number, bypass: Link): Promise<void> {
  const nextHop = await router.addNextHop(bypass);
  await router.sw.table(labels).modify({ match: { label }, action: labelSwitch.ingress.swapPush({ label: out, tunnel, nextHop }) });
}
