// Idle timeouts: who is told of which entries, and when.
import { expect, test } from 'vitest';
import type { TableEntry } from '../../runtime/p4runtime/messages.js';
import { codeName } from '../../runtime/p4runtime/status.js';
import { ManualClock } from '../../runtime/switch/clock.js';
import { drop, exactEntry, host, insert, modify, remove, send, serviceId, servicesConfig } from '../support/service-switch.js';
import { frame } from '../support/services.js';
import { bytes, onBothTransports, plain, primaryStream, read, refused, write } from '../support/switches.js';

const second = 1_000_000_000n;
const known = (number: number, more: TableEntry = {}) => ({
  table_entry: exactEntry('known', host(number), { action: { action: send(number) }, ...more }),
});

onBothTransports((open) => {
  async function start() {
    const clock = new ManualClock();
    const bench = await open({ clock });
    const { transport, stream } = await primaryStream(bench, servicesConfig);
    const hit = (number: number) => bench.core.processPacket(1, frame('known', 0, number));
    const next = async () => {
      const notification = (await stream.next()).idle_timeout_notification;
      return { at: notification?.timestamp, entries: notification?.table_entry?.map(plain) };
    };
    const nothing = async () => {
      stream.send({});
      expect((await stream.next()).error).toBeDefined();
    };
    return { clock, bench, transport, stream, hit, next, nothing };
  }
  const key = (number: number, idle_timeout_ns: bigint) => plain({ ...exactEntry('known', host(number)), idle_timeout_ns });

  test('an entry without a hit is told after its timeout, and again after another one', async () => {
    const { clock, transport, next, nothing } = await start();
    await write(transport, insert(known(1, { idle_timeout_ns: 2n * second })), insert(known(2)));
    await clock.advance(2n * second - 1n);
    await nothing();
    await clock.advance(1n);
    expect(await next()).toEqual({ at: 2n * second, entries: [key(1, 2n * second)] });
    await clock.advance(2n * second);
    expect(await next()).toEqual({ at: 4n * second, entries: [key(1, 2n * second)] });
    await nothing();
    expect(await read(transport, { table_entry: { table_id: serviceId('tables', 'known') } })).toHaveLength(2);
  });

  test('a hit begins the time anew', async () => {
    const { clock, transport, hit, next, nothing } = await start();
    await write(transport, insert(known(1, { idle_timeout_ns: second })));
    await clock.advance(second / 2n);
    await hit(1);
    await clock.advance(second - 1n);
    await nothing();
    await clock.advance(1n);
    expect((await next()).at).toBe((3n * second) / 2n);
    await clock.advance(second / 2n);
    await hit(1);
    await clock.advance(second / 2n);
    await nothing();
    await clock.advance(second / 2n);
    expect((await next()).at).toBe(3n * second);
  });

  test('several entries of a table come together, with what the controller keeps with them', async () => {
    const { clock, transport, next } = await start();
    const cookies = { controller_metadata: 5n, metadata: bytes('abcd') };
    await write(transport, insert(known(1, { idle_timeout_ns: second, ...cookies })), insert(known(2, { idle_timeout_ns: second })));
    await clock.advance(second);
    expect((await next()).entries).toEqual([{ ...(key(1, second) as object), ...(plain(cookies) as object) }, key(2, second)]);
  });

  test('modifying an entry sets its timeout anew, or takes it away; a deleted entry is not told', async () => {
    const { clock, transport, next, nothing } = await start();
    await write(transport, ...[1, 2, 3].map((n) => insert(known(n, { idle_timeout_ns: second }))));
    await clock.advance(second / 2n);
    await write(transport, modify(known(1, { idle_timeout_ns: 2n * second })), modify(known(2)), remove(known(3)));
    await clock.advance(2n * second - 1n);
    await nothing();
    await clock.advance(1n);
    expect((await next()).entries).toEqual([key(1, 2n * second)]);
    await write(transport, remove(known(1)), insert(known(3, { idle_timeout_ns: second })));
    await clock.advance(second);
    expect((await next()).entries).toEqual([key(3, second)]);
    await nothing();
  });

  test('times too short to watch are told as often as the switch looks', async () => {
    const { clock, transport, next } = await start();
    await write(transport, insert(known(1, { idle_timeout_ns: 1n })));
    await clock.advance(20_000_000n);
    expect((await next()).at).toBe(10_000_000n);
    expect((await next()).at).toBe(20_000_000n);
  });

  test('a new pipeline knows nothing of the old entries', async () => {
    const { clock, transport, nothing } = await start();
    await write(transport, insert(known(1, { idle_timeout_ns: second })));
    await transport.setPipeline({ device_id: 1n, election_id: { low: 1n }, action: 'VERIFY_AND_COMMIT', config: servicesConfig });
    await clock.advance(2n * second);
    await nothing();
  });

  test('entries are read with their timeout, and with the time since the last hit where it is asked for', async () => {
    const { clock, transport, hit } = await start();
    await write(transport, insert(known(1, { idle_timeout_ns: 60n * second })), insert(known(2)));
    await clock.advance(3n * second);
    await hit(2);
    await clock.advance(second);
    const table_id = serviceId('tables', 'known');
    const found = await read(transport, { table_entry: { table_id, time_since_last_hit: {} } });
    expect(found.map((e) => [e.table_entry?.idle_timeout_ns, e.table_entry?.time_since_last_hit])).toEqual([
      [60n * second, { elapsed_ns: 4n * second }],
      [undefined, { elapsed_ns: second }],
    ]);
    const plainRead = await read(transport, { table_entry: { table_id } });
    expect(plainRead.map((e) => e.table_entry?.time_since_last_hit)).toEqual([undefined, undefined]);
    // In a read of all tables it is there where the table has it.
    const all = await read(transport, { table_entry: { time_since_last_hit: {} } });
    expect(all.filter((e) => e.table_entry?.time_since_last_hit)).toHaveLength(2);
  });

  test('asking a table without idle timeouts for that time is refused', async () => {
    const { transport } = await start();
    const asked = { time_since_last_hit: {} };
    const table_id = serviceId('tables', 'limits');
    const one = await refused(read(transport, { table_entry: { table_id, ...asked } }));
    expect(one.errors.map((e) => [codeName(e.canonical_code), e.message])).toEqual([
      ['INVALID_ARGUMENT', 'table ingress.limits has no idle timeout'],
    ]);
    const known = serviceId('tables', 'known');
    const two = await refused(read(transport, { table_entry: { table_id: known, is_default_action: true, ...asked } }));
    expect(two.errors.map((e) => codeName(e.canonical_code))).toEqual(['INVALID_ARGUMENT']);
    const wrong = [
      { table_id, idle_timeout_ns: 1n },
      { table_id: known, is_default_action: true, idle_timeout_ns: 1n },
      { is_default_action: true, ...asked },
    ];
    const more = await refused(read(transport, ...wrong.map((table_entry) => ({ table_entry }))));
    expect(more.errors.map((e) => codeName(e.canonical_code))).toEqual(wrong.map(() => 'INVALID_ARGUMENT'));
  });

  test('the default action may be written beside them', async () => {
    const { transport } = await start();
    const entry = { table_id: serviceId('tables', 'known'), is_default_action: true, action: { action: drop } };
    await write(transport, modify({ table_entry: entry }));
    expect(plain(await read(transport, { table_entry: { table_id: entry.table_id, is_default_action: true } }))).toEqual([
      plain({ table_entry: entry }),
    ]);
  });
});
