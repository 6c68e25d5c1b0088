// "Batch Atomicity": in the modes of all or nothing a batch with a mistake leaves the switch as it was.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDataPlane } from '../../runtime/interpreter/index.js';
import type { Atomicity, Entity, Update, UpdateType } from '../../runtime/p4runtime/messages.js';
import { codeName } from '../../runtime/p4runtime/status.js';
import type { Transport } from '../../runtime/p4runtime/transport.js';
import { createSwitch } from '../../runtime/switch/core.js';
import { localTransport } from '../../runtime/switch/local-transport.js';
import { actionId, bytes, idOf, onBothTransports, primary, read, refused, state, tableId, uint128, write } from '../support/switches.js';

const routes = tableId('routes');
const drop = { action: { action_id: actionId('drop') } };
const route = (octet: number, rest: object = { action: drop }): Entity => ({
  table_entry: { table_id: routes, match: [{ field_id: 1, lpm: { value: Uint8Array.of(octet, 0, 0, 0), prefix_len: 8 } }], ...rest },
});
const group = (id: number): Entity => ({
  packet_replication_engine_entry: { multicast_group_entry: { multicast_group_id: id, replicas: [{ port: bytes('01'), instance: 0 }] } },
});
const session = (id: number): Entity => ({
  packet_replication_engine_entry: { clone_session_entry: { session_id: id, replicas: [{ port: bytes('02'), instance: 1 }] } },
});
const count = (packets: bigint): Entity => ({
  counter_entry: { counter_id: idOf('counters', 'ingress.hits'), index: { index: 0n }, data: { packet_count: packets, byte_count: 0n } },
});
const fallback: Entity = {
  table_entry: {
    table_id: routes,
    is_default_action: true,
    action: { action: { action_id: actionId('punt'), params: [{ param_id: 1, value: bytes('01') }] } },
  },
};
const mistake: Update = { type: 'INSERT', entity: { table_entry: { table_id: routes } } };

const allOrNothing: readonly Atomicity[] = ['ROLLBACK_ON_ERROR', 'DATAPLANE_ATOMIC'];
const writeAs = (transport: Transport, atomicity: Atomicity, ...updates: Update[]): Promise<void> =>
  transport.write({ device_id: 1n, election_id: uint128(1n), atomicity, updates });
/** Order has no meaning. */
const sorted = async (transport: Transport): Promise<string[]> =>
  ((await state(transport)) as object[]).map((e) => JSON.stringify(e, (_, v) => (typeof v === 'bigint' ? `${v}` : v))).sort();

onBothTransports((open) => {
  test.each(allOrNothing)('%s: without a mistake all is done', async (mode) => {
    const transport = await primary(await open());
    await writeAs(transport, mode, { type: 'INSERT', entity: route(10) }, { type: 'INSERT', entity: group(1) });
    expect(await read(transport, { table_entry: { table_id: routes } })).toHaveLength(1);
  });

  test.each(allOrNothing)('%s: with a mistake nothing is, and each update says why', async (mode) => {
    const bench = await open();
    const transport = await primary(bench);
    await write(transport, { type: 'INSERT', entity: route(10) }, { type: 'INSERT', entity: group(1) });
    const before = await sorted(transport);
    const updates: Update[] = [
      { type: 'INSERT', entity: route(11) },
      { type: 'DELETE', entity: route(10) },
      { type: 'MODIFY', entity: fallback },
      { type: 'MODIFY', entity: count(7n) },
      { type: 'DELETE', entity: group(1) },
      { type: 'INSERT', entity: session(1) },
      mistake,
    ];
    const { code, message, errors } = await refused(writeAs(transport, mode, ...updates));
    expect(code).toBe('UNKNOWN');
    expect(message).toBe(`1 of 7 updates were refused, so that none was done: ${errors[6]?.message}`);
    expect(errors.map((e) => codeName(e.canonical_code))).toEqual([...Array(6).fill('ABORTED'), 'INVALID_ARGUMENT']);
    expect(await sorted(transport)).toEqual(before);
    // The data plane did not hear of it: the default action still drops.
    const packet = bytes('020000000002020000000001080040060a0000010c000001');
    expect((await bench.core.processPacket(1, packet)).packetIns).toEqual([]);
  });

  test('CONTINUE_ON_ERROR: what is right is done', async () => {
    const transport = await primary(await open());
    await refused(writeAs(transport, 'CONTINUE_ON_ERROR', mistake, { type: 'INSERT', entity: route(11) }));
    expect(await read(transport, { table_entry: { table_id: routes } })).toHaveLength(1);
  });

  test('another mode is refused, and nothing is written', async () => {
    const transport = await primary(await open());
    const wrong = 7 as unknown as Atomicity;
    expect((await refused(writeAs(transport, wrong, { type: 'INSERT', entity: route(11) }))).code).toBe('INVALID_ARGUMENT');
    expect(await read(transport, { table_entry: { table_id: routes } })).toEqual([]);
  });
});

test('whatever is in the batch, a mistake in it undoes all of it', async () => {
  const core = createSwitch({ dataPlane: createDataPlane() });
  const transport = await primary({ core, client: () => localTransport(core) });
  await write(
    transport,
    { type: 'INSERT', entity: route(10) },
    { type: 'INSERT', entity: group(1) },
    { type: 'INSERT', entity: session(2) },
  );
  const before = await sorted(transport);
  const entity = fc.oneof(
    fc.integer({ min: 9, max: 13 }).map((octet) => route(octet)),
    fc.integer({ min: 0, max: 3 }).map(group),
    fc.integer({ min: 0, max: 3 }).map(session),
    fc.bigInt(0n, 9n).map(count),
    fc.constant(fallback),
  );
  const update = fc.record({ type: fc.constantFrom<UpdateType[]>('INSERT', 'MODIFY', 'DELETE'), entity });
  await fc.assert(
    fc.asyncProperty(fc.array(update, { maxLength: 12 }), fc.nat(12), async (updates, at) => {
      await refused(writeAs(transport, 'ROLLBACK_ON_ERROR', ...updates.slice(0, at), mistake, ...updates.slice(at)));
      expect(await sorted(transport)).toEqual(before);
    }),
  );
  await core.close();
});
