/** The grammar of constraints; what binds more tightly is further down. */
import { createToken, EmbeddedActionsParser, EOF, type IToken, Lexer, type ParserMethod, type TokenType, tokenLabel } from 'chevrotain';
import { parseValue, ValueError } from '../../support/values.js';
import type { ComparisonOp, Expr, Span } from './ast.js';

/** What is wrong with the text, in words: `found` there, `expected` instead, or why it cannot be. */
export type Parsed =
  | { readonly expr: Expr }
  | { readonly at: Span; readonly found: string; readonly expected: string }
  | { readonly at: Span; readonly problem: string };

const symbol = (name: string, text: string): TokenType => createToken({ name, pattern: text, label: `"${text}"` });

const Space = createToken({ name: 'Space', pattern: /\s+/, group: Lexer.SKIPPED, line_breaks: true });
/** A comment that is not closed goes to the end. */
const Comment = createToken({
  name: 'Comment',
  pattern: /\/\/[^\r\n]*|\/\*[\s\S]*?(?:\*\/|(?![\s\S]))/,
  group: Lexer.SKIPPED,
  line_breaks: true,
});
const Id = createToken({ name: 'Id', pattern: /[_a-zA-Z]\w*/, label: 'a name' });
const True = createToken({ name: 'True', pattern: /true/, longer_alt: Id, label: 'true' });
const False = createToken({ name: 'False', pattern: /false/, longer_alt: Id, label: 'false' });
const Numeral = createToken({
  name: 'Numeral',
  pattern: /0[bB][01]+|0[oO][0-7]+|0[xX][\da-fA-F]+|(?:0[dD])?\d+/,
  label: 'a number',
});
const Text = createToken({ name: 'Text', pattern: /'[^']*'/, label: "an address in single quotes such as '10.0.0.1'", line_breaks: true });
const And = symbol('And', '&&');
const Or = symbol('Or', '||');
const Implies = symbol('Implies', '->');
const Semicolon = symbol('Semicolon', ';');
const Colons = symbol('Colons', '::');
const Dot = symbol('Dot', '.');
const Not = symbol('Not', '!');
const Minus = symbol('Minus', '-');
const Open = symbol('Open', '(');
const Close = symbol('Close', ')');
const Comparison = createToken({ name: 'Comparison', pattern: /[=!<>]=|[<>]/, label: 'a comparison' });

const tokens = [
  ...[Space, Comment, True, False, Id, Numeral, Text, And, Or, Implies, Semicolon, Colons, Dot],
  ...[Comparison, Not, Minus, Open, Close],
];

/** Deeper constraints are nobody's; the check goes through them by recursion. */
const maxNesting = 100;

const start = (token: IToken): number => token.startOffset;
const end = (token: IToken): number => token.startOffset + token.image.length;
const spanOf = (token: IToken): Span => ({ start: start(token), end: end(token) });
const around = (first: Expr, last: Expr): Span => ({ start: first.at.start, end: last.at.end });

class ConstraintParser extends EmbeddedActionsParser {
  /** A mistake that the grammar allows. */
  problem: { readonly at: Span; readonly problem: string } | undefined;
  #nesting = 0;

  constructor() {
    super(tokens, {
      // The messages of exceptions hold what is expected.
      errorMessageProvider: {
        buildMismatchTokenMessage: ({ expected }) => tokenLabel(expected),
        buildNotAllInputParsedMessage: () => 'an operator such as "&&" or "==", or the end',
        buildNoViableAltMessage: () => 'a key, a number or a condition',
        buildEarlyExitMessage: () => 'a key, a number or a condition',
      },
    });
    this.performSelfAnalysis();
  }

  begin(input: IToken[]): void {
    this.input = input;
    this.problem = undefined;
    this.#nesting = 0;
  }

  readonly constraint: ParserMethod<[], Expr> = this.RULE('constraint', (): Expr => {
    const args = [this.SUBRULE(this.implication)];
    // The last one may end in a semicolon too.
    let more = true;
    this.MANY({
      GATE: () => more,
      DEF: () => {
        this.CONSUME(Semicolon);
        more = false;
        this.OPTION({
          GATE: () => this.LA(1).tokenType !== Close && this.LA(1).tokenType !== EOF,
          DEF: () => {
            args.push(this.SUBRULE2(this.implication));
            more = true;
          },
        });
      },
    });
    return this.#all('and', args);
  });

  readonly implication = this.RULE('implication', (): Expr => {
    let left: Expr = this.SUBRULE(this.disjunction);
    let count = 0;
    this.MANY(() => {
      const operator = this.CONSUME(Implies);
      const right = this.SUBRULE2(this.disjunction);
      this.ACTION(() => this.#once(operator, count++));
      left = this.#made(() => ({ kind: 'implies', left, right, at: around(left, right) }));
    });
    return left;
  });

  readonly disjunction = this.RULE('disjunction', (): Expr => {
    const args: Expr[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: Or, DEF: () => args.push(this.SUBRULE(this.conjunction)) });
    return this.#all('or', args);
  });

  readonly conjunction = this.RULE('conjunction', (): Expr => {
    const args: Expr[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: And, DEF: () => args.push(this.SUBRULE(this.comparison)) });
    return this.#all('and', args);
  });

  readonly comparison = this.RULE('comparison', (): Expr => {
    let left: Expr = this.SUBRULE(this.unary);
    let count = 0;
    this.MANY(() => {
      const operator = this.CONSUME(Comparison);
      const right = this.SUBRULE2(this.unary);
      this.ACTION(() => this.#once(operator, count++));
      left = this.#made(() => ({ kind: 'compare', op: operator.image as ComparisonOp, left, right, at: around(left, right) }));
    });
    return left;
  });

  readonly unary: ParserMethod<[], Expr> = this.RULE('unary', (): Expr => {
    const operators: IToken[] = [];
    this.MANY(() => operators.push(this.OR([{ ALT: () => this.CONSUME(Not) }, { ALT: () => this.CONSUME(Minus) }])));
    const operand = this.SUBRULE(this.projection);
    return this.#made(() => {
      if (operators.length > maxNesting) this.#tooDeep(operators[0] as IToken);
      return operators.slice(0, maxNesting).reduceRight<Expr>((arg, operator) => {
        const kind = operator.tokenType === Not ? 'not' : 'negate';
        return { kind, arg, at: { start: start(operator), end: arg.at.end } };
      }, operand);
    });
  });

  readonly projection = this.RULE('projection', (): Expr => {
    let of: Expr = this.SUBRULE(this.primary);
    let count = 0;
    this.MANY(() => {
      const colons = this.CONSUME(Colons);
      const part = this.CONSUME(Id);
      if (count++ === 0) of = this.#made(() => ({ kind: 'part', of, part: part.image, at: { start: of.at.start, end: end(part) } }));
      else this.problem ??= { at: { start: start(colons), end: end(part) }, problem: 'a part of a key is a number, which has no parts' };
    });
    return of;
  });

  readonly primary: ParserMethod<[], Expr> = this.RULE(
    'primary',
    (): Expr =>
      this.OR([
        { ALT: (): Expr => ({ kind: 'bool', value: true, at: spanOf(this.CONSUME(True)) }) },
        { ALT: (): Expr => ({ kind: 'bool', value: false, at: spanOf(this.CONSUME(False)) }) },
        {
          ALT: (): Expr => {
            const token = this.CONSUME(Numeral);
            return this.#made(() => ({ kind: 'int', value: BigInt(token.image.toLowerCase().replace(/^0d/, '')), at: spanOf(token) }));
          },
        },
        {
          ALT: (): Expr => {
            const token = this.CONSUME(Colons);
            const name = this.CONSUME(Id);
            return { kind: 'attribute', name: name.image, at: { start: start(token), end: end(name) } };
          },
        },
        { ALT: () => this.SUBRULE(this.inParentheses) },
        { ALT: () => this.SUBRULE(this.nameOrAddress) },
      ]),
  );

  readonly inParentheses = this.RULE('inParentheses', (): Expr => {
    const open = this.CONSUME(Open);
    this.ACTION(() => {
      if (++this.#nesting > maxNesting) this.#tooDeep(open);
    });
    const inner = this.problem ? unread : this.SUBRULE(this.constraint);
    const close = this.CONSUME(Close);
    this.#nesting--;
    return this.#made(() => ({ ...inner, at: { start: start(open), end: end(close) } }));
  });

  readonly nameOrAddress = this.RULE('nameOrAddress', (): Expr => {
    const first = this.CONSUME(Id);
    let name = first.image;
    let last = first;
    return this.OR([
      {
        ALT: (): Expr => {
          this.CONSUME(Open);
          const text = this.CONSUME(Text);
          const close = this.CONSUME(Close);
          return this.#made(() => ({ kind: 'int', value: this.#address(first, text), at: { start: start(first), end: end(close) } }));
        },
      },
      {
        ALT: (): Expr => {
          this.MANY(() => {
            this.CONSUME(Dot);
            last = this.CONSUME2(Id);
            name += `.${last.image}`;
          });
          return { kind: 'name', name, at: { start: start(first), end: end(last) } };
        },
      },
    ]);
  });

  /** While chevrotain records the grammar, what rules return is not to be looked at. */
  #made(make: () => Expr): Expr {
    return this.RECORDING_PHASE ? unread : make();
  }

  #all(kind: 'and' | 'or', args: readonly Expr[]): Expr {
    const [first, last] = [args[0] as Expr, args.at(-1) as Expr];
    return args.length === 1 ? first : this.#made(() => ({ kind, args, at: around(first, last) }));
  }

  #address({ image: kind }: IToken, text: IToken): bigint {
    const widths: Readonly<Record<string, number>> = { ipv4: 32, ipv6: 128, mac: 48 };
    const width = Object.hasOwn(widths, kind) ? widths[kind] : undefined;
    if (width === undefined) {
      this.problem ??= { at: spanOf(text), problem: `there is no address "${kind}", only ipv4, ipv6 and mac` };
      return 0n;
    }
    const address = text.image.slice(1, -1);
    try {
      // As text, a plain number is a value of every format.
      if (/[.:]/.test(address)) return parseValue(address, width, kind as 'ipv4' | 'ipv6' | 'mac');
      this.problem ??= { at: spanOf(text), problem: `"${address}" is no ${kind} address` };
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      this.problem ??= { at: spanOf(text), problem: error.message };
    }
    return 0n;
  }

  /** Which of two such operators is meant to be the first, only parentheses say. */
  #once(operator: IToken, before: number): void {
    if (before === 0) return;
    this.problem ??= { at: spanOf(operator), problem: `"${operator.image}" follows on another; put the first of the two in parentheses` };
  }

  #tooDeep(token: IToken): void {
    this.problem ??= { at: spanOf(token), problem: `it is nested more than ${maxNesting} deep` };
  }
}

const unread: Expr = { kind: 'bool', value: true, at: { start: 0, end: 0 } };
/** Made for the first constraint: most programs have none. */
let made: { readonly lexer: Lexer; readonly parser: ConstraintParser } | undefined;

/** Reads a constraint. */
export function parseConstraint(text: string): Parsed {
  made ??= { lexer: new Lexer(tokens, { positionTracking: 'onlyOffset', ensureOptimizations: false }), parser: new ConstraintParser() };
  const { lexer, parser } = made;
  const { tokens: words, errors } = lexer.tokenize(text);
  const [strange] = errors;
  if (strange) {
    const at = { start: strange.offset, end: strange.offset + 1 };
    return { at, found: `"${text[strange.offset]}"`, expected: 'a key, a number, a condition or an operator' };
  }
  parser.begin(words);
  const expr = parser.constraint();
  if (parser.problem) return parser.problem;
  const [error] = parser.errors;
  if (!error) return { expr };
  const { token, message: expected } = error;
  if (token.tokenType !== EOF) return { at: spanOf(token), found: `"${token.image}"`, expected };
  const last = parser.input.at(-1);
  const at = last ? end(last) : 0;
  return { at: { start: at, end: at }, found: 'the end of the text', expected };
}
