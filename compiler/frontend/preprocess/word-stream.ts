/** Words to read, in order, with those that macros put before them. */
import type { Token } from '../lex.js';

export class TokenStream {
  readonly #tokens: readonly Token[];
  readonly #take: (token: Token) => Token | undefined;
  readonly #pending: Token[] = [];
  #at = 0;
  #skipped = false;

  /** `take` gives what a token is read as, and undefined for one that is not a word of the text; it does not see what is put before them. */
  constructor(tokens: readonly Token[], take: (token: Token) => Token | undefined = (token) => token) {
    this.#tokens = tokens;
    this.#take = take;
  }

  next(): Token | undefined {
    const pending = this.#pending.pop();
    this.#skipped = false;
    if (pending) return pending;
    while (this.#at < this.#tokens.length) {
      const token = this.#take(this.#tokens[this.#at++] as Token);
      if (token) return token;
      this.#skipped = true;
    }
    return undefined;
  }

  /** What comes next as it stands; no directive after it is read. */
  peek(): Token | undefined {
    return this.#pending.at(-1) ?? this.#tokens[this.#at];
  }

  /** The words come next, before the others. */
  push(tokens: readonly Token[]): void {
    for (let i = tokens.length - 1; i >= 0; i--) this.#pending.push(tokens[i] as Token);
  }

  get hasPending(): boolean {
    return this.#pending.length > 0;
  }

  /** Whether tokens before the last one were no words of the text. */
  get skipped(): boolean {
    return this.#skipped;
  }

  /** After the last token that was taken, in the text that the tokens come from. */
  get offset(): number {
    const last = this.#tokens[this.#at - 1];
    return last ? last.startOffset + last.image.length : 0;
  }
}
