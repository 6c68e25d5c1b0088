/** The value of an expression behind `#if` (C11 §6.10.1): 64-bit integers, names that are no macros are 0. */
import type { Token } from '../lex.js';
import { CloseParen, Colon, Integer, OpenParen, Question, ShiftRight } from '../tokens.js';

/** Why an expression has no value, as a phrase. */
export class ConditionError extends Error {}

const maxDepth = 100;

const truth = (value: boolean): bigint => (value ? 1n : 0n);
type Operation = (a: bigint, b: bigint) => bigint;
/** How tightly an operator binds in C, and what it computes. */
const operators: Readonly<Record<string, readonly [number, Operation]>> = {
  '||': [1, (a, b) => truth(a !== 0n || b !== 0n)],
  '&&': [2, (a, b) => truth(a !== 0n && b !== 0n)],
  '|': [3, (a, b) => a | b],
  '^': [4, (a, b) => a ^ b],
  '&': [5, (a, b) => a & b],
  '==': [6, (a, b) => truth(a === b)],
  '!=': [6, (a, b) => truth(a !== b)],
  '<': [7, (a, b) => truth(a < b)],
  '>': [7, (a, b) => truth(a > b)],
  '<=': [7, (a, b) => truth(a <= b)],
  '>=': [7, (a, b) => truth(a >= b)],
  '<<': [8, (a, b) => a << BigInt.asUintN(6, b)],
  '>>': [8, (a, b) => a >> BigInt.asUintN(6, b)],
  '+': [9, (a, b) => a + b],
  '-': [9, (a, b) => a - b],
  '*': [10, (a, b) => a * b],
  '/': [10, (a, b) => a / b],
  '%': [10, (a, b) => a % b],
};
const prefixes: Readonly<Record<string, (a: bigint) => bigint>> = {
  '!': (a) => truth(a === 0n),
  '~': (a) => ~a,
  '-': (a) => -a,
  '+': (a) => a,
};

/** @throws ConditionError */
export function conditionValue(tokens: readonly Token[]): boolean {
  const condition = new Condition(tokens);
  const value = condition.expression(0);
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
    if (rest) throw new ConditionError(`"${rest.image}" is not expected in it`);
  }

  expression(least: number): bigint {
    if (++this.#depth > maxDepth) throw new ConditionError('it is nested too deeply');
    let left = this.#operand();
    for (;;) {
      const op = this.#operator();
      const [binds, operation] = (Object.hasOwn(operators, op) ? operators[op] : undefined) ?? [0, undefined];
      if (!operation || binds <= least) break;
      this.#at += op === '>>' ? 2 : 1;
      const unused = (op === '&&' && left === 0n) || (op === '||' && left !== 0n);
      const right = this.#part(unused, binds);
      if (right === 0n && (op === '/' || op === '%')) {
        if (this.#unused === 0) throw new ConditionError('it divides by zero');
        left = 0n;
      } else left = BigInt.asIntN(64, operation(left, right));
    }
    if (least === 0 && this.#tokens[this.#at]?.tokenType === Question) {
      this.#at++;
      const yes = this.#part(left === 0n, 0);
      this.#expect(Colon, ':');
      const no = this.#part(left !== 0n, 0);
      left = left !== 0n ? yes : no;
    }
    this.#depth--;
    return left;
  }

  /** A part that does not count where `unused`: it may divide by zero. */
  #part(unused: boolean, least: number): bigint {
    if (unused) this.#unused++;
    const value = this.expression(least);
    if (unused) this.#unused--;
    return value;
  }

  #operand(): bigint {
    const token = this.#tokens[this.#at++];
    if (!token) throw new ConditionError('a value is missing in it');
    const prefix = Object.hasOwn(prefixes, token.image) ? prefixes[token.image] : undefined;
    if (prefix) {
      if (++this.#depth > maxDepth) throw new ConditionError('it is nested too deeply');
      const value = prefix(this.#operand());
      this.#depth--;
      return BigInt.asIntN(64, value);
    }
    if (token.tokenType === OpenParen) {
      const value = this.expression(0);
      this.#expect(CloseParen, ')');
      return value;
    }
    if (token.tokenType === Integer) return integer(token.image);
    if (/^[A-Za-z_]/.test(token.image)) return 0n;
    throw new ConditionError(`"${token.image}" is not a value`);
  }

  #operator(): string {
    const token = this.#tokens[this.#at];
    return token?.tokenType === ShiftRight ? '>>' : (token?.image ?? '');
  }

  #expect(type: Token['tokenType'], text: string): void {
    if (this.#tokens[this.#at++]?.tokenType !== type) throw new ConditionError(`a "${text}" is missing in it`);
  }
}

function integer(text: string): bigint {
  const digits = text.replace(/[uUlL]+$/, '');
  const octal = /^0[0-7]+$/.test(digits) ? `0o${digits}` : digits;
  if (!/^(?:\d{1,20}|0[xX][0-9a-fA-F]{1,16}|0[bB][01]{1,64}|0[oO][0-7]{1,22})$/.test(octal)) {
    throw new ConditionError(`"${text}" is not a number of 64 bits`);
  }
  return BigInt.asIntN(64, BigInt(octal));
}
