import { beforeEach, describe, expect, test } from 'vitest';
import type { Entity, TableEntry } from '../../runtime/p4runtime/messages.js';
import { codeName } from '../../runtime/p4runtime/status.js';
import type { Transport } from '../../runtime/p4runtime/transport.js';
import { actionId, bytes, idOf, labP4Info, onBothTransports, plain, primary, read, refused, tableId, write } from '../support/switches.js';

const drop = { action: { action_id: actionId('drop') } };
const count = (hex: string) => ({ action: { action_id: actionId('count'), params: [{ param_id: 1, value: bytes(hex) }] } });
const routes = tableId('routes');
const acl = tableId('acl');
const protocol = { field_id: 2, exact: { value: bytes('06') } };
const ip = { field_id: 5, exact: { value: bytes('01') } };
const lpm = (hex: string, prefix_len: number) => ({ field_id: 1, lpm: { value: bytes(hex), prefix_len } });

const written: TableEntry[] = [
  { table_id: routes, match: [lpm('0a000000', 8)], action: drop, metadata: bytes('beef'), controller_metadata: 9n },
  { table_id: routes, action: drop },
  {
    table_id: acl,
    match: [{ field_id: 1, ternary: { value: bytes('0a000000'), mask: bytes('ff000000') } }, protocol, ip],
    action: count('02'),
    priority: 5,
  },
  { table_id: acl, match: [protocol, { field_id: 3, range: { low: bytes('01'), high: bytes('09') } }, ip], action: drop, priority: 5 },
  { table_id: acl, match: [protocol, { field_id: 4, optional: { value: bytes('0123') } }, ip], action: count('01'), priority: 6 },
];
const entriesOf = (entities: readonly Entity[]): unknown[] => entities.map((e) => plain(e.table_entry));

onBothTransports((open) => {
  let transport: Transport;
  beforeEach(async () => {
    transport = await primary(await open());
    await write(transport, ...written.map((table_entry) => ({ type: 'INSERT', entity: { table_entry } }) as const));
  });
  const table = async (filter: TableEntry): Promise<unknown[]> => entriesOf(await read(transport, { table_entry: filter }));
  const expected = (...indexes: number[]): unknown[] => indexes.map((i) => plain(written[i]));

  test('what was written is read as it was written', async () => {
    expect(await table({})).toEqual(expect.arrayContaining(expected(0, 1, 2, 3, 4)));
    expect(await table({})).toHaveLength(5);
    expect(await table({ table_id: routes })).toEqual(expected(0, 1));
  });

  test('padded values are accepted, and read in their canonical form', async () => {
    const padded: TableEntry = {
      table_id: acl,
      match: [
        { field_id: 1, ternary: { value: bytes('0000000007'), mask: bytes('0000000007') } },
        { field_id: 2, exact: { value: bytes('0000') } },
        ip,
      ],
      action: count('00000003'),
      priority: 70,
    };
    await write(transport, { type: 'INSERT', entity: { table_entry: padded } });
    expect(await table({ table_id: acl, priority: 70 })).toEqual([
      {
        table_id: acl,
        match: [
          { field_id: 1, ternary: { value: '07', mask: '07' } },
          { field_id: 2, exact: { value: '00' } },
          { field_id: 5, exact: { value: '01' } },
        ],
        action: { action: { action_id: actionId('count'), params: [{ param_id: 1, value: '03' }] } },
        priority: 70,
      },
    ]);
  });

  test('filters: match, priority, action, metadata', async () => {
    expect(await table({ table_id: routes, match: [lpm('000a000000', 8)] })).toEqual(expected(0));
    expect(await table({ table_id: routes, match: [lpm('0b000000', 8)] })).toEqual([]);
    expect(await table({ table_id: acl, priority: 5 })).toEqual(expected(2, 3));
    expect(await table({ table_id: acl, match: written[3]?.match ?? [], priority: 6 })).toEqual([]);
    expect(await table({ table_id: routes, priority: 5 })).toEqual([]);
    expect(await table({ table_id: routes, match: [lpm('0a000000', 8)], priority: 5 })).toEqual([]);
    expect(await table({ table_id: acl, action: { action: { action_id: actionId('count') } } })).toEqual(expected(2, 4));
    expect(await table({ table_id: routes, metadata: bytes('beef') })).toEqual(expected(0));
    expect(await table({ table_id: routes, metadata: bytes('be') })).toEqual([]);
    expect(await table({ table_id: routes, controller_metadata: 9n })).toEqual(expected(0));
  });

  test('a default action is read only when it is asked for', async () => {
    expect(await table({ table_id: acl, is_default_action: true })).toEqual([
      { table_id: acl, is_default_action: true, action: { action: { action_id: idOf('actions', 'NoAction') } } },
    ]);
  });

  test('without a table: everything, or all default actions', async () => {
    expect(await table({})).toEqual(expected(0, 1, 2, 3, 4));
    const defaults = (await table({ is_default_action: true })) as TableEntry[];
    expect(defaults.map((e) => [e.table_id, e.is_default_action])).toEqual(labP4Info.tables.map((t) => [t.preamble.id, true]));
    const counters = await read(transport, { direct_counter_entry: { table_entry: { is_default_action: true } } });
    expect(counters.map((e) => e.direct_counter_entry?.table_entry)).toEqual([{ table_id: routes, is_default_action: true }]);
  });

  const filters: [string, TableEntry][] = [
    ['match', { match: [lpm('0a000000', 8)] }],
    ['action', { action: { action: { action_id: actionId('count') } } }],
    ['priority', { priority: 5 }],
    ['metadata', { metadata: bytes('beef') }],
    ['controller_metadata', { controller_metadata: 9n }],
  ];
  test.each(filters)('without a table, %s filters nothing: INVALID_ARGUMENT', async (name, filter) => {
    for (const entity of [{ table_entry: filter }, { direct_counter_entry: { table_entry: filter } }]) {
      const { errors } = await refused(read(transport, entity));
      expect(errors[0]).toMatchObject({
        canonical_code: 3,
        message: `${name} filters the entries of one table; the table id is not set`,
      });
    }
  });

  test('direct counters: with their entries when asked for, and by themselves', async () => {
    const counter = { packet_count: 4n, byte_count: 400n };
    await write(transport, {
      type: 'MODIFY',
      entity: { direct_counter_entry: { table_entry: { table_id: routes, match: [lpm('0a000000', 8)] }, data: counter } },
    });
    const [first] = await read(transport, { table_entry: { table_id: routes, counter_data: {} } });
    expect(first?.table_entry?.counter_data).toEqual(counter);
    const [without] = await read(transport, { table_entry: { table_id: routes } });
    expect(without?.table_entry?.counter_data).toBeUndefined();
    const one = await read(transport, { direct_counter_entry: { table_entry: { table_id: routes, match: [lpm('0a000000', 8)] } } });
    expect(plain(one)).toEqual([
      {
        direct_counter_entry: {
          table_entry: { table_id: routes, match: [{ field_id: 1, lpm: { value: '0a000000', prefix_len: 8 } }] },
          data: counter,
        },
      },
    ]);
    const all = await read(transport, { direct_counter_entry: {} });
    expect(all.map((e) => e.direct_counter_entry?.data?.packet_count)).toEqual([4n, 0n]);
  });

  test('multicast groups: one or all; a port is read in the form in which it was written', async () => {
    const group = (multicast_group_id: number, replicas: object[], metadata?: Uint8Array): Entity => ({
      packet_replication_engine_entry: { multicast_group_entry: { multicast_group_id, replicas, ...(metadata ? { metadata } : {}) } },
    });
    const one = group(
      1,
      [
        { port: bytes('0005'), instance: 1 },
        { egress_port: 6, instance: 1 },
      ],
      bytes('ab'),
    );
    const two = group(2, []);
    await write(transport, { type: 'INSERT', entity: one }, { type: 'INSERT', entity: two });
    const ids = async (id: number) =>
      (await read(transport, { packet_replication_engine_entry: { multicast_group_entry: { multicast_group_id: id } } })).map(
        (e) => e.packet_replication_engine_entry?.multicast_group_entry,
      );
    expect((await ids(0)).map((g) => g?.multicast_group_id)).toEqual([1, 2]);
    expect(plain(await ids(1))).toEqual([
      {
        multicast_group_id: 1,
        replicas: [
          { port: '05', instance: 1 },
          { egress_port: 6, instance: 1 },
        ],
        metadata: 'ab',
      },
    ]);
    expect(await ids(3)).toEqual([]);
  });

  test('a large table comes in several messages, complete', async () => {
    const types = tableId('types');
    const entries = Array.from({ length: 1200 }, (_, i) => ({
      type: 'INSERT' as const,
      entity: {
        table_entry: { table_id: types, match: [{ field_id: 1, exact: { value: bytes(i.toString(16).padStart(4, '0')) } }], action: drop },
      },
    }));
    await write(transport, ...entries.slice(0, 1000));
    const values = (await read(transport, { table_entry: { table_id: types } })).map((e) => plain(e.table_entry?.match?.[0]?.exact?.value));
    expect(new Set(values).size).toBe(1000);
  });

  describe('reads that are refused', () => {
    const cases: [string, Entity, string, string][] = [
      ['no entity', {}, 'INVALID_ARGUMENT', 'the entity is not set'],
      ['an unknown table', { table_entry: { table_id: 0x02abcdef } }, 'NOT_FOUND', 'there is no table with id 44813807'],
      ['a counter as a table', { table_entry: { table_id: idOf('counters', 'ingress.hits') } }, 'INVALID_ARGUMENT', 'but of a counter'],
      [
        'an unknown field',
        { table_entry: { table_id: routes, match: [{ field_id: 4 }] } },
        'INVALID_ARGUMENT',
        'there is no field with id 4',
      ],
      [
        'an action of another table',
        { table_entry: { table_id: routes, action: count('00') } },
        'INVALID_ARGUMENT',
        'is not one of its actions',
      ],
      [
        'a default action by match',
        { table_entry: { table_id: routes, is_default_action: true, match: [lpm('0a000000', 8)] } },
        'INVALID_ARGUMENT',
        'the default action has no match',
      ],
      [
        'an index beyond the counter',
        { counter_entry: { counter_id: idOf('counters', 'ingress.hits'), index: { index: 4n } } },
        'OUT_OF_RANGE',
        'index 4',
      ],
      ['an unknown counter', { counter_entry: { counter_id: 0x12abcdef } }, 'NOT_FOUND', 'there is no counter'],
      [
        'the direct counter of no entry',
        { direct_counter_entry: { table_entry: { table_id: routes, match: [lpm('0b000000', 8)] } } },
        'NOT_FOUND',
        'there is no entry dst=11.0.0.0/8',
      ],
      [
        'direct counters of a table without',
        { direct_counter_entry: { table_entry: { table_id: acl } } },
        'INVALID_ARGUMENT',
        'has no direct counter',
      ],
      ['an extern type that there is not', { extern_entry: { extern_type_id: 0x81000001 } }, 'NOT_FOUND', 'there is no extern type'],
      ['an extern without its type', { extern_entry: { extern_id: 5 } }, 'INVALID_ARGUMENT', 'the extern type id is not set'],
    ];
    test.each(cases)('%s', async (_name, entity, code, message) => {
      const error = await refused(read(transport, entity));
      expect(error.code).toBe('UNKNOWN');
      expect(error.errors.map((e) => codeName(e.canonical_code))).toEqual([code]);
      expect(error.errors[0]?.message).toContain(message);
    });

    test('all externs are none', async () => {
      expect(await read(transport, { extern_entry: {} })).toEqual([]);
    });

    test('in a batch the others are read, and each has its status', async () => {
      const found: Entity[] = [];
      const all = async () => {
        const entities = [{ table_entry: { table_id: routes } }, { table_entry: { table_id: 1 } }, { table_entry: { table_id: acl } }];
        for await (const entity of transport.read({ device_id: 1n, entities })) found.push(entity);
      };
      const error = await refused(all());
      expect(error.errors.map((e) => codeName(e.canonical_code))).toEqual(['OK', 'NOT_FOUND', 'OK']);
      expect(found).toHaveLength(5);
    });

    test('another device: NOT_FOUND', async () => {
      const request = async () => {
        for await (const _ of transport.read({ device_id: 3n, entities: [{ table_entry: {} }] }));
      };
      expect(await refused(request())).toMatchObject({ code: 'NOT_FOUND', message: 'there is no device 3; this switch is device 1' });
    });
  });
});
