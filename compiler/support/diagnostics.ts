/** What is wrong with the user's program, and where: collected during a run, printed at its end. */
import { fromUtf8 } from './bytes.js';
import { isModuleFile } from './file-kinds.js';
import { host } from './host.js';
import { isNowhere, type Loc, nowhere } from './location.js';
import { type Code, messages, type Params } from './messages.js';
import { p4Help } from './p4-help.js';

/** Whether the program cannot be compiled, or can and is probably wrong. */
export type Severity = 'error' | 'warning';

/** What a diagnostic says besides, at another place of the source. */
export interface Note {
  readonly message: string;
  readonly loc: Loc;
}

/** A mistake or a warning, at its place in the source. `code` is one of those that `p4ts check` prints. */
export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  /** One sentence that names the thing in the user's words. */
  readonly message: string;
  readonly loc: Loc;
  readonly notes: readonly Note[];
  /** What to write instead. */
  readonly help?: string;
}

export interface Where {
  readonly loc?: Loc;
  readonly notes?: readonly Note[];
  readonly help?: string;
}

/** Collects diagnostics; the same one at the same place is kept once. */
export class Diagnostics {
  readonly #list: Diagnostic[] = [];
  readonly #seen = new Set<string>();

  report<C extends Code>(code: C, params: Params<C>, where: Where = {}): void {
    this.add(diagnostic(code, params, where));
  }

  add(...diagnostics: readonly Diagnostic[]): void {
    for (const d of diagnostics) {
      const key = `${d.code} ${d.loc.file}:${d.loc.line}:${d.loc.column} ${d.message}`;
      if (this.#seen.has(key)) continue;
      this.#seen.add(key);
      this.#list.push(d);
    }
  }

  /** What the function gives; undefined where it ends with diagnostics, which are added. */
  attempt<T>(run: () => T): T | undefined {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      this.add(...error.diagnostics);
      return undefined;
    }
  }

  get list(): readonly Diagnostic[] {
    return this.#list;
  }

  get hasErrors(): boolean {
    return this.#list.some((d) => d.severity === 'error');
  }

  /** Throws what was collected when there is an error in it. */
  throwIfErrors(): void {
    if (this.hasErrors) throw new DiagnosticError(this.#list);
  }
}

export function diagnostic<C extends Code>(code: C, params: Params<C>, where: Where = {}): Diagnostic {
  const entry = messages[code] as { severity: Severity; text: (p: Params<C>) => string; help?: (p: Params<C>) => string | undefined };
  const inP4 =
    where.loc && !isNowhere(where.loc) && !isModuleFile(where.loc.file)
      ? (p4Help[code] as ((p: Params<C>) => string | undefined) | undefined)
      : undefined;
  const help = where.help ?? (inP4 ?? entry.help)?.(params);
  return {
    code,
    severity: entry.severity,
    // A suggestion ends in a question mark, whatever the sentence around it ends in.
    message: entry.text(params).replace(/\?\.$/, '?'),
    loc: where.loc ?? nowhere,
    notes: where.notes ?? [],
    ...(help === undefined ? {} : { help }),
  };
}

/** Users' mistakes as an exception: its message is the rendered text, so that it reads well wherever it surfaces. */
export class DiagnosticError extends Error {
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(`\n${renderDiagnostics(diagnostics)}`);
    this.name = 'DiagnosticError';
    this.diagnostics = diagnostics;
  }
}

/** Ends the run with one diagnostic. */
export function fail<C extends Code>(code: C, params: Params<C>, where: Where = {}): never {
  throw new DiagnosticError([diagnostic(code, params, where)]);
}

/** How diagnostics are coloured: each method gives its text with the colours of what its name says. */
export interface Paint {
  /** The word "error", and the marks below a line of the source. */
  error(text: string): string;
  /** The word "warning". */
  warning(text: string): string;
  /** The words "note" and "help". */
  note(text: string): string;
  /** The code of a diagnostic. */
  code(text: string): string;
  /** Numbers of lines. */
  dim(text: string): string;
}

const plain: Paint = { error: same, warning: same, note: same, code: same, dim: same };
function same(text: string): string {
  return text;
}

/** The form people read: place, severity, code, sentence; the source line with a caret; notes and help below. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], paint: Paint = plain): string {
  return diagnostics.map((d) => renderDiagnostic(d, paint)).join('\n\n');
}

export function renderDiagnostic(d: Diagnostic, paint: Paint = plain): string {
  const lines = [`${place(d.loc)}${paint[d.severity](d.severity)} ${paint.code(d.code)}: ${d.message}`];
  lines.push(...excerpt(d.loc, '  ', paint));
  for (const note of d.notes) {
    lines.push(`  ${place(note.loc)}${paint.note('note')}: ${note.message}`);
    lines.push(...excerpt(note.loc, '    ', paint));
  }
  if (d.help !== undefined) lines.push(`  ${paint.note('help')}: ${d.help}`);
  return lines.join('\n');
}

/** `file:line:column` as people click on it, relative to the current folder when below it. */
export function formatLoc(loc: Loc): string {
  if (isNowhere(loc)) return '';
  return `${host.shownPath(loc.file)}:${loc.line}:${loc.column}`;
}

const place = (loc: Loc): string => (isNowhere(loc) ? '' : `${formatLoc(loc)} - `);

function excerpt(loc: Loc, indent: string, paint: Paint): string[] {
  const line = sourceLine(loc);
  if (line === undefined) return [];
  const number = String(loc.line);
  const lead = line.slice(0, loc.column - 1).replace(/[^\t]/g, ' ');
  const word = /^[\w$]+/.exec(line.slice(loc.column - 1))?.[0].length ?? 1;
  return [
    `${indent}${paint.dim(`${number} |`)} ${line}`,
    `${indent}${paint.dim(`${' '.repeat(number.length)} |`)} ${lead}${paint.error('^'.repeat(Math.max(1, word)))}`,
  ];
}

const sources = new Map<string, readonly string[]>();

/** The lines of a source file; none when it cannot be read. */
export function sourceLines(file: string): readonly string[] {
  let lines = sources.get(file);
  if (!lines) {
    const content = host.readFile(file, Number.POSITIVE_INFINITY);
    lines = content.kind === 'bytes' ? fromUtf8(content.bytes).split(/\r?\n/) : [];
    sources.set(file, lines);
  }
  return lines;
}

/** Keeps the text of a file that is read elsewhere, or that is on no disk, so that diagnostics show its lines. */
export function rememberSource(file: string, text: string): void {
  sources.set(file, text.split(/\r?\n/));
}

const sourceLine = (loc: Loc): string | undefined => (isNowhere(loc) ? undefined : sourceLines(loc.file)[loc.line - 1]);
