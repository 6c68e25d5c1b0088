// Sessions: who is the primary, the switch going away and coming back, deadlines, signals, TLS.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { join } from 'node:path';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { DiagnosticError } from 'p4ts';
import {
  type ConnectOptions,
  connect,
  createDataPlane,
  createSwitch,
  P4RuntimeError,
  type Stream,
  type Switch,
  type SwitchEvent,
  serve,
  simulate,
  tableEntries,
} from 'p4ts/runtime';
import { afterEach, describe, expect, test } from 'vitest';
import { p4RuntimeService } from '../../runtime/grpc/service.js';
import { grpcTransport } from '../../runtime/grpc/transport.js';
import { folderWith } from '../support/folders.js';
import { lab } from '../support/lab.js';
import { all, thrown } from '../support/outcomes.js';

const { routes, drop, forward, punt } = lab.ingress;
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function served(address = '127.0.0.1:0') {
  const core = createSwitch({ dataPlane: createDataPlane() });
  const server = await serve(core, { address });
  const stop = async (): Promise<void> => {
    await server.close();
    await core.close();
  };
  cleanups.push(stop);
  return { core, server, address: server.address, stop };
}
async function controller(address: string, options: Partial<ConnectOptions<typeof lab>> = {}): Promise<Switch<typeof lab>> {
  const sw = await connect(lab, { address, ...options });
  cleanups.push(() => sw.close());
  return sw;
}
const codeOf = async (run: Promise<unknown>): Promise<string | undefined> =>
  ((await thrown(run)) as DiagnosticError).diagnostics?.[0]?.code;
/** Reads until an event of that kind. */
async function until<K extends SwitchEvent['kind']>(events: Stream<SwitchEvent>, kind: K): Promise<Extract<SwitchEvent, { kind: K }>> {
  for await (const event of events) if (event.kind === kind) return event as Extract<SwitchEvent, { kind: K }>;
  return expect.unreachable(`the events ended without ${kind}`);
}
const entry = (dst: `${number}.${number}.${number}.${number}/${number}`) => ({ match: { dst }, action: drop() });

describe('election', () => {
  test('ids have 128 bits', async () => {
    const { address } = await served();
    const highest = (1n << 128n) - 1n;
    const sw = await controller(address, { electionId: highest });
    expect([sw.isPrimary, sw.electionId]).toEqual([true, highest]);
    await sw.table(routes).insert(entry('10.0.0.0/8'));
    expect(await codeOf(controller(address, { electionId: highest + 1n }))).toBe('bad-election-id');
    expect(await codeOf(controller(address, { electionId: 0n }))).toBe('bad-election-id');
    expect(await codeOf(controller(address, { ifPrimaryExists: 'take-over' }))).toBe('controller-not-primary');
  });

  test('a controller takes over, and both hear of it', async () => {
    const { address } = await served();
    const first = await controller(address, { electionId: 1n << 70n });
    const events = first.events();
    const second = await controller(address, { ifPrimaryExists: 'take-over' });
    expect([second.isPrimary, second.electionId]).toEqual([true, (1n << 70n) + 1n]);
    expect(await until(events, 'backup')).toEqual({ kind: 'backup', hasPrimary: true, highest: (1n << 70n) + 1n });
    expect(first.isPrimary).toBe(false);
    await second.table(routes).insert(entry('10.0.0.0/8'));
    expect(await thrown(first.table(routes).insert(entry('11.0.0.0/8')))).toMatchObject({ code: 'PERMISSION_DENIED' });
  });

  test('a controller stands by, reads, and is the primary once the other is gone', async () => {
    const { address } = await served();
    const first = await controller(address);
    await first.table(routes).insert(entry('10.0.0.0/8'));
    const prepared: string[] = [];
    const second = await controller(address, {
      ifPrimaryExists: 'stand-by',
      ready: async (sw) => {
        await sw.table(routes).insert(entry('11.0.0.0/8'));
        prepared.push('ready');
      },
    });
    const events = second.events();
    expect([second.isPrimary, prepared]).toEqual([false, []]);
    expect(await all(second.table(routes).entries())).toHaveLength(1);
    await first.close();
    expect(await until(events, 'primary')).toEqual({ kind: 'primary', electionId: 1n });
    expect(second.isPrimary).toBe(true);
    await expect.poll(() => prepared).toEqual(['ready']);
    // What was written stays: the pipeline is the same.
    expect(await all(second.table(routes).entries())).toHaveLength(2);
  });

  test('a packet-out that the switch refuses is told by an event, and packet-ins go on', async () => {
    const { core, address } = await served();
    const first = await controller(address);
    await first.table(routes).setDefault(punt({ reason: 2 }));
    const backup = await controller(address, { ifPrimaryExists: 'stand-by' });
    const events = backup.events();
    const packets = backup.packetIns()[Symbol.asyncIterator]();
    const next = packets.next();
    await backup.packetOut(new Uint8Array(14), { egressPort: 4, mode: 0 });
    const { reason } = await until(events, 'refused');
    expect(reason).toMatchObject({ code: 'PERMISSION_DENIED', message: 'packet-out: only the primary may send packets' });
    await first.close();
    await until(events, 'primary');
    await core.processPacket(7, new Uint8Array(Buffer.from('0200000000020200000000010800400600000000' + '0b000001badc0de0', 'hex')));
    expect((await next).value).toMatchObject({ ingressPort: 7, reason: 2 });
  });
});

describe('a switch that goes away', () => {
  test('is found again, with its pipeline and what the controller wants', async () => {
    const first = await served();
    const sw = await controller(first.address, {
      reconnect: true,
      ready: async (s) => s.table(routes).insert(entry('10.0.0.0/8')),
    });
    const events = sw.events();
    await first.stop();
    await until(events, 'disconnected');
    expect(sw.isPrimary).toBe(false);
    const waiting = all(sw.table(routes).entries());
    const second = await served(first.address);
    await until(events, 'reconnected');
    expect(sw.isPrimary).toBe(true);
    await waiting;
    await expect.poll(async () => (await all(sw.table(routes).entries())).length).toBe(1);
    // Streams that were open go on.
    await sw.table(routes).setDefault(punt({ reason: 2 }));
    const packets = sw.packetIns()[Symbol.asyncIterator]();
    const next = packets.next();
    await second.core.processPacket(7, new Uint8Array(Buffer.from('0200000000020200000000010800400600000000' + '0b000001badc0de0', 'hex')));
    expect((await next).value).toMatchObject({ ingressPort: 7, reason: 2 });
  });

  test('a request that waits for it ends with its signal', async () => {
    const { address, stop } = await served();
    const sw = await controller(address, { reconnect: true });
    const events = sw.events();
    await stop();
    await until(events, 'disconnected');
    const signal = AbortSignal.timeout(20);
    const refused = await Promise.all([
      thrown(sw.with({ signal }).table(routes).insert(entry('10.0.0.0/8'))),
      thrown(sw.with({ signal }).reconcile([])),
      thrown(sw.with({ signal }).pipeline('verify')),
      thrown(sw.with({ signal }).raw.capabilities()),
    ]);
    for (const error of refused) expect(error).toBe(signal.reason);
    await sw.close();
    expect((await all(events)).every((e) => e.kind === 'retry')).toBe(true);
  });

  test('a request that waits for it is given up after its time', async () => {
    const { address, stop } = await served();
    const sw = await controller(address, { reconnect: true });
    const events = sw.events();
    await stop();
    await until(events, 'disconnected');
    const hasty = sw.with({ timeoutMs: 20 });
    for (const request of [hasty.table(routes).insert(entry('10.0.0.0/8')), all(hasty.table(routes).entries()), hasty.pipeline('verify')]) {
      expect(await thrown(request)).toMatchObject({ code: 'DEADLINE_EXCEEDED', message: expect.stringContaining('was away for 20 ms') });
    }
  });

  test('a reconcile that waits for it and the one of `ready` come one after the other', async () => {
    const first = await served();
    const desired = [tableEntries(routes, [entry('10.0.0.0/8'), entry('11.0.0.0/8')])];
    let runs = 0;
    const sw = await controller(first.address, {
      reconnect: true,
      ready: async (s) => {
        await s.reconcile(desired);
        runs++;
      },
    });
    const events = sw.events();
    await first.stop();
    await until(events, 'disconnected');
    const waiting = sw.reconcile(desired);
    await served(first.address);
    expect(await waiting).toMatchObject({ changes: [{ kind: 'insert' }, { kind: 'insert' }] });
    await expect.poll(() => runs).toBe(2);
    expect(sw.isPrimary).toBe(true);
  });

  test('what `ready` cannot do there ends the session, and everybody is told why', async () => {
    const first = await served();
    let runs = 0;
    const sw = await controller(first.address, {
      reconnect: true,
      ready: async (s) => {
        if (++runs > 1) await s.table(routes).insert(entry('10.0.0.0/8'), entry('10.0.0.0/8'));
      },
    });
    const events = sw.events();
    const packets = all(sw.packetIns());
    await first.stop();
    await served(first.address);
    const { reason } = await until(events, 'ended');
    expect(reason).toMatchObject({ code: 'ALREADY_EXISTS' });
    expect(await thrown(packets)).toBe(reason);
    expect(await all(events)).toEqual([]);
    for (const request of [
      sw.table(routes).insert(entry('11.0.0.0/8')),
      all(sw.table(routes).entries()),
      sw.packetOut(new Uint8Array(14), { egressPort: 1, mode: 0 }),
    ]) {
      expect(await thrown(request)).toMatchObject({ code: 'CANCELLED', message: expect.stringContaining('ALREADY_EXISTS') });
    }
    expect(runs).toBe(2);
  });

  test('`ready` that was given up is begun anew', async () => {
    const { address } = await served();
    let runs = 0;
    const other = await controller(address);
    const sw = await controller(address, {
      ifPrimaryExists: 'stand-by',
      reconnect: true,
      ready: async () => {
        if (++runs === 1) throw new P4RuntimeError('UNAVAILABLE', 'gone');
      },
    });
    await other.close();
    await expect.poll(() => runs, { timeout: 10_000 }).toBe(2);
    await sw.table(routes).insert(entry('10.0.0.0/8'));
  });

  test('what refuses the pipeline for good ends the session', async () => {
    const first = await served();
    const sw = await controller(first.address, { reconnect: true });
    const packets = all(sw.packetIns());
    await first.stop();
    const core = createSwitch({ deviceId: 9n, dataPlane: createDataPlane() });
    const other = await serve(core, { address: first.address });
    cleanups.push(
      () => core.close(),
      () => other.close(),
    );
    expect(await thrown(packets)).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('requests', () => {
  /** A server that takes connections and never answers. */
  async function silent(): Promise<string> {
    const server = new Server();
    const never = (): void => undefined;
    server.addService(p4RuntimeService().service, {
      Write: never,
      SetForwardingPipelineConfig: never,
      GetForwardingPipelineConfig: never,
      Capabilities: never,
      Read: never,
      StreamChannel: never,
    });
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))),
    );
    cleanups.push(() => server.forceShutdown());
    return `127.0.0.1:${port}`;
  }

  test('a switch that does not answer is given up', async () => {
    const address = await silent();
    const error = (await thrown(connect(lab, { address, timeoutMs: 30 }))) as DiagnosticError;
    expect(error.diagnostics).toMatchObject([{ code: 'switch-unreachable', message: expect.stringContaining('did not answer for 30 ms') }]);
    const signal = AbortSignal.timeout(30);
    expect(await thrown(connect(lab, { address, signal }))).toBe(signal.reason);
    expect(await thrown(connect(lab, { address, signal }))).toBe(signal.reason);
  });

  test('have a deadline', async () => {
    const transport = grpcTransport(await silent());
    cleanups.push(() => transport.close());
    expect(await thrown(transport.write({}, { timeoutMs: 30 }))).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    const reading = (async () => {
      for await (const _ of transport.read({}, { timeoutMs: 30 }));
    })();
    expect(await thrown(reading)).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  });

  test('end with a signal', async () => {
    const transport = grpcTransport(await silent());
    cleanups.push(() => transport.close());
    const abort = new AbortController();
    const { signal } = abort;
    const reading = (async () => {
      for await (const _ of transport.read({}, { signal }));
    })();
    const running = [transport.write({}, { signal }), transport.capabilities({}, { signal }), reading].map(thrown);
    setTimeout(() => abort.abort(new Error('enough')), 20);
    for (const end of running) expect(await end).toEqual(new Error('enough'));
    expect(await thrown(transport.write({}, { signal }))).toEqual(new Error('enough'));
  });

  test('waiting for packets ends with a signal, and takes none from the next reader', async () => {
    await using sw = await simulate(lab);
    await sw.table(routes).setDefault(punt({ reason: 1 }));
    const abort = new AbortController();
    const ended = all(sw.with({ signal: abort.signal }).packetIns());
    abort.abort();
    expect(await ended).toEqual([]);
    await sw.send(3, new Uint8Array(Buffer.from('02000000000202000000000108004006000000000a000001', 'hex')));
    for await (const { ingressPort } of sw.packetIns()) {
      expect(ingressPort).toBe(3);
      break;
    }
  });
});

test('packets that nobody reads are lost, and it is told how many', async () => {
  const { address, core } = await served();
  const sw = await controller(address, { queueLimit: 2 });
  const events = sw.events();
  await sw.table(routes).setDefault(punt({ reason: 1 }));
  const packet = new Uint8Array(Buffer.from('02000000000202000000000108004006000000000a000001', 'hex'));
  for (let port = 1; port <= 5; port++) await core.processPacket(port, packet);
  expect(await until(events, 'dropped')).toEqual({ kind: 'dropped', stream: 'packet-ins', total: 1 });
  const packets = sw.packetIns();
  await expect.poll(() => packets.dropped).toBe(3);
  const ports: number[] = [];
  for await (const { ingressPort } of packets) if (ports.push(ingressPort) === 2) break;
  expect(ports).toEqual([1, 2]);
});

test('several switches in one process', async () => {
  const [a, b] = [await served(), await served()];
  const [one, two] = [await controller(a.address), await controller(b.address)];
  await one.table(routes).insert({ match: { dst: '10.0.0.0/8' }, action: forward({ port: 1, dst: '02:00:00:00:00:01' }) });
  expect(await all(one.table(routes).entries())).toHaveLength(1);
  expect(await all(two.table(routes).entries())).toEqual([]);
});

describe('TLS', () => {
  const folder = folderWith({});
  const openssl = (...args: string[]): unknown => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const has = (): boolean => {
    try {
      return Boolean(openssl('version'));
    } catch {
      return false;
    }
  };
  const pem = (name: string): Buffer => readFileSync(join(folder, name));
  const certificate = (name: string, days = '2'): void => {
    openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`); // biome-ignore format: one command
    openssl('x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', days, '-out', `${name}.crt`); // biome-ignore format: one command
  };

  test.runIf(has())('the switch is known by its certificate, and the controller by its own', async () => {
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=ca', '-days', '2', '-keyout', 'ca.key', '-out', 'ca.crt'); // biome-ignore format: one command
    certificate('switch');
    certificate('controller');
    const server = new Server();
    const answer = (_: unknown, callback: (error: null, response: object) => void): void =>
      callback(null, { p4runtime_api_version: '1.5.0' });
    server.addService(p4RuntimeService().service, { Capabilities: answer } as never);
    const identity = [{ private_key: pem('switch.key'), cert_chain: pem('switch.crt') }];
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', ServerCredentials.createSsl(pem('ca.crt'), identity, true), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    cleanups.push(() => server.forceShutdown());
    const asked = async (tls: Parameters<typeof grpcTransport>[1]): Promise<unknown> => {
      const transport = grpcTransport(`127.0.0.1:${port}`, tls);
      try {
        return await transport.capabilities({ device_id: 1n }, { timeoutMs: 10_000 });
      } catch (error) {
        const { code, message } = error as P4RuntimeError;
        return `${code} ${message}`;
      } finally {
        await transport.close();
      }
    };
    const known = { ca: pem('ca.crt'), serverName: 'switch' };
    const own = { cert: pem('controller.crt'), key: pem('controller.key').toString() };
    expect(await asked({ ...known, ...own })).toEqual({ p4runtime_api_version: '1.5.0' });
    expect(await asked(known)).toMatch(/^UNAVAILABLE .*asks for this controller's certificate; give tls.cert and tls.key/);
    expect(await asked({ ...own, serverName: 'switch' })).toMatch(/^UNAVAILABLE no authority that is trusted here signed .*tls.ca/);
    expect(await asked({ ...known, ...own, serverName: 'other' })).toMatch(/^UNAVAILABLE .*is for another host; .*tls.serverName/);
    expect(await asked(undefined)).toMatch(/^UNAVAILABLE .*it may speak TLS, for which give tls/);
    certificate('late', '-1');
    expect(await asked({ ...known, cert: pem('late.crt'), key: pem('late.key') })).toMatch(
      /^UNAVAILABLE .*does not accept this controller's certificate/,
    );
    // Of the address, which the certificate does not have: Node warns of names that are numbers.
    const warned: Error[] = [];
    const listen = (warning: Error): unknown => warned.push(warning);
    process.on('warning', listen);
    expect(await asked({ ca: pem('ca.crt'), ...own })).toMatch(/^UNAVAILABLE .*is for another host/);
    process.off('warning', listen);
    expect(warned).toEqual([]);
  });

  test('a switch that speaks no TLS, and one that is not there', async () => {
    const { address } = await served();
    const refusal = async (to: string, tls: Parameters<typeof grpcTransport>[1]): Promise<string> => {
      const transport = grpcTransport(to, tls);
      const error = await thrown(transport.capabilities({ device_id: 1n }, { timeoutMs: 10_000 }));
      await transport.close();
      return (error as Error).message;
    };
    expect(await refusal(address, {})).toMatch(/^it does not speak TLS; leave out tls/);
    expect(await refusal('127.0.0.1:1', undefined)).toMatch(/^nothing listens there; start the switch/);
  });

  test('an address that is none', async () => {
    for (const address of ['127.0.0.1', 'http://127.0.0.1:9559', '127.0.0.1:95590', '::1:9559', '', ':9559'])
      expect(await codeOf(connect(lab, { address })), address).toBe('bad-address');
    for (const address of ['[::1]:1', 'localhost:1', 'unix:/tmp/no-such-switch'])
      expect(await codeOf(connect(lab, { address })), address).toBe('switch-unreachable');
  });

  test('a certificate that is none', async () => {
    const error = await thrown(connect(lab, { address: '127.0.0.1:1', tls: { cert: 'no', key: 'no' } }));
    expect(error).toBeInstanceOf(DiagnosticError);
    expect((error as DiagnosticError).diagnostics[0]).toMatchObject({
      code: 'bad-certificate',
      message: expect.stringContaining('is not in PEM, which has a line -----BEGIN …-----.'),
    });
  });
});
