// Meters of a single rate (RFC 2697), which P4 programs declare by annotations (P4Runtime, "Meter & DirectMeter").
import { beforeEach, expect, test } from 'vitest';
import { toJson } from '../../compiler/ir/json.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import type { Entity, ForwardingPipelineConfig, MeterConfig, Update } from '../../runtime/p4runtime/messages.js';
import { codeName } from '../../runtime/p4runtime/status.js';
import type { Transport } from '../../runtime/p4runtime/transport.js';
import { ManualClock } from '../../runtime/switch/clock.js';
import { note, psaProgram, toPort } from '../support/psa-lab.js';
import { type Bench, bytes, onBothTransports, plain, primaryStream, read, refused, write } from '../support/switches.js';

const color = (call: string): string =>
  `PSA_MeterColor_t color = ${call}; ${note('color == PSA_MeterColor_t.GREEN ? 8w1 : color == PSA_MeterColor_t.YELLOW ? 8w2 : 8w3')}`;
const program = await psaProgram({
  ingressNext: 'one;  } state one { p.extract(hdr.h); transition accept;',
  ingressLocals: `
    @single_rate_three_color Meter<bit<8>>(2, PSA_MeterType_t.PACKETS) three;
    @single_rate_two_color Meter<bit<8>>(2, PSA_MeterType_t.PACKETS) two;
    @two_rate_three_color Meter<bit<8>>(2, PSA_MeterType_t.PACKETS) rates;
    @single_rate_three_color DirectMeter(PSA_MeterType_t.PACKETS) limit;
    DirectCounter<bit<64>>(PSA_CounterType_t.PACKETS) seen;
    action mark() { seen.count(); ${color('limit.execute()')} }
    table t { key = { hdr.h.b: exact; } actions = { mark; } const default_action = mark; psa_direct_meter = limit; psa_direct_counter = seen; }`,
  ingress: `
    if (hdr.h.a == 1) { ${color('three.execute(8w1)')} }
    else if (hdr.h.a == 2) { ${color('two.execute(8w1)')} }
    else if (hdr.h.a == 3) { ${color('three.execute(8w1, PSA_MeterColor_t.YELLOW)')} }
    else t.apply();
    ${toPort(4)}`,
});
const p4info = buildP4Info(program);
const config: ForwardingPipelineConfig = { p4info, p4_device_config: Buffer.from(toJson(program)) };
const meterId = (alias: string): number => p4info.meters.find((m) => m.preamble.alias === alias)?.preamble.id ?? 0;
const table_id = p4info.tables[0]?.preamble.id ?? 0;

/** Buckets of two tokens and of one, which time does not fill here. */
const single: MeterConfig = { cir: 1n, cburst: 2n, pir: 1n, pburst: 2n };
const withExcess: MeterConfig = { ...single, eburst: 1n };
const modify = (entity: Entity): Update => ({ type: 'MODIFY', entity });
const meter = (name: string, given: MeterConfig): Update =>
  modify({ meter_entry: { meter_id: meterId(name), index: { index: 1n }, config: given } });
const asDefault = { table_id, is_default_action: true };

test('P4Info says the type that the annotation gives; two rates and three colours are the default', () => {
  expect(p4info.meters.map((m) => [m.preamble.alias, m.spec.type, m.preamble.annotations])).toEqual([
    ['three', 'SINGLE_RATE_THREE_COLOR', undefined],
    ['two', 'SINGLE_RATE_TWO_COLOR', undefined],
    ['rates', undefined, undefined],
  ]);
  expect(p4info.direct_meters.map((m) => m.spec)).toEqual([{ unit: 'PACKETS', type: 'SINGLE_RATE_THREE_COLOR' }]);
});

onBothTransports((open) => {
  let bench: Bench;
  let transport: Transport;
  beforeEach(async () => {
    bench = await open({ clock: new ManualClock() });
    ({ transport } = await primaryStream(bench, config));
  });
  /** The colours of so many of the same packet: 1 is green, 2 yellow, 3 red. */
  const colors = async (count: number, hex: string): Promise<number[]> => {
    const seen: number[] = [];
    for (let i = 0; i < count; i++) {
      const { outputs } = await bench.core.processPacket(1, bytes(hex));
      seen.push(...outputs.map((o) => o.bytes[7] as number));
    }
    return seen;
  };

  test('a single rate has the committed burst green, the excess yellow, and the rest red', async () => {
    await write(transport, meter('three', withExcess), meter('two', single));
    expect(await colors(5, '0100')).toEqual([1, 1, 2, 3, 3]);
    expect(await colors(4, '0200')).toEqual([1, 1, 3, 3]);
    await write(transport, meter('three', withExcess));
    expect(await colors(2, '0300')).toEqual([2, 3]);
    const [found] = await read(transport, { meter_entry: { meter_id: meterId('three'), index: { index: 1n } } });
    expect(plain(found?.meter_entry?.config)).toEqual(withExcess);
  });

  test('each type takes only its own configurations', async () => {
    const otherPeak = { ...single, pir: 2n };
    const otherBurst = { ...single, pburst: 3n };
    const wrong: [Update, string][] = [
      [meter('three', { ...otherPeak, eburst: 1n }), 'meter I.three: the meter has a single rate'],
      [meter('three', otherBurst), 'meter I.three: the meter has a single rate'],
      [meter('three', { ...single, eburst: -1n }), 'meter I.three: eburst cannot be negative'],
      [meter('two', otherPeak), 'meter I.two: the meter has a single rate'],
      [meter('two', withExcess), 'meter I.two: eburst is given'],
      [meter('rates', withExcess), 'meter I.rates: eburst is given'],
      [modify({ direct_meter_entry: { table_entry: asDefault, config: otherBurst } }), 'table I.t: the meter has a single rate'],
    ];
    const { errors } = await refused(write(transport, ...wrong.map(([update]) => update)));
    expect(errors.map((e) => [codeName(e.canonical_code), e.message])).toEqual(
      wrong.map(([, message]) => ['INVALID_ARGUMENT', expect.stringContaining(message)]),
    );
    // What a meter of one rate and two colours takes, all take.
    await write(transport, ...['three', 'two', 'rates'].map((name) => meter(name, single)));
  });

  test('the direct meter and counter of a constant default entry are its own', async () => {
    expect((await refused(write(transport, modify({ table_entry: { ...asDefault, meter_config: withExcess } })))).errors).toMatchObject([
      { canonical_code: 7 },
    ]);
    await write(transport, modify({ direct_meter_entry: { table_entry: asDefault, config: withExcess } }));
    expect(await colors(4, '0900')).toEqual([1, 1, 2, 3]);
    const [found] = await read(transport, { table_entry: { ...asDefault, meter_config: {}, counter_data: {}, meter_counter_data: {} } });
    const { counter_data, meter_config, meter_counter_data: marked } = found?.table_entry ?? {};
    expect([counter_data?.packet_count, plain(meter_config)]).toEqual([4n, withExcess]);
    expect([marked?.green, marked?.yellow, marked?.red].map((d) => d?.packet_count)).toEqual([2n, 1n, 1n]);
  });

  test('a P4Info that gives a meter another type is not the one of the program', async () => {
    const meters = p4info.meters.map((m) => ({ ...m, spec: { unit: m.spec.unit } }));
    const request = {
      device_id: 1n,
      election_id: { low: 1n },
      action: 'VERIFY',
      config: { ...config, p4info: { ...p4info, meters } },
    } as const;
    const error = await refused(transport.setPipeline(request));
    expect([error.code, error.message]).toEqual(['INVALID_ARGUMENT', expect.stringContaining('meter I.three')]);
  });
});
