/** Headers, stacks, unions, varbit, calls and loops: P4-16 §8.17-8.20, §6.8, §12, §13. */
import { describe, expect, test } from 'vitest';
import { binary, bits, bitType, boolType, call, callFunction, callMethod, field, isValid, name, named } from '../../compiler/ir/build.js';
import type { ActionDecl, Block, ControlDecl, Expr, FunctionDecl, LocalDecl, Program, Stmt, Type } from '../../compiler/ir/index.js';
import { nowhere } from '../../compiler/support/location.js';
import { Interpreter } from '../../runtime/interpreter/index.js';
import { fromHex, toHex } from '../support/packets.js';
import {
  action,
  apply,
  entry,
  extract,
  hdr,
  header,
  key,
  type Parts,
  packet,
  param,
  program,
  select,
  setPort,
  state,
  stdField,
  table,
} from '../support/v1model-program.js';

const byteT = named('byte_t');
const stackT: Type = { kind: 'stack', element: byteT, size: 3 };
const unionT = named('either_t');
const x = field(hdr, 'x', byteT);
const y = field(hdr, 'y', byteT);
const s = field(hdr, 's', stackT);
const u = field(hdr, 'u', unionT);
const v = (h: Expr) => field(h, 'v', bitType(8));
const at = (index: number | Expr): Expr => ({
  kind: 'index',
  base: s,
  index: typeof index === 'number' ? bits(index, 32) : index,
  type: byteT,
  loc: nowhere,
});
const stackMember = (which: 'next' | 'last' | 'lastIndex' | 'size'): Expr => ({
  kind: 'stack-member',
  base: s,
  member: which,
  type: which === 'next' || which === 'last' ? byteT : bitType(32),
  loc: nowhere,
});
const set = (target: Expr, value: Expr | number): Stmt => ({
  kind: 'assign',
  target,
  value: typeof value === 'number' ? bits(value, 8) : value,
  loc: nowhere,
});
const valid = (header: Expr, valid = true): Stmt => ({ kind: 'set-validity', header, valid, loc: nowhere });
const given = (value: Expr): Expr => ({ kind: 'cast', arg: value, type: bitType(8), loc: nowhere });
const when = (cond: Expr, yes: number, no: number): Expr => ({
  kind: 'mux',
  cond,
  yes: bits(yes, 8),
  no: bits(no, 8),
  type: bitType(8),
  loc: nowhere,
});

const base: Parts = {
  types: [
    header('byte_t', { v: 8 }),
    { kind: 'header_union', name: 'either_t', fields: ['a', 'b'].map((n) => ({ name: n, type: byteT, loc: nowhere })), loc: nowhere },
    header('options_t', { length: 8, options: { kind: 'varbit', width: 32 } }),
  ],
  headers: { x: byteT, y: byteT, s: stackT, u: unionT, o: named('options_t') },
  states: [state('start', [], 'accept')],
};
/** The bytes that leave the program, as hexadecimal text. */
function run(parts: Partial<Parts>, hex = ''): string {
  const { outputs } = new Interpreter(program({ ...base, ...parts })).process({ port: 0, bytes: fromHex(hex) });
  return toHex(outputs[0]?.bytes);
}
const ingress = (...body: Stmt[]) => run({ ingress: body });

describe('headers', () => {
  test('an invalid header reads as 0 and ignores writes', () => {
    expect(ingress(set(v(x), 9), valid(y), set(v(y), binary('+', v(x), bits(1, 8))))).toBe('01');
  });
  test('setValid zeroes a header only if it was invalid', () => {
    expect(ingress(valid(x), set(v(x), 7), valid(x))).toBe('07');
    expect(ingress(valid(x), set(v(x), 7), valid(x, false), valid(x))).toBe('00');
  });
  test('assigning copies fields and validity', () => {
    expect(ingress(valid(x), set(v(x), 7), set(y, x), set(v(x), 8))).toBe('0807');
    expect(ingress(valid(x), valid(y), set(y, x), set(x, { kind: 'invalid', type: byteT, loc: nowhere }))).toBe('00');
    expect(ingress(valid(x), set(x, y))).toBe('');
  });
  test('a header expression is valid', () => {
    expect(ingress(set(x, { kind: 'struct', fields: [{ name: 'v', value: bits(5, 8) }], type: byteT, loc: nowhere }))).toBe('05');
  });
  test('are equal when both are invalid, or both valid with equal fields', () => {
    const equals = (...body: Stmt[]) => ingress(...body, valid(at(0)), set(v(at(0)), when(binary('==', x, y), 1, 0))).slice(-2);
    expect(equals()).toBe('01');
    expect(equals(valid(x))).toBe('00');
    expect(equals(valid(x), valid(y))).toBe('01');
    expect(equals(valid(x), valid(y), set(v(x), 1))).toBe('00');
  });
  test('a slice is written without touching its neighbours', () => {
    const slice = (high: number, low: number): Expr => ({
      kind: 'slice',
      base: v(x),
      high,
      low,
      type: bitType(high - low + 1),
      loc: nowhere,
    });
    expect(ingress(valid(x), set(v(x), 0xff), set(slice(5, 2), bits(0b0101, 4)))).toBe('d7');
  });
});

describe('stacks', () => {
  const fill: Stmt[] = [1, 2, 3].flatMap((n) => [valid(at(n - 1)), set(v(at(n - 1)), n)]);
  test('are emitted in order, without the invalid ones', () => {
    expect(ingress(...fill, valid(at(1), false))).toBe('0103');
  });
  test('push_front and pop_front move, and invalidate what moves in', () => {
    const move = (kind: 'push' | 'pop', count: number): Stmt => ({ kind, stack: s, count, loc: nowhere });
    expect(ingress(...fill, move('push', 1))).toBe('0102');
    expect(ingress(...fill, move('pop', 2))).toBe('03');
    expect(ingress(...fill, move('push', 9))).toBe('');
    expect(ingress(...fill, move('push', 1), valid(at(0)), set(v(at(0)), 9))).toBe('090102');
  });
  test('an index out of range reads as an invalid header and ignores writes', () => {
    const index = given(stdField('ingress_port'));
    const far = at({ kind: 'binary', op: '+', left: index, right: bits(200, 8), type: bitType(8), loc: nowhere });
    expect(ingress(set(v(far), 1), valid(far), set(far, x), valid(x), set(v(x), when(isValid(far), 1, 2)))).toBe('02');
  });
  test('next and last in the parser; a full stack is StackOutOfBounds and reads nothing', () => {
    const loop = state('start', [extract(stackMember('next'))], select(v(stackMember('last')), [[0, 'accept']], 'start'));
    const seen = [valid(x), set(v(x), given(stackMember('lastIndex'))), valid(y), set(v(y), given(stackMember('size')))];
    expect(run({ states: [loop], ingress: seen }, '0500ff')).toBe('01030500ff');
    expect(run({ states: [loop], ingress: seen }, '05060708')).toBe('020305060708');
    expect(run({ states: [loop], ingress: [set(v(at(0)), 0xaa)] }, '05060708')).toBe('aa060708');
  });
  test('extracting into last replaces it', () => {
    const body = [extract(stackMember('next')), extract(stackMember('last')), extract(stackMember('next'))];
    expect(run({ states: [state('start', body, 'accept')] }, '010203')).toBe('0203');
  });
  test('last of an empty stack is StackOutOfBounds', () => {
    const states = [state('start', [valid(x), set(v(x), v(stackMember('last'))), set(v(x), 1)], 'accept')];
    expect(run({ states }, 'cc')).toBe('00cc');
  });
});

describe('unions', () => {
  const a = field(u, 'a', byteT);
  const b = field(u, 'b', byteT);
  test('have one valid member at most', () => {
    expect(ingress(valid(a), set(v(a), 1), valid(b), set(v(b), 2))).toBe('02');
    expect(ingress(valid(x), set(v(x), 3), valid(b), set(a, x), valid(x, false))).toBe('03');
  });
  test('are valid when a member is, and extract makes it so', () => {
    const shown = [valid(x), set(v(x), when(isValid(u), 1, 0))];
    expect(ingress(...shown)).toBe('00');
    expect(run({ states: [state('start', [extract(a), extract(b)], 'accept')], ingress: shown }, '0405')).toBe('0105');
  });
});

describe('varbit', () => {
  const o = field(hdr, 'o', named('options_t'));
  const size = (bitsText: Expr): Block => [extract(o, bitsText)];
  const of = (length: number, hex: string) =>
    run({ states: [state('start', size(bits(length, 32)), 'accept')], ingress: [valid(x), set(v(x), when(isValid(o), 1, 0))] }, hex);
  test('takes as many bits as asked, and is emitted as long', () => {
    expect(of(16, '02aabbcc')).toBe('0102aabbcc');
    expect(of(0, '02aabbcc')).toBe('0102aabbcc');
  });
  test('not a multiple of 8, too long for the packet, or for the header: an error, and nothing is read', () => {
    expect(of(12, '02aabbcc')).toBe('0002aabbcc');
    expect(of(32, '02aabbcc')).toBe('0002aabbcc');
    expect(of(40, '02aabbccddeeff')).toBe('0002aabbccddeeff');
  });
});

describe('parsers', () => {
  test('lookahead and advance', () => {
    const lookahead = (type: Type): Expr => ({ kind: 'lookahead', packet, type, loc: nowhere });
    const body = [valid(x), set(v(x), lookahead(bitType(8))), callMethod(packet, 'advance', [bits(16, 32)]), set(y, lookahead(byteT))];
    expect(run({ states: [state('start', body, 'accept')] }, 'aabbcc')).toBe('aacccc');
  });
  test('lookahead beyond the end fails, advance beyond the end does not move', () => {
    const beyond = [valid(x), callMethod(packet, 'advance', [bits(32, 32)])];
    expect(run({ states: [state('start', beyond, 'accept')] }, 'aabbcc')).toBe('00aabbcc');
  });
  test('select on masks, ranges and several values; the first match wins', () => {
    const on = [v(x), v(y)];
    const goto = (
      keys: Extract<NonNullable<Parts['states']>[number]['transition'], { kind: 'select' }>['cases'][number]['keys'],
      next: string,
    ) => ({ keys, next, loc: nowhere });
    const states = [
      state('start', [extract(x), extract(y)], {
        kind: 'select',
        on,
        loc: nowhere,
        cases: [
          goto(
            [
              { kind: 'mask', value: bits(0x10, 8), mask: bits(0xf0, 8) },
              { kind: 'range', low: bits(3, 8), high: bits(5, 8) },
            ],
            'first',
          ),
          goto([{ kind: 'value', value: bits(0x12, 8) }, { kind: 'any' }], 'second'),
          goto([{ kind: 'any' }], 'accept'),
        ],
      }),
      state('first', [set(v(x), 1)], 'accept'),
      state('second', [set(v(x), 2)], 'accept'),
    ];
    expect(['1203', '1f05', '1206', '2003'].map((hex) => run({ states }, hex))).toEqual(['0103', '0105', '0206', '2003']);
  });
  test('the parser calls another; its error ends both, what it extracted stays', () => {
    const inner = {
      kind: 'parser',
      name: 'Inner',
      params: [param('packet', named('packet_in')), param('one', byteT, 'out')],
      locals: [],
      states: [state('start', [extract(name('one', byteT)), extract(name('two', byteT))], 'accept')],
      loc: nowhere,
    } as const;
    const locals: LocalDecl[] = [{ kind: 'instance', name: 'inner', type: { kind: 'named', name: 'Inner' }, args: [], loc: nowhere }];
    const withTwo = { ...inner, locals: [{ kind: 'variable', name: 'two', type: byteT, loc: nowhere }] } as const;
    const built = program({
      ...base,
      parserLocals: locals,
      states: [state('start', [call({ kind: 'block', instance: 'inner' }, [packet, x]), extract(y)], 'accept')],
    });
    const both: Program = { ...built, parsers: [...built.parsers, withTwo] };
    const send = (hex: string) => toHex(new Interpreter(both).process({ port: 0, bytes: fromHex(hex) }).outputs[0]?.bytes);
    // `two` is a local of the inner parser: read, but not emitted.
    expect([send('010203ff'), send('01')]).toEqual(['0103ff', '01']);
  });
});

describe('calls', () => {
  const inout: ActionDecl = {
    ...action('bump', {}, [
      set(name('p', bitType(8)), binary('+', name('p', bitType(8)), bits(1, 8))),
      set(v(x), 50),
      set(name('p', bitType(8)), binary('+', name('p', bitType(8)), bits(1, 8))),
    ]),
    params: [param('p', bitType(8), 'inout')],
  };
  const bump = (arg: Expr): Stmt => call({ kind: 'action', name: 'bump' }, [arg]);

  test('inout parameters are copied in and, at the end, out', () => {
    expect(run({ ingressLocals: [inout], ingress: [valid(x), set(v(x), 1), bump(v(x))] })).toBe('03');
  });
  test('also after an exit', () => {
    const exiting: ActionDecl = { ...inout, body: [...inout.body, { kind: 'exit', loc: nowhere }] };
    expect(run({ ingressLocals: [exiting], ingress: [valid(x), valid(y), bump(v(y)), set(v(y), 99)] })).toBe('3202');
  });
  test('return ends the action, not its caller', () => {
    const returning = action('r', {}, [set(v(x), 1), { kind: 'return', loc: nowhere }, set(v(x), 2)]);
    expect(run({ ingressLocals: [returning], ingress: [valid(x), valid(y), call({ kind: 'action', name: 'r' }, []), set(v(y), 3)] })).toBe(
      '0103',
    );
  });
  test('functions return values', () => {
    const p = name('p', bitType(8));
    const twice: FunctionDecl = {
      kind: 'function',
      name: 'twice',
      returns: bitType(8),
      params: [param('p', bitType(8), 'in')],
      body: [
        { kind: 'if', cond: binary('>', p, bits(100, 8)), then: [{ kind: 'return', value: bits(0, 8), loc: nowhere }], loc: nowhere },
        { kind: 'return', value: binary('*', p, bits(2, 8)), loc: nowhere },
      ],
      loc: nowhere,
    };
    const body = (n: number): Block => [valid(x), { ...callFunction('twice', [bits(n, 8)]), result: v(x) }];
    const result = (n: number) => run({ ingress: body(n), more: { functions: [twice] } });
    expect([result(21), result(101)]).toEqual(['2a', '00']);
  });
  test('a control applied by another has its own tables; its exit ends the outer one', () => {
    const inner: ControlDecl = {
      kind: 'control',
      name: 'Inner',
      params: [param('one', byteT, 'inout')],
      constructorParams: [param('limit', bitType(8))],
      locals: [
        action('mark', { by: 8 }, [set(field(name('one', byteT), 'v', bitType(8)), name('by', bitType(8)))]),
        table('t', [key(field(name('one', byteT), 'v', bitType(8)), 'exact')], ['mark']),
      ],
      body: [
        apply('t', { hit: [] }),
        {
          kind: 'if',
          cond: binary('>', field(name('one', byteT), 'v', bitType(8)), name('limit', bitType(8))),
          then: [{ kind: 'exit', loc: nowhere }],
          loc: nowhere,
        },
      ],
      loc: nowhere,
    };
    const instance = (text: string, limit: number): LocalDecl => ({
      kind: 'instance',
      name: text,
      type: { kind: 'named', name: 'Inner' },
      args: [bits(limit, 8)],
      loc: nowhere,
    });
    const target = new Interpreter(
      program({
        ...base,
        states: [state('start', [extract(x)], 'accept')],
        ingressLocals: [instance('c1', 10), instance('c2', 200)],
        ingress: [call({ kind: 'block', instance: 'c1' }, [x]), call({ kind: 'block', instance: 'c2' }, [x]), setPort(9)],
        more: { controls: [inner] },
      }),
    );
    const put = (instanceName: string, value: bigint, by: bigint) =>
      target.state.write([
        {
          kind: 'insert',
          table: `ingress.${instanceName}.t`,
          entry: { matches: [{ kind: 'exact', value }], priority: 0, action: { name: `ingress.${instanceName}.mark`, args: [by] } },
        },
      ]);
    put('c1', 1n, 2n);
    put('c1', 5n, 20n);
    put('c2', 2n, 3n);
    const send = (hex: string) => target.process({ port: 0, bytes: fromHex(hex) }).outputs.map((o) => `${o.port}:${toHex(o.bytes)}`);
    expect([send('01'), send('05'), send('07')]).toEqual([['9:03'], ['0:14'], ['9:07']]);
  });
});

describe('statements', () => {
  test('hit, miss and the action that ran decide what follows an apply', () => {
    const locals = [
      action('one', {}, []),
      action('two', {}, []),
      table('t', [key(v(x), 'exact')], ['one', 'two'], {
        entries: [entry([{ kind: 'value', value: bits(1, 8) }], 'one'), entry([{ kind: 'value', value: bits(2, 8) }], 'two')],
      }),
    ];
    const follow = (more: Parameters<typeof apply>[1]) => (hex: string) =>
      run({ states: [state('start', [extract(x)], 'accept')], ingressLocals: locals, ingress: [valid(y), apply('t', more)] }, hex).slice(2);
    const byHit = follow({ hit: [set(v(y), 1)], miss: [set(v(y), 2)] });
    expect(['01', '02', '03'].map(byHit)).toEqual(['01', '01', '02']);
    const byAction = follow({
      cases: [
        { actions: ['two'], body: [set(v(y), 3)], loc: nowhere },
        { actions: ['default'], body: [set(v(y), 4)], loc: nowhere },
      ],
    });
    expect(['01', '02', '03'].map(byAction)).toEqual(['04', '03', '04']);
  });
  test('switch on a value', () => {
    const on = (hex: string) =>
      run(
        {
          states: [state('start', [extract(x)], 'accept')],
          ingress: [
            {
              kind: 'switch',
              on: v(x),
              cases: [
                { labels: [bits(1, 8), bits(2, 8)], body: [set(v(x), 0x12)], loc: nowhere },
                { labels: ['default'], body: [set(v(x), 0xdd)], loc: nowhere },
              ],
              loc: nowhere,
            },
          ],
        },
        hex,
      );
    expect(['01', '02', '03'].map(on)).toEqual(['12', '12', 'dd']);
  });
  test('for loops, break and continue; one that never ends is stopped', () => {
    const i = name('i', bitType(8));
    const add = set(v(x), binary('+', v(x), i));
    const jump = (at: number, kind: 'break' | 'continue'): Stmt => ({
      kind: 'if',
      cond: binary('==', i, bits(at, 8)),
      then: [{ kind, loc: nowhere }],
      loc: nowhere,
    });
    const init: Stmt = { kind: 'declare', name: 'i', type: bitType(8), init: bits(0, 8), loc: nowhere };
    const update = [set(i, binary('+', i, bits(1, 8)))];
    const loop = (cond: Expr, ...body: Stmt[]): Stmt => ({ kind: 'for', init: [init], cond, update, body, loc: nowhere });
    expect(ingress(valid(x), loop(binary('<', i, bits(10, 8)), jump(3, 'continue'), jump(6, 'break'), add))).toBe('0c'); // 0+1+2+4+5
    const over = { kind: 'range', low: bits(1, 8), high: bits(4, 8) } as const;
    expect(ingress(valid(x), { kind: 'for-in', name: 'i', type: bitType(8), over, body: [add], loc: nowhere })).toBe('0a');
    expect(ingress(valid(x), loop({ kind: 'bool', value: true, type: boolType, loc: nowhere }), set(v(x), 1))).toBe('01');
  });
});
