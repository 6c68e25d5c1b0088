/**
 * Strings of several lines, which P4 has and C has not. To the preprocessor of p4c, what is between the first and the last
 * quote is text like other text: conditions choose among the lines, and macros are expanded. Only what it takes for a
 * string or a comment stands as it is: the first line from its quote on, and the last one from its quote on.
 */
import { Diagnostics } from '../../support/diagnostics.js';
import { lex, lexWords, type Token, wordOf } from '../lex.js';
import type { SourceFile } from '../source.js';
import { Apostrophe, EndPragma, OpenQuote, StringLiteral, Unknown } from '../tokens.js';
import { type Macros, spell } from './macros.js';
import type { TokenStream } from './word-stream.js';

export interface LongStringReading {
  readonly source: SourceFile;
  /** The words of `source`. */
  readonly stream: TokenStream;
  readonly macros: Macros;
  readonly diagnostics: Diagnostics;
  /** The string goes here, and what is after it and not expanded. */
  readonly out: Token[];
}

/** A part of the text: from an offset in the source, or what a macro stands for. */
interface Part {
  readonly text: string;
  readonly from?: number;
}

/** Whether to the preprocessor `token` is one word in which no macros are expanded, and to P4 it is not. */
export const isQuotedRest = ({ tokenType, macro }: Token): boolean => (tokenType === OpenQuote || tokenType === Apostrophe) && !macro;

/** Reads what begins with `first`, the word of `stream` that was read last: the words in it, and a string to its end. */
export function readQuotedRest(first: Token, reading: LongStringReading): void {
  const { source, stream, out } = reading;
  let string: Token | undefined;
  let value = '';
  let escaped = false;
  /** An annotation that goes to the end of its line goes on where a string in it does. */
  let endPragma: Token | undefined;
  /** Words in which no macro is expanded; the last one may begin a string. */
  const put = (words: Token[]): void => {
    const last = words.at(-1);
    string = last?.tokenType === OpenQuote ? words.pop() : undefined;
    value = string?.image ?? '';
    out.push(...words);
  };
  /** Adds to the string, or ends it. */
  const add = ({ text, from }: Part, shown = (part: string) => part): void => {
    const quote = closingQuote(text, escaped);
    escaped = quote.escaped;
    const end = quote.at === undefined ? text.length : quote.at + 1;
    value += shown(text.slice(0, end));
    if (quote.at === undefined) return;
    out.push(stringOf(string as Token, value));
    put(from === undefined ? (lexWords(text.slice(end), first.loc) ?? []) : wordsOf(source, from + end, from + text.length));
  };
  put(unquoted(first, source));
  while (string) {
    const from = stream.offset;
    const token = stream.next();
    const text = source.text.slice(from, token?.startOffset);
    if (token?.tokenType === EndPragma) {
      endPragma = token;
      continue;
    }
    add(stream.skipped ? { text: linesOf(text) } : { text, from }, spaces);
    if (token && string) add(expanded(token, reading));
    else if (token) stream.push([token]);
    else break;
  }
  if (endPragma) out.push(endPragma);
  if (!string) return;
  reading.diagnostics.report('p4-unclosed', { what: 'string', close: '"' }, { loc: (string as Token).loc });
  out.push(stringOf(string, `${value}"`));
}

/** The words of a part of a line. */
const wordsOf = (source: SourceFile, from: number, to: number): Token[] =>
  lex(source, new Diagnostics(), from, to).flatMap((word) => unquoted(word, source));

/** To P4, what is between apostrophes is words like others. */
function unquoted(word: Token, source: SourceFile): Token[] {
  if (word.tokenType !== Apostrophe) return [word];
  const { loc, spaced, startOffset, image } = word;
  return [{ ...wordOf(Unknown, "'", loc), spaced: spaced ?? false }, ...wordsOf(source, startOffset + 1, startOffset + image.length)];
}

/** The word, or what the macro that it names stands for. */
function expanded(token: Token, { source, stream, macros }: LongStringReading): Part {
  const words: Token[] = [];
  macros.expand(token, stream, words);
  for (let next = stream.hasPending && stream.next(); next; next = stream.hasPending && stream.next()) macros.expand(next, stream, words);
  if (words[0] !== token) return { text: spell(words) };
  return { text: source.text.slice(token.startOffset, stream.offset), from: token.startOffset };
}

const stringOf = ({ loc, spaced, commented }: Token, image: string): Token => ({
  ...wordOf(StringLiteral, image, loc),
  spaced: spaced ?? false,
  commented: commented ?? false,
});

/** Where an unescaped quote is, and whether the character after `text` is escaped; `escaped`: the first one is. */
function closingQuote(text: string, escaped: boolean): { readonly at?: number; readonly escaped: boolean } {
  let isEscaped = escaped;
  for (let at = 0; at < text.length; at++) {
    if (isEscaped) isEscaped = false;
    else if (text[at] === '\\') isEscaped = true;
    else if (text[at] === '"') return { at, escaped: false };
  }
  return { escaped: isEscaped };
}

/** The text without what is in its lines, but for the space before the next word. */
const linesOf = (text: string): string => text.replace(/[^\n]+\n/g, '\n').replace(/[^\n]*?(\s*)$/, '$1');

/** Space as p4c's preprocessor leaves it: one between words, as many at the beginning of a line as there are characters, none at its end. */
const spaces = (text: string): string =>
  text.replace(/(\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|\s+/g, (space, comment: string | undefined) => {
    if (comment !== undefined) return comment;
    const lines = space.split('\n');
    return lines.length === 1 ? ' ' : `${'\n'.repeat(lines.length - 1)}${lines.at(-1)?.replace(/\t/g, ' ')}`;
  });
