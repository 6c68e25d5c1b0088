import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { brokenGroup, type Doc, group, hang, hardline, indent, join, line, print, softline } from '../../compiler/support/document.js';

const long = (name: string): string => name.repeat(30);
const printed = (doc: Doc): string => print(doc, { width: 100, step: 4 });
const bracketed = (open: string, items: readonly Doc[], close: string, edge: Doc): Doc =>
  group(open, indent(edge, join([',', line], items)), edge, close);
const call = (name: string, ...args: readonly Doc[]): Doc => [name, bracketed('(', args, ')', softline)];
const list = (...items: readonly Doc[]): Doc => bracketed('{', items, '}', line);
const chain = (...parts: readonly Doc[]): Doc => group(indent(join(line, parts)));

describe('a line', () => {
  test('that fits stays whole', () => {
    expect(printed(['x =', hang(chain('a', '+ b'))])).toBe('x = a + b');
    expect(printed([call('f', 'a', list('b', 'c')), ';'])).toBe('f(a, { b, c });');
  });

  test('that is too long is broken at its outer brackets first', () => {
    const doc = indent(hardline, call('f', long('a'), list('b', 'c'), long('d'), long('e'), 'g'), ';');
    expect(printed(doc)).toBe(
      [
        '',
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

  test('is as long as what follows it up to the next break', () => {
    const inner = 'x'.repeat(97);
    expect(printed(call('', inner))).toBe(`(${inner})`);
    expect(printed([call('', inner), ' {', hardline, '}'])).toBe(`(\n    ${inner}\n) {\n}`);
    expect(printed(group(call('', inner), line, 'y'))).toBe(`(${inner})\ny`);
  });

  test('goes on with operators', () => {
    expect(printed(['if (', chain(long('a'), `&& ${long('b')}`, `&& ${long('c')}`, `&& ${long('d')}`), ') {'])).toBe(
      [`if (${long('a')}`, `    && ${long('b')}`, `    && ${long('c')}`, `    && ${long('d')}) {`].join('\n'),
    );
  });

  test('has its value on the same line where it fits, and is broken within the value otherwise', () => {
    const value = chain(long('a'), `+ ${long('b')}`);
    expect(printed([`${long('x')} =`, hang(value), ';']).split('\n')).toHaveLength(1);
    expect(printed([`${long('x')}xxxxx =`, hang(value), ';'])).toBe(`${long('x')}xxxxx =\n    ${long('a')} + ${long('b')};`);
    const longer = chain(long('ab'), `+ ${long('cd')}`);
    expect(printed(['x =', hang(longer), ';'])).toBe(`x = ${long('ab')}\n    + ${long('cd')};`);
  });

  test('is broken where it is said, short as it is', () => {
    const doc = brokenGroup('(', indent(softline, join([',', line], ['a', 'b'])), softline, ')');
    expect(printed(['f', doc])).toBe('f(\n    a,\n    b\n)');
    expect(printed(group('g', indent(line, doc)))).toBe('g\n    (\n        a,\n        b\n    )');
    expect(printed(['x =', hang(doc)])).toBe('x = (\n    a,\n    b\n)');
  });

  test('that is blank has no spaces', () => {
    expect(printed(indent('a', hardline, hardline, 'b'))).toBe('a\n\n    b');
  });

  test('begins at the margin', () => {
    expect(print(chain(long('a'), long('b'), long('c')), { width: 70, step: 2, margin: 2 })).toBe(
      `${long('a')}\n    ${long('b')}\n    ${long('c')}`,
    );
    expect(print(chain(long('a'), long('b')), { width: 62, step: 2, margin: 2 })).toBe(`${long('a')}\n    ${long('b')}`);
    expect(print(chain(long('a'), long('b')), { width: 63, step: 2, margin: 2 })).toBe(`${long('a')} ${long('b')}`);
  });

  const words = fc.stringMatching(/^[a-z]{1,30}$/);
  const { doc } = fc.letrec<{ doc: Doc }>((tie) => ({
    doc: fc.oneof(
      { maxDepth: 4 },
      words,
      fc.array(tie('doc'), { minLength: 2, maxLength: 4 }).map((parts) => chain(...parts)),
      fc.array(tie('doc'), { minLength: 1, maxLength: 4 }).map((args) => call('', ...args)),
      fc.array(tie('doc'), { minLength: 1, maxLength: 4 }).map((items) => list(...items)),
    ),
  }));

  test('says the same however it is broken, and is no longer than 100 columns', () => {
    const squeezed = (all: string): string => all.replace(/\s/g, '');
    fc.assert(
      fc.property(doc, fc.integer({ min: 0, max: 4 }), (value, depth) => {
        let whole: Doc = ['x =', hang(value), ';'];
        for (let i = 0; i < depth; i++) whole = ['{', indent(hardline, whole), hardline, '}'];
        const broken = printed(whole);
        expect(squeezed(broken)).toBe(squeezed(print(whole, { width: Number.POSITIVE_INFINITY, step: 4 })));
        for (const text of broken.split('\n')) {
          expect(text).not.toMatch(/\s$/);
          // A line that is longer has no place left where it could be broken: one word and its brackets.
          if (text.length > 100) expect(text.trim().split(' ').length).toBeLessThanOrEqual(4);
        }
      }),
    );
  });
});

describe('a document', () => {
  test('may be deep', () => {
    let deep: Doc = 'x';
    for (let i = 0; i < 50_000; i++) deep = group('(', indent(softline, deep), softline, ')');
    const flat = print(deep, { width: 1e9, step: 1 });
    expect(flat).toBe(`${'('.repeat(50_000)}x${')'.repeat(50_000)}`);
    let nested: Doc = 'x';
    for (let i = 0; i < 1_000; i++) nested = group('(', indent(softline, nested), softline, ')');
    expect(print(nested, { width: 100, step: 1 }).split('\n')).toHaveLength(2001);
  });

  test('may be long', () => {
    const many = Array.from({ length: 50_000 }, (_, i) => [call('f', `${i}`), ';']);
    expect(print(join(hardline, many), { width: 100, step: 4 }).split('\n')).toHaveLength(50_000);
    expect(print(bracketed('(', many, ')', softline), { width: 100, step: 4 }).split('\n')).toHaveLength(50_002);
  });
});
