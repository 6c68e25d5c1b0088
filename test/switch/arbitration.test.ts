// The cases of the specification, "Rules for Handling MasterArbitrationUpdate Messages Received from Controllers".
import { describe, expect, test } from 'vitest';
import { createDataPlane } from '../../runtime/interpreter/index.js';
import { codeName } from '../../runtime/p4runtime/status.js';
import { createSwitch } from '../../runtime/switch/core.js';
import { type Bench, labConfig, onBothTransports, refused, TestStream, uint128 } from '../support/switches.js';

const join = async (bench: Bench, id: bigint | undefined): Promise<TestStream> => {
  const stream = new TestStream(bench.client());
  stream.arbitrate(id);
  return stream;
};
const told = async (stream: TestStream): Promise<{ status: string; highest: bigint | undefined }> => {
  const { arbitration } = await stream.next();
  const id = arbitration?.election_id;
  return {
    status: codeName(arbitration?.status?.code),
    highest: id && ((id.high ?? 0n) << 64n) | (id.low ?? 0n),
  };
};

test.each([0n, -1n, 2n ** 64n])('no switch is device %s', (deviceId) => {
  expect(() => createSwitch({ deviceId, dataPlane: createDataPlane() })).toThrow(
    `Expected a device id from 1 to 18446744073709551615, got ${deviceId}.`,
  );
});

const writeAs = (bench: Bench, id: bigint | undefined) =>
  bench.client().setPipeline({
    device_id: 1n,
    action: 'VERIFY',
    config: labConfig,
    ...(id === undefined ? {} : { election_id: uint128(id) }),
  });

onBothTransports((open) => {
  test('the first controller with an election id is the primary', async () => {
    const bench = await open();
    expect(await told(await join(bench, 5n))).toEqual({ status: 'OK', highest: 5n });
    await writeAs(bench, 5n);
  });

  test('a higher id takes over; the old primary is told and may not write', async () => {
    const bench = await open();
    const first = await join(bench, 5n);
    expect(await told(first)).toEqual({ status: 'OK', highest: 5n });
    const second = await join(bench, 6n);
    expect(await told(second)).toEqual({ status: 'OK', highest: 6n });
    expect(await told(first)).toEqual({ status: 'ALREADY_EXISTS', highest: 6n });
    expect((await refused(writeAs(bench, 5n))).code).toBe('PERMISSION_DENIED');
    await writeAs(bench, 6n);
  });

  test('a lower id is a backup, and only it is told', async () => {
    const bench = await open();
    const first = await join(bench, 5n);
    await told(first);
    expect(await told(await join(bench, 4n))).toEqual({ status: 'ALREADY_EXISTS', highest: 5n });
    expect(first.messages).toEqual([]);
    expect((await refused(writeAs(bench, 4n))).message).toContain('election id 4 is not the primary');
  });

  test('ids have 128 bits', async () => {
    const bench = await open();
    const low = await join(bench, (1n << 64n) - 1n);
    await told(low);
    const high = await join(bench, 1n << 64n);
    expect(await told(high)).toEqual({ status: 'OK', highest: 1n << 64n });
    expect(await told(low)).toEqual({ status: 'ALREADY_EXISTS', highest: 1n << 64n });
  });

  test('when the primary leaves, nobody is, until someone asks with an id that is high enough', async () => {
    const bench = await open();
    const first = await join(bench, 5n);
    await told(first);
    const backup = await join(bench, 4n);
    await told(backup);
    first.close();
    expect(await told(backup)).toEqual({ status: 'NOT_FOUND', highest: 5n });
    expect((await refused(writeAs(bench, 4n))).code).toBe('PERMISSION_DENIED');
    expect((await refused(writeAs(bench, 5n))).code).toBe('PERMISSION_DENIED');
    backup.arbitrate(4n);
    expect(await told(backup)).toEqual({ status: 'NOT_FOUND', highest: 5n });
    backup.arbitrate(5n);
    expect(await told(backup)).toEqual({ status: 'OK', highest: 5n });
    await writeAs(bench, 5n);
  });

  test('a primary that lowers its id becomes a backup, and everyone is told', async () => {
    const bench = await open();
    const first = await join(bench, 5n);
    await told(first);
    const other = await join(bench, 3n);
    await told(other);
    first.arbitrate(2n);
    expect(await told(other)).toEqual({ status: 'NOT_FOUND', highest: 5n });
    expect(await told(first)).toEqual({ status: 'NOT_FOUND', highest: 5n });
  });

  test('a backup that raises its id takes over', async () => {
    const bench = await open();
    const first = await join(bench, 5n);
    await told(first);
    const other = await join(bench, 3n);
    await told(other);
    other.arbitrate(9n);
    expect(await told(first)).toEqual({ status: 'ALREADY_EXISTS', highest: 9n });
    expect(await told(other)).toEqual({ status: 'OK', highest: 9n });
  });

  test('the primary may repeat itself', async () => {
    const bench = await open();
    const first = await join(bench, 5n);
    await told(first);
    first.arbitrate(5n);
    expect(await told(first)).toEqual({ status: 'OK', highest: 5n });
  });

  test('without an id a controller is never the primary; id 0 is an id', async () => {
    const bench = await open();
    const none = await join(bench, undefined);
    expect(await told(none)).toEqual({ status: 'NOT_FOUND', highest: undefined });
    expect((await refused(writeAs(bench, undefined))).message).toContain('no election id');
    const zero = await join(bench, 0n);
    expect(await told(zero)).toEqual({ status: 'OK', highest: 0n });
    expect(await told(none)).toEqual({ status: 'ALREADY_EXISTS', highest: 0n });
    await writeAs(bench, 0n);
    expect((await refused(writeAs(bench, undefined))).code).toBe('PERMISSION_DENIED');
  });

  describe('streams that are ended', () => {
    test('an id that a live controller has: INVALID_ARGUMENT', async () => {
      const bench = await open();
      const first = await join(bench, 5n);
      await told(first);
      const { error } = await (await join(bench, 5n)).end();
      expect(error?.code).toBe('INVALID_ARGUMENT');
      expect(error?.message).toContain('election id 5 is already used by another controller');
      await writeAs(bench, 5n);
      const other = await join(bench, 4n);
      await told(other);
      other.arbitrate(5n);
      expect((await other.end()).error?.code).toBe('INVALID_ARGUMENT');
    });

    test('the id of a controller that left may be used again', async () => {
      const bench = await open();
      const first = await join(bench, 5n);
      await told(first);
      const watcher = await join(bench, undefined);
      await told(watcher);
      first.close();
      await told(watcher);
      expect(await told(await join(bench, 5n))).toEqual({ status: 'OK', highest: 5n });
    });

    test('an unknown device: NOT_FOUND; another device later: FAILED_PRECONDITION', async () => {
      const bench = await open();
      const wrong = new TestStream(bench.client());
      wrong.arbitrate(1n, 9n);
      expect((await wrong.end()).error?.code).toBe('NOT_FOUND');
      const stream = await join(bench, 1n);
      await told(stream);
      stream.arbitrate(1n, 9n);
      expect((await stream.end()).error?.code).toBe('FAILED_PRECONDITION');
    });

    test('another role later: FAILED_PRECONDITION', async () => {
      const bench = await open();
      const stream = await join(bench, 1n);
      await told(stream);
      stream.send({ arbitration: { device_id: 1n, role: { name: 'acl' }, election_id: uint128(1n) } });
      expect((await stream.end()).error?.code).toBe('FAILED_PRECONDITION');
    });

    test('of streams without arbitration the oldest ends when there are too many: RESOURCE_EXHAUSTED', async () => {
      const { client } = await open();
      const transport = client();
      const primary = new TestStream(transport);
      primary.arbitrate(1n);
      await told(primary);
      const idle: TestStream[] = [];
      // Each is there when its controller hears that it sent nothing.
      for (let i = 0; i < 64; i++) {
        const stream = new TestStream(transport);
        idle.push(stream);
        stream.send({});
        await stream.next();
      }
      expect(idle.filter(({ ended }) => ended)).toEqual([]);
      const late = new TestStream(transport);
      late.arbitrate(2n);
      expect((await idle[0]?.end())?.error?.code).toBe('RESOURCE_EXHAUSTED');
      expect(await told(late)).toEqual({ status: 'OK', highest: 2n });
      expect(idle.slice(1).filter(({ ended }) => ended)).toEqual([]);
      expect(primary.ended).toBeUndefined();
    });

    test('more controllers than the switch takes: RESOURCE_EXHAUSTED', async () => {
      const bench = await open();
      for (let id = 1n; id <= 64n; id++) await told(await join(bench, 100n - id));
      expect((await (await join(bench, 1n)).end()).error?.code).toBe('RESOURCE_EXHAUSTED');
    });
  });
});
