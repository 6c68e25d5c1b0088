/** The client against BMv2's own P4Runtime server: as it was recorded, and live with P4TS_LIVE=1. */
import { type OneShotOptions, oneShot } from 'p4ts';
import { connect, createDataPlane, createSwitch, multicastGroup, registerCells, serve, valueSetMembers } from 'p4ts/runtime';
import { afterEach, describe, expect, test } from 'vitest';
import { embeddedTarget } from '../../../runtime/client/target.js';
import { bmv2 } from '../../../targets/bmv2/node.js';
import { all } from '../../support/outcomes.js';
import { services } from '../../support/services.js';
import { conversations } from './conversations.js';
import { live, replayed } from './place.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe.each(conversations.map((c) => [c.name, c] as const))('%s', (_, conversation) => {
  test('as BMv2 was recorded', () => replayed(conversation));

  test.runIf(process.env.P4TS_LIVE === '1')('with BMv2 itself', () => live(conversation, false));
});

test('what its server lacks is refused before anything is sent', async () => {
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
  expect(() => sw.register(services.ingress.totals)).toThrow(/entity-unsupported: bmv2 does not support register ingress\.totals: /);
  expect(() => sw.valueSet(services.sets.tags)).toThrow(/entity-unsupported: bmv2 does not support value set .*tags: /);
  await expect(sw.reconcile([registerCells(services.ingress.totals, { 0: 1n })])).rejects.toThrow(/bmv2 does not support a register/);
  await expect(sw.reconcile([valueSetMembers(services.sets.tags, [])])).rejects.toThrow(/bmv2 does not support a value set/);
  const backed = [{ port: 1, backups: [{ port: 2 }] }];
  await expect(sw.multicast(1).set(backed)).rejects.toThrow(/bmv2 does not support a replica with backups: /);
  await expect(sw.cloneSession(1).set(backed)).rejects.toThrow(/a replica with backups/);
  await expect(sw.reconcile([multicastGroup(1, backed)], { dryRun: true })).rejects.toThrow(/a replica with backups/);
  await expect(async () => sw.batch([{ insert: multicastGroup(1, backed) }])).rejects.toThrow(/a replica with backups/);
  const { spread, send } = services.ingress;
  const entry = (options: OneShotOptions) => ({ match: { kind: 1 }, action: oneShot([{ action: send({ port: 1 }) }], options) });
  const table = sw.table(spread);
  await expect(table.insert(entry({ actionSelectionMode: 'random' }))).rejects.toThrow(/bmv2 does not support an actionSelectionMode: /);
  await expect(table.insert(entry({ sizeSemantics: 'sum-of-members' }))).rejects.toThrow(/bmv2 does not support (.*)sizeSemantics/);
  await table.insert(entry({}));
  expect(await all(table.entries())).toHaveLength(1);
  expect(await sw.multicast(1).read()).toBeUndefined();
});
