// Controllers of two roles on one switch, over gRPC: each has its part of the pipeline.
import type { DiagnosticError } from 'p4ts';
import {
  type ConnectOptions,
  connect,
  createDataPlane,
  createSwitch,
  multicastGroup,
  type Switch,
  serve,
  tableEntries,
} from 'p4ts/runtime';
import { afterEach, expect, test } from 'vitest';
import { lab } from '../support/lab.js';
import { all, thrown } from '../support/outcomes.js';

const { routes, acl, types, hits, drop, count, punt } = lab.ingress;
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

type Options = NonNullable<Exclude<ConnectOptions<typeof lab>['role'], string>>;
const routing: Options = { name: 'routing', exclusive: [routes, types], loadsPipelines: true, packetIns: { field: 'reason', is: 5 } };
const security: Options = { name: 'security', exclusive: [acl], shared: [hits], packetIns: true };

async function bench() {
  const core = createSwitch({ dataPlane: createDataPlane() });
  const server = await serve(core, { address: '127.0.0.1:0' });
  cleanups.push(
    () => core.close(),
    () => server.close(),
  );
  const controller = async (role?: string | Options): Promise<Switch<typeof lab>> => {
    const sw = await connect(lab, { address: server.address, ...(role === undefined ? {} : { role }) });
    cleanups.push(() => sw.close());
    return sw;
  };
  return { core, controller };
}
const mistake = async (run: Promise<unknown>): Promise<string> => {
  const { diagnostics } = (await thrown(run)) as DiagnosticError;
  return `${diagnostics[0]?.code}: ${diagnostics[0]?.message}`;
};
const route = { match: { dst: '10.0.0.0/8' as const }, action: drop() };
const rule = { match: { protocol: 6, ip: true }, priority: 1, action: count({ cell: 2 }) };

test('each writes and reads its own, and is told what it may not', async () => {
  const { controller } = await bench();
  const [router, guard] = [await controller(routing), await controller(security)];
  expect([router.isPrimary, guard.isPrimary]).toEqual([true, true]);
  await router.table(routes).insert(route);
  await guard.table(acl).insert(rule);
  await guard.counter(hits).set(2, { packets: 1n, bytes: 2n });
  expect(await guard.counter(hits).read(2)).toEqual({ packets: 1n, bytes: 2n });
  expect([await all(router.table(acl).entries()), await all(guard.table(routes).entries())]).toEqual([[], []]);
  expect(await all(router.table(routes).entries())).toHaveLength(1);

  const refused = await thrown(guard.table(routes).insert(route));
  expect(refused).toMatchObject({ code: 'PERMISSION_DENIED' });
  expect(String(refused)).toMatch(/insert into table ingress\.routes: dst 10\.0\.0\.0\/8: .*role "security" may not/);
  expect(String(await thrown(guard.multicast(1).set([{ port: 1 }])))).toMatch(/set multicast group 1: .*role "security" may not/);
  expect(String(await thrown(guard.pipeline('verify')))).toMatch(/role "security" may not/);
  // A role asks in vain for what another has for itself.
  expect(String(await thrown(controller({ name: 'greedy', exclusive: [routes] })))).toMatch(/belongs to role "routing"/);
});

test('reconcile keeps to what is the role’s', async () => {
  const { controller } = await bench();
  const [router, guard] = [await controller(routing), await controller(security)];
  const everything = await controller();
  await everything.multicast(1).set([{ port: 1 }]);
  await router.table(routes).insert(route);
  await guard.table(acl).insert(rule);
  const other = { match: { dst: '11.0.0.0/8' as const }, action: drop() };
  const difference = await router.reconcile([tableEntries(routes, [other])]);
  expect(difference.changes.map((c) => `${c.kind} ${c.text}`)).toEqual([
    'insert ingress.routes dst=11.0.0.0/8 -> drop()',
    'delete ingress.routes dst=10.0.0.0/8 -> drop()',
  ]);
  expect(await guard.reconcile([])).toMatchObject({ changes: [{ kind: 'delete' }] });
  expect((await all(everything.table(routes).entries())).map((e) => e.match.dst)).toEqual(['11.0.0.0/8']);
  expect(await everything.multicast(1).read()).toEqual([{ port: 1, instance: 0 }]);
  expect(await mistake(router.reconcile([tableEntries(acl, [rule])]))).toBe(
    'reconcile-outside: ingress.acl protocol=6 ip=true priority=1 is desired, but is outside the scope.',
  );
  expect(await mistake(router.reconcile([multicastGroup(1, [])]))).toBe(
    'reconcile-outside: multicast 1 is desired, but is outside the scope.',
  );
});

test('packets come to the roles that want them', async () => {
  const { core, controller } = await bench();
  const [router, guard] = [await controller(routing), await controller(security)];
  await router
    .table(routes)
    .insert({ match: { dst: '10.5.0.0/16' }, action: punt({ reason: 5 }) }, { match: { dst: '10.6.0.0/16' }, action: punt({ reason: 6 }) });
  for (const second of ['06', '05']) {
    const packet = `020000000002020000000001080040060a0000010a${second}0001`;
    await core.processPacket(1, Buffer.from(packet, 'hex'));
  }
  const reasons = async (sw: Switch<typeof lab>, wanted: number): Promise<number[]> => {
    const found: number[] = [];
    for await (const { reason } of sw.packetIns()) if (found.push(reason) === wanted) break;
    return found;
  };
  expect(await reasons(guard, 2)).toEqual([6, 5]);
  expect(await reasons(router, 1)).toEqual([5]);
});

test('what is no object of the pipeline, and a field that packet-ins do not have', async () => {
  const { controller } = await bench();
  expect(await mistake(controller({ name: 'x', shared: [drop as never] }))).toMatch(/^not-a-handle: /);
  const field = { name: 'x', packetIns: { field: 'raeson', is: 1 } } as never as Options;
  expect(await mistake(controller(field))).toBe('entry-unknown: packet-in: there is no field "raeson"; did you mean "reason"?');
  const big = { name: 'x', packetIns: { field: 'reason', is: 8 } } as Options;
  expect(await mistake(controller(big))).toBe('entry-value: packet-in, field reason: 8 does not fit bit<3>; the largest value is 7.');
});
