// What the specification asks of writes of services, update by update: the code, a message that names the thing, and nothing changed.
import { describe, expect, test } from 'vitest';
import type { Entity, MeterConfig, Update } from '../../runtime/p4runtime/messages.js';
import { codeName } from '../../runtime/p4runtime/status.js';
import { reasons } from '../../runtime/switch/refusals.js';
import {
  drop,
  exactEntry,
  grade,
  group,
  host,
  insert,
  member,
  modify,
  remove,
  send,
  serviceId,
  servicesConfig,
  servicesP4Info,
} from '../support/service-switch.js';
import { bytes, onBothTransports, primaryStream, refused, state, write } from '../support/switches.js';

const register = (name: string, more: Entity['register_entry'] = {}): Entity => ({
  register_entry: { register_id: serviceId('registers', name), index: { index: 0n }, data: { bitstring: bytes('01') }, ...more },
});
const meter = (config: MeterConfig | undefined, more: Entity['meter_entry'] = {}): Entity => ({
  meter_entry: { meter_id: serviceId('meters', 'police'), index: { index: 0n }, ...(config ? { config } : {}), ...more },
});
const rates = { cir: 1n, cburst: 2n, pir: 3n, pburst: 4n };
const limits = (more: object = {}): Entity => ({ table_entry: exactEntry('limits', host(1), { action: { action: grade(1) }, ...more }) });
const directMeter = (table: string, key: string, more: object = {}): Entity => ({
  direct_meter_entry: { table_entry: exactEntry(table, key), config: rates, ...more },
});
const known = (more: object = {}): Entity => ({ table_entry: exactEntry('known', host(1), { action: { action: send(1) }, ...more }) });
const spread = (kind: string, action: object): Entity => ({ table_entry: exactEntry('spread', kind, { action }) });
const next = (action: object): Entity => ({
  table_entry: { table_id: serviceId('tables', 'next'), match: [{ field_id: 1, lpm: { value: bytes('80'), prefix_len: 1 } }], action },
});
const oneShot = (...set: object[]): object => ({ action_profile_action_set: { action_profile_actions: set } });
const session = (session_id: number, more: object = {}): Entity => ({
  packet_replication_engine_entry: { clone_session_entry: { session_id, replicas: [{ port: bytes('01') }], ...more } },
});
const valueSet = (...values: string[]): Entity => ({
  value_set_entry: {
    value_set_id: serviceId('value_sets', 'tags'),
    members: values.map((value) => ({ match: [{ field_id: 1, exact: { value: bytes(value) } }] })),
  },
});
const digest = (config: object = {}): Entity => ({ digest_entry: { digest_id: serviceId('digests', 'learn_t'), config } });
const defaultOf = (table: string, more: object = {}): Entity => ({
  table_entry: { table_id: serviceId('tables', table), is_default_action: true, ...more },
});

/** What is there before each update. */
const setup: Update[] = [
  insert(member(1)),
  insert(member(2)),
  insert(member(1, send(1), 'hops')),
  insert(group(1, [{ member_id: 1, weight: 1 }])),
  insert(group(2, [{ member_id: 2, weight: 2 }])),
  insert(spread('01', { action_profile_group_id: 1 })),
  insert(spread('02', { action_profile_member_id: 2 })),
  insert(limits()),
  insert(known()),
  insert(session(5)),
  insert(digest()),
  modify(valueSet('9100')),
];

type Case = readonly [name: string, update: Update, reason: keyof typeof reasons, code: string, message: string];

const cells: readonly Case[] = [
  ['register: inserted', insert(register('totals')), 'only-modify', 'INVALID_ARGUMENT', 'register ingress.totals: a register can only'],
  ['register: deleted', remove(register('totals')), 'only-modify', 'INVALID_ARGUMENT', 'register ingress.totals'],
  ['register: id 0', modify({ register_entry: {} }), 'id-zero', 'INVALID_ARGUMENT', 'the register id is not set'],
  [
    'register: id of a table',
    modify({ register_entry: { register_id: serviceId('tables', 'next') } }),
    'wrong-id-kind',
    'INVALID_ARGUMENT',
    'is not that of a register but of a table',
  ],
  [
    'register: a negative index',
    modify(register('totals', { index: { index: -1n } })),
    'index-negative',
    'INVALID_ARGUMENT',
    'register ingress.totals: index -1',
  ],
  [
    'register: an index beyond the end',
    modify(register('totals', { index: { index: 4n } })),
    'index-out-of-range',
    'OUT_OF_RANGE',
    'register ingress.totals: index 4 is outside its 4 cells',
  ],
  [
    'register: a value too wide',
    modify(register('totals', { data: { bitstring: bytes('010000000000') } })),
    'value-out-of-range',
    'INVALID_ARGUMENT',
    'register ingress.totals: 0x010000000000 does not fit bit<40>',
  ],
  [
    'register: a struct where bits are expected',
    modify(register('totals', { data: { struct: { members: [] } } })),
    'wrong-data-type',
    'INVALID_ARGUMENT',
    'register ingress.totals: takes a bitstring, not struct',
  ],
  [
    'register: no data',
    modify({ register_entry: { register_id: serviceId('registers', 'flows'), index: {} } }),
    'nothing-set',
    'INVALID_ARGUMENT',
    'register ingress.flows: the data',
  ],
  ['meter: inserted', insert(meter(rates)), 'only-modify', 'INVALID_ARGUMENT', 'meter ingress.police: a meter can only'],
  [
    'meter: an index beyond the end',
    modify(meter(rates, { index: { index: 4n } })),
    'index-out-of-range',
    'OUT_OF_RANGE',
    'meter ingress.police: index 4',
  ],
  [
    'meter: a negative rate',
    modify(meter({ ...rates, cburst: -1n })),
    'meter-negative',
    'INVALID_ARGUMENT',
    'meter ingress.police: cburst cannot be negative',
  ],
  [
    'meter: the peak below the committed rate',
    modify(meter({ ...rates, cir: 4n })),
    'meter-rates',
    'INVALID_ARGUMENT',
    'meter ingress.police: the peak rate 3 is below the committed rate 4',
  ],
  ['meter: an excess burst', modify(meter({ ...rates, eburst: 1n })), 'meter-excess-burst', 'INVALID_ARGUMENT', 'meter ingress.police'],
  [
    'meter: counts by colour that are not zero',
    modify(meter(rates, { counter_data: { red: { byte_count: 1n } } })),
    'colors-not-zero',
    'INVALID_ARGUMENT',
    'meter ingress.police: counters by colour can only be set to zero',
  ],
  [
    'direct meter: inserted',
    insert(directMeter('limits', host(1))),
    'only-modify',
    'INVALID_ARGUMENT',
    'table ingress.limits: a meter can only',
  ],
  ['direct meter: no table entry', modify({ direct_meter_entry: {} }), 'nothing-set', 'INVALID_ARGUMENT', 'direct meter'],
  [
    'direct meter: no such entry',
    modify(directMeter('limits', host(9))),
    'no-such-entry',
    'NOT_FOUND',
    'table ingress.limits: there is no entry src=02:00:00:00:00:09',
  ],
  [
    'direct meter: a table without one',
    modify(directMeter('known', host(1))),
    'no-such-resource',
    'INVALID_ARGUMENT',
    'table ingress.known has no direct meter',
  ],
  [
    'an entry with a meter in a table without one',
    modify(known({ meter_config: rates })),
    'no-such-resource',
    'INVALID_ARGUMENT',
    'table ingress.known has no direct meter',
  ],
  [
    'an entry with rates that are wrong',
    modify(limits({ meter_config: { ...rates, pir: 0n } })),
    'meter-rates',
    'INVALID_ARGUMENT',
    'table ingress.limits',
  ],
  [
    'an entry with counts by colour that are not zero',
    modify(limits({ meter_counter_data: { green: { packet_count: 1n } } })),
    'colors-not-zero',
    'INVALID_ARGUMENT',
    'table ingress.limits: counters by colour',
  ],
];

const profiles: readonly Case[] = [
  ['member: id 0', insert(member(0)), 'profile-id-zero', 'INVALID_ARGUMENT', 'action profile ingress.paths: the member id is not set'],
  ['member: it exists', insert(member(1)), 'member-exists', 'ALREADY_EXISTS', 'action profile ingress.paths: member 1 exists already'],
  ['member: it does not exist', modify(member(7)), 'no-such-member', 'NOT_FOUND', 'action profile ingress.paths: there is no member 7'],
  [
    'member: no action',
    modify({ action_profile_member: { action_profile_id: serviceId('action_profiles', 'paths'), member_id: 1 } }),
    'action-missing',
    'INVALID_ARGUMENT',
    'action profile ingress.paths, member 1: there is no action',
  ],
  [
    'member: an action of another table',
    modify(member(1, grade(1))),
    'not-an-action-of',
    'INVALID_ARGUMENT',
    'action profile ingress.paths: ingress.grade is not one of its actions; it has ingress.send, ingress.drop',
  ],
  [
    'member: a parameter is missing',
    modify(member(1, { action_id: send(1).action_id })),
    'missing-param',
    'INVALID_ARGUMENT',
    'action profile ingress.paths, action ingress.send, parameter port is missing',
  ],
  [
    'member: the profile is full',
    insert(member(3, drop, 'hops')),
    'profile-full',
    'RESOURCE_EXHAUSTED',
    'action profile ingress.hops is full: it holds 2 members',
  ],
  [
    'member: in a group',
    remove(member(1)),
    'member-in-use',
    'FAILED_PRECONDITION',
    'action profile ingress.paths: member 1 cannot be deleted while a group has it',
  ],
  ['member: deleted twice', remove(member(9)), 'no-such-member', 'NOT_FOUND', 'action profile ingress.paths: there is no member 9'],
  ['group: id 0', insert(group(0, [])), 'profile-id-zero', 'INVALID_ARGUMENT', 'action profile ingress.paths: the group id is not set'],
  ['group: it exists', insert(group(1, [])), 'member-exists', 'ALREADY_EXISTS', 'action profile ingress.paths: group 1 exists already'],
  ['group: it does not exist', modify(group(9, [])), 'no-such-member', 'NOT_FOUND', 'action profile ingress.paths: there is no group 9'],
  [
    'group: of a profile without selector',
    insert(group(1, [], 0, 'hops')),
    'no-selector',
    'INVALID_ARGUMENT',
    'action profile ingress.hops has no selector, so it takes no groups',
  ],
  [
    'group: an unknown member',
    insert(group(3, [{ member_id: 9, weight: 1 }])),
    'no-such-member',
    'NOT_FOUND',
    'action profile ingress.paths: there is no member 9',
  ],
  [
    'group: a member twice',
    insert(
      group(3, [
        { member_id: 1, weight: 1 },
        { member_id: 1, weight: 1 },
      ]),
    ),
    'duplicate-member',
    'INVALID_ARGUMENT',
    'action profile ingress.paths, group 3: member 1 is given twice',
  ],
  [
    'group: weight 0',
    insert(group(3, [{ member_id: 1 }])),
    'bad-weight',
    'INVALID_ARGUMENT',
    'action profile ingress.paths, group 3: weight 0',
  ],
  [
    'group: a watch port beyond 9 bits',
    insert(group(3, [{ member_id: 1, weight: 1, watch_port: bytes('0200') }])),
    'watch-port',
    'INVALID_ARGUMENT',
    'action profile ingress.paths, group 3: 0x0200',
  ],
  [
    'group: a watch port that means drop',
    insert(group(3, [{ member_id: 1, weight: 1, watch_port: bytes('01ff') }])),
    'watch-port',
    'INVALID_ARGUMENT',
    'group 3: 0x01ff is not a port of the switch, which has 0 to 510',
  ],
  [
    'group: a negative watch port',
    insert(group(3, [{ member_id: 1, weight: 1, watch: -1 }])),
    'watch-port',
    'INVALID_ARGUMENT',
    'group 3: -1',
  ],
  ['group: no max_size', insert(group(3, [], 0)), 'group-max-size', 'INVALID_ARGUMENT', 'group 3: max_size 0 is not between 1 and 4'],
  ['group: max_size too large', insert(group(3, [], 5)), 'group-max-size', 'INVALID_ARGUMENT', 'group 3: max_size 5'],
  ['group: max_size negative', insert(group(3, [], -1)), 'group-max-size-negative', 'INVALID_ARGUMENT', 'group 3: max_size -1'],
  [
    'group: max_size changed',
    modify(group(1, [], 3)),
    'group-max-size-changed',
    'INVALID_ARGUMENT',
    'action profile ingress.paths, group 1: max_size is 4 and cannot become 3',
  ],
  [
    'group: more than max_size',
    modify(group(1, [{ member_id: 1, weight: 5 }])),
    'group-full',
    'RESOURCE_EXHAUSTED',
    'action profile ingress.paths, group 1: the weights make 5, and the group holds 4',
  ],
  [
    'group: more than the profile holds',
    insert(group(3, [{ member_id: 1, weight: 4 }])),
    'profile-full',
    'RESOURCE_EXHAUSTED',
    'action profile ingress.paths is full: it holds 6',
  ],
  [
    'group: in an entry',
    remove(group(1, [])),
    'member-in-use',
    'FAILED_PRECONDITION',
    'action profile ingress.paths: group 1 cannot be deleted while an entry runs it',
  ],
  ['entry: an unknown group', insert(spread('09', { action_profile_group_id: 9 })), 'no-such-member', 'NOT_FOUND', 'there is no group 9'],
  ['entry: an unknown member', modify(spread('01', { action_profile_member_id: 9 })), 'no-such-member', 'NOT_FOUND', 'no member 9'],
  [
    'entry: member 0',
    insert(spread('09', { action_profile_member_id: 0 })),
    'profile-id-zero',
    'INVALID_ARGUMENT',
    'the member id is not set',
  ],
  [
    'entry: an action',
    insert(spread('09', { action: send(1) })),
    'wrong-action-kind',
    'INVALID_ARGUMENT',
    'table ingress.spread: takes a member, a group or a one-shot set of ingress.paths, not action',
  ],
  [
    'entry: a group of a profile without selector',
    insert(next({ action_profile_group_id: 1 })),
    'no-selector',
    'INVALID_ARGUMENT',
    'action profile ingress.hops has no selector, so it takes no groups',
  ],
  [
    'entry: a one-shot set of a profile without selector',
    insert(next(oneShot({ action: send(1), weight: 1 }))),
    'no-selector',
    'INVALID_ARGUMENT',
    'action profile ingress.hops has no selector, so it takes no one-shot sets',
  ],
  [
    'entry: a one-shot set beside groups',
    insert(spread('09', oneShot({ action: send(1), weight: 1 }))),
    'programmed-otherwise',
    'INVALID_ARGUMENT',
    'action profile ingress.paths is programmed with members and groups, which cannot be mixed with one-shot sets',
  ],
  [
    'entry: a member in a table without profile',
    modify(known({ action: { action_profile_member_id: 1 } })),
    'wrong-action-kind',
    'INVALID_ARGUMENT',
    'table ingress.known: takes an action, not action_profile_member_id',
  ],
  [
    'default action of a table with a profile',
    modify(defaultOf('spread', { action: { action: drop } })),
    'indirect-default',
    'PERMISSION_DENIED',
    'table ingress.spread: its default action is constant',
  ],
];

const others: readonly Case[] = [
  [
    'idle timeout of a table without',
    modify(limits({ idle_timeout_ns: 1n })),
    'no-such-resource',
    'INVALID_ARGUMENT',
    'table ingress.limits has no idle timeout',
  ],
  ['idle timeout: negative', modify(known({ idle_timeout_ns: -1n })), 'idle-timeout-negative', 'INVALID_ARGUMENT', 'table ingress.known'],
  [
    'idle timeout: time_since_last_hit',
    modify(known({ time_since_last_hit: {} })),
    'time-since-hit-given',
    'INVALID_ARGUMENT',
    'table ingress.known',
  ],
  [
    'idle timeout of a default action',
    modify(defaultOf('known', { idle_timeout_ns: 5n })),
    'default-idle-timeout',
    'INVALID_ARGUMENT',
    'table ingress.known: the default action does not expire',
  ],
  ['clone session: id 0', insert(session(0)), 'replication-id', 'INVALID_ARGUMENT', 'clone session 0: the id is not between 1 and 32767'],
  ['clone session: id 32768', insert(session(32768)), 'replication-id', 'INVALID_ARGUMENT', 'clone session 32768'],
  ['clone session: it exists', insert(session(5)), 'replication-exists', 'ALREADY_EXISTS', 'clone session 5 exists already'],
  ['clone session: it does not exist', modify(session(6)), 'no-such-replication', 'NOT_FOUND', 'there is no clone session 6'],
  ['clone session: deleted twice', remove(session(6)), 'no-such-replication', 'NOT_FOUND', 'there is no clone session 6'],
  [
    'clone session: a class of service',
    modify(session(5, { class_of_service: 1 })),
    'class-of-service',
    'INVALID_ARGUMENT',
    'clone session 5: there is no class of service 1',
  ],
  [
    'clone session: a negative length',
    modify(session(5, { packet_length_bytes: -1 })),
    'packet-length',
    'INVALID_ARGUMENT',
    'clone session 5: a packet length of -1',
  ],
  [
    'clone session: a port beyond 9 bits',
    modify(session(5, { replicas: [{ port: bytes('0200') }] })),
    'replica-port',
    'INVALID_ARGUMENT',
    'clone session 5: 0x0200',
  ],
  ['value set: inserted', insert(valueSet('01')), 'only-modify', 'INVALID_ARGUMENT', 'value set parse.tags: a value set can only'],
  [
    'value set: too many',
    modify(valueSet('01', '02', '03')),
    'value-set-full',
    'RESOURCE_EXHAUSTED',
    'value set parse.tags holds 2 members, and 3 are given',
  ],
  [
    'value set: a member twice',
    modify(valueSet('01', '0001')),
    'duplicate-value',
    'ALREADY_EXISTS',
    'value set parse.tags: the member value=1',
  ],
  [
    'value set: too wide',
    modify(valueSet('010000')),
    'value-out-of-range',
    'INVALID_ARGUMENT',
    'value set parse.tags, field value: 0x010000',
  ],
  [
    'value set: a member without a match',
    modify({ value_set_entry: { value_set_id: serviceId('value_sets', 'tags'), members: [{}] } }),
    'missing-field',
    'INVALID_ARGUMENT',
    'value set parse.tags, field value is missing',
  ],
  ['digest: configured twice', insert(digest()), 'digest-exists', 'ALREADY_EXISTS', 'digest learn_t is configured already'],
  [
    'digest: a negative timeout',
    modify(digest({ ack_timeout_ns: -1n })),
    'digest-config-negative',
    'INVALID_ARGUMENT',
    'digest learn_t: ack_timeout_ns cannot be negative',
  ],
  ['digest: unknown', modify({ digest_entry: { digest_id: 1 } }), 'no-such-id', 'NOT_FOUND', 'there is no digest with id 1'],
  ['constant entries: inserted', insert(fixed('20')), 'const-table', 'PERMISSION_DENIED', 'table ingress.fixed: its entries are constant'],
  ['constant entries: modified', modify(fixed('10')), 'const-table', 'PERMISSION_DENIED', 'table ingress.fixed: its entries are constant'],
  ['constant entries: deleted', remove(fixed('10')), 'const-table', 'PERMISSION_DENIED', 'table ingress.fixed: its entries are constant'],
  [
    'an action that is only for entries',
    modify(defaultOf('initial', { action: { action: drop } })),
    'action-scope',
    'PERMISSION_DENIED',
    'table ingress.initial: action ingress.drop may only be an action of entries',
  ],
  [
    'an action that is only the default',
    insert({ table_entry: exactEntry('scoped', '01', { action: { action: drop } }) }),
    'action-scope',
    'PERMISSION_DENIED',
    'table ingress.scoped: action ingress.drop may only be the default action',
  ],
];
function fixed(value: string): Entity {
  const match = [{ field_id: 1, ternary: { value: bytes(value), mask: bytes('f0') } }];
  return { table_entry: { table_id: serviceId('tables', 'fixed'), match, priority: 20, action: { action: send(1) } } };
}

onBothTransports((open) => {
  describe.each([
    ['cells', cells],
    ['profiles', profiles],
    ['others', others],
  ])('%s', (_name, cases) => {
    test.each(cases)('%s', async (_case, update, reason, code, message) => {
      const transport = (await primaryStream(await open(), servicesConfig)).transport;
      await write(transport, ...setup, insert(member(2, drop, 'hops')));
      const before = await state(transport, servicesP4Info);
      const error = await refused(write(transport, update));
      expect(error.errors).toHaveLength(1);
      const [one] = error.errors;
      expect({ code: codeName(one?.canonical_code), number: one?.code }).toEqual({ code, number: reasons[reason].number });
      expect(one?.message).toContain(message);
      expect(await state(transport, servicesP4Info)).toEqual(before);
    });
  });
});
