// Members, groups and one-shot sets, as requests and as what they do with packets.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Entity, TableAction } from '../../runtime/p4runtime/messages.js';
import { codeName } from '../../runtime/p4runtime/status.js';
import type { Transport } from '../../runtime/p4runtime/transport.js';
import {
  exactEntry,
  group,
  insert,
  member,
  modify,
  remove,
  send,
  serviceId,
  servicesConfig,
  servicesP4Info,
} from '../support/service-switch.js';
import { frame } from '../support/services.js';
import { type Bench, bytes, onBothTransports, plain, primaryStream, read, refused, state, write } from '../support/switches.js';

const spread = (kind: number, action?: TableAction): Entity => ({
  table_entry: exactEntry('spread', kind.toString(16).padStart(2, '0'), action ? { action } : {}),
});
const oneShot = (...set: [port: number, weight: number, watch?: number][]): TableAction => ({
  action_profile_action_set: {
    action_profile_actions: set.map(([port, weight, watch]) => ({
      action: send(port),
      weight,
      ...(watch === undefined ? {} : { watch_port: bytes(watch.toString(16).padStart(2, '0')) }),
    })),
  },
});
const actions = async (transport: Transport): Promise<unknown> =>
  (await read(transport, { table_entry: { table_id: serviceId('tables', 'spread') } })).map((e) => plain(e.table_entry?.action));
const codes = async (request: Promise<void>): Promise<string[]> => (await refused(request)).errors.map((e) => codeName(e.canonical_code));

/** What the control plane has written; packets change the registers. */
const written = async (transport: Transport): Promise<unknown> =>
  ((await state(transport, servicesP4Info)) as Entity[]).filter((e) => !e.register_entry);

/** How often each port got one of the packets of 200 hosts. */
async function shares({ core }: Bench, kind: number): Promise<Record<number, number>> {
  const ports: Record<number, number> = {};
  for (let i = 0; i < 200; i++) {
    // A CRC of numbers that follow each other would not be spread evenly.
    const host = (i * i * 7919) % 65521;
    for (const { port } of (await core.processPacket(1, frame('spread', kind, host))).outputs) ports[port] = (ports[port] ?? 0) + 1;
  }
  return ports;
}

onBothTransports((open) => {
  const start = async () => {
    const bench = await open();
    return { bench, transport: (await primaryStream(bench, servicesConfig)).transport };
  };

  describe('members and groups', () => {
    test('an entry runs a member, and follows when that changes', async () => {
      const { bench, transport } = await start();
      await write(transport, insert(member(1)), insert(spread(1, { action_profile_member_id: 1 })));
      expect(await shares(bench, 1)).toEqual({ 1: 200 });
      await write(transport, modify(member(1, send(4))));
      expect(await shares(bench, 1)).toEqual({ 4: 200 });
    });

    test('a group spreads the flows by weight, and each flow stays with its member', async () => {
      const { bench, transport } = await start();
      await write(
        transport,
        ...[1, 2].map((m) => insert(member(m))),
        insert(
          group(1, [
            { member_id: 1, weight: 1 },
            { member_id: 2, weight: 3 },
          ]),
        ),
        insert(spread(1, { action_profile_group_id: 1 })),
      );
      const first = await shares(bench, 1);
      expect(Object.keys(first)).toEqual(['1', '2']);
      // A quarter of 200, give or take five standard deviations.
      expect(Math.abs((first[1] ?? 0) - 50)).toBeLessThan(31);
      expect(await shares(bench, 1)).toEqual(first);
    });

    test('a member whose port is down is left out, also after the pipeline is loaded again', async () => {
      const { bench, transport } = await start();
      const setup = [
        ...[1, 2].map((m) => insert(member(m))),
        insert(
          group(1, [
            { member_id: 1, weight: 1, watch_port: bytes('01') },
            { member_id: 2, weight: 1, watch: 2 },
          ]),
        ),
        insert(spread(1, { action_profile_group_id: 1 })),
      ];
      await write(transport, ...setup);
      await bench.core.setPort(1, false);
      expect(await shares(bench, 1)).toEqual({ 2: 200 });
      await transport.setPipeline({ device_id: 1n, election_id: { low: 1n }, action: 'VERIFY_AND_COMMIT', config: servicesConfig });
      await write(transport, ...setup);
      expect(await shares(bench, 1)).toEqual({ 2: 200 });
      await bench.core.setPort(2, false);
      await bench.core.setPort(1, true);
      expect(await shares(bench, 1)).toEqual({ 1: 200 });
    });

    test('they are read as they were written: all, those of a profile, one', async () => {
      const { transport } = await start();
      const entities = [
        member(1),
        member(2),
        group(7, [
          { member_id: 2, weight: 2, watch_port: bytes('05') },
          { member_id: 1, weight: 1, watch: 3 },
        ]),
        member(1, send(9), 'hops'),
      ];
      await write(transport, ...entities.map(insert));
      const [paths, hops] = [serviceId('action_profiles', 'paths'), serviceId('action_profiles', 'hops')];
      const members = await read(transport, { action_profile_member: {} });
      expect(plain(members)).toEqual(plain([entities[0], entities[1], entities[3]]));
      expect(await read(transport, { action_profile_member: { action_profile_id: hops } })).toHaveLength(1);
      expect(plain(await read(transport, { action_profile_member: { action_profile_id: paths, member_id: 2 } }))).toEqual(
        plain([entities[1]]),
      );
      expect(plain(await read(transport, { action_profile_group: {} }))).toEqual(plain([entities[2]]));
      expect(await read(transport, { action_profile_group: { action_profile_id: paths, group_id: 8 } })).toEqual([]);
      expect(await codes(read(transport, { action_profile_group: { action_profile_id: 5 } }).then(() => undefined))).toEqual(['NOT_FOUND']);
    });

    test('once nothing refers to them they can go, and everything is as at the start', async () => {
      const { transport } = await start();
      const before = await written(transport);
      await write(transport, insert(member(1)), insert(member(2)));
      await write(transport, insert(group(1, [{ member_id: 1, weight: 1 }])), insert(spread(1, { action_profile_group_id: 1 })));
      await write(transport, modify(group(1, [{ member_id: 2, weight: 4 }])), remove(member(1)));
      await write(transport, modify(spread(1, { action_profile_member_id: 2 })), remove(group(1, [])));
      expect(await codes(write(transport, remove(member(2))))).toEqual(['FAILED_PRECONDITION']);
      await write(transport, remove(spread(1)), remove(member(2)));
      expect(await written(transport)).toEqual(before);
    });
  });

  describe('one-shot sets', () => {
    test('are read as they were written, and their members and groups are not seen', async () => {
      const { bench, transport } = await start();
      const set = oneShot([1, 1], [2, 1, 5], [2, 1]);
      const hashed: TableAction = {
        action_profile_action_set: {
          ...oneShot([3, 2]).action_profile_action_set,
          action_selection_mode: 'HASH',
          size_semantics: 'SUM_OF_WEIGHTS',
        },
      };
      await write(transport, insert(spread(1, set)), insert(spread(2, hashed)));
      expect(await actions(transport)).toEqual(plain([set, hashed]));
      expect(await read(transport, { action_profile_member: {} }, { action_profile_group: {} })).toEqual([]);
      expect(Object.keys(await shares(bench, 1))).toEqual(['1', '2']);
      expect(await shares(bench, 2)).toEqual({ 3: 200 });
      await bench.core.setPort(5, false);
      expect(Object.keys(await shares(bench, 1))).toEqual(['1', '2']);
    });

    test('are replaced and removed with their entry, however often', async () => {
      const { bench, transport } = await start();
      const before = await written(transport);
      await write(transport, insert(spread(1, oneShot([1, 3]))), insert(spread(2, oneShot([2, 3]))));
      for (let port = 3; port < 8; port++) await write(transport, modify(spread(1, oneShot([port, 2], [port, 1]))));
      expect(await shares(bench, 1)).toEqual({ 7: 200 });
      expect(await shares(bench, 2)).toEqual({ 2: 200 });
      await write(transport, remove(spread(1)), remove(spread(2)));
      expect(await shares(bench, 1)).toEqual({});
      expect(await written(transport)).toEqual(before);
      // Now the other way of programming is open.
      await write(transport, insert(member(1)));
    });

    test('with them, no members and groups can be written', async () => {
      const { transport } = await start();
      await write(transport, insert(spread(1, oneShot([1, 1]))));
      const before = await written(transport);
      const reference = spread(2, { action_profile_member_id: 1 });
      expect(await codes(write(transport, insert(member(1)), insert(group(1, [])), insert(reference)))).toEqual(
        Array(3).fill('INVALID_ARGUMENT'),
      );
      expect(await written(transport)).toEqual(before);
    });

    test('what does not fit is refused', async () => {
      const { transport } = await start();
      await write(transport, insert(spread(1, oneShot([1, 4]))));
      const before = await written(transport);
      const none: TableAction = { action_profile_action_set: { action_profile_actions: [{ weight: 1 }] } };
      const refusedCodes = await codes(
        write(
          transport,
          insert(spread(2, oneShot([1, 5]))),
          insert(spread(2, oneShot([1, 3]))),
          insert(spread(2, oneShot([1, 0]))),
          insert(spread(2, none)),
        ),
      );
      expect(refusedCodes).toEqual(['INVALID_ARGUMENT', 'RESOURCE_EXHAUSTED', 'INVALID_ARGUMENT', 'INVALID_ARGUMENT']);
      expect(await written(transport)).toEqual(before);
      // The room of the set that is replaced counts as free.
      await write(transport, modify(spread(1, oneShot([2, 4]))), insert(spread(2, oneShot([1, 2]))));
    });
  });
});

test('whatever is written and refused, nothing refers to what is not there, and everything can be removed', async () => {
  const kind = fc.integer({ min: 1, max: 3 });
  const id = fc.integer({ min: 1, max: 4 });
  const update = fc.oneof(
    id.map((m) => insert(member(m))),
    id.map((m) => remove(member(m))),
    fc.tuple(id, fc.uniqueArray(id, { maxLength: 3 }), fc.boolean()).map(([g, members, isNew]) => {
      const entity = group(
        g,
        members.map((m) => ({ member_id: m, weight: 1 })),
      );
      return isNew ? insert(entity) : modify(entity);
    }),
    id.map((g) => remove(group(g, []))),
    fc.tuple(kind, id, fc.constantFrom('member', 'group', 'set'), fc.boolean()).map(([k, m, what, isNew]) => {
      const action: TableAction =
        what === 'member' ? { action_profile_member_id: m } : what === 'group' ? { action_profile_group_id: m } : oneShot([m, 1], [1, 1]);
      return isNew ? insert(spread(k, action)) : modify(spread(k, action));
    }),
    kind.map((k) => remove(spread(k))),
  );
  const { createSwitch } = await import('../../runtime/switch/core.js');
  const { localTransport } = await import('../../runtime/switch/local-transport.js');
  const { createDataPlane } = await import('../../runtime/interpreter/index.js');
  const core = createSwitch({ dataPlane: createDataPlane() });
  const { transport } = await primaryStream({ core, client: () => localTransport(core) }, servicesConfig);
  const empty = await written(transport);
  await fc.assert(
    fc.asyncProperty(fc.array(update, { maxLength: 40 }), async (updates) => {
      for (const one of updates) await write(transport, one).catch(() => undefined);
      const table = { table_entry: { table_id: serviceId('tables', 'spread') } };
      const entries = (await read(transport, table)).flatMap((e) => e.table_entry ?? []);
      const members = new Set((await read(transport, { action_profile_member: {} })).map((e) => e.action_profile_member?.member_id));
      const groups = (await read(transport, { action_profile_group: {} })).flatMap((e) => e.action_profile_group ?? []);
      for (const { action } of entries) {
        if (action?.action_profile_member_id) expect(members).toContain(action.action_profile_member_id);
        if (action?.action_profile_group_id) expect(groups.map((g) => g.group_id)).toContain(action.action_profile_group_id);
        if (action?.action_profile_action_set) expect(members.size + groups.length).toBe(0);
      }
      for (const g of groups) for (const m of g.members ?? []) expect(members).toContain(m.member_id);
      for (let k = 1; k <= 3; k++) await core.processPacket(1, frame('spread', k));
      await write(transport, ...entries.map((table_entry) => remove({ table_entry })));
      await write(transport, ...groups.map((action_profile_group) => remove({ action_profile_group })));
      await write(transport, ...[...members].map((m) => remove(member(m ?? 0))));
      expect(await written(transport)).toEqual(empty);
      // With counts that are off, sets would no longer fit.
      await write(transport, insert(spread(1, oneShot([1, 4]))), insert(spread(2, oneShot([1, 2]))));
      await write(transport, remove(spread(1)), remove(spread(2)));
    }),
    { numRuns: 60 },
  );
  await core.close();
});
