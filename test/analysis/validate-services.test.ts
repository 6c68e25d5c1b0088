/** What validate reports of state, services, entries and parts for one target: each mistake alone, at its line. */
import { describe, expect, test } from 'vitest';
import { validate } from '../../compiler/analysis/validate.js';
import * as ir from '../../compiler/ir/build.js';
import type { ActionDecl, ControlDecl, Expr, InstanceDecl, LocalDecl, Stmt, TableDecl, Type } from '../../compiler/ir/index.js';
import {
  action,
  apply,
  at,
  b8,
  b9,
  b16,
  eth,
  etherType,
  extract,
  flag,
  goto,
  header,
  inIngress,
  loc,
  mark,
  moved,
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
import { psaProgram } from '../support/psa-lab.js';
import { v1modelText } from '../support/v1model-text.js';

const call = (name: string, ...args: Expr[]): Stmt => ir.callFunction(name, args, loc);
const callAt = (name: string, ...args: Expr[]): Stmt => ir.callFunction(name, args, wrong);
const instance = (name: string, type: Type, ...args: Expr[]): InstanceDecl => ({ kind: 'instance', name, type: type as never, args, loc });
const n32 = (value: number, where = loc): Expr => ir.bits(value, 32, where);

describe('what survives', () => {
  test.each(['recirculate', 'resubmit'])('%s keeps fields of the metadata', (name) => {
    expect(inIngress(call(name, ir.list([mark, flag])))).toEqual([]);
    expect(inIngress(call(name, ir.list([moved(ttl)])))).toEqual([
      `keep-not-metadata 42: ${name} cannot keep \`hdr.ip.ttl\`, which is not a field of the metadata.`,
    ]);
    expect(inIngress(call(name, ir.list([ir.bits(1, 8, wrong)])))).toEqual([
      `keep-not-metadata 42: ${name} cannot keep \`8w1\`, which is not a field of the metadata.`,
    ]);
  });

  test('mirror too, also in egress', () => {
    const mirror = (kept: Expr): Stmt => call('mirror', ir.bits(1, 10), ir.list([kept]));
    expect(report({ ingress: [mirror(mark)], egress: [mirror(mark)] })).toEqual([]);
    expect(report({ egress: [mirror(moved(ttl))] })).toEqual([
      'keep-not-metadata 42: mirror cannot keep `hdr.ip.ttl`, which is not a field of the metadata.',
    ]);
  });

  test('in a list, and the digest is a struct', () => {
    expect(inIngress(call('resubmit', moved(mark)))).toEqual(['bad-operand 42: Expected a list of fields of the metadata, got meta.mark.']);
    expect(inIngress(call('digest', moved(mark)))).toEqual([
      'bad-operand 42: Expected a value of a struct that the program declares, got meta.mark.',
    ]);
  });

  test('nothing follows a resubmit', () => {
    expect(inIngress(call('resubmit', ir.list([])), callAt('drop'))).toEqual([
      'unreachable-statement 42: This is never reached: the resubmit before it ends the block.',
    ]);
    const branch: Stmt = { kind: 'if', cond: flag, then: [call('resubmit', ir.list([]))], loc };
    expect(inIngress(branch, call('drop'))).toEqual([]);
  });

  test('recirculate and digest are ingress’s', () => {
    const inner = { ...(program().controls[1] as ControlDecl), name: 'inner', body: [callAt('recirculate', ir.list([]))] };
    const source = program();
    const [ingress, egress, deparse] = source.controls as [ControlDecl, ControlDecl, ControlDecl];
    const outer = {
      ...egress,
      locals: [instance('i', ir.named('inner'))],
      body: [
        ir.call(
          { kind: 'block', instance: 'i' },
          egress.params.map((p) => ir.name(p.name, p.type, loc)),
          loc,
        ),
      ],
    };
    expect(shown(validate({ ...source, controls: [inner, ingress, outer, deparse] }).diagnostics)).toEqual([
      'wrong-block 42: `recirculate` cannot be called in the egress; it belongs in the ingress.',
    ]);
  });
});

describe('one mirror and one digest', () => {
  const learn = struct('learn_t', { mark: b8 });
  const digest = (where = loc): Stmt =>
    ir.callFunction('digest', [{ kind: 'struct', type: ir.named('learn_t'), fields: [{ name: 'mark', value: mark }], loc }], where);
  const mirror = (where = loc): Stmt => ir.callFunction('mirror', [ir.bits(1, 10), ir.list([])], where);
  const twice = (what: string) => `effect-twice 42: Two calls of ${what} are on one path: only the last one has an effect.`;

  test('on one path', () => {
    expect(report({ types: [learn], ingress: [digest(), digest(wrong)] })).toEqual([twice('digest')]);
    expect(report({ egress: [mirror(), mirror(wrong)] })).toEqual([twice('mirror')]);
    expect(report({ types: [learn], ingress: [digest(), mirror()] })).toEqual([]);
    expect(report({ ingress: [{ kind: 'if', cond: flag, then: [mirror()], loc }, mirror(wrong)] })).toEqual([twice('mirror')]);
  });

  test('on two paths they are no mistake', () => {
    const either: Stmt = { kind: 'if', cond: flag, then: [mirror()], else: [mirror()], loc };
    expect(report({ ingress: [either] })).toEqual([]);
    const leaves: Stmt = { kind: 'if', cond: flag, then: [mirror(), { kind: 'exit', loc }], loc };
    expect(report({ ingress: [leaves, mirror()] })).toEqual([]);
    expect(report({ ingress: [{ kind: 'target', target: 'bmv2', body: [mirror()], otherwise: [mirror()], loc }] })).toEqual([]);
  });

  test('in actions of a table, and in a control inside', () => {
    const a = action('a', [], [mirror()]);
    const b = action('b', [], [mirror()]);
    const t = table('t', { actions: [ref('a'), ref('b')] });
    expect(report({ locals: [a, b, t], ingress: [apply('t')] })).toEqual([]);
    expect(report({ locals: [a, b, t], ingress: [apply('t'), mirror(wrong)] })).toEqual([twice('mirror')]);
    const onA = apply('t', { cases: [{ actions: ['b'], body: [mirror(wrong)], loc }] });
    expect(report({ locals: [a, b, t], ingress: [onA] })).toEqual([twice('mirror')]);

    const source = program();
    const [ingress, egress, deparse] = source.controls as [ControlDecl, ControlDecl, ControlDecl];
    const inner: ControlDecl = { ...ingress, name: 'inner', locals: [table('u')], body: [apply('u', { loc: wrong })] };
    const run = ir.call(
      { kind: 'block', instance: 'i' },
      ingress.params.map((p) => ir.name(p.name, p.type, loc)),
      loc,
    );
    const outer: ControlDecl = { ...ingress, locals: [instance('i', ir.named('inner'))], body: [run, run] };
    expect(shown(validate({ ...source, controls: [inner, outer, egress, deparse] }).diagnostics)).toEqual([
      'applied-twice 42: The table i.u is applied twice on one path.',
    ]);
  });
});

describe('cells', () => {
  const counter = instance('n', ir.named('Counter'), n32(4), ir.member('CounterUnit', 'both'));
  const register = instance('r', ir.named('Register', [b8]), n32(4));
  const meter = instance('m', ir.named('Meter'), n32(4), ir.member('MeterUnit', 'bytes'));
  const color = ir.name('color', ir.named('MeterColor'));
  const count = (index: Expr): Stmt => ir.callMethod(ir.name('n', ir.named('Counter')), 'count', [index], loc);

  test('a constant index out of range', () => {
    const expected = (name: string) => `cell-index 42: ${name} has 4 cells, from 0: cell 4 does not exist, so this call has no effect.`;
    expect(report({ locals: [counter], ingress: [count(n32(3))] })).toEqual([]);
    expect(report({ locals: [counter], ingress: [count(n32(4, wrong))] })).toEqual([expected('n')]);
    expect(
      report({
        locals: [meter],
        ingress: [
          { kind: 'declare', name: 'color', type: color.type, loc },
          ir.callMethod(ir.name('m', ir.named('Meter')), 'execute', [n32(4, wrong), color], loc),
        ],
      }),
    ).toEqual([expected('m')]);
    expect(report({ locals: [register], ingress: [update([ir.assign(cell, ir.bits(1, 8))], { index: n32(4, wrong) })] })).toEqual([
      expected('r'),
    ]);
  });

  const cell = ir.name('cell', b8);
  const result = ir.name('result', b8);
  const update = (body: readonly Stmt[], more: { index?: Expr; result?: Expr; params?: object[]; given?: undefined } = {}): Stmt =>
    ({
      ...ir.callMethod(ir.name('r', ir.named('Register', [b8])), 'update', [more.index ?? n32(1)], wrong),
      ...(more.result ? { result: more.result } : {}),
      ...('given' in more
        ? {}
        : {
            given: {
              kind: 'function',
              name: 'update',
              returns: { kind: 'void' },
              params: more.params ?? [param('cell', b8, 'inout'), ...(more.result ? [param('result', b8, 'out')] : [])],
              body,
              loc: wrong,
            },
          }),
    }) as Stmt;
  const updating = (stmt: Stmt): string[] => report({ locals: [register], ingress: [stmt] });

  test('an update is right', () => {
    const local: Stmt = { kind: 'declare', name: 'x', type: b8, init: ttl, loc };
    const branch: Stmt = { kind: 'if', cond: flag, then: [ir.assign(ir.name('x', b8), cell)], loc };
    expect(updating(update([local, branch, ir.assign(result, cell), ir.assign(cell, ir.name('x', b8))], { result: mark }))).toEqual([]);
  });

  test.each<[string, Stmt, string[]]>([
    ['it needs its function', update([], { given: undefined }), ['missing-argument 42: r.update needs a value for "the function".']],
    [
      'of the cell’s type',
      update([], { params: [param('cell', b16, 'inout')] }),
      ['bad-block 42: The block update must have the parameters (inout bit<8> cell).'],
    ],
    [
      'with a result exactly where the call has one',
      update([], { params: [param('cell', b8, 'inout'), param('result', b8, 'out')] }),
      ['bad-block 42: The block update must have the parameters (inout bit<8> cell).'],
    ],
    [
      'it writes nothing else',
      update([ir.assign(mark, cell, wrong)]),
      ['given-effect 42: The function given to r.update writes `meta.mark`: it can only compute the cell and a result.'],
    ],
    [
      'it calls nothing',
      update([callAt('drop')]),
      [
        'given-effect 42: The function given to r.update has a statement (call) that is no computation: it can only compute the cell and a result.',
      ],
    ],
    [
      'it assigns the cell once',
      update([ir.assign(cell, mark), ir.assign(cell, mark, wrong)]),
      ['given-twice 42: The function given to r.update assigns `cell` twice.'],
    ],
    [
      'it assigns its result',
      update([], { result: mark }),
      ['given-no-result 42: The function given to r.update does not assign its result.'],
    ],
    ['types fit', update([ir.assign(cell, ir.bits(1, 9, wrong))]), ['type-mismatch 42: This is bit<9>, but bit<8> is expected.']],
  ])('an update: %s', (_what, stmt, expected) => {
    expect(updating(stmt)).toEqual(expected);
  });

  test('no other call takes a function', () => {
    const stmt = {
      ...ir.callFunction('drop', [], loc),
      given: { kind: 'function', name: 'f', returns: { kind: 'void' }, params: [], body: [], loc: wrong },
    };
    expect(inIngress(stmt as Stmt)).toEqual(['argument-count 42: drop takes 0 arguments, not 1.']);
  });
});

describe('direct meters', () => {
  const police = instance('police', ir.named('DirectMeter'), ir.member('MeterUnit', 'bytes'));
  const color = ir.name('color', ir.named('MeterColor'));
  const read: Stmt[] = [
    { kind: 'declare', name: 'color', type: color.type, loc },
    ir.callMethod(ir.name('police', ir.named('DirectMeter')), 'read', [color], wrong),
  ];
  const reads = action('reads', [], read);
  const calls = action('calls', [], [ir.call({ kind: 'action', name: 'reads' }, [], loc)]);
  const meters = { name: 'meters', value: ir.name('police', ir.named('DirectMeter')) };
  const owner = table('owner', { actions: [ref('reads')], properties: [meters] });
  const elsewhere =
    'direct-meter-place 42: police can be read only in the actions of owner, which know the entry that the meter belongs to.';

  test.each<[string, LocalDecl[], Stmt[], string[]]>([
    ['read in an action of its table', [police, reads, owner], [apply('owner')], []],
    [
      'or in one that such an action calls',
      [police, reads, calls, table('owner', { actions: [ref('calls')], properties: [meters] })],
      [apply('owner')],
      [],
    ],
    ['not in the apply block', [police, reads, owner], [apply('owner'), ...read], [elsewhere]],
    [
      'not in an action of another table',
      [police, reads, owner, table('other', { actions: [ref('reads')] })],
      [apply('owner'), apply('other')],
      [elsewhere],
    ],
    [
      'not by a call from the apply block',
      [police, action('reads', [], [read[0] as Stmt, { ...read[1], loc } as Stmt]), owner],
      [apply('owner'), ir.call({ kind: 'action', name: 'reads' }, [], wrong)],
      [elsewhere],
    ],
    [
      'not without a table',
      [police, reads, table('owner', { actions: [ref('reads')] })],
      [apply('owner')],
      ['direct-meter-place 42: police is read, but no table has it as its meter.'],
    ],
  ])('%s', (_what, locals, ingress, expected) => {
    expect(report({ locals, ingress })).toEqual(expected);
  });

  test('programs in P4 may share an action that reads it', () => {
    const other = table('other', { actions: [ref('reads')] });
    const parts = { locals: [police, reads, owner, other], ingress: [apply('owner'), apply('other')] };
    expect(shown(validate({ ...program(parts), language: 'p4' }).diagnostics)).toEqual([
      'direct-meter-shared 42: The table other also runs the action reads, which reads police, but its entries have no such meter.',
    ]);
    const alone = {
      locals: [police, action('counts', [], []), table('owner', { actions: [ref('counts')], properties: [meters] }), reads, other],
    };
    const ingress = [apply('owner'), apply('other')];
    expect(shown(validate({ ...program({ ...alone, ingress }), language: 'p4' }).diagnostics).join()).toContain('direct-meter-place 42');
  });
});

describe('profiles and selectors', () => {
  const profile = instance('p', ir.named('ActionProfile'), n32(8));
  const selector = instance('s', ir.named('ActionSelector'), ir.member('HashAlgorithm', 'crc16'), n32(8), n32(4));
  const of = (name: string, type: string) => [{ name: 'implementation', value: ir.name(name, ir.named(type), wrong) }];
  const send = action('send', [param('port', b9)], [ir.callFunction('forward', [ir.name('port', b9)])]);
  const drop = action('dropit', [], [call('drop')]);
  const key = (match: string, expr = ttl, where = loc) => ({ expr, match, name: `${match}_key`, loc: where });
  const both = [apply('t'), apply('u')];

  test('are what a table’s implementation is', () => {
    const t = table('t', { keys: [key('exact')], actions: [ref('send')], properties: of('p', 'ActionProfile') });
    const u = table('u', { keys: [key('exact'), key('selector', src)], actions: [ref('send')], properties: of('s', 'ActionSelector') });
    expect(report({ locals: [profile, selector, send, t, u], ingress: both })).toEqual([]);
    const other = table('t', { actions: [ref('send')], properties: [{ name: 'implementation', value: ir.bool(true, wrong) }] });
    expect(report({ locals: [send, other], ingress: [apply('t')] })).toEqual([
      'bad-property 42: The table property "implementation" must be ActionProfile or ActionSelector.',
    ]);
  });

  test('keys that a selector hashes go with a selector', () => {
    const without = table('t', { keys: [key('exact')], actions: [ref('send')], properties: of('s', 'ActionSelector') });
    expect(report({ locals: [selector, send, without], ingress: [apply('t')] })).toEqual([
      'selector-keys 42: The table t chooses members by a selector, but has no key that the selector hashes.',
    ]);
    const alone = table('t', { keys: [key('selector', src, wrong)], actions: [ref('send')] });
    expect(report({ locals: [send, alone], ingress: [apply('t')] })).toEqual([
      'selector-keys 42: The table t has a key for a selector, but its implementation is not a selector.',
    ]);
  });

  test('can be shared by tables with the same members', () => {
    const t = (name: string, actions: string[]) =>
      table(name, { keys: [key('exact')], actions: actions.map((a) => ref(a)), properties: of('p', 'ActionProfile') });
    expect(report({ locals: [profile, send, drop, t('t', ['send', 'dropit']), t('u', ['dropit', 'send'])], ingress: both })).toEqual([]);
    expect(report({ locals: [profile, send, drop, t('t', ['send', 'dropit']), t('u', ['send'])], ingress: both })).toEqual([
      'shared-profile 42: t and u share p, so they must have the same actions and hash the same keys.',
    ]);
  });

  test('programs declare no entries of such tables', () => {
    const entry = { keys: [ir.value(ir.bits(1, 8))], action: { action: 'dropit', args: [], loc }, loc: wrong };
    const t = table('t', { keys: [key('exact')], actions: [ref('dropit')], properties: of('p', 'ActionProfile'), entries: [entry] });
    expect(report({ locals: [profile, drop, t], ingress: [apply('t')] })).toEqual([
      'entries-indirect 42: The table t cannot declare entries: they would name members of its action profile or selector, which only a controller creates.',
    ]);
  });
});

describe('entries', () => {
  const drop: ActionDecl = action('dropit', [], [call('drop')]);
  const entry = (value: number, priority?: number, where = loc) => ({
    keys: [ir.value(ir.bits(value, 8))],
    action: { action: 'dropit', args: [], loc },
    ...(priority === undefined ? {} : { priority }),
    loc: where,
  });
  const withEntries = (match: string, entries: ReturnType<typeof entry>[], more: Partial<TableDecl> = {}): string[] =>
    report({
      locals: [drop, table('t', { keys: [{ expr: ttl, match, name: 'k', loc }], actions: [ref('dropit')], entries, ...more })],
      ingress: [apply('t')],
    });

  test('have a priority exactly where a key is ternary, range or optional', () => {
    expect(withEntries('exact', [entry(1), entry(2)])).toEqual([]);
    expect(withEntries('exact', [entry(1, 5, wrong)])).toEqual([
      'entry-priority 42: t: the entry has a priority, but no key is ternary, range or optional.',
    ]);
    for (const match of ['ternary', 'range', 'optional']) {
      expect(withEntries(match, [entry(1, 5)])).toEqual([]);
      expect(withEntries(match, [entry(1, undefined, wrong)])).toEqual([
        'entry-priority 42: t: the entry needs a priority above 0, since a key is ternary, range or optional; the highest wins.',
      ]);
    }
  });

  test('differ in what they match or in priority', () => {
    expect(withEntries('ternary', [entry(1, 5), entry(1, 6)])).toEqual([]);
    expect(withEntries('ternary', [entry(1, 5), entry(1, 5, wrong)])).toEqual([
      'entry-duplicate 42: The table t has another entry with the same match.',
    ]);
    expect(withEntries('exact', [entry(1), entry(1, undefined, wrong)])).toEqual([
      'entry-duplicate 42: The table t has another entry with the same match.',
    ]);
  });

  test('fit the table', () => {
    expect(withEntries('exact', [entry(1), entry(2, undefined, wrong)], { size: 1 })).toEqual([
      'entries-too-many 42: The table t has 2 entries, but its size is 1.',
    ]);
  });
});

describe('parts for one target', () => {
  const on = (target: string, body: Stmt[], otherwise?: Stmt[], where = loc): Stmt => ({
    kind: 'target',
    target,
    body,
    ...(otherwise ? { otherwise } : {}),
    loc: where,
  });

  test('inside a part for another one are never used', () => {
    expect(inIngress(on('bmv2', [call('drop')], [on('tofino', [call('drop')])]))).toEqual([]);
    expect(inIngress(on('bmv2', [on('tofino', [call('drop')], undefined, wrong)]))).toEqual([
      'target-never 42: This part for tofino never runs: it is inside a part for bmv2.',
    ]);
    expect(inIngress(on('bmv2', [], [on('bmv2', [call('drop')], undefined, wrong)]))).toEqual([
      'target-never 42: This part for bmv2 never runs: it is inside a part for targets other than bmv2.',
    ]);
  });

  test('are on paths of their own', () => {
    const t = table('t');
    expect(report({ locals: [t], ingress: [on('bmv2', [apply('t')], [apply('t')])] })).toEqual([]);
    expect(report({ locals: [t], ingress: [on('bmv2', [apply('t')]), apply('t', { loc: wrong })] })).toEqual([
      'applied-twice 42: The table t is applied twice on one path.',
    ]);
    expect(inIngress(on('bmv2', [{ kind: 'exit', loc }], [{ kind: 'exit', loc }]), callAt('drop'))).toEqual([
      'unreachable-statement 42: This is never reached: the statement before it ends the block.',
    ]);
  });
});

describe('parsers', () => {
  const select = (on: Expr, keys: Expr[]) =>
    ({ kind: 'select', on: [on], cases: keys.map((k) => ({ keys: [ir.value(k)], next: 'accept', loc })), loc: wrong }) as const;

  test('a select without a default rejects what no case has', () => {
    expect(report({ states: [state('start', [extract(eth)], select(etherType, [ir.bits(1, 16)]))] })).toEqual([
      'select-without-default 42: Packets that match no case of this select are rejected.',
    ]);
    expect(report({ states: [state('start', [extract(eth)], select(flag, [ir.bool(true), ir.bool(false)]))] })).toEqual([]);
    expect(report({ states: [state('start', [extract(eth)], select(flag, [ir.bool(true), ir.bool(true)]))] })).toHaveLength(1);
  });

  test('in v1model such a select accepts, in PSA its error is NoMatch', async () => {
    const body = 'p.extract(hdr.h); transition select(hdr.h.a) { 1: accept; }';
    expect(shown(validate(await v1modelText({ parser: `state start { ${body} }` })).diagnostics)).toEqual([
      expect.stringMatching('^select-without-default .*are accepted, and there is no parser error.$'),
    ]);
    const psa = await psaProgram({ ingressParser: 'p.extract(hdr.h);', ingressNext: 'select(hdr.h.a) { 1: accept; }' });
    expect(shown(validate(psa).diagnostics)).toContainEqual(
      expect.stringMatching('^select-without-default .*have the parser error NoMatch.$'),
    );
  });

  test('headers have one varbit and whole bytes; loops consume', () => {
    const varbit: Type = { kind: 'varbit', width: 64 };
    expect(report({ types: [header('h', { a: varbit, b: varbit }, wrong)] })).toEqual([
      'two-varbits 42: The header h has more than one field of variable size.',
    ]);
    expect(report({ types: [header('h', { a: ir.bitType(12) }, wrong)] })).toEqual([
      'header-size 42: The header h has 12 bits, which is not a whole number of bytes.',
    ]);
    expect(report({ states: [state('start', [], goto('start'), wrong)] })).toEqual([
      'parser-loop 42: The parser can loop forever: start → start extracts nothing on the way.',
    ]);
  });

  test('a subparser cannot run itself', () => {
    const source = program();
    const [parser] = source.parsers;
    const params = parser?.params.map((p) => (p.direction === 'out' ? { ...p, direction: 'inout' as const } : p)) ?? [];
    const itself = ir.call(
      { kind: 'block', instance: 'again' },
      params.map((p) => ir.name(p.name, p.type, loc)),
      loc,
    );
    const sub = {
      kind: 'parser',
      name: 'sub',
      params,
      locals: [{ ...instance('again', ir.named('sub')), loc: wrong }],
      states: [state('start', [itself], goto('accept'))],
      loc: at(3),
    } as const;
    expect(shown(validate({ ...source, parsers: [sub, ...source.parsers] }).diagnostics)).toContain(
      'declared-later 42: The parser "sub" is used before it is declared.',
    );
  });

  test('states and what their parser declares have different names', () => {
    const source = program();
    const [parser, ...others] = source.parsers as [(typeof source.parsers)[number]];
    const known = { kind: 'value-set', name: 'known', type: ir.bitType(8), size: 4, loc } as const;
    const taken = { ...parser, locals: [known], states: [...parser.states, state('known', [], goto('accept'), wrong)] };
    expect(shown(validate({ ...source, parsers: [taken, ...others] }).diagnostics)).toEqual([
      'duplicate-name 42: The name "known" is taken: a value-set of that name is declared already.',
    ]);
  });
});
