/** The preprocessor: a file with all that it includes, its macros expanded, as words for the grammar (P4-16 §6.2). */
import { Diagnostics } from '../../support/diagnostics.js';
import type { Loc } from '../../support/location.js';
import { nearest } from '../../support/suggest.js';
import { lex, type Token } from '../lex.js';
import { maxConditions, maxIncludeDepth, maxIncludes, maxProgramSize } from '../limits.js';
import { SourceFile } from '../source.js';
import { CloseParen, Comma, Directive, Dots, Hash, HashHash, Identifier, OpenParen, StringLiteral, Unknown } from '../tokens.js';
import { ConditionError, conditionValue } from './condition.js';
import { findInclude, type IncludeOptions } from './includes.js';
import { isBuiltIn, Macros, Stop, spell, TokenStream } from './macros.js';

export interface PreprocessOptions extends IncludeOptions {
  /** Macros that are defined before the first line, with their text. */
  readonly defines: ReadonlyMap<string, string>;
}

/** The words of a program; undefined where a limit is reached, which is among the diagnostics. */
export function preprocess(file: string, text: string, options: PreprocessOptions, diagnostics: Diagnostics): Token[] | undefined {
  try {
    const preprocessor = new Preprocessor(options, diagnostics);
    for (const [name, body] of options.defines) preprocessor.read('<command line>', `#define ${name} ${body}`);
    preprocessor.read(file, text);
    return preprocessor.out;
  } catch (error) {
    if (error instanceof Stop) return undefined;
    throw error;
  }
}

/** One `#if` that is open. */
interface Condition {
  readonly name: string;
  readonly loc: Loc;
  /** What is between here and the next `#elif`, `#else` or `#endif` counts. */
  active: boolean;
  /** A branch counted already, or none may: what is around does not count. */
  done: boolean;
  otherwise: boolean;
}

/** The file that is being read. */
interface Reading {
  readonly source: SourceFile;
  readonly conditions: Condition[];
  /** What `#line` says of the lines that follow. */
  moved?: { readonly file?: string; readonly by: number };
}

interface LexedFile {
  readonly source: SourceFile;
  readonly tokens: readonly Token[];
}
/** The words of included files, by their path: most programs include the same ones. */
const lexed = new Map<string, LexedFile>();
const maxLexedFiles = 32;

const conditionLine = /^([ \t]*)(#[ \t]*(?:if|ifdef|ifndef|elif|else|endif)\b.*)$/;
const conditionInString = new RegExp(conditionLine, 'm');

const directives = ['include', 'define', 'undef', 'if', 'ifdef', 'ifndef', 'elif', 'else', 'endif', 'line', 'error', 'warning', 'pragma'];

class Preprocessor {
  readonly out: Token[] = [];
  readonly #options: PreprocessOptions;
  readonly #diagnostics: Diagnostics;
  readonly #macros: Macros;
  #depth = 0;
  #includes = 0;
  #size = 0;

  constructor(options: PreprocessOptions, diagnostics: Diagnostics) {
    this.#options = options;
    this.#diagnostics = diagnostics;
    this.#macros = new Macros(diagnostics);
  }

  read(file: string, text: string, from?: Loc): void {
    this.#size += text.length;
    if (this.#size > maxProgramSize) {
      this.#diagnostics.report('p4-too-large', { limit: maxProgramSize }, from ? { loc: from } : {});
      throw new Stop();
    }
    const { source, tokens } = this.#lex(file, text, from !== undefined);
    const reading: Reading = { source, conditions: [] };
    const stream = new TokenStream(tokens, (token) => place(token, reading));
    for (let token = stream.next(); token; token = stream.next()) {
      if (token.tokenType === Directive) this.#directive(token, reading);
      else if (token.tokenType === StringLiteral && conditionInString.test(token.image)) this.#string(token, reading);
      else if (reading.conditions.at(-1)?.active !== false) this.#macros.expand(token, stream, this.out);
    }
    for (const { name, loc } of reading.conditions) this.#diagnostics.report('condition-open', { name }, { loc });
  }

  /** The words of a file; those of an included one are kept for the next program. */
  #lex(file: string, text: string, keep: boolean): LexedFile {
    const before = lexed.get(file);
    if (before?.source.written === text) return before;
    const found = new Diagnostics();
    const source = new SourceFile(file, text);
    const result = { source, tokens: lex(source, found) };
    for (const diagnostic of found.list) this.#diagnostics.add(diagnostic);
    if (keep && found.list.length === 0) {
      if (lexed.size >= maxLexedFiles) lexed.clear();
      lexed.set(file, result);
    }
    return result;
  }

  /**
   * P4 has strings of several lines and C has none: to the preprocessor of p4c, lines in them are lines like others, so that
   * conditions choose among them. What they leave out is empty, as there.
   */
  #string(token: Token, reading: Reading): void {
    const isActive = (): boolean => reading.conditions.at(-1)?.active !== false;
    const begins = isActive();
    let startOffset = token.startOffset;
    const lines = token.image.split('\n').map((line, i) => {
      const [, space = '', image] = (i > 0 && conditionLine.exec(line)) || [];
      const loc = Object.freeze({ ...token.loc, line: token.loc.line + i, column: space.length + 1 });
      if (image) this.#directive({ ...token, tokenType: Directive, image, startOffset: startOffset + space.length, loc }, reading);
      startOffset += line.length + 1;
      return image || !isActive() ? '' : line;
    });
    if (begins) this.out.push({ ...token, image: lines.join('\n') });
  }

  #directive(token: Token, reading: Reading): void {
    const [head = '', name = ''] = /^#[ \t]*(\w*)/.exec(token.image) ?? [];
    const skipped = reading.conditions.at(-1)?.active === false;
    const { loc } = token;
    const words = (): Token[] => {
      const start = token.startOffset + head.length;
      return lex(reading.source, this.#diagnostics, start, token.startOffset + token.image.length).map((word) => place(word, reading));
    };
    switch (name) {
      case 'if':
      case 'ifdef':
      case 'ifndef': {
        if (reading.conditions.length >= maxConditions) {
          this.#wrong(name, `conditions are within each other ${maxConditions} deep at most`, loc);
          throw new Stop();
        }
        const active = !skipped && this.#holds(name, loc, words());
        reading.conditions.push({ name, loc, active, done: active || skipped, otherwise: false });
        return;
      }
      case 'elif':
      case 'else':
        this.#otherwise(name, loc, words, reading);
        return;
      case 'endif':
        if (!reading.conditions.pop()) this.#wrong(name, 'no #if is open', loc);
        return;
    }
    if (skipped) return;
    switch (name) {
      case 'include':
        this.#include(token.image.slice(head.length), loc, words, reading);
        return;
      case 'define':
        this.#define(words(), loc);
        return;
      case 'undef': {
        const [word, ...rest] = words();
        if (!word || rest.length > 0 || !isWord(word)) this.#wrong(name, 'write one name behind it', loc);
        else this.#macros.remove(word.image);
        return;
      }
      case 'line':
        this.#line(words(), token, reading);
        return;
      case 'error':
      case 'warning':
        this.#diagnostics.report(
          name === 'error' ? 'error-directive' : 'warning-directive',
          { text: token.image.slice(head.length).trim() },
          { loc },
        );
        return;
      case 'pragma':
      case '':
        // A `#` alone on its line says nothing.
        return;
      default:
        if (/^\d+$/.test(name)) this.#line(words(), token, reading, name);
        else this.#diagnostics.report('unknown-directive', { name, suggestion: nearest(name, directives) }, { loc });
    }
  }

  #holds(name: string, loc: Loc, words: readonly Token[]): boolean {
    const [first, ...rest] = words;
    if (name !== 'if' && name !== 'elif') {
      if (!first || !isWord(first) || rest.length > 0) {
        this.#wrong(name, 'write one name behind it', loc);
        return false;
      }
      return this.#macros.has(first.image) === (name === 'ifdef');
    }
    try {
      return conditionValue(this.#macros.expandAll(this.#defined(words)));
    } catch (error) {
      if (!(error instanceof ConditionError)) throw error;
      this.#wrong(name, `the condition cannot be computed: ${error.message}`, first?.loc ?? loc);
      return false;
    }
  }

  /** The words with `defined NAME` and `defined(NAME)` replaced by 1 or 0. */
  #defined(words: readonly Token[]): Token[] {
    const out: Token[] = [];
    for (let i = 0; i < words.length; i++) {
      const word = words[i] as Token;
      if (word.image !== 'defined') {
        out.push(word);
        continue;
      }
      const open = words[i + 1]?.tokenType === OpenParen;
      const name = words[i + (open ? 2 : 1)];
      if (!name || !isWord(name) || (open && words[i + 3]?.tokenType !== CloseParen)) throw new ConditionError('"defined" needs a name');
      const [value] = lex(new SourceFile('', this.#macros.has(name.image) ? '1' : '0'), this.#diagnostics);
      out.push({ ...(value as Token), loc: word.loc });
      i += open ? 3 : 1;
    }
    return out;
  }

  #otherwise(name: 'elif' | 'else', loc: Loc, words: () => Token[], { conditions }: Reading): void {
    const condition = conditions.at(-1);
    if (!condition) {
      this.#wrong(name, 'no #if is open', loc);
      return;
    }
    if (condition.otherwise) {
      this.#wrong(name, 'the #else of this #if is above', loc);
      return;
    }
    condition.otherwise = name === 'else';
    condition.active = !condition.done && (name === 'else' || this.#holds(name, loc, words()));
    condition.done ||= condition.active;
  }

  #include(rest: string, loc: Loc, words: () => Token[], { source }: Reading): void {
    const written = /^\s*(?:"([^"\n]+)"|<([^>\n]+)>)\s*(?:\/[/*][\s\S]*)?$/.exec(rest) ?? this.#computedInclude(words());
    if (!written) {
      this.#wrong('include', 'write <name> or "name" behind it', loc);
      return;
    }
    const system = written[1] === undefined;
    const name = (written[1] ?? written[2]) as string;
    const found = findInclude(name, system, source.file, this.#options);
    if (found.kind === 'missing') {
      const { reason } = found;
      this.#diagnostics.report('include-missing', { name, reason, suggestion: nearest(name, this.#options.library.keys()) }, { loc });
      return;
    }
    if (this.#depth >= maxIncludeDepth || ++this.#includes > maxIncludes) {
      const limit = this.#depth >= maxIncludeDepth ? `${maxIncludeDepth} deep` : `${maxIncludes} in all`;
      this.#diagnostics.report('include-depth', { name, limit }, { loc });
      throw new Stop();
    }
    this.#depth++;
    this.read(found.file, found.text, loc);
    this.#depth--;
  }

  /** `#include NAME`, where NAME is a macro. */
  #computedInclude(words: readonly Token[]): RegExpExecArray | null {
    return /^(?:"([^"]+)"|<([^>]+)>)$/.exec(spell(this.#macros.expandAll(words)));
  }

  #define([name, ...rest]: readonly Token[], loc: Loc): void {
    if (!name || !isWord(name) || name.image === 'defined' || isBuiltIn(name.image)) {
      this.#wrong('define', name ? `"${name.image}" cannot be defined` : 'the name of the macro is missing', name?.loc ?? loc);
      return;
    }
    const [open] = rest;
    if (open?.tokenType !== OpenParen || open.spaced) {
      this.#macros.define({ name: name.image, body: this.#body(rest), loc: name.loc });
      return;
    }
    const close = rest.findIndex((word) => word.tokenType === CloseParen);
    const list = rest.slice(1, close);
    const params = list.filter((_, i) => i % 2 === 0).map((word) => (word.tokenType === Dots ? '__VA_ARGS__' : word.image));
    const isList =
      list.every((word, i) =>
        i % 2 === 1 ? word.tokenType === Comma : isWord(word) || (word.tokenType === Dots && i === list.length - 1),
      ) && list.length % 2 === (list.length === 0 ? 0 : 1);
    if (close < 0 || !isList || new Set(params).size < params.length) {
      this.#wrong('define', `the parameters of ${name.image} are not a list of different names`, open.loc);
      return;
    }
    const variadic = list.at(-1)?.tokenType === Dots;
    this.#macros.define({ name: name.image, params, variadic, body: this.#body(rest.slice(close + 1), params), loc: name.loc });
  }

  #body(body: readonly Token[], params?: readonly string[]): readonly Token[] {
    const end = body[0]?.tokenType === HashHash ? body[0] : body.at(-1)?.tokenType === HashHash ? body.at(-1) : undefined;
    if (end) this.#wrong('define', 'a ## is between two words', end.loc);
    const lone = params && body.find((word, i) => word.tokenType === Hash && !params.includes(body[i + 1]?.image ?? ''));
    if (lone) this.#wrong('define', 'a # is before a parameter', lone.loc);
    return end ? [] : body;
  }

  #line(words: readonly Token[], { loc, image }: Token, reading: Reading, number?: string): void {
    const [line, file] = number === undefined ? this.#macros.expandAll(words) : [{ image: number }, words[0]];
    if (!/^\d{1,9}$/.test(line?.image ?? '') || (file && file.tokenType !== StringLiteral)) {
      this.#wrong('line', 'write the number of a line behind it, and if you like the name of a file in quotes', loc);
      return;
    }
    const name = file?.image.slice(1, -1).replace(/\\(.)/g, '$1') ?? reading.moved?.file;
    const written = loc.line - (reading.moved?.by ?? 0);
    reading.moved = { by: Number(line?.image) - written - image.split('\n').length, ...(name === undefined ? {} : { file: name }) };
  }

  #wrong(directive: string, reason: string, loc: Loc): void {
    this.#diagnostics.report('bad-directive', { directive, reason }, { loc });
  }
}

const isWord = (token: Token): boolean =>
  token.tokenType !== Unknown && (token.tokenType === Identifier || /^[A-Za-z_]\w*$/.test(token.image));

/** The word where `#line` says that it is. */
function place(token: Token, { moved }: Reading): Token {
  if (!moved) return token;
  const { file, line, column } = token.loc;
  return { ...token, loc: Object.freeze({ file: moved.file ?? file, line: line + moved.by, column }) };
}
