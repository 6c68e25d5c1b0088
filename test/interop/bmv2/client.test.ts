/** The client against BMv2's own P4Runtime server: live, with P4TS_LIVE=1, but for what is refused before it is asked. */
import {
  cloneSession,
  connect,
  createDataPlane,
  createSwitch,
  multicastGroup,
  registerCells,
  type Switch,
  serve,
  tableEntries,
  valueSetMembers,
} from 'p4ts/runtime';
import { afterEach, describe, expect, test } from 'vitest';
import { embeddedTarget } from '../../../runtime/client/target.js';
import { bmv2 } from '../../../targets/bmv2/index.js';
import { lab } from '../../support/lab.js';
import { services } from '../../support/services.js';
import { startBmv2 } from './bmv2.js';
import { all } from './scenario.js';

const { routes, acl, drop, forward, flood, count } = lab.ingress;
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function device(): Promise<string> {
  const started = await startBmv2();
  cleanups.push(() => started.close());
  return started.address;
}
async function controller(address: string, options: object = {}): Promise<Switch<typeof lab>> {
  const sw = await connect(lab, { address, target: bmv2, ...options });
  cleanups.push(() => sw.close());
  return sw;
}
const to = (port: number) => forward({ port, dst: '02:00:00:00:00:01' });

describe.runIf(process.env.P4TS_LIVE === '1')('BMv2', () => {
  test('reconcile, twice', async () => {
    const sw = await controller(await device());
    const desired = [
      tableEntries(routes, [
        { match: { dst: '10.0.0.0/8' }, action: to(1) },
        { match: { dst: '10.1.0.0/16' }, action: drop() },
      ]),
      tableEntries(acl, [
        {
          match: { src: { value: '10.0.0.0', mask: '255.0.0.0' }, protocol: 6, ttl: { low: 0, high: 9 }, ip: true },
          priority: 3,
          action: count({ cell: 1 }),
        },
      ]),
      multicastGroup(4, [{ port: 2 }, { port: 5, instance: 1 }]),
      cloneSession(5, [{ port: 510 }]),
    ];
    expect((await sw.reconcile(desired)).changes.map((c) => c.kind)).toEqual(['insert', 'insert', 'insert', 'insert', 'insert']);
    expect(await sw.reconcile(desired)).toMatchObject({ changes: [], unchanged: 5 });
    expect((await sw.reconcile([])).changes.map((c) => c.kind)).toEqual(['delete', 'delete', 'delete', 'delete', 'delete']);
    expect(await all(sw.table(routes).entries())).toEqual([]);
  });

  test('a batch is rolled back by the client', async () => {
    const sw = await controller(await device());
    await sw.table(routes).insert({ match: { dst: '10.0.0.0/8' }, action: to(4) });
    const steps = [
      { insert: tableEntries(routes, [{ match: { dst: '11.0.0.0/8' }, action: drop() }]) },
      { modify: tableEntries(routes, [{ match: { dst: '10.0.0.0/8' }, action: drop() }]) },
      { insert: tableEntries(routes, [{ match: { dst: '10.0.0.0/8' }, action: drop() }]) },
    ];
    const failure = await sw.batch(steps, { atomicity: 'rollback', emulate: true }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ failures: [{ index: 2, code: 'ALREADY_EXISTS' }] });
    expect(await all(sw.table(routes).entries())).toMatchObject([
      { match: { dst: '10.0.0.0/8' }, action: { call: 'forward', args: { port: 4 } } },
    ]);
  });

  test('one takes over, one stands by and is promoted', async () => {
    const address = await device();
    const first = await controller(address);
    const second = await controller(address, { ifPrimaryExists: 'take-over' });
    expect(second.isPrimary).toBe(true);
    await expect.poll(() => first.isPrimary).toBe(false);
    await first.close();
    const third = await controller(address, { ifPrimaryExists: 'stand-by' });
    expect(third.isPrimary).toBe(false);
    await second.table(routes).insert({ match: { dst: '10.0.0.0/8' }, action: to(4) });
    await second.close();
    await expect.poll(() => third.isPrimary).toBe(true);
    await third.table(routes).insert({ match: { dst: '11.0.0.0/8' }, action: to(4) });
    expect(await all(third.table(routes).entries())).toHaveLength(2);
  });

  test('multicast groups of an earlier pipeline are cleared before the push', async () => {
    const bmv2Switch = await startBmv2();
    cleanups.push(() => bmv2Switch.close());
    const { address } = bmv2Switch;
    const first = await controller(address);
    await first.multicast(1).set([{ port: 1 }, { port: 2 }]);
    await first.cloneSession(2).set([{ port: 3 }]);
    await first.close();
    const second = await controller(address, { push: 'always' });
    expect(await second.multicast(1).read()).toBeUndefined();
    await second.multicast(1).set([{ port: 7 }]);
    await second.table(routes).setDefault(flood({ group: 1 }));
    const packet = Buffer.from('0200000000020200000000010800400600000000' + '0a000001badc0de0', 'hex');
    const { outputs } = await bmv2Switch.observe((inject) => inject(1, packet));
    expect(outputs.map((o) => o.port)).toEqual([7]);
  });
});

test('registers are refused before anything is sent', async () => {
  const core = createSwitch({ dataPlane: createDataPlane() });
  const server = await serve(core, { address: '127.0.0.1:0' });
  cleanups.push(
    () => core.close(),
    () => server.close(),
  );
  const { server: traits } = bmv2;
  const target = { name: 'bmv2', server: traits, configure: embeddedTarget.configure };
  const sw = await connect(services, { address: server.address, target });
  cleanups.push(() => sw.close());
  expect(() => sw.register(services.ingress.totals)).toThrow(/entity-unsupported: register ingress\.totals cannot be reached on bmv2: /);
  expect(() => sw.valueSet(services.sets.tags)).toThrow(/entity-unsupported: value set .*tags cannot be reached on bmv2: /);
  await expect(sw.reconcile([registerCells(services.ingress.totals, { 0: 1n })])).rejects.toThrow(/of registers cannot be reached on bmv2/);
  await expect(sw.reconcile([valueSetMembers(services.sets.tags, [])])).rejects.toThrow(/of value sets cannot be reached on bmv2/);
});
