/**
 * Parses STF, the test language of p4c, one statement a line; words are the same in capitals.
 *
 *     add routes 10 hdr.ipv4.dst:0x0a0000** forward(port:2) = one      # a name for the entry
 *     packet 1 00000000 0001 ...
 *     expect 2 0000 **** $
 *     mc_mgrp_create 1
 */
import { createToken, type IToken, Lexer, type TokenType } from 'chevrotain';
import { type Diagnostics, diagnostic } from '../../compiler/support/diagnostics.js';
import { LineParser, type Word } from '../../compiler/support/line-parser.js';
import type { Call, Comparison, CounterUnit, Given, Rate, Statement } from './ast.js';

const word = (name: string, text: string, push_mode: string): TokenType =>
  createToken({ name, pattern: new RegExp(`${text}(?![\\w$])`, 'i'), label: `"${text}"`, push_mode });

// What a line begins with says how the rest of it is read.
const Packet = word('Packet', 'packet', 'data');
const Expect = word('Expect', 'expect', 'data');
const Add = word('Add', 'add', 'rest');
const SetDefault = word('SetDefault', 'setdefault', 'rest');
const Remove = word('Remove', 'remove', 'rest');
const CheckCounter = word('CheckCounter', 'check_counter', 'rest');
const NoPacket = word('NoPacket', 'no_packet', 'rest');
const Wait = word('Wait', 'wait', 'rest');
const Command = createToken({
  name: 'Command',
  pattern:
    /(mirroring_(add_mc|add|delete|get)|mc_mgrp_create|mc_node_(create|update|associate)|counter_(read|write)|register_(read|write|reset)|meter_(get_rates|set_rates|array_set_rates))(?![\w$])/i,
  label: 'a command',
  push_mode: 'rest',
});

const Space = createToken({ name: 'Space', pattern: /\s+/, group: Lexer.SKIPPED });
const Comment = createToken({ name: 'Comment', pattern: /#.*/, group: Lexer.SKIPPED });

const Digits = createToken({ name: 'Digits', pattern: /[\da-f*]+/i, label: 'hexadecimal digits' });
const Exact = createToken({ name: 'Exact', pattern: '$', label: '"$"' });

const Rational = createToken({ name: 'Rational', pattern: /\d*\.\d+/, label: 'a number' });
const Num = createToken({ name: 'Num', pattern: /0x[\da-f*]+|0b[01*]+|\d+/i, label: 'a number' });
const Name = createToken({
  name: 'Name',
  pattern: /"[^"]+"|[a-z_$][\w$]*(\[\d+\])?(\.[a-z_$][\w$]*(\[\d+\])?)*/i,
  label: 'a name',
});
const Compare = createToken({ name: 'Compare', pattern: /==|!=|<=|>=|<|>/, label: 'a comparison' });
const Equals = createToken({ name: 'Equals', pattern: '=', label: '"="' });
const Colon = createToken({ name: 'Colon', pattern: ':', label: '":"' });
const Comma = createToken({ name: 'Comma', pattern: ',', label: '","' });
const Slash = createToken({ name: 'Slash', pattern: '/', label: '"/"' });
const Open = createToken({ name: 'Open', pattern: '(', label: '"("' });
const Close = createToken({ name: 'Close', pattern: ')', label: '")"' });

const starts = [Packet, Expect, Add, SetDefault, Remove, CheckCounter, NoPacket, Wait, Command];
const rest = [Rational, Num, Name, Compare, Equals, Colon, Comma, Slash, Open, Close];
const modes = {
  line: [Space, Comment, ...starts],
  data: [Space, Comment, Digits, Exact],
  rest: [Space, Comment, ...rest],
};
const lexer = new Lexer({ modes, defaultMode: 'line' }, { ensureOptimizations: false });

class StfParser extends LineParser {
  constructor() {
    super([...starts, Digits, Exact, ...rest]);
    this.performSelfAnalysis();
  }

  readonly statement = this.RULE(
    'statement',
    (): Statement =>
      this.OR<Statement>([
        { ALT: () => this.SUBRULE(this.packet) },
        { ALT: () => this.SUBRULE(this.expect) },
        { ALT: () => this.SUBRULE(this.add) },
        { ALT: () => this.SUBRULE(this.setDefault) },
        { ALT: () => this.SUBRULE(this.remove) },
        { ALT: () => this.SUBRULE(this.checkCounter) },
        { ALT: () => ({ kind: 'no-packet', loc: this.loc(this.CONSUME(NoPacket)) }) },
        { ALT: () => ({ kind: 'wait', loc: this.loc(this.CONSUME(Wait)) }) },
        { ALT: () => this.SUBRULE(this.command) },
      ]),
  );

  readonly packet = this.RULE('packet', (): Statement => {
    const loc = this.loc(this.CONSUME(Packet));
    const port = this.word(this.CONSUME(Digits));
    const digits: string[] = [];
    this.MANY(() => digits.push(this.CONSUME1(Digits).image));
    return { kind: 'packet', port, hex: digits.join(''), loc };
  });

  readonly expect = this.RULE('expect', (): Statement => {
    const loc = this.loc(this.CONSUME(Expect));
    const port = this.word(this.CONSUME(Digits));
    const digits: string[] = [];
    this.MANY(() => digits.push(this.CONSUME1(Digits).image));
    const exact = this.OPTION(() => this.CONSUME(Exact)) !== undefined;
    return { kind: 'expect', port, hex: digits.join(''), exact, loc };
  });

  readonly add = this.RULE('add', (): Statement => {
    const loc = this.loc(this.CONSUME(Add));
    const table = this.word(this.CONSUME(Name));
    const priority = this.OPTION(() => this.word(this.CONSUME(Num)));
    const match: Given[] = [];
    this.MANY({ GATE: () => this.LA(2).tokenType === Colon, DEF: () => match.push(this.SUBRULE(this.given)) });
    const action = this.SUBRULE(this.call);
    const name = this.OPTION1(() => {
      this.CONSUME(Equals);
      return this.word(this.CONSUME1(Name));
    });
    return { kind: 'add', table, match, action, ...(priority ? { priority } : {}), ...(name ? { name } : {}), loc };
  });

  readonly setDefault = this.RULE('setDefault', (): Statement => {
    const loc = this.loc(this.CONSUME(SetDefault));
    const table = this.word(this.CONSUME(Name));
    return { kind: 'default', table, action: this.SUBRULE(this.call), loc };
  });

  readonly remove = this.RULE('remove', (): Statement => {
    const loc = this.loc(this.CONSUME(Remove));
    this.CONSUME(Name, { LABEL: 'all' });
    return { kind: 'remove-all', loc };
  });

  readonly checkCounter = this.RULE('checkCounter', (): Statement => {
    const loc = this.loc(this.CONSUME(CheckCounter));
    const counter = this.word(this.CONSUME(Name));
    this.CONSUME(Open);
    const index = this.OR([{ ALT: () => this.word(this.CONSUME(Num)) }, { ALT: () => this.word(this.CONSUME1(Name)) }]);
    this.CONSUME(Close);
    const check = this.OPTION(() => {
      const unit = this.CONSUME2(Name).image.toLowerCase() as CounterUnit;
      const comparison = this.CONSUME(Compare).image as Comparison;
      return { unit, comparison, value: this.word(this.CONSUME1(Num)) };
    });
    return { kind: 'check-counter', counter, index, ...(check ? { check } : {}), loc };
  });

  readonly command = this.RULE('command', (): Statement => {
    const token = this.CONSUME(Command);
    const target = this.OPTION(() => this.word(this.CONSUME(Name)));
    const args: Word[] = [];
    this.MANY({ GATE: () => this.LA(2).tokenType !== Colon, DEF: () => args.push(this.word(this.CONSUME(Num))) });
    const rates: Rate[] = [];
    this.MANY1(() => rates.push(this.SUBRULE(this.rate)));
    return { kind: 'command', command: token.image.toLowerCase(), ...(target ? { target } : {}), args, rates, loc: this.loc(token) };
  });

  readonly rate = this.RULE('rate', (): Rate => {
    const rate = this.OR([{ ALT: () => this.word(this.CONSUME(Rational)) }, { ALT: () => this.word(this.CONSUME(Num)) }]);
    this.CONSUME(Colon);
    return { rate, burst: this.word(this.CONSUME1(Num)) };
  });

  readonly call = this.RULE('call', (): Call => {
    const name = this.word(this.CONSUME(Name));
    this.CONSUME(Open);
    const args: Given[] = [];
    this.MANY_SEP({ SEP: Comma, DEF: () => args.push(this.SUBRULE(this.given)) });
    this.CONSUME(Close);
    return { name, args };
  });

  readonly given = this.RULE('given', (): Given => {
    const name = this.word(this.CONSUME(Name));
    this.CONSUME(Colon);
    const value = this.word(this.CONSUME(Num));
    const prefix = this.OPTION(() => {
      this.CONSUME(Slash);
      return this.word(this.CONSUME1(Num));
    });
    return { name, value, ...(prefix ? { prefix } : {}) };
  });

  protected override word(token: IToken): Word {
    return { ...super.word(token), text: token.image.replace(/^"(.*)"$/, '$1') };
  }
}

let parser: StfParser | undefined;

/** The statements of a file. A line that cannot be read is reported, and the next one is read. */
export function parseStf(text: string, file: string, diagnostics: Diagnostics): Statement[] {
  parser ??= new StfParser();
  parser.file = file;
  const statements: Statement[] = [];
  for (const [i, line] of text.split(/\r?\n|\r/).entries()) {
    const { tokens, errors } = lexer.tokenize(line);
    const [wrong] = errors;
    if (wrong) {
      const loc = { file, line: i + 1, column: wrong.column ?? 1 };
      const expected = expectedAfter(tokens[0]);
      diagnostics.add(diagnostic('stf-syntax', { found: `"${line.slice(wrong.offset).split(/\s/, 1)[0]}"`, expected }, { loc }));
      continue;
    }
    if (tokens.length === 0) continue;
    for (const token of tokens) token.startLine = i + 1;
    parser.input = tokens;
    const statement = parser.statement();
    const mistake = parser.mistake('stf-syntax');
    if (mistake) diagnostics.add(mistake);
    else statements.push(statement);
  }
  return statements;
}

/** What a line that cannot be divided into words must go on with. */
function expectedAfter(first: IToken | undefined): string {
  if (first === undefined) return 'a statement, such as "packet", "expect" or "add"';
  return first.tokenType === Packet || first.tokenType === Expect ? 'hexadecimal digits' : 'a name, a number or a sign such as ":"';
}
