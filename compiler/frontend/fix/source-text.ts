/** The text of a file with the words in it, found again by the places that nodes of the syntax have. */
import { Diagnostics } from '../../support/diagnostics.js';
import type { Loc } from '../../support/location.js';
import { lex, type Token } from '../lex.js';
import { SourceFile } from '../source.js';

/** A part of a text, by the words it begins and ends with. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

const opening = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);
const closing = new Set(opening.values());

export class SourceText {
  readonly text: string;
  readonly #words: readonly Token[];
  readonly #at = new Map<string, number>();
  readonly #lines: readonly number[];

  constructor(file: string, text: string) {
    this.text = text;
    this.#words = lex(new SourceFile(file, text), new Diagnostics());
    for (const [i, { loc }] of this.#words.entries()) this.#at.set(`${loc.line}:${loc.column}`, i);
    this.#lines = [0, ...[...text.matchAll(/\n/g)].map((m) => m.index + 1)];
  }

  /** The number of the word at the place. */
  at({ line, column }: Loc): number | undefined {
    return this.#at.get(`${line}:${column}`);
  }

  word(i: number): string {
    return this.#words[i]?.image ?? '';
  }

  /** Where a word begins in the text. */
  start(i: number): number {
    const loc = this.#words[i]?.loc ?? { line: 1, column: 1 };
    return (this.#lines[loc.line - 1] ?? 0) + loc.column - 1;
  }

  end(i: number): number {
    return this.start(i) + this.word(i).length;
  }

  slice({ first, last }: Span): string {
    return this.text.slice(this.start(first), this.end(last));
  }

  /** The bracket that closes the one at `open`. */
  close(open: number): number | undefined {
    const stack: string[] = [];
    for (let i = open; i < this.#words.length; i++) {
      const close = opening.get(this.word(i));
      if (close) stack.push(close);
      else if (closing.has(this.word(i)) && stack.pop() !== this.word(i)) return undefined;
      if (stack.length === 0) return i;
    }
    return undefined;
  }

  /** The parenthesis that opens a list after the name at `i`, with type arguments or parameters between them. */
  list(i: number): number | undefined {
    let next = i + 1;
    if (this.word(next) === '<') {
      let depth = 0;
      do {
        if (this.word(next) === '<') depth++;
        if (this.word(next) === '>') depth--;
        next++;
      } while (depth > 0 && next < this.#words.length);
    }
    return this.word(next) === '(' ? next : undefined;
  }

  /** What commas separate between two brackets. */
  elements(open: number, close: number): readonly Span[] {
    const found: Span[] = [];
    let first = open + 1;
    for (let i = first; i <= close; i++) {
      if (i < close && opening.has(this.word(i))) {
        i = this.close(i) ?? close;
        continue;
      }
      if (i === close ? i > open + 1 : this.word(i) === ',') {
        found.push({ first, last: i - 1 });
        first = i + 1;
      }
    }
    return found;
  }
}
