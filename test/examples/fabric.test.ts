/** The files of entries of the fabric example, which have names, say what its controller says with typed handles. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { programOf } from '../../compiler/dsl/handles.js';
import type { Program } from '../../compiler/ir/index.js';
import { border } from '../../examples/fabric/border.js';
import { type Fabric, FabricController } from '../../examples/fabric/controller.js';
import { edge, edgeRules, rack, rackRules } from '../../examples/fabric/sites.js';
import { tor } from '../../examples/fabric/tor.js';
import { type SimulatedSwitch, simulate } from '../../runtime/client/simulate.js';
import { applyEntries, readEntries } from '../../runtime/entries/index.js';
import type { Entity } from '../../runtime/p4runtime/messages.js';

test.each([
  ['rack.yaml', tor as Fabric, rack, rackRules],
  ['edge.yaml', border as Fabric, edge, edgeRules],
] as const)('%s', async (file, pipeline, site, rules) => {
  await using byHandles = await simulate(pipeline);
  await FabricController.start(byHandles, pipeline, site, rules);
  await using byNames = await simulate(pipeline);
  const path = fileURLToPath(new URL(`../../examples/fabric/${file}`, import.meta.url));
  await applyEntries(byNames, await readEntries(programOf(pipeline)?.ir as Program, path));
  const expected = await entities(byHandles);
  expect(expected.length).toBeGreaterThan(40);
  expect(await entities(byNames)).toEqual(expected);
});

async function entities(sw: SimulatedSwitch<Fabric>): Promise<string[]> {
  const found: Entity[] = [];
  const all = [
    { table_entry: {} },
    { packet_replication_engine_entry: { multicast_group_entry: {} } },
    { packet_replication_engine_entry: { clone_session_entry: {} } },
  ];
  for await (const entity of sw.raw.read(...(all as Entity[]))) found.push(entity);
  return found.map((entity) => JSON.stringify(entity, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))).toSorted();
}
