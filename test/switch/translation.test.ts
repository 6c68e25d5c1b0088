// Values of types with @p4runtime_translation, as bytes of requests (P4Runtime, "User-defined types" and "Packet I/O").
import { beforeEach, expect, test } from 'vitest';
import { programOf } from '../../compiler/dsl/handles.js';
import { toJson } from '../../compiler/ir/json.js';
import { lowerToV1model } from '../../compiler/lower/v1model/index.js';
import { build } from '../../compiler/node.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import type { Entity, StreamMessageRequest } from '../../runtime/p4runtime/messages.js';
import { codeName } from '../../runtime/p4runtime/status.js';
import type { Transport } from '../../runtime/p4runtime/transport.js';
import { Ethernet, newtypes, Tag } from '../cases/newtype-translation/pipeline.js';
import { insert, modify } from '../support/service-switch.js';
import {
  type Bench,
  bytes,
  onBothTransports,
  plain,
  primaryStream,
  read,
  refused,
  state,
  type TestStream,
  write,
} from '../support/switches.js';

// In the switch a port_id_t has 9 bits and a vrf_t 10; for controllers the one has 32 bits, the other is text: red is 2.
const program = (programOf(newtypes) as NonNullable<ReturnType<typeof programOf>>).ir;
const p4info = buildP4Info(lowerToV1model(program).program);
const config = { p4info, p4_device_config: Buffer.from(toJson(program)) };
const id = (kind: 'tables' | 'actions' | 'registers' | 'digests', alias: string): number =>
  p4info[kind].find((t) => t.preamble.alias === alias)?.preamble.id ?? 0;
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

const vrf = (from: Uint8Array, to: Uint8Array): Entity => ({
  table_entry: {
    table_id: id('tables', 'vrfs'),
    match: [{ field_id: 1, exact: { value: from } }],
    action: { action: { action_id: id('actions', 'set_vrf'), params: [{ param_id: 1, value: to }] } },
  },
});
const route = (from: Uint8Array, port: Uint8Array): Entity => ({
  table_entry: {
    table_id: id('tables', 'routes'),
    match: [{ field_id: 1, exact: { value: from } }],
    priority: 1,
    action: {
      action: {
        action_id: id('actions', 'forward'),
        params: [
          { param_id: 1, value: port },
          { param_id: 2, value: bytes('0a000001') },
        ],
      },
    },
  },
});
const register = (name: string, index: bigint, value: Uint8Array): Entity => ({
  register_entry: { register_id: id('registers', name), index: { index }, data: { bitstring: value } },
});
const frame = Uint8Array.from([
  ...build(Ethernet, { dst: '02:00:00:00:00:01', src: '02:00:00:00:00:02', etherType: 0x1234 }),
  ...build(Tag, { neighbour: '10.0.0.9', vrf: '', rest: 0 }),
]);
const packetOut = (egressPort: string): StreamMessageRequest => ({
  packet: { payload: frame, metadata: [{ metadata_id: 1, value: bytes(egressPort) }] },
});

test('P4Info says sdn_bitwidth and sdn_string', () => {
  expect(p4info.type_info?.new_types).toMatchObject({
    port_id_t: { translated_type: { uri: 'example.org/PortId', sdn_bitwidth: 32 } },
    vrf_t: { translated_type: { uri: 'example.org/Vrf', sdn_string: {} } },
  });
});

onBothTransports((open) => {
  let bench: Bench;
  let transport: Transport;
  let stream: TestStream;
  beforeEach(async () => {
    bench = await open();
    ({ transport, stream } = await primaryStream(bench, config));
  });

  test('keys and parameters: what a controller writes with its values packets meet with those of the switch', async () => {
    await write(transport, insert(vrf(bytes('07'), text('red'))), insert(route(text('red'), bytes('012c'))));
    const { outputs } = await bench.core.processPacket(7, frame);
    expect(outputs.map((o) => o.port)).toEqual([300]);
    // The tag: 10.0.0.1, then red in ten bits.
    expect(Buffer.from(outputs[0]?.bytes.subarray(14) ?? []).toString('hex')).toBe('0a0000010080');
    expect((await bench.core.processPacket(8, frame)).outputs).toEqual([]);
  });

  test('keys, parameters and cells are read as they were written', async () => {
    const entries = [vrf(bytes('07'), text('red')), vrf(bytes('01ff'), text('')), route(text('blue'), bytes('012c'))];
    await write(transport, ...entries.map(insert));
    const tables = p4info.tables.map((t) => ({ table_entry: { table_id: t.preamble.id } }));
    const found = await read(transport, ...tables);
    expect(found).toHaveLength(3);
    expect(plain(found)).toEqual(expect.arrayContaining(entries.map((e) => plain(e))));
    for (const cell of [register('origins', 3n, bytes('012c')), register('latest', 1n, text('red'))]) {
      await write(transport, modify(cell));
      const { data, ...key } = cell.register_entry ?? {};
      expect(plain(await read(transport, { register_entry: key }))).toEqual(plain([cell]));
    }
  });

  test('a number with zeros in front is read in its shortest form', async () => {
    await write(transport, insert(vrf(bytes('00000007'), text('red'))));
    expect(plain(await read(transport, { table_entry: { table_id: id('tables', 'vrfs') } }))).toEqual(
      plain([vrf(bytes('07'), text('red'))]),
    );
  });

  test('metadata of packet-ins and packet-outs', async () => {
    await write(transport, insert(vrf(bytes('07'), text('blue'))));
    await bench.core.processPacket(7, frame);
    expect((await stream.next()).packet?.metadata?.map((m) => plain(m))).toEqual([
      plain({ metadata_id: 1, value: bytes('07') }),
      plain({ metadata_id: 2, value: text('blue') }),
      // Padding.
      plain({ metadata_id: 3, value: bytes('00') }),
    ]);
    const left = new Promise<number>((resolve) => bench.core.onOutput(({ port }) => resolve(port)));
    stream.send(packetOut('012c'));
    expect(await left).toBe(300);
  });

  test('digests have what the program gives them', async () => {
    const digest_entry = { digest_id: id('digests', 'learn_t'), config: { max_list_size: 1 } };
    await write(transport, insert({ digest_entry }), insert(vrf(bytes('07'), text('red'))));
    await bench.core.processPacket(7, frame);
    // Nothing routes red: the packet comes as well.
    const messages = [await stream.next(), await stream.next()];
    expect(plain(messages.find((m) => m.digest)?.digest?.data)).toEqual(
      plain([{ struct: { members: [{ bitstring: bytes('02') }, { bitstring: bytes('07') }] } }]),
    );
  });

  const cases: [string, Entity][] = [
    ['a key of text that stands for nothing', route(text('green'), bytes('01'))],
    ['a parameter of text that stands for nothing', vrf(bytes('07'), text('green'))],
    ['a parameter of text, given as the number of the switch', vrf(bytes('07'), bytes('02'))],
    ['text that is no UTF-8', vrf(bytes('07'), bytes('ff'))],
    ['a key beyond the bits of the switch', vrf(bytes('0200'), text('red'))],
    ['a key beyond the bits of the controller', vrf(bytes('0100000007'), text('red'))],
    ['a parameter beyond the bits of the switch', route(text('red'), bytes('0200'))],
    ['an empty number', vrf(bytes(''), text('red'))],
  ];
  test.each(cases)('%s: INVALID_ARGUMENT, and nothing is written', async (_, entity) => {
    const before = await state(transport, p4info);
    const { errors } = await refused(write(transport, insert(entity)));
    expect(errors.map((e) => codeName(e.canonical_code))).toEqual(['INVALID_ARGUMENT']);
    expect(await state(transport, p4info)).toEqual(before);
  });

  test('a packet-out whose metadata has no value in the switch is told on the stream', async () => {
    stream.send(packetOut('0200'));
    expect(codeName((await stream.next()).error?.canonical_code)).toBe('INVALID_ARGUMENT');
  });
});
