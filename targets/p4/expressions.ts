/** Expressions of P4-16, with parentheses where precedence asks for them and where readers who know C would err. */
import type { BinaryExpr, BinaryOp, ConstExpr, Expr, KeySet } from '../../compiler/ir/expr.js';
import { type Type, type TypeDecl, typeName } from '../../compiler/ir/types.js';
import { type Doc, join } from '../../compiler/support/document.js';
import { InternalError } from '../../compiler/support/invariant.js';
import { chain, list, parentheses, quote } from './layout.js';
import { number, numberWithWidth } from './literals.js';

// From P4-16 §8 as p4c's grammar has it: bitwise operators bind tighter than comparisons, unlike in C.
const precedence: Readonly<Record<BinaryOp, number>> = {
  '||': 2,
  '&&': 3,
  '==': 4,
  '!=': 4,
  '<': 5,
  '<=': 5,
  '>': 5,
  '>=': 5,
  '|': 6,
  '^': 7,
  '&': 8,
  '<<': 9,
  '>>': 9,
  '++': 10,
  '+': 10,
  '-': 10,
  '|+|': 10,
  '|-|': 10,
  '*': 11,
  '/': 11,
  '%': 11,
};
const mux = 1;
type Mux = Expr & { readonly kind: 'mux' };
const prefix = 12;
const postfix = 13;
const comparison = new Set<BinaryOp>(['==', '!=', '<', '<=', '>', '>=']);
const bitMask = new Set<BinaryOp>(['&', '|', '^']);
const bitwise = new Set<BinaryOp>(['&', '|', '^', '<<', '>>']);

export class ExpressionPrinter {
  readonly #types: ReadonlyMap<string, TypeDecl>;

  constructor(types: readonly TypeDecl[]) {
    this.#types = new Map(types.map((t) => [t.name, t]));
  }

  /** Where the context gives a literal its type: assignments, arguments, comparisons with something that has a type. */
  typed(expr: Expr): Doc {
    return this.#print(expr, true, 0);
  }

  /** Where it does not, as in lists and arguments of generic functions: literals say their width. */
  untyped(expr: Expr): Doc {
    return this.#print(expr, false, 0);
  }

  keySet(set: KeySet): Doc {
    switch (set.kind) {
      case 'value':
        return this.typed(set.value);
      case 'mask':
        return [this.#mask(set.value), ' &&& ', this.#mask(set.mask)];
      case 'range':
        return [this.typed(set.low), ' .. ', this.typed(set.high)];
      case 'value-set':
        return set.name;
      case 'any':
        return '_';
    }
  }

  /** `(a, b)` for several, the bare set for one. */
  keySets(sets: readonly KeySet[], any = '_'): Doc {
    if (sets.every((s) => s.kind === 'any') && any !== '_') return any;
    const texts = sets.map((s) => this.keySet(s));
    return texts.length === 1 ? (texts[0] as Doc) : ['(', join(', ', texts), ')'];
  }

  /** `head(…)`; missing optional arguments at the end are left out. `broken`: one item a line, also in lists. */
  call(head: Doc, args: readonly Expr[], { typed = true, broken = false } = {}): Doc {
    let end = args.length;
    while (end > 0 && args[end - 1]?.kind === 'default') end--;
    const texts = args.slice(0, end).map((arg) => {
      if (arg.kind === 'list') return this.#list(arg, broken);
      return this.#part(arg, typed);
    });
    return [head, parentheses(texts, broken)];
  }

  /** What is in a larger expression or a call: p4c knows the type of `{#}` in assignments and comparisons alone. */
  #part(expr: Expr, typed = true): Doc {
    return typed && expr.kind !== 'invalid' ? this.typed(expr) : this.untyped(expr);
  }

  #mask(expr: Expr): Doc {
    return expr.kind === 'const' && expr.type.kind === 'bit' ? number(expr.value, expr.type, 'mask') : this.typed(expr);
  }

  #print(expr: Expr, typed: boolean, context: number): Doc {
    const [text, level] = this.#text(expr, typed);
    return level < context ? ['(', text, ')'] : text;
  }

  /** The text and how tightly it binds. */
  #text(expr: Expr, typed: boolean): readonly [Doc, number] {
    switch (expr.kind) {
      case 'const':
        return this.#constant(expr, typed);
      case 'bool':
        return [String(expr.value), postfix];
      case 'string':
        return [quote(expr.value), postfix];
      case 'member':
        return [`${typeName(expr.type)}.${expr.name}`, postfix];
      case 'name':
        return [expr.name, postfix];
      case 'field':
        return [[this.#base(expr.base), `.${expr.name}`], postfix];
      case 'index':
        return [[this.#base(expr.base), '[', this.typed(expr.index), ']'], postfix];
      case 'stack-member':
        return [[this.#base(expr.base), `.${expr.member}`], postfix];
      case 'slice':
        return [[this.#base(expr.base), `[${expr.high}:${expr.low}]`], postfix];
      case 'unary':
        return this.#unary(expr, typed);
      case 'cast':
        return [[`(${typeName(expr.type)})`, this.#print(expr.arg, false, prefix)], prefix];
      case 'binary':
        return this.#binary(expr);
      case 'mux':
        return this.#mux(expr, typed);
      case 'is-valid':
        return [[this.#base(expr.header), '.isValid()'], postfix];
      case 'lookahead':
        return [[this.#base(expr.packet), `.lookahead<${typeName(expr.type)}>()`], postfix];
      case 'packet-length':
        return [[this.#base(expr.packet), '.length()'], postfix];
      case 'struct':
        return this.#struct(expr, typed);
      case 'list':
        return [this.#list(expr), postfix];
      case 'invalid':
        return typed ? ['{#}', postfix] : [`(${typeName(expr.type)}){#}`, prefix];
      case 'default':
        return ['...', postfix];
    }
  }

  #unary({ op, arg }: Expr & { readonly kind: 'unary' }, typed: boolean): readonly [Doc, number] {
    const text = this.#print(arg, typed && !isLiteral(arg), prefix);
    // `++` is concatenation.
    return [op === '+' && arg.kind === 'unary' && arg.op === '+' ? ['+(', text, ')'] : [op, text], prefix];
  }

  #mux(expr: Mux, typed: boolean): readonly [Doc, number] {
    const parts: Doc[] = [];
    let [isTyped, left]: [boolean, Expr] = [typed, expr];
    let closing = '';
    // `a ? b : (c ? d : (e ? f : g))` is one chain: it grows to the bottom, not to the right.
    while (left.kind === 'mux') {
      const { cond, yes, no }: Mux = left;
      const known = (branch: Expr): boolean => isTyped && !(isLiteral(yes) && isLiteral(no)) && branch.kind !== 'invalid';
      const [whether, then] = [this.#print(cond, true, mux + 1), this.#print(yes, known(yes), mux + 1)];
      if (parts.length === 0) parts.push(whether, ['? ', then]);
      else parts.push([': (', chain([whether, ['? ', then]])]);
      // p4c takes `a ? b : c ? d : e` for `(a ? b : c) ? d : e`.
      if (no.kind === 'mux') closing += ')';
      else parts.push([': ', this.#print(no, known(no), mux + 1), closing]);
      [isTyped, left] = [known(no), no];
    }
    return [chain(parts), mux];
  }

  #list(expr: Expr & { readonly kind: 'list' }, broken = false): Doc {
    const items = expr.elements.map((e) => (e.kind === 'list' ? this.#list(e, broken) : this.untyped(e)));
    return list(items, broken);
  }

  #struct(expr: Expr & { readonly kind: 'struct' }, typed: boolean): readonly [Doc, number] {
    const fields: Doc[] = expr.fields.map((f) => [`${f.name} = `, this.#part(f.value)]);
    if (expr.partial) fields.push('...');
    const text = list(fields);
    return typed ? [text, postfix] : [[`(${typeName(expr.type)})`, text], prefix];
  }

  #binary(expr: BinaryExpr): readonly [Doc, number] {
    return [chain(this.#chain(expr)), precedence[expr.op]];
  }

  /** The operands of `a + b + c`, each but the first after its operator. */
  #chain(expr: BinaryExpr): readonly Doc[] {
    const { op, left, right } = expr;
    const last = [`${op} `, this.#operand(expr, right, left, precedence[op] + 1)];
    const goesOn = left.kind === 'binary' && left.op === op && !comparison.has(op) && !isLiteral(left);
    return [...(goesOn ? this.#chain(left) : [this.#operand(expr, left, right, precedence[op])]), last];
  }

  #operand({ op, right }: BinaryExpr, operand: Expr, other: Expr, context: number): Doc {
    // A literal takes its type from the other operand, unless that is a literal too; a shift's right side needs none.
    const typed = op !== '++' && (op === '<<' || op === '>>' ? operand === right : !isLiteral(other));
    if (bitMask.has(op) && operand.kind === 'const' && typed) return number(operand.value, operand.type, 'mask');
    return this.#print(operand, typed, needsParentheses(op, operand) ? prefix : context);
  }

  /** An operand of `.`, `[` and method calls. */
  #base(expr: Expr): Doc {
    return this.#print(expr, false, postfix);
  }

  #constant(expr: ConstExpr, typed: boolean): readonly [Doc, number] {
    const { type, value } = expr;
    if (type.kind === 'named') return this.#namedConstant(value, type.name);
    if (type.kind === 'integer') return [String(value), value < 0n ? prefix : postfix];
    if (type.kind !== 'bit' && type.kind !== 'int') throw new InternalError(`a literal of type ${type.kind}`);
    const text = typed ? number(value, type) : numberWithWidth(value, type);
    return [text, text.startsWith('-') || text.startsWith('(') ? prefix : postfix];
  }

  #namedConstant(value: bigint, name: string): readonly [string, number] {
    const declared = this.#types.get(name);
    if (declared?.kind === 'enum') {
      const member = declared.members.find((m) => m.value === value);
      if (member) return [`${name}.${member.name}`, postfix];
      return [`(${name})${numberWithWidth(value, declared.base ?? { kind: 'integer' })}`, prefix];
    }
    if (declared?.kind === 'newtype') return [`(${name})${this.#literalOf(value, declared.type)}`, prefix];
    throw new InternalError(`a literal of type ${name}`);
  }

  #literalOf(value: bigint, type: Type): string {
    return type.kind === 'named' ? this.#namedConstant(value, type.name)[0] : numberWithWidth(value, type);
  }
}

const isLiteral = (expr: Expr): boolean =>
  expr.kind === 'const' ||
  (expr.kind === 'unary' && isLiteral(expr.arg)) ||
  (expr.kind === 'mux' && isLiteral(expr.yes) && isLiteral(expr.no)) ||
  (expr.kind === 'binary' && isLiteral(expr.left) && isLiteral(expr.right));

/** Not needed by P4, but by readers: comparisons and bitwise operators in comparisons, `&&` in `||`, one bitwise operator in another. */
function needsParentheses(op: BinaryOp, operand: Expr): boolean {
  if (operand.kind !== 'binary') return false;
  if (comparison.has(op)) return bitwise.has(operand.op) || comparison.has(operand.op);
  if (op === '||') return operand.op === '&&';
  return bitwise.has(op) && operand.op !== op;
}
