/**
 * The points at which BMv2's behaviour surprises, numbered as in the list of them that the project keeps: values, headers
 * and parsers.
 */
import { describe, expect, test } from 'vitest';
import { validate } from '../../compiler/analysis/validate.js';
import type { MatchValue } from '../../compiler/control/match.js';
import {
  binary,
  bits,
  bitType,
  bool,
  boolType,
  callFunction,
  errorType,
  errorValue,
  field,
  isValid,
  member,
  name,
  named,
  not,
  unary,
} from '../../compiler/ir/build.js';
import type { Block, Expr, Stmt, TypeDecl } from '../../compiler/ir/index.js';
import { nowhere } from '../../compiler/support/location.js';
import type { StateUpdate } from '../../runtime/data-plane/messages.js';
import {
  a,
  b,
  byte,
  cast,
  inIngress,
  k,
  Lab,
  labTypes,
  metaField,
  outValue,
  run,
  seen,
  set,
  show,
  signed,
  slice,
  v,
  valid,
  when,
  wide,
  x,
  y,
} from '../support/v1model-lab.js';
import {
  action,
  apply,
  checksum,
  entry,
  extract,
  hdr,
  header,
  key,
  type Parts,
  packet,
  program,
  select,
  setPort,
  state,
  stdField,
  struct,
  table,
} from '../support/v1model-program.js';

const stackOf = (text: string, size: number): Expr => field(hdr, text, { kind: 'stack', element: named('byte_t'), size });
const stackMember = (base: Expr, which: 'next' | 'last' | 'lastIndex'): Expr => ({
  kind: 'stack-member',
  base,
  member: which,
  type: which === 'lastIndex' ? bitType(32) : named('byte_t'),
  loc: nowhere,
});
const at = (base: Expr, index: number | Expr): Expr => ({
  kind: 'index',
  base,
  index: typeof index === 'number' ? bits(index, 32) : index,
  type: named('byte_t'),
  loc: nowhere,
});
const s = stackOf('s', 3);
const isError = (error: string) =>
  binary('==', field(name('standard_metadata', named('standard_metadata_t')), 'parser_error', errorType), errorValue(error));

const ingress = (...body: Stmt[]) => run({ ...wide, ingress: body }, '')[0]?.slice(2);

describe('arithmetic', () => {
  test('trap 1: + - * << ~ and casts wrap at every step, not only when a field is written', () => {
    expect(seen(binary('>>', binary('+', byte(250), byte(10)), byte(1)))).toBe(2n);
    expect(seen(binary('>>', binary('-', byte(3), byte(5)), byte(1)))).toBe(0x7fn);
    expect(seen(binary('>>', binary('*', byte(20), byte(20)), byte(4)))).toBe(9n);
    expect(seen(binary('>>', binary('<<', byte(0xff), byte(4)), byte(4)))).toBe(0x0fn);
    expect(seen(cast(unary('~', byte(0x0f)), bitType(16)))).toBe(0xf0n);
    expect(seen(cast(cast(bits(0x1234, 16), bitType(8)), bitType(16)))).toBe(0x34n);
  });
  test('trap 2: saturating operators stop at the limits of the type', () => {
    expect([seen(binary('|+|', byte(250), byte(10))), seen(binary('|-|', byte(3), byte(5)))]).toEqual([255n, 0n]);
    const low = cast(binary('|-|', signed(-100), signed(100)), bitType(8));
    expect([seen(cast(binary('|+|', signed(100), signed(100)), bitType(8))), seen(low)]).toEqual([127n, 0x80n]);
  });
  test('trap 3: a shift by the width or more gives 0, or the sign', () => {
    expect([seen(binary('<<', byte(0xff), byte(8))), seen(binary('>>', byte(0xff), byte(200)))]).toEqual([0n, 0n]);
    expect(seen(cast(binary('>>', signed(-2), byte(200)), bitType(8)))).toBe(0xffn);
    expect(seen(cast(binary('>>', signed(2), byte(200)), bitType(8)))).toBe(0n);
  });
  test('trap 4: int compares with its sign, shifts it in, and is unsigned in slices', () => {
    expect([seen(binary('<', signed(-1), signed(1))), seen(binary('<', byte(255), byte(1)))]).toEqual([1n, 0n]);
    expect(seen(cast(binary('>>', signed(-8), byte(1)), bitType(8)))).toBe(0xfcn);
    expect(seen(slice(signed(-1), 7, 4))).toBe(15n);
  });
  test('trap 5: slices read and write only their bits; ++ puts its left operand first', () => {
    expect(seen(slice(bits(0xabcd, 16), 11, 4))).toBe(0xbcn);
    expect(seen(binary('++', byte(0xab), bits(0xc, 4)))).toBe(0xabcn);
    expect(seen(outValue, ...show(bits(-1n & 0xffffn, 64)), set(slice(outValue, 11, 4), 0x5a))).toBe(0xf5afn);
  });
  test('trap 6: && and || do not evaluate what they need not', () => {
    // The last element of an empty stack is an error, which the parser would end with.
    const last = binary('==', v(stackMember(s, 'last')), byte(1));
    const parser = (cond: Expr) => [state('start', [when(cond, [])], 'accept')];
    const error = (cond: Expr) => inIngress(isError('StackOutOfBounds'), [], { ...wide, states: parser(cond) }, '');
    expect([error(binary('&&', bool(false), last)), error(binary('||', bool(true), last))]).toEqual([0n, 0n]);
    expect([error(binary('&&', bool(true), last)), error(binary('||', bool(false), last))]).toEqual([1n, 1n]);
  });
  test('trap 7: bool and bit<1> convert into each other', () => {
    expect([seen(cast(bool(true), bitType(1))), seen(cast(cast(bits(1, 1), boolType), bitType(1)))]).toEqual([1n, 1n]);
    expect(seen(not(cast(bits(0, 1), boolType)))).toBe(1n);
  });
  test('trap 8: enums count from 0, serializable ones have their values, errors their order', () => {
    const types: TypeDecl[] = [
      ...labTypes,
      { kind: 'enum', name: 'plain', members: [{ name: 'p' }, { name: 'q' }], loc: nowhere },
      { kind: 'enum', name: 'valued', base: bitType(16), members: [{ name: 'm', value: 0x800n }], loc: nowhere },
      struct('told_t', { plain: named('plain'), valued: named('valued'), error: errorType }),
    ];
    const data: Expr = {
      kind: 'struct',
      fields: [
        { name: 'plain', value: member('plain', 'q') },
        { name: 'valued', value: member('valued', 'm') },
        { name: 'error', value: errorValue('StackOutOfBounds') },
      ],
      type: named('told_t'),
      loc: nowhere,
    };
    const { digests } = new Lab({ types, ingress: [callFunction('digest', [bits(1, 32), data])] }).send();
    expect(digests).toEqual([{ digest: 'told_t', values: [1n, 0x800n, 3n] }]);
  });
});

describe('headers', () => {
  test('trap 9: a field of an invalid header is 0, in a table key too; metadata is 0 for every packet', () => {
    expect(seen(v(x), set(v(x), 7))).toBe(0n);
    const to = action('to', {}, [setPort(4)]);
    const t = table('t', [key(v(x), 'exact')], ['to'], { entries: [entry([{ kind: 'value', value: byte(0) }], 'to')] });
    expect(run({ ...wide, ingressLocals: [to, t], ingress: [set(v(x), 9), apply('t')] }, 'aa')).toEqual(['4:aa']);
    const m = metaField('m', 64);
    const lab = new Lab({ metadata: { m: 64 }, ingress: [...show(m), set(m, 9)] });
    expect([lab.send().shown, lab.send().shown]).toEqual([[0n], [0n]]);
  });
  test('trap 10: setValid zeroes only what was invalid; egress sees the longer packet', () => {
    expect(ingress(valid(x), set(v(x), 7), valid(x))).toBe('07');
    expect(ingress(valid(x), set(v(x), 7), valid(x, false), valid(x))).toBe('00');
    const egress = show(stdField('packet_length', 32));
    const length = (...body: Block) => new Lab({ ...wide, ingress: body, egress }).send('aabbcc').shown[0];
    expect([length(), length(valid(x), valid(x)), length(valid(x), valid(x, false))]).toEqual([3n, 4n, 3n]);
  });
  test('trap 11: assigning an invalid header makes the other invalid', () => {
    expect(ingress(valid(x), set(v(x), 7), set(x, y))).toBe('');
    expect(ingress(valid(x), set(v(x), 7), set(y, x))).toBe('0707');
  });
  test('trap 12: two invalid headers are equal', () => {
    const equal = binary('==', x, y);
    expect([seen(equal), seen(equal, valid(x)), seen(equal, valid(x), valid(y))]).toEqual([1n, 0n, 1n]);
    expect(seen(equal, valid(x), valid(y), set(v(y), 1))).toBe(0n);
    expect(seen(binary('!=', x, y))).toBe(0n);
  });
  test('trap 13: push and pop shift, what comes in is invalid, nextIndex stays within the stack', () => {
    const fill = [1, 2, 3].flatMap((n) => [valid(at(s, n - 1)), set(v(at(s, n - 1)), n)]);
    const push = (count: number): Stmt => ({ kind: 'push', stack: s, count, loc: nowhere });
    const pop = (count: number): Stmt => ({ kind: 'pop', stack: s, count, loc: nowhere });
    expect([ingress(...fill, push(1)), ingress(...fill, pop(1)), ingress(...fill, push(9))]).toEqual(['0102', '0203', '']);
    expect(seen(isValid(at(s, 0)), ...fill, push(1))).toBe(0n);
    const lastIndex = stackMember(s, 'lastIndex');
    expect([seen(lastIndex, push(9)), seen(lastIndex, push(2), pop(1)), seen(lastIndex, push(1), pop(2))]).toEqual([2n, 0n, 0xffffffffn]);
  });
  test('trap 14: a run-time index out of range reads 0 and writes nothing (BMv2 aborts)', () => {
    const fill = [0, 1, 2].flatMap((n) => [valid(at(s, n)), set(v(at(s, n)), n + 1)]);
    const index = cast(byte(3), bitType(32));
    expect(seen(v(at(s, index)), ...fill)).toBe(0n);
    expect(ingress(...fill, set(v(at(s, index)), 9))).toBe('010203');
  });
  test('trap 15: making one member of a union valid makes the others invalid', () => {
    const u = field(hdr, 'u', named('either_t'));
    const [p, q] = ['p', 'q'].map((n) => field(u, n, named('byte_t'))) as [Expr, Expr];
    expect(ingress(valid(p), set(v(p), 1), valid(q), set(v(q), 2))).toBe('02');
    expect([seen(isValid(p), valid(p), valid(q)), seen(isValid(u), valid(p))]).toEqual([0n, 1n]);
    expect(ingress(valid(p), set(v(p), 1), valid(x), set(v(x), 3), set(q, x))).toBe('0303');
  });
  test('trap 16: the length of a varbit is whole bytes, and at most its maximum', () => {
    const o = field(hdr, 'o', named('options_t'));
    const parse = (length: number, hex: string) => {
      const states = [state('start', [extract(o, bits(length, 32))], 'accept')];
      const of = (error: string) => inIngress(isError(error), [], { ...wide, states }, hex);
      return ['NoError', 'ParserInvalidArgument', 'HeaderTooShort', 'PacketTooShort'].filter((error) => of(error) === 1n)[0];
    };
    expect(parse(16, '02aabbcc')).toBe('NoError');
    expect(parse(12, '02aabbcc')).toBe('ParserInvalidArgument');
    expect(parse(40, '05aabbccddee')).toBe('HeaderTooShort');
    expect(parse(32, '04aabb')).toBe('PacketTooShort');
    const states = [state('start', [extract(o, bits(16, 32))], 'accept')];
    expect(run({ ...wide, states, ingress: [set(field(o, 'length', bitType(8)), 9)] }, '02aabbcc')).toEqual(['0:09aabbcc']);
  });
  test('trap 17: headers are whole bytes', () => {
    const of = (...widths: number[]) => {
      const fields = Object.fromEntries(widths.map((width, i) => [`f${i}`, width]));
      const given = program({ types: [header('odd_t', fields)], headers: { odd: named('odd_t') }, states: [state('start', [], 'accept')] });
      return validate(given).diagnostics.map(({ code }) => code);
    };
    expect([of(12), of(8, 4), of(12, 4), of(1, 3, 4)]).toEqual([['header-size'], ['header-size'], [], []]);
  });
  test('trap 18: emit leaves out invalid headers, and stacks come in the order of their index', () => {
    const third = [valid(at(s, 2)), set(v(at(s, 2)), 3)];
    expect(ingress(...third, valid(at(s, 0)), set(v(at(s, 0)), 1))).toBe('0103');
  });
});

describe('the parser', () => {
  const short: Partial<Parts> = { ...wide, states: [state('start', [extract(k), extract(x)], 'accept')] };

  test('trap 19: an error drops nothing: what was extracted stays, the rest is payload, checksums are verified', () => {
    expect(run({ ...short, ingress: [setPort(3), set(a, 0)] }, 'aabb')).toEqual(['3:00bb']);
    expect(inIngress(isError('PacketTooShort'), [], short, 'aabb')).toBe(1n);
    const verify = [checksum('verify_checksum', isValid(k), [bits(1, 16)], b)];
    expect(inIngress(stdField('checksum_error', 1), [], { ...short, verify }, 'aabb')).toBe(1n);
  });
  test('trap 20: an extract that fails takes nothing; a full stack is StackOutOfBounds; lookahead takes nothing', () => {
    const lookahead: Expr = { kind: 'lookahead', packet, type: bitType(16), loc: nowhere };
    const big = { ...wide, states: [state('start', [extract(x), extract(k)], 'accept')] };
    expect(run({ ...big, ingress: [set(v(x), 0)] }, 'aabb')).toEqual(['0:00bb']);
    const full = {
      ...wide,
      states: [
        state(
          'start',
          Array.from({ length: 4 }, () => extract(stackMember(s, 'next'))),
          'accept',
        ),
      ],
    };
    expect(inIngress(isError('StackOutOfBounds'), [], full, '01020304')).toBe(1n);
    const look = (hex: string) =>
      new Lab({
        ...wide,
        metadata: { m: 16 },
        states: [state('start', [set(metaField('m', 16), lookahead)], 'accept')],
        ingress: [...show(binary('++', metaField('m', 16), cast(cast(isError('PacketTooShort'), bitType(1)), bitType(8))))],
      }).send(hex).sent;
    expect([look('aabbcc'), look('aa')]).toEqual([['0:0000000000aabb00aabbcc'], ['0:0000000000000001aa']]);
  });
  test('trap 21: a select without a match, and reject, accept without an error', () => {
    const choose = (otherwise?: string) => ({ states: [state('start', [extract(k)], select(a, [[1, 'accept']], otherwise))] });
    expect([inIngress(isError('NoError'), [], choose()), inIngress(isError('NoError'), [], choose('reject'))]).toEqual([1n, 1n]);
  });
  test('trap 22: the first case that matches is taken; value sets match their members', () => {
    const m = metaField('m', 64);
    const goTo = (keys: object, next: string) => ({ keys: [keys], next, loc: nowhere }) as never;
    const states = [
      state('start', [extract(k)], {
        kind: 'select',
        on: [a],
        cases: [
          goTo({ kind: 'value-set', name: 'known' }, 'one'),
          goTo({ kind: 'range', low: byte(0x10), high: byte(0x20) }, 'two'),
          goTo({ kind: 'mask', value: byte(0x10), mask: byte(0xf0) }, 'three'),
          goTo({ kind: 'any' }, 'accept'),
        ],
        loc: nowhere,
      }),
      ...['one', 'two', 'three'].map((n, i) => state(n, [set(m, i + 1)], 'accept')),
    ];
    const parserLocals = [{ kind: 'value-set', name: 'known', type: bitType(8), size: 4, loc: nowhere } as const];
    const fill = (...values: bigint[]): StateUpdate => ({
      kind: 'value-set',
      valueSet: 'parse.known',
      members: values.map((value) => [{ kind: 'exact', value }]),
    });
    const lab = new Lab({ metadata: { m: 64 }, states, parserLocals, ingress: show(m) });
    const taken = () => ['15', '20', '21', '1f', '05'].map((hex) => lab.send(`${hex}00`).shown[0]);
    expect(taken()).toEqual([2n, 2n, 0n, 2n, 0n]);
    lab.interpreter.state.write([fill(0x15n, 0x05n)]);
    expect(taken()).toEqual([1n, 2n, 0n, 2n, 1n]);
    lab.interpreter.state.write([fill()]);
    expect(taken()).toEqual([2n, 2n, 0n, 2n, 0n]);
  });
  test('trap 22: a value set over several keys', () => {
    const both = [{ keys: [{ kind: 'value-set', name: 'known' } as const], next: 'hit', loc: nowhere }];
    const m = metaField('m', 64);
    const lab = new Lab({
      types: [...labTypes, struct('pair_t', { p: 8, q: 8 })],
      metadata: { m: 64 },
      states: [
        state('start', [extract(k)], { kind: 'select', on: [a, b], cases: both, loc: nowhere }),
        state('hit', [set(m, 1)], 'accept'),
      ],
      parserLocals: [{ kind: 'value-set', name: 'known', type: named('pair_t'), size: 4, loc: nowhere }],
      ingress: show(m),
    });
    const match: MatchValue[] = [
      { kind: 'exact', value: 1n },
      { kind: 'exact', value: 2n },
    ];
    lab.interpreter.state.write([{ kind: 'value-set', valueSet: 'parse.known', members: [match] }]);
    expect(['0102', '0202', '0103'].map((hex) => lab.send(hex).shown[0])).toEqual([1n, 0n, 0n]);
  });
});
