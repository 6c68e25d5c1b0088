// P4Data from and to numbers, for types that only programs written for v1model have.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bitType, boolType, named } from '../../compiler/ir/build.js';
import type { Type } from '../../compiler/ir/index.js';
import { nowhere } from '../../compiler/support/location.js';
import type { P4Data } from '../../runtime/p4runtime/messages.js';
import { type DataShape, dataShape, decodeData, encodeData } from '../../runtime/switch/data.js';
import { bytes, plain } from '../support/switches.js';
import { program, state, struct } from '../support/v1model-program.js';

const types = program({
  types: [
    struct('inner_t', { low: 4, flag: boolType }),
    struct('outer_t', { first: 12, inner: named('inner_t'), kind: named('kind_t'), delta: { kind: 'int', width: 12 } }),
    struct('bad_t', { why: { kind: 'error' } }),
    { kind: 'enum', name: 'kind_t', base: bitType(8), members: [{ name: 'a', value: 1n }], loc: nowhere },
    { kind: 'newtype', name: 'id_t', type: bitType(9), loc: nowhere },
  ],
  headers: {},
  states: [state('start', [], 'accept')],
});
const shape = (type: Type): DataShape => dataShape(types, type, 'here');

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
  expect(outer.width).toBe(12 + 5 + 8 + 12);
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

test('whatever is encoded is decoded again', () => {
  const all: Type[] = [bitType(1), bitType(130), { kind: 'int', width: 7 }, boolType, named('outer_t'), named('id_t')];
  const tuple: Type = { kind: 'tuple', elements: all };
  for (const type of [...all, tuple]) {
    const s = shape(type);
    fc.assert(fc.property(fc.bigInt(0n, (1n << BigInt(s.width)) - 1n), (value) => decodeData(encodeData(value, s), s, 'here') === value));
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
  ])('%s', (_name, data, type, code, message) => {
    expect(() => decodeData(data, shape(type), 'here')).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  test('a type without a width', () => {
    expect(() => shape(named('bad_t'))).toThrow(
      expect.objectContaining({ code: 'UNIMPLEMENTED', message: expect.stringContaining('error') }),
    );
  });
});
