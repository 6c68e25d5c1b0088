/** What the packet replication engine of a PSA device takes: ports of 32 bits, classes of service (P4Runtime, "CloneSessionEntry"). */
import { beforeEach, expect, test } from 'vitest';
import { toJson } from '../../compiler/ir/json.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import type { Entity } from '../../runtime/p4runtime/messages.js';
import type { Transport } from '../../runtime/p4runtime/transport.js';
import { note, psaProgram, toPort } from '../support/psa-lab.js';
import { type Bench, bytes, onBothTransports, plain, primaryStream, read, refused, write } from '../support/switches.js';

const program = await psaProgram({
  ingress: `ostd.clone = true; ostd.clone_session_id = (CloneSessionId_t) 5; ${toPort(0x1_0000)}`,
  egress: note('(ClassOfServiceUint_t) istd.class_of_service ++ (PortIdUint_t) istd.egress_port'),
});
const config = { p4info: buildP4Info(program), p4_device_config: Buffer.from(toJson(program)) };

const session = (more: object): Entity => ({
  packet_replication_engine_entry: {
    clone_session_entry: { session_id: 5, replicas: [{ port: bytes('fffffff0'), instance: 1 }], ...more },
  },
});
const group = (multicast_group_id: number, port: string): Entity => ({
  packet_replication_engine_entry: { multicast_group_entry: { multicast_group_id, replicas: [{ port: bytes(port), instance: 1 }] } },
});

onBothTransports((open) => {
  let bench: Bench;
  let transport: Transport;
  beforeEach(async () => {
    bench = await open();
    ({ transport } = await primaryStream(bench, config));
  });

  test('copies of a session have its class of service, and leave through ports of 32 bits', async () => {
    await write(transport, { type: 'INSERT', entity: session({ class_of_service: 7 }) });
    const { outputs } = await bench.core.processPacket(1, bytes('aabb'));
    expect(outputs.map((o) => `${o.port.toString(16)}:${Buffer.from(o.bytes).toString('hex')}`)).toEqual([
      'fffffff0:00000007fffffff0aabb',
      '10000:0000000000010000aabb',
    ]);
    const [found] = await read(transport, session({}));
    expect(plain(found)).toMatchObject({
      packet_replication_engine_entry: {
        clone_session_entry: { session_id: 5, class_of_service: 7, replicas: [{ port: 'fffffff0', instance: 1 }] },
      },
    });
    await write(transport, { type: 'MODIFY', entity: session({}) });
    expect((await bench.core.processPacket(1, bytes('aabb'))).outputs[0]?.bytes.subarray(0, 4)).toEqual(bytes('00000000'));
  });

  test('groups have ids of 32 bits', async () => {
    await write(transport, { type: 'INSERT', entity: group(0xffff_ffff, '02') });
    expect(plain(await read(transport, group(0xffff_ffff, '02')))).toMatchObject([
      { packet_replication_engine_entry: { multicast_group_entry: { multicast_group_id: 0xffff_ffff } } },
    ]);
  });

  test.each([
    ['a class of service of more than 8 bits', session({ class_of_service: 256 }), 'there is no class of service 256, only 0 to 255'],
    ['a port of more than 32 bits', group(1, '0100000000'), '0x0100000000 is not a port of the switch, which has 0 to 4294967295'],
    [
      'session 0, which is the one to the controller',
      { packet_replication_engine_entry: { clone_session_entry: { session_id: 0, replicas: [{ port: bytes('01') }] } } },
      'the id is not between 1 and 32767',
    ],
  ])('refused: %s', async (_name, entity, message) => {
    const error = await refused(write(transport, { type: 'INSERT', entity }));
    expect(error.message).toContain(message);
  });
});
