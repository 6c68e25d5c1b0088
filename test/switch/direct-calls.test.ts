// Direct resources of PSA, which run where an action calls them (PSA §7.7.3, §7.8.4; P4Runtime, "Direct Resources").
import { beforeEach, describe, expect, test } from 'vitest';
import { toJson } from '../../compiler/ir/json.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import type { Entity, TableAction, TableEntry, Update } from '../../runtime/p4runtime/messages.js';
import { codeName } from '../../runtime/p4runtime/status.js';
import type { Transport } from '../../runtime/p4runtime/transport.js';
import { psaProgram } from '../support/psa-lab.js';
import { onBothTransports, plain, primaryStream, read, refused, uint128, write } from '../support/switches.js';

const program = await psaProgram({
  ingressLocals: `
    DirectCounter<bit<32>>(PSA_CounterType_t.PACKETS) counts;
    DirectMeter(PSA_MeterType_t.PACKETS) marks;
    DirectCounter<bit<32>>(PSA_CounterType_t.PACKETS) shared_counts;
    ActionSelector(PSA_HashAlgorithm_t.CRC16, 32w16, 32w16) paths;
    action idle() { }
    action count() { counts.count(); }
    action mark() { m.x = (bit<8>) (bit<1>) (marks.execute() == PSA_MeterColor_t.RED ? 1w1 : 1w0); }
    action both() { if (hdr.h.isValid()) { count(); } mark(); }
    action counted() { shared_counts.count(); }
    table direct { key = { hdr.h.a: exact; } actions = { idle; count; mark; both; } psa_direct_counter = counts; psa_direct_meter = marks; }
    table selected { key = { hdr.h.a: exact; hdr.h.b: selector; } actions = { idle; counted; } psa_implementation = paths; psa_direct_counter = shared_counts; }`,
  ingress: 'direct.apply(); selected.apply();',
});
const p4info = buildP4Info(program);
const config = { p4info, p4_device_config: Buffer.from(toJson(program)) };
const id = (kind: 'tables' | 'actions', alias: string): number => p4info[kind].find((t) => t.preamble.alias === alias)?.preamble.id ?? 0;

const run = (action: string): TableAction => ({ action: { action_id: id('actions', action) } });
const set = (...actions: string[]): TableAction => ({
  action_profile_action_set: {
    action_profile_actions: actions.map((action) => ({ action: { action_id: id('actions', action) }, weight: 1 })),
  },
});
const counter: TableEntry = { counter_data: { packet_count: 5n } };
const rates = { cir: 1n, cburst: 1n, pir: 1n, pburst: 1n };
const meter: TableEntry = { meter_config: rates };
const colors: TableEntry = { meter_counter_data: {} };
const key = (number: number, table = 'direct'): TableEntry => ({
  table_id: id('tables', table),
  match: [{ field_id: 1, exact: { value: Uint8Array.of(number) } }],
});
const defaultEntry: TableEntry = { table_id: id('tables', 'direct'), is_default_action: true };
const update = (type: Update['type'], ...parts: TableEntry[]): Update => ({
  type,
  entity: { table_entry: Object.assign({}, ...parts) as TableEntry },
});

onBothTransports((open) => {
  let transport: Transport;
  beforeEach(async () => {
    ({ transport } = await primaryStream(await open(), config));
    await write(transport, ...['idle', 'count'].map((action, i) => update('INSERT', key(i), { action: run(action) })));
  });

  describe('whatever an action does not run cannot be given with its entry', () => {
    const cases: [string, Update, string][] = [
      ['a counter with an action that does not count', update('INSERT', key(7), { action: run('mark') }, counter), 'direct counter'],
      ['a meter with an action that does not mark', update('INSERT', key(7), { action: run('count') }, meter), 'direct meter'],
      ['counts by colour with such an action', update('INSERT', key(7), { action: run('count') }, colors), 'direct meter'],
      ['an entry that gets such an action', update('MODIFY', key(1), { action: run('idle') }, counter), 'direct counter'],
      ['an entry that has such an action', update('MODIFY', key(0), counter), 'direct counter'],
      ['the default entry', update('MODIFY', defaultEntry, { action: run('idle') }, counter), 'direct counter'],
      ['the default entry that is reset to NoAction', update('MODIFY', defaultEntry, meter), 'direct meter'],
      ['a one-shot set', update('INSERT', key(7, 'selected'), { action: set('idle', 'idle') }, counter), 'direct counter'],
    ];
    test.each(cases)('%s: INVALID_ARGUMENT', async (_name, one, resource) => {
      const before = plain(await read(transport, { table_entry: {} }));
      const [error] = (await refused(write(transport, one))).errors;
      expect(codeName(error?.canonical_code)).toBe('INVALID_ARGUMENT');
      expect(error?.message).toContain(`does not run the ${resource}`);
      expect(plain(await read(transport, { table_entry: {} }))).toEqual(before);
    });
  });

  test('whatever it runs can be, also where it is another action that does it', async () => {
    await write(
      transport,
      update('INSERT', key(7), { action: run('both') }, counter, meter, colors),
      update('INSERT', key(8), { action: run('mark') }, meter),
      update('MODIFY', key(1), counter),
      update('MODIFY', defaultEntry, { action: run('both') }, counter, meter),
      update('INSERT', key(7, 'selected'), { action: set('idle', 'counted') }, counter),
    );
    const found = await read(transport, { table_entry: { ...key(7), counter_data: {}, meter_config: {} } });
    expect(found.map((e) => [e.table_entry?.counter_data?.packet_count, plain(e.table_entry?.meter_config)])).toEqual([
      [5n, expect.objectContaining(plain(rates) as object)],
    ]);
  });

  test('what entries hold without running it stays when a pipeline is reconciled', async () => {
    const held: Entity = { direct_counter_entry: { table_entry: key(0), data: { packet_count: 9n, byte_count: 90n } } };
    await write(transport, { type: 'MODIFY', entity: held });
    await transport.setPipeline({ device_id: 1n, election_id: uint128(1n), action: 'RECONCILE_AND_COMMIT', config });
    expect(plain(await read(transport, { direct_counter_entry: { table_entry: key(0) } }))).toEqual([plain(held)]);
    expect(await read(transport, { table_entry: { table_id: id('tables', 'direct') } })).toHaveLength(2);
  });
});
