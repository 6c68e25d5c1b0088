// Constraints of entries (p4-constraints): what they mean for an entry, and what is said of one that breaks them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Condition, ConstraintType, MatchKind, Value } from '../../compiler/analysis/constraints/ast.js';
import { callsOf, entriesOf, readConstraint } from '../../compiler/analysis/constraints/check.js';
import { compileCondition, type Subject } from '../../compiler/control/constraints/evaluate.js';
import { Restriction } from '../../compiler/control/constraints/restriction.js';
import type { MatchValue } from '../../compiler/control/match.js';
import { maxUnsigned, prefixMask } from '../../compiler/support/bits.js';

const table = entriesOf('the table t', [
  { name: 'ex', match: 'exact', width: 32 },
  { name: 'hdr.te', match: 'ternary', width: 32 },
  { name: 'lp', match: 'lpm', width: 32 },
  { name: 'ra', match: 'range', width: 16 },
  { name: 'op', match: 'optional', width: 16 },
  { name: 'te2', match: 'ternary', width: 32 },
  { name: 'wide', match: 'exact', width: 128 },
  { name: 'str', match: 'optional', width: 0 },
]);
const any: MatchValue = { kind: 'any' };
const exact = (value: bigint): MatchValue => ({ kind: 'exact', value });
const ternary = (value: bigint, mask: bigint): MatchValue => ({ kind: 'ternary', value, mask });

/** An entry in which only the exact keys are given. */
const entry = (given: Partial<Record<string, MatchValue>> = {}, priority = 1): Subject => ({
  values: table.known.map(({ name, type }) => given[name] ?? (type?.kind === 'exact' ? exact(0n) : any)),
  priority,
});
const check = (text: string): Condition => {
  const condition = readConstraint(text, table, (code, params) => {
    throw new Error(`${code} ${JSON.stringify(params)}`);
  });
  if (!condition) throw new Error('no condition');
  return condition;
};
const holds = (text: string, subject: Subject): boolean => compileCondition(check(text))(subject);

describe('what a constraint means', () => {
  const given = entry({
    ex: exact(10n),
    'hdr.te': ternary(0x0a00_0000n, 0xff00_0000n),
    lp: { kind: 'lpm', value: 0x0a00_0000n, prefixLength: 8 },
    ra: { kind: 'range', low: 5n, high: 9n },
    op: { kind: 'optional', value: 7n },
    wide: exact(1n << 100n),
  });

  test.each([
    // Numbers become as wide as the other side, modulo 2^width.
    ['ex == 10', true],
    ['ex == 0x1_0000_000A'.replaceAll('_', ''), true],
    ['ex::value == -4294967286', true],
    ['hdr.te::mask == -16777216', true],
    ['ex > 9 && ex >= 10 && ex < 11 && ex <= 10', true],
    ['ex != 10', false],
    // A number beside a key stands for the match of that one value.
    ['hdr.te == 0x0a000000', false],
    ['hdr.te::value == 0x0a000000', true],
    ['lp == 0x0a000000', false],
    ['lp::prefix_length == 8; lp::value == 167772160;', true],
    ['lp::prefix_length < -1', false],
    ['ra == 5', false],
    ['ra::low == 5 && ra::high == 9', true],
    ['op == 7; op::mask == 0xffff; op::value == 0b111; op != 8', true],
    ['te2::mask == 0; te2::value == 0; te2 != 0', true],
    // Two keys of one kind and width are compared as they are.
    ['hdr.te == te2', false],
    ['wide == 0x10000000000000000000000000', true],
    ["hdr.te::value == ipv4('10.0.0.0')", true],
    ["wide > ipv6('::')", true],
    ["ex < mac('00:00:00:00:00:0b')", true],
    // `->` binds less than ||, which binds less than &&, which binds less than comparisons; ! binds most.
    ['ex == 1 || ex == 10 && ex == 10 -> ex == 10', true],
    ['ex == 10 -> ex == 1 || ex == 2', false],
    ['!(ex == 1) == true', true],
    ['(ex == 10) == (op == 7)', true],
    ['(ex == 10) != (op == 7)', false],
    ['false -> false; true', true],
    ['!!-1 == -1'.replace('!!', ''), true],
    ['::priority == 1 && ::priority < 0x7fffffff', true],
    ['-::priority == -1', true],
    ['0d10 == 10 && 0o12 == 10 && 0B1010 == 0xA', true],
    ['// a comment\ntrue /* and\nanother */; // the last\n', true],
    ['str == 0', true],
    ['str != 0', false],
  ])('%s: %s', (text, expected) => {
    expect(holds(text, given)).toBe(expected);
  });

  test('a key that is left out matches everything', () => {
    const empty = entry();
    for (const text of [
      'hdr.te::mask == 0 && hdr.te::value == 0',
      'op::mask == 0 && op::value == 0',
      'lp::prefix_length == 0 && lp::value == 0',
      'ra::low == 0 && ra::high == 65535',
    ])
      expect([text, holds(text, empty)]).toEqual([text, true]);
  });

  test('text is given or not; of it, there are no bits', () => {
    const given = entry({ str: { kind: 'optional', value: 0x6178n } });
    const asked = ['str != 0', 'str == 0', 'str::mask != 0', 'str::mask == -1', 'str::mask == 0'];
    expect(asked.map((text) => holds(text, given))).toEqual([true, false, true, true, false]);
    expect(asked.map((text) => holds(text, entry()))).toEqual([false, true, false, false, true]);
  });
});

describe('why an entry is refused: the smallest part that decides', () => {
  const why = (text: string, subject: Subject) => {
    const { condition, must, comment, names, hasPriority } = Restriction.of(text, table)?.violation(subject) ?? {};
    const named = (names ?? []).map((i) => table.known[i]?.name);
    return [must === false ? `not ${condition}` : condition, ...named, ...(hasPriority ? ['priority'] : []), ...(comment ? [comment] : [])];
  };
  const ten = entry({ ex: exact(10n), 'hdr.te': ternary(42n, 64n) });

  test.each([
    ['ex::value > 6 && ex::value < 5;', ['ex::value < 5', 'ex']],
    ['ex > 5;\nex < 20;\nex == 14;', ['ex == 14', 'ex']],
    ['ex > 0;\nex < 20 -> ex == 14;', ['ex < 20 -> ex == 14', 'ex']],
    ['ex == 1 || ex == 2; !(ex == 10 -> ex == 10); ex == 3 || ex == 4', ['not ex == 10', 'ex']],
    ['ex == 80 || hdr.te::value == 3096; hdr.te::mask == 255 && ex == 3', ['hdr.te::mask == 255', 'hdr.te']],
    ['(false || false) && (!(true -> true) && (false || false));', ['not true']],
    ['!(ex == 10 && op::mask == 0)', ['not (ex == 10 && op::mask == 0)', 'ex', 'op']],
    ['!(ex == 1 || op::mask == 0)', ['not op::mask == 0', 'op']],
    ['::priority > 5', ['::priority > 5', 'priority']],
    ['// Small ones\n// only.\nex < 5; // not this\n', ['ex < 5', 'ex', 'Small ones only.']],
    ['/* First */\nex == 10;\nop::mask == 1;', ['op::mask == 1', 'op', 'First']],
    ['ex == 10 -> // why\n  op::mask != 0', ['ex == 10 -> op::mask != 0', 'ex', 'op']],
  ])('%s', (text, expected) => {
    expect(why(text, ten)).toEqual(expected);
  });

  test('an entry that satisfies it is not refused, and a constraint with a mistake refuses nothing', () => {
    expect(Restriction.of('ex == 10', table)?.violation(ten)).toBeUndefined();
    expect(Restriction.of('ex == ', table)).toBeUndefined();
  });

  test('parameters are numbers', () => {
    const restriction = Restriction.of(
      'group != 0 && port < 4',
      callsOf('a', [
        { name: 'group', width: 16 },
        { name: 'port', width: 9 },
      ]),
    );
    const call = (group: bigint, port: bigint): Subject => ({ values: [exact(group), exact(port)], priority: 0 });
    expect(restriction?.violation(call(1n, 3n))).toBeUndefined();
    expect(restriction?.violation(call(0n, 3n))).toMatchObject({ condition: 'group != 0', names: [0] });
    expect(restriction?.violation(call(1n, 4n))).toMatchObject({ condition: 'port < 4', names: [1] });
  });
});

// ── the functions that a constraint becomes, against the tree as p4-constraints walks it ──

/** The number or the parts of a match, as the specification of the language has them. */
type Plain = bigint | Readonly<Record<string, bigint>>;

function plainMatch(kind: MatchKind, width: number, match: MatchValue): Readonly<Record<string, bigint>> {
  const all = 2n ** BigInt(width) - 1n;
  switch (kind) {
    case 'exact':
      return { value: match.kind === 'exact' ? match.value : 0n };
    case 'ternary':
      return match.kind === 'ternary' ? { value: match.value, mask: match.mask } : { value: 0n, mask: 0n };
    case 'optional':
      return match.kind === 'optional' ? { value: match.value, mask: all } : { value: 0n, mask: 0n };
    case 'lpm':
      return match.kind === 'lpm' ? { value: match.value, prefix_length: BigInt(match.prefixLength) } : { value: 0n, prefix_length: 0n };
    case 'range':
      return match.kind === 'range' ? { low: match.low, high: match.high } : { low: 0n, high: all };
  }
}

function convert(value: bigint, to: ConstraintType): Plain {
  const width = 'width' in to ? to.width : 0;
  const size = 2n ** BigInt(width);
  switch (to.kind) {
    case 'bit':
      return ((value % size) + size) % size;
    case 'exact':
      return { value };
    case 'ternary':
    case 'optional':
      return { value, mask: size - 1n };
    case 'lpm':
      return { value, prefix_length: BigInt(width) };
    case 'range':
      return { low: value, high: value };
    default:
      throw new Error(`no conversion to ${to.kind}`);
  }
}

function numbersOf(value: Value, subject: Subject): Plain {
  switch (value.kind) {
    case 'int':
      return value.value;
    case 'priority':
      return BigInt(subject.priority);
    case 'negate':
      return -(numbersOf(value.arg, subject) as bigint);
    case 'convert':
      return convert(numbersOf(value.arg, subject) as bigint, value.type);
    case 'name': {
      const { kind, width } = value.type as { kind: MatchKind; width: number };
      return plainMatch(kind, width, subject.values[value.index] as MatchValue);
    }
    case 'part': {
      const type = table.known[value.index]?.type as { width: number };
      // The mask of text says whether it is given.
      const width = value.part === 'mask' && type.width === 0 ? 1 : type.width;
      return plainMatch(value.of, width, subject.values[value.index] as MatchValue)[value.part] as bigint;
    }
  }
}

function truth(condition: Condition, subject: Subject): boolean {
  switch (condition.kind) {
    case 'bool':
      return condition.value;
    case 'not':
      return !truth(condition.arg, subject);
    case 'and':
      return condition.args.map((arg) => truth(arg, subject)).reduce((a, b) => a && b);
    case 'or':
      return condition.args.map((arg) => truth(arg, subject)).reduce((a, b) => a || b);
    case 'implies':
      return !truth(condition.left, subject) || truth(condition.right, subject);
    case 'same':
      return truth(condition.left, subject) === truth(condition.right, subject);
    case 'differ':
      return truth(condition.left, subject) !== truth(condition.right, subject);
    case 'compare': {
      const [a, b] = [numbersOf(condition.left, subject), numbersOf(condition.right, subject)];
      const text = (x: Plain) => (typeof x === 'bigint' ? `${x}` : Object.entries(x).join(' '));
      if (condition.op === '==') return text(a) === text(b);
      if (condition.op === '!=') return text(a) !== text(b);
      const [x, y] = [a, b].map((one) => (typeof one === 'bigint' ? one : one.value)) as [bigint, bigint];
      return { '<': x < y, '<=': x <= y, '>': x > y, '>=': x >= y }[condition.op];
    }
  }
}

/** Few values, so that comparisons come out both ways. */
const number = fc.constantFrom(0n, 1n, 2n, 7n, 0xffn, 0xffffn, 0xffff_ffffn, 0x1_0000_0000n);
const ordered = fc.constantFrom('==', '!=', '<', '<=', '>', '>=');
const equality = fc.constantFrom('==', '!=');
const numeral = fc.tuple(number, fc.boolean()).map(([n, hex]) => (hex ? `0x${n.toString(16)}` : `${n}`));
const bits32 = fc.constantFrom('ex::value', 'hdr.te::value', 'hdr.te::mask', 'lp::value', 'te2::mask', 'te2::value');
const bits16 = fc.constantFrom('ra::low', 'ra::high', 'op::value', 'op::mask');
const integer = fc.oneof(
  numeral,
  fc.constantFrom('lp::prefix_length', '::priority', '-::priority'),
  numeral.map((n) => `-${n}`),
);
const atom = fc.oneof(
  fc
    .tuple(
      fc.oneof(bits32, fc.constant('ex')),
      ordered,
      fc.oneof(
        bits32,
        integer.filter((n) => !n.includes(':') || n === '::priority'),
      ),
    )
    .map((p) => p.join(' ')),
  fc.tuple(bits16, ordered, fc.oneof(bits16, numeral)).map((p) => p.join(' ')),
  fc.tuple(integer, ordered, integer).map((p) => p.join(' ')),
  fc.tuple(fc.constantFrom('hdr.te', 'lp', 'ra', 'op', 'te2', 'wide', 'str'), equality, numeral).map((p) => p.join(' ')),
  fc.constantFrom('true', 'false', 'hdr.te == te2', 'hdr.te != te2::value', 'ra == op::value', 'str::mask == -1', 'str::mask != 0'),
);
const { constraint } = fc.letrec<{ constraint: string }>((tie) => ({
  constraint: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    atom,
    fc
      .tuple(tie('constraint'), fc.constantFrom('&&', '||', '->', ';', '==', '!='), tie('constraint'))
      .map(([a, op, b]) => `(${a}) ${op} (${b})`),
    fc.array(tie('constraint'), { minLength: 2, maxLength: 4 }).map((all) => all.map((one) => `(${one})`).join(' || ')),
    tie('constraint').map((one) => `!(${one})`),
  ),
}));
const small = (width: number) => number.map((n) => n & maxUnsigned(width));
const matchOf = (type: ConstraintType | undefined): fc.Arbitrary<MatchValue> => {
  const width = type && 'width' in type ? type.width : 0;
  const value = small(width);
  switch (type?.kind) {
    case 'exact':
      return value.map(exact);
    case 'ternary':
      return fc.oneof(
        fc.constant(any),
        fc.tuple(value, value).map(([v, mask]) => ternary(v & mask, mask)),
      );
    case 'lpm':
      return fc.oneof(
        fc.constant(any),
        fc
          .tuple(value, fc.integer({ min: 1, max: width }))
          .map(([v, n]): MatchValue => ({ kind: 'lpm', value: v & prefixMask(n, width), prefixLength: n })),
      );
    case 'range':
      return fc.oneof(
        fc.constant(any),
        fc.tuple(value, value).map(([a, b]): MatchValue => ({ kind: 'range', low: a < b ? a : b, high: a < b ? b : a })),
      );
    default:
      return fc.oneof(
        fc.constant(any),
        (width === 0 ? number : value).map((v): MatchValue => ({ kind: 'optional', value: v })),
      );
  }
};
const subject: fc.Arbitrary<Subject> = fc
  .tuple(fc.tuple(...table.known.map(({ type }) => matchOf(type))), fc.constantFrom(1, 2, 255))
  .map(([values, priority]) => ({ values, priority }));

test('a compiled constraint says of every entry what a walk through its tree says, and its explanation is a part that decides', () => {
  let refused = 0;
  fc.assert(
    fc.property(constraint, fc.array(subject, { minLength: 8, maxLength: 8 }), (text, subjects) => {
      const condition = check(text);
      const compiled = compileCondition(condition);
      const restriction = Restriction.of(text, table);
      for (const one of subjects) {
        expect(compiled(one)).toBe(truth(condition, one));
        const violation = restriction?.violation(one);
        expect(violation === undefined).toBe(truth(condition, one));
        if (!violation) continue;
        refused++;
        // By itself the explanation is false, or true where it must not be.
        expect(holds(violation.condition, one)).toBe(!violation.must);
      }
    }),
    { numRuns: 400, seed: 20240611 },
  );
  expect(refused).toBeGreaterThan(500);
});
