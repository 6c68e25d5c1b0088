/** What P4Runtime's specification asks P4Info to say of extern objects; p4c gives the P4Info of test/cases, too. */
import { describe, expect, test } from 'vitest';
import { buildP4Info } from '../../compiler/p4info/build.js';
import { idOf } from '../../compiler/p4info/ids.js';
import { caseProgram } from '../support/cases.js';
import { v1modelText } from '../support/v1model-text.js';

const info = buildP4Info(await caseProgram('externs'));
const table = (alias: string) => info.tables.find((t) => t.preamble.alias === alias);
const byName = <T extends { readonly preamble: { readonly name: string } }>(list: readonly T[], name: string) =>
  list.find((item) => item.preamble.name === name);

describe('action profiles', () => {
  test('know their tables, and the tables them', () => {
    const selector = byName(info.action_profiles, 'ingress.selector');
    expect(selector).toMatchObject({ with_selector: true, size: 64, max_group_size: 8, table_ids: [idOf('table', 'ingress.spread')] });
    expect(table('spread')?.implementation_id).toBe(selector?.preamble.id);
    expect(byName(info.action_profiles, 'ingress.profile')).toMatchObject({ size: 16, preamble: { doc: { brief: 'Next hops.' } } });
    expect(byName(info.action_profiles, 'ingress.profile')?.with_selector).toBeUndefined();
  });
  test('hash keys that are no match fields', () => {
    expect(table('spread')?.match_fields.map((f) => f.name)).toEqual(['flow']);
  });
});

test('direct counters and meters are resources of their table', () => {
  expect(table('pick')?.direct_resource_ids).toEqual([
    idOf('directCounter', 'ingress.pick_count'),
    idOf('directMeter', 'ingress.pick_rate'),
  ]);
  expect(info.direct_meters[0]).toMatchObject({ spec: { unit: 'PACKETS' }, direct_table_id: table('pick')?.preamble.id });
  expect(table('pick')?.idle_timeout_behavior).toBe('NOTIFY_CONTROL');
});

test('registers say the type of their cells', () => {
  expect(byName(info.registers, 'ingress.pairs')?.type_spec).toEqual({ bitstring: { bit: { bitwidth: 64 } } });
  expect(byName(info.registers, 'ingress.temperatures')?.type_spec).toEqual({ bitstring: { int: { bitwidth: 8 } } });
  expect(byName(info.registers, 'ingress.tenants.list')?.type_spec).toEqual({ new_type: { name: 'Tenant' } });
  expect(byName(info.registers, 'ingress.seen')?.preamble.id).toBe(0x16000063);
});

test('digests are named after their types, which are listed with the types within', () => {
  expect(info.digests.map((d) => d.preamble.name).sort()).toEqual(['noisy_t', 'seen']);
  expect(byName(info.digests, 'noisy_t')?.type_spec).toEqual({ struct: { name: 'noisy_t' } });
  expect(Object.keys(info.type_info?.structs ?? {}).sort()).toEqual(['inner_t', 'noisy_t', 'seen']);
  expect(info.type_info?.structs.noisy_t?.members.map((m) => Object.keys(m.type_spec)[0])).toEqual([
    'bitstring',
    'new_type',
    'serializable_enum',
    'bool',
    'struct',
  ]);
});

test('constant entries and entries at the start are told apart', () => {
  expect(table('exactly')).toMatchObject({ is_const_table: true, has_initial_entries: true });
  expect(table('initial')?.has_initial_entries).toBe(true);
  expect(table('initial')?.is_const_table).toBeUndefined();
});

test('annotations of the program say what it needs of its switch, and more of its name', async () => {
  const needs = await v1modelText({
    annotations: `
      @pkginfo(name="needs", version="2") @pkginfo(organization="p4.org")
      @platform_property(multicast_group_table_size=100, multicast_group_table_total_replicas=4)
      @platform_property(multicast_group_table_max_replicas_per_entry=2)`,
  });
  // As p4c writes them.
  expect(buildP4Info(needs).pkg_info).toEqual({
    arch: 'v1model',
    name: 'needs',
    version: '2',
    organization: 'p4.org',
    platform_properties: {
      multicast_group_table_size: 100,
      multicast_group_table_total_replicas: 4,
      multicast_group_table_max_replicas_per_entry: 2,
    },
  });
});

test('@pkginfo names the program', () => {
  expect(info.pkg_info).toMatchObject({ arch: 'v1model', name: 'services', version: '1.2', annotations: ['@mine(7)'] });
});
