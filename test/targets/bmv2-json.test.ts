/** The JSON for BMv2 is whole: what BMv2 looks up by a name or a number is there once. That BMv2 does what the program says, scenarios show. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { programOf } from '../../compiler/dsl/handles.js';
import type { Program } from '../../compiler/ir/index.js';
import { Diagnostics } from '../../compiler/support/diagnostics.js';
import { router } from '../../examples/router/pipeline.js';
import type { Action, Bmv2Json, FieldRef } from '../../targets/bmv2/json/format.js';
import { toBmv2Json } from '../../targets/bmv2/json/index.js';
import { bmv2 } from '../../targets/bmv2/node.js';
import { cases, descriptorOf } from '../support/cases.js';
import { v1modelProgram } from '../support/v1model-runs.js';

const ids = (list: readonly { readonly id: number }[]): void => expect(new Set(list.map(({ id }) => id)).size).toBe(list.length);
const names = (list: readonly { readonly name: string }[]): void => expect(new Set(list.map(({ name }) => name)).size).toBe(list.length);

function checkWhole(json: Bmv2Json): void {
  const tables = json.pipelines.flatMap((pipeline) => pipeline.tables);
  const conditionals = json.pipelines.flatMap((pipeline) => pipeline.conditionals);
  for (const list of [json.header_types, json.headers, json.calculations, json.counter_arrays, json.meter_arrays, json.register_arrays]) {
    ids(list);
    names(list);
  }
  ids(json.actions);
  ids(json.field_lists);
  names(tables);
  ids(tables);
  names(conditionals);
  ids(conditionals);
  const types = new Map(json.header_types.map((type) => [type.name, type.fields.map(([name]) => name)]));
  const headers = new Map(json.headers.map((header) => [header.name, types.get(header.header_type)]));
  const stacks = new Map(json.header_stacks.map((stack) => [stack.name, types.get(stack.header_type)]));
  const hasField = ([header, field]: FieldRef, of = headers): void =>
    expect([...(of.get(header) ?? []), '$valid$'], `${header}.${field}`).toContain(field);
  const known: Readonly<Record<string, readonly { readonly name: string }[]>> = {
    header: json.headers,
    regular: json.headers,
    header_stack: json.header_stacks,
    stack: json.header_stacks,
    calculation: json.calculations,
    counter_array: json.counter_arrays,
    meter_array: json.meter_arrays,
    register_array: json.register_arrays,
    parse_vset: json.parse_vsets,
  };
  visit(json, ({ type, value }) => {
    if (type === 'field') hasField(value as FieldRef);
    if (type === 'stack_field') hasField(value as FieldRef, stacks);
    const list = known[type];
    if (list) expect(list.map(({ name }) => name)).toContain(value);
  });
  const nodes = new Set<string | null>([null, ...tables.map(({ name }) => name), ...conditionals.map(({ name }) => name)]);
  const actions = new Map(json.actions.map((action): [number, Action] => [action.id, action]));
  for (const pipeline of json.pipelines) {
    expect(nodes).toContain(pipeline.init_table);
    for (const { true_next, false_next } of pipeline.conditionals)
      for (const next of [true_next, false_next]) expect(nodes).toContain(next);
    for (const table of pipeline.tables) {
      for (const { target } of table.key) hasField(target);
      for (const next of Object.values(table.next_tables)) expect(nodes).toContain(next);
      expect(table.action_ids.map((id) => actions.get(id)?.name)).toEqual(table.actions);
      for (const { action_id, action_data } of [table.default_entry, ...(table.entries ?? []).map((e) => e.action_entry)].flatMap(
        (e) => e ?? [],
      ))
        expect(actions.get(action_id)?.runtime_data).toHaveLength(action_data.length);
    }
  }
  for (const { name, primitives, runtime_data } of json.actions) {
    for (const { op, parameters } of primitives) {
      const offset = op === '_jump' ? parameters[0] : op === '_jump_if_zero' ? parameters[1] : undefined;
      if (offset) expect(Number(offset.value), name).toBeLessThanOrEqual(primitives.length);
    }
    visit(primitives, ({ type, value }) => {
      if (type === 'runtime_data' || type === 'local') expect(value, name).toBeLessThan(runtime_data.length);
    });
  }
  for (const { parse_states } of json.parsers) {
    const states = new Set<string | null>([null, ...parse_states.map(({ name }) => name)]);
    expect(states.size).toBe(parse_states.length + 1);
    for (const { transitions } of parse_states) {
      for (const { next_state } of transitions) expect(states).toContain(next_state);
      expect(transitions.at(-1)?.type).toBe('default');
    }
  }
}

function visit(value: unknown, f: (node: { readonly type: string; readonly value: unknown }) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if ('type' in value && 'value' in value && typeof value.type === 'string') f(value as { type: string; value: unknown });
  for (const inner of Object.values(value)) visit(inner, f);
}

test.each(cases.map((one) => [one.name, one] as const))('%s', async (_, one) => {
  const { compiled } = compile(descriptorOf(await one.load()).ir, bmv2);
  if (compiled) checkWhole(toBmv2Json(compiled.lowered, new Diagnostics()));
});

const jsonOf = async (parts: Parameters<typeof v1modelProgram>[0]): Promise<Bmv2Json> =>
  toBmv2Json(await v1modelProgram(parts), new Diagnostics());

test('statements, conditions and tables have their places in TypeScript, for the log of BMv2', () => {
  const { compiled } = compile(programOf(router)?.ir as Program, bmv2);
  const json = toBmv2Json(compiled?.lowered as Program, new Diagnostics());
  const file = new URL('../../examples/router/pipeline.ts', import.meta.url);
  const lines = readFileSync(file, 'utf8').split('\n');
  const conditionals = json.pipelines.flatMap((pipeline) => pipeline.conditionals);
  // What p4ts adds, such as copies into fields for keys, has no place.
  const primitives = json.actions.flatMap((action) => action.primitives).filter((primitive) => primitive.source_info);
  expect(primitives.length).toBeGreaterThan(20);
  for (const { source_info } of [...conditionals, ...primitives]) {
    expect(source_info?.filename).toBe('examples/router/pipeline.ts');
    expect(lines[(source_info?.line ?? 0) - 1]?.trim()).toContain(source_info?.source_fragment.replace(/…$/, ''));
  }
});

describe('known answers', () => {
  test('a table that is applied in two places goes on where it was applied', async () => {
    const json = await jsonOf({
      locals: 'action a() { h.k.a = 1; } table t { key = { h.k.a: exact; } actions = { a; } }',
      ingress: 'if (h.k.a == 1) { t.apply(); h.k.b = 2; } else { t.apply(); h.k.b = 3; }',
    });
    checkWhole(json);
    const [ingress] = json.pipelines;
    expect(ingress?.tables.filter(({ name }) => name === 'ingress.t')).toHaveLength(1);
    // Before the table a field says where it is applied; after it, a condition asks.
    const next = ingress?.tables.find(({ name }) => name === 'ingress.t')?.next_tables['ingress.a'];
    expect(ingress?.conditionals.map(({ name }) => name)).toContain(next);
  });

  test("sums are cut off, and signed ones in two's complement", async () => {
    const json = await jsonOf({ ingress: 'h.k.a = h.k.a + 1; h.k.b = (bit<8>)((int<8>)h.k.b - 1);' });
    const [sum, difference] = json.actions.flatMap(({ primitives }) => primitives).map(({ parameters }) => JSON.stringify(parameters[1]));
    expect(sum).toMatch(/^{"type":"expression","value":{"type":"expression","value":{"op":"&",.*"op":"\+".*"value":"0xff"}}}}$/);
    expect(difference).toContain('"op":"two_comp_mod"');
  });

  test('ranges of a select are masks', async () => {
    const json = await jsonOf({
      start: 'p.extract(h.k); transition select(h.k.a, h.k.b) { (1, 2..5): more; default: accept; }',
      states: 'state more { transition accept; }',
    });
    // 2..5 is 2, 3 and 4, 5.
    expect(json.parsers[0]?.parse_states.find(({ name }) => name === 'start')?.transitions.slice(0, 2)).toMatchObject([
      { type: 'hexstr', value: '0x0102', mask: '0xfffe' },
      { type: 'hexstr', value: '0x0104', mask: '0xfffe' },
    ]);
  });

  test('entries without a key of a range have the whole range, and the least number wins', async () => {
    const json = await jsonOf({
      locals: `action a(bit<8> v) { h.k.a = v; } table t { key = { h.k.a: range; h.k.b: ternary; } actions = { a; } default_action = a(7);
        entries = { (1..3, 4 &&& 6): a(1); (_, _): a(2); } }`,
      ingress: 't.apply();',
    });
    const table = json.pipelines[0]?.tables.find(({ name }) => name === 'ingress.t');
    expect(table?.default_entry?.action_data).toEqual(['0x07']);
    expect(table?.entries?.map(({ match_key, priority }) => [match_key, priority])).toEqual([
      [
        [
          { match_type: 'range', start: '0x01', end: '0x03' },
          { match_type: 'ternary', key: '0x04', mask: '0x06' },
        ],
        1,
      ],
      [
        [
          { match_type: 'range', start: '0x00', end: '0xff' },
          { match_type: 'ternary', key: '0x00', mask: '0x00' },
        ],
        2,
      ],
    ]);
  });
});
