/** What tsc would refuse, at run time: each call of the language with values of wrong kinds ends in a diagnostic, never in an exception. */
import * as p4ts from 'p4ts';
import { bit, bmv2, header, mac, pipeline, port, stack, struct, valueSet } from 'p4ts';
import { describe, expect, test } from 'vitest';
import { DiagnosticError } from '../../compiler/support/diagnostics.js';
import { diagnosticsOf } from '../support/diagnostics.js';
import { wrongValues } from '../support/wrong-values.js';

const H = header('h_t', { a: bit(8), b: bit(8), sum: bit(16) });
const S = struct('s_t', { x: bit(8) });

/** What `ctl` declares for the statements. */
const declare = (ctl: any, { hdr }: any) => {
  const act = ctl.action('act', { to: port }, (c: any, { to }: any) => c.forward(to));
  const table = ctl.table('table', { key: { a: p4ts.exact(hdr.h.a) }, actions: [act] });
  return {
    act,
    table,
    counter: ctl.counter('counter', { size: 4, unit: 'packets' }),
    meter: ctl.meter('meter', { size: 4, unit: 'packets' }),
    register: ctl.register('register', bit(8), 4),
    digest: ctl.digest('digest', { a: bit(8) }),
    fn: ctl.function('fn', { x: bit(8) }, bit(8), (_: any, { x }: any) => x),
  };
};

/** Runs `f` with all that a block has. */
type Place = 'ctl' | 'apply' | 'egress' | 'state' | 'deparser' | 'pipeline';
const recorded = (place: Place, f: (on: any, v: any) => unknown, options: Record<string, unknown> = {}) =>
  pipeline('p', {
    headers: { h: H, i: H, s: stack(H, 2) },
    metadata: { m: bit(8), n: bit(16), st: S },
    packetIn: { why: bit(8) },
    valueSets: { known: valueSet(bit(8), 4) },
    subparsers: { sub: { start: (p: any) => p.accept() } },
    parser: {
      start(p: any, v: any) {
        p.extract(v.hdr.h);
        if (place === 'state') f(p, v);
        return p.accept();
      },
    },
    ingress(ctl: any, v: any) {
      const declared = declare(ctl, v);
      if (place === 'ctl') f(ctl, { ...v, ...declared });
      ctl.apply((c: any) => {
        c.forward(1);
        if (place === 'apply') f(c, { ...v, ...declared });
      });
    },
    egress: (ctl: any, v: any) => ctl.apply((c: any) => place === 'egress' && f(c, v)),
    deparser(d: any, v: any) {
      d.emit(v.hdr.h);
      if (place === 'deparser') f(d, v);
    },
    ...options,
  } as never) as any;

const nothing = () => {};
const other = recorded('ctl', nothing);
const foreign = recorded('pipeline', nothing, {
  ingress(ctl: any, v: any) {
    const declared = declare(ctl, v);
    ctl.apply((c: any) => c.drop());
    return declared;
  },
}).ingress;

const wrong: Readonly<Record<string, unknown>> = {
  ...wrongValues,
  'a pipeline': other,
  'an action of another pipeline': foreign.act,
  'a table of another pipeline': foreign.table,
};

type Arguments = readonly unknown[] | ((v: any) => readonly unknown[]);
const methods: readonly [Place, string, Arguments][] = [
  ['ctl', 'scope', ['s']],
  ['ctl', 'action', ['x', { a: bit(8) }, nothing, { annotations: { name: 'y' } }]],
  ['ctl', 'control', ['x', (ctl: any) => ctl.apply(nothing)]],
  ['ctl', 'function', ['x', { a: bit(8) }, bit(8), (_: any, { a }: any) => a]],
  ['ctl', 'profile', ['x', { size: 4 }]],
  ['ctl', 'selector', (v) => ['x', { size: 4, maxGroup: 2, hash: 'crc16', over: [v.hdr.h.a] }]],
  ['ctl', 'table', (v) => ['x', { key: { a: p4ts.exact(v.hdr.h.a) }, actions: [v.act], default: v.act({ to: 1 }) }]],
  ['ctl', 'counter', ['x', { size: 4, unit: 'packets' }]],
  ['ctl', 'meter', ['x', { size: 4, unit: 'packets' }]],
  ['ctl', 'directMeter', ['x', { unit: 'packets' }]],
  ['ctl', 'register', ['x', bit(8), 4]],
  ['ctl', 'digest', ['x', { a: bit(8) }]],
  ['ctl', 'apply', [nothing]],
  ['apply', 'set', (v) => [v.hdr.h.a, 1]],
  ['apply', 'copy', (v) => [v.hdr.h, v.hdr.i]],
  ['apply', 'let', (v) => ['x', v.hdr.h.a]],
  ['apply', 'setValid', (v) => [v.hdr.h]],
  ['apply', 'setInvalid', (v) => [v.hdr.h]],
  ['apply', 'push', (v) => [v.hdr.s, 1]],
  ['apply', 'pop', (v) => [v.hdr.s, 1]],
  ['apply', 'if', (v) => [v.hdr.h.a.eq(1), nothing]],
  ['apply', 'apply', (v) => [v.table]],
  ['apply', 'switch', (v) => [v.hdr.h.a]],
  ['apply', 'call', (v) => [v.act, { to: 1 }]],
  ['apply', 'invoke', (v) => [v.fn, { x: 1 }]],
  ['apply', 'exit', []],
  ['apply', 'return', []],
  ['apply', 'count', (v) => [v.counter, 1]],
  ['apply', 'meter', (v) => [v.meter, 1]],
  ['apply', 'hash', (v) => ['crc16', bit(16), [v.hdr.h.a], { base: 1, max: 5 }]],
  ['apply', 'random', [bit(8), 1, 2]],
  ['apply', 'updateChecksumBy', (v) => [v.hdr.h.sum, [[v.hdr.h.a, 5]]]],
  ['apply', 'log', (v) => ['{}', v.hdr.h.a]],
  ['apply', 'assert', (v) => [v.hdr.h.a.eq(1)]],
  ['apply', 'assume', (v) => [v.hdr.h.a.eq(1)]],
  ['apply', 'update', (v) => [v.register, 1, (cell: any) => ({ next: cell.add(1) })]],
  ['apply', 'on', [bmv2, nothing]],
  ['apply', 'forward', [1]],
  ['apply', 'drop', []],
  ['apply', 'multicast', [1]],
  ['apply', 'toController', [{ why: 1 }]],
  ['apply', 'recirculate', (v) => [{ keep: [v.meta.m] }]],
  ['apply', 'resubmit', (v) => [{ keep: [v.meta.m] }]],
  ['apply', 'mirror', (v) => [1, { keep: [v.meta.m] }]],
  ['apply', 'digest', (v) => [v.digest, { a: 1 }]],
  ['egress', 'packetIn', [{ why: 1 }]],
  ['state', 'extract', (v) => [v.hdr.i]],
  ['state', 'extractVar', (v) => [v.hdr.i, 8]],
  ['state', 'set', (v) => [v.meta.m, 1]],
  ['state', 'verifyChecksum', (v) => [v.hdr.h.sum, [v.hdr.h.a, v.hdr.h.b], { payload: true }]],
  ['state', 'verify', (v) => [v.hdr.h.a.eq(1), p4ts.ParserError.NoMatch]],
  ['state', 'advance', [8]],
  ['state', 'lookahead', [bit(8)]],
  ['state', 'call', ['sub']],
  ['state', 'select', (v) => [v.hdr.h.a]],
  ['state', 'goto', ['start']],
  ['deparser', 'emit', (v) => [v.hdr.i]],
  ['deparser', 'updateChecksum', (v) => [v.hdr.h.sum, [v.hdr.h.a, v.hdr.h.b], { payload: true }]],
];
/** What methods return has methods too. */
const chained: readonly [string, Place, (on: any, v: any, ...given: any[]) => unknown, Arguments][] = [
  ['else', 'apply', (c, v, f) => c.if(v.hdr.h.a.eq(1), nothing).else(f), [nothing]],
  ['elseif', 'apply', (c, v, cond, f) => c.if(v.hdr.h.a.eq(1), nothing).elseif(cond, f), (v) => [v.hdr.h.a.eq(2), nothing]],
  ['switch.case', 'apply', (c, v, on, f) => c.switch(v.hdr.h.a).case(on, f), [1, nothing]],
  ['switch.default', 'apply', (c, v, f) => c.switch(v.hdr.h.a).default(f), [nothing]],
  ['switch.case of a table', 'apply', (c, v, act, f) => c.switch(c.apply(v.table)).case(act, f), (v) => [v.act, nothing]],
  ['otherwise of on', 'apply', (c, _v, f) => c.on(bmv2, nothing).otherwise(f), [nothing]],
  ['when', 'state', (p, v, value, state) => p.select(v.hdr.h.a).when(value, state).otherwise('accept'), [1, 'accept']],
  ['when of two', 'state', (p, v, value) => p.select(v.hdr.h.a, v.hdr.h.b).when(value, 'accept').otherwise('accept'), [[1, 2]]],
  ['otherwise', 'state', (p, v, state) => p.select(v.hdr.h.a).otherwise(state), ['accept']],
  ['update', 'apply', (c, v, next, result) => c.update(v.register, 1, () => ({ next, result })), (v) => [1, v.hdr.h.a]],
  ['the result of update', 'apply', (c, v, given) => c.update(v.register, 1, () => given), [{ next: 1 }]],
  ['at', 'apply', (c, v, index) => c.setValid(v.hdr.s.at(index)), [1]],
  ['a key', 'ctl', (ctl, v, key) => ctl.table('x', { key: { a: key }, actions: [v.act] }), (v) => [p4ts.exact(v.hdr.h.a)]],
  ['an action of a table', 'ctl', (ctl, _v, a) => ctl.table('x', { key: {}, actions: [a] }), (v) => [v.act]],
  [
    'options of a table',
    'ctl',
    (ctl, _v, key, actions, size, implementation, counter, idleTimeout, meter, entries, annotations) =>
      ctl.table('x', { key, actions, size, implementation, counter, idleTimeout, meter, entries, annotations }),
    (v) => [{ a: p4ts.exact(v.hdr.h.a) }, [v.act], 4, undefined, 'packets', true, undefined, [], {}],
  ],
  [
    'entries',
    'ctl',
    (ctl, v, match, action, priority) =>
      ctl.table('x', { key: { a: p4ts.ternary(v.hdr.h.a) }, actions: [v.act], entries: [{ match, action, priority }] }),
    (v) => [{ a: 1 }, v.act({ to: 1 }), 1],
  ],
  ['a default action', 'ctl', (ctl, v, given) => ctl.table('x', { key: {}, actions: [v.act], default: given }), (v) => [v.act({ to: 1 })]],
  ['an argument of an action', 'ctl', (ctl, v, to) => ctl.table('x', { key: {}, actions: [v.act], default: v.act({ to }) }), [1]],
  ['arguments of an action', 'ctl', (ctl, v, args) => ctl.table('x', { key: {}, actions: [v.act], default: v.act(args) }), [{ to: 1 }]],
  ['parameters', 'ctl', (ctl, _v, type) => ctl.action('x', { a: type }, nothing), [bit(8)]],
  ['cells', 'ctl', (ctl, _v, type) => ctl.register('x', { a: type }, 4), [bit(8)]],
  ['bind', 'ctl', (ctl, _v, action, args) => ctl.table('x', { key: {}, actions: [p4ts.bind(action, args)] }), (v) => [v.act, {}]],
  ['tableOnly', 'ctl', (ctl, _v, action) => ctl.table('x', { key: {}, actions: [p4ts.tableOnly(action)] }), (v) => [v.act]],
  ['defaultOnly', 'ctl', (ctl, _v, action) => ctl.table('x', { key: {}, actions: [p4ts.defaultOnly(action)] }), (v) => [v.act]],
  ...['exact', 'lpm', 'ternary', 'range', 'optional'].map((kind): (typeof chained)[number] => [
    kind,
    'ctl',
    (ctl, v, expr) => ctl.table('x', { key: { a: (p4ts as any)[kind](expr) }, actions: [v.act] }),
    (v) => [v.hdr.h.a],
  ]),
  ...['add', 'sub', 'mul', 'satAdd', 'satSub', 'and', 'or', 'xor', 'eq', 'ne', 'lt', 'le', 'gt', 'ge', 'shl', 'shr'].map(
    (op): (typeof chained)[number] => [op, 'apply', (_c, v, by) => v.hdr.h.a[op](by), [1]],
  ),
  ['bits', 'apply', (_c, v, low, width) => v.hdr.h.a.bits(low, width), [0, 4]],
  ['as', 'apply', (_c, v, type) => v.hdr.h.a.as(type), [bit(8)]],
  ['mux', 'apply', (_c, _v, cond, yes, no) => p4ts.mux(cond, yes, no), (v) => [v.hdr.h.a.eq(1), v.hdr.h.a, 1]],
  ['concat', 'apply', (_c, _v, type, a, b) => p4ts.concat(type, a, b), (v) => [bit(16), v.hdr.h.a, v.hdr.h.b]],
  ['valid', 'apply', (_c, _v, h) => p4ts.valid(h), (v) => [v.hdr.h]],
  ['same', 'apply', (_c, _v, a, b) => p4ts.same(a, b), (v) => [v.hdr.h, v.hdr.i]],
];
const functions: readonly [keyof typeof p4ts, readonly unknown[]][] = [
  ['bit', [8]],
  ['int', [8]],
  ['varbit', [8]],
  ['enumeration', ['e', bit(8), { a: 1 }]],
  ['enumeration', ['e', ['a']]],
  ['struct', ['s', { a: bit(8) }]],
  ['tuple', [bit(8), bit(8)]],
  ['constant', ['C', bit(8), 1]],
  ['parserError', ['E']],
  ['input', [bit(8)]],
  ['output', [bit(8)]],
  ['inout', [bit(8)]],
  ['header', ['h', { a: bit(8) }]],
  ['union', ['u', { a: H }]],
  ['stack', [H, 2]],
  ['valueSet', [bit(8), 2]],
  ['newtype', ['n', bit(8), { uri: 'example.org/n', as: bit(16) }]],
  ['newtype', ['n', bit(8), { uri: 'example.org/n', values: { a: 1 } }]],
  ['member', [1]],
  ['group', [1]],
  ['oneShot', [[{ action: foreign.act({ to: 1 }) }], {}]],
  ['build', [H, { a: 1, b: 2, sum: 3 }]],
  ['dissect', [H, new Uint8Array(4)]],
  ['packet', [new Uint8Array(4), new Uint8Array(4)]],
  ['internetChecksum', [new Uint8Array(4)]],
  ['exact', []],
  ['pipeline', ['p', { headers: {}, parser: {}, ingress: nothing, deparser: nothing }]],
];
const optionNames = [
  'headers',
  'metadata',
  'packetIn',
  'packetOut',
  'valueSets',
  'subparsers',
  'parser',
  'blocks',
  'ingress',
  'egress',
  'deparser',
];

/** Exceptions that `make` ends with for wrong values, one argument after the other; a diagnostic is none. */
function exceptions(good: readonly unknown[], make: (given: readonly unknown[]) => unknown): readonly string[] {
  const found: string[] = [];
  for (let i = 0; i < Math.max(good.length, 1); i++) {
    for (const [kind, value] of Object.entries(wrong)) {
      try {
        make([...good.slice(0, i), value, ...good.slice(i + 1)]);
      } catch (error) {
        if (!(error instanceof DiagnosticError) && isOurs(error))
          found.push(`argument ${i + 1} is ${kind}: ${(error as Error).stack?.split('\n').slice(0, 3).join(' ')}`);
      }
    }
  }
  return found;
}
/** The code of the tests is a user's: what happens in it is not ours. */
const isOurs = (error: unknown): boolean => /\/compiler\//.test((error as Error).stack?.split('\n')[1] ?? '');
const goodOf = (given: Arguments, v: any): readonly unknown[] => (typeof given === 'function' ? given(v) : given);
/** One pipeline takes all of the wrong calls, one after the other. */
function inPlace(place: Place, given: Arguments, call: (on: any, v: any, args: readonly unknown[]) => unknown): readonly string[] {
  const found: string[] = [];
  recorded(place, (on, v) => {
    found.push(...exceptions(goodOf(given, v), (args) => call(on, v, args)));
  });
  return found;
}

describe('methods', () => {
  test.each(methods)('%s: %s', (place, method, given) => {
    expect(inPlace(place, given, (on, _v, args) => on[method](...args))).toEqual([]);
  });
  test.each(chained)('%s', (_, place, call, given) => {
    expect(inPlace(place, given, (on, v, args) => call(on, v, ...args))).toEqual([]);
  });
});

test.each(functions)('function %s', (name, good) => {
  expect(exceptions(good, (args) => (p4ts as any)[name](...args))).toEqual([]);
});

test.each(optionNames)('option %s of a pipeline', (option) => {
  const found = exceptions([undefined], ([value]) => diagnosticsOf(() => recorded('pipeline', nothing, { [option]: value })));
  expect(found).toEqual([]);
});

test.each(['headers', 'metadata', 'packetIn', 'packetOut', 'valueSets', 'subparsers', 'parser', 'blocks'])(
  'parts of the option %s',
  (option) => {
    const found = exceptions([undefined], ([value]) =>
      diagnosticsOf(() => recorded('pipeline', nothing, { [option]: { start: value, ingress: value } })),
    );
    expect(found).toEqual([]);
  },
);

test.each(['counter', 'meter', 'directMeter', 'selector'])('the unit or hash of a %s', (method) => {
  const found = exceptions([undefined], ([value]) =>
    diagnosticsOf(() => recorded('ctl', (ctl) => ctl[method]('x', { size: 4, maxGroup: 2, over: [], unit: value, hash: value }))),
  );
  expect(found).toEqual([]);
});
test('the counter of a table', () => {
  const table = (counter: unknown) => recorded('ctl', (ctl, { act }) => ctl.table('x', { key: {}, actions: [act], counter }));
  expect(exceptions([undefined], ([value]) => diagnosticsOf(() => table(value)))).toEqual([]);
  expect(diagnosticsOf(() => table([])).map((d) => d.message)).toContain(
    "Expected 'packets', 'bytes' or 'both' as `counter`, got an array.",
  );
});

test('mac is a type', () => expect(mac.width).toBe(48));

describe('what is told', () => {
  const told: readonly [string, () => unknown, string][] = [
    [
      'a branch that is no function',
      () => recorded('apply', (c, { hdr }) => c.if(hdr.h.a.eq(1), c.drop())),
      'c.if takes a function as `then`, not undefined.',
    ],
    [
      'a key without its match kind',
      () => recorded('ctl', (ctl, { hdr, act }) => ctl.table('x', { key: { a: hdr.h.a }, actions: [act] })),
      'The key a has no match kind: it is hdr.h.a.',
    ],
    ['a packet that is text', () => p4ts.packet('abc' as never), 'packet takes bytes, a Uint8Array as `part`, not the string "abc".'],
    [
      'a table that P4 would apply in one case only',
      () => recorded('apply', (c, { hdr, table }) => c.if(hdr.h.a.eq(1).and(c.apply(table).miss), nothing)),
      'The table table is applied before this condition, whatever the other operand is.',
    ],
  ];
  test.each(told)('%s', (_, make, message) => expect(diagnosticsOf(make).map((d) => d.message)).toContain(message));

  test('a table that is applied before a condition is no mistake', () => {
    const found = diagnosticsOf(() =>
      recorded('apply', (c, { hdr, table }) => {
        const applied = c.apply(table);
        c.if(hdr.h.a.eq(1).and(applied.miss), nothing);
      }),
    );
    expect(found).toEqual([]);
  });
});

test('an expression of another width is one mistake, and not an expression that nobody uses', () => {
  const diagnostics = diagnosticsOf(() => recorded('apply', (c, { hdr }) => c.set(hdr.h.sum, hdr.h.a.add(1).and(3))));
  expect(diagnostics.map(({ message }) => message)).toEqual(['This is bit<8>, but bit<16> is expected.']);
});

test('a variable has the width of its value, which a number of TypeScript does not say', () => {
  const [d] = diagnosticsOf(() => recorded('apply', (c) => c.let('count', 0)));
  expect([d?.message, d?.help]).toEqual([
    'Expected an expression, got number 0.',
    "a number has no width: write constant('NAME', bit(W), 0), or assign it to a field of the metadata",
  ]);
});
