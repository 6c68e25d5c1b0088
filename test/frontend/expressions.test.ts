/** Expressions: how operators group (P4-16 §8, appendix G), literals (§6.4.3), and where a name stands for a type. */
import { describe, expect, test } from 'vitest';
import { declarations, expression, mistakes, showType } from './source.js';

describe('operators', () => {
  test.each([
    ['a + b * c', '(a + (b * c))'],
    ['a - b - c', '((a - b) - c)'],
    ['a ++ b + c', '((a ++ b) + c)'],
    ['a << b + c', '(a << (b + c))'],
    ['a >> b >> c', '((a >> b) >> c)'],
    ['a & b << c', '(a & (b << c))'],
    ['a ^ b & c', '(a ^ (b & c))'],
    ['a | b ^ c', '(a | (b ^ c))'],
    ['a < b | c', '(a < (b | c))'],
    ['a == b < c', '(a == (b < c))'],
    ['a & b == c', '((a & b) == c)'],
    ['a && b == c', '(a && (b == c))'],
    ['a || b && c', '(a || (b && c))'],
    ['a || b ? c : d', '((a || b) ? c : d)'],
    ['a ? b : c ? d : e', '(a ? b : (c ? d : e))'],
    ['a |+| b |-| c', '((a |+| b) |-| c)'],
    ['a % b / c', '((a % b) / c)'],
    ['!a && ~b == -c', '((!a) && ((~b) == (-c)))'],
    ['- - a', '(-(-a))'],
    ['-a.b[1]', '(-a.b[1])'],
    ['(a + b) * c', '((a + b) * c)'],
    ['a >= b && c > d', '((a >= b) && (c > d))'],
    ['a > b >> c', '(a > (b >> c))'],
  ])('%s', async (text, tree) => {
    expect(await expression(text)).toBe(tree);
  });

  test('the two halves of >> are not apart', async () => {
    expect(await mistakes('const int a = b > > c;')).toEqual(["1:19 Expected an expression, found '>'."]);
  });
});

describe('values', () => {
  test.each([
    ['10', '10'],
    ['1_000', '1000'],
    ['0x1F', '31'],
    ['0b1010', '10'],
    ['0o17', '15'],
    ['0d09', '9'],
    ['8w0xFF', '8w255'],
    ['8w0b_1010_1010', '8w170'],
    ['16w0377', '16w377'],
    ['16w0o377', '16w255'],
    ['8s127', '8s127'],
    ['true', 'true'],
    ['"a \\" quote"', '"a \\" quote"'],
    ['"two\nlines"', '"two\nlines"'],
    ['{}', '{}'],
    ['{ 1, 2, }', '{1, 2}'],
    ['{ 1, ... }', '{1, ...}'],
    ['{ a = 1, b = { 2 } }', '{a = 1, b = {2}}'],
    ['{ a = 1, ... }', '{a = 1, ...}'],
    ['{ a = 1, ..., }', '{a = 1, ...}'],
    ['{#}', '{#}'],
    ['...', '...'],
    ['this', 'this'],
    ['.top', '.top'],
    ['error.NoMatch', 'type error.NoMatch'],
    ['a.apply().hit', 'a.apply().hit'],
    ['h[3].f[7:4]', 'h[3].f[7:4]'],
    ['x[i +: 8]', 'x[i+:8]'],
    ['f(1, _, b = 2, c = _)', 'f(1, _, b = 2, c = _)'],
    ['key + state.type', '(key + state.type)'],
    ['pkt.lookahead<bit<8>>()', 'pkt.lookahead<bit<8>>()'],
    ['f<tuple<bit<8>, bit<(1 + 2)>>>(x)', 'f<tuple<bit<8>, bit<(1 + 2)>>>(x)'],
  ])('%s', async (text, tree) => {
    expect(await expression(text)).toBe(tree);
  });

  test.each(['0xG', '8wx', '0b2', '08w1x', '1__w2', '0x'])('%s is not a number', async (text) => {
    expect(await mistakes(`const int a = ${text};`)).toEqual([`1:15 ${text} is not a number.`]);
  });

  test('a constant of more digits than any type has is refused in no time', async () => {
    expect((await mistakes(`const int a = ${'9'.repeat(100_000)};`))[0]).toContain('is not a number');
  });
});

describe('names of types', () => {
  const declared = 'typedef bit<8> T; header H { } enum E { A }';

  test.each([
    ['(T) - 1', '(cast T (-1))'],
    ['(t) - 1', '(t - 1)'],
    ['(T) x.y + 1', '((cast T x.y) + 1)'],
    ['(bit<8>) (int<8>) x', '(cast bit<8> (cast int<8> x))'],
    ['(T[3]) { 1 }', '(cast T[3] {1})'],
    ['(tuple<T, bool>) { x, y }', '(cast tuple<T, bool> {x, y})'],
    // A name that is not known is a type where nothing else is possible.
    ['(Unknown) x', '(cast Unknown x)'],
    ['E.A', 'type E.A'],
    ['(E.A)', 'type E.A'],
    ['f(a < T, c > (d))', 'f(a<T, c>(d))'],
    ['f(a < t, c > (d))', 'f((a < t), (c > d))'],
    ['f(a < E.A, c > (d))', 'f((a < type E.A), (c > d))'],
    ['a < b && c > (d)', '((a < b) && (c > d))'],
    ['a < T > (x)', 'a<T>(x)'],
    ['a < (T) x', '(a < (cast T x))'],
    ['T(1)', 'new T(1)'],
    ['.H(1)', 'new .H(1)'],
    ['H<T>(1)', 'new H<T>(1)'],
  ])('%s', async (text, tree) => {
    expect(await expression(text, declared)).toBe(tree);
  });

  test('a variable hides a type in its scope', async () => {
    const [, , last] = await declarations('typedef bit<8> T; bit<8> f(in bit<8> T) { return (T) - 1; } const bit<8> c = (T) - 1;');
    expect(last).toMatchObject({ value: { kind: 'cast' } });
    const [, inner] = await declarations('typedef bit<8> T; bit<8> f(in bit<8> T) { return (T) - 1; }');
    expect(inner).toMatchObject({ body: { body: [{ kind: 'return', value: { kind: 'binary', op: '-' } }] } });
  });

  test('a parameter of a function is a type in it', async () => {
    const [f, g] = await declarations('T f<T>(in T x) { return (T) - x; } bit<8> g(in bit<8> T) { return (T) - 1; }');
    expect(f).toMatchObject({ returns: { kind: 'named-type' }, body: { body: [{ value: { kind: 'cast' } }] } });
    expect(g).toMatchObject({ body: { body: [{ value: { kind: 'binary' } }] } });
  });

  test('a type is not a value', async () => {
    expect(await mistakes('typedef bit<8> T;\nconst bit<8> c = T + 1;')).toEqual([
      "2:20 Expected '.' or '(' after the name of a type, found '+'.",
    ]);
  });
});

describe('types', () => {
  test.each([
    'bit',
    'bit<8>',
    'bit<(2 * W)>',
    'int',
    'int<16>',
    'varbit<320>',
    'bool',
    'error',
    'string',
    'match_kind',
    'Some',
    '.Some',
    'Some<bit<8>, _>',
    'Some<>',
    'Some[4]',
    'Some<bool>[2][3]',
    'tuple<>',
    'tuple<bit<8>, tuple<bool, int>>',
    'list<tuple<bit<8>>>',
  ])('%s', async (text) => {
    const [declared] = await declarations(`struct S { ${text} f; }`);
    expect(declared).toMatchObject({ kind: 'struct', fields: [{ name: { text: 'f' } }] });
    const [field] = (declared as unknown as { fields: { type: Parameters<typeof showType>[0] }[] }).fields;
    // A width that is an expression has its parentheses from how it is shown.
    expect(showType(field!.type)).toBe(text);
  });

  test('a width is an expression without a > of its own', async () => {
    const [declared] = await declarations('struct S { bit<W + 1> a; bit<(A > B ? 1 : 2)> b; bit<A << 2> c; bit<8>[4] d; bit<8> e[4]; }');
    expect((declared as unknown as { fields: { type: Parameters<typeof showType>[0] }[] }).fields.map((f) => showType(f.type))).toEqual([
      'bit<(W + 1)>',
      'bit<((A > B) ? 1 : 2)>',
      'bit<(A << 2)>',
      'bit<8>[4]',
      'bit<8>[4]',
    ]);
  });
});
