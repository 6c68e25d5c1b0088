/** Macros of the preprocessor and their expansion, each word expanded by a macro at most once (C11 §6.10.3). */
import type { Diagnostics } from '../../support/diagnostics.js';
import type { Loc } from '../../support/location.js';
import { type Hidden, lexWords, type Token, wordOf } from '../lex.js';
import { maxExpansion, maxMacroDepth } from '../limits.js';
import { Apostrophe, CloseParen, Comma, Hash, HashHash, Integer, OpenParen, StringLiteral } from '../tokens.js';
import { TokenStream } from './word-stream.js';

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

/** What the macros need of the file that is being read. */
export interface Place {
  /** The file that the preprocessor began with. */
  readonly baseFile: string;
  /** In how many files the one that is being read is included. */
  readonly includeLevel: number;
}

/** The arguments of one use of a macro. */
interface Arguments {
  readonly values: readonly Token[][];
  /** The parenthesis after them. */
  readonly close: Token;
  /** The last parameter, which takes the rest, was given nothing, not even an empty argument. */
  readonly noRest: boolean;
}

/** What conditions may ask, and `#ifdef` finds. */
const operatorsOfConditions: ReadonlySet<string> = new Set(['__has_include', '__has_include_next']);

export class Macros {
  readonly #macros = new Map<string, Macro>();
  readonly #diagnostics: Diagnostics;
  readonly #builtIn: ReadonlyMap<string, (loc: Loc) => Token>;
  #expanded = 0;
  #depth = 0;
  #counter = 0;

  constructor(diagnostics: Diagnostics, place: Place) {
    this.#diagnostics = diagnostics;
    const number = (value: (loc: Loc) => number) => (loc: Loc) => wordOf(Integer, String(value(loc)), loc);
    const text = (value: (loc: Loc) => string) => (loc: Loc) => wordOf(StringLiteral, quote(value(loc)), loc);
    // Those of `cpp -undef -x assembler-with-cpp`, but for the date and the time.
    this.#builtIn = new Map([
      ['__FILE__', text((loc) => loc.file)],
      ['__LINE__', number((loc) => loc.line)],
      ['__COUNTER__', number(() => this.#counter++)],
      ['__BASE_FILE__', text(() => place.baseFile)],
      ['__INCLUDE_LEVEL__', number(() => place.includeLevel)],
      ...['__ASSEMBLER__', '__STDC__', '__STDC_HOSTED__'].map((name) => [name, number(() => 1)] as const),
    ]);
  }

  has(name: string): boolean {
    return this.#macros.has(name) || this.#builtIn.has(name) || operatorsOfConditions.has(name);
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
      const word = macro ? undefined : this.#builtIn.get(image)?.(token.loc);
      out.push(word ? { ...word, spaced: token.spaced ?? false } : token);
      return;
    }
    if (macro.params && stream.peek()?.tokenType !== OpenParen) {
      out.push(token);
      return;
    }
    const args = macro.params && this.#arguments(macro, token, stream);
    if (macro.params && !args) return;
    // What the name and the parenthesis come from (Prosser): a macro whose text ended before the parenthesis may be expanded again.
    const hidden = { name: image, next: args ? common(token.hidden, args.close.hidden) : token.hidden };
    const words = this.#substitute(macro, macro.body, args, token).map((word) => hide(word, hidden));
    this.#count(words.length + 1, token);
    if (words[0]) words[0].spaced = token.spaced ?? false;
    stream.push(words);
  }

  /** Undefined when they do not fit, which is reported. */
  #arguments(macro: Macro, use: Token, stream: TokenStream): Arguments | undefined {
    stream.next();
    const params = macro.params as readonly string[];
    const values: Token[][] = [[]];
    let close: Token;
    for (let depth = 1; ; ) {
      const token = stream.next();
      if (!token) {
        this.#diagnostics.report('macro-arguments-open', { name: macro.name }, { loc: use.loc });
        return undefined;
      }
      if (token.tokenType === OpenParen) depth++;
      close = token;
      if (token.tokenType === CloseParen && --depth === 0) break;
      const rest = macro.variadic && values.length === params.length;
      if (token.tokenType === Comma && depth === 1 && !rest) values.push([]);
      else values.at(-1)?.push(token);
    }
    const nothing = values.length === 1 && values[0]?.length === 0;
    if (params.length === 0 && nothing) return { values: [], close, noRest: true };
    const noRest = macro.variadic === true && (values.length === params.length - 1 || (params.length === 1 && nothing));
    if (noRest && values.length < params.length) values.push([]);
    if (values.length === params.length) return { values, close, noRest };
    const notes = [{ message: `${macro.name} is defined here`, loc: macro.loc }];
    const { name } = macro;
    this.#diagnostics.report('macro-arguments', { name, got: values.length, expected: params.length }, { loc: use.loc, notes });
    return undefined;
  }

  /** What `body`, which is that of the macro or a part of it, stands for. */
  #substitute(macro: Macro, body: readonly Token[], args: Arguments | undefined, use: Token): Token[] {
    const own = (token: Token): Token => ({ ...token, loc: use.loc, macro: { name: macro.name, loc: token.loc } });
    const isRest = (token: Token | undefined): boolean => macro.variadic === true && token?.image === macro.params?.at(-1);
    const raw = (token: Token | undefined): Token[] | undefined => {
      const index = token ? (macro.params?.indexOf(token.image) ?? -1) : -1;
      return index < 0 ? undefined : (args?.values[index] ?? []);
    };
    const expanded = new Map<readonly Token[], Token[]>();
    const full = (arg: Token[]): Token[] => {
      const words = expanded.get(arg) ?? this.#nested(use, () => this.expandAll(arg));
      expanded.set(arg, words);
      return words;
    };
    // What is on one side of a `##` may be no word, or several: each is a list.
    const out: Token[][] = [];
    let joins = false;
    for (let i = 0; i < body.length; i++) {
      const token = body[i] as Token;
      const next = body[i + 1];
      if (token.tokenType === HashHash && i > 0 && next) {
        joins = true;
        continue;
      }
      const arg = raw(token);
      let words: readonly Token[] = [own(token)];
      if (token.tokenType === Hash && raw(next)) {
        words = [wordOf(StringLiteral, stringOf(raw(next) as Token[]), use.loc)];
        i++;
      } else if (token.image === '__VA_OPT__' && macro.variadic && next?.tokenType === OpenParen) {
        const close = closing(body, i + 1);
        words = full(args?.values.at(-1) ?? []).length > 0 ? this.#substitute(macro, body.slice(i + 2, close), args, use) : [];
        i = close;
      } else if (arg) words = joins || next?.tokenType === HashHash ? arg : full(arg);
      const [first, ...others] = words;
      if (first) words = [{ ...first, spaced: token.spaced ?? false }, ...others];
      // GNU: `, ## __VA_ARGS__` is the comma and the arguments, and nothing where there are none.
      const left = joins ? out.pop() : undefined;
      if (left && isRest(token) && left.at(-1)?.tokenType === Comma) out.push(args?.noRest ? left.slice(0, -1) : [...left, ...words]);
      else out.push(left ? join(left, words) : [...words]);
      joins = false;
    }
    return out.flat();
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

/** What is on both sides of a `##`, the words next to it joined where that makes a word; where not, both stay (as in assembler). */
function join(left: readonly Token[], right: readonly Token[]): Token[] {
  const last = left.at(-1);
  const [first] = right;
  if (!last || !first) return [...left, ...right];
  const words = lexWords(last.image + first.image, last.loc);
  const [word, ...others] = words ?? [];
  if (!word || word.image === last.image) return [...left, ...right];
  return [...left.slice(0, -1), { ...word, spaced: last.spaced ?? false }, ...others, ...right.slice(1)];
}

/** Where the parenthesis at `open` is closed, or the end. */
function closing(body: readonly Token[], open: number): number {
  let depth = 0;
  for (let i = open; i < body.length; i++) {
    if (body[i]?.tokenType === OpenParen) depth++;
    if (body[i]?.tokenType === CloseParen && --depth === 0) return i;
  }
  return body.length;
}

function isHidden(from: Hidden | undefined, name: string): boolean {
  for (let hidden = from; hidden; hidden = hidden.next) if (hidden.name === name) return true;
  return false;
}

function common(a: Hidden | undefined, b: Hidden | undefined): Hidden | undefined {
  let found: Hidden | undefined;
  for (let hidden = a; hidden; hidden = hidden.next) if (isHidden(b, hidden.name)) found = { name: hidden.name, next: found };
  return found;
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

const escaped = (text: string): string => text.replace(/[\\"]/g, '\\$&');
const quote = (text: string): string => `"${escaped(text)}"`;

/** What `#` makes of words: in strings, quotes and backslashes are escaped; elsewhere a last backslash that escapes the quote is left out. */
function stringOf(words: readonly Token[]): string {
  const isString = ({ tokenType }: Token): boolean => tokenType === StringLiteral || tokenType === Apostrophe;
  const text = words.map((word) => (word.spaced ? ' ' : '') + (isString(word) ? escaped(word.image) : word.image)).join('');
  return `"${text.trim().replace(/(?<!\\)((?:\\\\)*)\\$/, '$1')}"`;
}
