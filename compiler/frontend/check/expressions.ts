/** Types of expressions (P4-16 §8). */

import { maxConstantSize } from '../../ir/constants.js';
import { isSized, isSlice } from '../../ir/rules.js';
import type { CastExpr, Expr, IndexExpr, IntegerExpr, MuxExpr, PlusSliceExpr, SliceExpr } from '../ast.js';
import { checkCall, checkConstruct } from './calls.js';
import type { Checker } from './context.js';
import { unique } from './context.js';
import { asNumber, casts, converts, settle, warnOfRange, warnOfValue } from './convert.js';
import { checkExpr, expectExpr } from './expect.js';
import { checkMember } from './members.js';
import { checkBinary, checkUnary, commonType } from './operators.js';
import { type Entity, whatIs } from './scope.js';
import { isValueType, resolveType } from './type-refs.js';
import { bit, bool, integer, isNumber, prune, showType, string, type Type, underEnum, unknown } from './types.js';
import { integerOf, isKnown } from './values.js';

/** See `checkExpr`; it calls this one for each kind. */
export function typeOf(c: Checker, expr: Expr): Type {
  switch (expr.kind) {
    case 'integer':
      return literal(c, expr);
    case 'bool':
      return bool;
    case 'string':
      return string;
    case 'this':
      if (c.place.self) return c.place.self;
      c.report('wrong-place', { what: 'this', where: 'outside the methods of an object' }, expr.loc);
      return unknown;
    case 'name': {
      const { text } = expr.path.name;
      if (c.declared.match_kind.has(text) && !c.scope.find(text)) return { kind: 'match_kind' };
      const entity = c.find(expr.path);
      return entity ? valueType(c, entity, expr) : unknown;
    }
    case 'type':
      c.report('p4-not-a-value', { name: showType(resolveType(c, expr.type, { generic: true })), what: 'type' }, expr.loc);
      return unknown;
    case 'member':
      return checkMember(c, expr);
    case 'index':
      return index(c, expr);
    case 'slice':
      return slice(c, expr);
    case 'plus-slice':
      return plusSlice(c, expr);
    case 'unary':
      return checkUnary(c, expr);
    case 'binary':
      return checkBinary(c, expr);
    case 'mux':
      return mux(c, expr);
    case 'cast':
      return cast(c, expr);
    case 'call':
      return checkCall(c, expr);
    case 'construct':
      return checkConstruct(c, expr);
    case 'list': {
      const partial = expr.elements.at(-1)?.kind === 'default';
      const elements = expr.elements.slice(0, partial ? -1 : undefined).map((e) => {
        const type = checkExpr(c, e);
        if (type.kind !== 'default') return type;
        c.report('wrong-place', { what: '...', where: 'before the end of a list' }, e.loc);
        return unknown;
      });
      return { kind: 'list-value', elements, partial };
    }
    case 'struct': {
      unique(
        c,
        expr.fields.map((f) => f.name),
        'field',
      );
      const fields = expr.fields.map((f) => ({ name: f.name.text, type: checkExpr(c, f.value) }));
      return { kind: 'struct-value', fields, partial: expr.partial };
    }
    case 'invalid':
      return { kind: 'invalid' };
    case 'default':
      return { kind: 'default' };
  }
}

function valueType(c: Checker, entity: Entity, expr: Expr): Type {
  switch (entity.kind) {
    case 'variable':
    case 'parameter':
    case 'constant':
    case 'member':
    case 'instance':
      return entity.type;
    case 'value-set':
      return { kind: 'set', element: entity.type };
    default:
      c.report('p4-not-a-value', { name: entity.name.text, what: whatIs(entity) }, expr.loc);
      return unknown;
  }
}

function literal(c: Checker, expr: IntegerExpr): Type {
  if (expr.width === undefined) return integer;
  const type = { kind: expr.signed ? 'int' : 'bit', width: expr.width } as const;
  if (expr.width < (expr.signed ? 1 : 0)) {
    c.report(
      'size-out-of-range',
      { what: `The size of an ${type.kind} type`, value: String(expr.width), least: 1, most: 65_536 },
      expr.loc,
    );
    return unknown;
  }
  warnOfValue(c, expr.value, type, expr.loc);
  return type;
}

function index(c: Checker, expr: IndexExpr): Type {
  const base = checkExpr(c, expr.base);
  checkExpr(c, expr.index);
  const at = asNumber(c, expr.index);
  if (base.kind === 'unknown') return unknown;
  const untyped = base.kind === 'list-value' && (base.partial || !isValueType(base));
  if (untyped || (base.kind !== 'stack' && base.kind !== 'tuple' && base.kind !== 'list-value' && base.kind !== 'list')) {
    c.report('operand-type', { op: '[ ]', types: showType(base) }, expr.loc);
    return unknown;
  }
  if (!isNumber(at)) {
    c.report('type-mismatch', { got: showType(at), expected: 'a number' }, expr.index.loc);
    return base.kind === 'stack' ? base.element : unknown;
  }
  const value = integerOf(c, expr.index);
  const count = base.kind === 'stack' ? base.size || undefined : base.kind === 'list' ? undefined : base.elements.length;
  if (value !== undefined && (value < 0n || (count !== undefined && value >= BigInt(count)))) {
    c.report('index-out-of-range', { index: String(value), type: showType(base), size: count }, expr.index.loc);
    return base.kind === 'stack' ? base.element : unknown;
  }
  if (base.kind === 'stack' || base.kind === 'list') return base.element;
  if (value === undefined) {
    c.report('not-constant', { what: 'The index into a tuple' }, expr.index.loc);
    return unknown;
  }
  return base.elements[Number(value)] ?? unknown;
}

function slice(c: Checker, expr: SliceExpr): Type {
  const base = underEnum(checkExpr(c, expr.base));
  const bounds = [expr.high, expr.low].map((e) => {
    checkExpr(c, e);
    const type = asNumber(c, e);
    if (type.kind === 'unknown') return undefined;
    const value = isNumber(type) ? integerOf(c, e) : undefined;
    if (value === undefined) c.report('not-constant', { what: 'The bit index of a slice' }, e.loc);
    return value;
  });
  const [high, low] = bounds;
  if (base.kind === 'unknown') return unknown;
  if (!isSized(base) && base.kind !== 'integer') {
    c.report('operand-type', { op: '[high:low]', types: showType(base) }, expr.loc);
    return unknown;
  }
  if (high === undefined || low === undefined) return unknown;
  if (!isSlice(high, low, bitsOf(base))) {
    const slice = `[${high}:${low}]`;
    if (high < low) c.report('slice-order', { slice, swapped: `[${low}:${high}]` }, expr.loc);
    else c.report('slice-out-of-range', { slice, type: showType(base) }, expr.loc);
    return unknown;
  }
  return bit(Number(high - low) + 1);
}

function plusSlice(c: Checker, expr: PlusSliceExpr): Type {
  const base = underEnum(checkExpr(c, expr.base));
  checkExpr(c, expr.low);
  checkExpr(c, expr.width);
  const [low, widthType] = [asNumber(c, expr.low), asNumber(c, expr.width)];
  if ([base, low, widthType].some((t) => t.kind === 'unknown')) return unknown;
  if (!isSized(base) && base.kind !== 'integer') {
    c.report('operand-type', { op: '[low+:width]', types: showType(base) }, expr.loc);
    return unknown;
  }
  if (!isNumber(low)) {
    c.report('type-mismatch', { got: showType(low), expected: 'a number' }, expr.low.loc);
    return unknown;
  }
  const [width, at] = [isNumber(widthType) ? integerOf(c, expr.width) : undefined, integerOf(c, expr.low)];
  if (width === undefined) {
    c.report('not-constant', { what: 'The width of a slice' }, expr.width.loc);
    return unknown;
  }
  const first = at ?? 0n;
  if (!isSlice(first + width - 1n, first, bitsOf(base))) {
    c.report('slice-out-of-range', { slice: `[${at ?? 'low'}+:${width}]`, type: showType(base) }, expr.loc);
    return unknown;
  }
  return bit(Number(width));
}

/** Numbers without a width have as many as constants can have. */
const bitsOf = (type: Type): number => (isSized(type) ? type.width : maxConstantSize);

function mux(c: Checker, expr: MuxExpr): Type {
  expectExpr(c, expr.cond, bool);
  const [yes, no] = [checkExpr(c, expr.yes), checkExpr(c, expr.no)];
  const type = commonType(c, expr.yes, expr.no);
  if (!type) {
    c.report('operand-type', { op: '? :', types: `${showType(yes)} and ${showType(no)}` }, expr.loc);
    return unknown;
  }
  if (type.kind === 'integer' && !isKnown(c, expr.cond)) {
    c.report('operand-type', { op: '? :', types: 'int and int, where the condition is not known when the program is compiled' }, expr.loc);
    return unknown;
  }
  return type;
}

function cast(c: Checker, expr: CastExpr): Type {
  const to = resolveType(c, expr.type, { generic: true });
  const from = checkExpr(c, expr.arg);
  if (to.kind === 'unknown' || from.kind === 'unknown') return to;
  if (!casts(from, to) || !isCastType(to)) {
    c.report('bad-cast', { from: showType(from), to: showType(to) }, expr.loc);
    return unknown;
  }
  const value = to.kind === 'bool' && from.kind === 'integer' ? integerOf(c, expr.arg) : undefined;
  if (value !== undefined && value !== 0n && value !== 1n) {
    c.report('bad-cast', { from: String(value), to: 'bool' }, expr.loc);
    return unknown;
  }
  if (converts(from, to) && ['list-value', 'struct-value', 'default', 'invalid', 'integer'].includes(from.kind)) {
    settle(c, expr.arg, to);
  } else if (from.kind === 'integer') warnOfRange(c, expr.arg, to);
  return to;
}

const isCastType = (type: Type): boolean =>
  !['extern', 'parser', 'control', 'package', 'void', 'string', 'match_kind', 'error'].includes(prune(type).kind);
