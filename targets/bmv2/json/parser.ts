/** Parsers (BMv2's docs/JSON_format.md, "parsers"). */

import { bitScalar, boolOf, constantOf, mapExpr, widthOf } from '../../../compiler/flat/exprs.js';
import type {
  FlatExpr,
  FlatParser,
  FlatSet,
  FlatState,
  FlatStmt,
  KeyRange,
  NextState,
  ScalarType,
  Slot,
} from '../../../compiler/flat/index.js';
import { maxUnsigned } from '../../../compiler/support/bits.js';
import { InternalError, invariant } from '../../../compiler/support/invariant.js';
import { plainPrimitives } from './code.js';
import { argument, bool, hex, number } from './expressions.js';
import type { Json, Parser, ParserOp, ParserState, ParserTransition } from './format.js';
import { Names } from './names.js';
import { isOfUnions, memberOf, setNext } from './union-stacks.js';
import { sourceInfo, type Writer } from './writer.js';

export function parserOf({ states }: FlatParser, w: Writer): Parser {
  const names = new Names();
  const named = new Map(states.map((state) => [state, names.unique(state.name)]));
  const next: NextName = (state) => (typeof state === 'object' ? (named.get(state) as string) : null);
  const found: Omit<ParserState, 'id'>[] = [];
  for (const state of states) {
    let name = named.get(state) as string;
    let ops: ParserOp[] = [];
    for (const stmt of state.body) {
      if (stmt.kind === 'extract' && stmt.into.kind === 'next' && isOfUnions(stmt.into.stack)) {
        const after = names.unique(`${name}_after`);
        found.push(...unionStates(name, ops, stmt as ExtractNext, after, names, w));
        [name, ops] = [after, []];
      } else ops.push(...opsOf(stmt, w));
    }
    const { transitions, key } = transitionsOf(state, next, ops, w);
    found.push({ name, parser_ops: ops, transitions, transition_key: key });
  }
  return { name: 'parser', id: 0, init_state: next(states[0]) ?? '', parse_states: found.map((state, id) => ({ ...state, id })) };
}

type NextName = (state: NextState | undefined) => string | null;
type ExtractNext = Extract<FlatStmt, { readonly kind: 'extract' }> & { readonly into: { readonly kind: 'next' } };

/** Extracting into the next union of a stack: a state for each element, and one for a full stack. */
function unionStates(
  name: string,
  before: readonly ParserOp[],
  { into: { stack, member = 0 }, bits, loc }: ExtractNext,
  after: string,
  names: Names,
  w: Writer,
): readonly Omit<ParserState, 'id'>[] {
  const { next } = stack;
  const goto = (state: string): ParserTransition => ({ type: 'default', value: null, mask: null, next_state: state });
  const elements = stack.elements.map((_, i) => {
    const header = memberOf(stack, i, member);
    const stmts: readonly FlatStmt[] = [
      { kind: 'extract', into: { kind: 'header', header }, ...(bits ? { bits } : {}), loc },
      ...(header.union?.members ?? [])
        .filter((other) => other !== header)
        .map((other): FlatStmt => ({ kind: 'validity', header: other, valid: false, loc })),
      setNext(stack, constantOf(i + 1, next.type), loc),
    ];
    const ops = stmts.flatMap((stmt) => opsOf(stmt, w));
    return { name: names.unique(`${name}_${i}`), parser_ops: ops, transitions: [goto(after)], transition_key: [] };
  });
  const error = constantOf(w.program.errors.indexOf('StackOutOfBounds'), bitScalar(32));
  const full = {
    name: names.unique(`${name}_full`),
    parser_ops: opsOf({ kind: 'verify', cond: boolOf(false), error, loc }, w),
    transitions: [goto(after)],
    transition_key: [],
  };
  const transitions = elements.map(
    (element, i): ParserTransition => ({ type: 'hexstr', value: hex(BigInt(i), 32), mask: null, next_state: element.name }),
  );
  const choose = {
    name,
    parser_ops: before,
    transitions: [...transitions, goto(full.name)],
    transition_key: [{ type: 'field', value: w.layout.fieldOf(next) } as const],
  };
  return [choose, ...elements, full];
}

function opsOf(stmt: FlatStmt, w: Writer): readonly ParserOp[] {
  const ops: ParserOp[] = [];
  const value = (expr: FlatExpr): FlatExpr => withoutLookahead(expr, ops, w);
  const op = (made: ParserOp): void => void ops.push({ ...made, ...sourceInfo(stmt.loc) });
  switch (stmt.kind) {
    case 'assign':
      if (stmt.target.type.kind === 'varbit') break;
      op(assignment(w.layout.fieldOf(stmt.target), stmt.value.kind === 'lookahead' ? stmt.value : value(stmt.value), w));
      return ops;
    case 'extract': {
      const { into, bits } = stmt;
      if (into.kind === 'skip') {
        const skipped = bits ? value(bits) : undefined;
        op({ op: 'advance', parameters: [skipped ? argument(skipped, w.layout) : { type: 'hexstr', value: '0x00' }] });
        return ops;
      }
      const target: Json =
        into.kind === 'header'
          ? { type: 'regular', value: w.layout.nameOf(into.header) }
          : { type: 'stack', value: w.layout.stackOf(into.stack.next) ?? '' };
      op(
        bits
          ? { op: 'extract_VL', parameters: [target, { type: 'expression', value: number(value(bits), w.layout) }] }
          : { op: 'extract', parameters: [target] },
      );
      return ops;
    }
    case 'advance':
      op({ op: 'advance', parameters: [argument(value(stmt.bits), w.layout)] });
      return ops;
    case 'verify':
      op({ op: 'verify', parameters: [bool(value(stmt.cond), w.layout), argument(value(stmt.error), w.layout)] });
      return ops;
    default:
  }
  for (const primitive of plainPrimitives(stmt, w)) op({ op: 'primitive', parameters: [primitive] });
  return ops;
}

function assignment(target: readonly [string, string], value: FlatExpr, w: Writer): ParserOp {
  const source: Json = value.kind === 'lookahead' ? lookahead(value) : argument(value, w.layout);
  return { op: 'set', parameters: [{ type: 'field', value: target }, source] };
}

type Lookahead = FlatExpr & { readonly kind: 'lookahead' };

/** From the first bit: BMv2 does not count an offset where it asks whether the packet is long enough. */
const lookahead = ({ type }: Lookahead): Json => ({ type: 'lookahead', value: [0, widthOf(type)] });

/** BMv2 looks ahead into a field. For the key of a transition it does so too, but without an error where the packet ends. */
function withoutLookahead(expr: FlatExpr, ops: ParserOp[], w: Writer): FlatExpr {
  return mapExpr(expr, (part) => {
    if (part.kind !== 'lookahead') return part;
    const slot = temporary(part.type);
    ops.push(assignment(w.layout.fieldOf(slot), part, w));
    return { kind: 'slot', slot, type: part.type };
  });
}

const temporary = (type: ScalarType): Slot => ({ id: -1, name: 'tmp', type });

function transitionsOf(
  { transition }: FlatState,
  next: NextName,
  ops: ParserOp[],
  w: Writer,
): { readonly transitions: readonly ParserTransition[]; readonly key: readonly Json[] } {
  const otherwise = (state: NextState | undefined): ParserTransition => ({
    type: 'default',
    value: null,
    mask: null,
    next_state: next(state),
  });
  if (transition.kind === 'goto') return { transitions: [otherwise(transition.next)], key: [] };
  const { on, cases } = transition;
  const key = on.map((expr): Json => {
    if (expr.kind === 'last' && !isOfUnions(expr.stack)) return { type: 'stack_field', value: w.layout.lastOf(expr) };
    if (expr.kind === 'slot' && w.layout.stackOf(expr.slot) === undefined) return { type: 'field', value: w.layout.fieldOf(expr.slot) };
    const slot = temporary(expr.type);
    ops.push(assignment(w.layout.fieldOf(slot), withoutLookahead(expr, ops, w), w));
    return { type: 'field', value: w.layout.fieldOf(slot) };
  });
  const widths = on.map((expr) => widthOf(expr.type));
  const transitions = cases.flatMap((c): ParserTransition[] => {
    const next_state = next(c.next);
    const set = setIn(c.set);
    if (set !== undefined) return [{ type: 'parse_vset', value: set, mask: null, next_state }];
    return masksOf(c.set, widths).map(({ value, mask, isAll }) => ({ type: 'hexstr', value, mask: isAll ? null : mask, next_state }));
  });
  return { transitions: [...transitions, otherwise(transition.otherwise)], key };
}

function setIn(set: FlatSet): string | undefined {
  if (set.kind === 'value-set') return set.set.name;
  const found = set.keys.find((key) => key.kind === 'set');
  if (found?.kind !== 'set') return undefined;
  invariant(set.keys.length === 1, 'a value set beside other keys');
  return found.set.name;
}

/** Each key is padded to bytes. A range is as many masks as it takes. */
function masksOf(
  set: FlatSet,
  widths: readonly number[],
): readonly { readonly value: string; readonly mask: string; readonly isAll: boolean }[] {
  invariant(set.kind === 'keys', 'a value set');
  let found: { value: string; mask: string; isAll: boolean }[] = [{ value: '0x', mask: '0x', isAll: true }];
  set.keys.forEach((range, i) => {
    const width = widths[i] as number;
    const digits = (bits: bigint): string => hex(bits, width).slice(2);
    found = found.flatMap((before) =>
      masksOfRange(range, width).map(({ value, mask }) => ({
        value: before.value + digits(value),
        mask: before.mask + digits(mask),
        isAll: before.isAll && mask === maxUnsigned(width),
      })),
    );
  });
  return found;
}

export function masksOfRange(range: KeyRange, width: number): readonly { readonly value: bigint; readonly mask: bigint }[] {
  if (range.kind === 'set') throw new InternalError('a value set as a mask');
  if (range.kind === 'mask') return [range];
  const all = maxUnsigned(width);
  const found: { value: bigint; mask: bigint }[] = [];
  for (let low = range.low; low <= range.high; ) {
    let size = 1n;
    while ((low & (size * 2n - 1n)) === 0n && low + size * 2n - 1n <= range.high) size *= 2n;
    found.push({ value: low, mask: all & ~(size - 1n) });
    low += size;
  }
  return found;
}
