/** What the checker finds out: values that are known, types that are inferred, casts that are not written. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { showType, type Type } from '../../../compiler/frontend/check/types.js';
import { check } from './check.js';

/** The value of the last constant. */
async function known(text: string): Promise<unknown> {
  const { findings, diagnostics } = await check(text);
  expect(diagnostics.list.filter((d) => d.severity === 'error').map((d) => d.message)).toEqual([]);
  const found = [...findings.entities.values()].find((e) => e.kind === 'constant' && e.name.text === 'result');
  return found?.kind === 'constant' ? found.value : undefined;
}

/** `result` is used once, so that it is among the names. */
const constant = (type: string, value: string, before = ''): string =>
  `${before} const ${type} result = ${value}; const bool used = result == result;`;

describe('values', () => {
  test.each([
    ['int', '7 / 2 + 7 % 4 * 10', 33n],
    ['int', '-(1 << 70) >> 69', -2n],
    ['int', '5 - 9', -4n],
    ['bit<8>', '8w200 + 100', 44n],
    ['bit<8>', '8w200 |+| 100', 255n],
    ['bit<8>', '8w3 |-| 5', 0n],
    ['int<8>', '8s100 |+| 100', 127n],
    ['int<8>', '-8s100 |-| 100', -128n],
    ['int<8>', '8s127 + 1', -128n],
    ['bit<8>', '~8w0x0F', 0xf0n],
    ['bit<8>', '8w1 << 9', 0n],
    ['int<8>', '-8s16 >> 2', -4n],
    ['bit<12>', '8w0xAB ++ 4w0xC', 0xabcn],
    ['bit<4>', '16w0xABCD[11:8]', 0xbn],
    ['bit<8>', '(bit<8>)(int<8>)-1', 255n],
    ['int<8>', '(int<8>)8w200', -56n],
    ['bit<4>', '(bit<4>)16w0xABCD', 0xdn],
    ['bit<1>', '(bit<1>)true', 1n],
    ['bool', '(bool)1w1 && 3 < 4 || false', true],
    ['bit<8>', 'true ? 1 : 2', 1n],
    ['string', '"a" ++ "b" ++ "c"', 'abc'],
    ['bool', '"ab" == "a" ++ "b"', true],
  ])('%s: %s', async (type, value, expected) => {
    expect(await known(constant(type, value))).toBe(expected);
  });

  test('of enums, structs and tuples', async () => {
    expect(await known(constant('bit<8>', 't[0]', 'const tuple<bit<8>, bool> t = { 5, true };'))).toBe(5n);
    expect(await known(constant('bit<8>', 'E.b', 'enum bit<8> E { a = 1, b = 7 }'))).toBe(7n);
    expect(await known(constant('bit<8>', 's.y', 'struct S { bit<8> x; bit<8> y; } const S s = { y = 4, x = 3 };'))).toBe(4n);
    expect(await known(constant('bool', 'error.A != error.B', 'error { A, B }'))).toBe(true);
  });

  test('are those of modular arithmetic', async () => {
    const operators = { '+': (a: bigint, b: bigint) => a + b, '-': (a: bigint, b: bigint) => a - b, '*': (a: bigint, b: bigint) => a * b };
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 80 }),
        fc.bigInt({ min: 0n, max: (1n << 80n) - 1n }),
        fc.bigInt({ min: 0n, max: (1n << 80n) - 1n }),
        fc.constantFrom(...(Object.keys(operators) as (keyof typeof operators)[])),
        async (width, x, y, op) => {
          const [a, b] = [x % (1n << BigInt(width)), y % (1n << BigInt(width))];
          const expected = ((operators[op](a, b) % (1n << BigInt(width))) + (1n << BigInt(width))) % (1n << BigInt(width));
          expect(await known(constant(`bit<${width}>`, `${width}w${a} ${op} ${width}w${b}`))).toBe(expected);
        },
      ),
      { numRuns: 40, seed: 4 },
    );
  });
});

describe('types', () => {
  const typeArgs = async (text: string): Promise<readonly string[]> => {
    const { findings, diagnostics } = await check(text);
    expect(diagnostics.list.map((d) => d.message)).toEqual([]);
    return [...findings.calls.values()].flatMap((call) => call.typeArgs.map((t: Type) => showType(t)));
  };

  test('of calls are inferred', async () => {
    expect(await typeArgs('extern void g<A, B>(in tuple<A, B> t, out B b); void f() { bool o; g({ 8w1, true }, o); }')).toEqual([
      'bit<8>',
      'bool',
    ]);
    expect(await typeArgs('T g<T>(in T a) { return a; } void f(in bit<8> b) { bit<8> r = g(g(b)); r = r; }')).toEqual(['bit<8>', 'bit<8>']);
    expect(await typeArgs('struct S<T> { T t; } extern void g<T>(in S<T> s); void f(in S<bool> s) { g(s); g<bit<4>>({ 1 }); }')).toEqual([
      'bool',
      'bit<4>',
    ]);
  });

  test('of values are cast where they have to', async () => {
    const text = 'struct S { bit<8> a; int<4> b; } void f(out S s, in bit<16> n, out bool o) { s = { 1, -2 }; o = n == 3; s.a = 8w7 + 4; }';
    const { findings } = await check(text);
    const casts = [...findings.casts].map(([expr, type]) => `${text.charAt(expr.loc.column - 1)} to ${showType(type)}`);
    expect(casts.sort()).toEqual(['- to int<4>', '1 to bit<8>', '3 to bit<16>', '4 to bit<8>', '{ to S']);
  });

  test('of calls by what is called', async () => {
    const { findings } = await check(
      'action NoAction() {} extern E { E(); void go(); } control d() { apply {} } control c() { E() e; d() i; action a() {} table t { actions = { a; } } apply { a(); e.go(); i.apply(); t.apply(); d.apply(); } }',
    );
    expect([...findings.calls.values()].map((call) => `${call.kind} ${call.name}`)).toEqual([
      'constructor E',
      'constructor d',
      'action a',
      'method go',
      'block d',
      'table t',
      'block d',
    ]);
  });
});
