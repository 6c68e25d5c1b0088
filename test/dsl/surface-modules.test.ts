/** The pipeline of test/cases/modules-and-services, run: modules, state and services. */
import { build, packet } from 'p4ts';
import { simulate } from 'p4ts/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { oneShot } from '../../compiler/node.js';
import { Eth, EtherType, edge, Ipv4, Vlan } from '../cases/modules-and-services/pipeline.js';

const { nextHops, setNextHop, learn, flows, tenants, rate, denied } = edge.ingress;
const eth = (etherType: 'ipv4' | 'vlan' | 'service', dst = '02:00:00:00:00:01') =>
  build(Eth, { dst: dst as '0:0', src: '02:00:00:00:00:02', etherType });
const ip = (dscp: number, src = '10.9.0.1') =>
  build(Ipv4, { version: 4, ihl: 5, dscp, ecn: 0, ttl: 64, protocol: 6, checksum: 0, src: src as '1.1.1.1', dst: '10.0.0.1' });
const tag = (tpid: number, vid: number) => build(Vlan, { pcp: 0, dei: 0, vid, tpid });
const hop = '02:00:00:00:00:09';
// The two low bits of the DSCP become 01.
const [before, after] = [ip(0b101010), ip(0b101001)];

let sw: Awaited<ReturnType<typeof simulate<typeof edge>>>;
beforeEach(async () => {
  sw = await simulate(edge);
});
afterEach(() => sw.close());

async function first<T>(items: AsyncIterable<T>): Promise<T> {
  for await (const item of items) return item;
  throw new Error('there is none');
}
const viaPort1 = (tagged: boolean) =>
  sw.table(nextHops).insert({
    match: { dst: '10.0.0.1', tagged },
    action: oneShot([{ action: setNextHop({ port: 1, dmac: hop }), weight: 2, watchPort: 1 }]),
  });

test('without a next hop, the controller gets the packet, its port and the reason', async () => {
  expect(await sw.send(3, packet(eth('ipv4'), before))).toEqual([]);
  const { ingressPort, reason, payload } = await first(sw.packetIns());
  expect({ ingressPort, reason, payload }).toEqual({ ingressPort: 3, reason: 3, payload: packet(eth('ipv4'), after) });
});

test('a next hop of a one-shot set takes it, until the port that the set watches is down', async () => {
  await viaPort1(false);
  expect(await sw.send(3, packet(eth('ipv4'), before))).toEqual([{ port: 1, packet: packet(eth('ipv4', hop), after) }]);
  await sw.setPort(1, false);
  expect(await sw.send(3, packet(eth('ipv4'), before))).toEqual([]);
});

test('the digest is of the first packet of a flow only', async () => {
  const lists = sw.digests(learn, { maxListSize: 1 });
  await sw.send(3, packet(eth('ipv4'), before));
  await sw.send(4, packet(eth('ipv4'), before));
  const list = await first(lists);
  expect(list.entries).toEqual([{ src: '02:00:00:00:00:02', port: 3 }]);
  await list.ack();
});

test('a pair of a register: the count begins anew after 100, the time is that of the last packet', async () => {
  for (let i = 0; i < 100; i++) await sw.send(3, packet(eth('ipv4'), before));
  expect(await sw.register(flows).read(0)).toEqual({ packets: 100, last: 0 });
  // Bits 16 to 47 of the nanoseconds.
  await sw.advanceTime(5n << 16n);
  await sw.send(3, packet(eth('ipv4'), before));
  // v1model's clock counts whole microseconds, so that 5 << 16 ns are not yet over.
  expect(await sw.register(flows).read(0)).toEqual({ packets: 0, last: 4 });
});

describe('instances of a shared control', () => {
  test('have tables of their own; a later decision undoes theirs', async () => {
    await sw.table(tenants.list).insert({ match: { src: '10.9.0.1' }, action: tenants.deny() });
    const read = await first(sw.table(tenants.list).entries());
    expect(read).toMatchObject({ match: { src: '10.9.0.1' }, action: { call: 'deny', args: {} } });
    await viaPort1(false);
    const { trace, outputs } = await sw.sendTraced(3, packet(eth('ipv4'), before));
    expect(outputs).toHaveLength(1);
    const applied = JSON.stringify(trace, (_, v) => (typeof v === 'bigint' ? String(v) : v));
    expect(applied).toContain('ingress.tenants.list');
    expect(applied).toContain('ingress.everyone.list');
  });
});

test('a meter that is red counts and drops; what decides later wins', async () => {
  // One byte a second: the first packet, of 28 bytes, is red.
  await sw.meter(rate).set(0, { cir: 1, cburst: 1, pir: 1, pburst: 1 });
  await sw.send(3, packet(eth('ipv4'), before));
  expect(await sw.counter(denied).read(0)).toEqual({ packets: 1n, bytes: 28n });
  await first(sw.packetIns());
});

test('a packet of the controller leaves where it says', async () => {
  const left = new Promise((resolve) => sw.onOutput(resolve));
  await sw.packetOut(packet(eth('ipv4'), before), { egressPort: 300 });
  expect(await left).toEqual({ port: 300, packet: packet(eth('ipv4'), before) });
});

test('BMv2 cuts the packet off, for it was told to', async () => {
  await viaPort1(false);
  const [out] = await sw.send(3, packet(eth('ipv4'), before, new Uint8Array(300).fill(7)));
  expect(out?.packet.length).toBe(128);
});

test('a module of parser states: a tag, then IPv4', async () => {
  await viaPort1(true);
  expect(await sw.send(3, packet(eth('vlan'), tag(0x800, 5), before))).toEqual([
    { port: 1, packet: packet(eth('vlan', hop), tag(0x800, 5), after) },
  ]);
});

test('a value set beside a mask', async () => {
  await viaPort1(true);
  const service = (tpid: number, vid: number) => sw.send(3, packet(eth('service'), tag(tpid, vid), before));
  expect(await service(0x9100, 0x11)).toEqual([]);
  await sw.valueSet(edge.sets.tpids).set([0x9100, 0x88a8]);
  expect(await service(0x9100, 0x11)).toHaveLength(1);
  // The mask is 0xf: the vid does not end in 1, so that no case is left but reject.
  expect(await service(0x9100, 0x12)).toEqual([]);
  // The second case: a tag, which is the last one before IPv4.
  expect(await sw.send(3, packet(eth('service'), tag(0x88a8, 2), tag(0x800, 7), before))).toEqual([
    { port: 1, packet: packet(eth('service', hop), tag(0x800, 7), after) },
  ]);
});

test('values of enums are written by name, as they are declared', () => {
  expect(EtherType.members).toEqual(['ipv4', 'vlan', 'service']);
});
