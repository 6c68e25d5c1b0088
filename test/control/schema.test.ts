// The schema of the control plane: from a program and its P4Info, and from the P4Info alone.
import { bit, exact, lpm, mac, newtype, pipeline, port } from 'p4ts';
import { describe, expect, test } from 'vitest';
import { buildSchema } from '../../compiler/control/build.js';
import { type DataForm, dataFormOf, joinParts, splitParts } from '../../compiler/control/data.js';
import { programOf } from '../../compiler/dsl/handles.js';
import type { P4Info } from '../../compiler/p4info/messages.js';
import { embeddedTarget } from '../../runtime/client/target.js';

const zone = newtype('zone_t', bit(10), { uri: 'urn:test:zones', values: { inner: 3, outer: 7 } });
const net = pipeline('net', {
  headers: {},
  metadata: { zone, peer: mac, ttl: bit(8) },
  packetIn: { from: port, reason: bit(7) },
  parser: { start: (p) => p.accept() },
  ingress(ctl, { meta }) {
    const move = ctl.action('move', { zone, port }, (c, a) => c.set(meta.zone, a.zone));
    const zones = ctl.table('zones', { key: { zone: exact(meta.zone), peer: lpm(meta.peer) }, actions: [move], size: 8 });
    const seen = ctl.register('seen', { peer: mac, ttl: bit(8) }, 4);
    ctl.apply((c) => {
      c.apply(zones);
      c.update(seen, 0, () => ({ next: { peer: meta.peer, ttl: meta.ttl } }));
    });
    return { zones, seen };
  },
  deparser: () => undefined,
});
const program = programOf(net)?.ir;
if (!program) throw new Error('no program');
const { p4info, binding } = await embeddedTarget.configure(program);
const full = buildSchema(p4info, { program, binding });
const alone = buildSchema(p4info);

describe('one schema', () => {
  test('ids, names and widths of the wire are the same, whether the program is known or not', () => {
    for (const kind of ['tables', 'actions', 'registers'] as const) {
      expect([...alone[kind].values()].map(({ id, name }) => [id, name])).toEqual(
        [...full[kind].values()].map(({ id, name }) => [id, name]),
      );
    }
    const shown = (schema: typeof full) =>
      schema.tables.find('zones').keys.map(({ id, name, match, width }) => ({ id, name, match, width }));
    expect(shown(alone)).toEqual(shown(full));
    expect(shown(full)).toEqual([
      { id: 1, name: 'zone', match: 'exact', width: 0 },
      { id: 2, name: 'peer', match: 'lpm', width: 48 },
    ]);
  });

  test('the program says which texts there are and how wide the switch has them; the P4Info does not', () => {
    const [key] = full.tables.find('ingress.zones').keys;
    expect(key).toMatchObject({ texts: ['inner', 'outer'], width: 0, deviceWidth: 10, typeName: 'zone_t' });
    expect(alone.tables.find('zones').keys[0]).toMatchObject({ texts: [], width: 0 });
  });

  test('a cell of several fields is one number to v1model, of which the program knows the parts', () => {
    const { cell, packed } = full.registers.find('seen');
    expect(cell).toMatchObject({ kind: 'bitstring', width: 56 });
    expect(packed).toMatchObject({ kind: 'struct', deviceWidth: 56 });
    expect(packed?.fields.map((f) => f.name)).toEqual(['peer', 'ttl']);
    expect(alone.registers.find('seen').packed).toBeUndefined();
  });

  test('controllers do not see padding, which counts for the width of the header', () => {
    expect(full.packetIn?.metadata.map((f) => f.name)).toEqual(['from', 'reason']);
    expect(full.packetIn?.width).toBe(16);
  });

  test('the action that P4Info adds for tables without a default is only that', () => {
    const scopes = [...full.tables.find('zones').actions.values()].map(({ action, scope }) => [action.name, action.call, scope]);
    expect(scopes).toEqual([
      ['ingress.move', 'move', 'both'],
      ['NoAction', 'NoAction', 'default'],
    ]);
  });

  test('a message from the wire has no lists where they are empty', () => {
    const schema = buildSchema({ tables: [{ preamble: { id: 33554433, name: 'a.t', alias: 't' }, size: 1 }] } as unknown as P4Info);
    expect(schema.tables.find('t')).toMatchObject({ id: 33554433, keys: [], needsPriority: false });
    expect(schema.kinds.get(33554433)).toBe('table');
  });
});

describe('forms of what only the P4Info is known of', () => {
  const info = {
    structs: {
      s: {
        members: [
          { name: 'on', type_spec: { bool: {} } },
          { name: 'delta', type_spec: { bitstring: { int: { bitwidth: 7 } } } },
        ],
      },
    },
    headers: { h: { members: [{ name: 'kind', type_spec: { bit: { bitwidth: 8 } } }] } },
    header_unions: {
      u: {
        members: [
          { name: 'one', header: { name: 'h' } },
          { name: 'two', header: { name: 'h' } },
        ],
      },
    },
    enums: { phase: { members: [{ name: 'idle' }, { name: 'busy' }] } },
    serializable_enums: { k: { underlying_type: { bitwidth: 8 }, members: [{ name: 'a', value: Uint8Array.of(5) }] } },
    new_types: { text: { translated_type: { uri: 'x', sdn_string: {} } }, own: { original_type: { bitstring: { bit: { bitwidth: 9 } } } } },
  };
  test.each<[string, object, Partial<DataForm>]>([
    ['a struct', { struct: { name: 's' } }, { kind: 'struct', deviceWidth: 8 }],
    ['a header, with its validity', { header: { name: 'h' } }, { kind: 'header', deviceWidth: 9 }],
    ['a union: room for each header', { header_union: { name: 'u' } }, { kind: 'header_union', deviceWidth: 18 }],
    [
      'a stack of unions',
      { header_union_stack: { header_union: { name: 'u' }, size: 2 } },
      { kind: 'header_union_stack', deviceWidth: 36 },
    ],
    ['an enum: names that are counted', { enum: { name: 'phase' } }, { kind: 'enum', deviceWidth: 32 }],
    ['an enum with values', { serializable_enum: { name: 'k' } }, { kind: 'enum_value', width: 8, members: new Map([['a', 5n]]) }],
    ['text', { new_type: { name: 'text' } }, { kind: 'bitstring', width: 0, texts: [] }],
    ['a type of its own, which is not translated', { new_type: { name: 'own' } }, { kind: 'bitstring', width: 9 }],
    ['varbit, which has no width of its own', { bitstring: { varbit: { max_bitwidth: 32 } } }, { kind: 'untold', type: 'varbit' }],
  ])('%s', (_name, spec, form) => {
    expect(dataFormOf({ type_info: info } as never, spec)).toMatchObject(form);
  });

  test('the first part is in the most significant bits', () => {
    const form = dataFormOf({ type_info: info } as never, { struct: { name: 's' } });
    expect(joinParts(form, [1n, 0x55n])).toBe(0b1_1010101n);
    expect(splitParts(form, 0b1_1010101n)).toEqual([1n, 0x55n]);
  });
});
