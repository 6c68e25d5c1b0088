import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { idPrefix } from '../../compiler/analysis/control-objects.js';
import { fieldIds, idOf, oneAtATime, SymbolTable } from '../../compiler/p4info/ids.js';

describe('ids', () => {
  test('are those that p4c gives', () => {
    expect(idOf('table', 'MyIngress.ipv4_lpm')).toBe(37375156);
    expect(idOf('action', 'MyIngress.drop')).toBe(25652968);
    expect(idOf('action', 'MyIngress.ipv4_forward')).toBe(28792405);
    expect(idOf('action', 'NoAction')).toBe(21257015);
  });

  test('hash as published: the one-at-a-time hash of two known texts', () => {
    expect(oneAtATime('a')).toBe(0xca2e9442);
    expect(oneAtATime('The quick brown fox jumps over the lazy dog')).toBe(0x519e91f5);
  });

  test('of names that collide go on to the next, in the order of the names', () => {
    // Both hash to 0x484018 in 24 bits.
    const symbols = new SymbolTable();
    symbols.add('table', 'ingress.t8383');
    symbols.add('table', 'ingress.t10718');
    expect(symbols.id('table', 'ingress.t10718')).toBe(idOf('table', 'ingress.t8383'));
    expect(symbols.id('table', 'ingress.t8383')).toBe(idOf('table', 'ingress.t8383') + 1);
  });

  test('given by @id come first, with or without their prefix', () => {
    const symbols = new SymbolTable();
    symbols.add('action', 'a', 7);
    symbols.add('action', 'NoAction');
    symbols.add('action', 'b', 21257015);
    expect(symbols.id('action', 'a')).toBe(0x01000007);
    expect(symbols.id('action', 'b')).toBe(21257015);
    expect(symbols.id('action', 'NoAction')).toBe(21257016);
  });

  test('differ, and carry their prefix, whatever the names', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[a-c]{1,3}(\.[a-c]{1,3}){0,2}$/), { minLength: 1, maxLength: 60 }), (names) => {
        const symbols = new SymbolTable();
        const kinds = ['table', 'counter'] as const;
        for (const kind of kinds) for (const name of names) symbols.add(kind, name);
        for (const kind of kinds) for (const name of names) expect(symbols.id(kind, name) >>> 24).toBe(idPrefix[kind]);
        expect(new Set(kinds.flatMap((kind) => names.map((name) => symbols.id(kind, name)))).size).toBe(2 * names.length);
      }),
    );
  });
});

describe('field ids', () => {
  test('count from 1', () => expect(fieldIds([undefined, undefined, undefined])).toEqual([1, 2, 3]));
  test('given by @id keep their place, and are not given twice', () => {
    expect(fieldIds([undefined, 9, undefined])).toEqual([1, 9, 2]);
    expect(fieldIds([undefined, 1, undefined])).toEqual([2, 1, 3]);
    expect(fieldIds([2, undefined, undefined])).toEqual([2, 3, 4]);
  });
});

describe('aliases', () => {
  const symbols = new SymbolTable();
  for (const name of ['ingress.acl', 'egress.acl', 'ingress.forward', 'NoAction', 'a.list', 'b.a.list', 'list']) symbols.add('table', name);
  symbols.add('counter', 'ingress.acl.hits');
  test.each([
    ['ingress.forward', 'forward'],
    ['NoAction', 'NoAction'],
    ['ingress.acl', 'ingress.acl'],
    ['egress.acl', 'egress.acl'],
    ['ingress.acl.hits', 'hits'],
    ['b.a.list', 'b.a.list'],
    ['list', 'list'],
  ])('%s is %s', (name, alias) => expect(symbols.alias(name)).toBe(alias));

  test('are suffixes that no other name ends in', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[ab](\.[ab]){0,3}$/), { minLength: 1 }), (names) => {
        const table = new SymbolTable();
        for (const name of names) table.add('table', name);
        for (const name of names) {
          const alias = table.alias(name);
          expect(name === alias || name.endsWith(`.${alias}`)).toBe(true);
          const others = names.filter((other) => other !== name && (other === alias || other.endsWith(`.${alias}`)));
          if (alias !== name) expect(others).toEqual([]);
        }
      }),
    );
  });
});
