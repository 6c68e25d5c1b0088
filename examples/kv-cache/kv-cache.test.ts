/** The cache: who answers, with which value, after which events; what is counted and what the controller does. */
import { dissect, internetChecksum } from 'p4ts';
import { Ethernet, Ipv4, Udp } from 'p4ts/headers';
import { type SimulatedSwitch, simulate } from 'p4ts/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../support.js';
import { beginRound, type Change, cachedKeys, counted, install, popularity, serveHotKeys } from './controller.js';
import { ops } from './headers.js';
import { cacheSize, hotAfter, kvCache } from './pipeline.js';
import { KvServer, kvPacket, rack, readMessage } from './rack.js';

const { cache, at, values } = kvCache.ingress;
const { server, client, stranger } = rack;
let sw: SimulatedSwitch<typeof kvCache>;
beforeEach(async () => {
  sw = await simulate(kvCache);
  await install(sw, Object.values(rack));
});
afterEach(() => sw.close());

const get = (key: bigint, sequence = 7) => kvPacket(client, server, { op: ops.get, sequence, key, value: 0n });
const put = (key: bigint, value: bigint) => kvPacket(client, server, { op: ops.put, sequence: 8, key, value });
const stored = (key: bigint, value: bigint) => kvPacket(server, client, { op: ops.stored, sequence: 8, key, value });
const fill = (key: bigint, value: bigint) => kvPacket(server, client, { op: ops.fill, sequence: 0, key, value });
const hold = (key: bigint, slot: number) => sw.table(cache).insert({ match: { key }, action: at({ slot }) });

describe('questions', () => {
  test('for a key that is not held go to the server as they are, and are counted as misses', async () => {
    expect(await sw.send(client.port, get(5n))).toEqual([{ port: server.port, packet: get(5n) }]);
    expect(await counted(sw)).toEqual({ hit: 0, miss: 1, invalid: 0, reported: 0, put: 0, filled: 0, untrusted: 0 });
  });

  test('for a key that is held come back from the switch, in the name of the server', async () => {
    await hold(5n, 3);
    await sw.register(values).write(3, { valid: 1, value: 0xabcn });
    const [reply, ...more] = await sw.send(client.port, get(5n, 99));
    expect(more).toEqual([]);
    expect(reply?.port).toBe(client.port);
    const bytes = reply?.packet as Uint8Array;
    expect(readMessage(bytes)).toEqual({ op: ops.value, sequence: 99, key: 5n, value: 0xabcn });
    expect(dissect(Ethernet, bytes)?.[0]).toMatchObject({ src: server.mac, dst: client.mac });
    expect(dissect(Ipv4, bytes.subarray(14))?.[0]).toMatchObject({ src: server.ip, dst: client.ip });
    expect(internetChecksum(bytes.subarray(14, 34))).toBe(0);
    expect(dissect(Udp, bytes.subarray(34))?.[0]).toEqual({ srcPort: 50000, dstPort: 40000, length: 37, checksum: 0 });
    expect(await counted(sw)).toMatchObject({ hit: 1, miss: 0 });
    expect(await popularity(sw)).toEqual([{ key: 5n, slot: 3, hits: 1 }]);
  });

  test('with a wrong header checksum are not answered, with half a header not delivered', async () => {
    await hold(5n, 3);
    await sw.register(values).write(3, { valid: 1, value: 1n });
    const wrong = get(5n);
    wrong[24] = (wrong[24] as number) ^ 1;
    expect(await sw.send(client.port, wrong)).toEqual([{ port: server.port, packet: wrong }]);
    expect(await sw.send(client.port, get(5n).subarray(0, 60))).toEqual([]);
    expect(await counted(sw)).toMatchObject({ hit: 0, miss: 0 });
  });

  test('other packets pass, and those to nobody do not', async () => {
    const other = get(5n);
    // Another UDP port, at both ends.
    other.set([0x9c, 0x40, 0x9c, 0x40], 34);
    expect(await sw.send(client.port, other)).toEqual([{ port: server.port, packet: other }]);
    other.set([2, 9, 9, 9, 9, 9]);
    expect(await sw.send(client.port, other)).toEqual([]);
    expect(await counted(sw)).toMatchObject({ hit: 0, miss: 0 });
  });
});

describe('a held key whose value changes', () => {
  beforeEach(async () => {
    await hold(5n, 0);
    await sw.send(server.port, fill(5n, 1n));
  });
  const answered = async () => readMessage((await sw.send(client.port, get(5n)))[0]?.packet as Uint8Array);

  test('is answered by the server from the put until the server has stored it', async () => {
    expect(await answered()).toMatchObject({ op: ops.value, value: 1n });
    expect((await sw.send(client.port, put(5n, 2n)))[0]?.port).toBe(server.port);
    expect(await answered()).toMatchObject({ op: ops.get });
    expect(await sw.send(server.port, stored(5n, 2n))).toEqual([{ port: client.port, packet: stored(5n, 2n) }]);
    expect(await answered()).toMatchObject({ op: ops.value, value: 2n });
    expect(await counted(sw)).toMatchObject({ hit: 2, invalid: 1, put: 1, filled: 2, miss: 0 });
  });

  test('changes by the word of the server only', async () => {
    const forged = kvPacket(stranger, client, { op: ops.stored, sequence: 0, key: 5n, value: 666n });
    expect((await sw.send(stranger.port, forged))[0]?.port).toBe(client.port);
    expect(await answered()).toMatchObject({ value: 1n });
    expect(await counted(sw)).toMatchObject({ untrusted: 1, filled: 1 });
  });

  test('fills stay in the switch, also of keys that it does not hold', async () => {
    expect(await sw.send(server.port, fill(5n, 3n))).toEqual([]);
    expect(await sw.send(server.port, fill(6n, 3n))).toEqual([]);
    expect(await sw.register(values).read(0)).toEqual({ valid: 1, value: 3n });
    expect(await counted(sw)).toMatchObject({ filled: 2 });
  });
});

describe('the controller', () => {
  const kv = new KvServer();
  let changes: Change[];
  beforeEach(() => {
    changes = [];
    void serveHotKeys(
      sw,
      async (key) => void (await sw.send(server.port, kv.fill(key))),
      (change) => changes.push(change),
    );
  });
  const ask = async (key: bigint, times: number) => {
    for (let i = 0; i < times; i++) await sw.send(client.port, get(key));
  };

  test('hears of a key when it was asked for often enough in one round, and holds it from then on', async () => {
    await ask(42n, hotAfter - 1);
    await beginRound(sw, 2);
    await ask(42n, hotAfter - 1);
    expect(await counted(sw)).toMatchObject({ reported: 0 });
    await ask(42n, 1);
    await until(() => changes.length === 1);
    expect(changes).toEqual([{ key: 42n, slot: 0 }]);
    const [reply] = await sw.send(client.port, get(42n));
    expect(readMessage(reply?.packet as Uint8Array)).toMatchObject({ op: ops.value, value: 42000n });
    expect(await counted(sw)).toMatchObject({ miss: 2 * hotAfter - 1, reported: 1, filled: 1, hit: 1 });
  });

  test('takes the slot of the least popular key, unless all are more popular', async () => {
    for (let slot = 0; slot < cacheSize; slot++) {
      await hold(1000n + BigInt(slot), slot);
      await sw.counter(kvCache.ingress.hits).set(slot, { packets: BigInt(slot === 9 ? hotAfter - 1 : hotAfter), bytes: 0n });
    }
    await ask(1n, hotAfter);
    await until(() => changes.length === 1);
    await ask(2n, hotAfter);
    await until(() => changes.length === 2);
    expect(changes).toEqual([{ key: 1n, slot: 9, evicted: 1009n }, { key: 2n }]);
    const slots = await cachedKeys(sw);
    expect(slots.get(9)).toBe(1n);
    expect(slots.size).toBe(cacheSize);
  });
});
