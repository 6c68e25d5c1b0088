/**
 * Parses the language of entries files, one statement a line:
 *
 *     ingress.routes dst=10.0.1.0/24 -> forward(port=1)      # an entry; # starts a comment
 *     acl src=10.0.0.0&255.0.0.0 ttl=0..3 priority=10 -> drop()
 *     default ingress.routes -> drop()
 *     multicast 1: 1, 2, 3
 */
import { createToken, type IToken, Lexer } from 'chevrotain';
import { type Diagnostics, diagnostic } from '../../compiler/support/diagnostics.js';
import { LineParser, type Word } from '../../compiler/support/line-parser.js';
import type { Assignment, Call, Line } from './ast.js';

const Equals = createToken({ name: 'Equals', pattern: '=', label: '"="' });
/** The longest text after an equals sign; addresses, prefixes, ranges and masks are distinguished later. */
const value = /(?:(?!->)[^\s,()#=])+/y;
const Value = createToken({
  name: 'Value',
  label: 'a value',
  line_breaks: false,
  pattern: (text, offset, tokens) => {
    if (tokens.at(-1)?.tokenType !== Equals) return null;
    value.lastIndex = offset;
    return value.exec(text);
  },
});
const Arrow = createToken({ name: 'Arrow', pattern: '->', label: '"->"' });
const Open = createToken({ name: 'Open', pattern: '(', label: '"("' });
const Close = createToken({ name: 'Close', pattern: ')', label: '")"' });
const Comma = createToken({ name: 'Comma', pattern: ',', label: '","' });
const Colon = createToken({ name: 'Colon', pattern: ':', label: '":"' });
const Word_ = createToken({ name: 'Word', pattern: /[A-Za-z0-9_$][\w.$[\]]*/, label: 'a name' });
const Newline = createToken({ name: 'Newline', pattern: /\r?\n|\r/, label: 'the end of the line', line_breaks: true });
const Space = createToken({ name: 'Space', pattern: /[^\S\r\n]+/, group: Lexer.SKIPPED });
const Comment = createToken({ name: 'Comment', pattern: /#[^\r\n]*/, group: Lexer.SKIPPED });
const tokens = [Space, Comment, Newline, Value, Arrow, Equals, Open, Close, Comma, Colon, Word_];

const lexer = new Lexer(tokens, { ensureOptimizations: false });

class EntriesParser extends LineParser {
  constructor() {
    super(tokens);
    this.performSelfAnalysis();
  }

  readonly entry = this.RULE('entry', (): Line => {
    const table = this.word(this.CONSUME(Word_));
    const fields: Assignment[] = [];
    this.MANY(() => fields.push(this.SUBRULE(this.assignment)));
    this.CONSUME(Arrow);
    return { kind: 'entry', table, fields, action: this.SUBRULE(this.call) };
  });

  readonly defaultAction = this.RULE('defaultAction', (): Line => {
    this.CONSUME1(Word_);
    const table = this.word(this.CONSUME2(Word_));
    this.CONSUME(Arrow);
    return { kind: 'default', table, action: this.SUBRULE(this.call) };
  });

  readonly multicast = this.RULE('multicast', (): Line => {
    this.CONSUME1(Word_);
    const group = this.word(this.CONSUME2(Word_));
    this.CONSUME(Colon);
    const ports: Word[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: Comma, DEF: () => ports.push(this.word(this.CONSUME3(Word_))) });
    return { kind: 'multicast', group, ports };
  });

  readonly assignment = this.RULE('assignment', (): Assignment => {
    const name = this.word(this.CONSUME(Word_));
    this.CONSUME(Equals);
    return { name, value: this.word(this.CONSUME(Value)) };
  });

  readonly call = this.RULE('call', (): Call => {
    const name = this.word(this.CONSUME(Word_));
    const args: Assignment[] = [];
    this.OPTION(() => {
      this.CONSUME(Open);
      this.MANY_SEP({ SEP: Comma, DEF: () => args.push(this.SUBRULE(this.assignment)) });
      this.CONSUME(Close);
    });
    return { name, args };
  });
}

let parser: EntriesParser | undefined;

/** The statements of a file. After a mistake, parsing continues at the next line. */
export function parseLines(text: string, file: string, diagnostics: Diagnostics): Line[] {
  const { tokens: found, errors } = lexer.tokenize(text);
  const broken = new Set<number>();
  for (const { offset, line = 1, column = 1 } of errors) {
    broken.add(line);
    const loc = { file, line, column };
    diagnostics.add(diagnostic('entries-syntax', { found: `"${text[offset]}"`, expected: 'a name or "->"' }, { loc }));
  }
  parser ??= new EntriesParser();
  parser.file = file;
  const lines: Line[] = [];
  for (const line of splitLines(found)) {
    if (broken.has(line[0]?.startLine ?? 0)) continue;
    parser.input = line;
    const parsed = rule(parser, line).call(parser);
    const mistake = parser.mistake('entries-syntax');
    if (mistake) diagnostics.add(mistake);
    else lines.push(parsed);
  }
  return lines;
}

/** A table or an action may be called `multicast`: the next token decides. */
function rule(of: EntriesParser, line: readonly IToken[]): () => Line {
  if (line[0]?.image === 'default') return of.defaultAction;
  return line[0]?.image === 'multicast' && line.slice(1, 3).some((t) => t.tokenType === Colon) ? of.multicast : of.entry;
}

function splitLines(found: readonly IToken[]): IToken[][] {
  const lines: IToken[][] = [[]];
  for (const token of found) {
    if (token.tokenType === Newline) lines.push([]);
    else lines.at(-1)?.push(token);
  }
  return lines.filter((line) => line.length > 0);
}
