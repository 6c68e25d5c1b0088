/** Every mistake that recording finds: its code, what it says, and the place in this file that it points at. */
import {
  bit,
  bool,
  build,
  Color,
  concat,
  dissect,
  enumeration,
  exact,
  header,
  type IngressBody,
  int,
  ipv4,
  lpm,
  mac,
  mux,
  pipeline,
  port,
  stack,
  struct,
  valid,
  varbit,
} from 'p4ts';
import { describe, expect, test } from 'vitest';
import type { Ctl, Headers, Meta } from '../../compiler/dsl/surface.js';
import { renderDiagnostics } from '../../compiler/support/diagnostics.js';
import { diagnosticsOf, sourceAt } from '../support/diagnostics.js';

const Ethernet = header('ethernet_t', {
  dst: mac,
  src: mac,
  etherType: bit(16),
});
const Label = header('label_t', { value: bit(24), ttl: bit(8) });
const headers = { ethernet: Ethernet, labels: stack(Label, 2) };
const metadata = { a: bit(8), b: bit(8), ip: ipv4, flag: bool };
interface View {
  hdr: Headers<typeof headers>;
  meta: Meta<typeof metadata>;
}

/** A pipeline with these statements in ingress; what they declare comes from `ctl`. */
const withBody = (body: (c: IngressBody, v: View, ctl: Ctl<IngressBody>) => void) => () =>
  pipeline('p', {
    headers,
    metadata,
    parser: { start: (p) => p.accept() },
    ingress(ctl, v) {
      ctl.apply((c) => body(c as never, v, ctl as never));
    },
    deparser() {},
  });
const withControl = (declare: (ctl: Ctl<IngressBody>, v: View) => void) => () =>
  pipeline('p', {
    headers,
    metadata,
    parser: { start: (p) => p.accept() },
    ingress: (ctl, v) => declare(ctl as never, v),
    deparser() {},
  });
const withParser = (start: (p: any, v: any) => any) => () =>
  pipeline('p', { headers, metadata, parser: { start }, ingress() {}, deparser() {} });

/** [code, part of the sentence, what the source says at the place, the pipeline] */
const cases: readonly (readonly [string, string, string, () => unknown])[] = [
  [
    'literal-out-of-range',
    '300 does not fit bit<8>, which holds 0 to 255',
    'set(meta.a, 300)',
    withBody((c, { meta }) => c.set(meta.a, 300)),
  ],
  ['literal-out-of-range', '-1 does not fit', 'add(-1)', withBody((c, { meta }) => c.set(meta.a, meta.b.add(-1)))],
  ['literal-out-of-range', '1.5 does not fit', 'eq(1.5)', withBody((c, { meta }) => c.if(meta.a.eq(1.5), () => {}))],
  ['type-mismatch', '`meta.ip` is bit<32>, but bit<8>', 'set(meta.a', withBody((c, { meta }) => c.set(meta.a, meta.ip as never))],
  ['undefined-value', 'got undefined', 'set(meta.a', withBody((c, { meta }) => c.set(meta.a, undefined as never))],
  ['bad-operand', 'Expected a header', 'valid(', withBody((c) => c.if(valid({} as never), () => {}))],
  [
    'slice-out-of-range',
    'bits(4, 5) is outside bit<8>',
    'bits(4, 5)',
    withBody((c, { meta }) => c.set(meta.a.bits(0, 5), meta.b.bits(4, 5))),
  ],
  ['bad-shift', 'shifted by -1', 'shl(-1)', withBody((c, { meta }) => c.set(meta.a, meta.b.shl(-1)))],
  ['untyped-literal', 'Both branches', 'mux(', withBody((c, { meta }) => c.set(meta.a, mux(meta.flag, 1, 2 as never) as never))],
  ['concat-width', '16 bits together, not 32', 'concat(', withBody((c, { meta }) => c.set(meta.ip, concat(bit(32), meta.a, meta.b)))],
  ['index-out-of-range', 'Element 2 is outside', 'at(2)', withBody((c, { hdr }) => c.setValid(hdr.labels.at(2)))],
  ['javascript-operator', 'operator of JavaScript', 'a as never', withBody((c, { meta }) => c.set(meta.a, (meta.a as never) + 1))],
  ['unused-condition', 'never used', 'valid(hdr.ethernet)', withBody((_, { hdr }) => void ((valid(hdr.ethernet) as unknown) && false))],
  ['unused-expression', 'never used', 'sub(1)', withBody((_, { meta }) => void meta.a.sub(1))],
  ['unused-expression', 'never used', 'mux(', withBody((_, { meta }) => void mux(meta.flag, meta.a.add(1), 2))],
  [
    'stale-expression',
    'reads `meta.a`',
    'add(1)',
    withBody((c, { meta }) => {
      const next = meta.a.add(1);
      c.set(meta.a, 0);
      c.set(meta.b, next);
    }),
  ],
  ['not-assignable', 'cannot be assigned', 'set(meta.a.add', withBody((c, { meta }) => c.set(meta.a.add(1) as never, 1 as never))],
  ['async-body', 'async', 'if(meta.flag, (async', withBody((c, { meta }) => c.if(meta.flag, (async () => {}) as never))],
  [
    'bad-operand',
    'Expected a condition, got false of JavaScript',
    'if((',
    withBody((c, { meta }) => c.if(((meta.a as never) === 0) as never, () => {})),
  ],
  [
    'bad-operand',
    'next, result or both',
    'update(cells',
    withControl((ctl, { meta }) => {
      const cells = ctl.register('cells', bit(8), 4);
      ctl.apply((c) => c.set(meta.a, c.update(cells, 0, ((cell: any) => cell.add(1)) as never) as never));
    }),
  ],
  [
    'no-such-member',
    'a has no "prot"; did you mean "port"?',
    'set(meta.a',
    withControl((ctl, { meta }) => {
      ctl.action('send', { port: bit(8) }, (c, a: any) => c.set(meta.a, a.prot));
      ctl.apply(() => {});
    }),
  ],
  [
    'action-not-in-table',
    'b is not an action of the table t',
    'b() as never }] });',
    withControl((ctl, { meta }) => {
      const a = ctl.action('a', {}, () => {});
      const b = ctl.action('b', {}, () => {});
      const t = ctl.table('t', { key: { a: exact(meta.a) }, actions: [a], entries: [{ match: { a: 1 }, action: b() as never }] });
      ctl.apply((c) => c.apply(t));
    }),
  ],
  ['apply-missing', 'no ctl.apply', 'ingress: (ctl', withControl((ctl) => ctl.action('a', {}, () => {}))],
  [
    'apply-twice',
    'twice in the ingress block',
    'apply(() => void 2)',
    withControl((ctl) => {
      ctl.apply(() => void 1);
      ctl.apply(() => void 2);
    }),
  ],
  [
    'apply-in-action',
    'cannot apply a table (t)',
    'apply(t)',
    withControl((ctl, { meta }) => {
      const t = ctl.table('t', { key: { a: exact(meta.a) }, actions: [] });
      ctl.action('bad', {}, (c) => c.apply(t));
      ctl.apply((c) => c.apply(t));
    }),
  ],
  [
    'switch-not-on-apply',
    'must follow directly',
    'switch(applied)',
    withControl((ctl, { meta }) => {
      const a = ctl.action('a', {}, () => {});
      const t = ctl.table('t', { key: { a: exact(meta.a) }, actions: [a] });
      ctl.apply((c) => {
        const applied = c.apply(t);
        c.set(meta.a, 1);
        c.switch(applied).case(a, () => {});
      });
    }),
  ],
  [
    'action-not-in-table',
    'b is not an action of the table t',
    'case(b as never',
    withControl((ctl, { meta }) => {
      const a = ctl.action('a', {}, () => {});
      const b = ctl.action('b', {}, () => {});
      const t = ctl.table('t', { key: { a: exact(meta.a) }, actions: [a] });
      ctl.apply((c) => void c.switch(c.apply(t)).case(b as never, () => {}));
    }),
  ],
  [
    'action-not-in-table',
    'b is not an action of the table t',
    'b() as never });',
    withControl((ctl, { meta }) => {
      const a = ctl.action('a', {}, () => {});
      const b = ctl.action('b', {}, () => {});
      ctl.table('t', { key: { a: exact(meta.a) }, actions: [a], default: b() as never });
      ctl.apply(() => {});
    }),
  ],
  [
    'value-format',
    '"nowhere" is not a MAC address',
    "a({ to: 'nowhere'",
    withControl((ctl, { meta }) => {
      const a = ctl.action('a', { to: mac }, () => {});
      ctl.table('t', { key: { ip: lpm(meta.ip) }, actions: [a], default: a({ to: 'nowhere' as never }) });
      ctl.apply(() => {});
    }),
  ],
  [
    'duplicate-name',
    '"a" is taken: an action',
    "action('a', { n: port }",
    withControl((ctl) => {
      ctl.action('a', {}, () => {});
      ctl.action('a', { n: port }, () => {});
      ctl.apply(() => {});
    }),
  ],
  [
    'bad-name',
    '"my table" cannot name a table',
    "table('my table'",
    withControl((ctl) => void ctl.table('my table', { key: {}, actions: [] })),
  ],
  [
    'missing-argument',
    'action a needs a value for "n"',
    'call(a',
    withControl((ctl) => {
      const a = ctl.action('a', { n: port }, () => {});
      ctl.apply((c) => c.call(a, {} as never));
    }),
  ],
  [
    'unknown-argument',
    'action a has no "prot"; did you mean "port"?',
    'call(a',
    withControl((ctl) => {
      const a = ctl.action('a', { port }, () => {});
      ctl.apply((c) => c.call(a, { port: 1, prot: 2 } as never));
    }),
  ],
  ['no-packet-in', 'no packetIn', 'toController', withBody((c) => c.toController({} as never))],
  ['state-without-transition', 'state "start" does not return', 'start }', withParser(() => undefined)],
  ['unknown-name', 'no parser state "strat"; did you mean "start"?', "goto('strat')", withParser((p) => p.goto('strat'))],
  [
    'key-count',
    'has 1 keys, but 2 are expected',
    'when(1',
    withParser((p, { meta }) => p.select(meta.a, meta.b).when(1, 'accept').otherwise('accept')),
  ],
  ['bad-width', 'bit(0) is not a type', 'bit(0)', () => bit(0)],
  ['bad-width', 'int(3000) is not a type', 'int(3000)', () => int(3000)],
  ['not-a-type', 'The field color has no type', 'color: Color', () => struct('marks_t', { color: Color } as never)],
  ['bad-stack-depth', 'cannot have 0 elements', 'stack(Label, 0)', () => stack(Label, 0)],
  ['duplicate-enum-value', 'E.a and E.b are both 1', "enumeration('E'", () => enumeration('E', bit(8), { a: 1, b: 1 })],
  ['enum-member-name', 'cannot be called "name"', "enumeration('E'", () => enumeration('E', bit(8), { name: 1 })],
  ['literal-out-of-range', '300 does not fit bit<8>', "enumeration('E'", () => enumeration('E', bit(8), { a: 300 })],
  [
    'value-format',
    'ethernet_t.dst: "me" is not a MAC address',
    'build(',
    () => build(Ethernet, { dst: 'me' as never, src: '02:00:00:00:00:01', etherType: 1 }),
  ],
  [
    'header-not-fixed',
    'The header options_t cannot be built or dissected: its field data is a varbit',
    'dissect(',
    () => dissect(header('options_t', { data: varbit(40) }), new Uint8Array(8)),
  ],
  ['bad-width', 'varbit(4) is not a type', 'varbit(4)', () => varbit(4)],
  ['log-arguments', 'has 1 places for values ({}), but 2', 'log(', withBody((c, { meta }) => c.log('a is {}', meta.a, meta.b))],
  [
    'bad-operand',
    'an object with next, result or both',
    'update(r',
    withControl((ctl) => {
      const r = ctl.register('r', bit(32), 4);
      ctl.apply((c) => void c.update(r, 0, () => ({}) as never));
    }),
  ],
  ['bad-operand', 'a number of cells from 1', "counter('n'", withControl((ctl) => void ctl.counter('n', { size: 0, unit: 'bytes' }))],
  [
    'missing-argument',
    '`next` needs a value for "last"',
    'update(r',
    withControl((ctl) => {
      const r = ctl.register('r', { packets: bit(32), last: bit(32) }, 4);
      ctl.apply((c) => c.update(r, 0, (cell) => ({ next: { packets: cell.packets.add(1) } as never })));
    }),
  ],
];

describe('mistakes found while recording', () => {
  test.each(cases)('%s: %s', (code, sentence, source, make) => {
    const diagnostics = diagnosticsOf(make);
    const found = diagnostics.find((d) => d.code === code);
    expect(found, renderDiagnostics(diagnostics)).toBeDefined();
    expect(found?.message).toContain(sentence);
    expect(found?.loc.file).toBe(import.meta.filename);
    expect(found && sourceAt(found).startsWith(source), `points at: ${found && sourceAt(found)}`).toBe(true);
  });

  test('a mistake that ends the recording hides the ctl.apply after it: only the mistake is told', () => {
    const diagnostics = diagnosticsOf(
      withControl((ctl, { meta }) => {
        ctl.action('a', {}, () => {});
        ctl.table('t', { key: { a: exact(meta.a) }, actions: ['a' as never] });
        ctl.apply(() => {});
      }),
    );
    expect(diagnostics.filter((d) => d.severity === 'error').map((d) => d.code)).toEqual(['bad-operand']);
  });

  test('a body that is kept and used later is found', () => {
    let kept: IngressBody | undefined;
    withBody((c) => {
      kept = c;
    })();
    const [d] = diagnosticsOf(() => kept?.drop());
    expect(d).toMatchObject({ code: 'body-outside-block', message: 'c.drop is called after its block was recorded.' });
    expect(d && sourceAt(d)).toMatch(/^drop\(\)/);
  });

  test('several mistakes are reported in one run, and the rest is still recorded', () => {
    const diagnostics = diagnosticsOf(
      withBody((c, { meta }) => {
        c.set(meta.a, 256);
        c.set(meta.b, 257);
        c.set(meta.ip, meta.a as never);
      }),
    );
    expect(diagnostics.map((d) => d.code)).toEqual(['literal-out-of-range', 'literal-out-of-range', 'type-mismatch']);
  });

  test('an error of the user is not swallowed', () => {
    expect(
      withBody(() => {
        throw new RangeError('mine');
      }),
    ).toThrow('mine');
  });
});

describe('what is not a mistake', () => {
  const clean = (make: () => unknown) => expect(renderDiagnostics(diagnosticsOf(make))).toBe('');

  test('a write in one branch does not make what another branch reads stale', () =>
    clean(
      withBody((c, { meta }) => {
        const next = meta.a.add(1);
        c.if(meta.flag, () => c.set(meta.a, 0)).else(() => c.set(meta.b, next));
      }),
    ));

  test('a plain field means its value where it is used', () =>
    clean(
      withBody((c, { meta }) => {
        const { a } = meta;
        c.set(a, 0);
        c.set(meta.b, a);
      }),
    ));

  test('a captured value stays what it was', () =>
    clean(
      withBody((c, { meta }) => {
        const old = c.let('old', meta.a.add(1));
        c.set(meta.a, 0);
        c.set(meta.b, old);
      }),
    ));
});

test('a diagnostic reads as people expect: place, sentence, source, caret, where the field is declared, help', () => {
  const [d] = diagnosticsOf(withBody((c, { hdr }) => c.set(hdr.ethernet.etherType, 70000)));
  if (!d) throw new Error('no diagnostic');
  const text = renderDiagnostics([d]);
  const line = d.loc.line;
  expect(text).toContain(`test/dsl/diagnostics.test.ts:${line}:${d.loc.column} - error literal-out-of-range: 70000 does not fit bit<16>`);
  expect(text).toMatch(/\n +\| +\^\^\^\n/);
  expect(text).toMatch(/note: declared here\n.*etherType: bit\(16\)/);
});
