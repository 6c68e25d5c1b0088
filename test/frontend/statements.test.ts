/** Statements (P4-16 §12). */
import { describe, expect, test } from 'vitest';
import { mistakes, show, statements } from './source.js';

const targets = async (body: string, before?: string): Promise<string[]> =>
  (await statements(body, before)).map((s) => {
    if (s.kind === 'assign') return `${show(s.target)} ${s.op ?? ''}= ${show(s.value)}`;
    if (s.kind === 'call-statement') return show(s.call);
    if (s.kind === 'variable' || s.kind === 'instance') return `${s.kind} ${s.name.text}`;
    return s.kind;
  });

describe('assignments and calls', () => {
  test('what is assigned to and called', async () => {
    expect(
      await targets(
        `
        a = 1; a.b[1].c = 2; a[3:0] = 3; a[i+:4] = 4; (a.b) = 5; .a = 6; this.f();
        f(); a.b.c(1, x = 2); a.f<bit<8>, _>(1); f<Unknown, T>(2); T.apply(x); T<bit<8>>.apply(); U<bit<8>>.apply(); .T.apply();
      `,
        'control T(); ',
      ),
    ).toEqual([
      'a = 1',
      'a.b[1].c = 2',
      'a[3:0] = 3',
      'a[i+:4] = 4',
      'a.b = 5',
      '.a = 6',
      'this.f()',
      'f()',
      'a.b.c(1, x = 2)',
      'a.f<bit<8>, _>(1)',
      'f<Unknown, T>(2)',
      'type T.apply(x)',
      'type T<bit<8>>.apply()',
      'type U<bit<8>>.apply()',
      'type .T.apply()',
    ]);
  });

  test('operators with an assignment', async () => {
    const operators = ['+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>', '|+|', '|-|'];
    expect(await targets(operators.map((op) => `a ${op}= 1;`).join('\n'))).toEqual(operators.map((op) => `a ${op}= 1`));
  });

  test('the result of a call is neither assigned to nor called', async () => {
    expect(await mistakes('void f() { f().x = 1; }')).toEqual(["1:15 Expected ';' after the call, found '.'."]);
    expect(await mistakes('void f() { f()(); }')).toEqual(["1:15 Expected ';' after the call, found '('."]);
  });
});

describe('declarations among statements', () => {
  test('known and unknown types, and what looks like them', async () => {
    expect(
      await targets(
        `bit<8> a; T b = 1; U c; T<bit<8>> d; U<T>[2] e; T[4] f; U[4] g; @x bool h; .T i; tuple<T> j; error k; T(1) l; U(1, 2); apply.m();
         x[4] = 1; x[4].y = 2; T.o(); const T p = 1; list<T> q;`,
        'struct T { }',
      ),
    ).toEqual([
      ...['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k'].map((name) => `variable ${name}`),
      'instance l',
      'U(1, 2)',
      'apply.m()',
      'x[4] = 1',
      'x[4].y = 2',
      'type T.o()',
      'constant',
      'variable q',
    ]);
  });
});

describe('control flow', () => {
  test('else belongs to the nearest if, and chains of else if are nested', async () => {
    const [first, second] = await statements(
      'if (a) if (b) x = 1; else x = 2;\nif (a) { } else if (b) { } else if (c) { } else { x = 3; }',
    );
    expect(first).toMatchObject({ kind: 'if', then: { kind: 'if', else: { kind: 'assign' } } });
    expect(first).not.toHaveProperty('else');
    expect(second).toMatchObject({
      else: { kind: 'if', else: { kind: 'if', cond: { path: { name: { text: 'c' } } }, else: { kind: 'block' } } },
    });
  });

  test('switch: labels, fall through, default', async () => {
    const [first] = await statements('switch (t.apply().action_run) { a: b: { x = 1; } (1 + 2): { } E.m: { } default: { return; } }');
    expect(first).toMatchObject({
      kind: 'switch',
      cases: [{ label: { kind: 'name' } }, { body: { kind: 'block' } }, { label: { kind: 'binary' } }, { label: { kind: 'member' } }, {}],
    });
    expect(first).not.toHaveProperty('cases.0.body');
    expect(first).not.toHaveProperty('cases.4.label');
  });

  test('loops of both forms', async () => {
    const [first, second, third, fourth] = await statements(`
      for (bit<8> i = 0, x = 1; i < 8; i = i + 1, x += 2) { continue; }
      @unroll for (bit<8> v in 1..n) break;
      for (@x T e in { 1, 2 }) { }
      for (;true;) { exit; }
    `);
    expect(first).toMatchObject({ kind: 'for', init: [{ kind: 'variable' }, { kind: 'assign' }], update: [{}, { op: '+' }] });
    expect(second).toMatchObject({
      kind: 'for-in',
      annotations: [{ name: 'unroll' }],
      variable: { name: { text: 'v' } },
      over: { value: 1n },
      to: {},
    });
    expect(third).toMatchObject({ kind: 'for-in', variable: { annotations: [{ name: 'x' }] }, over: { kind: 'list' } });
    expect(third).not.toHaveProperty('to');
    expect(fourth).toMatchObject({ kind: 'for', init: [], update: [], body: { body: [{ kind: 'exit' }] } });
  });

  test('return, exit, blocks and empty statements', async () => {
    expect(await targets('return; return 1; exit; { } @x { } ;')).toEqual(['return', 'return', 'exit', 'block', 'block', 'empty']);
    expect(await mistakes('void f() {\n  @x return;\n}')).toEqual(['2:3 This statement takes no annotations.']);
  });
});
