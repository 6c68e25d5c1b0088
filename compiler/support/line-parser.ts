/** What the parsers of languages with one statement a line have in common: places of tokens, and what is told of mistakes. */
import { EmbeddedActionsParser, EOF, type IToken, type TokenType, type TokenVocabulary, tokenLabel } from 'chevrotain';
import { type Diagnostic, diagnostic } from './diagnostics.js';
import type { Loc } from './location.js';

export interface Word {
  readonly text: string;
  readonly loc: Loc;
}

const lineEnd = 'the end of the line';
const labels = (paths: TokenType[][]): string => [...new Set(paths.map(([first]) => (first ? tokenLabel(first) : lineEnd)))].join(' or ');

export class LineParser extends EmbeddedActionsParser {
  file = '';

  constructor(tokens: TokenVocabulary) {
    super(tokens, {
      errorMessageProvider: {
        // The messages of exceptions hold what is expected: see `mistake`.
        buildMismatchTokenMessage: ({ expected }) => tokenLabel(expected),
        buildNotAllInputParsedMessage: () => lineEnd,
        buildNoViableAltMessage: ({ expectedPathsPerAlt }) => labels(expectedPathsPerAlt.flat()),
        buildEarlyExitMessage: ({ expectedIterationPaths }) => labels(expectedIterationPaths),
      },
    });
  }

  protected loc({ startLine = 1, startColumn = 1 }: IToken): Loc {
    return { file: this.file, line: startLine, column: startColumn };
  }
  protected word(token: IToken): Word {
    return { text: token.image, loc: this.loc(token) };
  }

  /** What is wrong with the line that was parsed last. */
  mistake(code: 'entries-syntax' | 'stf-syntax'): Diagnostic | undefined {
    const [error] = this.errors;
    if (!error) return undefined;
    const { token, message: expected } = error;
    if (token.tokenType !== EOF) return diagnostic(code, { found: `"${token.image}"`, expected }, { loc: this.loc(token) });
    const last = this.input.at(-1) as IToken;
    const loc = { file: this.file, line: last.startLine ?? 1, column: (last.endColumn ?? 1) + 1 };
    return diagnostic(code, { found: lineEnd, expected }, { loc });
  }
}
