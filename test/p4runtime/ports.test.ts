/** Ports that go down and come up, as controllers hear of it: in process, over gRPC, and across connections. */
import { connect, createDataPlane, createSwitch, type Stream, type SwitchEvent, serve, simulate } from 'p4ts/runtime';
import { afterEach, expect, test } from 'vitest';
import { decodePortStatus, encodePortStatus } from '../../runtime/p4runtime/port-status.js';
import { lab } from '../support/lab.js';
import { bytes } from '../support/switches.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function served(address = '127.0.0.1:0') {
  const core = createSwitch({ dataPlane: createDataPlane() });
  const server = await serve(core, { address });
  const stop = async (): Promise<void> => {
    await server.close();
    await core.close();
  };
  cleanups.push(stop);
  return { core, address: server.address, stop };
}
/** The next events of ports, as `3 down`. */
async function ports(events: Stream<SwitchEvent>, count: number): Promise<string[]> {
  const found: string[] = [];
  for await (const event of events) {
    if (event.kind === 'port') found.push(`${event.port} ${event.up ? 'up' : 'down'}`);
    if (found.length === count) break;
  }
  return found;
}

test('a simulated switch tells its controller of each change', async () => {
  await using sw = await simulate(lab);
  const events = sw.events();
  await sw.setPort(3, false);
  expect([...sw.portsDown]).toEqual([3]);
  await sw.setPort(3, false);
  await sw.setPort(4, false);
  await sw.setPort(3, true);
  expect(await ports(events, 3)).toEqual(['3 down', '4 down', '3 up']);
  expect([...sw.portsDown]).toEqual([4]);
});

test('over gRPC, a controller that comes later hears what is down, and a backup hears it too', async () => {
  const { core, address } = await served();
  await core.setPort(2, false);
  await core.setPort(500, false);
  const sw = await connect(lab, { address });
  const backup = await connect(lab, { address, ifPrimaryExists: 'stand-by' });
  cleanups.push(
    () => sw.close(),
    () => backup.close(),
  );
  await expect.poll(() => [...sw.portsDown]).toEqual([2, 500]);
  await expect.poll(() => [...backup.portsDown]).toEqual([2, 500]);
  const heard = [sw, backup].map((one) => ports(one.events(), 1));
  await core.setPort(2, true);
  expect(await Promise.all(heard)).toEqual([['2 up'], ['2 up']]);
});

test('a switch that comes back with other ports down: what differs is told', async () => {
  const first = await served();
  await first.core.setPort(1, false);
  await first.core.setPort(2, false);
  const sw = await connect(lab, { address: first.address, reconnect: true });
  cleanups.push(() => sw.close());
  await expect.poll(() => sw.portsDown.size).toBe(2);
  const events = sw.events();
  await first.stop();
  const second = createSwitch({ dataPlane: createDataPlane() });
  await second.setPort(2, false);
  await second.setPort(3, false);
  const server = await serve(second, { address: first.address });
  cleanups.push(
    () => second.close(),
    () => server.close(),
  );
  expect((await ports(events, 2)).sort()).toEqual(['1 up', '3 down']);
  expect([...sw.portsDown]).toEqual([2, 3]);
});

test('a switch that comes back with all ports up says nothing of them, and they are up', async () => {
  const first = await served();
  await first.core.setPort(1, false);
  const sw = await connect(lab, { address: first.address, reconnect: true });
  cleanups.push(() => sw.close());
  await expect.poll(() => sw.portsDown.size).toBe(1);
  const events = sw.events();
  await first.stop();
  await served(first.address);
  expect(await ports(events, 1)).toEqual(['1 up']);
  expect(sw.portsDown.size).toBe(0);
});

// The bytes are those of protoc for `down: [1, 300, 4294967295]`, and for the message without a field.
test.each([
  [[1, 300, 0xffff_ffff], '0a0801ac02ffffffff0f'],
  [[], ''],
])('the message of the ports %j', (down, hex) => {
  const message = encodePortStatus(down);
  expect(message.value).toEqual(bytes(hex));
  expect(decodePortStatus(message)).toEqual(down);
});

test('messages of others are left alone', () => {
  expect(decodePortStatus({ type_url: 'type.googleapis.com/other.Message', value: bytes('0a0101') })).toBeUndefined();
  expect(decodePortStatus({ type_url: 'type.googleapis.com/p4ts.PortStatus', value: bytes('1001') })).toBeUndefined();
});
