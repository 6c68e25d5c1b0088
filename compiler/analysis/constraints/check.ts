/**
 * The types of constraints. Numbers without a width become bits of any width, and bits the match of that one value, where
 * the other side of a comparison is so; nothing else is converted.
 */
import type { Code, Params } from '../../support/messages.js';
import { nearest } from '../../support/suggest.js';
import {
  type Condition,
  type ConstraintType,
  type Expr,
  isMatchKind,
  type NamedType,
  type Part,
  partsOf,
  type Span,
  type Value,
} from './ast.js';
import { parseConstraint } from './parse.js';

/** What a constraint is about. */
export interface Restricted {
  /** Such as `the table ingress.acl`. */
  readonly of: string;
  /** Of entries: their keys, and they have a priority. Of actions: their parameters. */
  readonly names: 'key' | 'parameter';
  /** In the order in which entries and calls have their values. */
  readonly known: readonly NamedType[];
}

interface Sized {
  readonly name: string;
  /** Bits of the control plane's values; 0 for text. */
  readonly width: number;
}

/** Entries of a table with these keys. A key of a match kind that an architecture adds has no type. */
export const entriesOf = (of: string, keys: readonly (Sized & { readonly match: string })[]): Restricted => ({
  of,
  names: 'key',
  known: keys.map(({ name, match, width }) => ({ name, type: isMatchKind(match) ? { kind: match, width } : undefined })),
});

/** Calls of an action with these parameters. One without bits has no type. */
export const callsOf = (of: string, params: readonly Sized[]): Restricted => ({
  of,
  names: 'parameter',
  known: params.map(({ name, width }) => ({ name, type: width > 0 ? { kind: 'bit', width } : undefined })),
});

/** Takes a mistake at its place in the text. */
export type Report = <C extends Code>(code: C, params: Params<C>, at: Span) => void;

/** Undefined after a mistake was reported. */
export function readConstraint(text: string, about: Restricted, report: Report): Condition | undefined {
  const parsed = parseConstraint(text);
  const { of } = about;
  if ('expr' in parsed) return new ConstraintChecker(text, about, report).condition(parsed.expr);
  if ('problem' in parsed) report('constraint-form', { of, problem: parsed.problem }, parsed.at);
  else report('constraint-syntax', { of, found: parsed.found, expected: parsed.expected }, parsed.at);
  return undefined;
}

/** Such as `ternary<32>`. */
export const showType = (type: ConstraintType): string => ('width' in type ? `${type.kind}<${type.width}>` : type.kind);

class ConstraintChecker {
  readonly #text: string;
  readonly #about: Restricted;
  readonly #report: Report;

  constructor(text: string, about: Restricted, report: Report) {
    this.#text = text;
    this.#about = about;
    this.#report = report;
  }

  condition(expr: Expr): Condition | undefined {
    const { at } = expr;
    switch (expr.kind) {
      case 'bool':
        return expr;
      case 'not': {
        const arg = this.condition(expr.arg);
        return arg && { kind: 'not', arg, at };
      }
      case 'and':
      case 'or': {
        const args = expr.args.map((arg) => this.condition(arg)).filter((arg) => arg !== undefined);
        return args.length === expr.args.length ? { kind: expr.kind, args, at } : undefined;
      }
      case 'implies': {
        const [left, right] = [this.condition(expr.left), this.condition(expr.right)];
        return left && right && { kind: 'implies', left, right, at };
      }
      case 'compare':
        return this.#comparison(expr);
      default: {
        const value = this.#value(expr);
        if (value) this.#wrong(at, `${this.#shown(at)} is ${showType(value.type)}, and a condition is needed`);
        return undefined;
      }
    }
  }

  #comparison({ op, left, right, at }: Expr & { readonly kind: 'compare' }): Condition | undefined {
    if (isCondition(left) && isCondition(right)) {
      const [a, b] = [this.condition(left), this.condition(right)];
      if (op !== '==' && op !== '!=') return this.#wrong(at, `conditions are compared with == and !=, not with ${op}`);
      return a && b && { kind: op === '==' ? 'same' : 'differ', left: a, right: b, at };
    }
    const [a, b] = [this.#operand(left), this.#operand(right)];
    if (!a || !b) return undefined;
    const type = common(a.type, b.type);
    if (!type) {
      return this.#wrong(
        at,
        `${this.#shown(left.at)} (${showType(a.type)}) and ${this.#shown(right.at)} (${showType(b.type)}) cannot be compared`,
      );
    }
    if (op !== '==' && op !== '!=' && isMatchKind(type.kind) && type.kind !== 'exact') {
      const key = isMatchKind(a.type.kind) ? left : right;
      const parts = partsOf[type.kind].map((part) => `${this.#shown(key.at)}::${part}`).join(' or ');
      return this.#wrong(at, `${this.#shown(key.at)} is ${showType(type)}, which has no order; compare ${parts}`);
    }
    return { kind: 'compare', op, left: converted(a, type), right: converted(b, type), at };
  }

  /** A side of a comparison whose other side is not a condition. */
  #operand(expr: Expr): Value | undefined {
    if (!isCondition(expr)) return this.#value(expr);
    const hint = expr.kind === 'bool' ? `; a key of type bool is compared with ${Number(expr.value)}` : '';
    if (expr.kind === 'bool' || this.condition(expr))
      this.#wrong(expr.at, `${this.#shown(expr.at)} is a condition, and a number is needed${hint}`);
    return undefined;
  }

  #value(expr: Expr): Value | undefined {
    switch (expr.kind) {
      case 'int':
        return { kind: 'int', value: expr.value, type: int };
      case 'name':
        return this.#name(expr.name, expr.at);
      case 'attribute':
        return this.#attribute(expr.name, expr.at);
      case 'part':
        return this.#part(expr);
      case 'negate': {
        const arg = isCondition(expr.arg) ? this.#operand(expr.arg) : this.#value(expr.arg);
        if (!arg) return undefined;
        if (arg.type.kind === 'int') return { kind: 'negate', arg, type: int };
        return this.#wrong(
          expr.arg.at,
          `${this.#shown(expr.arg.at)} is ${showType(arg.type)}, and only numbers without a width are negated`,
        );
      }
      default:
        return this.#operand(expr);
    }
  }

  #name(name: string, at: Span): Value | undefined {
    const { of, names, known } = this.#about;
    const index = known.findIndex((one) => one.name === name);
    const found = known[index];
    if (!found) {
      const valid = known.map((one) => one.name);
      this.#report('constraint-name', { of, what: names, name, suggestion: nearest(name, valid), valid }, at);
      return undefined;
    }
    if (found.type) return { kind: 'name', index, type: found.type };
    return this.#wrong(at, `the ${names} ${name} has no bits, and constraints are about numbers`);
  }

  #attribute(name: string, at: Span): Value | undefined {
    if (name !== 'priority') return this.#wrong(at, `there is no ::${name}, only ::priority`);
    if (this.#about.names === 'key') return { kind: 'priority', type: int };
    return this.#wrong(at, 'an action has no priority, only entries have');
  }

  #part({ of, part, at }: Expr & { readonly kind: 'part' }): Value | undefined {
    const whole = isCondition(of) ? this.#operand(of) : this.#value(of);
    if (!whole) return undefined;
    const { type } = whole;
    const parts: readonly Part[] = isMatchKind(type.kind) ? partsOf[type.kind] : [];
    if (whole.kind === 'name' && isMatchKind(type.kind) && parts.includes(part as Part)) {
      // Text has no bits: its mask only says whether the key is given.
      const width = widthOf(type) || (part === 'mask' ? 1 : 0);
      const partType: ConstraintType = part === 'prefix_length' ? int : { kind: 'bit', width };
      return { kind: 'part', index: whole.index, of: type.kind, part: part as Part, type: partType };
    }
    const has = parts.length === 0 ? 'has no parts' : `has ${parts.map((p) => `::${p}`).join(' and ')}, not ::${part}`;
    return this.#wrong(at, `${this.#shown(of.at)} is ${showType(type)}, which ${has}`);
  }

  #wrong(at: Span, problem: string): undefined {
    this.#report('constraint-form', { of: this.#about.of, problem }, at);
  }

  #shown({ start, end }: Span): string {
    return this.#text.slice(start, end).replace(/\s+/g, ' ');
  }
}

const int: ConstraintType = { kind: 'int' };
const widthOf = (type: ConstraintType): number => ('width' in type ? type.width : 0);

const conditions: ReadonlySet<Expr['kind']> = new Set(['bool', 'not', 'and', 'or', 'implies', 'compare']);
const isCondition = ({ kind }: Expr): boolean => conditions.has(kind);

/** The type to which values of both can be converted. */
function common(a: ConstraintType, b: ConstraintType): ConstraintType | undefined {
  if (rank(a) < rank(b)) return common(b, a);
  if (b.kind === 'int') return a;
  if (b.kind !== 'bit' && a.kind !== b.kind) return undefined;
  return widthOf(a) === widthOf(b) ? a : undefined;
}

/** Values of a lower rank can be converted. */
const rank = ({ kind }: ConstraintType): number => (kind === 'int' ? 0 : kind === 'bit' ? 1 : 2);

function converted(value: Value, to: ConstraintType): Value {
  const { type } = value;
  if (rank(type) === rank(to)) return value;
  if (type.kind === 'bit' || to.kind === 'bit') return { kind: 'convert', arg: value, type: to };
  return { kind: 'convert', arg: { kind: 'convert', arg: value, type: { kind: 'bit', width: widthOf(to) } }, type: to };
}
