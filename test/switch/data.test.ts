// P4Data from and to numbers, for types that only programs written for v1model have.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { programInfo } from '../../compiler/analysis/program-info.js';
import { type DataForm, dataForm } from '../../compiler/control/data.js';
import { bitType, boolType, named } from '../../compiler/ir/build.js';
import type { Type } from '../../compiler/ir/index.js';
import type { P4Data } from '../../runtime/p4runtime/messages.js';
import { decodeData, encodeData } from '../../runtime/switch/data.js';
import { checkTold } from '../../runtime/switch/schema.js';
import { bytes, plain } from '../support/switches.js';
import { v1modelProgram } from '../support/v1model-runs.js';

const types = await v1modelProgram({
  top: `
    type bit<9> id_t;
    enum colour_t { red, blue }
    enum bit<8> kind_t { a = 1 }
    struct inner_t { bit<4> low; bool flag; }
    struct outer_t { bit<12> first; inner_t inner; kind_t kind; int<12> delta; }
    struct bad_t { varbit<32> options; }
    struct part_t { bit<3> high; bit<5> low; }
    header h_t { part_t part; int<8> delta; id_t id; }
    header g_t { bit<4> one; }
    header_union u_t { h_t h; g_t g; }`,
});
const stack = (element: string): Type => ({ kind: 'stack', element: named(element), size: 2 });
const shape = (type: Type): DataForm => dataForm(programInfo(types), type);

test('a struct: the first field is in the most significant bits', () => {
  const outer = shape(named('outer_t'));
  const data: P4Data = {
    struct: {
      members: [
        { bitstring: bytes('0abc') },
        { struct: { members: [{ bitstring: bytes('05') }, { bool: true }] } },
        { enum_value: bytes('07') },
        { bitstring: bytes('ff') },
      ],
    },
  };
  // 101010111100 0101 1 00000111 111111111111
  const value = 0b1010_1011_1100_0101_1_0000_0111_1111_1111_1111n;
  expect(outer.deviceWidth).toBe(12 + 5 + 8 + 12);
  expect(decodeData(data, outer, 'here')).toBe(value);
  expect(plain(encodeData(value, outer))).toEqual({
    struct: {
      members: [
        { bitstring: '0abc' },
        { struct: { members: [{ bitstring: '05' }, { bool: true }] } },
        { enum_value: '07' },
        { bitstring: 'ff' },
      ],
    },
  });
});

// The bits of h_t: whether it is valid, high, low, delta, id.
const valid: P4Data['header'] = { is_valid: true, bitstrings: [bytes('05'), bytes('11'), bytes('fe'), bytes('0102')] };
const validBits = 0b1_101_10001_11111110_100000010n;
const g: P4Data['header'] = { is_valid: true, bitstrings: [bytes('0a')] };
const cases: [string, Type, P4Data, bigint][] = [
  ['a header: its fields, those of a struct in it too', named('h_t'), { header: valid }, validBits],
  ['a header that is not valid: without fields', named('h_t'), { header: {} }, 0n],
  ['a header union: the valid header by its name', named('u_t'), { header_union: { valid_header_name: 'g', valid_header: g } }, 0b1_1010n],
  [
    'a header union: the first bits are those of the first header',
    named('u_t'),
    { header_union: { valid_header_name: 'h', valid_header: valid } },
    validBits << 5n,
  ],
  ['a header union without a valid header: without a name', named('u_t'), { header_union: {} }, 0n],
  ['a header stack: all its elements, from the first', stack('g_t'), { header_stack: { entries: [g, {}] } }, 0b11010_00000n],
  [
    'a stack of header unions',
    stack('u_t'),
    { header_union_stack: { entries: [{}, { valid_header_name: 'g', valid_header: g }] } },
    0b1_1010n,
  ],
  ['an enum without values: the name', named('colour_t'), { enum: 'blue' }, 1n],
  ['an error: the name', { kind: 'error' }, { error: 'NoMatch' }, 2n],
];
test.each(cases)('canonical: %s', (_name, type, data, value) => {
  expect(decodeData(data, shape(type), 'here')).toBe(value);
  expect(plain(encodeData(value, shape(type)))).toEqual(plain(data));
});

test('whatever is encoded is decoded again', () => {
  const all: Type[] = [bitType(1), bitType(130), { kind: 'int', width: 7 }, boolType, named('outer_t'), named('id_t')];
  const tuple: Type = { kind: 'tuple', elements: all };
  for (const type of [...all, tuple]) {
    const s = shape(type);
    fc.assert(
      fc.property(fc.bigInt(0n, (1n << BigInt(s.deviceWidth)) - 1n), (value) => decodeData(encodeData(value, s), s, 'here') === value),
    );
  }
});

describe('what does not fit is refused', () => {
  test.each<[string, P4Data, Type, string, string]>([
    ['nothing', {}, bitType(8), 'INVALID_ARGUMENT', 'here: takes a bitstring, not nothing'],
    ['bits for a bool', { bitstring: bytes('01') }, boolType, 'INVALID_ARGUMENT', 'here: takes a bool, not bitstring'],
    ['a field less', { struct: { members: [{ bool: true }] } }, named('inner_t'), 'INVALID_ARGUMENT', 'here: takes 2 members, not 1'],
    [
      'a field too wide',
      { struct: { members: [{ bitstring: bytes('10') }, { bool: true }] } },
      named('inner_t'),
      'INVALID_ARGUMENT',
      'here, field low: 0x10 does not fit bit<4>',
    ],
    ['empty', { bitstring: bytes('') }, { kind: 'int', width: 8 }, 'INVALID_ARGUMENT', 'here: the value is empty'],
    [
      'a positive number too large for its sign',
      { bitstring: bytes('009d') },
      { kind: 'int', width: 8 },
      'INVALID_ARGUMENT',
      'here: 0x009d',
    ],
    ['another type', { header: {} }, named('u_t'), 'INVALID_ARGUMENT', 'here: takes a header_union, not header'],
    ['fields of a header that is not valid', { header: { bitstrings: [bytes('01')] } }, named('g_t'), 'INVALID_ARGUMENT', 'has no fields'],
    ['a header without its fields', { header: { is_valid: true } }, named('g_t'), 'INVALID_ARGUMENT', 'here: takes 1 members, not 0'],
    [
      'a field of a header that is too wide',
      { header: { is_valid: true, bitstrings: [bytes('10')] } },
      named('g_t'),
      'INVALID_ARGUMENT',
      'here, field one: 0x10 does not fit bit<4>',
    ],
    [
      'a header that the union has not',
      { header_union: { valid_header_name: 'x', valid_header: g } },
      named('u_t'),
      'INVALID_ARGUMENT',
      'here: there is no x; it has h, g',
    ],
    [
      'a header of a union that is not valid',
      { header_union: { valid_header_name: 'g', valid_header: {} } },
      named('u_t'),
      'INVALID_ARGUMENT',
      'here: the valid header is not set',
    ],
    ['a header of a union without its name', { header_union: { valid_header: g } }, named('u_t'), 'INVALID_ARGUMENT', 'has no fields'],
    ['a stack of another size', { header_stack: { entries: [g] } }, stack('g_t'), 'INVALID_ARGUMENT', 'here: takes 2 members, not 1'],
    ['a name that the enum has not', { enum: 'green' }, named('colour_t'), 'INVALID_ARGUMENT', 'here: there is no green; it has red, blue'],
  ])('%s', (_name, data, type, code, message) => {
    expect(() => decodeData(data, shape(type), 'here')).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  test('a type that controllers cannot be told', () => {
    expect(() => checkTold(shape(named('bad_t')), 'here')).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('varbit') }),
    );
  });
});
