// Digests: lists, their limits in number and time, and acknowledgements.
import { describe, expect, test } from 'vitest';
import type { DigestConfig, DigestList, Entity } from '../../runtime/p4runtime/messages.js';
import { codeName } from '../../runtime/p4runtime/status.js';
import { ManualClock } from '../../runtime/switch/clock.js';
import { insert, modify, remove, serviceId, servicesConfig } from '../support/service-switch.js';
import { frame } from '../support/services.js';
import { bytes, onBothTransports, plain, primaryStream, read, refused, TestStream, write } from '../support/switches.js';

const id = serviceId('digests', 'learn_t');
const digest = (config?: DigestConfig): Entity => ({ digest_entry: { digest_id: id, ...(config ? { config } : {}) } });
const ms = 1_000_000n;

onBothTransports((open) => {
  async function start(config?: DigestConfig) {
    const clock = new ManualClock();
    const bench = await open({ clock });
    const { transport, stream } = await primaryStream(bench, servicesConfig);
    if (config) await write(transport, insert(digest(config)));
    const report = async (...hosts: number[]) => {
      for (const host of hosts) await bench.core.processPacket(3, frame('known', 1, host));
    };
    /** The hosts of the next list, with its id. */
    const next = async () => hostsOf((await stream.next()).digest);
    /** No list came: the answer to a request comes first. */
    const nothing = async () => {
      stream.send({});
      expect((await stream.next()).error).toBeDefined();
    };
    return { clock, bench, transport, stream, report, next, nothing };
  }
  const hostsOf = (list: DigestList | undefined): { list: bigint | undefined; hosts: number[] } => ({
    list: list?.list_id,
    hosts: (list?.data ?? []).map((d) => Number(`0x${Buffer.from(d.struct?.members?.[0]?.bitstring ?? []).toString('hex')}`) % 0x10000),
  });

  describe('configuration', () => {
    test('nothing is reported until it is asked for, and after it is no longer', async () => {
      const { transport, report, next, nothing } = await start();
      await report(1);
      await nothing();
      await write(transport, insert(digest()));
      await report(2);
      expect((await next()).hosts).toEqual([2]);
      await write(transport, remove(digest()));
      await report(3);
      await nothing();
    });

    test('it is read as it was written, also without an id', async () => {
      const { transport } = await start();
      expect(await read(transport, { digest_entry: {} }, digest())).toEqual([]);
      const config = { max_timeout_ns: 5n, max_list_size: 3, ack_timeout_ns: 7n };
      await write(transport, insert(digest(config)));
      expect(await read(transport, { digest_entry: {} })).toEqual([digest(config)]);
      await write(transport, modify(digest({ max_list_size: 1 })));
      expect(await read(transport, digest())).toEqual([digest({ max_list_size: 1 })]);
      expect((await refused(read(transport, { digest_entry: { digest_id: 5 } }))).errors.map((e) => codeName(e.canonical_code))).toEqual([
        'NOT_FOUND',
      ]);
    });

    test('what is not configured can neither be modified nor deleted', async () => {
      const { transport } = await start();
      const error = await refused(write(transport, modify(digest()), remove(digest())));
      expect(error.errors.map((e) => codeName(e.canonical_code))).toEqual(['NOT_FOUND', 'NOT_FOUND']);
      expect(error.errors[0]?.message).toBe('digest learn_t is not configured');
    });

    test('a new pipeline begins without', async () => {
      const { transport, report, nothing } = await start({ max_timeout_ns: ms });
      await report(1);
      await transport.setPipeline({ device_id: 1n, election_id: { low: 1n }, action: 'VERIFY_AND_COMMIT', config: servicesConfig });
      expect(await read(transport, { digest_entry: {} })).toEqual([]);
      await nothing();
    });
  });

  test('a list has the fields in canonical form, the id of the digest and the time', async () => {
    const { clock, stream, bench } = await start({});
    await clock.advance(5n * ms);
    await bench.core.processPacket(300, frame('known', 1, 0x1234));
    expect(plain((await stream.next()).digest)).toEqual({
      digest_id: id,
      list_id: 1n,
      timestamp: 5n * ms,
      data: [{ struct: { members: [{ bitstring: '020000001234' }, { bitstring: '012c' }, { bitstring: '00' }] } }],
    });
  });

  describe('lists', () => {
    test('are sent when they have the number of messages; a message comes once in each', async () => {
      const { report, next, nothing } = await start({ max_timeout_ns: 1000n * ms, max_list_size: 3 });
      await report(1, 2, 1, 2, 2);
      await nothing();
      await report(3, 1);
      expect(await next()).toEqual({ list: 1n, hosts: [1, 2, 3] });
      await report(4, 5);
      expect(await next()).toEqual({ list: 2n, hosts: [1, 4, 5] });
    });

    test('are sent when their first message has waited', async () => {
      const { clock, report, next, nothing } = await start({ max_timeout_ns: 10n * ms });
      await report(1);
      await clock.advance(6n * ms);
      await report(2);
      await clock.advance(4n * ms - 1n);
      await nothing();
      await clock.advance(1n);
      expect((await next()).hosts).toEqual([1, 2]);
      await report(3);
      await clock.advance(10n * ms);
      expect((await next()).hosts).toEqual([3]);
    });
  });

  test('a configuration that changes holds for what waits', async () => {
    const { clock, transport, report, next, nothing } = await start({ max_timeout_ns: 1000n * ms, max_list_size: 9 });
    await report(1, 2, 3);
    await write(transport, modify(digest({ max_timeout_ns: 1000n * ms, max_list_size: 2 })));
    await clock.advance(0n);
    expect([(await next()).hosts, (await next()).hosts]).toEqual([[1, 2], [3]]);
    await report(4);
    await clock.advance(2n * ms);
    await write(transport, modify(digest({ max_timeout_ns: 5n * ms })));
    await clock.advance(3n * ms - 1n);
    await nothing();
    await clock.advance(1n);
    expect((await next()).hosts).toEqual([4]);
  });

  describe('acknowledgements', () => {
    test('until one comes the same is not reported again, but other messages are', async () => {
      const { stream, report, next, nothing } = await start({ ack_timeout_ns: 1000n * ms });
      await report(1, 1);
      expect(await next()).toEqual({ list: 1n, hosts: [1] });
      await report(1, 2);
      expect(await next()).toEqual({ list: 2n, hosts: [2] });
      await nothing();
      stream.send({ digest_ack: { digest_id: id, list_id: 1n } });
      await nothing();
      await report(2, 1);
      expect(await next()).toEqual({ list: 3n, hosts: [1] });
    });

    test('without one, it is reported again after the timeout', async () => {
      const { clock, report, next, nothing } = await start({ ack_timeout_ns: 10n * ms });
      await report(1);
      await next();
      await clock.advance(10n * ms - 1n);
      await report(1);
      await nothing();
      await clock.advance(1n);
      await report(1);
      expect((await next()).hosts).toEqual([1]);
    });

    test('of unknown lists and digests: the first is ignored, the second told', async () => {
      const { stream, nothing } = await start({});
      stream.send({ digest_ack: { digest_id: id, list_id: 99n } });
      await nothing();
      stream.send({ digest_ack: { digest_id: 77, list_id: 1n } });
      const { error } = await stream.next();
      expect(codeName(error?.canonical_code)).toBe('INVALID_ARGUMENT');
      expect(error?.message).toBe('there is no digest with id 77');
      expect(error?.digest_list_ack?.digest_list_ack).toMatchObject({ digest_id: 77, list_id: 1n });
    });

    test('are the primary’s; a new primary gets what the last one had not acknowledged', async () => {
      const { bench, stream, report, next } = await start({ ack_timeout_ns: 1000n * ms });
      await report(1);
      await next();
      const other = new TestStream(bench.client());
      other.arbitrate(2n);
      await other.next();
      await stream.next();
      stream.send({ digest_ack: { digest_id: id, list_id: 1n } });
      expect(codeName((await stream.next()).error?.canonical_code)).toBe('PERMISSION_DENIED');
      await report(1);
      expect(hostsOf((await other.next()).digest).hosts).toEqual([1]);
    });
  });

  test('without a primary nothing is kept for later', async () => {
    const { bench, stream, report } = await start({ ack_timeout_ns: 1000n * ms });
    stream.close();
    await report(1);
    const next = new TestStream(bench.client());
    next.arbitrate(1n);
    expect((await next.next()).arbitration).toBeDefined();
    await report(1);
    expect(hostsOf((await next.next()).digest).hosts).toEqual([1]);
  });

  test('what is in a packet decides the message', async () => {
    const { bench, stream, transport } = await start({});
    const tags = {
      value_set_id: serviceId('value_sets', 'tags'),
      members: [{ match: [{ field_id: 1, exact: { value: bytes('9100') } }] }],
    };
    await write(transport, modify({ value_set_entry: tags }));
    await bench.core.processPacket(3, frame('known', 1, 1, 7));
    expect(plain((await stream.next()).digest?.data?.[0]?.struct?.members?.[2])).toEqual({ bitstring: '01' });
  });
});
