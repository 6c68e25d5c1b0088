/**
 * The switch's controller: sets up VLANs, learns stations from the digests of the pipeline, and forgets those that were
 * silent for too long.
 */
import type { MacAddress } from 'p4ts';
import { P4RuntimeError, type Switch } from 'p4ts/runtime';
import { dropReasons, l2switch } from './pipeline.js';

const { memberships, admit, sources, known, stations, forward, station, drops, traffic } = l2switch.ingress;
const { tags, untagged, tagged } = l2switch.egress;

export type L2Switch = Switch<typeof l2switch>;

export interface VlanConfig {
  /** From 1 to 4094. */
  readonly id: number;
  /** Access ports: their packets have no tag. */
  readonly untagged: readonly number[];
  /** Trunk ports. */
  readonly tagged: readonly number[];
}
export interface Station {
  readonly vlan: number;
  readonly mac: MacAddress;
  readonly port: number;
}
export interface Change {
  readonly what: 'learned' | 'moved' | 'forgotten' | 'no room';
  readonly station: Station;
}

/** Makes the VLANs. */
export async function configure(sw: L2Switch, vlans: readonly VlanConfig[]): Promise<void> {
  for (const vlan of vlans) {
    for (const port of vlan.untagged) {
      await sw.table(memberships).insert({ match: { port, tag: 0 }, action: admit({ vlan: vlan.id }) });
      await sw.table(tags).insert({ match: { port, vlan: vlan.id }, action: untagged() });
    }
    for (const port of vlan.tagged) {
      await sw.table(memberships).insert({ match: { port, tag: vlan.id }, action: admit({ vlan: vlan.id }) });
      await sw.table(tags).insert({ match: { port, vlan: vlan.id }, action: tagged() });
    }
    await sw.multicast(vlan.id).set([...vlan.untagged, ...vlan.tagged].map((port) => ({ port })));
  }
}

/**
 * Keeps the tables of stations until the switch is closed. A station is forgotten when the switch has not heard of it
 * for `agingNs`, 300 s where it is not said as IEEE 802.1Q recommends. `told` hears of each change.
 */
export async function keepStations(
  sw: L2Switch,
  { agingNs = 300_000_000_000n, told = () => {} }: { readonly agingNs?: bigint; readonly told?: (change: Change) => void } = {},
): Promise<void> {
  /** The port of each station. */
  const ports = new Map<string, number>();
  const keyOf = ({ vlan, mac }: Station): string => `${vlan} ${mac}`;
  // One change after the other, so that a station is not learned and forgotten at once.
  let last: Promise<void> = Promise.resolve();
  const inTurn = (change: () => Promise<void>): Promise<void> => {
    last = last.then(change);
    return last;
  };

  async function learn(found: Station): Promise<boolean> {
    const { vlan, mac, port } = found;
    const before = ports.get(keyOf(found));
    if (before === port) return true;
    const entry = { match: { vlan, mac }, action: forward({ port }) };
    try {
      if (before === undefined) await sw.table(stations).insert(entry);
      else {
        await sw.table(stations).modify(entry);
        await sw.table(sources).delete({ match: { vlan, mac, port: before } });
      }
      await sw.table(sources).insert({ match: { vlan, mac, port }, action: known(), idleTimeoutNs: agingNs });
    } catch (error) {
      if (!(error instanceof P4RuntimeError && error.code === 'RESOURCE_EXHAUSTED')) throw error;
      told({ what: 'no room', station: found });
      return false;
    }
    ports.set(keyOf(found), port);
    told({ what: before === undefined ? 'learned' : 'moved', station: found });
    return true;
  }

  async function forget(silent: Station): Promise<void> {
    const { vlan, mac, port } = silent;
    if (ports.get(keyOf(silent)) !== port) return;
    await sw.table(sources).delete({ match: { vlan, mac, port } });
    await sw.table(stations).delete({ match: { vlan, mac } });
    ports.delete(keyOf(silent));
    told({ what: 'forgotten', station: silent });
  }

  const learning = async (): Promise<void> => {
    for await (const list of sw.digests(station)) {
      const learned: boolean[] = [];
      for (const found of list.entries) await inTurn(async () => void learned.push(await learn(found)));
      // Without an acknowledgement the switch reports the same again later, when there may be room.
      if (learned.every(Boolean)) await list.ack();
    }
  };
  const aging = async (): Promise<void> => {
    for await (const { match } of sw.idleTimeouts(sources)) await inTurn(() => forget(match));
  };
  try {
    await Promise.all([learning(), aging()]);
  } catch (error) {
    // The switch was closed in the middle of a change.
    if (!(error instanceof P4RuntimeError && error.code === 'CANCELLED')) throw error;
  }
}

export interface Counters {
  readonly drops: readonly { readonly reason: string; readonly packets: bigint }[];
  /** VLANs with traffic. */
  readonly vlans: readonly { readonly vlan: number; readonly packets: bigint; readonly bytes: bigint }[];
}

export async function counters(sw: L2Switch): Promise<Counters> {
  const dropped = await sw.counter(drops).read();
  const byVlan = await sw.counter(traffic).read();
  return {
    drops: dropped.map(({ packets }, cell) => ({ reason: dropReasons[cell] ?? '', packets })),
    vlans: byVlan.map((cell, vlan) => ({ vlan, ...cell })).filter(({ packets }) => packets > 0n),
  };
}
