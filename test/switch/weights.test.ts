// Selectors whose members the switch weighs (P4Runtime, "weights_disallowed").
import { type Action, type ActionProfile, type BitType, group as groupOf, type Key, oneShot as oneShotOf, type Table } from 'p4ts';
import { simulate } from 'p4ts/runtime';
import { beforeEach, expect, test } from 'vitest';
import { buildSchema } from '../../compiler/control/build.js';
import { programHandle } from '../../compiler/imported-p4/program.js';
import { toJson } from '../../compiler/ir/json.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import { parseEntityFile } from '../../runtime/entries/entities.js';
import type { Entity } from '../../runtime/p4runtime/messages.js';
import { codeName } from '../../runtime/p4runtime/status.js';
import type { Transport } from '../../runtime/p4runtime/transport.js';
import { all, thrown } from '../support/outcomes.js';
import { insert } from '../support/service-switch.js';
import { type Bench, bytes, onBothTransports, plain, primaryStream, read, refused, state, write } from '../support/switches.js';
import { v1modelText } from '../support/v1model-text.js';

const program = await v1modelText({
  locals: `
    @weights_disallowed @max_group_size(3) action_selector(HashAlgorithm.crc16, 32w8, 32w16) paths;
    action send(bit<9> port) { s.egress_spec = port; }
    table spread { key = { hdr.h.a: exact; hdr.h.b: selector; } actions = { send; } implementation = paths; }`,
  ingress: 'spread.apply();',
});
const p4info = buildP4Info(program);
const config = { p4info, p4_device_config: Buffer.from(toJson(program)) };
const [profile] = p4info.action_profiles;
const action_profile_id = profile?.preamble.id ?? 0;
const send = (port: number) => ({
  action_id: p4info.actions.find((a) => a.preamble.alias === 'send')?.preamble.id ?? 0,
  params: [{ param_id: 1, value: Uint8Array.of(port) }],
});
const member = (member_id: number): Entity => ({ action_profile_member: { action_profile_id, member_id, action: send(member_id) } });
const group = (...members: { member_id: number; weight?: number }[]): Entity => ({
  action_profile_group: { action_profile_id, group_id: 1, members, max_size: 3 },
});
const oneShot = (...action_profile_actions: { action: object; weight?: number }[]): Entity => ({
  table_entry: {
    table_id: p4info.tables[0]?.preamble.id ?? 0,
    match: [{ field_id: 1, exact: { value: bytes('01') } }],
    action: { action_profile_action_set: { action_profile_actions } },
  },
});

test('P4Info says so', () => {
  expect(profile).toMatchObject({ with_selector: true, size: 8, max_group_size: 3, weights_disallowed: true });
  expect(profile?.preamble.annotations).toBeUndefined();
});

onBothTransports((open) => {
  let bench: Bench;
  let transport: Transport;
  beforeEach(async () => {
    bench = await open();
    ({ transport } = await primaryStream(bench, config));
  });

  test('a weight: INVALID_ARGUMENT, and nothing is written', async () => {
    await write(transport, insert(member(1)));
    const before = await state(transport, p4info);
    for (const entity of [group({ member_id: 1, weight: 1 }), group({ member_id: 1, weight: -1 })]) {
      const { errors } = await refused(write(transport, insert(entity)));
      expect(codeName(errors[0]?.canonical_code)).toBe('INVALID_ARGUMENT');
    }
    expect(await state(transport, p4info)).toEqual(before);
  });

  test('a weight in a one-shot set: INVALID_ARGUMENT', async () => {
    const { errors } = await refused(write(transport, insert(oneShot({ action: send(1) }, { action: send(2), weight: 1 }))));
    expect(codeName(errors[0]?.canonical_code)).toBe('INVALID_ARGUMENT');
    expect(errors[0]?.message).toContain('weight 1 is given, but the switch weighs the members of this selector');
  });

  test('without weights all are chosen, and are read without', async () => {
    const entity = oneShot({ action: send(1) }, { action: send(2) }, { action: send(3) });
    await write(transport, insert(entity));
    const ports = new Set<number | undefined>();
    for (let i = 0; i < 256; i++) ports.add((await bench.core.processPacket(4, Uint8Array.of(1, i))).outputs[0]?.port);
    expect([...ports].sort()).toEqual([1, 2, 3]);
    expect(plain(await read(transport, { table_entry: {} }))).toEqual([plain(entity)]);
    expect(codeName((await refused(write(transport, insert(member(1))))).errors[0]?.canonical_code)).toBe('INVALID_ARGUMENT');
  });

  test('a group is read without', async () => {
    await write(transport, insert(member(1)), insert(member(2)), insert(group({ member_id: 1 }, { member_id: 2 })));
    expect(plain(await read(transport, { action_profile_group: {} }))).toEqual([plain(group({ member_id: 1 }, { member_id: 2 }))]);
  });
});

test('controllers give none', async () => {
  const handle = programHandle(program, []);
  const spread = handle.tables['I.spread'] as Table<{ 'hdr.h.a': Key<'exact', BitType<8, 'num'>> }, 'send', 'selector'>;
  const paths = handle.profiles['I.paths'] as ActionProfile<'selector'>;
  const to = handle.actions['I.send'] as Action<'send', { port: BitType<9, 'num'> }>;
  await using sw = await simulate(handle);
  const table = sw.table(spread);
  const set = [{ action: to({ port: 1 }) }, { action: to({ port: 2 }), watchPort: 2 }];
  await table.insert({ match: { 'hdr.h.a': 1 }, action: oneShotOf(set) });
  const read = [{ action: { call: 'send', args: { port: 1 } } }, { action: { call: 'send', args: { port: 2 } }, watchPort: 2 }];
  expect((await all(table.entries())).map((e) => e.action)).toEqual([{ set: read }]);
  const weighed = oneShotOf([{ action: to({ port: 1 }), weight: 2 }]);
  expect(String(await thrown(table.insert({ match: { 'hdr.h.a': 2 }, action: weighed })))).toContain('weight 2 is given');
  await table.delete({ match: { 'hdr.h.a': 1 } });

  const selector = sw.profile(paths);
  await selector.member(1).set(to({ port: 1 }));
  await selector.group(1).set([{ member: 1 }]);
  await table.insert({ match: { 'hdr.h.a': 1 }, action: groupOf(1) });
  expect(await selector.group(1).read()).toEqual([{ member: 1 }]);
});

test('files of entries give none', async () => {
  const text = `
tables:
  spread: [{ match: { hdr.h.a: 1 }, actions: [{ action: send, params: { port: 1 } }, { action: send, params: { port: 2 } }] }]
profiles:
  paths: { members: { 1: { action: send, params: { port: 1 } } }, groups: { 1: [1, { member: 2, watchPort: 2 }] } }
`;
  const said = (await parseEntityFile(buildSchema(p4info), text, 'entries.yaml')).map((e) => plain(e.entity));
  const watched = { member_id: 2, watch_port: bytes('02') };
  expect(said).toEqual([oneShot({ action: send(1) }, { action: send(2) }), member(1), group({ member_id: 1 }, watched)].map(plain));
});
