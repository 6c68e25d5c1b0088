/** Cuts a source into words, each with its place. */
import type { IToken, TokenType } from 'chevrotain';
import type { Diagnostics } from '../support/diagnostics.js';
import type { Loc } from '../support/location.js';
import type { SourceFile } from './source.js';
import { EndPragma, Identifier, keywords, LineComment, Pragma, scanner, Unknown } from './tokens.js';

/** Names of macros, as a list. */
export interface Hidden {
  readonly name: string;
  readonly next: Hidden | undefined;
}

export interface Token extends IToken {
  /** For a word that comes from a macro: where the macro is used. */
  loc: Loc;
  /** Space or a comment is before it. */
  spaced?: boolean;
  /** A comment is before it. */
  commented?: boolean;
  /** The macros that it comes from, which are not expanded in it again. */
  hidden?: Hidden;
  /** Where it stands in the definition of the macro that it comes from. */
  macro?: { readonly name: string; readonly loc: Loc };
}

/** The words of `source`, or of the part of its text from `from` to `to`. */
export function lex(source: SourceFile, diagnostics: Diagnostics, from = 0, to = source.text.length): Token[] {
  const text = from === 0 && to === source.text.length ? source.text : source.text.slice(from, to);
  const { tokens, errors, groups } = scanner.tokenize(text);
  const comments = groups.comments as IToken[];
  for (const comment of comments) {
    if (comment.tokenType === LineComment) continue;
    if (comment.image.length < 4 || !comment.image.endsWith('*/')) {
      diagnostics.report('p4-unclosed', { what: 'comment', close: '*/' }, { loc: source.locAt(from + comment.startOffset) });
    }
  }
  const strange = errors.flatMap(({ offset, length }) => [...unknown(text, offset, length)]);
  const all = strange.length === 0 ? tokens : [...tokens, ...strange].sort((a, b) => a.startOffset - b.startOffset);
  const found: Token[] = [];
  let end = 0;
  let comment = 0;
  let pragma: Loc | undefined;
  for (const token of all as Token[]) {
    const start = token.startOffset;
    token.startOffset = from + start;
    token.loc = source.locAt(from + start);
    token.spaced = start > end;
    end = start + token.image.length;
    const before = comment;
    while (start > (comments[comment]?.startOffset ?? Number.POSITIVE_INFINITY)) comment++;
    if (comment > before) token.commented = true;
    if (pragma && token.loc.line > pragma.line) {
      found.push(endOfPragma(found.at(-1) as Token));
      pragma = undefined;
    }
    if (token.tokenType === Identifier) classify(token);
    else if (token.tokenType === Pragma) pragma = token.loc;
    found.push(token);
  }
  if (pragma) found.push(endOfPragma(found.at(-1) as Token));
  return found;
}

/** A word that is in no source, at a place in one. */
export const wordOf = (type: TokenType, image: string, loc: Loc): Token => ({
  image,
  startOffset: Number.NaN,
  tokenType: type,
  tokenTypeIdx: type.tokenTypeIdx as number,
  loc,
});

/** The words of a text that is not in a source file, all at `loc`; undefined if part of the text is not a word. */
export function lexWords(text: string, loc: Loc): Token[] | undefined {
  const { tokens, errors } = scanner.tokenize(text);
  if (errors.length > 0 || tokens.map(({ image }) => image).join('') !== text) return undefined;
  return tokens.map(({ tokenType, image }) => {
    const word = wordOf(tokenType, image, loc);
    if (tokenType === Identifier) classify(word);
    return word;
  });
}

/** Gives a word that is spelt like a keyword the type of the keyword. */
function classify(token: Token): void {
  const keyword = keywords.get(token.image);
  if (!keyword) return;
  token.tokenType = keyword;
  token.tokenTypeIdx = keyword.tokenTypeIdx as number;
}

function* unknown(text: string, offset: number, length: number): Generator<IToken> {
  let at = offset;
  for (const image of text.slice(offset, offset + length)) {
    yield { image, startOffset: at, tokenType: Unknown, tokenTypeIdx: Unknown.tokenTypeIdx as number };
    at += image.length;
  }
}

const endOfPragma = ({ loc, image, startOffset }: Token): Token => ({
  ...wordOf(EndPragma, '', Object.freeze({ ...loc, column: loc.column + image.length })),
  startOffset: startOffset + image.length,
});
