/** Default deny, identities that cannot be forged, policies by identity pair and port, and denials that are told. */
import { dissect } from 'p4ts';
import { Ethernet } from 'p4ts/headers';
import { type SimulatedSwitch, simulate } from 'p4ts/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { asFragment, ethernetFrame, ipv4Packet, udpPacket } from '../packets.js';
import { until } from '../support.js';
import { countDenials, type Denial, install, permit, revoke, setSampling, watchDenials } from './controller.js';
import { Identity, identityEtherType } from './headers.js';
import { type DenialReason, denialReasons, zeroTrust } from './pipeline.js';
import { frame, identities, type Name, rules, type Segment, site, tagged, workload } from './site.js';

type Sim = SimulatedSwitch<typeof zeroTrust>;
let east: Sim;
let west: Sim;
beforeEach(async () => {
  [east, west] = [await simulate(zeroTrust, { seed: 7 }), await simulate(zeroTrust, { seed: 8 })];
  await install(east, 'east', site);
  await install(west, 'west', site);
  for (const sw of [east, west]) await permit(sw, ...rules);
});
afterEach(() => Promise.all([east.close(), west.close()]));

const packetTo = (mac: string, bytes: Uint8Array) =>
  Uint8Array.from([...Buffer.from(mac.replaceAll(':', ''), 'hex'), ...bytes.subarray(6)]);
const denied = async (sw: Sim) => (await countDenials(sw)).filter(({ packets }) => packets > 0n);
const ports = (outputs: readonly { readonly port: number }[]) => outputs.map(({ port }) => port);

describe('policies', () => {
  test('what a rule allows is delivered unchanged', async () => {
    const sent = frame('web-1', 'api', { dstPort: 8080 });
    expect(await east.send(1, sent)).toEqual([{ port: 2, packet: sent }]);
    expect(await denied(east)).toEqual([]);
  });

  test('a server answers from its port, but opens no connection from it', async () => {
    const answer = { srcPort: 8080, dstPort: 40000 };
    expect(ports(await east.send(2, frame('api', 'web-1', { ...answer, flags: ['syn', 'ack'] })))).toEqual([1]);
    expect(ports(await east.send(2, frame('api', 'web-1', { ...answer, flags: ['ack'] })))).toEqual([1]);
    expect(await east.send(2, frame('api', 'web-1', { ...answer, flags: ['syn'] }))).toEqual([]);
  });

  test.each<[string, Name, number, Name, Segment]>([
    ['another port', 'web-1', 1, 'api', { dstPort: 8081 }],
    ['another pair', 'web-1', 1, 'database', { dstPort: 5432 }],
    ['the other direction', 'api', 2, 'web-1', { dstPort: 8080 }],
    ['an identity without rules', 'laptop', 3, 'api', { dstPort: 8080 }],
  ])('%s: denied and counted', async (_, from, port, to, segment) => {
    const sent = frame(from, to, segment);
    expect(await east.send(port, sent)).toEqual([]);
    expect(await denied(east)).toEqual([{ reason: 'no policy', packets: 1n, bytes: BigInt(sent.length) }]);
  });

  test('a TCP rule says nothing of UDP', async () => {
    const [web, api] = [workload('web-1'), workload('api')];
    const udp = ethernetFrame(api.mac, web.mac, 0x0800, udpPacket({ src: web.address, dst: api.address, dstPort: 8080 }));
    expect(await east.send(1, udp)).toEqual([]);
    const rule = { from: identities.web, to: identities.api, protocol: 'udp', port: 8080 } as const;
    await permit(east, rule);
    expect(ports(await east.send(1, udp))).toEqual([2]);
    await revoke(east, rule);
    expect(await east.send(1, udp)).toEqual([]);
  });

  test('a rule that is revoked allows nothing any more', async () => {
    await revoke(east, ...rules);
    expect(await east.send(1, frame('web-1', 'api', { dstPort: 8080 }))).toEqual([]);
  });

  test.each([0, 65536, 1.5])('a rule for port %d is refused', async (port) => {
    const rule = { from: identities.web, to: identities.api, protocol: 'tcp', port } as const;
    await expect(permit(east, rule)).rejects.toThrow(RangeError);
  });

  test('a fragment without ports is not what a rule for a port allows', async () => {
    const [web, api] = [workload('web-1'), workload('api')];
    const ip = asFragment(ipv4Packet({ src: web.address, dst: api.address }, 6, new Uint8Array(32).fill(0x1f)), 3, false);
    expect(await east.send(1, ethernetFrame(api.mac, web.mac, 0x0800, ip))).toEqual([]);
    expect((await denied(east)).map(({ reason }) => reason)).toEqual(['no policy']);
  });
});

describe('identities', () => {
  test('between switches the identity travels in a header, and the last switch takes it off', async () => {
    const sent = frame('api', 'database', { dstPort: 5432 });
    const [out] = await east.send(2, sent);
    expect(out?.port).toBe(9);
    const [link, rest] = dissect(Ethernet, out?.packet as Uint8Array) ?? [];
    expect(link?.etherType).toBe(identityEtherType);
    expect(dissect(Identity, rest as Uint8Array)?.[0]).toEqual({ source: identities.api, etherType: 0x0800 });
    expect(await west.send(9, out?.packet as Uint8Array)).toEqual([{ port: 2, packet: sent }]);
  });

  test('the last switch judges by the identity in the header', async () => {
    const sent = frame('api', 'database', { dstPort: 5432 });
    expect(await west.send(9, tagged(sent, identities.laptop))).toEqual([]);
    expect((await denied(west)).map(({ reason }) => reason)).toEqual(['no policy']);
  });

  const arp = ethernetFrame('ff:ff:ff:ff:ff:ff', workload('web-1').mac, 0x0806, new Uint8Array(46));
  const spoofs: readonly [DenialReason, string, number, Uint8Array][] = [
    ['unknown workload', 'the address of another', 3, frame('laptop', 'api', { src: workload('web-1').address, dstPort: 8080 })],
    ['unknown workload', 'the address and MAC address of another', 3, frame('web-1', 'api', { dstPort: 8080 })],
    ['unknown workload', 'a port where nobody is', 7, frame('web-1', 'api', { dstPort: 8080 })],
    ['unknown workload', 'no identity, from the fabric', 9, frame('web-1', 'api', { dstPort: 8080 })],
    ['unknown workload', 'identity 0, from the fabric', 9, tagged(frame('web-1', 'api', { dstPort: 8080 }), 0)],
    ['forged identity', 'an identity header from a workload', 3, tagged(frame('laptop', 'api', { dstPort: 8080 }), identities.web)],
    ['forged identity', 'an identity header around ARP', 3, tagged(arp, identities.web)],
    ['unknown destination', 'an address of nobody', 1, frame('web-1', 'api', { dst: '10.0.0.99', dstPort: 8080 })],
    ['not IPv4', 'ARP', 1, arp],
    ['malformed', 'half a TCP header', 1, frame('web-1', 'api', { dstPort: 8080 }).subarray(0, 44)],
  ];
  test.each(spoofs)('%s: %s', async (reason, _, port, bytes) => {
    expect(await east.send(port, bytes)).toEqual([]);
    expect(await denied(east)).toEqual([{ reason, packets: 1n, bytes: BigInt(bytes.length) }]);
  });

  test('a wrong IPv4 checksum is malformed', async () => {
    const bytes = frame('web-1', 'api', { dstPort: 8080 });
    bytes[24] = (bytes[24] ?? 0) ^ 1;
    expect(await east.send(1, bytes)).toEqual([]);
    expect((await denied(east)).map(({ reason }) => reason)).toEqual(['malformed']);
  });

  test('a packet cut off anywhere is denied and counted', async () => {
    const whole = frame('web-1', 'api', { dstPort: 8080 });
    for (let length = 0; length < whole.length; length++) expect(await east.send(1, whole.subarray(0, length))).toEqual([]);
    const total = (await countDenials(east)).reduce((sum, { packets }) => sum + packets, 0n);
    expect(total).toBe(BigInt(whole.length));
  });
});

describe('addresses', () => {
  test('the receiver gets its own MAC address, whatever the sender thinks that it is', async () => {
    const sent = frame('web-1', 'api', { dstPort: 8080 });
    const [out] = await east.send(1, packetTo('02:00:00:00:99:99', sent));
    expect(out?.packet).toEqual(sent);
  });
});

describe('sampling', () => {
  const heardBy = (sw: Sim): Denial[] => {
    const heard: Denial[] = [];
    void watchDenials(sw, (denial) => heard.push(denial));
    return heard;
  };

  test('one of one: the controller sees the packet, who sent it, to whom, and why it was denied', async () => {
    const heard = heardBy(east);
    await setSampling(east, 'no policy', 1);
    const sent = frame('laptop', 'api', { dstPort: 8080 });
    expect(await east.send(3, sent)).toEqual([]);
    await until(() => heard.length === 1);
    expect(heard[0]).toMatchObject({ reason: 'no policy', ingressPort: 3, source: identities.laptop, destination: identities.api });
    expect(heard[0]?.payload).toEqual(sent);
  });

  test('one of 8 is about an eighth, and all are counted', async () => {
    const heard = heardBy(east);
    await setSampling(east, 'no policy', 8);
    for (let i = 0; i < 400; i++) await east.send(3, frame('laptop', 'api', { dstPort: i }));
    expect((await denied(east))[0]?.packets).toBe(400n);
    await until(() => heard.length > 20);
    // 50 are expected; six standard deviations are 40.
    expect(heard.length).toBeLessThan(90);
  });

  test('reasons that are not sampled are counted only, also when sampling is turned off again', async () => {
    const heard = heardBy(east);
    await setSampling(east, 'no policy', 1);
    await setSampling(east, 'no policy', 0);
    await setSampling(east, 'no policy', 0);
    await east.send(3, frame('laptop', 'api'));
    await setSampling(east, 'forged identity', 2);
    await setSampling(east, 'forged identity', 1);
    await east.send(3, tagged(frame('laptop', 'api'), identities.web));
    await until(() => heard.length === 1);
    expect(heard.map(({ reason }) => reason)).toEqual(['forged identity']);
    expect((await denied(east)).map(({ reason }) => reason)).toEqual(['forged identity', 'no policy']);
  });

  test.each([3, -1, 1.5, 131072])('one of %d is refused', async (oneOf) => {
    await expect(setSampling(east, 'no policy', oneOf)).rejects.toThrow(RangeError);
  });

  test('every reason has a cell', () => expect(new Set(denialReasons).size).toBe(denialReasons.length));
});

test('a switch without a link to another is told so', async () => {
  const alone = await simulate(zeroTrust);
  await expect(install(alone, 'north', site)).rejects.toThrow('north has no link towards east');
  await alone.close();
});
