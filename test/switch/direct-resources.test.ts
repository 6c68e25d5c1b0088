// Counters by colour of meters, direct counters and meters of default entries, and meters of a single rate.
import { describe, expect, test } from 'vitest';
import type { Entity, MeterConfig, MeterCounterData } from '../../runtime/p4runtime/messages.js';
import { codeName } from '../../runtime/p4runtime/status.js';
import type { Transport } from '../../runtime/p4runtime/transport.js';
import { ManualClock } from '../../runtime/switch/clock.js';
import { exactEntry, grade, host, insert, modify, remove, serviceId, servicesConfig } from '../support/service-switch.js';
import { frame } from '../support/services.js';
import { bytes, onBothTransports, plain, primaryStream, read, refused, uint128, write } from '../support/switches.js';

const second = 1_000_000_000n;
const rates: MeterConfig = { cir: 1n, cburst: 1n, pir: 2n, pburst: 2n };
/** Packets and bytes that were green, yellow and red. */
const byColor = (data: MeterCounterData | undefined) =>
  data && [data.green, data.yellow, data.red].map((d) => [Number(d?.packet_count ?? 0n), Number(d?.byte_count ?? 0n)]);
const nothing = [
  [0, 0],
  [0, 0],
  [0, 0],
];
const nonzero: MeterCounterData = { yellow: { packet_count: 1n } };
const zero: MeterCounterData = { green: { packet_count: 0n, byte_count: 0n }, yellow: {} };

onBothTransports((open) => {
  async function start() {
    const clock = new ManualClock();
    const bench = await open({ clock });
    const { transport } = await primaryStream(bench, servicesConfig);
    /** The ports that so many of the same frames leave through. */
    const ports = async (count: number, ...[to, kind, sender]: Parameters<typeof frame>) => {
      const seen: number[] = [];
      for (let i = 0; i < count; i++) {
        seen.push(...(await bench.core.processPacket(1, frame(to, kind, sender))).outputs.map((o) => o.port));
      }
      return seen;
    };
    return { clock, bench, transport, ports };
  }
  const codes = async (request: Promise<unknown>) => (await refused(request)).errors.map((e) => codeName(e.canonical_code));

  describe('counters by colour of indirect meters', () => {
    const meter_id = serviceId('meters', 'police');
    const cell = (index: number) => ({ meter_id, index: { index: BigInt(index) } });
    const colors = async (transport: Transport, filter: object) =>
      (await read(transport, { meter_entry: { ...filter, counter_data: {} } })).map((e) => byColor(e.meter_entry?.counter_data));

    test('count packets and their bytes in each cell, configured or not', async () => {
      const { clock, transport, ports } = await start();
      await ports(3, 'police', 2);
      await write(transport, modify({ meter_entry: { ...cell(2), config: rates } }));
      await clock.advance(10n * second);
      expect(await ports(4, 'police', 2)).toEqual([1, 2, 3, 3]);
      const counted = [
        [4, 56],
        [1, 14],
        [2, 28],
      ];
      expect(await colors(transport, cell(2))).toEqual([counted]);
      expect(await colors(transport, { meter_id })).toEqual([nothing, nothing, counted, nothing]);
      expect(await colors(transport, {})).toEqual([nothing, nothing, counted, nothing]);
      const [unasked] = await read(transport, { meter_entry: cell(2) });
      expect([plain(unasked?.meter_entry?.config), byColor(unasked?.meter_entry?.counter_data)]).toEqual([rates, undefined]);
    });

    test('are cleared where the field is set, and stay where it is not', async () => {
      const { transport, ports } = await start();
      await ports(2, 'police', 1);
      await ports(1, 'police', 3);
      await write(transport, modify({ meter_entry: { ...cell(1), config: rates } }), modify({ meter_entry: cell(1) }));
      expect((await colors(transport, cell(1)))[0]?.[0]).toEqual([2, 28]);
      expect(await codes(write(transport, modify({ meter_entry: { meter_id, config: rates, counter_data: nonzero } })))).toEqual([
        'INVALID_ARGUMENT',
      ]);
      const [kept] = await read(transport, { meter_entry: { ...cell(1), counter_data: {} } });
      expect([kept?.meter_entry?.config ?? undefined, byColor(kept?.meter_entry?.counter_data)?.[0]]).toEqual([undefined, [2, 28]]);
      await write(transport, modify({ meter_entry: { ...cell(1), counter_data: {} } }));
      expect((await colors(transport, { meter_id })).map((c) => c?.[0]?.[0])).toEqual([0, 0, 0, 1]);
      await write(transport, modify({ meter_entry: { meter_id, counter_data: zero } }));
      expect(await colors(transport, { meter_id })).toEqual([nothing, nothing, nothing, nothing]);
    });
  });

  const table_id = serviceId('tables', 'limits');
  const key = exactEntry('limits', host(1));
  const entry = (more: object = {}): Entity => ({ table_entry: { ...key, action: { action: grade(9) }, ...more } });

  describe('counters by colour of entries', () => {
    /** As they are read with the entry, and by themselves, which is the same. */
    async function colors(transport: Transport) {
      const [direct] = await read(transport, { direct_meter_entry: { table_entry: key, counter_data: {} } });
      const [inEntry] = await read(transport, { table_entry: { table_id, meter_counter_data: {} } });
      const found = byColor(direct?.direct_meter_entry?.counter_data);
      expect(byColor(inEntry?.table_entry?.meter_counter_data)).toEqual(found);
      return found;
    }

    test('count what the meter of the entry marked', async () => {
      const { clock, transport, ports } = await start();
      await write(transport, insert(entry()), insert({ table_entry: exactEntry('limits', host(2), { action: { action: grade(8) } }) }));
      await ports(2, 'limits', 0, 1);
      await write(transport, modify(entry({ meter_config: rates })));
      await clock.advance(10n * second);
      expect(await ports(4, 'limits', 0, 1)).toEqual([9, 9]);
      const counted = [
        [3, 42],
        [1, 14],
        [2, 28],
      ];
      const all = (await read(transport, { direct_meter_entry: { counter_data: {} } })).map((e) => e.direct_meter_entry);
      expect(all.map((e) => byColor(e?.counter_data))).toEqual([counted, nothing]);
      expect((await read(transport, { direct_meter_entry: {} })).map((e) => byColor(e.direct_meter_entry?.counter_data))).toEqual([
        undefined,
        undefined,
      ]);
      const [unasked] = await read(transport, { table_entry: { ...key, meter_config: {} } });
      expect(byColor(unasked?.table_entry?.meter_counter_data)).toBeUndefined();
    });

    test('stay when the entry is modified, are cleared where the field is set, and begin at zero', async () => {
      const { transport, ports } = await start();
      await write(transport, insert(entry({ meter_counter_data: zero })));
      await ports(2, 'limits', 0, 1);
      await write(transport, modify(entry({ meter_config: rates })), modify({ direct_meter_entry: { table_entry: key } }));
      expect((await colors(transport))?.[0]).toEqual([2, 28]);
      const wrong = [
        modify(entry({ meter_counter_data: nonzero })),
        modify({ direct_meter_entry: { table_entry: key, config: rates, counter_data: nonzero } }),
        insert({ table_entry: exactEntry('limits', host(3), { action: { action: grade(9) }, meter_counter_data: nonzero }) }),
      ];
      expect(await codes(write(transport, ...wrong))).toEqual(['INVALID_ARGUMENT', 'INVALID_ARGUMENT', 'INVALID_ARGUMENT']);
      expect((await colors(transport))?.[0]).toEqual([2, 28]);
      await write(transport, modify(entry({ meter_config: rates, meter_counter_data: {} })));
      expect(await colors(transport)).toEqual(nothing);
      await ports(1, 'limits', 0, 1);
      expect((await colors(transport))?.[0]).toEqual([1, 14]);
      await write(transport, modify({ direct_meter_entry: { table_entry: key, counter_data: zero } }));
      expect(await colors(transport)).toEqual(nothing);
      await ports(1, 'limits', 0, 1);
      await write(transport, remove(entry()), insert(entry()));
      expect(await colors(transport)).toEqual(nothing);
    });
  });

  test('of an entry that is modified with nothing but its key the meter is reset, and nothing else', async () => {
    const { transport } = await start();
    await write(transport, insert(entry({ meter_config: rates, metadata: bytes('07') })));
    await write(transport, modify({ table_entry: key }));
    expect(plain(await read(transport, { table_entry: { ...key, meter_config: {} } }))).toEqual([plain(entry({ metadata: bytes('07') }))]);
  });

  describe('default entries', () => {
    const table_entry = { table_id, is_default_action: true };
    const asDefault = (more: object = {}): Entity => ({ table_entry: { ...table_entry, action: { action: grade(7) }, ...more } });
    const asked = { counter_data: {}, meter_config: {}, meter_counter_data: {} };
    /** What is read with the entry, and by themselves, which is the same. */
    async function resources(transport: Transport) {
      const [inEntry] = await read(transport, { table_entry: { ...table_entry, ...asked } });
      const [counter] = await read(transport, { direct_counter_entry: { table_entry } });
      const [meter] = await read(transport, { direct_meter_entry: { table_entry, counter_data: {} } });
      const { counter_data, meter_config, meter_counter_data } = inEntry?.table_entry ?? {};
      const count = Number(counter_data?.packet_count ?? 0n);
      const [config, colors] = [plain(meter_config), byColor(meter_counter_data)];
      expect(plain([counter?.direct_counter_entry?.table_entry, meter?.direct_meter_entry?.table_entry])).toEqual(
        plain([table_entry, table_entry]),
      );
      expect(Number(counter?.direct_counter_entry?.data?.packet_count ?? 0n)).toBe(count);
      expect([plain(meter?.direct_meter_entry?.config), byColor(meter?.direct_meter_entry?.counter_data)]).toEqual([config, colors]);
      return { count, config, marked: colors?.map((c) => c[0]) };
    }

    test('count misses', async () => {
      const { transport, ports } = await start();
      await write(transport, insert(entry()), modify(asDefault()));
      await ports(3, 'limits', 0, 2);
      await ports(1, 'limits', 0, 1);
      expect(await resources(transport)).toEqual({ count: 3, config: undefined, marked: [3, 0, 0] });
      const [hit] = await read(transport, { direct_counter_entry: { table_entry: key } });
      expect(Number(hit?.direct_counter_entry?.data?.packet_count)).toBe(1);
      expect(await read(transport, { direct_counter_entry: { table_entry: { table_id } } })).toHaveLength(1);
      await write(transport, modify({ direct_counter_entry: { table_entry, data: { packet_count: 40n, byte_count: 400n } } }));
      await ports(2, 'limits', 0, 2);
      expect((await resources(transport)).count).toBe(42);
      await write(transport, modify(asDefault({ counter_data: { packet_count: 7n } })));
      expect((await resources(transport)).count).toBe(7);
    });

    test('meter misses: written with them or by themselves', async () => {
      const { clock, transport, ports } = await start();
      await write(transport, insert(entry()), modify(asDefault()));
      expect(await ports(3, 'limits', 0, 2)).toEqual([7, 7, 7]);
      await write(transport, modify(asDefault({ meter_config: rates })));
      await clock.advance(10n * second);
      expect(await ports(3, 'limits', 0, 2)).toEqual([7, 7]);
      expect(await ports(3, 'limits', 0, 1)).toEqual([9, 9, 9]);
      expect(await resources(transport)).toEqual({ count: 6, config: rates, marked: [4, 1, 1] });
      await write(transport, modify({ direct_meter_entry: { table_entry, counter_data: {} } }));
      expect(await resources(transport)).toEqual({ count: 6, config: undefined, marked: [0, 0, 0] });
      expect(await ports(3, 'limits', 0, 2)).toEqual([7, 7, 7]);
      await write(transport, modify({ direct_meter_entry: { table_entry, config: rates } }));
      expect((await resources(transport)).config).toEqual(rates);
      await write(transport, modify(asDefault({ meter_config: rates, meter_counter_data: {} })));
      expect(await resources(transport)).toEqual({ count: 9, config: rates, marked: [0, 0, 0] });
    });

    test('that are reset lose their meter configuration', async () => {
      const { transport, ports } = await start();
      await write(transport, modify(asDefault({ meter_config: rates, counter_data: { packet_count: 5n } })));
      await write(transport, modify({ table_entry }));
      await ports(3, 'limits', 0, 2);
      expect(await resources(transport)).toEqual({ count: 8, config: undefined, marked: [3, 0, 0] });
    });

    test('in a batch that is undone keep their meter configuration', async () => {
      const { transport } = await start();
      await write(transport, modify(asDefault({ meter_config: rates })));
      const updates = [modify({ direct_meter_entry: { table_entry } }), modify(entry())];
      await refused(transport.write({ device_id: 1n, election_id: uint128(1n), updates, atomicity: 'ROLLBACK_ON_ERROR' }));
      expect((await resources(transport)).config).toEqual(rates);
    });

    test('have no match and no priority, and only the resources of their table', async () => {
      const { transport } = await start();
      const withKey = { ...key, is_default_action: true };
      const known = { table_id: serviceId('tables', 'known'), is_default_action: true };
      const next = { table_id: serviceId('tables', 'next'), is_default_action: true };
      const entities = [
        { direct_counter_entry: { table_entry: withKey } },
        { direct_meter_entry: { table_entry: withKey } },
        { direct_meter_entry: { table_entry: known } },
        { direct_counter_entry: { table_entry: next } },
      ];
      expect(await codes(read(transport, ...entities))).toEqual(entities.map(() => 'INVALID_ARGUMENT'));
      expect(await codes(write(transport, ...entities.map(modify)))).toEqual(entities.map(() => 'INVALID_ARGUMENT'));
      expect(await codes(write(transport, modify({ table_entry: { ...known, meter_config: rates } })))).toEqual(['INVALID_ARGUMENT']);
    });

    test('keep their counts and configurations when a pipeline is reconciled', async () => {
      const { transport, ports } = await start();
      await write(transport, modify(asDefault({ meter_config: { ...rates, pburst: 9n, cburst: 9n } })));
      await ports(3, 'limits', 0, 2);
      const action = 'RECONCILE_AND_COMMIT';
      await transport.setPipeline({ device_id: 1n, election_id: uint128(1n), action, config: servicesConfig });
      // Counts by colour cannot be written, so that they begin anew.
      expect(await resources(transport)).toEqual({ count: 3, config: { ...rates, pburst: 9n, cburst: 9n }, marked: [0, 0, 0] });
    });
  });
});
