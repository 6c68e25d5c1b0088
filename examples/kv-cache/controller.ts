/**
 * The controller of the cache: it learns from digests which keys are popular, gives each a slot, and takes the slot of the
 * key that was asked for least when there is no free one.
 */
import { argsOf, type Switch } from 'p4ts/runtime';
import { cacheSize, kvCache, type Outcome, outcomes } from './pipeline.js';

const { hosts, deliver, servers, serve, cache, at, values, hits, rounds, hot, lookups } = kvCache.ingress;

export type KvSwitch = Switch<typeof kvCache>;
export interface Host {
  readonly port: number;
  readonly mac: `${string}:${string}`;
  readonly server?: boolean;
}
/** What the controller did for one key that was reported. */
export interface Change {
  readonly key: bigint;
  /** Where the key is now; undefined when all keys in the cache are more popular. */
  readonly slot?: number;
  /** The key that had the slot. */
  readonly evicted?: bigint;
}

export async function install(sw: KvSwitch, rack: readonly Host[]): Promise<void> {
  await sw.table(hosts).insert(...rack.map(({ mac, port }) => ({ match: { mac }, action: deliver({ port }) })));
  await sw.table(servers).insert(...rack.filter((host) => host.server).map(({ port }) => ({ match: { port }, action: serve() })));
  await beginRound(sw, 1);
}

/** The sketch and the hits of the slots count from 0 again. */
export async function beginRound(sw: KvSwitch, round: number): Promise<void> {
  await sw.register(rounds).write(0, round);
  await sw.counter(hits).set();
}

/**
 * Puts keys into the cache as they are reported, until the switch is closed. `refresh` asks the server to send the key's
 * value to the switch; `told` hears of each change.
 */
export async function serveHotKeys(
  sw: KvSwitch,
  refresh: (key: bigint) => Promise<void>,
  told: (change: Change) => void = () => {},
): Promise<void> {
  for await (const list of sw.digests(hot)) {
    for (const { key, count } of list.entries) {
      const change = await makeRoom(sw, key, count);
      if (change.slot !== undefined) {
        // The slot is invalid until the server's value comes: meanwhile the server answers, as before.
        await sw.register(values).write(change.slot, { valid: 0, value: 0 });
        await sw.counter(hits).set(change.slot, { packets: BigInt(count), bytes: 0n });
        await sw.table(cache).insert({ match: { key }, action: at({ slot: change.slot }) });
        await refresh(key);
      }
      told(change);
    }
    await list.ack();
  }
}

/** Finds a slot for a key that was asked for `count` times; takes it from the least popular key where none is free. */
async function makeRoom(sw: KvSwitch, key: bigint, count: number): Promise<Change> {
  const slots = await cachedKeys(sw);
  for (let slot = 0; slot < cacheSize; slot++) if (!slots.has(slot)) return { key, slot };
  const counts = await sw.counter(hits).read();
  const least = counts.map(({ packets }, slot) => ({ packets, slot })).reduce((a, b) => (b.packets < a.packets ? b : a));
  if (least.packets >= BigInt(count)) return { key };
  const evicted = slots.get(least.slot) as bigint;
  await sw.table(cache).delete({ match: { key: evicted } });
  return { key, slot: least.slot, evicted };
}

/** The keys in the cache, by slot. */
export async function cachedKeys(sw: KvSwitch): Promise<ReadonlyMap<number, bigint>> {
  const slots = new Map<number, bigint>();
  for await (const { match, action } of sw.table(cache).entries()) {
    const args = argsOf(at, action);
    if (args) slots.set(args.slot, match.key);
  }
  return slots;
}

/** What the switch counted since the beginning. */
export async function counted(sw: KvSwitch): Promise<Readonly<Record<Outcome, number>>> {
  const cells = await sw.counter(lookups).read();
  return Object.fromEntries(outcomes.map((outcome, i) => [outcome, Number(cells[i]?.packets)])) as Record<Outcome, number>;
}

/** The keys in the cache with the answers that the switch gave for each in this round, the most popular one first. */
export async function popularity(sw: KvSwitch): Promise<readonly { readonly key: bigint; readonly slot: number; readonly hits: number }[]> {
  const counts = await sw.counter(hits).read();
  const keys = [...(await cachedKeys(sw))].map(([slot, key]) => ({ key, slot, hits: Number(counts[slot]?.packets) }));
  return keys.sort((a, b) => b.hits - a.hits || a.slot - b.slot);
}
