/** A controller as people write them: three bridges in a row that learn stations, forget them, and follow their ports. */
import { bit, build, exact, type MacAddress, mac, packet, pipeline, port } from 'p4ts';
import { Ethernet, ethernetStates } from 'p4ts/headers';
import {
  argsOf,
  connectAll,
  createDataPlane,
  createSwitch,
  type EntryOf,
  type EntryReadOf,
  ManualClock,
  P4RuntimeError,
  type Switch,
  serve,
} from 'p4ts/runtime';
import { afterEach, expect, test } from 'vitest';

const bridge = pipeline('bridge', {
  headers: { ethernet: Ethernet },
  metadata: {},
  parser: { start: (p) => p.goto('ethernet'), ...ethernetStates({}) },
  ingress(ctl, { hdr, std }) {
    const seen = ctl.digest('seen_t', { mac, port });
    const known = ctl.action('known', {}, () => {});
    const learn = ctl.action('learn', {}, (c) => c.digest(seen, { mac: hdr.ethernet.src, port: std.ingressPort }));
    const sources = ctl.table('sources', {
      key: { mac: exact(hdr.ethernet.src), port: exact(std.ingressPort) },
      actions: [known, learn],
      default: learn(),
      idleTimeout: true,
    });
    const forward = ctl.action('forward', { port }, (c, a) => c.forward(a.port));
    const flood = ctl.action('flood', { group: bit(16) }, (c, a) => c.multicast(a.group));
    const stations = ctl.table('stations', {
      key: { mac: exact(hdr.ethernet.dst) },
      actions: [forward, flood],
      default: flood({ group: 1 }),
    });
    ctl.apply((c) => {
      c.apply(sources);
      c.apply(stations);
    });
    return { sources, known, seen, stations, forward };
  },
  egress(ctl, { std }) {
    ctl.apply((c) => c.if(std.egressPort.eq(std.ingressPort), () => c.drop()));
    return {};
  },
  deparser: (d, { hdr }) => d.emit(hdr.ethernet),
});

// ── the controller ──

const { sources, known, seen, stations, forward } = bridge.ingress;
type Bridge = Switch<typeof bridge>;
const ageingNs = 10_000_000_000n;
const ports = [1, 2, 3];

const stationAt = (address: MacAddress, at: number): EntryOf<typeof stations> => ({
  match: { mac: address },
  action: forward({ port: at }),
});
const sourceAt = (address: MacAddress, at: number): EntryOf<typeof sources> => ({
  match: { mac: address, port: at },
  action: known(),
  idleTimeoutNs: ageingNs,
});
const portOf = (entry: EntryReadOf<typeof stations> | undefined): number | undefined => argsOf(forward, entry?.action)?.port;

async function learn(sw: Bridge, address: MacAddress, at: number): Promise<string | undefined> {
  const before = portOf(await sw.table(stations).get({ match: { mac: address } }));
  if (before === at) return undefined;
  if (before === undefined) await sw.table(stations).insert(stationAt(address, at));
  else {
    await sw.table(stations).modify(stationAt(address, at));
    await sw.table(sources).delete({ match: { mac: address, port: before } });
  }
  await sw.table(sources).insert(sourceAt(address, at));
  return before === undefined ? 'learned' : 'moved';
}

async function forget(sw: Bridge, address: MacAddress, at: number): Promise<boolean> {
  if (portOf(await sw.table(stations).get({ match: { mac: address } })) !== at) return false;
  await sw.table(sources).delete({ match: { mac: address, port: at } });
  await sw.table(stations).delete({ match: { mac: address } });
  return true;
}

/** Forgets whom the port led to. */
async function flush(sw: Bridge, at: number): Promise<number> {
  const gone: MacAddress[] = [];
  for await (const entry of sw.table(stations).entries()) if (portOf(entry) === at) gone.push(entry.match.mac);
  for (const address of gone) await forget(sw, address, at);
  return gone.length;
}

async function keep(sw: Bridge, tell: (text: string) => void): Promise<void> {
  const floodTo = () => sw.multicast(1).set(ports.filter((one) => !sw.portsDown.has(one)).map((one) => ({ port: one })));
  let last: Promise<void> = Promise.resolve();
  const inTurn = (task: () => Promise<void>): Promise<void> => {
    last = last.then(task);
    return last;
  };
  const learning = async (): Promise<void> => {
    for await (const list of sw.digests(seen)) {
      for (const station of list.entries)
        await inTurn(async () => {
          const what = await learn(sw, station.mac, station.port);
          if (what) tell(`${what} ${station.mac} at ${station.port}`);
        });
      await list.ack();
    }
  };
  const ageing = async (): Promise<void> => {
    for await (const { match } of sw.idleTimeouts(sources))
      await inTurn(async () => {
        if (await forget(sw, match.mac, match.port)) tell(`forgot ${match.mac}`);
      });
  };
  const following = async (): Promise<void> => {
    const events = sw.events();
    await floodTo();
    for await (const event of events) {
      if (event.kind !== 'port') continue;
      await inTurn(async () => {
        await floodTo();
        const count = event.up ? 0 : await flush(sw, event.port);
        tell(event.up ? `${event.port} up` : `${event.port} down, forgot ${count}`);
      });
    }
  };
  await Promise.all([learning(), ageing(), following()]).catch((error: unknown) => {
    if (!(error instanceof P4RuntimeError && error.code === 'CANCELLED')) throw error;
  });
}

// ── the network ──

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
const links: Readonly<Record<string, readonly [name: string, port: number]>> = {
  's1:3': ['s2', 2],
  's2:2': ['s1', 3],
  's2:3': ['s3', 2],
  's3:2': ['s2', 3],
};

test('stations are learned along the way, forgotten with a port that goes down, and when they are silent', async () => {
  const clock = new ManualClock();
  const names = ['s1', 's2', 's3'];
  const cores = new Map(names.map((name) => [name, createSwitch({ dataPlane: createDataPlane(), clock })] as const));
  const core = (name: string) => cores.get(name) ?? expect.unreachable(name);
  const options: Record<string, { pipeline: typeof bridge; address: string }> = {};
  for (const name of names) {
    const server = await serve(core(name), { address: '127.0.0.1:0' });
    cleanups.push(
      () => core(name).close(),
      () => server.close(),
    );
    options[name] = { pipeline: bridge, address: server.address };
  }
  const fabric = await connectAll(options);
  const told: string[] = [];
  const kept = Object.entries(fabric.switches).map(([name, sw]) => keep(sw, (text) => told.push(`${name} ${text}`)));
  cleanups.push(async () => {
    await fabric.close();
    await Promise.all(kept);
  });
  /** Where a packet comes out of the network. */
  const arrives = async (name: string, at: number, bytes: Uint8Array): Promise<string[]> => {
    const { outputs } = await core(name).processPacket(at, bytes);
    const ends = await Promise.all(
      outputs.map((sent) => {
        const link = links[`${name}:${sent.port}`];
        return link ? arrives(...link, sent.bytes) : [`${name}:${sent.port}`];
      }),
    );
    return ends.flat().sort();
  };
  const frame = (src: MacAddress, dst: MacAddress) => packet(build(Ethernet, { src, dst, etherType: 0x88b5 }), new Uint8Array(46));
  const [a, b] = ['02:00:00:00:00:0a', '02:00:00:00:00:0b'] as const;
  const hear = async (...expected: string[]): Promise<void> => {
    await expect.poll(() => [...told].sort(), { timeout: 5000 }).toEqual(expected.sort());
    told.length = 0;
  };
  // Each controller has made its group, and listens.
  for (const sw of Object.values(fabric.switches)) await expect.poll(() => sw.multicast(1).read()).toHaveLength(3);

  expect(await arrives('s1', 1, frame(a, b))).toEqual(['s1:2', 's2:1', 's3:1', 's3:3']);
  await hear(`s1 learned ${a} at 1`, `s2 learned ${a} at 2`, `s3 learned ${a} at 2`);
  expect(await arrives('s3', 1, frame(b, a))).toEqual(['s1:1']);
  await hear(`s1 learned ${b} at 3`, `s2 learned ${b} at 3`, `s3 learned ${b} at 1`);
  expect(await arrives('s1', 1, frame(a, b))).toEqual(['s3:1']);

  await core('s2').setPort(3, false);
  await hear('s2 3 down, forgot 1');
  expect(await arrives('s1', 1, frame(a, b))).toEqual(['s2:1']);
  await core('s2').setPort(3, true);
  await hear('s2 3 up');
  expect(await arrives('s1', 1, frame(a, b))).toEqual(['s2:1', 's3:1']);
  expect(await arrives('s1', 2, frame(a, b))).toEqual(['s2:1', 's3:1']);
  await hear(`s1 moved ${a} at 2`);

  await clock.advance(ageingNs + 1n);
  await hear(`s1 forgot ${a}`, `s1 forgot ${b}`, `s2 forgot ${a}`, `s3 forgot ${a}`, `s3 forgot ${b}`);
  expect(await arrives('s2', 1, frame(b, a))).toEqual(['s1:1', 's1:2', 's3:1', 's3:3']);
});
