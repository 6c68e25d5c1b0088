import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callFunction, named } from '../../compiler/ir/build.js';
import { InternalError } from '../../compiler/support/invariant.js';
import { printForP4c } from '../../targets/bmv2/node.js';
import { bracketed, chained, headed, layOut, withoutMarks } from '../../targets/p4/lines.js';
import { tiny } from '../support/programs/tiny.js';

const long = (name: string): string => name.repeat(30);

describe('a line', () => {
  test('that fits stays whole', () => {
    expect(layOut(headed('x =', chained(['a', '+ b'])))).toBe('x = a + b');
    expect(layOut(`f${bracketed(['(', ')'], ['a', bracketed(['{ ', ' }'], ['b', 'c'])])};`)).toBe('f(a, { b, c });');
    expect(layOut(bracketed(['{ ', ' }'], []))).toBe('{}');
  });

  test('that is too long is broken at its outer brackets first', () => {
    const text = `    f${bracketed(['(', ')'], [long('a'), bracketed(['{ ', ' }'], ['b', 'c']), long('d'), long('e'), 'g'])};`;
    expect(layOut(text)).toBe(
      [
        '    f(',
        `        ${long('a')},`,
        '        { b, c },',
        `        ${long('d')},`,
        `        ${long('e')},`,
        '        g',
        '    );',
      ].join('\n'),
    );
  });

  test('goes on with operators', () => {
    expect(layOut(`if (${chained([long('a'), `&& ${long('b')}`, `&& ${long('c')}`, `&& ${long('d')}`])}) {`)).toBe(
      [`if (${long('a')}`, `    && ${long('b')}`, `    && ${long('c')}`, `    && ${long('d')}) {`].join('\n'),
    );
  });

  test('has its value behind it where it fits there, and is broken within otherwise', () => {
    const value = chained([long('a'), `+ ${long('b')}`]);
    expect(layOut(`${headed(`${long('x')} =`, value)};`).split('\n')).toHaveLength(1);
    expect(layOut(`${headed(`${long('x')}xxxxx =`, value)};`)).toBe(`${long('x')}xxxxx =\n    ${long('a')} + ${long('b')};`);
    const longer = chained([long('ab'), `+ ${long('cd')}`]);
    expect(layOut(`${headed('x =', longer)};`)).toBe(`x = ${long('ab')}\n    + ${long('cd')};`);
  });

  test('is broken where it is said, short as it is', () => {
    expect(layOut(`f${bracketed(['(', ')'], ['a', 'b'], true)}`)).toBe('f(\n    a,\n    b\n)');
  });

  const words = fc.stringMatching(/^[a-z]{1,30}$/);
  const { text } = fc.letrec<{ text: string }>((tie) => ({
    text: fc.oneof(
      { maxDepth: 4 },
      words,
      fc.array(tie('text'), { minLength: 2, maxLength: 4 }).map((parts) => chained(parts)),
      fc.array(tie('text'), { minLength: 1, maxLength: 4 }).map((items) => bracketed(['(', ')'], items)),
      fc.array(tie('text'), { minLength: 1, maxLength: 4 }).map((items) => bracketed(['{ ', ' }'], items)),
    ),
  }));

  test('says the same however it is broken, and is no longer than 100 columns', () => {
    const squeezed = (all: string): string => withoutMarks(all).replace(/\s/g, '');
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 4 }), (value, depth) => {
        const whole = `${'    '.repeat(depth)}${headed('x =', value)};`;
        const broken = layOut(whole);
        expect(squeezed(broken)).toBe(squeezed(whole));
        for (const line of broken.split('\n')) {
          expect(line).not.toMatch(/\s$/);
          // A line that is longer has no place left where it could be broken: one word and its brackets.
          if (line.length > 100) expect(line.trim().split(' ').length).toBeLessThanOrEqual(4);
        }
      }),
    );
  });
});

test('a function given at a call must not reach the printer', () => {
  const given = {
    kind: 'function',
    name: 'update',
    returns: { kind: 'void' },
    params: [],
    body: [],
    loc: tiny({}).controls[0]?.loc,
  } as never;
  const call = { ...callFunction('f', []), given, typeArgs: [named('h_t')] };
  expect(() => printForP4c(tiny({ body: [call] }))).toThrow(InternalError);
});
