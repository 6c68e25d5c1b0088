/** What the rules of the grammar share: places, scopes, looking ahead, and what happens after a mistake. */
import { EmbeddedActionsParser, EOF, type IToken, isRecognitionException, type TokenType, tokenLabel, tokenMatcher } from 'chevrotain';
import { type Diagnostics, diagnostic } from '../../support/diagnostics.js';
import type { Loc } from '../../support/location.js';
import type { Annotation, Name } from '../ast.js';
import type { Token } from '../lex.js';
import { maxChain, maxLookahead, maxNesting, maxSyntaxErrors } from '../limits.js';
import * as T from '../tokens.js';
import { TypeScope } from './scope.js';
import { reportSyntax } from './syntax-error.js';

/** Too many mistakes: the rest is not read. */
export class GiveUp extends Error {}

/** The name under which mistakes are reported that the grammar itself does not define. Chevrotain knows its exceptions by their names. */
class LimitReached extends Error {
  override readonly name = 'MismatchedTokenException';
  readonly token: IToken;
  readonly code: 'p4-nesting' | 'p4-chain';
  constructor(code: 'p4-nesting' | 'p4-chain', token: IToken) {
    super();
    this.code = code;
    this.token = token;
  }
}

/** Nodes are frozen, and the arrays in them where they are made. */
export const node: <const T extends object>(fields: T) => T = Object.freeze;

export const locOf = (token: IToken): Loc => (token as Token).loc;
export const nameOf = (token: IToken): Name => node({ text: token.image, loc: locOf(token) });

/** For the parameters of rules, which have no arguments while chevrotain records the grammar. */
export const unread = Object.freeze({}) as never;

const behindOptions = new Map<string, { readonly ERR_MSG: string }>();
/** Options of CONSUME: what the user reads that was expected. */
export function as(expected: string): { readonly ERR_MSG: string } {
  const options = behindOptions.get(expected) ?? { ERR_MSG: expected };
  behindOptions.set(expected, options);
  return options;
}

export abstract class GrammarBase extends EmbeddedActionsParser {
  readonly scope = new TypeScope();
  diagnostics!: Diagnostics;
  /** A `>` ends the expression: it closes the list that the expression is in. */
  protected beforeAngle = false;
  #nesting = 0;
  #failures = 0;
  #failedAt: IToken | undefined;

  constructor() {
    super([...T.vocabulary], {
      maxLookahead: 1,
      skipValidations: true,
      // The messages of exceptions hold what is expected: see reportSyntax.
      errorMessageProvider: {
        buildMismatchTokenMessage: ({ expected }) => tokenLabel(expected),
        buildNotAllInputParsedMessage: () => 'the end of the file',
        buildNoViableAltMessage: ({ customUserDescription }) => customUserDescription ?? 'something else',
        buildEarlyExitMessage: ({ customUserDescription }) => customUserDescription ?? 'something else',
      },
    });
  }

  /** Begins with another program: `tokens` end in an EOF that has a place. */
  protected begin(tokens: Token[], diagnostics: Diagnostics): void {
    this.input = tokens;
    this.diagnostics = diagnostics;
    this.scope.reset();
    this.beforeAngle = false;
    this.#nesting = 0;
    this.#failures = 0;
    this.#failedAt = undefined;
  }

  /** The place of the next word. */
  protected here(): Loc {
    return locOf(this.LA(1));
  }

  protected next(type: TokenType, ahead = 1): boolean {
    return tokenMatcher(this.LA(ahead), type);
  }

  // ── looking ahead: an offset beyond the next word, or 0 where what is looked for is not there ──

  /** The offset after the bracket that closes the one at `ahead`; brackets do not reach over statements. */
  protected behindBrackets(ahead: number): number {
    for (let depth = 0, at = ahead; at < ahead + maxLookahead; at++) {
      const { tokenType: type } = this.LA(at);
      if (type === T.OpenParen || type === T.OpenBracket || type === T.OpenBrace) depth++;
      else if (type === T.CloseParen || type === T.CloseBracket || type === T.CloseBrace) {
        if (--depth === 0) return at + 1;
      } else if (type === EOF || type === T.Semicolon) return 0;
    }
    return 0;
  }

  /** The offset after the `>` that closes the `<` at `ahead`, when nothing but types is between them. */
  protected behindTypeArgs(ahead: number): number {
    for (let depth = 0, at = ahead; at < ahead + maxLookahead; at++) {
      const token = this.LA(at);
      if (token.tokenType === T.Less) depth++;
      else if (tokenMatcher(token, T.CloseAngle)) {
        if (--depth === 0) return at + 1;
      } else if (token.tokenType === T.OpenParen || token.tokenType === T.OpenBracket) {
        // `bit<(a + b)>`, `H[4]`
        at = this.behindBrackets(at) - 1;
        if (at < 0) return 0;
      } else if (!isInType(token)) return 0;
    }
    return 0;
  }

  /** The offset after the type at `ahead`, whatever the names in it stand for. */
  protected behindType(ahead: number): number {
    let at = ahead;
    if (this.next(T.Dot, at)) at++;
    if (!isTypeWord(this.LA(at))) return 0;
    at++;
    if (this.next(T.Less, at)) at = this.behindTypeArgs(at);
    while (at > 0 && this.next(T.OpenBracket, at)) at = this.behindBrackets(at);
    return at;
  }

  /** Whether the word at `ahead` begins a type, as far as is known here. */
  protected beginsType(ahead: number): boolean {
    const { tokenType: type, image } = this.LA(ahead);
    if (type === T.Identifier) return this.scope.isType(image);
    if (type === T.Dot) return this.LA(ahead + 1).tokenType === T.Identifier && this.scope.isGlobalType(this.LA(ahead + 1).image);
    return isBaseType(type);
  }

  // ── limits ──

  /** Begins and ends what may be within itself; after a mistake, `recovering` puts it right. */
  protected enter(): void {
    if (this.#nesting >= maxNesting) throw new LimitReached('p4-nesting', this.LA(1));
    this.#nesting++;
  }

  protected leave(): void {
    this.#nesting--;
  }

  /** Counts what goes on without brackets; `length` is how often it did. */
  protected checkChain(length: number): void {
    if (length >= maxChain && !this.RECORDING_PHASE) throw new LimitReached('p4-chain', this.LA(1));
  }

  // ── after a mistake ──

  /** Reports annotations where none may be. */
  protected noAnnotations(what: string, annotations: readonly Annotation[]): void {
    if (this.RECORDING_PHASE) return;
    if (annotations[0]) this.diagnostics.report('p4-annotations', { what }, { loc: annotations[0].loc });
  }

  /** Reports a mistake that does not stop the rule. */
  protected complain(expected: string, token: IToken = this.LA(1)): void {
    this.ACTION(() => reportSyntax(this.diagnostics, expected, token, this.LA(0)));
  }

  /**
   * All of `rule` until a closing word; what is wrong in one of them is reported, and left out. `goesOn` says whether the
   * list goes on at the next word: where it does not, although the list is not closed, what is around it has to say.
   */
  protected recovering<R>(close: TokenType, rule: () => R | undefined, goesOn: () => boolean = () => true): R[] {
    const all: R[] = [];
    if (this.RECORDING_PHASE) {
      this.MANY(() => rule());
      return all;
    }
    while (!this.next(close) && !this.next(EOF) && goesOn()) {
      const first = this.LA(1);
      const { depth } = this.scope;
      const nesting = this.#nesting;
      const { beforeAngle } = this;
      try {
        const one = rule();
        if (one !== undefined) all.push(one);
      } catch (thrown) {
        const error = isStackOverflow(thrown) ? new LimitReached('p4-nesting', this.LA(1)) : thrown;
        if (!isRecognitionException(error as Error)) throw error;
        this.scope.popTo(depth);
        this.#nesting = nesting;
        this.beforeAngle = beforeAngle;
        this.#fail(error as Error & { token: IToken });
        if (!this.#skip(first)) break;
      }
    }
    return all;
  }

  #fail(error: (Error & { token: IToken }) | LimitReached): void {
    // What follows from the mistake reported last is not another one.
    if (error.token === this.#failedAt) return;
    this.#failedAt = error.token;
    if (error instanceof LimitReached) {
      const limit = error.code === 'p4-nesting' ? maxNesting : maxChain;
      this.diagnostics.add(diagnostic(error.code, { limit }, { loc: locOf(error.token) }));
    } else reportSyntax(this.diagnostics, error.message, error.token, this.LA(0));
    if (++this.#failures < maxSyntaxErrors) return;
    this.diagnostics.report('p4-too-many-errors', { limit: maxSyntaxErrors }, { loc: locOf(error.token) });
    throw new GiveUp();
  }

  /** How many braces have been opened and not closed since `first`. */
  #openBraces(first: IToken): number {
    let open = 0;
    for (let back = 0; ; back--) {
      const token = this.LA(back);
      // `first` has not been read yet where the mistake is in it.
      if (token === first || token.tokenType === EOF || this.LA(1) === first) return Math.max(0, open);
      if (token.tokenType === T.OpenBrace) open++;
      if (token.tokenType === T.CloseBrace) open--;
    }
  }

  /** Goes to where the next one of a list may begin; false when the list seems to have ended. */
  #skip(first: IToken): boolean {
    // A word that begins something else says that braces before it were not closed.
    let depth = startsAfresh.has(this.LA(1).tokenType) ? 0 : this.#openBraces(first);
    for (; ; this.SKIP_TOKEN()) {
      const token = this.LA(1);
      const { tokenType: type } = token;
      if (type === EOF) return false;
      if (token !== first && topLevel.has(type)) return true;
      if (type === T.OpenBrace) depth++;
      else if (type === T.CloseBrace) {
        if (depth === 0) return false;
        if (--depth === 0 && !this.next(T.Else, 2) && !this.next(T.Semicolon, 2)) {
          this.SKIP_TOKEN();
          return true;
        }
      } else if (type === T.Semicolon && depth === 0) {
        this.SKIP_TOKEN();
        return true;
      } else if (depth === 0 && token !== first && startsAfresh.has(type)) return true;
    }
  }
}

/** Where the caller has used up most of the stack, it ends before the limit of nesting is reached. */
const isStackOverflow = (error: unknown): boolean => error instanceof RangeError && error.message.includes('call stack');

/** Words that begin a declaration of the program and are nowhere else. */
export const topLevel: ReadonlySet<TokenType> = new Set([
  ...[T.Control, T.Enum, T.Extern, T.Header, T.HeaderUnion, T.Package, T.Parser, T.Struct, T.Typedef],
]);

const typeWords = new Set<TokenType>([T.Bit, T.Bool, T.ErrorWord, T.Int, T.List, T.MatchKind, T.StringWord, T.Tuple, T.Varbit]);
/** Words that stand for a type, or begin one. */
export const isBaseType = (type: TokenType): boolean => typeWords.has(type);
const isTypeWord = ({ tokenType: type }: IToken): boolean => type === T.Identifier || isBaseType(type);

const otherInType = new Set<TokenType>([T.Comma, T.Dot, T.DontCare, T.Void, T.Integer]);
const arithmetic = new Set(['+', '-', '*', '/', '%', '<<']);
/** What may be within a list of type arguments; widths are computed in it. */
const isInType = (token: IToken): boolean =>
  isTypeWord(token) || otherInType.has(token.tokenType) || tokenMatcher(token, T.ValueName) || arithmetic.has(token.image);

/** Words that begin a statement or a declaration in a block and are nowhere else. After a mistake, reading goes on with them. */
const startsAfresh = new Set<TokenType>([
  ...[T.Action, T.Break, T.Const, T.Continue, T.Exit, T.For, T.If, T.Return, T.Switch, T.Table, T.Transition, T.ValueSet],
]);
