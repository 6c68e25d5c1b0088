// "SetForwardingPipelineConfig RPC": saving, committing and reconciling.
import { expect, test } from 'vitest';
import { toJson } from '../../compiler/ir/json.js';
import { lowerToV1model } from '../../compiler/lower/v1model/index.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import type { ForwardingPipelineConfig, SetForwardingPipelineConfigRequest, Update } from '../../runtime/p4runtime/messages.js';
import type { Transport } from '../../runtime/p4runtime/transport.js';
import {
  actionId,
  type Bench,
  bytes,
  idOf,
  labConfig,
  labProgram,
  onBothTransports,
  read,
  refused,
  state,
  TestStream,
  tableId,
  uint128,
  write,
} from '../support/switches.js';

const routes = tableId('routes');
const set = (transport: Transport, request: SetForwardingPipelineConfigRequest): Promise<void> =>
  transport.setPipeline({ device_id: 1n, election_id: uint128(1n), ...request });
async function start(bench: Bench): Promise<Transport> {
  const transport = bench.client();
  const stream = new TestStream(transport);
  stream.arbitrate(1n);
  await stream.next();
  return transport;
}
const route = (action: string): Update => ({
  type: 'INSERT',
  entity: {
    table_entry: {
      table_id: routes,
      match: [{ field_id: 1, lpm: { value: bytes('0a000000'), prefix_len: 8 } }],
      action: {
        action:
          action === 'forward'
            ? {
                action_id: actionId('forward'),
                params: [
                  { param_id: 1, value: bytes('03') },
                  { param_id: 2, value: bytes('0200000000ff') },
                ],
              }
            : { action_id: actionId(action) },
      },
      counter_data: { packet_count: 5n, byte_count: 50n },
      metadata: bytes('c0de'),
    },
  },
});
const packet = bytes('020000000002020000000001080040060a0000010a000001');
const ports = async (bench: Bench): Promise<number[]> => (await bench.core.processPacket(1, packet)).outputs.map((o) => o.port);

/** The lab with that table's size. */
function resized(size: number): ForwardingPipelineConfig {
  const controls = labProgram.controls.map((control) => ({
    ...control,
    locals: control.locals.map((local) => (local.kind === 'table' && local.name === 'routes' ? { ...local, size } : local)),
  }));
  const program = { ...labProgram, controls };
  return {
    p4info: buildP4Info(lowerToV1model(program).program),
    p4_device_config: Buffer.from(toJson(program)),
    cookie: { cookie: BigInt(size) },
  };
}
const cookie = async (transport: Transport): Promise<bigint | undefined> =>
  (await transport.getPipeline({ device_id: 1n, response_type: 'COOKIE_ONLY' })).config?.cookie?.cookie;

onBothTransports((open) => {
  test('a saved pipeline takes writes and gives reads, and packets do not see it until it is committed', async () => {
    const bench = await open();
    const transport = await start(bench);
    await set(transport, { action: 'VERIFY_AND_COMMIT', config: labConfig });
    await write(transport, route('forward'));
    expect(await ports(bench)).toEqual([3]);
    await set(transport, { action: 'VERIFY_AND_SAVE', config: resized(9) });
    expect(await cookie(transport)).toBe(9n);
    expect(await read(transport, { table_entry: { table_id: routes } })).toEqual([]);
    await write(transport, route('drop'));
    const hits = idOf('counters', 'ingress.hits');
    await write(transport, {
      type: 'MODIFY',
      entity: { counter_entry: { counter_id: hits, index: { index: 1n }, data: { packet_count: 4n } } },
    });
    expect(await ports(bench)).toEqual([3]);
    await set(transport, { action: 'COMMIT' });
    expect(await ports(bench)).toEqual([]);
    const [cell] = await read(transport, { counter_entry: { counter_id: hits, index: { index: 1n } } });
    expect(cell?.counter_entry?.data?.packet_count).toBe(4n);
    expect(await cookie(transport)).toBe(9n);
  });

  test('a pipeline can be saved on a switch that has none; packets go nowhere until it is committed', async () => {
    const bench = await open();
    const transport = await start(bench);
    await set(transport, { action: 'VERIFY_AND_SAVE', config: labConfig });
    await write(transport, route('forward'));
    expect(await ports(bench)).toEqual([]);
    await set(transport, { action: 'COMMIT' });
    expect(await ports(bench)).toEqual([3]);
  });

  test('COMMIT: NOT_FOUND without a saved pipeline, INVALID_ARGUMENT with a configuration', async () => {
    const transport = await start(await open());
    expect((await refused(set(transport, { action: 'COMMIT' }))).code).toBe('NOT_FOUND');
    await set(transport, { action: 'VERIFY_AND_SAVE', config: labConfig });
    expect((await refused(set(transport, { action: 'COMMIT', config: labConfig }))).code).toBe('INVALID_ARGUMENT');
    await set(transport, { action: 'VERIFY_AND_COMMIT', config: labConfig });
    // What was saved before is gone.
    expect((await refused(set(transport, { action: 'COMMIT' }))).code).toBe('NOT_FOUND');
  });

  test.each(['VERIFY', 'VERIFY_AND_SAVE', 'VERIFY_AND_COMMIT', 'RECONCILE_AND_COMMIT'] as const)(
    '%s needs a configuration that can be realised',
    async (action) => {
      const transport = await start(await open());
      expect((await refused(set(transport, { action }))).code).toBe('INVALID_ARGUMENT');
      const config = { ...labConfig, p4_device_config: bytes('00') };
      expect((await refused(set(transport, { action, config }))).code).toBe('INVALID_ARGUMENT');
      expect((await transport.getPipeline({ device_id: 1n })).config).toBeUndefined();
    },
  );

  test('RECONCILE_AND_COMMIT keeps what the switch holds', async () => {
    const bench = await open();
    const transport = await start(bench);
    await set(transport, { action: 'VERIFY_AND_COMMIT', config: labConfig });
    await write(transport, route('forward'), {
      type: 'MODIFY',
      entity: {
        table_entry: {
          table_id: routes,
          is_default_action: true,
          action: { action: { action_id: actionId('punt'), params: [{ param_id: 1, value: bytes('01') }] } },
        },
      },
    });
    await write(transport, {
      type: 'MODIFY',
      entity: {
        counter_entry: { counter_id: idOf('counters', 'ingress.hits'), index: { index: 2n }, data: { packet_count: 8n, byte_count: 80n } },
      },
    });
    await write(transport, {
      type: 'INSERT',
      entity: {
        packet_replication_engine_entry: {
          multicast_group_entry: { multicast_group_id: 3, replicas: [{ port: bytes('04'), instance: 1 }] },
        },
      },
    });
    const before = await state(transport);
    await set(transport, { action: 'RECONCILE_AND_COMMIT', config: resized(9) });
    expect(await state(transport)).toEqual(before);
    expect(await cookie(transport)).toBe(9n);
    expect(await ports(bench)).toEqual([3]);
  });

  test('RECONCILE_AND_COMMIT: INVALID_ARGUMENT when it cannot, and everything stays', async () => {
    const bench = await open();
    const transport = await start(bench);
    await set(transport, { action: 'VERIFY_AND_COMMIT', config: labConfig });
    await write(transport, route('forward'));
    const second = route('drop');
    const entry = second.entity?.table_entry ?? {};
    await write(transport, {
      type: 'INSERT',
      entity: { table_entry: { ...entry, match: [{ field_id: 1, lpm: { value: bytes('0b000000'), prefix_len: 8 } }] } },
    });
    const before = await state(transport);
    const error = await refused(set(transport, { action: 'RECONCILE_AND_COMMIT', config: resized(1) }));
    expect(error.code).toBe('INVALID_ARGUMENT');
    expect(error.message).toContain('is full');
    expect(await state(transport)).toEqual(before);
    expect(await cookie(transport)).toBe(7n);
    expect(await ports(bench)).toEqual([3]);
  });
});
