/** The value of an expression after `#if` (C11 §6.10.1): integers of 64 bits, names that are no macros are 0. */
import { fail } from '../../support/diagnostics.js';
import type { Token } from '../lex.js';
import { maxNumberLength } from '../limits.js';
import { Apostrophe, CloseParen, Colon, Comma, Integer, OpenParen, Question, ShiftRight } from '../tokens.js';

/** Ends the reading of a condition in which something else is expected than `found`, or than its end. */
export const misread = (expected: string, found: Token | undefined): never =>
  fail('p4-syntax', { expected, found: found ? `'${found.image}'` : 'the end of the line' });

const maxDepth = 100;

interface Value {
  readonly value: bigint;
  readonly unsigned: boolean;
}

const truth = (value: boolean): Value => ({ value: value ? 1n : 0n, unsigned: false });
const wrap = (value: bigint, unsigned: boolean): Value => ({
  value: unsigned ? BigInt.asUintN(64, value) : BigInt.asIntN(64, value),
  unsigned,
});

type Operation = (a: Value, b: Value) => Value;
/** Both sides are unsigned where one of them is. */
const balanced =
  (operation: (a: bigint, b: bigint) => bigint | boolean): Operation =>
  (a, b) => {
    const unsigned = a.unsigned || b.unsigned;
    const result = operation(wrap(a.value, unsigned).value, wrap(b.value, unsigned).value);
    return typeof result === 'boolean' ? truth(result) : wrap(result, unsigned);
  };
/** To the left by `by` places; less than none is to the right. */
const shift = (a: Value, by: bigint): Value => {
  const places = by > 64n ? 64n : by < -64n ? -64n : by;
  return wrap(places >= 0n ? a.value << places : a.value >> -places, a.unsigned);
};

/** How tightly an operator binds in C, and what it computes. */
const operators: Readonly<Record<string, readonly [number, Operation]>> = {
  '||': [1, (a, b) => truth(a.value !== 0n || b.value !== 0n)],
  '&&': [2, (a, b) => truth(a.value !== 0n && b.value !== 0n)],
  '|': [3, balanced((a, b) => a | b)],
  '^': [4, balanced((a, b) => a ^ b)],
  '&': [5, balanced((a, b) => a & b)],
  '==': [6, balanced((a, b) => a === b)],
  '!=': [6, balanced((a, b) => a !== b)],
  '<': [7, balanced((a, b) => a < b)],
  '>': [7, balanced((a, b) => a > b)],
  '<=': [7, balanced((a, b) => a <= b)],
  '>=': [7, balanced((a, b) => a >= b)],
  '<<': [8, (a, b) => shift(a, b.value)],
  '>>': [8, (a, b) => shift(a, -b.value)],
  '+': [9, balanced((a, b) => a + b)],
  '-': [9, balanced((a, b) => a - b)],
  '*': [10, balanced((a, b) => a * b)],
  '/': [10, balanced((a, b) => a / b)],
  '%': [10, balanced((a, b) => a % b)],
};
const prefixes: Readonly<Record<string, (a: Value) => Value>> = {
  '!': (a) => truth(a.value === 0n),
  '~': (a) => wrap(~a.value, a.unsigned),
  '-': (a) => wrap(-a.value, a.unsigned),
  '+': (a) => a,
};

/** @throws DiagnosticError for words that have no value, without a place */
export function conditionValue(tokens: readonly Token[]): boolean {
  const condition = new Condition(tokens);
  const { value } = condition.list();
  condition.end();
  return value !== 0n;
}

class Condition {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  #unused = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  end(): void {
    const rest = this.#tokens[this.#at];
    if (rest) misread('the end of the line', rest);
  }

  /** Expressions with commas between them, of which the last one counts. */
  list(): Value {
    for (;;) {
      const value = this.#expression(0);
      if (this.#tokens[this.#at]?.tokenType !== Comma) return value;
      this.#at++;
    }
  }

  #expression(least: number): Value {
    if (++this.#depth > maxDepth) fail('p4-nesting', { limit: maxDepth });
    let left = this.#operand();
    for (;;) {
      const op = this.#operator();
      const [binds, operation] = (Object.hasOwn(operators, op) ? operators[op] : undefined) ?? [0, undefined];
      if (!operation || binds <= least) break;
      this.#at += op === '>>' ? 2 : 1;
      const unused = (op === '&&' && left.value === 0n) || (op === '||' && left.value !== 0n);
      const right = this.#part(unused, binds);
      if (right.value === 0n && (op === '/' || op === '%')) {
        if (this.#unused === 0) fail('division-by-zero', { op });
        left = truth(false);
      } else left = operation(left, right);
    }
    if (least === 0 && this.#tokens[this.#at]?.tokenType === Question) {
      this.#at++;
      const yes = this.#part(left.value === 0n, 0);
      this.#expect(Colon, ':');
      const no = this.#part(left.value !== 0n, 0);
      left = wrap((left.value !== 0n ? yes : no).value, yes.unsigned || no.unsigned);
    }
    this.#depth--;
    return left;
  }

  /** A part that does not count where `unused`: it may divide by zero. */
  #part(unused: boolean, least: number): Value {
    if (unused) this.#unused++;
    const value = this.#expression(least);
    if (unused) this.#unused--;
    return value;
  }

  #operand(): Value {
    const token = this.#tokens[this.#at++];
    if (!token) return misread('a value', token);
    const prefix = Object.hasOwn(prefixes, token.image) ? prefixes[token.image] : undefined;
    if (prefix) {
      if (++this.#depth > maxDepth) fail('p4-nesting', { limit: maxDepth });
      const value = prefix(this.#operand());
      this.#depth--;
      return value;
    }
    if (token.tokenType === OpenParen) {
      const value = this.list();
      this.#expect(CloseParen, ')');
      return value;
    }
    if (token.tokenType === Integer) return integer(token.image);
    if (token.tokenType === Apostrophe) return character(token);
    if (/^[A-Za-z_]/.test(token.image)) return truth(false);
    return misread('a value', token);
  }

  #operator(): string {
    const token = this.#tokens[this.#at];
    return token?.tokenType === ShiftRight ? '>>' : (token?.image ?? '');
  }

  #expect(type: Token['tokenType'], text: string): void {
    const token = this.#tokens[this.#at++];
    if (token?.tokenType !== type) misread(`'${text}'`, token);
  }
}

function integer(text: string): Value {
  const digits = text.replace(/(?:u|l|ll|ul|lu|ull|llu)$/i, '');
  const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
  if (!/^(?:0|[1-9]\d*|0[xX][0-9a-fA-F]+|0[bB][01]+|0o[0-7]+)$/.test(octal) || octal.length > maxNumberLength) {
    fail('p4-number', { text });
  }
  const value = BigInt(octal);
  return wrap(value, value >= 1n << 63n || /[uU]/.test(text.slice(digits.length)));
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', '0': '\0' };

/** `'a'`, the number of the character. */
function character(token: Token): Value {
  const [, escapee, plain] = /^'(?:\\(.)|([^'\\]))'$/.exec(token.image) ?? [];
  const char = escapee === undefined ? plain : (escapes[escapee] ?? escapee);
  if (char === undefined) return misread('one character between single quotes', token);
  return wrap(BigInt(char.charCodeAt(0)), false);
}
