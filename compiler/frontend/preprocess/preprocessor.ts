/** The preprocessor: a file with all that it includes, its macros expanded, as words for the grammar (P4-16 §6.2). */
import { DiagnosticError, Diagnostics } from '../../support/diagnostics.js';
import { isNowhere, type Loc } from '../../support/location.js';
import { nearest } from '../../support/suggest.js';
import { lex, type Token, wordOf } from '../lex.js';
import { maxConditions, maxIncludeDepth, maxIncludes, maxProgramSize } from '../limits.js';
import { SourceFile } from '../source.js';
import { CloseParen, Directive, Integer, OpenParen, StringLiteral } from '../tokens.js';
import { conditionValue, misread } from './condition.js';
import { isName, macroOf } from './definition.js';
import { type Found, findInclude, type IncludeOptions } from './includes.js';
import { isQuotedRest, readQuotedRest } from './long-string.js';
import { Macros, Stop, spell } from './macros.js';
import { TokenStream } from './word-stream.js';

export interface PreprocessOptions extends IncludeOptions {
  /** Macros that are defined before the first line, with their text. */
  readonly defines: ReadonlyMap<string, string>;
}

/** The words of a program; undefined where a limit is reached, which is among the diagnostics. */
export function preprocess(file: string, text: string, options: PreprocessOptions, diagnostics: Diagnostics): Token[] | undefined {
  try {
    const preprocessor = new Preprocessor(file, options, diagnostics);
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
  /** The folder of `includePaths` in which it was found. */
  readonly folder?: string | undefined;
  /** What `#line` says of the lines that follow. */
  moved?: { readonly file?: string; readonly by: number };
  /** A string that began in an earlier line goes on. */
  inString: boolean;
}

interface LexedFile {
  readonly source: SourceFile;
  readonly tokens: readonly Token[];
}
/** The words of included files, by their path: most programs include the same ones. */
const lexed = new Map<string, LexedFile>();
const maxLexedFiles = 32;

/** Those of the preprocessor that p4c runs, GNU's. */
const directives: ReadonlySet<string> = new Set([
  ...['if', 'ifdef', 'ifndef', 'elif', 'elifdef', 'elifndef', 'else', 'endif'],
  ...['include', 'include_next', 'import', 'define', 'undef', 'line', 'error', 'warning', 'pragma', 'ident', 'sccs', 'assert', 'unassert'],
]);
const nameOf = ({ image }: Token): string => /^#[ \t]*(\w*)/.exec(image)?.[1] ?? '';
/** Whether GNU's preprocessor in assembler mode hands a line on as text. */
const isText = (name: string): boolean => name !== '' && !directives.has(name) && !/^\d+$/.test(name);

class Preprocessor {
  readonly out: Token[] = [];
  readonly #options: PreprocessOptions;
  readonly #diagnostics: Diagnostics;
  readonly #macros: Macros;
  /** Files that say `#pragma once`, or that `#import` names. */
  readonly #once = new Set<string>();
  readonly #place: { readonly baseFile: string; includeLevel: number };
  #includes = 0;
  #size = 0;

  constructor(baseFile: string, options: PreprocessOptions, diagnostics: Diagnostics) {
    this.#options = options;
    this.#diagnostics = diagnostics;
    this.#place = { baseFile, includeLevel: 0 };
    this.#macros = new Macros(diagnostics, this.#place);
  }

  /** `from` is where the file is included, `folder` that of `includePaths` in which it was found. */
  read(file: string, text: string, from?: Loc, folder?: string): void {
    this.#size += text.length;
    if (this.#size > maxProgramSize) {
      this.#diagnostics.report('p4-too-large', { limit: maxProgramSize }, from ? { loc: from } : {});
      throw new Stop();
    }
    const { source, tokens } = this.#lex(file, text, from !== undefined);
    const reading: Reading = { source, conditions: [], folder, inString: false };
    const stream = new TokenStream(tokens, (token) => this.#take(token, reading));
    for (let token = stream.next(); token; token = stream.next()) {
      if (!isQuotedRest(token)) this.#macros.expand(token, stream, this.out);
      else {
        reading.inString = true;
        readQuotedRest(token, { source, stream, macros: this.#macros, diagnostics: this.#diagnostics, out: this.out });
        reading.inString = false;
      }
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

  /** The token where `#line` says that it is; undefined for a directive, which is followed, and for what does not count. */
  #take(token: Token, reading: Reading): Token | undefined {
    const active = (): boolean => reading.conditions.at(-1)?.active !== false;
    if (token.tokenType !== Directive || (reading.inString && isText(nameOf(token)))) return active() ? place(token, reading) : undefined;
    this.#directive(place(token, reading), reading);
    return undefined;
  }

  #directive(token: Token, reading: Reading): void {
    const name = nameOf(token);
    const head = token.image.slice(0, token.image.indexOf(name) + name.length || 1);
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
          this.#diagnostics.report('condition-depth', { limit: maxConditions }, { loc });
          throw new Stop();
        }
        const active = !skipped && this.#holds(name, loc, words(), reading);
        reading.conditions.push({ name, loc, active, done: active || skipped, otherwise: false });
        return;
      }
      case 'elif':
      case 'elifdef':
      case 'elifndef':
      case 'else':
        this.#otherwise(name, loc, words, reading);
        return;
      case 'endif':
        if (!reading.conditions.pop()) this.#diagnostics.report('condition-missing', { name }, { loc });
        return;
    }
    if (skipped) return;
    switch (name) {
      case 'include':
      case 'include_next':
      case 'import':
        this.#include(name, token.image.slice(head.length), loc, words, reading);
        return;
      case 'define':
        this.#define(words(), loc);
        return;
      case 'undef': {
        const macro = this.#onlyName(name, words(), loc);
        if (macro !== undefined) this.#macros.remove(macro);
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
        if (/^\s*once\b/.test(token.image.slice(head.length))) this.#once.add(reading.source.file);
        return;
      default:
        if (/^\d+$/.test(name)) this.#line(words(), token, reading, name);
        // A `#` alone on its line says nothing, as those do that are for other languages.
        else if (isText(name)) this.#diagnostics.report('unknown-directive', { name, suggestion: nearest(name, directives) }, { loc });
    }
  }

  /** The name after a directive that has nothing else; undefined when there is none, which is reported. */
  #onlyName(directive: string, [name, ...rest]: readonly Token[], loc: Loc): string | undefined {
    if (!name || !isName(name)) {
      this.#diagnostics.report('directive-operand', { directive, expected: 'one name' }, { loc });
      return undefined;
    }
    this.#passOver(directive, rest);
    return name.image;
  }

  #passOver(directive: string, [first]: readonly Token[]): void {
    if (first) this.#diagnostics.report('directive-rest', { directive, found: first.image }, { loc: first.loc });
  }

  #holds(name: string, loc: Loc, words: readonly Token[], reading: Reading): boolean {
    if (name !== 'if' && name !== 'elif') {
      const macro = this.#onlyName(name, words, loc);
      return macro !== undefined && this.#macros.has(macro) === name.endsWith('ifdef');
    }
    try {
      return conditionValue(this.#conditionWords(words, reading));
    } catch (error) {
      this.#mistake(error, words[0]?.loc ?? loc);
      return false;
    }
  }

  /** The words with macros expanded, and `defined NAME` and `__has_include(…)` replaced by 1 or 0, also where a macro put them there. */
  #conditionWords(words: readonly Token[], reading: Reading): Token[] {
    const stream = new TokenStream(words);
    const out: Token[] = [];
    const truth = (value: boolean, { loc }: Token): void => void out.push(wordOf(Integer, value ? '1' : '0', loc));
    for (let word = stream.next(); word; word = stream.next()) {
      if (word.image === 'defined') truth(this.#macros.has(definedName(stream)), word);
      else if (word.image === '__has_include' || word.image === '__has_include_next') {
        const words = this.#macros.expandAll(inParentheses(stream));
        const [name, system] = this.#includeName(words) ?? misread('<name> or "name"', words[0]);
        truth(this.#find(name, system, word.image.endsWith('next'), reading).kind === 'text', word);
      } else this.#macros.expand(word, stream, out);
    }
    return out;
  }

  #otherwise(name: string, loc: Loc, words: () => Token[], reading: Reading): void {
    const condition = reading.conditions.at(-1);
    if (!condition) {
      this.#diagnostics.report('condition-missing', { name }, { loc });
      return;
    }
    if (condition.otherwise) {
      this.#diagnostics.report('condition-after-else', { name }, { loc });
      return;
    }
    condition.otherwise = name === 'else';
    condition.active = !condition.done && (name === 'else' || this.#holds(name, loc, words(), reading));
    condition.done ||= condition.active;
  }

  #include(directive: string, rest: string, loc: Loc, words: () => Token[], reading: Reading): void {
    const [, quoted, angled, behind = ''] = /^\s*(?:"([^"\n]+)"|<([^>\n]+)>)(.*)$/s.exec(rest) ?? [];
    const written = quoted ?? angled;
    if (written !== undefined && /^\s*[^\s/]/.test(behind)) {
      this.#diagnostics.report('directive-rest', { directive, found: behind.trim() }, { loc });
    }
    const [name, system] =
      written === undefined ? (this.#includeName(this.#macros.expandAll(words())) ?? []) : [written, quoted === undefined];
    if (name === undefined || system === undefined) {
      this.#diagnostics.report('directive-operand', { directive, expected: '<name> or "name"' }, { loc });
      return;
    }
    const found = this.#find(name, system, directive === 'include_next', reading);
    if (found.kind === 'missing') {
      const { reason } = found;
      this.#diagnostics.report('include-missing', { name, reason, suggestion: nearest(name, this.#options.library.keys()) }, { loc });
      return;
    }
    if (this.#once.has(found.file)) return;
    if (directive === 'import') this.#once.add(found.file);
    const level = this.#place.includeLevel;
    if (level >= maxIncludeDepth || ++this.#includes > maxIncludes) {
      const limit = level >= maxIncludeDepth ? `${maxIncludeDepth} deep` : `${maxIncludes} in all`;
      this.#diagnostics.report('include-depth', { name, limit }, { loc });
      throw new Stop();
    }
    this.#place.includeLevel++;
    this.read(found.file, found.text, loc, found.folder);
    this.#place.includeLevel--;
  }

  #find(name: string, system: boolean, next: boolean, { source, folder }: Reading): Found {
    return findInclude(name, system, source.file, this.#options, next ? folder : undefined);
  }

  /** The name that words spell, and whether angles are around it. */
  #includeName(words: readonly Token[]): [string, boolean] | undefined {
    const [, quoted, angled] = /^(?:"([^"]+)"|<([^>]+)>)$/.exec(spell(words)) ?? [];
    const name = quoted ?? angled;
    return name === undefined ? undefined : [name, quoted === undefined];
  }

  #define(words: readonly Token[], loc: Loc): void {
    try {
      this.#macros.define(macroOf(words));
    } catch (error) {
      this.#mistake(error, loc);
    }
  }

  #line(words: readonly Token[], { loc, image }: Token, reading: Reading, number?: string): void {
    const [line, file] = number === undefined ? this.#macros.expandAll(words) : [{ image: number }, words[0]];
    if (!/^\d{1,9}$/.test(line?.image ?? '') || (file && file.tokenType !== StringLiteral)) {
      const expected = 'the number of a line, which the name of a file in quotes may follow';
      this.#diagnostics.report('directive-operand', { directive: 'line', expected }, { loc });
      return;
    }
    const name = file?.image.slice(1, -1).replace(/\\(.)/g, '$1') ?? reading.moved?.file;
    const written = loc.line - (reading.moved?.by ?? 0);
    reading.moved = { by: Number(line?.image) - written - image.split('\n').length, ...(name === undefined ? {} : { file: name }) };
  }

  /** Reports what ended the reading of a condition or a definition; `loc` is its place, unless it has one. */
  #mistake(error: unknown, loc: Loc): void {
    if (!(error instanceof DiagnosticError)) throw error;
    this.#diagnostics.add(...error.diagnostics.map((d) => (isNowhere(d.loc) ? { ...d, loc } : d)));
  }
}

/** After `defined`: a name, in parentheses or not. */
function definedName(stream: TokenStream): string {
  const [name, more] = stream.peek()?.tokenType === OpenParen ? inParentheses(stream) : [stream.next()];
  if (!name || !isName(name)) return misread('a name after "defined"', name);
  if (more) misread("')'", more);
  return name.image;
}

/** The words of `(…)`, as they stand. */
function inParentheses(stream: TokenStream): Token[] {
  const open = stream.next();
  if (open?.tokenType !== OpenParen) misread("'('", open);
  const words: Token[] = [];
  for (let word = stream.next(); word?.tokenType !== CloseParen; word = stream.next()) words.push(word ?? misread("')'", word));
  return words;
}

/** The word where `#line` says that it is. */
function place(token: Token, { moved }: Reading): Token {
  if (!moved) return token;
  const { file, line, column } = token.loc;
  return { ...token, loc: Object.freeze({ file: moved.file ?? file, line: line + moved.by, column }) };
}
