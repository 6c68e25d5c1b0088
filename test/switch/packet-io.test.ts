import { beforeEach, expect, test } from 'vitest';
import type { OutputPacket } from '../../runtime/data-plane/messages.js';
import type { PacketOut } from '../../runtime/p4runtime/messages.js';
import { codeName } from '../../runtime/p4runtime/status.js';
import type { Transport } from '../../runtime/p4runtime/transport.js';
import {
  actionId,
  type Bench,
  bytes,
  labConfig,
  onBothTransports,
  plain,
  TestStream,
  tableId,
  uint128,
  write,
} from '../support/switches.js';

const ethernet = '0200000000020200000000010800';
const packet = bytes(`${ethernet}40060a0000010a0000020badc0de`);

onBothTransports((open) => {
  let bench: Bench;
  let transport: Transport;
  let stream: TestStream;
  beforeEach(async () => {
    bench = await open();
    transport = bench.client();
    stream = new TestStream(transport);
    stream.arbitrate(1n);
    await stream.next();
    await transport.setPipeline({ device_id: 1n, election_id: uint128(1n), action: 'VERIFY_AND_COMMIT', config: labConfig });
  });
  const punt = (reason: string) =>
    write(transport, {
      type: 'MODIFY',
      entity: {
        table_entry: {
          table_id: tableId('routes'),
          is_default_action: true,
          action: { action: { action_id: actionId('punt'), params: [{ param_id: 1, value: bytes(reason) }] } },
        },
      },
    });
  const outputs = (): Promise<OutputPacket> =>
    new Promise((resolve) => {
      bench.core.onOutput(resolve);
    });

  test('a packet to the controller: metadata in canonical form, and the packet as it is', async () => {
    await punt('05');
    const result = await bench.core.processPacket(257, packet);
    expect(result.outputs).toEqual([]);
    expect(plain((await stream.next()).packet)).toEqual({
      payload: Buffer.from(packet).toString('hex'),
      metadata: expect.arrayContaining([
        { metadata_id: 1, value: '0101' },
        { metadata_id: 2, value: '05' },
      ]),
    });
  });

  test('only the primary gets packets', async () => {
    const backup = new TestStream(bench.client());
    backup.arbitrate(0n);
    await backup.next();
    await punt('01');
    await bench.core.processPacket(1, packet);
    expect((await stream.next()).packet).toBeDefined();
    stream.close();
    expect((await backup.next()).arbitration?.status?.code).toBe(5);
    await bench.core.processPacket(1, packet);
    backup.arbitrate(7n);
    expect((await backup.next()).arbitration).toBeDefined();
    await bench.core.processPacket(1, packet);
    expect((await backup.next()).packet).toBeDefined();
    expect(backup.messages).toEqual([]);
  });

  test('a packet from the controller leaves as it was given', async () => {
    const left = outputs();
    stream.send({ packet: { payload: packet, metadata: metadata('03', '01') } });
    expect(plain(await left)).toEqual({ port: 3, bytes: Buffer.from(packet).toString('hex') });
  });

  const refusedPackets: [string, PacketOut, string][] = [
    [
      'an unknown field',
      { metadata: [...metadata('03', '01'), { metadata_id: 9, value: bytes('01') }] },
      'packet_out: there is no field with id 9',
    ],
    [
      'a field twice',
      { metadata: [...metadata('03', '01'), { metadata_id: 1, value: bytes('01') }] },
      'packet_out, field egressPort is given twice',
    ],
    ['a missing field', { metadata: metadata('03', '01').slice(0, 1) }, 'packet_out, field mode is missing'],
    ['an overwide value', { metadata: metadata('0200', '01') }, 'packet_out, field egressPort: 0x0200 does not fit bit<9>'],
    ['an empty value', { metadata: metadata('03', '') }, 'packet_out, field mode: the value is empty'],
  ];
  test.each(refusedPackets)('%s is told on the stream, with the packet', async (_name, out, message) => {
    const left: OutputPacket[] = [];
    bench.core.onOutput((o) => left.push(o));
    stream.send({ packet: { payload: packet, ...out } });
    const { error } = await stream.next();
    expect(codeName(error?.canonical_code)).toBe('INVALID_ARGUMENT');
    expect(error?.message).toContain(message);
    expect(plain(error?.packet_out?.packet_out?.payload)).toBe(Buffer.from(packet).toString('hex'));
    expect(left).toEqual([]);
    expect(stream.ended).toBeUndefined();
  });

  test('a packet of a backup: PERMISSION_DENIED', async () => {
    const backup = new TestStream(bench.client());
    backup.arbitrate(0n);
    await backup.next();
    backup.send({ packet: { payload: packet, metadata: metadata('03', '01') } });
    expect(codeName((await backup.next()).error?.canonical_code)).toBe('PERMISSION_DENIED');
    const stranger = new TestStream(bench.client());
    stranger.send({ packet: { payload: packet, metadata: metadata('03', '01') } });
    expect(codeName((await stranger.next()).error?.canonical_code)).toBe('PERMISSION_DENIED');
  });

  test('other messages of the stream', async () => {
    stream.send({ digest_ack: { digest_id: 1 } });
    const ack = (await stream.next()).error;
    expect(codeName(ack?.canonical_code)).toBe('INVALID_ARGUMENT');
    expect(ack?.digest_list_ack).toBeDefined();
    stream.send({});
    const empty = (await stream.next()).error;
    expect(codeName(empty?.canonical_code)).toBe('INVALID_ARGUMENT');
    expect(empty?.other).toBeDefined();
  });
});

function metadata(port: string, mode: string) {
  return [
    { metadata_id: 1, value: bytes(port) },
    { metadata_id: 2, value: bytes(mode) },
  ];
}
