// What the specification asks of Write, update by update: the code, a message that names the entry, and nothing changed.
import { describe, expect, test } from 'vitest';
import type { FieldMatch, TableEntry, Update } from '../../runtime/p4runtime/messages.js';
import { codeName, type StatusError } from '../../runtime/p4runtime/status.js';
import type { Transport } from '../../runtime/p4runtime/transport.js';
import { reasons } from '../../runtime/switch/refusals.js';
import {
  actionId,
  bytes,
  idOf,
  labConfig,
  onBothTransports,
  primary,
  read,
  refused,
  state,
  tableId,
  uint128,
  write,
} from '../support/switches.js';

const forward = { action: { action_id: actionId('forward'), params: [param(1, '03'), param(2, '020000000001')] } };
const drop = { action: { action_id: actionId('drop') } };
const count = { action: { action_id: actionId('count'), params: [param(1, '02')] } };
function param(id: number, hex: string) {
  return { param_id: id, value: bytes(hex) };
}
const lpm = (hex: string, length: number, id = 1): FieldMatch => ({ field_id: id, lpm: { value: bytes(hex), prefix_len: length } });
const exact = (id: number, hex: string): FieldMatch => ({ field_id: id, exact: { value: bytes(hex) } });
const ternary = (id: number, value: string, mask: string): FieldMatch => ({
  field_id: id,
  ternary: { value: bytes(value), mask: bytes(mask) },
});
const range = (id: number, low: string, high: string): FieldMatch => ({ field_id: id, range: { low: bytes(low), high: bytes(high) } });
const optional = (id: number, hex: string): FieldMatch => ({ field_id: id, optional: { value: bytes(hex) } });

const route = (more: TableEntry = {}): TableEntry => ({
  table_id: tableId('routes'),
  match: [lpm('0a000000', 8)],
  action: forward,
  ...more,
});
const acl = (more: TableEntry = {}): TableEntry => ({
  table_id: tableId('acl'),
  match: [exact(2, '06'), exact(5, '01')],
  action: count,
  priority: 5,
  ...more,
});
const aclMatch = (...more: FieldMatch[]): TableEntry => acl({ match: [exact(2, '06'), exact(5, '01'), ...more] });
const insert = (table_entry: TableEntry): Update => ({ type: 'INSERT', entity: { table_entry } });
const modify = (table_entry: TableEntry): Update => ({ type: 'MODIFY', entity: { table_entry } });
const remove = (table_entry: TableEntry): Update => ({ type: 'DELETE', entity: { table_entry } });
const group = (
  type: Update['type'],
  id: number,
  replicas: { port?: Uint8Array; egress_port?: number; instance?: number }[] = [],
): Update => ({
  type,
  entity: { packet_replication_engine_entry: { multicast_group_entry: { multicast_group_id: id, replicas } } },
});
const counter = (type: Update['type'], index: bigint | undefined, packets = 1n): Update => ({
  type,
  entity: {
    counter_entry: {
      counter_id: idOf('counters', 'ingress.hits'),
      ...(index === undefined ? {} : { index: { index } }),
      data: { packet_count: packets, byte_count: 10n },
    },
  },
});

/** The one error of a batch of one. */
function only(error: StatusError): { code: string; message: string; space: string | undefined; number: number | undefined } {
  expect(error.code).toBe('UNKNOWN');
  expect(error.errors).toHaveLength(1);
  const [one] = error.errors;
  return { code: codeName(one?.canonical_code), message: one?.message ?? '', space: one?.space, number: one?.code };
}

interface Case {
  readonly name: string;
  readonly update: Update;
  readonly reason: keyof typeof reasons;
  readonly code: string;
  readonly message: string;
}
/** Refused after one route, one acl entry, and multicast group 1 were written. */
const cases: readonly Case[] = [
  {
    name: 'no type',
    update: { entity: { table_entry: route() } },
    reason: 'nothing-set',
    code: 'INVALID_ARGUMENT',
    message: 'the type of the update is not set',
  },
  {
    name: 'no entity',
    update: { type: 'INSERT', entity: {} },
    reason: 'nothing-set',
    code: 'INVALID_ARGUMENT',
    message: 'the entity is not set',
  },
  {
    name: 'an extern without its type',
    update: { type: 'MODIFY', entity: { extern_entry: { extern_id: 5 } } },
    reason: 'id-zero',
    code: 'INVALID_ARGUMENT',
    message: 'the extern type id is not set',
  },
  {
    name: 'an extern of a type that there is not',
    update: { type: 'INSERT', entity: { extern_entry: { extern_type_id: 0x81000001, extern_id: 5 } } },
    reason: 'no-such-id',
    code: 'NOT_FOUND',
    message: 'there is no extern type with id 2164260865',
  },
  {
    name: 'an extern whose type is a table',
    update: { type: 'DELETE', entity: { extern_entry: { extern_type_id: tableId('routes'), extern_id: 5 } } },
    reason: 'wrong-id-kind',
    code: 'INVALID_ARGUMENT',
    message: 'is not that of an extern type but of a table',
  },

  // ids
  {
    name: 'table id 0',
    update: insert(route({ table_id: 0 })),
    reason: 'id-zero',
    code: 'INVALID_ARGUMENT',
    message: 'the table id is not set',
  },
  {
    name: 'an unknown table',
    update: insert(route({ table_id: 0x02abcdef })),
    reason: 'no-such-id',
    code: 'NOT_FOUND',
    message: 'there is no table with id 44813807',
  },
  {
    name: 'the id of an action as a table',
    update: insert(route({ table_id: actionId('drop') })),
    reason: 'wrong-id-kind',
    code: 'INVALID_ARGUMENT',
    message: `id ${actionId('drop')} is not that of a table but of an action`,
  },
  {
    name: 'an unknown field',
    update: insert(route({ match: [lpm('0a000000', 8, 9)] })),
    reason: 'no-such-field',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.routes: there is no field with id 9; it has dst (1)',
  },
  {
    name: 'an unknown action',
    update: insert(route({ action: { action: { action_id: 0x01abcdef } } })),
    reason: 'not-an-action-of',
    code: 'INVALID_ARGUMENT',
    message:
      'table ingress.routes: id 28036591 is not one of its actions; it has ingress.forward, ingress.flood, ingress.punt, ingress.drop',
  },
  {
    name: 'an action of another table',
    update: insert(route({ action: count })),
    reason: 'not-an-action-of',
    code: 'INVALID_ARGUMENT',
    message: 'ingress.count is not one of its actions',
  },
  {
    name: 'an unknown parameter',
    update: insert(
      route({ action: { action: { action_id: actionId('forward'), params: [param(1, '01'), param(2, '02'), param(3, '03')] } } }),
    ),
    reason: 'no-such-param',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.routes, action ingress.forward: there is no parameter with id 3; it has port (1), dst (2)',
  },

  // fields
  {
    name: 'a missing exact field',
    update: insert(acl({ match: [exact(5, '01')] })),
    reason: 'missing-field',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.acl, field protocol is missing',
  },
  {
    name: 'a duplicate field',
    update: insert(route({ match: [lpm('0a000000', 8), lpm('0b000000', 8)] })),
    reason: 'duplicate-field',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.routes, field dst is given twice',
  },
  {
    name: 'a field without a match',
    update: insert(route({ match: [{ field_id: 1 }] })),
    reason: 'nothing-set',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.routes, field dst: the match is not set',
  },
  {
    name: 'another match type',
    update: insert(route({ match: [exact(1, '0a000000')] })),
    reason: 'wrong-match-type',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.routes, field dst is matched as lpm, not as exact',
  },
  {
    name: 'an overwide value',
    update: insert(route({ match: [lpm('010a000000', 8)] })),
    reason: 'value-out-of-range',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.routes, field dst: 0x010a000000 does not fit bit<32>',
  },
  {
    name: 'an empty value',
    update: insert(route({ match: [lpm('', 8)] })),
    reason: 'value-out-of-range',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.routes, field dst: the value is empty',
  },
  {
    name: 'a value of 12 bits in two bytes',
    update: insert(aclMatch(optional(4, '1000'))),
    reason: 'value-out-of-range',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.acl, field small: 0x1000 does not fit bit<12>',
  },
  {
    name: 'bits beyond the prefix',
    update: insert(route({ match: [lpm('0a000001', 24)] })),
    reason: 'prefix-tail',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.routes, field dst: 10.0.0.1/24 has bits set beyond prefix length 24',
  },
  {
    name: 'prefix length 33',
    update: insert(route({ match: [lpm('0a000001', 33)] })),
    reason: 'prefix-length',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.routes, field dst: prefix length 33 is not between 0 and 32',
  },
  {
    name: 'a negative prefix length',
    update: insert(route({ match: [lpm('0a000001', -1)] })),
    reason: 'prefix-length',
    code: 'INVALID_ARGUMENT',
    message: 'prefix length -1',
  },
  {
    name: 'prefix length 0',
    update: insert(route({ match: [lpm('00', 0)] })),
    reason: 'dont-care-given',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.routes, field dst: 0.0.0.0/0 matches everything; leave the field out instead',
  },
  {
    name: 'mask 0',
    update: insert(aclMatch(ternary(1, '00', '00'))),
    reason: 'dont-care-given',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.acl, field src: 0.0.0.0 &&& 0x0 matches everything',
  },
  {
    name: 'bits outside the mask',
    update: insert(aclMatch(ternary(1, '0a000001', 'ffffff00'))),
    reason: 'masked-bits',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.acl, field src: 10.0.0.1 has bits set that the mask 0xffffff00 does not cover',
  },
  {
    name: 'a range upside down',
    update: insert(aclMatch(range(3, '09', '01'))),
    reason: 'range-order',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.acl, field ttl: the low end 9 is above the high end 1',
  },
  {
    name: 'a range of everything',
    update: insert(aclMatch(range(3, '00', 'ff'))),
    reason: 'dont-care-given',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.acl, field ttl: 0..255 matches everything',
  },

  // priorities and entries
  {
    name: 'no priority',
    update: insert(acl({ priority: 0 })),
    reason: 'priority-missing',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.acl: an entry needs a priority above 0',
  },
  {
    name: 'a negative priority',
    update: insert(acl({ priority: -1 })),
    reason: 'priority-negative',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.acl: priority -1 is negative',
  },
  {
    name: 'a priority too many',
    update: insert(route({ priority: 1 })),
    reason: 'priority-given',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.routes: priority 1 is given',
  },
  {
    name: 'an entry that is there',
    update: insert(route({ action: drop })),
    reason: 'entry-exists',
    code: 'ALREADY_EXISTS',
    message: 'table ingress.routes: there is an entry dst=10.0.0.0/8 already',
  },
  {
    name: 'the same entry with other bytes',
    update: insert(route({ match: [lpm('000a000000', 8)] })),
    reason: 'entry-exists',
    code: 'ALREADY_EXISTS',
    message: 'dst=10.0.0.0/8',
  },
  {
    name: 'modifying what is not there',
    update: modify(route({ match: [lpm('0b000000', 8)] })),
    reason: 'no-such-entry',
    code: 'NOT_FOUND',
    message: 'table ingress.routes: there is no entry dst=11.0.0.0/8',
  },
  {
    name: 'deleting what is not there',
    update: remove(acl({ priority: 6 })),
    reason: 'no-such-entry',
    code: 'NOT_FOUND',
    message: 'table ingress.acl: there is no entry src=*, protocol=6, ttl=*, small=*, ip=1, priority 6',
  },
  {
    name: 'is_const',
    update: insert(route({ is_const: true })),
    reason: 'is-const-given',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.routes: is_const cannot be written',
  },
  {
    name: 'a counter of a table without',
    update: insert(acl({ priority: 9, counter_data: { packet_count: 1n } })),
    reason: 'no-such-resource',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.acl has no direct counter',
  },
  {
    name: 'a meter of a table without',
    update: insert(acl({ priority: 9, meter_config: {} })),
    reason: 'no-such-resource',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.acl has no direct meter',
  },
  {
    name: 'an idle timeout of a table without',
    update: insert(acl({ priority: 9, idle_timeout_ns: 5n })),
    reason: 'no-such-resource',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.acl has no idle timeout',
  },
  {
    name: 'a negative count',
    update: modify(route({ counter_data: { packet_count: -1n } })),
    reason: 'count-negative',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.routes: counts cannot be negative',
  },

  // actions
  {
    name: 'no action',
    update: insert({ table_id: tableId('routes'), match: [lpm('0b000000', 8)] }),
    reason: 'action-missing',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.routes: there is no action',
  },
  {
    name: 'a member of an action profile',
    update: insert(route({ action: { action_profile_member_id: 3 } })),
    reason: 'wrong-action-kind',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.routes: takes an action, not action_profile_member_id',
  },
  {
    name: 'a missing parameter',
    update: insert(route({ action: { action: { action_id: actionId('forward'), params: [param(1, '01')] } } })),
    reason: 'missing-param',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.routes, action ingress.forward, parameter dst is missing',
  },
  {
    name: 'a duplicate parameter',
    update: insert(route({ action: { action: { action_id: actionId('forward'), params: [param(1, '01'), param(1, '02')] } } })),
    reason: 'duplicate-param',
    code: 'INVALID_ARGUMENT',
    message: 'parameter port is given twice',
  },
  {
    name: 'an overwide parameter',
    update: insert(route({ action: { action: { action_id: actionId('forward'), params: [param(1, '0200'), param(2, '02')] } } })),
    reason: 'value-out-of-range',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.routes, action ingress.forward, parameter port: 0x0200 does not fit bit<9>',
  },
  {
    name: 'an action that is only a default',
    update: insert(acl({ priority: 9, action: { action: { action_id: idOf('actions', 'NoAction') } } })),
    reason: 'action-scope',
    code: 'PERMISSION_DENIED',
    message: 'table ingress.acl: action NoAction may only be the default action',
  },

  // default actions
  {
    name: 'inserting a default action',
    update: insert({ table_id: tableId('routes'), is_default_action: true, action: drop }),
    reason: 'default-not-modified',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.routes: the default action can only be modified',
  },
  {
    name: 'deleting a default action',
    update: remove({ table_id: tableId('routes'), is_default_action: true }),
    reason: 'default-not-modified',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.routes: the default action can only be modified',
  },
  {
    name: 'a default action with a match',
    update: modify(route({ is_default_action: true })),
    reason: 'default-with-key',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.routes: the default action has no match',
  },
  {
    name: 'a default action with a priority',
    update: modify({ table_id: tableId('acl'), is_default_action: true, action: drop, priority: 1 }),
    reason: 'default-with-key',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.acl: the default action has no match',
  },

  // counters
  {
    name: 'inserting a counter',
    update: counter('INSERT', 0n),
    reason: 'only-modify',
    code: 'INVALID_ARGUMENT',
    message: 'counter ingress.hits: a counter can only be modified',
  },
  {
    name: 'deleting a counter',
    update: counter('DELETE', 0n),
    reason: 'only-modify',
    code: 'INVALID_ARGUMENT',
    message: 'counter ingress.hits: a counter can only be modified',
  },
  {
    name: 'a negative index',
    update: counter('MODIFY', -1n),
    reason: 'index-negative',
    code: 'INVALID_ARGUMENT',
    message: 'counter ingress.hits: index -1 is negative',
  },
  {
    name: 'an index beyond the counter',
    update: counter('MODIFY', 4n),
    reason: 'index-out-of-range',
    code: 'OUT_OF_RANGE',
    message: 'counter ingress.hits: index 4 is outside its 4 cells',
  },
  {
    name: 'a negative count of a counter',
    update: counter('MODIFY', 0n, -1n),
    reason: 'count-negative',
    code: 'INVALID_ARGUMENT',
    message: 'counter ingress.hits: counts cannot be negative',
  },
  {
    name: 'an unknown counter',
    update: { type: 'MODIFY', entity: { counter_entry: { counter_id: 0x12abcdef, data: {} } } },
    reason: 'no-such-id',
    code: 'NOT_FOUND',
    message: 'there is no counter with id 313249263',
  },
  {
    name: 'a direct counter without an entry',
    update: { type: 'MODIFY', entity: { direct_counter_entry: {} } },
    reason: 'nothing-set',
    code: 'INVALID_ARGUMENT',
    message: 'the table entry of the direct counter is not set',
  },
  {
    name: 'the direct counter of no entry',
    update: { type: 'MODIFY', entity: { direct_counter_entry: { table_entry: route({ match: [lpm('0b000000', 8)] }), data: {} } } },
    reason: 'no-such-entry',
    code: 'NOT_FOUND',
    message: 'table ingress.routes: there is no entry dst=11.0.0.0/8',
  },
  {
    name: 'the direct counter of a table without',
    update: { type: 'MODIFY', entity: { direct_counter_entry: { table_entry: acl(), data: {} } } },
    reason: 'no-such-resource',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.acl has no direct counter',
  },
  {
    name: 'inserting a direct counter',
    update: { type: 'INSERT', entity: { direct_counter_entry: { table_entry: route(), data: {} } } },
    reason: 'only-modify',
    code: 'INVALID_ARGUMENT',
    message: 'table ingress.routes: a counter can only be modified',
  },

  // multicast groups
  {
    name: 'group 0',
    update: group('INSERT', 0),
    reason: 'replication-id',
    code: 'INVALID_ARGUMENT',
    message: 'multicast group 0: the id is not between 1 and 65535',
  },
  {
    name: 'group 65536',
    update: group('INSERT', 65536),
    reason: 'replication-id',
    code: 'INVALID_ARGUMENT',
    message: 'multicast group 65536',
  },
  {
    name: 'a group that is there',
    update: group('INSERT', 1),
    reason: 'replication-exists',
    code: 'ALREADY_EXISTS',
    message: 'multicast group 1 exists already',
  },
  {
    name: 'modifying no group',
    update: group('MODIFY', 2),
    reason: 'no-such-replication',
    code: 'NOT_FOUND',
    message: 'there is no multicast group 2',
  },
  {
    name: 'deleting no group',
    update: group('DELETE', 2),
    reason: 'no-such-replication',
    code: 'NOT_FOUND',
    message: 'there is no multicast group 2',
  },
  {
    name: 'a replica without a port',
    update: group('INSERT', 2, [{ instance: 1 }]),
    reason: 'nothing-set',
    code: 'INVALID_ARGUMENT',
    message: 'multicast group 2: the port of a replica is not set',
  },
  {
    name: 'a replica with a port of 10 bits',
    update: group('INSERT', 2, [{ port: bytes('0200') }]),
    reason: 'replica-port',
    code: 'INVALID_ARGUMENT',
    message: 'multicast group 2: 0x0200 is not a port of the switch, which has 0 to 510',
  },
  {
    name: 'a replica with the port that means drop',
    update: group('INSERT', 2, [{ egress_port: 511 }]),
    reason: 'replica-port',
    code: 'INVALID_ARGUMENT',
    message: 'multicast group 2: 511 is not a port of the switch',
  },
  {
    name: 'a replica with an instance of 17 bits',
    update: group('INSERT', 2, [{ port: bytes('01'), instance: 65536 }]),
    reason: 'replica-instance',
    code: 'INVALID_ARGUMENT',
    message: 'multicast group 2: instance 65536 is above 65535',
  },
  {
    name: 'a replica twice',
    update: group('INSERT', 2, [
      { port: bytes('01'), instance: 7 },
      { egress_port: 1, instance: 7 },
    ]),
    reason: 'duplicate-replica',
    code: 'INVALID_ARGUMENT',
    message: 'multicast group 2: port 1, instance 7 is given twice',
  },
];

onBothTransports((open) => {
  const start = async (): Promise<Transport> => {
    const transport = await primary(await open());
    await write(transport, insert(route()), insert(acl()), group('INSERT', 1, [{ port: bytes('01') }]));
    return transport;
  };

  describe('updates that are refused', () => {
    test.each(cases)('$name: $code', async ({ update, reason, code, message }) => {
      const transport = await start();
      const before = await state(transport);
      const error = only(await refused(write(transport, update)));
      expect(error).toMatchObject({ code, space: 'p4ts', number: reasons[reason].number });
      expect(error.message).toContain(message);
      expect(await state(transport)).toEqual(before);
    });
  });

  test('a table that is full: RESOURCE_EXHAUSTED', async () => {
    const transport = await start();
    await write(transport, ...[1, 2, 3].map((i) => insert(route({ match: [lpm(`0${i}000000`, 8)] }))));
    const before = await state(transport);
    const error = only(await refused(write(transport, insert(route({ match: [lpm('0b000000', 8)] })))));
    expect(error).toMatchObject({ code: 'RESOURCE_EXHAUSTED', message: 'table ingress.routes is full: it holds 4 entries' });
    expect(await state(transport)).toEqual(before);
    await write(transport, remove(route()));
    await write(transport, insert(route({ match: [lpm('0b000000', 8)] })));
  });

  test('in a batch every update is tried, and each has its status', async () => {
    const transport = await start();
    const updates = [insert(route({ match: [lpm('0b000000', 8)] })), insert(route()), insert(route({ match: [lpm('0c000000', 8)] }))];
    const error = await refused(write(transport, ...updates));
    expect(error.code).toBe('UNKNOWN');
    expect(error.errors.map((e) => codeName(e.canonical_code))).toEqual(['OK', 'ALREADY_EXISTS', 'OK']);
    expect(error.errors[0]?.message ?? '').toBe('');
    const entries = await read(transport, { table_entry: { table_id: tableId('routes') } });
    expect(entries).toHaveLength(3);
  });

  test('a batch with a thousand errors says each code, and the messages of the first', async () => {
    const transport = await start();
    const error = await refused(write(transport, ...Array.from({ length: 1000 }, () => insert(route()))));
    expect(error.errors).toHaveLength(1000);
    expect(new Set(error.errors.map((e) => codeName(e.canonical_code)))).toEqual(new Set(['ALREADY_EXISTS']));
    expect(error.errors[0]).toMatchObject({ message: 'table ingress.routes: there is an entry dst=10.0.0.0/8 already', space: 'p4ts' });
  });

  test('a write to another device, in a role, without being primary, or without a pipeline', async () => {
    const bench = await open();
    const transport = await primary(bench);
    const before = await state(transport);
    const updates = [insert(route())];
    const code = async (request: Parameters<Transport['write']>[0]) => (await refused(transport.write({ updates, ...request }))).code;
    expect(await code({ device_id: 2n, election_id: uint128(1n) })).toBe('NOT_FOUND');
    expect(await code({ election_id: uint128(1n) })).toBe('NOT_FOUND');
    expect(await code({ device_id: 1n, role: 'x', election_id: uint128(1n) })).toBe('NOT_FOUND');
    expect(await code({ device_id: 1n, election_id: uint128(2n) })).toBe('PERMISSION_DENIED');
    expect(await code({ device_id: 1n, election_id: uint128(0n) })).toBe('PERMISSION_DENIED');
    expect(await code({ device_id: 1n })).toBe('PERMISSION_DENIED');
    expect(await state(transport)).toEqual(before);
  });

  test('counters are set, one cell or all; without data nothing is', async () => {
    const transport = await start();
    await write(transport, counter('MODIFY', undefined, 3n), counter('MODIFY', 2n, 8n));
    await write(transport, {
      type: 'MODIFY',
      entity: { counter_entry: { counter_id: idOf('counters', 'ingress.hits'), index: { index: 0n } } },
    });
    const cells = await read(transport, { counter_entry: { counter_id: idOf('counters', 'ingress.hits') } });
    expect(cells.map((c) => c.counter_entry?.data?.packet_count)).toEqual([3n, 3n, 8n, 3n]);
    const cell = await read(transport, { counter_entry: { counter_id: idOf('counters', 'ingress.hits'), index: { index: 2n } } });
    expect(cell.map((c) => c.counter_entry?.index?.index)).toEqual([2n]);
  });

  test('modifying an entry keeps its counter; without an action it keeps its action', async () => {
    const transport = await start();
    await write(transport, modify(route({ counter_data: { packet_count: 5n, byte_count: 50n } })));
    await write(transport, modify(route({ action: drop })));
    await write(transport, modify({ table_id: tableId('routes'), match: [lpm('0a000000', 8)], metadata: bytes('cafe') }));
    const [entity] = await read(transport, { table_entry: { table_id: tableId('routes'), counter_data: {} } });
    expect(entity?.table_entry?.counter_data).toEqual({ packet_count: 5n, byte_count: 50n });
    expect(entity?.table_entry?.action?.action?.action_id).toBe(actionId('drop'));
    expect(Buffer.from(entity?.table_entry?.metadata ?? []).toString('hex')).toBe('cafe');
    await write(transport, modify({ table_id: tableId('routes'), match: [lpm('0a000000', 8)] }));
    expect(await read(transport, { table_entry: { table_id: tableId('routes'), counter_data: {} } })).toEqual([entity]);
  });

  test('deleting looks at nothing but the key', async () => {
    const transport = await start();
    await write(
      transport,
      remove(route({ action: { action: { action_id: 1 } }, idle_timeout_ns: 3n, counter_data: { packet_count: -4n } })),
    );
    expect(await read(transport, { table_entry: { table_id: tableId('routes') } })).toEqual([]);
  });

  test('the default action is set, and goes back to what the program declares', async () => {
    const transport = await start();
    const table_id = tableId('routes');
    const current = async () => (await read(transport, { table_entry: { table_id, is_default_action: true } }))[0]?.table_entry;
    expect((await current())?.action?.action?.action_id).toBe(actionId('drop'));
    await write(transport, modify({ table_id, is_default_action: true, action: forward, metadata: bytes('01') }));
    expect((await current())?.action?.action?.action_id).toBe(actionId('forward'));
    expect((await current())?.metadata?.length).toBe(1);
    await write(transport, modify({ table_id, is_default_action: true }));
    expect((await current())?.action?.action?.action_id).toBe(actionId('drop'));
    expect((await current())?.metadata?.length ?? 0).toBe(0);
  });

  test('without a pipeline: FAILED_PRECONDITION', async () => {
    const bench = await open();
    const transport = bench.client();
    const stream = transport.openStream({ message: () => {}, end: () => {} });
    stream.send({ arbitration: { device_id: 1n, election_id: uint128(1n) } });
    await expect.poll(async () => (await refused(write(transport, insert(route())))).code).toBe('FAILED_PRECONDITION');
    const reading = await refused(read(transport, { table_entry: {} }));
    expect(reading.code).toBe('FAILED_PRECONDITION');
    // By these words controllers tell a switch that is new from other failures.
    expect(reading.message).toMatch(/no forwarding pipeline config/);
    await transport.setPipeline({ device_id: 1n, election_id: uint128(1n), action: 'VERIFY', config: labConfig });
    expect((await refused(write(transport, insert(route())))).code).toBe('FAILED_PRECONDITION');
  });
});
