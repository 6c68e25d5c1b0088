/** Macros of the preprocessor and their expansion, each word expanded by a macro at most once (C11 §6.10.3). */
import type { Diagnostics } from '../../support/diagnostics.js';
import type { Loc } from '../../support/location.js';
import { type Hidden, lexWord, type Token, wordOf } from '../lex.js';
import { maxExpansion, maxMacroDepth } from '../limits.js';
import { CloseParen, Comma, Directive, Hash, HashHash, Integer, OpenParen, StringLiteral } from '../tokens.js';

export interface Macro {
  readonly name: string;
  /** Absent for a macro without a list of parameters. */
  readonly params?: readonly string[];
  /** The last parameter takes the rest of the arguments. */
  readonly variadic?: boolean;
  readonly body: readonly Token[];
  readonly loc: Loc;
}

/** A limit is reached and reported; the text is not read any further. */
export class Stop extends Error {}

/** Words to read, with those that macros put before them. */
export class TokenStream {
  readonly #tokens: readonly Token[];
  readonly #place: (token: Token) => Token;
  readonly #pending: Token[] = [];
  #at = 0;

  /** `place` is applied to the tokens, not to what is put before them. */
  constructor(tokens: readonly Token[], place: (token: Token) => Token = (token) => token) {
    this.#tokens = tokens;
    this.#place = place;
  }

  next(): Token | undefined {
    const pending = this.#pending.pop();
    if (pending) return pending;
    const token = this.#tokens[this.#at++];
    return token && this.#place(token);
  }

  peek(): Token | undefined {
    return this.#pending.at(-1) ?? this.#tokens[this.#at];
  }

  /** The words come next, before the others. */
  push(tokens: readonly Token[]): void {
    for (let i = tokens.length - 1; i >= 0; i--) this.#pending.push(tokens[i] as Token);
  }
}

const builtIn: ReadonlyMap<string, (loc: Loc) => Token> = new Map([
  ['__FILE__', (loc: Loc) => wordOf(StringLiteral, quote(loc.file), loc)],
  ['__LINE__', (loc: Loc) => wordOf(Integer, String(loc.line), loc)],
]);
export const isBuiltIn = (name: string): boolean => builtIn.has(name);

export class Macros {
  readonly #macros = new Map<string, Macro>();
  readonly #diagnostics: Diagnostics;
  #expanded = 0;
  #depth = 0;

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  has(name: string): boolean {
    return this.#macros.has(name) || isBuiltIn(name);
  }

  define(macro: Macro): void {
    const before = this.#macros.get(macro.name);
    if (before && !same(before, macro)) {
      const notes = [{ message: 'it is defined here before', loc: before.loc }];
      this.#diagnostics.report('macro-redefined', { name: macro.name }, { loc: macro.loc, notes });
    }
    this.#macros.set(macro.name, macro);
  }

  remove(name: string): void {
    this.#macros.delete(name);
  }

  /** The words with all macros in them expanded. */
  expandAll(tokens: readonly Token[]): Token[] {
    const stream = new TokenStream(tokens);
    const out: Token[] = [];
    for (let token = stream.next(); token; token = stream.next()) {
      this.#count(1, token);
      this.expand(token, stream, out);
    }
    return out;
  }

  /** Appends `token` to `out`, or puts what its macro stands for into the stream that it came from. */
  expand(token: Token, stream: TokenStream, out: Token[]): void {
    const { image } = token;
    const macro = this.#macros.get(image);
    if (!macro || isHidden(token.hidden, image)) {
      out.push(builtIn.get(image)?.(token.loc) ?? token);
      return;
    }
    if (macro.params && stream.peek()?.tokenType !== OpenParen) {
      out.push(token);
      return;
    }
    const args = macro.params && this.#arguments(macro, token, stream);
    if (macro.params && !args) return;
    const hidden = { name: image, next: token.hidden };
    const words = this.#substitute(macro, args, token).map((word) => hide(word, hidden));
    this.#count(words.length + 1, token);
    if (words[0]) words[0].spaced = token.spaced ?? false;
    stream.push(words);
  }

  /** Undefined when they do not fit, which is reported. */
  #arguments(macro: Macro, use: Token, stream: TokenStream): Token[][] | undefined {
    stream.next();
    const params = macro.params as readonly string[];
    const args: Token[][] = [[]];
    for (let depth = 1; ; ) {
      const token = stream.peek()?.tokenType === Directive ? undefined : stream.next();
      if (!token) {
        this.#diagnostics.report('macro-arguments-open', { name: macro.name }, { loc: use.loc });
        return undefined;
      }
      if (token.tokenType === OpenParen) depth++;
      if (token.tokenType === CloseParen && --depth === 0) break;
      const rest = macro.variadic && args.length === params.length;
      if (token.tokenType === Comma && depth === 1 && !rest) args.push([]);
      else args.at(-1)?.push(token);
    }
    if (params.length === 0 && args.length === 1 && args[0]?.length === 0) return [];
    if (macro.variadic && args.length === params.length - 1) args.push([]);
    if (args.length === params.length) return args;
    const notes = [{ message: `${macro.name} is defined here`, loc: macro.loc }];
    const { name } = macro;
    this.#diagnostics.report('macro-arguments', { name, got: args.length, expected: params.length }, { loc: use.loc, notes });
    return undefined;
  }

  #substitute(macro: Macro, args: readonly Token[][] | undefined, use: Token): Token[] {
    const { body } = macro;
    const own = (token: Token): Token => ({ ...token, loc: use.loc, macro: { name: macro.name, loc: token.loc } });
    const raw = (token: Token | undefined): Token[] | undefined => {
      const index = token ? (macro.params?.indexOf(token.image) ?? -1) : -1;
      return index < 0 ? undefined : (args?.[index] ?? []);
    };
    const expanded = new Map<readonly Token[], Token[]>();
    const full = (arg: Token[]): Token[] => {
      const words = expanded.get(arg) ?? this.#nested(use, () => this.expandAll(arg));
      expanded.set(arg, words);
      return words;
    };
    const out: Token[][] = [];
    for (let i = 0; i < body.length; i++) {
      const token = body[i] as Token;
      const next = body[i + 1];
      if (token.tokenType === HashHash && i > 0 && i < body.length - 1) {
        const left = out.pop() as Token[];
        out.push(this.#join(left, raw(next) ?? [own(next as Token)], use));
        i++;
      } else if (token.tokenType === Hash && macro.params && raw(next)) {
        out.push([{ ...wordOf(StringLiteral, quote(spell(raw(next) as Token[])), use.loc), spaced: token.spaced ?? false }]);
        i++;
      } else {
        const arg = raw(token);
        if (!arg) out.push([own(token)]);
        else {
          const [first, ...rest] = next?.tokenType === HashHash ? arg : full(arg);
          out.push(first ? [{ ...first, spaced: token.spaced ?? false }, ...rest] : []);
        }
      }
    }
    return out.flat();
  }

  /** What is on both sides of a `##`, with the words next to it made into one. */
  #join(left: readonly Token[], right: readonly Token[], use: Token): Token[] {
    const last = left.at(-1);
    const [first] = right;
    if (!last || !first) return [...left, ...right];
    return [...left.slice(0, -1), this.#paste(last, first, use), ...right.slice(1)];
  }

  #paste(left: Token, right: Token, use: Token): Token {
    const word = lexWord(left.image + right.image, use.loc);
    if (word) return { ...word, spaced: left.spaced ?? false };
    this.#diagnostics.report('macro-paste', { left: left.image, right: right.image }, { loc: use.loc });
    return left;
  }

  #nested<T>(use: Token, run: () => T): T {
    if (this.#depth >= maxMacroDepth) this.#stop(use);
    this.#depth++;
    try {
      return run();
    } finally {
      this.#depth--;
    }
  }

  #count(words: number, use: Token): void {
    this.#expanded += words;
    if (this.#expanded > maxExpansion) this.#stop(use);
  }

  #stop(use: Token): never {
    this.#diagnostics.report('macro-size', { name: use.image, limit: maxExpansion }, { loc: use.loc });
    throw new Stop();
  }
}

function isHidden(from: Hidden | undefined, name: string): boolean {
  for (let hidden = from; hidden; hidden = hidden.next) if (hidden.name === name) return true;
  return false;
}

/** The word with the names hidden in it, besides those that are already. */
function hide(token: Token, names: Hidden): Token {
  let hidden = names;
  for (let own = token.hidden; own; own = own.next) if (!isHidden(names, own.name)) hidden = { name: own.name, next: hidden };
  return { ...token, hidden };
}

const same = (a: Macro, b: Macro): boolean =>
  spell(a.body) === spell(b.body) && a.params?.join() === b.params?.join() && (a.params === undefined) === (b.params === undefined);

/** Words as they are written, with one space where there is some. */
export const spell = (tokens: readonly Token[]): string =>
  tokens.map((token, i) => (i > 0 && token.spaced ? ' ' : '') + token.image).join('');

const quote = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`;
