// Registers, meters, clone sessions, value sets and declared entries: read as they were written, and what packets make of them.
import { describe, expect, test } from 'vitest';
import type { Entity, MeterConfig } from '../../runtime/p4runtime/messages.js';
import { codeName } from '../../runtime/p4runtime/status.js';
import { ManualClock } from '../../runtime/switch/clock.js';
import { drop, exactEntry, grade, host, insert, modify, remove, send, serviceId, servicesConfig } from '../support/service-switch.js';
import { frame, type section } from '../support/services.js';
import { bytes, onBothTransports, plain, primaryStream, read, refused, write } from '../support/switches.js';

const second = 1_000_000_000n;
const at = (index: number) => ({ index: { index: BigInt(index) } });

onBothTransports((open) => {
  async function start() {
    const clock = new ManualClock();
    const bench = await open({ clock });
    const { transport } = await primaryStream(bench, servicesConfig);
    const ports = async (...[to, kind, sender, tag]: Parameters<typeof frame>) =>
      (await bench.core.processPacket(1, frame(to, kind, sender, tag))).outputs.map((o) => o.port);
    return { clock, bench, transport, ports };
  }
  const codes = async (request: Promise<unknown>) => (await refused(request)).errors.map((e) => codeName(e.canonical_code));

  describe('registers', () => {
    const totals = serviceId('registers', 'totals');
    const flows = serviceId('registers', 'flows');
    const values = async (transport: Parameters<typeof read>[0], entry: Entity['register_entry']) =>
      (await read(transport, { register_entry: entry ?? {} })).map((e) => plain(e.register_entry?.data?.bitstring));

    test('one cell and all cells', async () => {
      const { transport, ports } = await start();
      await write(transport, modify({ register_entry: { register_id: totals, data: { bitstring: bytes('05') } } }));
      await write(transport, modify({ register_entry: { register_id: totals, ...at(1), data: { bitstring: bytes('00ffffffffff') } } }));
      expect(await values(transport, { register_id: totals })).toEqual(['05', 'ffffffffff', '05', '05']);
      await ports('known', 0);
      expect(await values(transport, { register_id: totals, ...at(1) })).toEqual(['00']);
      expect(await values(transport, {})).toHaveLength(4 + 8);
    });

    test('the fields of a cell are together, the first in front', async () => {
      const { transport, ports } = await start();
      await ports('known', 2, 0x1234);
      await ports('known', 2, 0x4321);
      expect(await values(transport, { register_id: flows, ...at(2) })).toEqual(['020200000043210000']);
    });

    test('reads of cells that are not there', async () => {
      const { transport } = await start();
      const reads = [{ register_id: 1 }, { register_id: totals, index: { index: -1n } }, { register_id: totals, ...at(4) }];
      expect(await codes(read(transport, ...reads.map((register_entry) => ({ register_entry }))))).toEqual([
        'NOT_FOUND',
        'INVALID_ARGUMENT',
        'OUT_OF_RANGE',
      ]);
    });
  });

  describe('meters', () => {
    const police = serviceId('meters', 'police');
    /** One packet a second is green, two are yellow; with bursts of one and two. */
    const rates: MeterConfig = { cir: 1n, cburst: 1n, pir: 2n, pburst: 2n };

    test('colour packets by rate and burst, and are green without rates', async () => {
      const { clock, transport, ports } = await start();
      const colours = async (count: number) => {
        const seen: number[] = [];
        for (let i = 0; i < count; i++) seen.push(...(await ports('police', 2)));
        return seen;
      };
      expect(await colours(3)).toEqual([1, 1, 1]);
      await write(transport, modify({ meter_entry: { meter_id: police, ...at(2), config: rates } }));
      await clock.advance(10n * second);
      expect(await colours(4)).toEqual([1, 2, 3, 3]);
      await clock.advance(second);
      expect(await colours(3)).toEqual([1, 2, 3]);
      expect(await ports('police', 1)).toEqual([1]);
      await write(transport, modify({ meter_entry: { meter_id: police } }));
      expect(await colours(3)).toEqual([1, 1, 1]);
    });

    test('are read as they were written', async () => {
      const { transport } = await start();
      await write(transport, modify({ meter_entry: { meter_id: police, ...at(3), config: rates } }));
      const all = (await read(transport, { meter_entry: {} })).map((e) => e.meter_entry);
      expect(all.map((e) => plain(e?.config))).toEqual([undefined, undefined, undefined, rates]);
      await write(transport, modify({ meter_entry: { meter_id: police, config: { ...rates, cir: 0n } } }));
      await write(transport, modify({ meter_entry: { meter_id: police, ...at(0) } }));
      const configs = (await read(transport, { meter_entry: { meter_id: police } })).map(
        (e) => plain(e.meter_entry?.config) as MeterConfig,
      );
      expect(configs.map((c) => c && (c.cir ?? 0n))).toEqual([undefined, 0n, 0n, 0n]);
      expect(await read(transport, { meter_entry: { meter_id: police, ...at(0) } })).toHaveLength(1);
      const refusedReads = [{ meter_id: police, ...at(4) }, { meter_id: 3 }];
      expect(await codes(read(transport, ...refusedReads.map((meter_entry) => ({ meter_entry }))))).toEqual(['OUT_OF_RANGE', 'NOT_FOUND']);
    });

    const table_id = serviceId('tables', 'limits');
    const entry = (more: object = {}): Entity => ({
      table_entry: exactEntry('limits', host(1), { action: { action: grade(9) }, ...more }),
    });
    const configOf = async (transport: Parameters<typeof read>[0]) => {
      const [direct] = await read(transport, { direct_meter_entry: { table_entry: exactEntry('limits', host(1)) } });
      const [inEntry] = await read(transport, { table_entry: { table_id, meter_config: {} } });
      expect(plain(inEntry?.table_entry?.meter_config)).toEqual(plain(direct?.direct_meter_entry?.config));
      return plain(direct?.direct_meter_entry?.config);
    };

    test('of entries: written with them or by themselves', async () => {
      const { transport } = await start();
      await write(transport, insert(entry()));
      expect(await configOf(transport)).toBeUndefined();
      const key = exactEntry('limits', host(1));
      await write(transport, modify({ direct_meter_entry: { table_entry: key, config: rates } }));
      expect(await configOf(transport)).toEqual(rates);
      await write(transport, modify({ direct_meter_entry: { table_entry: key } }));
      expect(await configOf(transport)).toBeUndefined();
      await write(transport, modify(entry({ meter_config: rates })));
      expect(await configOf(transport)).toEqual(rates);
      // "If unset: the meter entry's configuration is reset to the default."
      await write(transport, modify(entry()));
      expect(await configOf(transport)).toBeUndefined();
      await write(transport, remove(entry()), insert(entry({ meter_config: rates })));
      expect(await configOf(transport)).toEqual(rates);
      expect((await read(transport, { table_entry: { table_id } }))[0]?.table_entry?.meter_config).toBeUndefined();
      expect(await read(transport, { direct_meter_entry: {} })).toHaveLength(1);
    });

    test('of entries: what they do', async () => {
      const { clock, transport, ports } = await start();
      await write(transport, insert(entry({ meter_config: rates })));
      await clock.advance(10n * second);
      const sent = async () => [...(await ports('limits', 0)), ...(await ports('limits', 0)), ...(await ports('limits', 0))];
      expect(await sent()).toEqual([9, 9]);
      await write(transport, modify(entry()));
      expect(await sent()).toEqual([9, 9, 9]);
    });

    test('of entries: reads that are refused', async () => {
      const { transport } = await start();
      const reads = [{ table_entry: exactEntry('limits', host(9)) }, { table_entry: { table_id: serviceId('tables', 'known') } }];
      expect(await codes(read(transport, ...reads.map((direct_meter_entry) => ({ direct_meter_entry }))))).toEqual([
        'NOT_FOUND',
        'INVALID_ARGUMENT',
      ]);
    });
  });

  test('clone sessions', async () => {
    const { bench, transport } = await start();
    const session = (clone_session_entry: object): Entity => ({ packet_replication_engine_entry: { clone_session_entry } });
    const first = {
      session_id: 5,
      replicas: [
        { port: bytes('04'), instance: 1 },
        { egress_port: 6, instance: 0 },
      ],
      packet_length_bytes: 9,
    };
    const second = { session_id: 6, replicas: [{ port: bytes('02'), instance: 0 }] };
    await write(transport, insert(session(first)), insert(session(second)));
    expect(plain(await read(transport, session({})))).toEqual(plain([session(first), session(second)]));
    expect(plain(await read(transport, session({ session_id: 6, replicas: [{ port: bytes('01') }] })))).toEqual(plain([session(second)]));
    const mirror = { action_id: serviceId('actions', 'mirror'), params: [{ param_id: 1, value: bytes('05') }] };
    await write(transport, insert({ table_entry: exactEntry('initial', '01', { action: { action: mirror } }) }));
    const outputs = async () => (await bench.core.processPacket(1, frame('initial', 1))).outputs.map((o) => [o.port, o.bytes.length]);
    expect(await outputs()).toEqual([
      [4, 9],
      [6, 9],
    ]);
    await write(transport, modify(session({ session_id: 5, replicas: [{ port: bytes('07') }] })));
    expect(await outputs()).toEqual([[7, 14]]);
    await write(transport, remove(session({ session_id: 5 })));
    expect(await outputs()).toEqual([]);
    expect(await read(transport, session({ session_id: 5 }))).toEqual([]);
  });

  test('value sets', async () => {
    const { transport, bench } = await start();
    const id = serviceId('value_sets', 'tags');
    const set = (...values: string[]): Entity => ({
      value_set_entry: { value_set_id: id, members: values.map((v) => ({ match: [{ field_id: 1, exact: { value: bytes(v) } }] })) },
    });
    const tag = async (): Promise<string> => {
      await bench.core.processPacket(1, frame('known', 3, 1, 0xabcd));
      const register_entry = { register_id: serviceId('registers', 'flows'), ...at(3) };
      const [found] = await read(transport, { register_entry });
      return Buffer.from(found?.register_entry?.data?.bitstring ?? [])
        .toString('hex')
        .slice(-4);
    };
    const [empty] = await read(transport, { value_set_entry: {} });
    expect([empty?.value_set_entry?.value_set_id, empty?.value_set_entry?.members ?? []]).toEqual([id, []]);
    expect(await tag()).toBe('0000');
    await write(transport, modify(set('9100', '1234')));
    expect(plain(await read(transport, { value_set_entry: { value_set_id: id } }))).toEqual(plain([set('9100', '1234')]));
    expect(await tag()).toBe('abcd');
    await write(transport, modify(set('1234')));
    expect(await tag()).toBe('0000');
    await write(transport, modify(set()));
    expect(await codes(read(transport, { value_set_entry: { value_set_id: 5 } }))).toEqual(['NOT_FOUND']);
  });

  describe('entries that the pipeline declares', () => {
    const forwarded: readonly [keyof typeof section, number, number[]][] = [
      ['fixed', 0x15, [3]],
      ['fixed', 0x25, []],
      ['initial', 7, [7]],
      ['initial', 8, []],
    ];
    test.each(forwarded)('%s %i', async (to, kind, expected) => {
      const { ports } = await start();
      expect(await ports(to, kind)).toEqual(expected);
    });

    test('are read; those that are constant say so', async () => {
      const { transport } = await start();
      const table = async (name: string) => (await read(transport, { table_entry: { table_id: serviceId('tables', name) } })).map(plain);
      expect(await table('fixed')).toEqual([
        plain({
          table_entry: {
            table_id: serviceId('tables', 'fixed'),
            match: [{ field_id: 1, ternary: { value: bytes('10'), mask: bytes('f0') } }],
            action: { action: send(3) },
            priority: 20,
            is_const: true,
          },
        }),
        plain({ table_entry: { table_id: serviceId('tables', 'fixed'), action: { action: drop }, priority: 10, is_const: true } }),
      ]);
      expect(await table('initial')).toEqual([plain({ table_entry: exactEntry('initial', '07', { action: { action: send(7) } }) })]);
    });

    test('initial ones can be modified and deleted, and others inserted', async () => {
      const { transport, ports } = await start();
      const initial = (kind: string, port: number) => ({ table_entry: exactEntry('initial', kind, { action: { action: send(port) } }) });
      await write(transport, modify(initial('07', 2)), insert(initial('08', 4)));
      expect([await ports('initial', 7), await ports('initial', 8)]).toEqual([[2], [4]]);
      await write(transport, remove(initial('07', 2)));
      expect(await ports('initial', 7)).toEqual([]);
    });
  });
});
