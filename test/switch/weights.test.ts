// Selectors whose members the switch weighs (P4Runtime, "weights_disallowed").
import { beforeEach, expect, test } from 'vitest';
import { toJson } from '../../compiler/ir/json.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import type { Entity } from '../../runtime/p4runtime/messages.js';
import { codeName } from '../../runtime/p4runtime/status.js';
import type { Transport } from '../../runtime/p4runtime/transport.js';
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
