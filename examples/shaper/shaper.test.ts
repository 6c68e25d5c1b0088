/** The shaper: colours by the token buckets of RFC 2698 worked out by hand, and what becomes of each colour. */
import { dissect, internetChecksum } from 'p4ts';
import { Ipv4 } from 'p4ts/headers';
import { type SimulatedSwitch, simulate } from 'p4ts/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { assured, type Contract, install, markQueue, setRates, usageOf } from './controller.js';
import { shaper } from './pipeline.js';
import { ipPacket, type Sent } from './traffic.js';

// 1000 bytes a second within the contract and 2000 at most; bursts of 2000 and 4000 bytes.
const contract: Contract = { id: 1, name: 'a', port: 1, prefix: '10.1.0.0/16', class: 2, committed: 1000, peak: 2000, burst: 2000 };
const src = '10.1.0.9';
const second = 1_000_000_000;

let sw: SimulatedSwitch<typeof shaper>;
beforeEach(async () => {
  sw = await simulate(shaper);
  await install(sw, [[1, 2]], [contract, { ...contract, id: 2, name: 'b', prefix: '10.2.0.0/16', class: 4 }]);
});
afterEach(() => sw.close());

/** Code point and ECN bits of what comes out; undefined where nothing does. */
async function through(sent: Sent, port = 1): Promise<readonly [number, number] | undefined> {
  const [out] = await sw.send(port, ipPacket(sent));
  if (!out) return undefined;
  expect(out.port).toBe(port === 1 ? 2 : 1);
  expect(out.packet.length).toBe(sent.length);
  expect(internetChecksum(out.packet.subarray(14, 34))).toBe(0);
  const [ip] = dissect(Ipv4, out.packet.subarray(14)) ?? [];
  return [ip?.dscp ?? -1, ip?.ecn ?? -1];
}
async function burst(count: number, sent: Sent) {
  const seen: unknown[] = [];
  for (let i = 0; i < count; i++) seen.push((await through(sent))?.[0]);
  return seen;
}

test('RFC 2597 numbers the code points', () => {
  expect([assured(1, 1), assured(1, 2), assured(2, 1), assured(4, 3)]).toEqual([10, 12, 18, 38]);
});

test('a burst is green, then yellow, then dropped; the buckets fill at their rates', async () => {
  const sent = { src, length: 1000, dscp: 46 } as const;
  expect(await burst(6, sent)).toEqual([18, 18, 20, 20, undefined, undefined]);
  await sw.advanceTime(second);
  expect(await burst(3, sent)).toEqual([18, 20, undefined]);
  await sw.advanceTime(second / 2);
  // 500 bytes of the committed rate are too few for this packet, 1000 of the peak rate are enough.
  expect(await burst(2, sent)).toEqual([20, undefined]);
  expect(await usageOf(sw, 1)).toEqual({
    green: { packets: 3n, bytes: 3000n },
    yellow: { packets: 4n, bytes: 4000n },
    red: { packets: 4n, bytes: 4000n },
  });
});

test('tenants have buckets of their own', async () => {
  expect(await burst(5, { src, length: 1000 })).toEqual([18, 18, 20, 20, undefined]);
  expect(await burst(5, { src: '10.2.0.9', length: 1000 })).toEqual([34, 34, 36, 36, undefined]);
});

test('transports that understand ECN hear of yellow, the others do not', async () => {
  await burst(2, { src, length: 1000 });
  expect(await through({ src, length: 500, ecn: 2 })).toEqual([20, 3]);
  expect(await through({ src, length: 500, ecn: 1 })).toEqual([20, 3]);
  expect(await through({ src, length: 500, ecn: 0 })).toEqual([20, 0]);
});

test('a deep queue tells transports that understand ECN', async () => {
  expect(await through({ src, length: 100, ecn: 2 })).toEqual([18, 2]);
  await markQueue(sw, 2, 0);
  expect(await through({ src, length: 100, ecn: 2 })).toEqual([18, 3]);
  expect(await through({ src, length: 100, ecn: 0 })).toEqual([18, 0]);
});

test('a queue that is not that deep tells nobody', async () => {
  await markQueue(sw, 2, 1000);
  expect(await through({ src, length: 100, ecn: 2 })).toEqual([18, 2]);
});

test('traffic of nobody is best effort, whatever it says of itself, and has no limit', async () => {
  expect(await burst(10, { src: '172.16.0.1', length: 1500, dscp: 46 })).toEqual(Array(10).fill(0));
  expect((await usageOf(sw, 0)).green).toEqual({ packets: 10n, bytes: 15000n });
  // The tenant's address, but not the tenant's port.
  expect(await through({ src, length: 100, dscp: 46 }, 2)).toEqual([0, 0]);
});

test('a contract changes from now on', async () => {
  await burst(5, { src, length: 1000 });
  await setRates(sw, 1, { committed: 3000, peak: 6000, burst: 3000 });
  expect(await burst(7, { src, length: 1000 })).toEqual([18, 18, 18, 20, 20, 20, undefined]);
});

test('wrong checksums and half headers end here; what is not IPv4 passes', async () => {
  const wrong = ipPacket({ src, length: 100 });
  wrong[24] = (wrong[24] as number) ^ 1;
  expect(await sw.send(1, wrong)).toEqual([]);
  expect(await sw.send(1, ipPacket({ src, length: 100 }).subarray(0, 30))).toEqual([]);
  const arp = ipPacket({ src, length: 100 });
  arp.set([0x08, 0x06], 12);
  expect(await sw.send(1, arp)).toEqual([{ port: 2, packet: arp }]);
  expect((await usageOf(sw, 1)).green.packets).toBe(0n);
});
