// What a controller written with p4ts sees, on a switch in the same process and on one behind gRPC.

import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { DiagnosticError } from 'p4ts';
import { argsOf, connect, createDataPlane, createSwitch, P4RuntimeError, type Switch, serve, simulate, tableEntries } from 'p4ts/runtime';
import { afterEach, describe, expect, test } from 'vitest';
import { lab } from '../support/lab.js';
import { all, thrown } from '../support/outcomes.js';
import { bytes } from '../support/switches.js';

const { routes, acl, types, drop, forward, flood, punt, count, hits } = lab.ingress;
const frame = (dst: string, rest = '06'): Uint8Array => bytes(`0200000000020200000000010800${'40'}${rest}0a000001${dst}badc0de0`);

type Lab = Switch<typeof lab>;
interface Bench {
  readonly sw: Lab;
  /** What leaves the switch for a packet. */
  send(port: number, packet: Uint8Array): Promise<{ port: number; hex: string }[]>;
  /** The next packet that leaves. */
  output(): Promise<{ port: number; hex: string }>;
}
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
const hex = (packet: Uint8Array): string => Buffer.from(packet).toString('hex');

async function simulated(): Promise<Bench> {
  const sw = await simulate(lab);
  cleanups.push(() => sw.close());
  return {
    sw,
    send: async (port, packet) => (await sw.send(port, packet)).map((o) => ({ port: o.port, hex: hex(o.packet) })),
    output: () => new Promise((resolve) => sw.onOutput((o) => resolve({ port: o.port, hex: hex(o.packet) }))),
  };
}

async function served() {
  const core = createSwitch({ dataPlane: createDataPlane() });
  const server = await serve(core, { address: '127.0.0.1:0' });
  cleanups.push(
    () => core.close(),
    () => server.close(),
  );
  return { core, server };
}

async function connected(): Promise<Bench> {
  const { core, server } = await served();
  const sw = await connect(lab, { address: server.address });
  cleanups.push(() => sw.close());
  return {
    sw,
    send: async (port, packet) => (await core.processPacket(port, packet)).outputs.map((o) => ({ port: o.port, hex: hex(o.bytes) })),
    output: () => new Promise((resolve) => core.onOutput((o) => resolve({ port: o.port, hex: hex(o.bytes) }))),
  };
}

/** The one diagnostic of a mistake, which is placed in this file. */
async function diagnosticOf(run: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await thrown(run);
  expect(error).toBeInstanceOf(DiagnosticError);
  const { diagnostics } = error as DiagnosticError;
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0]?.loc.file).toMatch(/client\.test\.ts$/);
  return { code: diagnostics[0]?.code ?? '', message: diagnostics[0]?.message ?? '' };
}

describe.each([
  ['simulate', simulated],
  ['connect', connected],
])('%s', (_name, open) => {
  test('one entry is read by its match and priority', async () => {
    const { sw } = await open();
    const key = { match: { protocol: 6, ip: true } } as const;
    await sw
      .table(routes)
      .insert(
        { match: { dst: '10.0.0.0/8' }, action: forward({ port: 3, dst: '02:00:00:00:00:0a' }) },
        { match: { dst: '0.0.0.0/0' }, action: drop() },
      );
    await sw.table(acl).insert({ ...key, priority: 1, action: count({ cell: 1 }) }, { ...key, priority: 2, action: count({ cell: 2 }) });
    expect(await sw.table(routes).get({ match: { dst: '10.0.0.0/8' } })).toEqual({
      match: { dst: '10.0.0.0/8' },
      action: { call: 'forward', args: { port: 3, dst: '02:00:00:00:00:0a' } },
      counter: { packets: 0n, bytes: 0n },
    });
    expect(await sw.table(routes).get({ match: { dst: '0.0.0.0/0' } })).toMatchObject({
      match: { dst: '0.0.0.0/0' },
      action: { call: 'drop', args: {} },
    });
    expect(await sw.table(routes).get({ match: { dst: '10.0.0.0/9' } })).toBeUndefined();
    for (const priority of [1, 2])
      expect(await sw.table(acl).get({ ...key, priority })).toMatchObject({ priority, action: { args: { cell: priority } } });
    expect(await sw.table(acl).get({ ...key, priority: 3 })).toBeUndefined();
    // The message of a match that leaves everything out is that of a read of the whole table.
    await sw.table(routes).delete({ match: { dst: '0.0.0.0/0' } });
    expect(await sw.table(routes).get({ match: { dst: '0.0.0.0/0' } })).toBeUndefined();
    expect(await diagnosticOf(sw.table(routes).get({ match: { dst: '10.0.0.1/8' } }))).toMatchObject({ code: 'entry-value' });
    expect(await diagnosticOf(sw.table(acl).get(key as never))).toMatchObject({ code: 'entry-priority' });
  });

  test('the arguments of an action that was read are those of its handle', async () => {
    const { sw } = await open();
    await sw.table(routes).insert({ match: { dst: '10.0.0.0/8' }, action: forward({ port: 3, dst: '02:00:00:00:00:0a' }) });
    const entry = await sw.table(routes).get({ match: { dst: '10.0.0.0/8' } });
    if (!entry) return expect.unreachable();
    expect(argsOf(forward, entry.action)).toEqual({ port: 3, dst: '02:00:00:00:00:0a' });
    expect(argsOf(drop, entry.action)).toBeUndefined();
    expect(argsOf(drop, await sw.table(routes).getDefault())).toEqual({});
    expect(() => argsOf(routes as never, entry.action)).toThrow(
      /not-a-handle: argsOf\(\) expects a handle of an action .* not the table routes/,
    );
    return undefined;
  });

  test('entries of all match kinds are read as they were written', async () => {
    const { sw } = await open();
    const to3 = forward({ port: 3, dst: '02:00:00:00:00:0a' });
    await sw
      .table(routes)
      .insert({ match: { dst: '10.0.0.0/8' }, action: to3 }, { match: { dst: '0.0.0.0/0' }, action: flood({ group: 9 }) });
    const rules = [
      { match: { src: '10.0.0.1', protocol: 6, ip: true }, priority: 9, action: count({ cell: 3 }) },
      {
        match: { src: { value: '10.0.0.0', mask: '255.0.0.255' }, protocol: 17, ttl: { low: 1, high: 1 }, ip: true },
        priority: 8,
        action: drop(),
      },
      { match: { protocol: 1, small: 4095, ip: false }, priority: 7, action: drop() },
    ] as const;
    await sw.table(acl).insert(...rules);
    await sw.table(types).insert({ match: { type: 'experiment', v6: '2001:db8::/32' }, action: drop() });
    const counter = { packets: 0n, bytes: 0n };
    expect(await all(sw.table(routes).entries())).toEqual([
      { match: { dst: '10.0.0.0/8' }, action: { call: 'forward', args: { port: 3, dst: '02:00:00:00:00:0a' } }, counter },
      { match: { dst: '0.0.0.0/0' }, action: { call: 'flood', args: { group: 9 } }, counter },
    ]);
    const calls = [
      { call: 'count', args: { cell: 3 } },
      { call: 'drop', args: {} },
      { call: 'drop', args: {} },
    ];
    expect(await all(sw.table(acl).entries())).toEqual(rules.map((rule, i) => ({ ...rule, action: calls[i] })));
    expect(await all(sw.table(types).entries())).toEqual([
      { match: { type: 'experiment', v6: '2001:db8::/32' }, action: { call: 'drop', args: {} } },
    ]);
  });

  test('what was read can be written again', async () => {
    const { sw } = await open();
    await sw.table(routes).insert({ match: { dst: '10.1.0.0/16' }, action: forward({ port: 3, dst: '02:00:00:00:00:0a' }) });
    const before = await all(sw.table(routes).entries());
    await sw.table(routes).delete(...before);
    expect(await all(sw.table(routes).entries())).toEqual([]);
    await sw.table(routes).insert(...before);
    expect(await all(sw.table(routes).entries())).toEqual(before);
  });

  test('packets follow the entries, and are counted', async () => {
    const { sw, send } = await open();
    await sw.table(routes).insert({ match: { dst: '10.0.0.0/8' }, action: forward({ port: 3, dst: '02:00:00:00:00:0a' }) });
    await sw.table(acl).insert({ match: { protocol: 6, ip: true }, priority: 1, action: count({ cell: 2 }) });
    const packet = frame('0a000007');
    const changed = `02000000000a${hex(packet).slice(12)}`;
    expect(await send(1, packet)).toEqual([{ port: 3, hex: changed }]);
    expect(await send(1, frame('0b000007'))).toEqual([]);
    const size = BigInt(packet.length);
    expect((await all(sw.table(routes).entries()))[0]?.counter).toEqual({ packets: 1n, bytes: size });
    expect(await sw.counter(hits).read(2)).toEqual({ packets: 2n, bytes: 2n * size });
    expect((await sw.counter(hits).read()).map((c) => c.packets)).toEqual([0n, 0n, 2n, 0n]);
    await sw.table(routes).modify({ match: { dst: '10.0.0.0/8' }, action: drop() });
    expect(await send(1, packet)).toEqual([]);
    expect((await all(sw.table(routes).entries()))[0]?.counter?.packets).toBe(2n);
    await sw.counter(hits).set();
    expect((await sw.counter(hits).read(2)).packets).toBe(0n);
  });

  test('multicast groups', async () => {
    const { sw, send } = await open();
    await sw.table(routes).setDefault(flood({ group: 7 }));
    expect(await send(1, frame('0a000007'))).toEqual([]);
    await sw.multicast(7).set([{ port: 2 }, { port: 5, instance: 1 }]);
    expect((await send(1, frame('0a000007'))).map((o) => o.port)).toEqual([2, 5]);
    await sw.multicast(7).set([{ port: 4, backups: [{ port: 2, instance: 3 }, { port: 9 }] }]);
    const backups = [
      { port: 2, instance: 3 },
      { port: 9, instance: 0 },
    ];
    expect(await sw.multicast(7).read()).toEqual([{ port: 4, instance: 0, backups }]);
    expect((await send(1, frame('0a000007'))).map((o) => o.port)).toEqual([4]);
    await sw.multicast(7).delete();
    expect(await sw.multicast(7).read()).toBeUndefined();
    expect(await send(1, frame('0a000007'))).toEqual([]);
    expect(await thrown(sw.multicast(7).delete())).toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('multicast group 7'),
    });
  });

  test('the default action', async () => {
    const { sw, send } = await open();
    expect(await sw.table(routes).getDefault()).toEqual({ call: 'drop', args: {} });
    expect(await sw.table(acl).getDefault()).toEqual({ call: 'NoAction', args: {} });
    await sw.table(routes).setDefault(forward({ port: 6, dst: '02:00:00:00:00:0b' }));
    expect((await send(1, frame('0a000007'))).map((o) => o.port)).toEqual([6]);
    await sw.table(routes).setDefault();
    expect(await send(1, frame('0a000007'))).toEqual([]);
  });

  test('packets to and from the controller', async () => {
    const { sw, send, output } = await open();
    await sw.table(routes).setDefault(punt({ reason: 5 }));
    const packet = frame('0a000007');
    await send(300, packet);
    await send(301, packet);
    const received: { ingressPort: number; reason: number; payload: Uint8Array }[] = [];
    for await (const packetIn of sw.packetIns()) {
      received.push(packetIn);
      break;
    }
    for await (const packetIn of sw.packetIns()) {
      received.push(packetIn);
      break;
    }
    expect(received.map((p) => ({ ...p, payload: hex(p.payload) }))).toEqual([
      { ingressPort: 300, reason: 5, payload: hex(packet) },
      { ingressPort: 301, reason: 5, payload: hex(packet) },
    ]);
    const left = output();
    await sw.packetOut(packet, { egressPort: 4, mode: 1 });
    expect(await left).toEqual({ port: 4, hex: hex(packet) });
  });

  describe('mistakes that are found before anything is sent', () => {
    const cases: [string, (sw: Lab) => Promise<unknown>, string, string][] = [
      [
        'no prefix',
        (sw) => sw.table(routes).insert({ match: { dst: '10.0.0' as never }, action: drop() }),
        'entry-value',
        'table ingress.routes, key dst: "10.0.0" is not an IPv4 prefix such as 10.0.0.0/8.',
      ],
      [
        'no address',
        (sw) => sw.table(routes).insert({ match: { dst: '10.0.0.0.0/8' as never }, action: drop() }),
        'entry-value',
        'table ingress.routes, key dst: "10.0.0.0.0/8" is not an IPv4 prefix such as 10.0.0.0/8.',
      ],
      [
        'a prefix too long',
        (sw) => sw.table(routes).insert({ match: { dst: '10.0.0.0/33' }, action: drop() }),
        'entry-value',
        'table ingress.routes, key dst: prefix length 33 is not between 0 and 32.',
      ],
      [
        'bits beyond the prefix',
        (sw) => sw.table(routes).insert({ match: { dst: '10.0.0.1/24' }, action: drop() }),
        'entry-value',
        'table ingress.routes, key dst: 10.0.0.1/24 has bits set beyond prefix length 24; the prefix is 10.0.0.0/24.',
      ],
      [
        'an overwide value',
        (sw) => sw.table(acl).insert({ match: { protocol: 256, ip: true }, priority: 1, action: drop() }),
        'entry-value',
        'table ingress.acl, key protocol: 256 does not fit bit<8>; the largest value is 255.',
      ],
      [
        'a negative value',
        (sw) => sw.table(acl).insert({ match: { protocol: -1, ip: true }, priority: 1, action: drop() }),
        'entry-value',
        'table ingress.acl, key protocol: -1 is negative, and bit<8> holds 0 to 255.',
      ],
      [
        'bits outside the mask',
        (sw) =>
          sw
            .table(acl)
            .insert({ match: { src: { value: '10.0.0.1', mask: '255.0.0.0' }, protocol: 1, ip: true }, priority: 1, action: drop() }),
        'entry-value',
        'table ingress.acl, key src: 10.0.0.1 has bits set that the mask 0xff000000 does not cover.',
      ],
      [
        'a range upside down',
        (sw) => sw.table(acl).insert({ match: { ttl: { low: 9, high: 1 }, protocol: 1, ip: true }, priority: 1, action: drop() }),
        'entry-value',
        'table ingress.acl, key ttl: the low end 9 is above the high end 1.',
      ],
      [
        'no range',
        (sw) => sw.table(acl).insert({ match: { ttl: 9 as never, protocol: 1, ip: true }, priority: 1, action: drop() }),
        'entry-value',
        'table ingress.acl, key ttl: 9 is not a range such as { low: 1, high: 5 }.',
      ],
      [
        'an unknown member of an enum',
        (sw) => sw.table(types).insert({ match: { type: 'ipv5' as never, v6: '::/0' }, action: drop() }),
        'entry-unknown',
        'table ingress.types, key type: there is no member "ipv5"; did you mean "ipv4"?',
      ],
      [
        'an unknown key',
        (sw) => sw.table(routes).insert({ match: { dts: '10.0.0.0/8' } as never, action: drop() }),
        'entry-unknown',
        'table ingress.routes: there is no key "dts"; did you mean "dst"?',
      ],
      [
        'a missing key',
        (sw) => sw.table(acl).insert({ match: { ip: true } as never, priority: 1, action: drop() }),
        'entry-missing',
        'table ingress.acl: the key protocol is missing.',
      ],
      [
        'a missing priority',
        (sw) => sw.table(acl).insert({ match: { protocol: 1, ip: true }, action: drop() } as never),
        'entry-priority',
        'table ingress.acl: the entry needs a priority above 0, since a key is ternary, range or optional; the highest wins.',
      ],
      [
        'a priority too many',
        (sw) => sw.table(routes).insert({ match: { dst: '10.0.0.0/8' }, priority: 1, action: drop() } as never),
        'entry-priority',
        'table ingress.routes: the entry has a priority, but no key is ternary, range or optional.',
      ],
      [
        'priority 0',
        (sw) => sw.table(acl).insert({ match: { protocol: 1, ip: true }, priority: 0, action: drop() }),
        'entry-value',
        'table ingress.acl, priority: 0 is not between 1 and 2147483647.',
      ],
      [
        'an action of another table',
        (sw) => sw.table(routes).insert({ match: { dst: '10.0.0.0/8' }, action: count({ cell: 1 }) as never }),
        'entry-action',
        'table ingress.routes: ingress.count is not one of the actions of the table: ingress.forward, ingress.flood, ingress.punt, ingress.drop.',
      ],
      [
        'an action that is not called',
        (sw) => sw.table(routes).insert({ match: { dst: '10.0.0.0/8' }, action: drop as never }),
        'entry-missing',
        'table ingress.routes: an action, called with its arguments, is missing.',
      ],
      [
        'an argument that does not fit',
        (sw) => sw.table(routes).insert({ match: { dst: '10.0.0.0/8' }, action: forward({ port: 512, dst: '02:00:00:00:00:01' }) }),
        'entry-value',
        'table ingress.routes, action ingress.forward, parameter port: 512 does not fit bit<9>; the largest value is 511.',
      ],
      [
        'a MAC address that is none',
        (sw) => sw.table(routes).insert({ match: { dst: '10.0.0.0/8' }, action: forward({ port: 1, dst: '02:00:00' }) }),
        'entry-value',
        'table ingress.routes, action ingress.forward, parameter dst: "02:00:00" is not a MAC address such as 08:00:00:00:01:11.',
      ],
      [
        'metadata that does not fit',
        (sw) => sw.packetOut(new Uint8Array(), { egressPort: 512, mode: 0 }),
        'entry-value',
        'packet-out, field egressPort: 512 does not fit bit<9>; the largest value is 511.',
      ],
      [
        'something that is no table',
        async (sw) => sw.table(drop as never),
        'not-a-handle',
        "table() expects a table that the pipeline's ingress or egress function returned, not the action drop.",
      ],
      [
        'something that is no counter',
        async (sw) => sw.counter(routes as never),
        'not-a-handle',
        "counter() expects a counter that the pipeline's ingress or egress function returned, not the table routes.",
      ],
      [
        'entries as they are, desired',
        (sw) => sw.reconcile([{ match: { dst: '10.0.0.0/8' } }] as never),
        'not-desired',
        'reconcile([…]) expects what tableEntries(…), multicastGroup(…) or a similar function returned, not an object.',
      ],
      [
        'something desired that is no list',
        (sw) => sw.reconcile(tableEntries(routes, []) as never),
        'not-desired',
        'reconcile([…]) expects what tableEntries(…), multicastGroup(…) or a similar function returned, not an object.',
      ],
      [
        'entries as they are, in a batch',
        (sw) => sw.batch([{ insert: [] as never }]),
        'not-desired',
        'batch([…]) expects what tableEntries(…), multicastGroup(…) or a similar function returned, not an array.',
      ],
    ];
    test.each(cases)('%s', async (_case, run, code, message) => {
      const { sw } = await open();
      expect(await diagnosticOf(run(sw))).toEqual({ code, message });
      expect([...(await all(sw.table(routes).entries())), ...(await all(sw.table(acl).entries()))]).toEqual([]);
    });
  });

  test('what the switch refuses names the entry; the others of the call are written', async () => {
    const { sw } = await open();
    await sw.table(routes).insert({ match: { dst: '10.0.0.0/8' }, action: drop() });
    const error = await thrown(
      sw.table(routes).insert({ match: { dst: '11.0.0.0/8' }, action: drop() }, { match: { dst: '10.0.0.0/8' }, action: drop() }),
    );
    expect(error).toBeInstanceOf(P4RuntimeError);
    expect(error).toMatchObject({
      code: 'ALREADY_EXISTS',
      message:
        'insert into table ingress.routes: dst 10.0.0.0/8: ALREADY_EXISTS: table ingress.routes: there is an entry dst=10.0.0.0/8 already',
      failures: [{ index: 1, code: 'ALREADY_EXISTS', request: 'insert into table ingress.routes: dst 10.0.0.0/8' }],
    });
    expect(await all(sw.table(routes).entries())).toHaveLength(2);
    expect(await thrown(sw.table(acl).delete({ match: { protocol: 6, ip: true }, priority: 4 }))).toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('delete from table ingress.acl: protocol 6, ip true, priority 4'),
    });
    expect(await thrown(sw.counter(hits).read(4))).toMatchObject({
      code: 'OUT_OF_RANGE',
      message: expect.stringContaining('counter ingress.hits'),
    });
  });

  test('the pipeline is verified, saved, committed and reconciled', async () => {
    const { sw } = await open();
    const entries = async (): Promise<number> => (await all(sw.table(routes).entries())).length;
    await sw.table(routes).insert({ match: { dst: '10.0.0.0/8' }, action: drop() });
    await sw.pipeline('verify');
    await sw.pipeline('reconcile');
    expect(await entries()).toBe(1);
    // Reads are about the pipeline that is saved, which holds nothing.
    await sw.pipeline('save');
    expect(await entries()).toBe(0);
    await sw.pipeline('commit');
    expect(await entries()).toBe(0);
    expect(await thrown(sw.pipeline('commit'))).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('externs of an architecture are raw entities', async () => {
    const { sw } = await open();
    const entity = { extern_entry: { extern_type_id: 0x81000001, extern_id: 1 } };
    expect(await thrown(sw.raw.write([{ type: 'INSERT', entity }]))).toMatchObject({
      code: 'NOT_FOUND',
      failures: [{ index: 0, code: 'NOT_FOUND', request: expect.stringContaining('insert') }],
    });
    expect(await all(sw.raw.read({ extern_entry: {} }))).toEqual([]);
  });

  test('of thousands of entries each that is refused is named, in order; the message shows the first', async () => {
    const { sw } = await open();
    const entries = Array.from({ length: 2500 }, (_, i) => ({ match: { dst: `10.0.${i >> 8}.${i & 255}/32` as const }, action: drop() }));
    const error = await thrown(sw.table(routes).insert(...entries));
    if (!(error instanceof P4RuntimeError)) throw error;
    expect(error.code).toBe('RESOURCE_EXHAUSTED');
    expect(error.failures.map((f) => f.index)).toEqual(Array.from({ length: 2496 }, (_, i) => i + 4));
    expect(error.failures.at(-1)?.request).toBe('insert into table ingress.routes: dst 10.0.9.195/32');
    const lines = error.message.trim().split('\n');
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)?.trim()).toBe('and 2476 more');
    expect(await all(sw.table(routes).entries())).toHaveLength(4);
  });
});

describe('connecting', () => {
  test('the pipeline is pushed when it differs, always, or never', async () => {
    const { server } = await served();
    const { address } = server;
    const error = await diagnosticOf(connect(lab, { address, push: 'never' }));
    expect(error).toEqual({
      code: 'pipeline-not-loaded',
      message: `The switch at ${address} does not run the pipeline lab, and push is "never".`,
    });
    const entries = async (push: 'if-different' | 'always' | 'never', write: boolean): Promise<number> => {
      const sw = await connect(lab, { address, push });
      if (write) await sw.table(routes).insert({ match: { dst: '10.0.0.0/8' }, action: drop() });
      const found = (await all(sw.table(routes).entries())).length;
      await sw.close();
      return found;
    };
    expect(await entries('if-different', true)).toBe(1);
    expect(await entries('if-different', false)).toBe(1);
    expect(await entries('never', false)).toBe(1);
    expect(await entries('always', false)).toBe(0);
  });

  test('another primary is told clearly', async () => {
    const { server } = await served();
    const { address } = server;
    const first = await connect(lab, { address, electionId: 5n });
    expect(first.isPrimary).toBe(true);
    const message = (own: bigint): string =>
      `Another controller (election id 5) is the primary of ${address}; this controller has election id ${own}.`;
    expect(await diagnosticOf(connect(lab, { address }))).toEqual({ code: 'controller-not-primary', message: message(1n) });
    expect(await diagnosticOf(connect(lab, { address, electionId: 5n }))).toEqual({ code: 'controller-not-primary', message: message(5n) });
    const second = await connect(lab, { address, electionId: 6n });
    expect(second.isPrimary).toBe(true);
    await expect.poll(() => first.isPrimary).toBe(false);
    expect(await thrown(first.table(routes).insert({ match: { dst: '10.0.0.0/8' }, action: drop() }))).toMatchObject({
      code: 'PERMISSION_DENIED',
    });
    await second.close();
    await first.close();
    // Nobody is primary now: a low id that the user chose cannot be, a controller without one takes over.
    expect((await diagnosticOf(connect(lab, { address, electionId: 2n }))).code).toBe('election-id-below');
    const third = await connect(lab, { address });
    expect(third.isPrimary).toBe(true);
    await third.close();
  });

  test('nobody listens: one diagnostic', async () => {
    const { server } = await served();
    await server.close();
    const { code } = await diagnosticOf(connect(lab, { address: server.address }));
    expect(code).toBe('switch-unreachable');
  });

  test('another device', async () => {
    const { server } = await served();
    expect(await thrown(connect(lab, { address: server.address, deviceId: 3n }))).toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('there is no device 3'),
    });
  });

  test('something that is no pipeline', async () => {
    expect(await diagnosticOf(connect({} as never, { address: '127.0.0.1:1' }))).toEqual({
      code: 'not-a-pipeline',
      message: 'connect() expects what pipeline(…) or loadP4(…) returned, not an object.',
    });
  });

  test('an aborted signal ends the session', async () => {
    const { server } = await served();
    const abort = new AbortController();
    const sw = await connect(lab, { address: server.address, signal: abort.signal });
    abort.abort();
    expect(await all(sw.packetIns())).toEqual([]);
    expect(sw.isPrimary).toBe(false);
    expect(await thrown(connect(lab, { address: server.address, signal: abort.signal }))).toMatchObject({ name: 'AbortError' });
  });

  test('a signal ends the wait for a server that does not answer', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    cleanups.push(() => silent.close());
    await once(silent, 'listening');
    const abort = new AbortController();
    const waiting = thrown(connect(lab, { address: `127.0.0.1:${(silent.address() as AddressInfo).port}`, signal: abort.signal }));
    setTimeout(() => abort.abort(), 50);
    expect(await waiting).toMatchObject({ name: 'AbortError' });
  });

  test('a CPU port that is none', async () => {
    expect(await diagnosticOf(simulate(lab, { cpuPort: 511 }))).toEqual({
      code: 'bad-cpu-port',
      message: 'The CPU port 511 is not between 1 and 510.',
    });
  });

  test('a switch that goes away ends the packets', async () => {
    const { server } = await served();
    const sw = await connect(lab, { address: server.address });
    cleanups.push(() => sw.close());
    const packets = all(sw.packetIns());
    await server.close();
    expect(await thrown(packets)).toBeInstanceOf(Error);
    expect(sw.isPrimary).toBe(false);
  });
});
