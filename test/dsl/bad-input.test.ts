/** Mistakes that tsc cannot see: each is told with a code, at its place, in the user's words, and with what to write instead. */
import { bit, bool, exact, header, pipeline, type StateCtx, stack, type Transition, varbit } from 'p4ts';
import { describe, expect, test } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { programOf } from '../../compiler/dsl/handles.js';
import { type Diagnostic, DiagnosticError } from '../../compiler/support/diagnostics.js';
import { bmv2 } from '../../targets/bmv2/node.js';
import { isOfWhole, sourceAt } from '../support/diagnostics.js';

const H = header('h_t', { kind: bit(8), a: bit(8), b: bit(16) });
const O = header('o_t', { v: bit(8) });

/** All that `p4ts check` says, without what is merely unused. */
function said(make: () => unknown): readonly Diagnostic[] {
  try {
    const recorded = programOf(make());
    const found = recorded?.diagnostics ?? [];
    const more = found.some((d) => d.severity === 'error') ? [] : compile(recorded?.ir as never, bmv2).diagnostics;
    return [...found, ...more].filter(isOfWhole);
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics;
    throw error;
  }
}

type Loose = (ctl: any, v: any) => void;
const ingress =
  (body: Loose, headers: Record<string, any> = {}, more: Record<string, any> = {}) =>
  () =>
    pipeline('bad', {
      headers: { h: H, ...headers },
      parser: {
        start: (p: any, { hdr }: any) => {
          p.extract(hdr.h);
          return p.accept();
        },
        ...more,
      },
      ingress: body,
      deparser: (d: any, { hdr }: any) => d.emit(hdr.h),
    } as never);
const apply = (body: (c: any, hdr: any) => void, headers = {}, more = {}) =>
  ingress(
    (ctl, { hdr }) =>
      ctl.apply((c: any) => {
        c.forward(1);
        body(c, hdr);
      }),
    headers,
    more,
  );

type States = Record<string, (p: StateCtx<string>, v: { hdr: any }) => Transition>;
/** The states are written somewhere else than the pipeline. */
const parsing = (states: States) => () =>
  pipeline('bad', {
    headers: { h: H },
    parser: states as never,
    ingress: (ctl) => ctl.apply((c) => c.forward(1)),
    deparser: () => {},
  });

interface Told {
  readonly code: string;
  /** What stands at the place. */
  readonly at: string;
  /** In the sentence. */
  readonly says: string;
  readonly help?: string;
  readonly note?: string;
}

const mistakes: readonly [string, () => unknown, Told][] = [
  [
    'a value that is too wide',
    apply((c, hdr) => c.set(hdr.h.a, 256)),
    { code: 'literal-out-of-range', at: 'set(hdr.h.a, 256)', says: '256 does not fit bit<8>, which holds 0 to 255', note: 'declared here' },
  ],
  [
    'unequal widths, through metaprogramming',
    apply((c, hdr) => {
      for (const field of [hdr.h.kind, hdr.h.b]) c.set(hdr.h.a, field);
    }),
    { code: 'type-mismatch', at: 'set(hdr.h.a, field)', says: '`hdr.h.b` is bit<16>, but bit<8> is expected', help: '.as(bit(W))' },
  ],
  [
    'an index beyond the stack',
    apply((c, hdr) => c.set(hdr.s.at(2).v, 1), { s: stack(O, 2) }),
    { code: 'index-out-of-range', at: 'at(2)', says: 'Element 2 is outside o_t[2], which has 2 elements', help: 'a smaller index' },
  ],
  [
    'two varbits in a header',
    () => apply(() => {}, { v: header('v_t', { x: varbit(8), y: varbit(16) }) })(),
    { code: 'two-varbits', at: "header('v_t'", says: 'The header v_t has more than one field of variable size', help: 'one varbit each' },
  ],
  [
    'a header that is not whole bytes',
    () => apply(() => {}, { v: header('v_t', { x: bit(7), y: bit(2) }) })(),
    { code: 'header-size', at: "header('v_t'", says: 'The header v_t has 9 bits', help: 'add a field of 7 bits' },
  ],
  [
    'a table applied twice on one path',
    ingress((ctl, { hdr }) => {
      const nothing = ctl.action('nothing', {}, () => {});
      const t = ctl.table('t', { key: { a: exact(hdr.h.a) }, actions: [nothing] });
      ctl.apply((c: any) => {
        c.forward(1);
        c.if(hdr.h.a.eq(1), () => c.apply(t));
        c.apply(t); // again
      });
    }),
    {
      code: 'applied-twice',
      at: 'apply(t); // again',
      says: 'The table t is applied twice on one path',
      help: 'a second table',
      note: 'before',
    },
  ],
  [
    'a function that calls itself',
    ingress((ctl, { hdr }) => {
      let f: unknown;
      f = ctl.function('f', { x: bit(8) }, bit(8), (c: any, { x }: any) => c.invoke(f, { x }));
      ctl.apply((c: any) => c.set(hdr.h.a, c.invoke(f, { x: 1 })));
    }),
    { code: 'bad-operand', at: 'invoke(f, { x })', says: 'a function of this control', help: 'nothing of P4 calls itself' },
  ],
  [
    'a subparser that runs itself',
    () =>
      pipeline('bad', {
        headers: { h: H },
        subparsers: {
          again: {
            start(p) {
              p.call('again');
              return p.accept();
            },
          },
        },
        parser: {
          start(p, { hdr }) {
            p.extract(hdr.h);
            p.call('again');
            return p.accept();
          },
        },
        ingress: (ctl) => ctl.apply((c) => c.forward(1)),
        deparser: () => {},
      }),
    {
      code: 'unknown-subparser',
      at: "call('again')",
      says: 'There is no subparser "again" that this state could run',
      help: 'itself included',
    },
  ],
  [
    'a state that nothing leads to',
    parsing({
      start(p, { hdr }) {
        p.extract(hdr.h);
        return p.accept();
      },
      other(p) {
        return p.accept();
      },
    }),
    {
      code: 'unreachable-state',
      at: 'other(p) {',
      says: 'No path of the parser leads to the state "other"',
      help: 'go to it from another state',
    },
  ],
  [
    'a loop that consumes nothing',
    () =>
      pipeline('bad', {
        headers: { h: H },
        parser: {
          start(p) {
            return p
              .select(p.lookahead(bit(8)))
              .when(1, 'again')
              .otherwise('accept');
          },
          again: (p) => p.goto('start'),
        },
        ingress: (ctl) => ctl.apply((c) => c.forward(1)),
        deparser: () => {},
      }),
    { code: 'parser-loop', at: 'start(p) {', says: 'start → again → start extracts nothing on the way', help: 'extract or advance' },
  ],
  [
    'an unreachable state beside the others',
    () =>
      pipeline('bad', {
        headers: { h: H },
        parser: {
          start(p, { hdr }) {
            p.extract(hdr.h);
            return p.accept();
          },
          other: (p) => p.accept(),
        },
        ingress: (ctl) => ctl.apply((c) => c.forward(1)),
        deparser: () => {},
      }),
    { code: 'unreachable-state', at: 'other: (p) =>', says: 'No path of the parser leads to the state "other"' },
  ],
  [
    'a state that does not say where to go',
    () =>
      pipeline('bad', {
        headers: { h: H },
        parser: {
          start(p, { hdr }) {
            p.extract(hdr.h);
            return p.goto('next');
          },
          next: (() => {}) as never,
        },
        ingress: (ctl) => ctl.apply((c) => c.forward(1)),
        deparser: () => {},
      }),
    { code: 'state-without-transition', at: 'next: (()', says: 'The parser state "next" does not return a transition' },
  ],
  [
    'a loop in states that stand elsewhere',
    parsing({ start: (p) => p.goto('again'), again: (p) => p.goto('start') }),
    { code: 'parser-loop', at: "start: (p) => p.goto('again'), again", says: 'start → again → start extracts nothing on the way' },
  ],
  [
    'a state that is not there',
    parsing({
      start(p) {
        return p
          .select(p.lookahead(bit(8)))
          .when(1, 'nowhere')
          .otherwise('accept');
      },
    }),
    { code: 'unknown-name', at: "when(1, 'nowhere')", says: 'There is no parser state "nowhere"' },
  ],
  [
    'a case after one that matches everything',
    parsing({
      start: (p) =>
        p
          .select(p.lookahead(bit(8)))
          .when('_', 'accept')
          .when(1, 'reject')
          .otherwise('accept'),
    }),
    { code: 'unreachable-case', at: "when(1, 'reject')", says: 'never', note: 'this matches everything' },
  ],
  [
    'select values that do not fit',
    parsing({
      start: (p) =>
        p
          .select(p.lookahead(bit(8)), p.lookahead(bit(8)))
          .when([1, 2, 3] as never, 'accept')
          .otherwise('accept'),
    }),
    { code: 'key-count', at: 'when([1, 2, 3]', says: '' },
  ],
  [
    'a state with a name that P4 keeps',
    parsing({
      start: (p) => p.goto('reject'),
      accept(p) {
        return p.accept();
      },
    }),
    { code: 'reserved-state', at: 'accept(p) {', says: 'cannot be called "accept": every parser has a state of that name' },
  ],
  [
    'a select without a default',
    parsing({
      start(p, { hdr }) {
        p.extract(hdr.h);
        return p.select(hdr.h.kind).when(1, 'accept') as never;
      },
    }),
    {
      code: 'state-without-transition',
      at: "select(hdr.h.kind).when(1, 'accept')",
      says: 'The parser state "start" does not return a transition',
      help: '.otherwise(',
    },
  ],
  [
    'cells that no switch has',
    ingress((ctl) => ctl.register('r', { packets: bit(8), seen: bool } as never, 4)),
    { code: 'bad-operand', at: 'register(', says: 'Expected cells of bits: bit(W), a newtype' },
  ],
  [
    'a cell that a register does not have',
    ingress((ctl) => {
      const r = ctl.register('r', bit(8), 4);
      ctl.apply((c: any) => {
        c.forward(1);
        c.update(r, 4, (v: any) => ({ next: v.add(1) }));
      });
    }),
    {
      code: 'cell-index',
      at: 'update(r, 4',
      says: 'r has 4 cells, from 0: cell 4 does not exist, so this call has no effect',
      help: 'more cells',
    },
  ],
  [
    'a header that may not be valid',
    apply(
      (c, hdr) => c.set(hdr.h.a, hdr.o.v),
      { o: O },
      {
        start: (p: any, { hdr }: any) => {
          p.extract(hdr.h);
          return p.select(hdr.h.kind).when(1, 'o').otherwise('accept');
        },
        o: (p: any, { hdr }: any) => {
          p.extract(hdr.o);
          return p.accept();
        },
      },
    ),
    {
      code: 'header-maybe-invalid',
      at: 'set(hdr.h.a, hdr.o.v)',
      says: '`hdr.o.v` is read where `hdr.o` may not be valid',
      help: 'c.if(valid(hdr.o), ',
      note: 'in packets that come this way, `hdr.o` is not valid',
    },
  ],
  [
    'an expression used after what it reads was overwritten',
    apply((c, hdr) => {
      const next = hdr.h.a.add(1);
      c.set(hdr.h.a, 7);
      c.set(hdr.h.kind, next);
    }),
    {
      code: 'stale-expression',
      at: 'add(1)',
      says: 'This expression reads `hdr.h.a`, which is written before',
      help: 'c.let(',
      note: 'is written here',
    },
  ],
];

describe.each(mistakes)('%s', (_, make, told) => {
  test(told.code, () => {
    const [first, ...others] = said(make);
    expect(others.map((d) => d.code)).toEqual([]);
    expect(first).toMatchObject({ code: told.code });
    const d = first as Diagnostic;
    expect(d.message).toContain(told.says);
    expect(sourceAt(d)).toContain(told.at);
    expect(sourceAt(d).indexOf(told.at)).toBe(0);
    if (told.help !== undefined) expect(d.help).toContain(told.help);
    if (told.note !== undefined) expect(d.notes.map((n) => n.message).join('\n')).toContain(told.note);
  });
});
