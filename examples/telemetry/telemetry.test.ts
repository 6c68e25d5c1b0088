/** Three switches in a row: what packets carry between them, what the server and the collector get, what is counted. */
import type { SimulatedSwitch } from 'p4ts/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { metricsOf, readHops } from './controller.js';
import { maxHops } from './headers.js';
import { along, flow, ports, row, tcpPacket } from './network.js';
import type { telemetry } from './pipeline.js';

let switches: SimulatedSwitch<typeof telemetry>[];
beforeEach(async () => {
  switches = await row();
});
afterEach(() => Promise.all(switches.map((sw) => sw.close())));

test('the server gets the packet as it was sent, the collector a copy with every hop and its times', async () => {
  for (const [i, sw] of switches.entries()) await sw.advanceTime((i + 1) * 1_000_000);
  const sent = tcpPacket({ syn: 1 });
  const { atServer, atCollector } = await along(switches, sent);
  expect(atServer).toEqual(sent);
  const hops = readHops(atCollector as Uint8Array);
  expect(hops.map(({ switchId, ingressTime }) => [switchId, ingressTime])).toEqual([
    [101, 1_000_000],
    [102, 2_000_000],
    [103, 3_000_000],
  ]);
  for (const { ingressTime, egressTime } of hops) expect(egressTime).toBeGreaterThanOrEqual(ingressTime);
  // A shim of 3 bytes, hops of 19.
  expect(atCollector?.length).toBe(sent.length + 3 + 3 * 19);
  expect(atCollector?.subarray(14 + 3 + 3 * 19)).toEqual(sent.subarray(14));
});

test('a packet of no watched flow carries nothing', async () => {
  const sent = tcpPacket({ syn: 1 }, '10.0.0.77');
  expect(await along(switches, sent)).toEqual({ atServer: sent, atCollector: undefined });
});

test('a packet with all the hops that fit gets no other; one that says more than that ends here', async () => {
  let bytes = tcpPacket({ syn: 1 });
  const [first] = switches as [SimulatedSwitch<typeof telemetry>];
  for (let n = 1; n <= maxHops + 1; n++) {
    bytes = (await first.send(ports.left, bytes))[0]?.packet as Uint8Array;
    expect(readHops(bytes)).toHaveLength(Math.min(n, maxHops));
  }
  bytes = bytes.slice();
  bytes[14] = maxHops + 1;
  expect(await first.send(ports.left, bytes)).toEqual([]);
  expect(await first.send(ports.left, bytes.subarray(0, 16))).toEqual([]);
});

test('connections are counted by flow, with their error rate', async () => {
  const packets = [{ syn: 1 }, { syn: 1, ack: 1 }, { ack: 1 }, { fin: 1, ack: 1 }, { syn: 1 }, { rst: 1 }];
  for (const flags of packets) await along(switches, tcpPacket(flags));
  for (const sw of switches) {
    expect(await metricsOf(sw, flow.id)).toEqual({ packets: 6, opened: 2, reset: 1, closed: 1, errorRate: 0.5 });
    expect(await metricsOf(sw, 0)).toEqual({ packets: 0, opened: 0, reset: 0, closed: 0, errorRate: 0 });
  }
});
