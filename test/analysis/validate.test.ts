/** What validate reports: each mistake alone in a program that is otherwise right. */
import { describe, expect, test } from 'vitest';
import { validate } from '../../compiler/analysis/validate.js';
import * as ir from '../../compiler/ir/build.js';
import type { Expr, Program, Stmt, TypeDecl } from '../../compiler/ir/index.js';
import {
  action,
  apply,
  at,
  b8,
  b16,
  eth,
  etherType,
  extract,
  flag,
  goto,
  header,
  ingressPort,
  inIngress,
  ip,
  labels,
  loc,
  mark,
  meta,
  moved,
  type Parts,
  packet,
  param,
  program,
  ref,
  report,
  shown,
  src,
  state,
  struct,
  table,
  ttl,
  wrong,
} from '../support/portable-program.js';
import { v1modelText } from '../support/v1model-text.js';

/** What is reported where the value is assigned to a metadata field of its type. */
const inExpr = (value: Expr): string[] =>
  report({ metadata: { x: value.type }, ingress: [ir.assign(ir.field(meta, 'x', value.type), value)] });
const with8 = (expr: object): Expr => ({ type: b8, loc: wrong, ...expr }) as Expr;
const drop = (where = loc): Stmt => ir.callFunction('drop', [], where);
const exit: Stmt = { kind: 'exit', loc };

test('a right program gives nothing', () => {
  expect(report({})).toEqual([]);
});

test('all mistakes are reported in one run', () => {
  expect(
    inIngress(
      ir.assign(mark, ir.bits(1, 9, at(2))),
      ir.assign(ir.field(meta, 'mork', b8, at(3)), ir.bits(1, 8)),
      ir.callFunction('forwrd', [ir.bits(1, 9)], at(4)),
    ),
  ).toEqual([
    'type-mismatch 2: This is bit<9>, but bit<8> is expected.',
    'unknown-name 3: There is no field of `meta` "mork"; did you mean "mark"?',
    'unknown-name 4: There is no function "forwrd"; did you mean "forward"?',
  ]);
});

describe('types', () => {
  const types = (...decls: TypeDecl[]): string[] => report({ types: decls });
  test.each<[string, TypeDecl[], string[]]>([
    [
      'widths',
      [struct('s', { a: ir.bitType(0) }, wrong)],
      ['bad-width 42: bit<0> is not a type: its width must be a whole number from 1 to 2048.'],
    ],
    [
      'huge widths are refused before anything is computed with them',
      [struct('s', { a: ir.bitType(2 ** 40) }, wrong)],
      ['bad-width 42: bit<1099511627776> is not a type: its width must be a whole number from 1 to 2048.'],
    ],
    [
      'stacks hold headers',
      [struct('s', { a: { kind: 'stack', element: ir.named('metadata_t'), size: 2 } }, wrong)],
      ['element-type 42: A header stack cannot have metadata_t: it has headers or header unions.'],
    ],
    [
      'unknown types',
      [struct('s', { a: ir.named('eth_tt') }, wrong)],
      ['unknown-name 42: There is no type "eth_tt"; did you mean "eth_t"?'],
    ],
    ['a type in itself', [struct('s', { a: ir.named('s') }, wrong)], ['recursive-type 42: The type s contains itself.']],
    [
      'a type in itself by way of others',
      [struct('s', { a: ir.named('t') }, at(5)), { kind: 'newtype', name: 't', type: ir.named('s'), loc: wrong }],
      ['recursive-type 42: The type s contains itself.'],
    ],
    ['fields of headers', [header('h', { e: ir.errorType }, wrong)], ['field-type 42: The field e of a header cannot be error.']],
    [
      'one varbit',
      [header('h', { a: { kind: 'varbit', width: 8 }, b: { kind: 'varbit', width: 8 } }, wrong)],
      ['two-varbits 42: The header h has more than one field of variable size.'],
    ],
    [
      'whole bytes',
      [header('h', { a: ir.bitType(12) }, wrong)],
      ['header-size 42: The header h has 12 bits, which is not a whole number of bytes.'],
    ],
    [
      'names of fields',
      [
        {
          ...header('h', {}),
          fields: [
            { name: 'a', type: b8, loc },
            { name: 'a', type: b8, loc: wrong },
          ],
        },
      ],
      ['duplicate-name 42: The name "a" is taken: a field of h of that name is declared already.'],
    ],
    [
      'names of types',
      [header('h', { a: b8 }), struct('h', { a: b8 }, wrong)],
      ['duplicate-name 42: The name "h" is taken: a header of that name is declared already.'],
    ],
    [
      'two types of one name, one of them of itself',
      [struct('s', {}), { kind: 'newtype', name: 's', type: ir.named('s'), loc: wrong }],
      [
        'duplicate-name 42: The name "s" is taken: a struct of that name is declared already.',
        'recursive-type 42: The type s contains itself.',
      ],
    ],
    [
      'names that the architecture has',
      [struct('Counter', {}, wrong)],
      ['reserved-name 42: The struct cannot be called "Counter": the architecture portable declares that name.'],
    ],
    [
      'words that are no names',
      [struct('a b', {}, wrong)],
      ['bad-name 42: "a b" cannot name a struct: the control plane and P4 need a letter or _, then letters, digits and _.'],
    ],
    [
      'values of enums',
      [{ kind: 'enum', name: 'e', base: { kind: 'bit', width: 4 }, members: [{ name: 'a', value: 16n }], loc: wrong }],
      ['literal-out-of-range 42: 16 does not fit bit<4>, which holds 0 to 15.'],
    ],
    [
      'members of unions',
      [{ kind: 'header_union', name: 'u', fields: [{ name: 'a', type: b8, loc: wrong }], loc }],
      ['field-type 42: The field a of a header union cannot be bit<8>.'],
    ],
  ])('%s', (_what, decls, expected) => {
    expect(types(...decls)).toEqual(expected);
  });

  test('the struct of headers holds headers', () => {
    expect(report({ headers: { x: b8 }, deparser: [] })).toEqual([
      'headers-field 1: The field x of the struct of headers is bit<8>, which is not a header.',
    ]);
  });

  test('types of enormous size', () => {
    const doubling = Array.from({ length: 30 }, (_, i) =>
      i === 0 ? struct('s0', { a: b8 }) : struct(`s${i}`, { a: ir.named(`s${i - 1}`), b: ir.named(`s${i - 1}`) }, at(i)),
    );
    expect(types(...doubling)[0]).toBe('program-too-large 16: The program is too large: the type s16 has more than 100000 fields.');
  });
});

describe('expressions', () => {
  const three = ir.bits(3, 8, wrong);
  test.each<[string, Expr, string[]]>([
    ['literals', ir.bits(256, 8, wrong), ['literal-out-of-range 42: 256 does not fit bit<8>, which holds 0 to 255.']],
    [
      'signed literals',
      ir.constant(128, { kind: 'int', width: 8 }, wrong),
      ['literal-out-of-range 42: 128 does not fit int<8>, which holds -128 to 127.'],
    ],
    ['names', ir.name('mort', b8, wrong), ['unknown-name 42: There is no variable or parameter "mort".']],
    ['the type that a node claims', ir.field(ip, 'ttl', b16, wrong), ['type-mismatch 42: This is bit<16>, but bit<8> is expected.']],
    ['errors', ir.errorValue('NoMach', wrong), ['unknown-name 42: There is no error "NoMach"; did you mean "NoMatch"?']],
    [
      'members of enums',
      ir.member('Path', 'norml', wrong),
      ['unknown-name 42: There is no member of Path "norml"; did you mean "normal"?'],
    ],
    ['operands', ir.binary('+', ttl, moved(etherType)), ['type-mismatch 42: This is bit<16>, but bit<8> is expected.']],
    ['operators', ir.binary('&&', three, three), ['operand-type 42: && does not take bit<8>.']],
    ['! of a number', with8({ kind: 'unary', op: '!', arg: three }), ['operand-type 42: ! does not take bit<8>.']],
    ['division', ir.binary('/', ttl, ir.bits(0, 8, wrong)), ['division-by-zero 42: The right operand of / is zero.']],
    ['shifts', ir.binary('<<', ttl, ir.constant(-1, { kind: 'integer' }, wrong)), ['bad-shift 42: A value cannot be shifted by -1.']],
    ['slices', { kind: 'slice', base: ttl, high: 8, low: 1, type: b8, loc: wrong }, ['slice-out-of-range 42: [8:1] is outside bit<8>.']],
    ['casts', { kind: 'cast', arg: moved(flag), type: b8, loc: wrong }, ['bad-cast 42: bool cannot be cast to bit<8>.']],
    [
      'conditions of a mux',
      { kind: 'mux', cond: three, yes: ttl, no: ttl, type: b8, loc: wrong },
      ['type-mismatch 42: This is bit<8>, but bool is expected.'],
    ],
    ['validity', ir.isValid(moved(meta), wrong), ['operand-type 42: isValid does not take metadata_t.']],
    [
      'lookahead outside a parser',
      with8({ kind: 'lookahead', packet: { ...packet, type: ir.named('packet_in') } }),
      ['unknown-name 1: There is no variable or parameter "packet".', 'parser-only 42: lookahead exists only in parsers.'],
    ],
    [
      'next outside a parser',
      { kind: 'stack-member', base: labels, member: 'next', type: ir.named('label_t'), loc: wrong },
      ['parser-only 42: `hdr.labels.next` exists only in parsers.'],
    ],
    [
      'elements of a stack',
      { kind: 'index', base: labels, index: ir.bits(2, 32), type: ir.named('label_t'), loc: wrong },
      ['index-out-of-range 42: Element 2 is outside label_t[2], which has 2 elements (0 is the first).'],
    ],
    [
      'fields of a struct value',
      { kind: 'struct', fields: [{ name: 'valu', value: ir.bits(1, 32, wrong) }], partial: true, type: ir.named('label_t'), loc },
      ['unknown-name 42: There is no field of label_t "valu"; did you mean "value"?'],
    ],
    [
      'missing fields of a struct value',
      { kind: 'struct', fields: [], type: ir.named('label_t'), loc: wrong },
      ['missing-argument 42: label_t needs a value for "value".'],
    ],
    ['invalid values', with8({ kind: 'invalid' }), ['operand-type 42: {#} does not take bit<8>.']],
  ])('%s', (_what, expr, expected) => {
    expect(inExpr(expr)).toEqual(expected);
  });
});

describe('statements', () => {
  test.each<[string, Stmt[], string[]]>([
    [
      'what is assigned to',
      [ir.assign(moved(ingressPort), ir.bits(1, 9))],
      ['not-assignable 42: `std.ingressPort` cannot be assigned to.'],
    ],
    ['conditions', [{ kind: 'if', cond: moved(ttl), then: [], loc }], ['type-mismatch 42: This is bit<8>, but bool is expected.']],
    [
      'what comes after exit',
      [exit, drop(wrong), drop(at(43))],
      ['unreachable-statement 42: This is never reached: the exit before it ends the block.'],
    ],
    [
      'what comes after an if that always ends',
      [{ kind: 'if', cond: flag, then: [exit], else: [{ kind: 'return', loc }], loc }, drop(wrong)],
      ['unreachable-statement 42: This is never reached: the statement before it ends the block.'],
    ],
    ['unknown tables', [apply('t', { loc: wrong })], ['unknown-name 42: There is no table "t".']],
    ['break outside a loop', [{ kind: 'break', loc: wrong }], ['jump-outside-loop 42: break cannot be used outside a loop.']],
    [
      'variables that hide a parameter',
      [{ kind: 'declare', name: 'meta', type: b8, loc: wrong }],
      ['duplicate-name 42: The name "meta" is taken: a parameter of that name is declared already.'],
    ],
    [
      'validity of something else',
      [{ kind: 'set-validity', header: meta, valid: true, loc: wrong }],
      ['operand-type 42: setValid does not take metadata_t.'],
    ],
    [
      'a value returned',
      [{ kind: 'return', value: ttl, loc: wrong }],
      ['return-with-value 42: This return cannot have a value: nothing is returned here.'],
    ],
    [
      'push of nothing',
      [{ kind: 'push', stack: labels, count: 0, loc: wrong }],
      ['bad-operand 42: Expected a number of headers from 1, got 0.'],
    ],
    ['push of something else', [{ kind: 'push', stack: ip, count: 1, loc: wrong }], ['operand-type 42: push_front does not take ip_t.']],
    [
      'two cases of one label',
      [{ kind: 'switch', on: ttl, cases: [{ labels: [ir.bits(1, 8), ir.bits(1, 8)], body: [], loc: wrong }], loc }],
      ['duplicate-case 42: There are two cases for 1.'],
    ],
  ])('%s', (_what, ingress, expected) => {
    expect(inIngress(...ingress)).toEqual(expected);
  });
});

describe('calls', () => {
  test.each<[string, Stmt[], string[]]>([
    ['the number of arguments', [ir.callFunction('forward', [], wrong)], ['argument-count 42: forward takes 1 argument, not 0.']],
    ['the types of arguments', [ir.callFunction('forward', [moved(ttl)])], ['type-mismatch 42: This is bit<8>, but bit<9> is expected.']],
    [
      'packet_in for toController',
      [ir.callFunction('to_controller', [], wrong)],
      ['unknown-name 42: There is no controller header "packet_in".'],
    ],
    ['methods', [ir.callMethod(eth, 'count', [], wrong)], ['unknown-name 42: There is no method of `hdr.eth` "count".']],
    [
      'a result of what returns nothing',
      [{ ...ir.callFunction('drop', [], wrong), result: mark } as Stmt],
      ['no-result 42: `drop` returns nothing that could be assigned.'],
    ],
  ])('%s', (_what, ingress, expected) => {
    expect(inIngress(...ingress)).toEqual(expected);
  });

  test('decisions belong in ingress', () => {
    expect(report({ egress: [ir.callFunction('forward', [ir.bits(1, 9)], wrong)] })).toEqual([
      'wrong-block 42: `forward` cannot be called in the egress; it belongs in the ingress.',
    ]);
    expect(report({ egress: [drop()] })).toEqual([]);
  });

  test('checksums are verified in the parser', () => {
    const sum = ir.field(ip, 'sum', b16);
    const verify = ir.callFunction('verify_checksum', [ir.bool(true), ir.list([ttl]), sum], wrong);
    expect(report({ states: [state('start', [extract(ip), verify], goto('accept'))] })).toEqual([]);
    expect(inIngress(verify)).toEqual(['wrong-block 42: `verify_checksum` cannot be called in the ingress; it belongs in the parser.']);
  });

  test('the deparser emits and nothing else', () => {
    expect(report({ deparser: [ir.assign(ttl, ir.bits(1, 8), wrong)] })).toEqual([
      'block-statement 42: The deparser can only call update_checksum, update_checksum_with_payload and emit.',
    ]);
  });

  test('extract takes a header', () => {
    expect(report({ states: [state('start', [extract(moved(mark))], goto('accept'))] })).toEqual([
      'operand-type 42: extract does not take bit<8>.',
    ]);
  });

  test('actions: arguments, order, and not themselves', () => {
    const set = action('set', [param('value', b8)], [ir.assign(mark, ir.name('value', b8))]);
    const call = (name: string, args: Expr[] = []): Stmt => ir.call({ kind: 'action', name }, args, wrong);
    expect(report({ locals: [set], ingress: [call('set')] })).toEqual(['argument-count 42: The action set takes 1 argument, not 0.']);
    expect(report({ locals: [action('a', [], [call('a')])] })).toEqual(['recursion 42: The action "a" is used in its own declaration.']);
    expect(report({ locals: [action('a', [], [call('set', [ir.bits(1, 8)])]), set] })).toEqual([
      'declared-later 42: The action "set" is used before it is declared.',
    ]);
  });

  test('an action cannot apply a table', () => {
    expect(report({ locals: [table('t'), action('a', [], [apply('t', { loc: wrong })])] })).toEqual([
      'apply-in-action 42: An action cannot apply a table (t).',
    ]);
  });

  test('objects: arguments are constants of the right type', () => {
    const counter = (...args: Expr[]) => ({ kind: 'instance', name: 'c', type: ir.named('Counter'), args, loc: wrong }) as const;
    const unit = ir.member('CounterUnit', 'both', loc);
    expect(report({ locals: [counter(ir.bits(3, 32), unit)] })).toEqual([]);
    expect(report({ locals: [counter(unit)] })).toEqual([
      'type-mismatch 1: This is CounterUnit, but bit<32> is expected.',
      'argument-count 42: The constructor of Counter takes 2 arguments, not 1.',
    ]);
    expect(report({ locals: [counter(moved(src), unit)] })).toEqual([
      'not-constant 42: `hdr.ip.src` must be known when the program is compiled.',
    ]);
  });

  test('functions return on every path', () => {
    const fn = { kind: 'function', name: 'f', returns: b8, params: [], body: [], loc: wrong } as const;
    expect(report({ more: { functions: [fn] } })).toEqual(['missing-return 42: The function f can end without returning bit<8>.']);
  });
});

describe('parsers', () => {
  const select = (cases: { keys: Expr[]; next: string; line?: number }[], on: Expr[] = [etherType]) =>
    ({
      kind: 'select',
      on,
      cases: [
        ...cases.map((c) => ({ keys: c.keys.map(ir.value), next: c.next, loc: at(c.line ?? 1) })),
        { keys: on.map(() => ir.any), next: 'accept', loc },
      ],
      loc,
    }) as const;
  const start = (transition: Parameters<typeof state>[2]) => state('start', [extract(eth)], transition);

  test.each<[string, Parameters<typeof state>[], string[]]>([
    ['start', [['first', [], goto('accept'), loc]], ['missing-start 1: The parser parse has no state "start".']],
    [
      'unknown states',
      [['start', [extract(eth)], goto('acept', wrong)]],
      ['unknown-name 42: There is no parser state "acept"; did you mean "accept"?'],
    ],
    [
      'states that nothing leads to',
      [
        ['start', [extract(eth)], goto('accept')],
        ['lost', [], goto('accept'), wrong],
      ],
      ['unreachable-state 42: No path of the parser leads to the state "lost".'],
    ],
    [
      'two states of one name',
      [
        ['start', [extract(eth)], goto('accept')],
        ['start', [extract(eth)], goto('accept'), wrong],
      ],
      ['duplicate-name 42: The name "start" is taken: a parser state of that name is declared already.'],
    ],
    [
      'the name accept',
      [
        ['start', [extract(eth)], goto('accept')],
        ['accept', [], goto('reject'), wrong],
      ],
      ['reserved-state 42: The parser state cannot be called "accept": every parser has a state of that name.'],
    ],
    [
      'loops that consume nothing',
      [
        ['start', [extract(eth)], goto('a')],
        ['a', [], goto('b'), wrong],
        ['b', [ir.callMethod(packet, 'advance', [ir.bits(0, 32)])], goto('a')],
      ],
      ['parser-loop 42: The parser can loop forever: a → b → a extracts nothing on the way.'],
    ],
  ])('%s', (_what, states, expected) => {
    expect(report({ states: states.map((s) => state(...s)) })).toEqual(expected);
  });

  test('a loop that extracts is no mistake', () => {
    const next: Expr = { kind: 'stack-member', base: labels, member: 'next', type: ir.named('label_t'), loc };
    expect(report({ states: [state('start', [extract(next)], goto('start'))] })).toEqual([]);
  });

  test('select: as many values as expressions, of their types, known in advance', () => {
    expect(report({ states: [start(select([{ keys: [ir.bits(1, 16), ir.bits(1, 16)], next: 'accept', line: 42 }]))] })).toEqual([
      'key-count 42: The case has 2 keys, but 1 is expected.',
    ]);
    expect(report({ states: [start(select([{ keys: [ir.bits(1, 8, wrong)], next: 'accept' }]))] })).toEqual([
      'type-mismatch 42: This is bit<8>, but bit<16> is expected.',
    ]);
    expect(report({ states: [start(select([{ keys: [moved(etherType)], next: 'accept' }]))] })).toEqual([
      'not-constant 42: What is matched with must be known when the program is compiled.',
    ]);
    expect(report({ states: [start(select([], [moved(eth)]))] })).toEqual(['operand-type 42: select does not take eth_t.']);
  });

  test('cases after one that matches everything', () => {
    const transition = select([{ keys: [ir.bits(1, 16)], next: 'accept', line: 42 }]);
    const cases = [{ keys: [ir.any], next: 'accept', loc: at(7) }, ...transition.cases];
    expect(report({ states: [start({ ...transition, cases })] })).toEqual([
      'unreachable-case 42: This case is never reached: an earlier case matches everything.',
    ]);
  });
});

describe('tables', () => {
  const key = (expr: Expr, match: string, name = 'k') => ({ expr, match, name, loc: wrong });
  const set = action('set', [param('value', b8)], [ir.assign(mark, ir.name('value', b8))]);
  const use = (more: object, ...locals: Parameters<typeof table>[]) =>
    report({
      locals: [set, table('t', { actions: [ref('set')], ...more }), ...locals.map((l) => table(...l))],
      ingress: [apply('t'), ...locals.map(([name]) => apply(name))],
    });
  const entry = (keys: readonly ReturnType<typeof ir.value>[], call: object = ref('set', { args: [ir.bits(1, 8)] })) => ({
    keys,
    action: call,
    loc: wrong,
  });
  const mask = (value: number, m: number) => ({ kind: 'mask', value: ir.bits(value, 32), mask: ir.bits(m, 32) }) as never;

  test.each<[string, object, string[]]>([
    ['match kinds', { keys: [key(ttl, 'exakt')] }, ['unknown-name 42: There is no match kind "exakt"; did you mean "exact"?']],
    ['types of keys', { keys: [key(flag, 'lpm')] }, ['key-type 42: The key k is bool, which cannot be matched as lpm.']],
    [
      'one longest prefix',
      { keys: [key(src, 'lpm', 'a'), key(src, 'lpm', 'b')] },
      ['two-lpm-keys 42: The table t has two longest-prefix keys, a and b: a table can have one.'],
    ],
    [
      'names of keys',
      { keys: [key(ttl, 'exact'), key(src, 'exact')] },
      ['duplicate-name 42: The name "k" is taken: a key of the table t of that name is declared already.'],
    ],
    ['actions', { actions: [ref('sett', { loc: wrong })] }, ['unknown-name 42: There is no action "sett"; did you mean "set"?']],
    [
      'an action twice',
      { actions: [ref('set'), ref('set', { loc: wrong })] },
      ['duplicate-name 42: The name "set" is taken: a table action of that name is declared already.'],
    ],
    [
      'the default action',
      { defaultAction: { ...ref('NoAction', { loc: wrong }), const: false } },
      ['action-not-in-table 42: NoAction is not an action of the table t.'],
    ],
    [
      'arguments of the default action',
      { defaultAction: { ...ref('set', { loc: wrong }), const: false } },
      ['argument-count 42: The action set takes 1 argument, not 0.'],
    ],
    [
      'arguments of the default action are constants',
      { defaultAction: { ...ref('set', { args: [moved(ttl)] }), const: false } },
      ['not-constant 42: `hdr.ip.ttl` must be known when the program is compiled.'],
    ],
    [
      'actions that cannot be the default',
      {
        actions: [ref('set', { scope: 'tableonly' })],
        defaultAction: { ...ref('set', { args: [ir.bits(1, 8)], loc: wrong }), const: false },
      },
      ['wrong-scope 42: The action set is tableonly: it cannot be the default action.'],
    ],
    [
      'properties',
      { properties: [{ name: 'countrs', value: ttl }] },
      ['unknown-name 1: There is no table property "countrs"; did you mean "counters"?'],
    ],
    [
      'values of properties',
      { properties: [{ name: 'counters', value: moved(ttl) }] },
      ['bad-property 42: The table property "counters" must be DirectCounter.'],
    ],
    [
      'keys of entries',
      { keys: [key(ttl, 'exact')], entries: [entry([])] },
      ['key-count 42: The entry of t has 0 keys, but 1 is expected.'],
    ],
    [
      'what a key can be',
      { keys: [key(src, 'exact')], entries: [entry([mask(1, 1)])] },
      ['key-set 42: A key matched as exact cannot be 32w1 &&& 32w1.'],
    ],
    [
      'masks of prefixes',
      { keys: [key(src, 'lpm')], entries: [entry([mask(1, 0xff)])] },
      ['mask-not-prefix 42: 32w1 &&& 32w255 cannot match a key of kind lpm: its mask must be a prefix, ones and then zeros.'],
    ],
    [
      'actions of entries',
      { keys: [key(ttl, 'exact')], entries: [entry([ir.value(ir.bits(1, 8))], ref('NoAction', { loc: wrong }))] },
      ['action-not-in-table 42: NoAction is not an action of the table t.'],
    ],
    [
      'actions that are only the default',
      {
        keys: [key(ttl, 'exact')],
        actions: [ref('set', { scope: 'defaultonly' })],
        entries: [entry([ir.value(ir.bits(1, 8))], ref('set', { args: [ir.bits(1, 8)], loc: wrong }))],
      },
      ['wrong-scope 42: The action set is defaultonly: it cannot be in an entry.'],
    ],
  ])('%s', (_what, more, expected) => {
    expect(use(more)).toEqual(expected);
  });

  test('entries that are right give nothing', () => {
    expect(use({ keys: [key(src, 'lpm')], entries: [entry([mask(0x0a000000, 0xff000000)]), entry([ir.any as never])] })).toEqual([]);
  });

  test('a direct counter belongs to one table', () => {
    const counter = {
      kind: 'instance',
      name: 'hits',
      type: ir.named('DirectCounter'),
      args: [ir.member('CounterUnit', 'both', loc)],
      loc,
    } as const;
    const properties = (where = loc) => [{ name: 'counters', value: ir.name('hits', ir.named('DirectCounter'), where) }];
    expect(
      report({
        locals: [counter, table('t', { properties: properties() }), table('u', { properties: properties(wrong) })],
        ingress: [apply('t'), apply('u')],
      }),
    ).toEqual(['shared-direct 42: hits belongs to one table, but both t and u name it.']);
  });

  test('a table is applied once on a path', () => {
    const locals = [table('t')];
    const again = apply('t', { loc: wrong });
    const twice = 'applied-twice 42: The table t is applied twice on one path.';
    const when = (then: Stmt[], otherwise: Stmt[]): Stmt => ({ kind: 'if', cond: flag, then, else: otherwise, loc });
    expect(report({ locals, ingress: [apply('t'), again] })).toEqual([twice]);
    expect(report({ locals, ingress: [when([apply('t')], []), again] })).toEqual([twice]);
    expect(report({ locals, ingress: [apply('t', { hit: [again] })] })).toEqual([twice]);
    expect(report({ locals, ingress: [when([apply('t')], [again])] })).toEqual([]);
    expect(report({ locals, ingress: [when([apply('t'), exit], []), again] })).toEqual([]);
  });

  test('cases are about the actions of the table', () => {
    const cases = [{ actions: ['drop'], body: [], loc: wrong }];
    expect(report({ locals: [set, table('t', { actions: [ref('set')] })], ingress: [apply('t', { cases })] })).toEqual([
      'action-not-in-table 42: drop is not an action of the table t.',
    ]);
    expect(report({ locals: [table('t')], ingress: [apply('t', { hit: [], cases: [], loc: wrong })] })).toEqual([
      'switch-not-on-apply 42: c.switch must follow directly after its c.apply.',
    ]);
  });

  test('tables are applied in apply blocks', () => {
    const p = program({ states: [state('start', [apply('t', { loc: wrong })], goto('accept'))] });
    expect(shown(validate(p).diagnostics)).toContain('wrong-place 42: The table t cannot be used in a parser.');
  });
});

describe('the package', () => {
  const withMain = (main: Program['main']): string[] => shown(validate(program({ more: { main } })).diagnostics);
  test('its name, its blocks and their parameters', () => {
    expect(withMain({ package: 'V1Switch', blocks: [] })).toContain(
      'main-package 0: V1Switch is not the package of portable, which is Pipeline.',
    );
    expect(withMain({ package: 'Pipeline', blocks: ['parse'] })).toContain('main-blocks 0: Pipeline takes 4 blocks, not 1.');
    expect(withMain({ package: 'Pipeline', blocks: ['parse', 'ingress', 'ingress', 'deparse'] })).toContain(
      'main-block-twice 0: Pipeline cannot take one block twice.',
    );
    expect(withMain({ package: 'Pipeline', blocks: ['parse', 'ingress', 'egres', 'deparse'] })).toContain(
      'unknown-name 0: There is no control "egres"; did you mean "egress"?',
    );
    expect(withMain({ package: 'Pipeline', blocks: ['parse', 'egress', 'ingress', 'deparse'] })).toContain(
      'bad-block 1: The block egress must have the parameters (inout headers_t hdr, inout metadata_t meta, in IngressStd std).',
    );
  });

  test('the architecture', () => {
    expect(shown(validate(program({ more: { arch: 'v1modle' } })).diagnostics)).toEqual([
      'unknown-name 0: There is no architecture "v1modle"; did you mean "v1model"?',
    ]);
  });
});

describe('what is never used', () => {
  const unused = (parts: Parts): string[] =>
    validate(program(parts))
      .diagnostics.filter((d) => d.code === 'never-used' && d.loc.line === 42)
      .map((d) => d.message);

  test('tables, actions, counters and variables', () => {
    const instance = {
      kind: 'instance',
      name: 'c',
      type: ir.named('Counter'),
      args: [ir.bits(1, 32, loc), ir.member('CounterUnit', 'both', loc)],
      loc: wrong,
    } as const;
    expect(
      unused({
        locals: [action('a', [], [], wrong), action('used', [], [], wrong), table('t', { actions: [ref('used')], loc: wrong }), instance],
        ingress: [{ kind: 'declare', name: 'v', type: b8, loc: wrong }],
      }),
    ).toEqual([
      'The action `a` is declared and never used.',
      'The table `t` is declared and never used.',
      'The object `c` is declared and never used.',
      'The variable `v` is declared and never used.',
    ]);
  });

  test('fields of metadata, and headers', () => {
    const p = program({ deparser: [] });
    const messages = validate(p).diagnostics.map((d) => d.message);
    expect(messages).toContain('The field `meta.mark` is declared and never used.');
    expect(messages).toContain('The header `hdr.labels` is declared and never used.');
    expect(messages).not.toContain('The header `hdr.ip` is declared and never used.');
  });

  test('what a control uses of the metadata that it is given', async () => {
    const top = 'control Sub(inout headers_t hdr, inout meta_t m) { apply { m.x = (bit<16>)hdr.h.a; } }';
    const p = await v1modelText({ top, locals: 'Sub() sub;', ingress: 'sub.apply(hdr, m);' });
    expect(validate(p).diagnostics.map((d) => d.message)).toEqual([
      'The field `m.v` is declared and never used.',
      'The field `m.known` is declared and never used.',
    ]);
  });
});

describe('size', () => {
  test('deep nesting', () => {
    let deep: Expr = ttl;
    for (let i = 0; i < 1300; i++) deep = ir.binary('+', deep, ir.bits(1, 8));
    expect(shown(validate(program({ ingress: [ir.assign(mark, deep)] })).diagnostics)).toEqual([
      'program-too-large 0: The program is too large: expressions and statements are nested more than 1200 levels deep.',
    ]);
  });

  test('shared subexpressions that double', () => {
    let wide: Expr = ttl;
    for (let i = 0; i < 40; i++) wide = ir.binary('+', wide, wide);
    expect(shown(validate(program({ ingress: [ir.assign(mark, wide)] })).diagnostics)).toEqual([
      'program-too-large 0: The program is too large: it has more than 2000000 nodes, counting shared expressions each time.',
    ]);
  });

  test('actions that call actions twice each are followed only so far', () => {
    const calls = Array.from({ length: 30 }, (_, i) =>
      action(`a${i}`, [], i === 0 ? [] : [0, 1].map(() => ir.call({ kind: 'action', name: `a${i - 1}` }, []))),
    );
    expect(report({ locals: calls, ingress: [ir.call({ kind: 'action', name: 'a29' }, [])] })).toEqual([]);
  });
});

test('errors say what to write, and where the other thing is', () => {
  const [applied] = validate(
    program({ locals: [table('t')], ingress: [apply('t', { loc: at(7) }), apply('t', { loc: wrong })] }),
  ).diagnostics.filter((d) => d.code === 'applied-twice');
  expect(applied?.notes).toEqual([{ message: 'it is applied here before', loc: at(7) }]);
  expect(applied?.help).toMatch(/declare a second table/);
  const [size] = validate(program({ types: [header('h', { a: ir.bitType(12) })] })).diagnostics;
  expect(size?.help).toBe('add a field of 4 bits, or correct the width of another one');
});
