// Desired state: what is compared, what is written, what is left alone; batches.

import { DiagnosticError } from 'p4ts';
import {
  cloneSession,
  createDataPlane,
  createSwitch,
  defaultAction,
  formatDifference,
  meterCells,
  multicastGroup,
  type P4RuntimeError,
  rawEntities,
  registerCells,
  type Switch,
  simulate,
  tableEntries,
  tableKeys,
  valueSetMembers,
} from 'p4ts/runtime';
import { afterEach, describe, expect, test } from 'vitest';
import { openClient } from '../../runtime/client/open.js';
import type { FieldMatch, Update } from '../../runtime/p4runtime/messages.js';
import { StatusError } from '../../runtime/p4runtime/status.js';
import type { Transport } from '../../runtime/p4runtime/transport.js';
import { localTransport } from '../../runtime/switch/local-transport.js';
import { lab } from '../support/lab.js';
import { all, thrown } from '../support/outcomes.js';
import { services } from '../support/services.js';
import { idOf, labProgram, tableId } from '../support/switches.js';

const { routes, acl, drop, forward, flood, count } = lab.ingress;
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
type Lab = Switch<typeof lab>;

/** A client whose writes are counted. */
async function counted(change: (transport: Transport) => Partial<Transport> = () => ({})) {
  const core = createSwitch({ dataPlane: createDataPlane() });
  const writes: string[][] = [];
  const local = localTransport(core);
  const inner = { ...local, ...change(local) };
  const transport: Transport = {
    ...inner,
    write: (request) => {
      writes.push(((request.updates ?? []) as readonly Update[]).map((u) => u.type ?? ''));
      return inner.write(request);
    },
  };
  const sw = (await openClient(labProgram, transport, { address: 'the switch', loc: { file: '', line: 0, column: 0 } })) as unknown as Lab;
  cleanups.push(
    () => core.close(),
    () => sw.close(),
  );
  return { sw, writes };
}
const to = (port: number) => forward({ port, dst: '02:00:00:00:00:01' });
const dsts = async (sw: Lab): Promise<string[]> => (await all(sw.table(routes).entries())).map((e) => e.match.dst).sort();

describe('reconcile', () => {
  test('writes what differs, and nothing the second time', async () => {
    const { sw, writes } = await counted();
    await sw.table(routes).insert({ match: { dst: '10.0.0.0/8' }, action: drop() }, { match: { dst: '11.0.0.0/8' }, action: to(1) });
    await sw.multicast(3).set([{ port: 1 }]);
    writes.length = 0;
    const desired = [
      tableEntries(routes, [
        { match: { dst: '10.0.0.0/8' }, action: drop() },
        { match: { dst: '11.0.0.0/8' }, action: to(2) },
        { match: { dst: '12.0.0.0/8' }, action: flood({ group: 4 }) },
      ]),
      tableEntries(acl, [{ match: { src: '10.0.0.1', protocol: 6, ip: true }, priority: 3, action: count({ cell: 1 }) }]),
      defaultAction(routes, to(7)),
      multicastGroup(4, [{ port: 2 }, { port: 5, instance: 1 }]),
      cloneSession(5, [{ port: 510 }]),
    ];
    const dry = await sw.reconcile(desired, { dryRun: true });
    expect(writes).toEqual([]);
    expect(formatDifference(dry).split('\n')).toEqual([
      '+ multicast 4: 2, 5/1',
      '+ clone 5: 510',
      '~ ingress.routes dst=11.0.0.0/8 -> forward(port=1, dst=02:00:00:00:00:01)',
      '  ingress.routes dst=11.0.0.0/8 -> forward(port=2, dst=02:00:00:00:00:01)',
      '+ ingress.routes dst=12.0.0.0/8 -> flood(group=4)',
      '+ ingress.acl src=10.0.0.1 protocol=6 ip=true priority=3 -> count(cell=1)',
      '~ default ingress.routes -> drop()',
      '  default ingress.routes -> forward(port=7, dst=02:00:00:00:00:01)',
      '- multicast 3: 1',
      '4 to insert, 2 to modify, 1 to delete, 1 as desired',
    ]);
    expect(await sw.reconcile(desired)).toEqual(dry);
    // Groups before the entries that name them, deletions last, and no more requests than that.
    expect(writes).toEqual([['INSERT', 'INSERT'], ['MODIFY', 'INSERT', 'INSERT', 'MODIFY'], ['DELETE']]);
    writes.length = 0;
    expect(await sw.reconcile(desired)).toMatchObject({ changes: [], unchanged: 7 });
    expect(writes).toEqual([]);
    expect(await dsts(sw)).toEqual(['10.0.0.0/8', '11.0.0.0/8', '12.0.0.0/8']);
    expect(await sw.multicast(3).read()).toBeUndefined();
    expect(await sw.table(routes).getDefault()).toMatchObject({ call: 'forward', args: { port: 7 } });
  });

  test('a default entry without an action is what the program declares', async () => {
    const { sw, writes } = await counted();
    expect((await sw.reconcile([defaultAction(routes)])).changes).toEqual([]);
    await sw.table(routes).setDefault(to(7));
    writes.length = 0;
    expect((await sw.reconcile([defaultAction(routes)])).changes.map((c) => [c.before, c.text])).toEqual([
      ['default ingress.routes -> forward(port=7, dst=02:00:00:00:00:01)', 'default ingress.routes -> as the program says'],
    ]);
    expect(writes).toEqual([['MODIFY']]);
    expect(await sw.table(routes).getDefault()).toMatchObject({ call: 'drop' });
    expect((await sw.reconcile([defaultAction(routes)])).changes).toEqual([]);
  });

  test('a switch may tell matches of everything, which are never sent: they are as if they were not there', async () => {
    const [zero, ones] = [Buffer.from([0]), Buffer.from([0xff])];
    /** Which fields of an entry match everything: of acl and of routes, whose keys have the ids 1 to 5. */
    const told: Readonly<Record<string, readonly FieldMatch[]>> = {
      acl: [
        { field_id: 1, ternary: { value: zero, mask: Buffer.from([0, 0, 0, 0]) } },
        { field_id: 3, range: { low: zero, high: ones } },
      ],
      routes: [{ field_id: 1, lpm: { value: zero, prefix_len: 0 } }],
    };
    const tables = new Map(Object.entries(told).map(([name, matches]) => [tableId(name), matches]));
    const { sw, writes } = await counted((local) => ({
      async *read(request, options) {
        for await (const entity of local.read(request, options)) {
          const { table_entry: entry } = entity;
          const more = (tables.get(entry?.table_id ?? 0) ?? []).filter((m) => !entry?.match?.some((own) => own.field_id === m.field_id));
          yield entry && !entry.is_default_action ? { table_entry: { ...entry, match: [...(entry.match ?? []), ...more] } } : entity;
        }
      },
    }));
    const ttl = { low: 0, high: 255 };
    const desired = [
      tableEntries(acl, [
        { match: { protocol: 6, ip: true, ttl }, priority: 3, action: count({ cell: 1 }) },
        { match: { src: { value: 0, mask: 0 }, protocol: 7, ip: true, small: 1 }, priority: 3, action: drop() },
      ]),
      tableEntries(routes, [{ match: { dst: '0.0.0.0/0' }, action: to(1) }]),
    ];
    await sw.reconcile(desired);
    writes.length = 0;
    expect(await sw.reconcile(desired)).toMatchObject({ changes: [], unchanged: 3 });
    expect(writes).toEqual([]);
    expect((await all(sw.table(acl).entries())).map(({ match }) => match)).toEqual([
      { protocol: 6, ip: true },
      { protocol: 7, ip: true, small: 1 },
    ]);
    await sw.reconcile([]);
    expect(await all(sw.table(acl).entries())).toEqual([]);
  });

  test('backup replicas are in an order, other replicas are not', async () => {
    const { sw } = await counted();
    const group = (...backups: number[]) => {
      const first = { port: 1, backups: backups.map((port) => ({ port })) };
      return [multicastGroup(1, [first, { port: 9 }]), multicastGroup(1, [{ port: 9 }, first])] as const;
    };
    await sw.reconcile([group(2, 3)[0]]);
    expect((await sw.reconcile([group(2, 3)[1]])).changes).toEqual([]);
    expect((await sw.reconcile([group(3, 2)[0]])).changes.map((c) => [c.kind, c.text])).toEqual([
      ['modify', 'multicast 1: 1 else 3 else 2, 9'],
    ]);
  });

  test('what is outside the scope is not touched', async () => {
    const { sw } = await counted();
    await sw.table(routes).insert({ match: { dst: '10.0.0.0/8' }, action: drop() });
    await sw.table(acl).insert({ match: { protocol: 6, ip: true }, priority: 1, action: drop() });
    await sw.multicast(1).set([{ port: 1 }]);
    const difference = await sw.reconcile([tableEntries(routes, [])], { scope: { tables: [routes] } });
    expect(difference.changes.map((c) => c.text)).toEqual(['ingress.routes dst=10.0.0.0/8 -> drop()']);
    expect(await all(sw.table(acl).entries())).toHaveLength(1);
    expect(await sw.multicast(1).read()).toHaveLength(1);
    const outside = [tableEntries(acl, [{ match: { protocol: 7, ip: true }, priority: 1, action: drop() }])];
    expect(((await thrown(sw.reconcile(outside, { scope: { tables: [routes] } }))) as DiagnosticError).diagnostics[0]).toMatchObject({
      code: 'reconcile-outside',
      message: 'ingress.acl protocol=7 ip=true priority=1 is desired, but is outside the scope.',
    });
  });

  test('what is desired twice has to be the same', async () => {
    await using sw = await simulate(lab);
    const one = { match: { dst: '10.0.0.0/8' }, action: drop() } as const;
    await sw.reconcile([tableEntries(routes, [one]), tableEntries(routes, [one])]);
    const other = { ...one, action: forward({ port: 1, dst: '02:00:00:00:00:01' }) };
    const error = (await thrown(sw.reconcile([tableEntries(routes, [one]), tableEntries(routes, [other])]))) as DiagnosticError;
    expect(error.diagnostics).toMatchObject([
      { code: 'reconcile-twice', message: 'ingress.routes dst=10.0.0.0/8 is desired twice, with different values.' },
    ]);
    expect(await sw.reconcile([tableEntries(routes, [one])], { dryRun: true })).toMatchObject({ changes: [], unchanged: 1 });
  });

  test('several at a time come one after the other; one that is aborted holds up none', async () => {
    await using sw = await simulate(lab);
    const states = [1, 2, 3].map((i) => [tableEntries(routes, [{ match: { dst: `10.${i}.0.0/16` }, action: drop() }])]);
    const aborted = AbortSignal.abort();
    const [first, second, refused, third] = await Promise.all([
      ...states.slice(0, 2).map((state) => sw.reconcile(state)),
      thrown(sw.with({ signal: aborted }).reconcile([])),
      sw.reconcile(states[2] ?? []),
    ]);
    expect(refused).toBe(aborted.reason);
    expect(first).toMatchObject({ changes: [{ kind: 'insert' }] });
    for (const later of [second, third]) expect(later).toMatchObject({ changes: [{ kind: 'insert' }, { kind: 'delete' }] });
    expect(await all(sw.table(routes).entries())).toMatchObject([{ match: { dst: '10.3.0.0/16' } }]);
  });

  test('a tag says whose an entry is', async () => {
    const { sw } = await counted();
    await sw.table(routes).insert({ match: { dst: '10.0.0.0/8' }, action: drop() });
    const scope = { tag: 'bgp' };
    await sw.reconcile([tableEntries(routes, [{ match: { dst: '11.0.0.0/8' }, action: drop() }])], { scope });
    await sw.reconcile([tableEntries(routes, [{ match: { dst: '12.0.0.0/8' }, action: drop() }])], { scope });
    expect(await dsts(sw)).toEqual(['10.0.0.0/8', '12.0.0.0/8']);
    const tagged = (await all(sw.table(routes).entries())).find((e) => e.match.dst === '12.0.0.0/8');
    expect(new TextDecoder().decode(tagged?.metadata)).toBe('bgp');
    const taken = [tableEntries(routes, [{ match: { dst: '10.0.0.0/8' }, action: to(1) }])];
    const error = (await thrown(sw.reconcile(taken, { scope }))) as DiagnosticError;
    expect(error).toBeInstanceOf(DiagnosticError);
    expect(error.diagnostics[0]?.code).toBe('reconcile-conflict');
    expect(await dsts(sw)).toEqual(['10.0.0.0/8', '12.0.0.0/8']);
  });

  test('a full table makes room for what is desired', async () => {
    const { sw } = await counted();
    const entries = (first: number) => [0, 1, 2, 3].map((i) => ({ match: { dst: `${first + i}.0.0.0/8` as const }, action: drop() }));
    await sw.reconcile([tableEntries(routes, entries(10))]);
    await sw.reconcile([tableEntries(routes, entries(20))]);
    expect(await dsts(sw)).toEqual(['20.0.0.0/8', '21.0.0.0/8', '22.0.0.0/8', '23.0.0.0/8']);
    const five = [...entries(20), { match: { dst: '30.0.0.0/8' as const }, action: drop() }];
    expect(await thrown(sw.reconcile([tableEntries(routes, five)]))).toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
      failures: [{ request: 'insert ingress.routes dst=30.0.0.0/8 -> drop()' }],
    });
  });
});

describe('cells and value sets', () => {
  const { totals, flows, police } = services.ingress;
  const { tags } = services.sets;
  const rates = { cir: 1, cburst: 2, pir: 3, pburst: 4 };
  const flow = (packets: number) => ({ packets, last: '02:00:00:00:00:01' as const, tag: 3 });

  test('are changed where they are desired', async () => {
    await using sw = await simulate(services);
    await sw.table(services.ingress.initial).delete({ match: { kind: 7 } });
    await sw.meter(police).set(0, rates);
    await sw.meter(police).set(1, rates);
    await sw.register(totals).write(0, 7n);
    await sw.register(totals).write(1, 8n);
    await sw.register(flows).write(2, flow(1));
    await sw.valueSet(tags).set([0x9100]);
    const desired = [
      meterCells(police, { 1: rates, 2: { ...rates, cir: 2 } }),
      registerCells(totals, { 1: 9n }),
      registerCells(flows, { 2: flow(1), 3: flow(2) }),
      valueSetMembers(tags, [0x88a8, 0x9200]),
    ];
    const dry = await sw.reconcile(desired, { dryRun: true });
    expect(formatDifference(dry).split('\n')).toEqual([
      '~ meter ingress.police[2]: none',
      '  meter ingress.police[2]: 2/2 3/4',
      '~ register ingress.totals[1]: 8',
      '  register ingress.totals[1]: 9',
      '~ register ingress.flows[3]: 0',
      `  register ingress.flows[3]: ${(2n << 64n) | (0x020000000001n << 16n) | 3n}`,
      '~ value set parse.tags: 37120',
      '  value set parse.tags: 34984, 37376',
      '~ meter ingress.police[0]: 1/2 3/4',
      '  meter ingress.police[0]: none',
      '0 to insert, 5 to modify, 0 to delete, 2 as desired',
    ]);
    await sw.reconcile(desired);
    expect((await sw.meter(police).read()).map((cell) => cell?.cir)).toEqual([undefined, 1n, 2n, undefined]);
    expect(await sw.register(totals).readAll()).toEqual([7n, 9n, 0n, 0n]);
    expect(await sw.register(flows).read(3)).toEqual(flow(2));
    expect(await sw.valueSet(tags).read()).toEqual([0x88a8, 0x9200]);
    expect((await sw.reconcile(desired)).changes).toEqual([]);
    // Of none of them nothing is said.
    expect((await sw.reconcile([])).changes).toEqual([]);
    await sw.reconcile([meterCells(police, {})]);
    expect(await sw.meter(police).read()).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('a cell that there is not, and one outside the scope', async () => {
    await using sw = await simulate(services);
    expect(await thrown(sw.reconcile([meterCells(police, { 4: rates })]))).toMatchObject({
      code: 'OUT_OF_RANGE',
      failures: [{ request: 'modify meter ingress.police[4]: 1/2 3/4' }],
    });
    const error = (await thrown(sw.reconcile([meterCells(police, { 0: rates })], { scope: { tag: 'bgp' } }))) as DiagnosticError;
    expect(error.diagnostics[0]).toMatchObject({
      code: 'reconcile-outside',
      message: 'meter ingress.police[0] is desired, but is outside the scope.',
    });
  });

  test('counters, by their messages', async () => {
    const { sw } = await counted();
    await sw.counter(lab.ingress.hits).set(1, { packets: 5n, bytes: 50n });
    const counter_id = idOf('counters', 'ingress.hits');
    const cell = { counter_entry: { counter_id, index: { index: 1n }, data: { packet_count: 0n, byte_count: 0n } } };
    const difference = await sw.reconcile([rawEntities([cell])]);
    expect(difference.changes.map((c) => [c.before, c.text])).toEqual([
      ['counter ingress.hits[1]: 5 packets, 50 bytes', 'counter ingress.hits[1]: 0 packets, 0 bytes'],
    ]);
    expect(await sw.counter(lab.ingress.hits).read(1)).toEqual({ packets: 0n, bytes: 0n });
  });
});

describe('batches', () => {
  const steps = [
    { insert: tableEntries(routes, [{ match: { dst: '11.0.0.0/8' }, action: drop() }]) },
    { modify: tableEntries(routes, [{ match: { dst: '10.0.0.0/8' }, action: drop() }]) },
    { delete: tableKeys(routes, [{ match: { dst: '12.0.0.0/8' } }]) },
    { delete: tableKeys(routes, [{ match: { dst: '99.0.0.0/8' } }]) },
  ];
  const filled = async (sw: Lab): Promise<unknown> => {
    await sw.table(routes).insert({ match: { dst: '10.0.0.0/8' }, action: to(4) }, { match: { dst: '12.0.0.0/8' }, action: to(5) });
    return all(sw.table(routes).entries());
  };
  const byDst = (list: unknown): unknown => (list as { match: { dst: string } }[]).toSorted((a, b) => (a.match.dst < b.match.dst ? -1 : 1));

  test('go on after an update that is refused', async () => {
    const { sw } = await counted();
    await filled(sw);
    const error = (await thrown(sw.batch(steps))) as P4RuntimeError;
    expect(error).toMatchObject({
      code: 'NOT_FOUND',
      failures: [{ index: 3, request: 'delete ingress.routes dst=99.0.0.0/8 -> nothing' }],
    });
    expect(await dsts(sw)).toEqual(['10.0.0.0/8', '11.0.0.0/8']);
  });

  test('are rolled back by the client where the switch cannot', async () => {
    const { sw } = await counted((transport) => ({
      write: async (request) => {
        if (request.atomicity) throw new StatusError('UNIMPLEMENTED', 'no atomicity');
        return transport.write(request);
      },
    }));
    const was = await filled(sw);
    expect(await thrown(sw.batch(steps, { atomicity: 'rollback' }))).toMatchObject({ code: 'UNIMPLEMENTED' });
    expect(await thrown(sw.batch(steps, { atomicity: 'rollback', emulate: true }))).toMatchObject({ code: 'NOT_FOUND' });
    expect(byDst(await all(sw.table(routes).entries()))).toEqual(byDst(was));
    await sw.batch(steps.slice(0, 3), { atomicity: 'rollback', emulate: true });
    expect(await dsts(sw)).toEqual(['10.0.0.0/8', '11.0.0.0/8']);
  });

  test('of raw entities', async () => {
    await using sw = await simulate(lab);
    const entity = { packet_replication_engine_entry: { multicast_group_entry: { multicast_group_id: 8 } } };
    await sw.batch([{ insert: rawEntities([entity]) }]);
    expect(await all(sw.raw.read(entity))).toHaveLength(1);
    expect(await thrown(sw.raw.write([{ type: 'INSERT', entity }]))).toMatchObject({
      code: 'ALREADY_EXISTS',
      failures: [{ request: 'insert multicast 8: ' }],
    });
    expect(await sw.raw.capabilities()).toMatchObject({ p4runtime_api_version: expect.stringMatching(/^1\./) });
  });
});
