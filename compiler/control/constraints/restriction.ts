/** What all entries of a table, or all calls of an action, must satisfy, and why an entry or a call does not. */
import type { Condition } from '../../analysis/constraints/ast.js';
import { type Restricted, readConstraint } from '../../analysis/constraints/check.js';
import { visitValues } from '../../analysis/constraints/walk.js';
import { compileCondition, type Predicate, type Subject } from './evaluate.js';

/** A condition that a subject breaks. */
export interface Violation {
  /** The smallest part of the constraint that decides, as the program has it. */
  readonly condition: string;
  /** Whether the condition must hold. False: it must not. */
  readonly must: boolean;
  /** The comment above it in the constraint. */
  readonly comment?: string;
  /** The keys or parameters in it, by their places. */
  readonly names: readonly number[];
  readonly hasPriority: boolean;
}

export class Restriction {
  readonly #text: string;
  readonly #condition: Condition;
  readonly #holds: Predicate;
  /** Of the parts of the condition that were asked for, for explanations. */
  readonly #parts = new Map<Condition, Predicate>();

  private constructor(text: string, condition: Condition) {
    this.#text = text;
    this.#condition = condition;
    this.#holds = compileCondition(condition);
  }

  /** Undefined for a constraint with mistakes: what a program says is validated, and of a foreign P4Info the switch knows more. */
  static of(text: string, about: Restricted): Restriction | undefined {
    const condition = readConstraint(text, about, () => undefined);
    return condition && new Restriction(text, condition);
  }

  /** Undefined where the subject satisfies the constraint. */
  violation(subject: Subject): Violation | undefined {
    if (this.#holds(subject)) return undefined;
    const reason = this.#reason(this.#condition, subject);
    const names = new Set<number>();
    let hasPriority = false;
    visitValues(reason, (value) => {
      if (value.kind === 'priority') hasPriority = true;
      if ('index' in value) names.add(value.index);
    });
    const comment = this.#commentAbove(reason.at.start);
    return {
      condition: withoutComments(this.#text.slice(reason.at.start, reason.at.end)),
      must: !this.#isTrue(reason, subject),
      ...(comment ? { comment } : {}),
      names: [...names].sort((a, b) => a - b),
      hasPriority,
    };
  }

  #isTrue(condition: Condition, subject: Subject): boolean {
    let predicate = this.#parts.get(condition);
    if (!predicate) {
      predicate = compileCondition(condition);
      this.#parts.set(condition, predicate);
    }
    return predicate(subject);
  }

  /** As p4-constraints: of the parts that make the condition what it is, the smallest; of several, the first. */
  #reason(condition: Condition, subject: Subject): Condition {
    switch (condition.kind) {
      case 'not':
        return this.#reason(condition.arg, subject);
      case 'and':
      case 'or': {
        const deciding = condition.kind === 'or';
        return this.#smallest(
          condition,
          condition.args.filter((arg) => this.#isTrue(arg, subject) === deciding),
          subject,
        );
      }
      case 'implies': {
        const { left, right } = condition;
        const deciding = [...(this.#isTrue(left, subject) ? [] : [left]), ...(this.#isTrue(right, subject) ? [right] : [])];
        return this.#smallest(condition, deciding, subject);
      }
      default:
        return condition;
    }
  }

  #smallest(whole: Condition, deciding: readonly Condition[], subject: Subject): Condition {
    const reasons = deciding.map((part) => this.#reason(part, subject));
    return reasons.reduce<Condition | undefined>((best, one) => (best && sizeOf(best) <= sizeOf(one) ? best : one), undefined) ?? whole;
  }

  /** The last comment before the condition that is on lines of its own. */
  #commentAbove(start: number): string | undefined {
    const blocks = [...this.#text.slice(0, start).matchAll(/(?:^|\n)(?:[ \t]*\/\/[^\n]*(?:\n|$))+|(?:^|\n)[ \t]*\/\*[\s\S]*?\*\//g)];
    const found = blocks.at(-1)?.[0];
    return found
      ?.replace(/\/\*+|\*+\/|^[ \t]*(?:\/\/|\*)/gm, '')
      .replace(/\s+/g, ' ')
      .trim();
  }
}

/** How many conditions and comparisons it is made of. */
function sizeOf(condition: Condition): number {
  switch (condition.kind) {
    case 'not':
      return 1 + sizeOf(condition.arg);
    case 'and':
    case 'or':
      return condition.args.reduce((sum, arg) => sum + 1 + sizeOf(arg), -1);
    case 'implies':
    case 'same':
    case 'differ':
      return 1 + sizeOf(condition.left) + sizeOf(condition.right);
    case 'compare':
      return 3;
    case 'bool':
      return 1;
  }
}

const withoutComments = (text: string): string =>
  text
    .replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
