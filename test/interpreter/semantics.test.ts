/**
 * The points at which BMv2's behaviour surprises, numbered as in the list of them that the project keeps: values, headers
 * and parsers.
 */
import { describe, expect, test } from 'vitest';
import { compile } from '../../compiler/compile.js';
import type { StateUpdate } from '../../runtime/data-plane/messages.js';
import { bmv2 } from '../../targets/bmv2/node.js';
import { isOfWhole } from '../support/diagnostics.js';
import { bytesOf, extractK, holds, type Parts, Runs, run, seen, show, v1modelProgram } from '../support/v1model-runs.js';

const ingress = (body: string) => bytesOf({ ingress: body });
/** The value of an expression of the two bytes `h.k.a` and `h.k.b`, which come in the packet, and of the signed `meta.a`, `meta.b`. */
const of = (value: string, hex: string) =>
  seen(value, 'meta.a = (int<8>) h.k.a; meta.b = (int<8>) h.k.b;', { meta: 'int<8> a; int<8> b;', start: extractK }, hex);
const isError = (error: string) => `std.parser_error == error.${error}`;

describe('arithmetic', () => {
  test('trap 1: + - * << ~ and casts wrap at every step, not only when a field is written', async () => {
    expect(await of('(h.k.a + h.k.b) >> 1', 'fa0a')).toBe(2n);
    expect(await of('(h.k.a - h.k.b) >> 1', '0305')).toBe(0x7fn);
    expect(await of('(h.k.a * h.k.b) >> 4', '1414')).toBe(9n);
    expect(await of('(h.k.a << h.k.b) >> 4', 'ff04')).toBe(0x0fn);
    expect(await of('(bit<16>) ~h.k.a', '0f00')).toBe(0xf0n);
    expect(await of('(bit<16>) (bit<8>) (h.k.a ++ h.k.b)', '1234')).toBe(0x34n);
  });
  test('trap 2: saturating operators stop at the limits of the type', async () => {
    expect([await of('h.k.a |+| h.k.b', 'fa0a'), await of('h.k.a |-| h.k.b', '0305')]).toEqual([255n, 0n]);
    expect(await of('(bit<8>) (meta.a |+| meta.b)', '6464')).toBe(127n);
    // -100 - 100
    expect(await of('(bit<8>) (meta.a |-| meta.b)', '9c64')).toBe(0x80n);
  });
  test('trap 3: a shift by the width or more gives 0, or the sign', async () => {
    expect([await of('h.k.a << h.k.b', 'ff08'), await of('h.k.a >> h.k.b', 'ffc8')]).toEqual([0n, 0n]);
    expect(await of('(bit<8>) (meta.a >> h.k.b)', 'fec8')).toBe(0xffn);
    expect(await of('(bit<8>) (meta.a >> h.k.b)', '02c8')).toBe(0n);
  });
  test('trap 4: int compares with its sign, shifts it in, and is unsigned in slices', async () => {
    expect([await of('meta.a < meta.b ? 8w1 : 0', 'ff01'), await of('h.k.a < h.k.b ? 8w1 : 0', 'ff01')]).toEqual([1n, 0n]);
    expect(await of('(bit<8>) (meta.a >> h.k.b)', 'f801')).toBe(0xfcn);
    expect(await of('meta.a[7:4]', 'ff00')).toBe(15n);
  });
  test('trap 5: slices read and write only their bits; ++ puts its left operand first', async () => {
    expect(await of('(h.k.a ++ h.k.b)[11:4]', 'abcd')).toBe(0xbcn);
    expect(await of('h.k.a ++ h.k.b[3:0]', 'ab0c')).toBe(0xabcn);
    expect(await seen('h.shown.value', `${show('16w0xffff')} h.shown.value[11:4] = 0x5a;`)).toBe(0xf5afn);
  });
  test('trap 6: && and || do not evaluate what they need not', async () => {
    // The last element of an empty stack is an error, which the parser would end with.
    const error = (cond: string) =>
      holds(isError('StackOutOfBounds'), '', { start: `bool no = false; bool yes = true; if (${cond}) { } transition accept;` });
    const last = 'h.s.last.v == 1';
    expect([await error(`no && ${last}`), await error(`yes || ${last}`)]).toEqual([0n, 0n]);
    expect([await error(`yes && ${last}`), await error(`no || ${last}`)]).toEqual([1n, 1n]);
  });
  test('trap 7: bool and bit<1> convert into each other', async () => {
    expect(await of('(bit<1>) (h.k.a == 1)', '0100')).toBe(1n);
    expect(await of('(bit<1>) (bool) h.k.a[0:0]', '0100')).toBe(1n);
    expect(await of('(bit<1>) !(bool) h.k.a[0:0]', '0000')).toBe(1n);
  });
  test('trap 8: enums count from 0, serializable ones have their values, errors their order', async () => {
    const runs = await Runs.of({
      top: 'enum plain { p, q } enum bit<16> valued { m = 0x800 } struct told_t { plain plain; valued valued; error error_; }',
      ingress: 'digest<told_t>(1, { plain = plain.q, valued = valued.m, error_ = error.StackOutOfBounds });',
    });
    expect(runs.send().digests).toEqual([{ digest: 'told_t', values: [1n, 0x800n, 3n] }]);
  });
});

describe('headers', () => {
  test('trap 9: a field of an invalid header is 0, in a table key too; metadata is 0 for every packet', async () => {
    expect(await seen('h.x.v', 'h.x.v = 7;')).toBe(0n);
    const locals = `action to() { std.egress_spec = 4; }
      table t { key = { h.x.v: exact; } actions = { to; @defaultonly NoAction; } const entries = { 0: to(); } }`;
    expect(await run({ locals, ingress: 'h.x.v = 9; t.apply();' }, 'aa')).toEqual(['4:aa']);
    const runs = await Runs.of({ ingress: `${show('meta.m')} meta.m = 9;` });
    expect([runs.send().shown, runs.send().shown]).toEqual([[0n], [0n]]);
  });
  test('trap 10: setValid zeroes only what was invalid; egress sees the longer packet', async () => {
    expect(await ingress('h.x.setValid(); h.x.v = 7; h.x.setValid();')).toBe('07');
    expect(await ingress('h.x.setValid(); h.x.v = 7; h.x.setInvalid(); h.x.setValid();')).toBe('00');
    const length = async (body: string) => (await Runs.of({ ingress: body, egress: show('std.packet_length') })).send('aabbcc').shown[0];
    expect(await length('')).toBe(3n);
    expect(await length('h.x.setValid(); h.x.setValid();')).toBe(4n);
    expect(await length('h.x.setValid(); h.x.setInvalid();')).toBe(3n);
  });
  test('trap 11: assigning an invalid header makes the other invalid', async () => {
    expect(await ingress('h.x.setValid(); h.x.v = 7; h.x = h.y;')).toBe('');
    expect(await ingress('h.x.setValid(); h.x.v = 7; h.y = h.x;')).toBe('0707');
  });
  test('trap 12: two invalid headers are equal', async () => {
    const equal = (before: string) => holds('h.x == h.y', before);
    expect(await equal('')).toBe(1n);
    expect(await equal('h.x.setValid();')).toBe(0n);
    expect(await equal('h.x.setValid(); h.y.setValid();')).toBe(1n);
    expect(await equal('h.x.setValid(); h.y.setValid(); h.y.v = 1;')).toBe(0n);
    expect(await holds('h.x != h.y')).toBe(0n);
  });
  const fill = [0, 1, 2].map((i) => `h.s[${i}].setValid(); h.s[${i}].v = ${i + 1};`).join(' ');
  test('trap 13: push and pop shift, what comes in is invalid, nextIndex stays within the stack', async () => {
    expect(await ingress(`${fill} h.s.push_front(1);`)).toBe('0102');
    expect(await ingress(`${fill} h.s.pop_front(1);`)).toBe('0203');
    expect(await ingress(`${fill} h.s.push_front(9);`)).toBe('');
    expect(await holds('h.s[0].isValid()', `${fill} h.s.push_front(1);`)).toBe(0n);
    const lastIndex = (moves: string) => seen('meta.m', '', { start: `${moves} meta.m = (bit<64>) h.s.lastIndex; transition accept;` });
    expect(await lastIndex('h.s.push_front(9);')).toBe(2n);
    expect(await lastIndex('h.s.push_front(2); h.s.pop_front(1);')).toBe(0n);
    expect(await lastIndex('h.s.push_front(1); h.s.pop_front(2);')).toBe(0xffffffffn);
  });
  test('trap 14: a run-time index out of range reads 0 and writes nothing (BMv2 aborts)', async () => {
    // The packet comes in at port 1.
    const far = 'h.s[std.ingress_port + 2]';
    expect(await seen(`${far}.v`, fill)).toBe(0n);
    expect(await ingress(`${fill} ${far}.v = 9;`)).toBe('010203');
  });
  test('trap 15: making one member of a union valid makes the others invalid', async () => {
    expect(await ingress('h.u.p.setValid(); h.u.p.v = 1; h.u.q.setValid(); h.u.q.v = 2;')).toBe('02');
    expect(await holds('h.u.p.isValid()', 'h.u.p.setValid(); h.u.q.setValid();')).toBe(0n);
    expect(await holds('h.u.isValid()', 'h.u.p.setValid();')).toBe(1n);
    expect(await ingress('h.u.p.setValid(); h.u.p.v = 1; h.x.setValid(); h.x.v = 3; h.u.q = h.x;')).toBe('0303');
  });
  test('trap 16: the length of a varbit is whole bytes, and at most its maximum', async () => {
    const start = (length: number) => `p.extract(h.o, ${length}); transition accept;`;
    const errors = ['NoError', 'ParserInvalidArgument', 'HeaderTooShort', 'PacketTooShort'];
    const which = errors.map((error, i) => `if (${isError(error)}) { ${show(`8w${i}`)} }`).join(' ');
    const parse = async (length: number, hex: string) =>
      errors[Number((await Runs.of({ start: start(length), ingress: which })).send(hex).shown[0])];
    expect(await parse(16, '02aabbcc')).toBe('NoError');
    expect(await parse(12, '02aabbcc')).toBe('ParserInvalidArgument');
    expect(await parse(40, '05aabbccddee')).toBe('HeaderTooShort');
    expect(await parse(32, '04aabb')).toBe('PacketTooShort');
    expect(await run({ start: start(16), ingress: 'h.o.length = 9;' }, '02aabbcc')).toEqual(['0:09aabbcc']);
  });
  test('trap 17: headers are whole bytes', async () => {
    const of = async (...widths: number[]) => {
      const fields = widths.map((width, i) => `bit<${width}> f${i};`).join(' ');
      const odd = { top: `header odd_t { ${fields} }`, parserLocals: 'odd_t odd;', start: 'p.extract(odd); transition accept;' };
      return compile(await v1modelProgram(odd), bmv2)
        .diagnostics.filter(isOfWhole)
        .map(({ code }) => code);
    };
    expect([await of(12), await of(8, 4), await of(12, 4), await of(1, 3, 4)]).toEqual([['header-size'], ['header-size'], [], []]);
  });
  test('trap 18: emit leaves out invalid headers, and stacks come in the order of their index', async () => {
    expect(await ingress('h.s[2].setValid(); h.s[2].v = 3; h.s[0].setValid(); h.s[0].v = 1;')).toBe('0103');
  });
});

describe('the parser', () => {
  const short: Parts = { start: 'p.extract(h.k); p.extract(h.x); transition accept;' };

  test('trap 19: an error drops nothing: what was extracted stays, the rest is payload, checksums are verified', async () => {
    expect(await run({ ...short, ingress: 'std.egress_spec = 3; h.k.a = 0;' }, 'aabb')).toEqual(['3:00bb']);
    expect(await holds(isError('PacketTooShort'), '', short, 'aabb')).toBe(1n);
    const verify = 'verify_checksum(h.k.isValid(), { 16w1 }, (bit<16>) h.k.b, HashAlgorithm.csum16);';
    expect(await seen('std.checksum_error', '', { ...short, verify }, 'aabb')).toBe(1n);
  });
  test('trap 20: an extract that fails takes nothing; a full stack is StackOutOfBounds; lookahead takes nothing', async () => {
    expect(await run({ start: 'p.extract(h.x); p.extract(h.k); transition accept;', ingress: 'h.x.v = 0;' }, 'aabb')).toEqual(['0:00bb']);
    const start = `${'p.extract(h.s.next); '.repeat(4)} transition accept;`;
    expect(await holds(isError('StackOutOfBounds'), '', { start }, '01020304')).toBe(1n);
    const look = (hex: string) =>
      run(
        {
          start: 'meta.m = (bit<64>) p.lookahead<bit<16>>(); transition accept;',
          ingress: show(`meta.m[15:0] ++ (${isError('PacketTooShort')} ? 8w1 : 0)`),
        },
        hex,
      );
    expect([await look('aabbcc'), await look('aa')]).toEqual([['0:0000000000aabb00aabbcc'], ['0:0000000000000001aa']]);
  });
  test('trap 21: a select without a match, and reject, accept without an error', async () => {
    const choose = (otherwise: string) =>
      holds(isError('NoError'), '', { start: `p.extract(h.k); transition select(h.k.a) { 1: accept; ${otherwise} }` }, 'aabbcc');
    expect([await choose(''), await choose('default: reject;')]).toEqual([1n, 1n]);
  });
  const members = (...values: readonly bigint[][]): StateUpdate => ({
    kind: 'value-set',
    valueSet: 'parse.known',
    members: values.map((member) => member.map((value) => ({ kind: 'exact', value }))),
  });
  test('trap 22: the first case that matches is taken; value sets match their members', async () => {
    const runs = await Runs.of({
      parserLocals: 'value_set<bit<8>>(4) known;',
      start: 'p.extract(h.k); transition select(h.k.a) { known: one; 0x10 .. 0x20: two; 0x10 &&& 0xf0: three; _: accept; }',
      states: ['one', 'two', 'three'].map((name, i) => `state ${name} { meta.m = ${i + 1}; transition accept; }`).join(' '),
      ingress: show('meta.m'),
    });
    const taken = () => ['15', '20', '21', '1f', '05'].map((hex) => runs.send(`${hex}00`).shown[0]);
    expect(taken()).toEqual([2n, 2n, 0n, 2n, 0n]);
    runs.interpreter.state.write([members([0x15n], [0x05n])]);
    expect(taken()).toEqual([1n, 2n, 0n, 2n, 1n]);
    runs.interpreter.state.write([members()]);
    expect(taken()).toEqual([2n, 2n, 0n, 2n, 0n]);
  });
  test('trap 22: a value set over several keys', async () => {
    const runs = await Runs.of({
      top: 'struct pair_t { bit<8> p; bit<8> q; }',
      parserLocals: 'value_set<pair_t>(4) known;',
      start: 'p.extract(h.k); transition select(h.k.a, h.k.b) { known: hit; default: accept; }',
      states: 'state hit { meta.m = 1; transition accept; }',
      ingress: show('meta.m'),
    });
    runs.interpreter.state.write([members([1n, 2n])]);
    expect(['0102', '0202', '0103'].map((hex) => runs.send(hex).shown[0])).toEqual([1n, 0n, 0n]);
  });
});
