// Text whose numbers the program leaves to the switch (P4Runtime, "User-defined types", sdn_string), as in the P4 of SONiC PINS.
import { beforeEach, expect, test } from 'vitest';
import { toJson } from '../../compiler/ir/json.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import type { Entity } from '../../runtime/p4runtime/messages.js';
import { codeName } from '../../runtime/p4runtime/status.js';
import type { Transport } from '../../runtime/p4runtime/transport.js';
import { TextNumbers } from '../../runtime/switch/text-numbers.js';
import { insert, modify, remove } from '../support/service-switch.js';
import { type Bench, bytes, onBothTransports, plain, primaryStream, read, refused, state, write } from '../support/switches.js';
import { v1modelText } from '../support/v1model-text.js';

// The second byte is the VRF that the first table finds: it goes to the number of its name, whatever that is.
const program = await v1modelText({
  top: `
    @p4runtime_translation("example.org/Vrf", string) @p4runtime_translation_mappings({ {"", 0} }) type bit<10> vrf_t;
    @p4runtime_translation("example.org/Small", string) type bit<2> small_t;`,
  locals: `
    vrf_t vrf = (vrf_t)0;
    register<vrf_t>(1) last;
    action set_vrf(vrf_t v) { vrf = v; last.write(0, v); }
    table vrfs { key = { hdr.h.a: exact; } actions = { set_vrf; } }
    action send(bit<9> port) { s.egress_spec = port; }
    table routes { key = { vrf: exact; } actions = { send; } }
    small_t none = (small_t)0;
    table smalls { key = { none: exact; } actions = { send; } }`,
  ingress: 'vrfs.apply(); routes.apply(); smalls.apply();',
});
const p4info = buildP4Info(program);
const config = { p4info, p4_device_config: Buffer.from(toJson(program)) };
const id = (kind: 'tables' | 'actions' | 'registers', alias: string): number =>
  p4info[kind].find((t) => t.preamble.alias === alias)?.preamble.id ?? 0;
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

const entry = (table: string, key: Uint8Array, action: string, value: Uint8Array): Entity => ({
  table_entry: {
    table_id: id('tables', table),
    match: [{ field_id: 1, exact: { value: key } }],
    action: { action: { action_id: id('actions', action), params: [{ param_id: 1, value }] } },
  },
});
const vrf = (a: number, name: string): Entity => entry('vrfs', Uint8Array.of(a), 'set_vrf', text(name));
const route = (name: string, port: number): Entity => entry('routes', text(name), 'send', Uint8Array.of(port));
const small = (name: string): Entity => entry('smalls', text(name), 'send', bytes('01'));

test('of several texts for one number the first is read', () => {
  const values = new Map([
    ['one', 1n],
    ['uno', 1n],
  ]);
  const texts = new TextNumbers({ uri: '', values }, 8);
  expect([texts.numberOf('uno', ''), texts.textOf(1n)]).toEqual([1n, 'one']);
});

onBothTransports((open) => {
  let bench: Bench;
  let transport: Transport;
  beforeEach(async () => {
    bench = await open();
    ({ transport } = await primaryStream(bench, config));
  });
  const sent = async (a: number): Promise<number | undefined> => (await bench.core.processPacket(1, Uint8Array.of(a, 0))).outputs[0]?.port;

  test('any text is taken, and read back', async () => {
    const entries = [vrf(1, 'blue'), vrf(2, 'vrf-0'), route('blue', 3), route('vrf-0', 4), route('', 5), route('7', 6), vrf(3, '7')];
    await write(transport, ...entries.map(insert));
    expect([await sent(1), await sent(2), await sent(3), await sent(9)]).toEqual([3, 4, 6, 5]);
    const found = (await read(transport, { table_entry: {} })).map(plain);
    expect(new Set(found.map((e) => JSON.stringify(e)))).toEqual(new Set(entries.map((e) => JSON.stringify(plain(e)))));
    await write(transport, modify(vrf(1, 'vrf-0')), remove(route('blue', 3)));
    expect(await sent(1)).toBe(4);
    const [cell] = await read(transport, { register_entry: { register_id: id('registers', 'last'), index: { index: 0n } } });
    expect(new TextDecoder().decode(cell?.register_entry?.data?.bitstring)).toBe('vrf-0');
  });

  test('a text keeps its number when the pipeline is loaded again and the entries with it', async () => {
    await write(transport, insert(vrf(1, 'blue')), insert(route('blue', 3)), insert(route('red', 4)));
    await transport.setPipeline({ device_id: 1n, election_id: { low: 1n }, action: 'RECONCILE_AND_COMMIT', config });
    expect(await sent(1)).toBe(3);
    await write(transport, modify(vrf(1, 'red')));
    expect(await sent(1)).toBe(4);
  });

  test('more texts than numbers: RESOURCE_EXHAUSTED, and nothing is written', async () => {
    await write(transport, ...['a', 'b', 'c', 'd'].map((name) => insert(small(name))));
    const before = await state(transport, p4info);
    const { errors } = await refused(write(transport, insert(small('e'))));
    expect(codeName(errors[0]?.canonical_code)).toBe('RESOURCE_EXHAUSTED');
    expect(errors[0]?.message).toContain('there are no numbers left in the switch for "e"');
    expect(await state(transport, p4info)).toEqual(before);
    const long = await refused(write(transport, insert(route('x'.repeat(1025), 1))));
    expect(codeName(long.errors[0]?.canonical_code)).toBe('INVALID_ARGUMENT');
  });
});
