/** The client against BMv2's own P4Runtime server: as it was recorded, and live with P4TS_LIVE=1. */
import { connect, createDataPlane, createSwitch, registerCells, serve, valueSetMembers } from 'p4ts/runtime';
import { afterEach, describe, expect, test } from 'vitest';
import { embeddedTarget } from '../../../runtime/client/target.js';
import { bmv2 } from '../../../targets/bmv2/index.js';
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
