// "Client Arbitration and Controller Replication", "Role Config": several controllers, each with its part of the pipeline.
import { describe, expect, test } from 'vitest';
import type { Any, Entity, MasterArbitrationUpdate, Update } from '../../runtime/p4runtime/messages.js';
import { encodeRoleConfig } from '../../runtime/p4runtime/role-config.js';
import { codeName } from '../../runtime/p4runtime/status.js';
import type { Transport } from '../../runtime/p4runtime/transport.js';
import {
  actionId,
  type Bench,
  bytes,
  idOf,
  labConfig,
  onBothTransports,
  primary,
  read,
  refused,
  TestStream,
  tableId,
  uint128,
  write,
} from '../support/switches.js';

interface Config {
  readonly exclusive_p4_ids?: readonly number[];
  readonly shared_p4_ids?: readonly number[];
  readonly packet_in_filter?: { readonly metadata_id: number; readonly value: Uint8Array };
  readonly receives_packet_ins?: boolean;
  readonly can_push_pipeline?: boolean;
}
const roleConfig = (config: Config): Any => ({
  type_url: 'type.googleapis.com/stratum.P4RoleConfig',
  value: encodeRoleConfig(config),
});

const asks = (stream: TestStream, name: string, id: bigint, config?: Any): void =>
  stream.send({ arbitration: { device_id: 1n, role: { name, ...(config ? { config } : {}) }, election_id: uint128(id) } });
const told = async (stream: TestStream): Promise<MasterArbitrationUpdate> => (await stream.next()).arbitration ?? {};
const statusOf = ({ status }: MasterArbitrationUpdate): string => codeName(status?.code);

/** A controller that is the primary of that role. */
async function leader(bench: Bench, name: string, id: bigint, config?: Config): Promise<{ transport: Transport; stream: TestStream }> {
  const transport = bench.client();
  const stream = new TestStream(transport);
  asks(stream, name, id, config && roleConfig(config));
  expect(statusOf(await told(stream))).toBe('OK');
  return { transport, stream };
}
const writeAs = (transport: Transport, role: string, id: bigint, ...updates: Update[]): Promise<void> =>
  transport.write({ device_id: 1n, role, election_id: uint128(id), updates });

/** An IPv4 packet to that address. */
const ipPacket = (destination: string): Uint8Array => bytes(`020000000002020000000001080040060a000001${destination}`);

const routes = tableId('routes');
const acl = tableId('acl');
const route: Update = {
  type: 'INSERT',
  entity: {
    table_entry: {
      table_id: routes,
      match: [{ field_id: 1, lpm: { value: bytes('0a000000'), prefix_len: 8 } }],
      action: { action: { action_id: actionId('drop') } },
    },
  },
};
const rule: Update = {
  type: 'INSERT',
  entity: {
    table_entry: {
      table_id: acl,
      match: [
        { field_id: 2, exact: { value: bytes('11') } },
        { field_id: 5, exact: { value: bytes('01') } },
      ],
      priority: 1,
      action: { action: { action_id: actionId('drop') } },
    },
  },
};
const group: Update = { type: 'INSERT', entity: { packet_replication_engine_entry: { multicast_group_entry: { multicast_group_id: 1 } } } };
const tables = async (transport: Transport, role: string): Promise<number[]> => {
  const found: number[] = [];
  const entities: Entity[] = [{ table_entry: {} }];
  for await (const entity of transport.read({ device_id: 1n, role, entities })) found.push(entity.table_entry?.table_id ?? 0);
  return found;
};

onBothTransports((open) => {
  test('each role has its own primary and its own election ids', async () => {
    const bench = await open();
    await primary(bench);
    const { transport, stream } = await leader(bench, 'routing', 1n);
    const backup = new TestStream(bench.client());
    asks(backup, 'routing', 0n);
    const update = await told(backup);
    expect(statusOf(update)).toBe('ALREADY_EXISTS');
    expect(update.role).toEqual({ name: 'routing' });
    await writeAs(transport, 'routing', 1n, route);
    expect((await refused(writeAs(transport, 'routing', 0n, route))).code).toBe('PERMISSION_DENIED');
    expect((await refused(writeAs(transport, 'other', 1n, route))).code).toBe('NOT_FOUND');
    stream.close();
    expect(statusOf(await told(backup))).toBe('NOT_FOUND');
    expect((await refused(writeAs(transport, 'routing', 1n, group))).code).toBe('PERMISSION_DENIED');
    asks(backup, 'routing', 2n);
    expect(statusOf(await told(backup))).toBe('OK');
  });

  test('a role without a configuration may do everything', async () => {
    const bench = await open();
    const { transport } = await leader(bench, 'all', 1n);
    await transport.setPipeline({ device_id: 1n, role: 'all', election_id: uint128(1n), action: 'VERIFY_AND_COMMIT', config: labConfig });
    await writeAs(transport, 'all', 1n, route, rule, group);
    expect(await tables(transport, 'all')).toHaveLength(2);
  });

  test('a configured role writes and reads what is its own', async () => {
    const bench = await open();
    const all = await primary(bench);
    await write(all, rule);
    const { transport } = await leader(bench, 'routing', 1n, { shared_p4_ids: [routes] });
    const error = await refused(writeAs(transport, 'routing', 1n, route, rule, group));
    expect(error.errors.map((e) => codeName(e.canonical_code))).toEqual(['OK', 'PERMISSION_DENIED', 'PERMISSION_DENIED']);
    expect(await tables(transport, 'routing')).toEqual([routes]);
    expect((await tables(transport, '')).sort()).toEqual([routes, acl].sort());
    expect((await refused(tables(transport, 'nobody'))).code).toBe('NOT_FOUND');
    const set = transport.setPipeline({ device_id: 1n, role: 'routing', election_id: uint128(1n), action: 'VERIFY', config: labConfig });
    expect((await refused(set)).code).toBe('PERMISSION_DENIED');
  });

  test('what one role has for itself no other named role may write, nor ask for', async () => {
    const bench = await open();
    const all = await primary(bench);
    await leader(bench, 'routing', 1n, { exclusive_p4_ids: [routes] });
    const { transport } = await leader(bench, 'acl', 1n, { shared_p4_ids: [routes, acl] });
    const error = await refused(writeAs(transport, 'acl', 1n, route, rule));
    expect(error.errors.map((e) => codeName(e.canonical_code))).toEqual(['PERMISSION_DENIED', 'OK']);
    const greedy = new TestStream(bench.client());
    asks(greedy, 'greedy', 1n, roleConfig({ exclusive_p4_ids: [routes] }));
    expect((await greedy.end()).error?.code).toBe('INVALID_ARGUMENT');
    expect((await refused(writeAs(transport, 'greedy', 1n, rule))).code).toBe('NOT_FOUND');
    await write(all, route);
  });

  test('a primary that changes the configuration is heard by all of its role', async () => {
    const bench = await open();
    await primary(bench);
    const { transport, stream } = await leader(bench, 'routing', 2n, { shared_p4_ids: [acl] });
    const backup = new TestStream(bench.client());
    asks(backup, 'routing', 1n, roleConfig({ shared_p4_ids: [routes] }));
    const before = (await told(backup)).role?.config;
    expect((await refused(writeAs(transport, 'routing', 2n, route))).errors.map((e) => codeName(e.canonical_code))).toEqual([
      'PERMISSION_DENIED',
    ]);
    asks(stream, 'routing', 2n, roleConfig({ shared_p4_ids: [routes] }));
    const after = (await told(backup)).role?.config;
    expect(Buffer.from(after?.value ?? []).equals(Buffer.from(before?.value ?? []))).toBe(false);
    await told(stream);
    await writeAs(transport, 'routing', 2n, route);
  });

  test('packets go to the roles that want them, and may come from all of them', async () => {
    const bench = await open();
    const transport = bench.client();
    const main = new TestStream(transport);
    main.arbitrate(1n);
    await main.next();
    await transport.setPipeline({ device_id: 1n, election_id: uint128(1n), action: 'VERIFY_AND_COMMIT', config: labConfig });
    const punt = (prefix: string, reason: string): Update => ({
      type: 'INSERT',
      entity: {
        table_entry: {
          table_id: routes,
          match: [{ field_id: 1, lpm: { value: bytes(prefix), prefix_len: 8 } }],
          action: { action: { action_id: actionId('punt'), params: [{ param_id: 1, value: bytes(reason) }] } },
        },
      },
    });
    await write(transport, punt('0a000000', '01'), punt('0b000000', '02'));
    const { stream: none } = await leader(bench, 'none', 1n, { shared_p4_ids: [acl] });
    const { stream: some } = await leader(bench, 'some', 1n, {
      receives_packet_ins: true,
      packet_in_filter: { metadata_id: 2, value: bytes('0002') },
    });
    await bench.core.processPacket(1, ipPacket('0a000001'));
    await bench.core.processPacket(1, ipPacket('0b000001'));
    for (let i = 0; i < 2; i++) expect((await main.next()).packet).toBeDefined();
    const { packet } = await some.next();
    expect(packet?.metadata?.map((m) => Buffer.from(m.value ?? []).toString('hex'))).toEqual(['01', '02', '00']);
    none.send({ packet: { payload: bytes('00') } });
    // Its metadata is missing: the packet itself was allowed.
    expect(codeName((await none.next()).error?.canonical_code)).toBe('INVALID_ARGUMENT');
    expect(some.messages).toEqual([]);
  });

  describe('configurations that end the stream', () => {
    const cases: [string, string, Any][] = [
      ['of another kind', 'r', { type_url: 'type.googleapis.com/google.rpc.Status', value: bytes('') }],
      ['that is no message', 'r', { type_url: 'type.googleapis.com/stratum.P4RoleConfig', value: bytes('ff') }],
      ['of the default role', '', roleConfig({ receives_packet_ins: true })],
    ];
    test.each(cases)('%s: INVALID_ARGUMENT', async (_, name, config) => {
      const bench = await open();
      const stream = new TestStream(bench.client());
      asks(stream, name, 1n, config);
      expect((await stream.end()).error?.code).toBe('INVALID_ARGUMENT');
    });
  });

  test('counters and registers belong to their ids, direct ones to their table', async () => {
    const bench = await open();
    await primary(bench);
    const hits = idOf('counters', 'ingress.hits');
    const { transport } = await leader(bench, 'counts', 1n, { shared_p4_ids: [hits] });
    const set: Update = { type: 'MODIFY', entity: { counter_entry: { counter_id: hits, data: { packet_count: 1n } } } };
    const direct: Update = { type: 'MODIFY', entity: { direct_counter_entry: { table_entry: { table_id: routes } } } };
    const error = await refused(writeAs(transport, 'counts', 1n, set, direct));
    expect(error.errors.map((e) => codeName(e.canonical_code))).toEqual(['OK', 'PERMISSION_DENIED']);
    expect(await read(transport, { counter_entry: {} })).toHaveLength(4);
  });

  test('more roles than the switch remembers: RESOURCE_EXHAUSTED', async () => {
    const bench = await open();
    const client = bench.client();
    for (let i = 0; i < 64; i++) {
      const stream = new TestStream(client);
      asks(stream, `role ${i}`, 1n);
      expect(statusOf(await told(stream))).toBe('OK');
    }
    const stream = new TestStream(client);
    asks(stream, 'one more', 1n);
    expect((await stream.end()).error?.code).toBe('RESOURCE_EXHAUSTED');
  });
});
