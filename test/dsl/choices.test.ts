/** `mux` between values of all types; `select` and `switch` on values of a type of one's own. */
import { type Bool, bit, build, type Expr, mux, type NewExpr, newtype, type Vals } from 'p4ts';
import { simulate } from 'p4ts/runtime';
import { expect, test } from 'vitest';
import { Choice, choices } from '../cases/mux-and-select-types/pipeline.js';

const One = newtype('one_t', bit(8));
const Two = newtype('two_t', bit(8));

type Fields = typeof Choice extends { fields: infer F } ? F : never;
const base = { size: 0, signed: 0, zone: 0, kind: 'small', flag: false, way: 0 } as const;
const make = (given: Partial<Vals<Fields>>): Uint8Array => build(Choice, { ...base, ...given } as never);

test.each<[string, Partial<Vals<Fields>>, Partial<Vals<Fields>>]>([
  // Not large: the second of each two.
  ['small', { size: 50, signed: 3, zone: 1, flag: false }, { size: 50, signed: -5, zone: 1, kind: 'small', flag: true, way: 1 }],
  // Large: the first of each two.
  ['large', { size: 200, signed: 3, zone: 9 }, { size: 200, signed: 3, zone: 9, kind: 'large', flag: false, way: 2 }],
  // Size 0 makes the flag true and the condition 0 < 3: the zone stays.
  ['empty', { size: 0, zone: 25 }, { size: 0, signed: -5, zone: 25, kind: 'small', flag: true, way: 3 }],
])('%s', async (_, sent, expected) => {
  await using sw = await simulate(choices);
  const two = Number(sent.zone) === 9 || Number(sent.zone) === 25;
  const bytes = Buffer.concat([make(sent), ...(two ? [make({ way: 77 })] : [])]);
  const { outputs, trace } = await sw.sendTraced(1, bytes);
  expect(Buffer.from(outputs[0]?.packet ?? []).toString('hex')).toBe(
    Buffer.concat([make(expected), ...(two ? [make({ way: 77 })] : [])]).toString('hex'),
  );
  expect(JSON.stringify(trace).includes('"more"')).toBe(two);
});

test('what tsc refuses', () => {
  const refused = (cond: Bool, a: NewExpr<typeof One>, b: NewExpr<typeof Two>, n: Expr<8>, wide: Expr<16>): unknown[] => [
    // @ts-expect-error two types
    mux(cond, a, b),
    // @ts-expect-error a value of a type of its own is no number
    mux(cond, a, 1),
    // @ts-expect-error two widths
    mux(cond, n, wide),
    // @ts-expect-error a condition is no number
    mux(cond, cond, n),
  ];
  expect(refused).toBeTypeOf('function');
});
