/**
 * Table entries and packet-ins per second over gRPC, between this process and the embedded switch in another one, beside
 * what gRPC alone does with such messages in the same run.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { connect } from 'p4ts/runtime';
import { type Measured, number, spread, table } from '../measure.js';
import { bareClient } from './bare.js';
import type { PeerKind, PeerReply, PeerRequest } from './peer.js';
import { batch, routes, tables } from './pipeline.js';

const hosts = 1_000_000;
const [routeRuns, hostRuns] = [5, 9];
const hostsPerRun = hosts / (hostRuns + 1);
const register = fileURLToPath(new URL('../../dist/cli/register.js', import.meta.url));
const peerFile = fileURLToPath(new URL('peer.ts', import.meta.url));
const { routes: routeTable, hosts: hostTable, via } = tables.ingress;

/** A child process, with what it replies. */
class Peer {
  readonly #process: ChildProcess;
  readonly address: string;

  static async start(kind: PeerKind): Promise<Peer> {
    const child = fork(peerFile, [kind], { execArgv: ['--import', register, '--expose-gc'] });
    const [{ address = '' }] = (await once(child, 'message')) as [PeerReply];
    return new Peer(child, address);
  }
  private constructor(child: ChildProcess, address: string) {
    this.#process = child;
    this.address = address;
  }
  tell(request: PeerRequest): void {
    this.#process.send(request);
  }
  async memory(): Promise<PeerReply> {
    this.tell({ memory: true });
    const [reply] = (await once(this.#process, 'message')) as [PeerReply];
    return reply;
  }
  async stop(): Promise<void> {
    this.#process.disconnect();
    await once(this.#process, 'exit');
  }
}

type Run = (run: number) => Promise<unknown>;
interface Rates {
  readonly ours: Measured;
  readonly bare: Measured;
}

/** How many a second, turn by turn, after a first turn that does not count. */
async function compare(runs: number, count: number, ours: Run, bare: Run, between: Run = async () => undefined): Promise<Rates> {
  const rates: { readonly ours: number[]; readonly bare: number[] } = { ours: [], bare: [] };
  for (let run = 0; run <= runs; run++) {
    for (const [name, one] of Object.entries({ ours, bare })) {
      const start = performance.now();
      await one(run);
      if (run > 0) rates[name as keyof Rates].push((1000 * count) / (performance.now() - start));
    }
    await between(run);
  }
  return { ours: spread(rates.ours), bare: spread(rates.bare) };
}

const text = (address: number): `${number}.${number}.${number}.${number}` =>
  `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
const action = (i: number) => via({ port: 1, nextHop: i & 0xffff });
const host = (i: number) => ({ match: { dst: text(0x0a000000 + i) }, action: action(i) });
const route = (i: number) => ({ match: { dst: `${text(0x0a000000 + i * 256)}/24` as const }, action: action(i) });

/** Calls of a thousand, of which two are under way, so that neither end waits while the other works. */
async function inBatches(count: number, call: (first: number) => Promise<void>): Promise<void> {
  const underWay: Promise<void>[] = [];
  for (let first = 0; first < count; first += batch) {
    if (underWay.length === 2) await underWay.shift();
    underWay.push(call(first));
  }
  await Promise.all(underWay);
}
const some = <T>(first: number, of: (i: number) => T): T[] => Array.from({ length: batch }, (_, i) => of(first + i));

/** Counts packet-ins, and tells the peer of them now and then, so that none is lost. */
class Receiver {
  readonly #peer: Peer;
  #received = 0;
  #expected = 0;
  #done = (): void => undefined;

  constructor(peer: Peer) {
    this.#peer = peer;
  }
  packetIn(): void {
    if (++this.#received % 128 === 0) this.#peer.tell({ received: this.#received });
    if (this.#received === this.#expected) this.#done();
  }
  receive(packetIns: number, interpreted: boolean): Promise<void> {
    [this.#received, this.#expected] = [0, packetIns];
    this.#peer.tell({ packetIns, interpreted });
    return new Promise((resolve) => {
      this.#done = resolve;
    });
  }
}

/** As text, for people. */
export async function p4RuntimeRates(): Promise<string> {
  const [peer, barePeer] = [await Peer.start('switch'), await Peer.start('bare')];
  const [sw, bare] = [await connect(tables, { address: peer.address }), bareClient(barePeer.address)];
  const [routeHandle, hostHandle] = [sw.table(routeTable), sw.table(hostTable)];
  const [receiver, bareReceiver] = [new Receiver(peer), new Receiver(barePeer)];
  bare.onPacketIn(() => bareReceiver.packetIn());
  const receiving = (async () => {
    for await (const _ of sw.packetIns()) receiver.packetIn();
  })();
  const writeBare = (count: number) => (): Promise<void> => inBatches(count, bare.write);
  const readRoutes = async (): Promise<void> => {
    let found = 0;
    for await (const _ of routeHandle.entries()) found++;
    if (found !== routes) throw new Error(`${found} of ${routes} routes were read`);
  };
  const packetInRates = (runs: number, count: number, interpreted: boolean): Promise<Rates> =>
    compare(
      runs,
      count,
      () => receiver.receive(count, interpreted),
      () => bareReceiver.receive(count, interpreted),
    );

  const routesIn = await compare(
    routeRuns,
    routes,
    () => inBatches(routes, (first) => routeHandle.insert(...some(first, route))),
    writeBare(routes),
    async (run) => {
      if (run < routeRuns) await inBatches(routes, (first) => routeHandle.delete(...some(first, (i) => ({ match: route(i).match }))));
    },
  );
  const routesOut = await compare(routeRuns, routes, readRoutes, bare.read);
  const hostsIn = await compare(
    hostRuns,
    hostsPerRun,
    (run) => inBatches(hostsPerRun, (first) => hostHandle.insert(...some(run * hostsPerRun + first, host))),
    writeBare(hostsPerRun),
  );
  const { residentBytes = 0, mostResidentBytes = 0 } = await peer.memory();
  const kept = await packetInRates(5, 50_000, false);
  const interpreted = await packetInRates(3, 10_000, true);

  await sw.close();
  await receiving;
  bare.close();
  await Promise.all([peer.stop(), barePeer.stop()]);
  const row = (what: string, { ours, bare: alone }: Rates): string[] => [
    what,
    ...[ours.median, ours.least, ours.most, alone.median].map(number),
    (ours.median / alone.median).toFixed(2),
  ];
  const mebibytes = (bytes: number): string => `${number(bytes / 2 ** 20)} MiB`;
  return [
    table([
      [`over gRPC, ${number(batch)} entries a Write, 2 under way`, 'a second', 'least', 'most', 'gRPC alone', 'ratio'],
      [...row(`${number(routes)} routes inserted (lpm)`, routesIn)],
      [...row(`${number(routes)} routes read`, routesOut)],
      [...row(`${number(hosts)} hosts inserted (exact)`, hostsIn)],
      [...row('packet-ins, made beforehand', kept)],
      [...row('packet-ins, by the interpreter', interpreted)],
    ]),
    `The switch with ${number(hosts)} hosts and ${number(routes)} routes: ${mebibytes(residentBytes)}, at most ${mebibytes(mostResidentBytes)} until then.`,
  ].join('\n');
}
