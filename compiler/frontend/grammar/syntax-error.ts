/** What a user reads of a syntax error. */
import { EOF, type IToken } from 'chevrotain';
import type { Diagnostics } from '../../support/diagnostics.js';
import type { Loc } from '../../support/location.js';
import type { Token } from '../lex.js';
import { EndPragma, Integer, keywords, StringLiteral } from '../tokens.js';

/** `previous` is the last word that was read. */
export function reportSyntax(diagnostics: Diagnostics, expected: string, token: IToken, previous: IToken): void {
  const { loc, macro } = token as Token;
  const notes = macro ? [{ message: `this comes from the macro ${macro.name}`, loc: macro.loc }] : [];
  const keyword = expected.startsWith('a name') && keywords.get(token.image) === token.tokenType;
  diagnostics.report(
    'p4-syntax',
    { expected, found: describe(token) },
    {
      loc: behind(expected, previous as Token, loc),
      notes,
      ...(keyword ? { help: `${token.image} is a word of the language; take another name` } : {}),
    },
  );
}

/** What ends something is missing after that, not before the next line. */
function behind(expected: string, previous: Token, found: Loc): Loc {
  const { loc, image, macro } = previous;
  if (!/^'[;,)}\]]'/.test(expected) || !loc || macro || image.includes('\n')) return found;
  return loc.file === found.file && loc.line === found.line ? found : Object.freeze({ ...loc, column: loc.column + image.length });
}

function describe({ tokenType, image }: IToken): string {
  if (tokenType === EOF) return 'the end of the file';
  if (tokenType === EndPragma) return 'the end of the line';
  if (tokenType === Integer) return `the number ${shorten(image)}`;
  if (tokenType === StringLiteral) return `the string ${shorten(image)}`;
  if (keywords.get(image) === tokenType) return `the keyword '${image}'`;
  return `'${shorten(image)}'`;
}

const shorten = (text: string): string => (text.length <= 40 ? text : `${text.slice(0, 37)}…`).replace(/\s+/g, ' ');
