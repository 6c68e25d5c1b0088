/** The service proxy under its controller: translation there and back, affinity, and what changed manifests write. */
import fc from 'fast-check';
import { dissect, internetChecksum } from 'p4ts';
import { Ethernet, Ipv4, Tcp, Udp } from 'p4ts/headers';
import { type SimulatedSwitch, simulate } from 'p4ts/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { asFragment, type Datagram, ipv4Packet, tcpPacket, transportChecksum, udpPacket, withOptions } from '../packets.js';
import { shareOut } from './buckets.js';
import { counters, reconcile } from './controller.js';
import { type ManifestFile, parseManifests } from './manifests.js';
import { buckets, serviceProxy } from './pipeline.js';
import { client, frame, gatewayMac, manifests, unreachable, uplink } from './traffic.js';

let sw: SimulatedSwitch<typeof serviceProxy>;
beforeEach(async () => {
  sw = await simulate(serviceProxy);
  await reconcile(sw, manifests, uplink);
});
afterEach(() => sw.close());

/** The manifests with one text replaced in one file. */
function edited(file: string, from: string | RegExp, to: string): ManifestFile[] {
  const changed = manifests.map(({ name, text }) => ({ name, text: name === file ? text.replace(from, to) : text }));
  expect(changed).not.toEqual(manifests);
  return changed;
}
const web = ['10.1.1.11', '10.1.1.12', '10.1.2.11'];
const withoutPod = (address: string) => edited('web.yaml', new RegExp(`  - addresses: \\["${address}"\\]\\n.*\\n.*\\n`), '');

type Segment = Parameters<typeof tcpPacket>[0];

interface Seen {
  readonly port: number;
  readonly src: string;
  readonly dst: string;
  readonly srcPort: number;
  readonly dstPort: number;
  readonly checksum: number;
  readonly data: Uint8Array;
}
/** Sends one packet; what became of it, after checking every checksum in full. */
async function through(ip: Uint8Array, port = 9): Promise<Seen | undefined> {
  const [out, ...more] = await sw.send(port, frame(ip));
  expect(more).toEqual([]);
  if (!out) return undefined;
  const bytes = out.packet.subarray(14);
  const [header, segment] = dissect(Ipv4, bytes) ?? [];
  if (!header || !segment) throw new Error('this is no IPv4 packet');
  expect(internetChecksum(bytes.subarray(0, 20))).toBe(0);
  expect(header.ttl).toBe(63);
  const [transport, data] = (header.protocol === 6 ? dissect(Tcp, segment) : dissect(Udp, segment)) ?? [];
  if (!transport || !data) throw new Error('there is no TCP or UDP header');
  if (header.protocol === 6 || transport.checksum !== 0) {
    expect(transportChecksum(header.src, header.dst, header.protocol, segment)).toBe(0);
  }
  const { srcPort, dstPort, checksum } = transport;
  return { port: out.port, src: header.src, dst: header.dst, srcPort, dstPort, checksum, data };
}
const open = (flow: Segment) => through(tcpPacket({ ...flow, flags: ['syn'] }));
const go = (flow: Segment, data = new Uint8Array()) => through(tcpPacket({ ...flow, data }));

describe('there and back', () => {
  test('a connection goes to a back end of the service, and its answers come from the virtual address', async () => {
    const flow = client(1);
    const there = await open(flow);
    expect(web).toContain(there?.dst);
    expect(there).toMatchObject({ src: flow.src, srcPort: flow.srcPort, dstPort: 8080, port: there?.dst.startsWith('10.1.1.') ? 1 : 2 });
    const back = await through(
      tcpPacket({
        src: there?.dst as Datagram['src'],
        dst: flow.src,
        srcPort: 8080,
        dstPort: flow.srcPort,
        flags: ['syn', 'ack'],
      }),
      there?.port,
    );
    expect(back).toMatchObject({ src: '10.96.0.10', srcPort: 80, dst: flow.src, dstPort: flow.srcPort, port: 9 });
  });

  test('MAC addresses are those of the next hop', async () => {
    const [out] = await sw.send(9, frame(tcpPacket({ ...client(1), dst: '10.1.2.11' })));
    expect(dissect(Ethernet, out?.packet as Uint8Array)?.[0]).toMatchObject({ dst: '02:00:00:00:0b:01', src: gatewayMac });
  });

  test('checksums of TCP and UDP are right for any addresses, ports and data', async () => {
    const port = fc.integer({ min: 1, max: 65535 });
    const host = fc.integer({ min: 1, max: 254 });
    await fc.assert(
      fc.asyncProperty(host, port, fc.uint8Array({ maxLength: 40 }), async (last, srcPort, data) => {
        const flow = { src: `198.51.100.${last}`, srcPort, data } as const;
        const overTcp = await through(tcpPacket({ ...flow, dst: '10.96.0.10', dstPort: 80, flags: ['syn'] }));
        expect(overTcp?.data).toEqual(data);
        const overUdp = await through(udpPacket({ ...flow, dst: '10.96.0.53', dstPort: 53 }));
        expect(overUdp?.data).toEqual(data);
        const back = await through(
          udpPacket({ src: overUdp?.dst as Datagram['src'], dst: flow.src, srcPort: 1053, dstPort: srcPort, data }),
          overUdp?.port,
        );
        expect(back).toMatchObject({ src: '10.96.0.53', srcPort: 53 });
      }),
      { numRuns: 60 },
    );
  });

  test('a UDP checksum of 0 stays 0, and one that would become 0 becomes 0xffff', async () => {
    const datagram = { src: '198.51.100.1', dst: '10.96.0.53', srcPort: 5000, dstPort: 53 } as const;
    const without = udpPacket(datagram);
    without.set([0, 0], 26);
    expect((await through(without))?.checksum).toBe(0);
    // Two bytes of data take every value: for one of them the sum after the translation is 0xffff.
    const there = await through(udpPacket({ ...datagram, data: Uint8Array.of(0, 0) }));
    const missing = there?.checksum as number;
    const data = Uint8Array.of(missing >> 8, missing & 0xff);
    const seen = await through(udpPacket({ ...datagram, data }));
    expect(seen?.dst).toBe(there?.dst);
    expect(seen?.checksum).toBe(0xffff);
  });

  test('options of IPv4 stay where they are', async () => {
    const long = withOptions(tcpPacket({ ...client(1), flags: ['syn'] }));
    const [out] = await sw.send(9, frame(long));
    const got = out?.packet.subarray(14) ?? new Uint8Array(20);
    expect(internetChecksum(got.subarray(0, 24))).toBe(0);
    expect(got.subarray(20, 24)).toEqual(long.subarray(20, 24));
    const [ip] = dissect(Ipv4, got) ?? [];
    expect(web).toContain(ip?.dst);
    expect(transportChecksum(ip?.src ?? '', ip?.dst ?? '', 6, got.subarray(24))).toBe(0);
  });

  test('pods are reached directly too, and answer as themselves', async () => {
    const direct = await go({ src: '10.1.1.99', dst: '10.1.2.11', srcPort: 4000, dstPort: 8080 });
    expect(direct).toMatchObject({ dst: '10.1.2.11', dstPort: 8080, port: 2 });
    const back = await go({ src: '10.1.2.11', dst: '10.1.1.99', srcPort: 8080, dstPort: 4000 });
    expect(back).toMatchObject({ src: '10.1.2.11', srcPort: 8080, port: 1 });
  });

  test('a pod reaches a service as any client does', async () => {
    const there = await open({ src: '10.1.1.99', dst: '10.96.0.10', srcPort: 4001, dstPort: 9090 });
    expect(there).toMatchObject({ dstPort: 9100 });
    const back = await go({ src: there?.dst as Datagram['src'], dst: '10.1.1.99', srcPort: 9100, dstPort: 4001 });
    expect(back).toMatchObject({ src: '10.96.0.10', srcPort: 9090, port: 1 });
  });
});

describe('ICMP errors', () => {
  /** Sends an error; who said it to whom, and the flow that it quotes, after checking every checksum that covers it. */
  async function told(ip: Uint8Array, port: number) {
    const [out, ...more] = await sw.send(port, frame(ip));
    expect(more).toEqual([]);
    const bytes = (out?.packet ?? new Uint8Array(14)).subarray(14);
    const [outer, message] = dissect(Ipv4, bytes) ?? [];
    const [quoted, segment] = (message && dissect(Ipv4, message.subarray(8))) ?? [];
    if (!outer || !message || !quoted || !segment) return undefined;
    for (const part of [bytes.subarray(0, 20), message, message.subarray(8, 28)]) expect(internetChecksum(part)).toBe(0);
    const portAt = (i: number) => ((segment[i] as number) << 8) | (segment[i + 1] as number);
    const ends = [`${quoted.src}:${portAt(0)}`, `${quoted.dst}:${portAt(2)}`];
    return { port: out?.port, from: outer.src, to: outer.dst, about: ends.join(' → ') };
  }
  const router = '203.0.113.1' as const;

  test.each([
    ['TCP', tcpPacket, { ...client(5), flags: ['syn'] as const }, 8080],
    ['UDP', udpPacket, { ...client(5), dst: '10.96.0.53' as const, dstPort: 53 }, 1053],
  ])('%s: a router tells of a packet of the service; the pod hears of its own', async (_, build, flow, podPort) => {
    const pod = (await through(build(flow)))?.dst as Datagram['src'];
    const answer = build({ src: flow.dst, dst: flow.src, srcPort: flow.dstPort, dstPort: flow.srcPort });
    expect(await told(unreachable(router, answer), 9)).toEqual({
      port: pod.startsWith('10.1.1.') ? 1 : 2,
      from: router,
      to: pod,
      about: `${pod}:${podPort} → ${flow.src}:${flow.srcPort}`,
    });
  });

  test('of a TCP connection it goes to its pod, whatever became of the buckets', async () => {
    let flow = client(0);
    for (let i = 0; (await open(flow))?.dst !== '10.1.2.11'; i++) flow = client(i);
    const ending = edited('web.yaml', /(10\.1\.2\.11"\]\n\s+conditions: ){[^}]*}/, '$1{ ready: false, serving: true, terminating: true }');
    await reconcile(sw, ending, uplink);
    const answer = tcpPacket({ src: flow.dst, dst: flow.src, srcPort: 80, dstPort: flow.srcPort });
    expect(await told(unreachable(router, answer), 9)).toMatchObject({ to: '10.1.2.11' });
  });

  test('a pod tells of a packet of the client; the client hears of what it sent', async () => {
    const flow = { ...client(5), dst: '10.96.0.53' as const, dstPort: 53 };
    const there = await through(udpPacket(flow));
    const pod = there?.dst as Datagram['src'];
    // Port unreachable.
    const error = unreachable(pod, udpPacket({ ...flow, dst: pod, dstPort: 1053 }), 3);
    expect(await told(error, there?.port as number)).toEqual({
      port: 9,
      from: flow.dst,
      to: flow.src,
      about: `${flow.src}:${flow.srcPort} → ${flow.dst}:53`,
    });
  });

  test('about a flow that is none of a service: routed as it is', async () => {
    const error = unreachable(router, tcpPacket({ src: '10.1.1.11', dst: '198.51.100.1', srcPort: 8080, dstPort: 4000 }));
    expect(await told(error, 9)).toEqual({ port: 1, from: router, to: '10.1.1.11', about: '10.1.1.11:8080 → 198.51.100.1:4000' });
  });

  test('cut off anywhere it is not delivered', async () => {
    await open(client(5));
    const { src, srcPort } = client(5);
    const whole = frame(unreachable(router, tcpPacket({ src: '10.96.0.10', dst: src, srcPort: 80, dstPort: srcPort })));
    // What is quoted after the ports is payload to the switch.
    for (let length = 0; length < 14 + 20 + 8 + 20 + 4; length++) expect(await sw.send(9, whole.subarray(0, length))).toEqual([]);
  });
});

describe('which back end', () => {
  test('connections are spread over all back ends', async () => {
    const count = new Map<string, number>();
    for (let i = 0; i < 120; i++) {
      const seen = await open(client(i));
      count.set(seen?.dst ?? '', (count.get(seen?.dst ?? '') ?? 0) + 1);
    }
    expect([...count.keys()].sort()).toEqual(web);
    for (const connections of count.values()) expect(connections).toBeGreaterThan(15);
  });

  test('with session affinity a client has one back end, whatever its port', async () => {
    for (const host of [7, 8, 9]) {
      const seen = new Set<string | undefined>();
      for (let i = 0; i < 20; i++) {
        const ip = udpPacket({ src: `198.51.100.${host}`, dst: '10.96.0.53', srcPort: 3000 + 17 * i, dstPort: 53 });
        seen.add((await through(ip))?.dst);
      }
      expect(seen.size).toBe(1);
    }
  });

  test('connections outlive a change of the buckets, new ones follow it', async () => {
    const flows = Array.from({ length: 40 }, (_, i) => client(i));
    const before = await Promise.all(flows.map(async (flow) => (await open(flow))?.dst));
    const drained = edited('web.yaml', /(10\.1\.2\.11"\]\n\s+conditions: ){[^}]*}/, '$1{ ready: false, serving: true, terminating: true }');
    await reconcile(sw, drained, uplink);
    const after = await Promise.all(flows.map(async (flow) => (await go(flow))?.dst));
    expect(before).toContain('10.1.2.11');
    expect(after).toEqual(before);
    const anew = await Promise.all(flows.map(async (flow) => (await open(flow))?.dst));
    expect(anew).not.toContain('10.1.2.11');
  });

  test('connections to a pod that is gone are dropped, until the client connects again', async () => {
    let flow = client(0);
    for (let i = 0; (await open(flow))?.dst !== '10.1.2.11'; i++) flow = client(i);
    await reconcile(sw, withoutPod('10.1.2.11'), uplink);
    expect(await go(flow)).toBeUndefined();
    expect((await counters(sw)).drops.find(({ reason }) => reason === 'no back end')?.packets).toBe(1n);
    expect((await open(flow))?.dst).toMatch(/^10\.1\.1\.1[12]$/);
  });
});

describe('what is not translated', () => {
  test.each([
    ['no service', tcpPacket({ ...client(1), dstPort: 81 })],
    ['no service', ipv4Packet({ src: '198.51.100.1', dst: '10.96.0.10' }, 1, new Uint8Array(8))],
    ['no service', udpPacket({ ...client(1), dstPort: 80 })],
    ['no service', asFragment(tcpPacket(client(1)), 0, true)],
    ['no route', tcpPacket({ ...client(1), dst: '192.0.2.1' })],
    ['TTL expired', tcpPacket({ ...client(1), ttl: 1 })],
    ['TTL expired', tcpPacket({ ...client(1), ttl: 0 })],
    ['bad checksum', tcpPacket(client(1)).with(10, 0)],
    ['malformed', tcpPacket(client(1)).subarray(0, 39)],
    ['malformed', tcpPacket(client(1)).with(0, 0x65)],
  ])('%s: dropped and counted', async (reason, ip) => {
    // No route but the cluster's own.
    await sw.table(serviceProxy.ingress.routes).delete({ match: { dst: '0.0.0.0/0' } });
    expect(await through(ip)).toBeUndefined();
    expect((await counters(sw)).drops.filter(({ packets }) => packets > 0n).map((drop) => drop.reason)).toEqual([reason]);
  });

  test('a packet cut off anywhere is not delivered half', async () => {
    const whole = frame(tcpPacket(client(1)));
    for (let length = 0; length < whole.length; length++) expect(await sw.send(9, whole.subarray(0, length))).toEqual([]);
  });
});

describe('reconciliation', () => {
  const writes = async (files: readonly ManifestFile[]) =>
    (await reconcile(sw, files, uplink)).map(({ kind, table }) => `${kind} ${table}`);
  const count = (all: readonly string[]) => Object.fromEntries([...new Set(all)].map((one) => [one, all.filter((x) => x === one).length]));

  test('manifests that did not change write nothing', async () => {
    expect(await writes(manifests)).toEqual([]);
    expect(await writes(manifests.toReversed())).toEqual([]);
  });

  test('what was written first is one entry for each thing in the manifests', async () => {
    const fresh = await simulate(serviceProxy);
    const changes = await reconcile(fresh, manifests, uplink);
    // Three routes and two virtual addresses; of web three pods with two ports each, of dns two pods; four ports of services.
    expect(count(changes.map(({ kind, table }) => `${kind} ${table}`))).toEqual({
      'insert routes': 5,
      'insert backends': 8,
      'insert addresses': 4,
      'insert buckets': 4 * buckets,
      'insert frontends': 4,
    });
    await fresh.close();
  });

  test('a pod that goes takes its back ends with it, and its buckets change hands: nothing else', async () => {
    // 32 buckets of three pods: one has 10, the others 11.
    const changes = count(await writes(withoutPod('10.1.2.11')));
    expect(changes).toEqual({ 'modify buckets': 2 * 10, 'delete backends': 2 });
    expect(await writes(withoutPod('10.1.2.11'))).toEqual([]);
  });

  test('a pod that comes takes its share of the buckets: nothing else', async () => {
    const added = edited('web.yaml', 'endpoints:', 'endpoints:\n  - addresses: ["10.1.2.12"]');
    expect(count(await writes(added))).toEqual({ 'insert backends': 2, 'modify buckets': 2 * 8 });
  });

  test('a pod that is not ready gives its buckets away, and keeps its connections', async () => {
    const ending = edited('web.yaml', /(10\.1\.2\.11"\]\n\s+conditions: ){[^}]*}/, '$1{ ready: false, serving: true, terminating: true }');
    expect(count(await writes(ending))).toEqual({ 'modify buckets': 2 * 10 });
  });

  test('session affinity is one write for each port', async () => {
    expect(count(await writes(edited('dns.yaml', 'sessionAffinity: ClientIP', 'sessionAffinity: None')))).toEqual({
      'modify frontends': 2,
    });
  });

  test('another cluster address is another frontend', async () => {
    const moved = count(await writes(edited('web.yaml', '10.96.0.10', '10.96.0.11')));
    expect(moved).toEqual({
      'insert routes': 1,
      'delete routes': 1,
      'insert addresses': 2,
      'insert buckets': 2 * buckets,
      'insert frontends': 2,
      'delete frontends': 2,
      'delete buckets': 2 * buckets,
      'delete addresses': 2,
    });
    expect((await open({ ...client(3), dst: '10.96.0.11' }))?.dstPort).toBe(8080);
  });

  test('a service without pods has no buckets, and its packets are dropped', async () => {
    const empty = edited('web.yaml', /endpoints:[\s\S]*/, 'endpoints: []\n');
    expect(count(await writes(empty))).toEqual({ 'delete buckets': 2 * buckets, 'delete backends': 6 });
    expect(await open(client(1))).toBeUndefined();
  });

  test('when all pods end, they serve until they have ended', async () => {
    await writes(edited('web.yaml', /conditions: {[^}]*}/g, 'conditions: { ready: false, serving: true, terminating: true }'));
    expect(web).toContain((await open(client(1)))?.dst);
  });

  test('without manifests nothing is left but the uplink', async () => {
    await reconcile(sw, [], uplink);
    expect(await writes([])).toEqual([]);
    for (const table of ['frontends', 'buckets', 'backends', 'addresses'] as const) {
      for await (const entry of sw.table(serviceProxy.ingress[table] as typeof serviceProxy.ingress.buckets).entries()) {
        throw new Error(`${table} still has ${JSON.stringify(entry)}`);
      }
    }
  });
});

describe('buckets', () => {
  const back = fc.integer({ min: 1, max: 9 });
  const shares = (result: readonly (number | undefined)[]) => (one: number) => result.filter((x) => x === one).length;

  test('are shared out evenly, with no more changes than an even share needs', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(back, { nil: undefined }), { minLength: 32, maxLength: 32 }),
        fc.uniqueArray(back, { minLength: 1 }),
        (current, wanted) => {
          const result = shareOut(current, wanted);
          const counts = wanted.map(shares(result));
          expect(counts.reduce((a, b) => a + b)).toBe(32);
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
          // The most that can stay: each back end keeps up to its share, and those that have most get the larger ones.
          const least = Math.floor(32 / wanted.length);
          const held = wanted.map(shares(current));
          const larger = held.filter((n) => n > least).length;
          const stay = held.reduce((sum, n) => sum + Math.min(n, least), 0) + Math.min(larger, 32 % wanted.length);
          expect(result.filter((backend, i) => backend === current[i]).length).toBe(stay);
        },
      ),
    );
  });

  test('nobody gets none', () => {
    expect(shareOut([1, undefined, 2], [])).toEqual([undefined, undefined, undefined]);
  });
});

describe('manifests', () => {
  const mistakes = (text: string): string[] => {
    try {
      parseManifests([{ name: 'x.yaml', text }]);
      return [];
    } catch (error) {
      return (error as Error).message.split('\n');
    }
  };

  test('every mistake is told with its file, line and field, and nothing is written', async () => {
    const text = `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  clusterIP: 10.96.0.300
  ports:
    - port: http
    - port: 443
      protocol: SCTP
---
kind: Node
metadata:
  name: n
`;
    expect(mistakes(text)).toEqual([
      'x.yaml:6: spec.clusterIP: expected an IPv4 address, found "10.96.0.300"',
      'x.yaml:8: spec.ports[0].port: expected a number from 1 to 65535, found "http"',
      'x.yaml:10: spec.ports[1].protocol: expected TCP or UDP, found "SCTP"',
      'x.yaml:12: spec.podCIDR: expected an IPv4 prefix such as 10.1.0.0/24, found nothing',
      'x.yaml:14: metadata.annotations["p4ts.example/switch-port"]: expected a number from 0 to 511, found nothing',
      'x.yaml:14: metadata.annotations["p4ts.example/mac"]: expected a MAC address, found nothing',
    ]);
    await expect(reconcile(sw, [{ name: 'x.yaml', text }], uplink)).rejects.toThrow('x.yaml:6');
    expect(await reconcile(sw, manifests, uplink)).toEqual([]);
  });

  test.each([
    ['kind: Service\n  bad: indent', /^x\.yaml:\d+: /],
    ['just text', /^x\.yaml:1: kind: expected text, found nothing$/],
    ['kind: Service\nmetadata: {name: a}\nspec: {clusterIP: 10.0.0.1, ports: 80}', /^x\.yaml:3: spec\.ports: expected a list, found 80$/],
    ['a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: &d [*c, *c]\ne: &e [*d, *d]\nf: &f [*e, *e]\ng: [*f, *f]\nkind: [*g]', /^x\.yaml:/],
  ])('%j is a mistake, not a crash', (text, message) => {
    expect(mistakes(text)[0]).toMatch(message);
  });

  test('other kinds, headless services and IPv6 slices are passed over', () => {
    const { services, slices } = parseManifests([
      {
        name: 'x.yaml',
        text: `kind: Deployment
spec: { replicas: 3 }
---
kind: Service
metadata: { name: headless }
spec: { clusterIP: None, ports: [{ port: 80 }] }
---
kind: EndpointSlice
addressType: IPv6
`,
      },
    ]);
    expect(services.map(({ name, addresses }) => [name, addresses])).toEqual([['default/headless', []]]);
    expect(slices).toEqual([]);
  });

  test('external and load balancer addresses are served too', () => {
    const [service] = parseManifests([
      {
        name: 'x.yaml',
        text: `kind: Service
metadata: { name: s }
spec: { clusterIP: 10.0.0.1, externalIPs: [192.0.2.1], ports: [{ port: 80 }] }
status: { loadBalancer: { ingress: [{ ip: 192.0.2.2 }, { hostname: lb.example }] } }
`,
      },
    ]).services;
    expect(service?.addresses).toEqual(['10.0.0.1', '192.0.2.1', '192.0.2.2']);
  });
});
