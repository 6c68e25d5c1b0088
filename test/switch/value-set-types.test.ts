// Value sets of types with @p4runtime_translation (P4Runtime, "ValueSet" and "User-defined types").
import { beforeEach, expect, test } from 'vitest';
import { toJson } from '../../compiler/ir/json.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import type { Entity, FieldMatch } from '../../runtime/p4runtime/messages.js';
import { codeName } from '../../runtime/p4runtime/status.js';
import type { Transport } from '../../runtime/p4runtime/transport.js';
import { type Bench, bytes, onBothTransports, plain, primaryStream, read, refused, write } from '../support/switches.js';
import { v1modelText } from '../support/v1model-text.js';

// In the switch all have 8 bits; for controllers wide_t has 16, and colour_t is text.
const program = await v1modelText({
  top: `
    @p4runtime_translation("p4ts.test/wide", bit<16>) type bit<8> wide_t;
    @p4runtime_translation("p4ts.test/colour", string) @p4runtime_translation_mappings({ {"red", 2}, {"blue", 3} }) type bit<8> colour_t;
    type bit<8> same_t;
    struct pair_t { @match(ternary) wide_t wide; colour_t colour; }`,
  parser: `
    value_set<pair_t>(4) pairs;
    value_set<colour_t>(4) colours;
    value_set<same_t>(4) same;
    state start {
      p.extract(hdr.h);
      transition select ((wide_t) hdr.h.a, (colour_t) hdr.h.b) { pairs: known; default: second; }
    }
    state second { transition select ((colour_t) hdr.h.b) { colours: known; default: third; } }
    state third { transition select ((same_t) hdr.h.b) { same: known; default: accept; } }
    state known { m.known = 1; transition accept; }`,
  ingress: 's.egress_spec = m.known == 1 ? 9w2 : 9w1;',
});
const p4info = buildP4Info(program);
const config = { p4info, p4_device_config: Buffer.from(toJson(program)) };
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const set = (alias: string, ...members: FieldMatch[][]): Entity => ({
  value_set_entry: {
    value_set_id: p4info.value_sets.find((v) => v.preamble.alias === alias)?.preamble.id ?? 0,
    members: members.map((match) => ({ match })),
  },
});
const pair = (wide: string, colour: string, mask = 'ffff'): FieldMatch[] => [
  { field_id: 1, ternary: { value: bytes(wide), mask: bytes(mask) } },
  { field_id: 2, exact: { value: text(colour) } },
];
const one = (value: Uint8Array): FieldMatch[] => [{ field_id: 1, exact: { value } }];

test('P4Info names the types of their fields', () => {
  expect(p4info.value_sets.map((v) => v.match.map(({ id, bitwidth, type_name }) => [id, bitwidth, type_name?.name]))).toEqual([
    [
      [1, 16, 'wide_t'],
      [2, undefined, 'colour_t'],
    ],
    [[1, undefined, 'colour_t']],
    [[1, 8, 'same_t']],
  ]);
});

onBothTransports((open) => {
  let bench: Bench;
  let transport: Transport;
  beforeEach(async () => {
    bench = await open();
    ({ transport } = await primaryStream(bench, config));
  });
  const modify = (entity: Entity): Promise<void> => write(transport, { type: 'MODIFY', entity });
  const isKnown = async (hex: string): Promise<boolean> => (await bench.core.processPacket(1, bytes(hex))).outputs[0]?.port === 2;

  const members: [string, Entity, string][] = [
    ['of a number and of text', set('pairs', pair('07', 'red')), '0702'],
    ['of text', set('colours', one(text('blue'))), '0003'],
    ['of a type that is not translated', set('same', one(bytes('04'))), '0004'],
  ];
  test.each(members)('members %s match, and are read as they were written', async (_name, entity, packet) => {
    expect(await isKnown(packet)).toBe(false);
    await modify(entity);
    expect(await isKnown(packet)).toBe(true);
    expect(await isKnown('0809')).toBe(false);
    const { members: _, ...key } = entity.value_set_entry ?? {};
    expect(plain(await read(transport, { value_set_entry: key }))).toEqual([plain(entity)]);
  });

  const wrong: [string, Entity][] = [
    ['text that stands for nothing', set('colours', one(text('green')))],
    ['the number of the switch for text', set('colours', one(bytes('02')))],
    ['beyond the bits of the switch', set('pairs', pair('0100', 'red'))],
    ['a mask of some bits', set('pairs', pair('07', 'red', '0f'))],
  ];
  test.each(wrong)('%s: INVALID_ARGUMENT, and the set stays', async (_name, entity) => {
    await modify(set('colours', one(text('red'))));
    const error = await refused(modify(entity));
    expect(codeName(error.errors[0]?.canonical_code)).toBe('INVALID_ARGUMENT');
    expect(await isKnown('0002')).toBe(true);
  });
});
