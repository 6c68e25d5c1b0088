/**
 * Programs of long ago in today's form: edits of their texts for what the checker found (check/old-forms.ts). Nothing else in
 * the texts changes. What a macro stands for, and what is in other files than those that may be changed, is left.
 */
import { printExpr } from '../../ir/print.js';
import { type Diagnostic, DiagnosticError, fail } from '../../support/diagnostics.js';
import { invariant } from '../../support/invariant.js';
import type { Loc } from '../../support/location.js';
import type { FieldDecl, InstanceDecl, Param } from '../ast.js';
import type { Findings } from '../check/context.js';
import type { NewArg, OldForm } from '../check/old-forms.js';
import type { Owner } from '../check/own-parameters.js';
import type { Edit } from './edits.js';
import type { SourceText, Span } from './source-text.js';

/** `sources`: the files that may be changed, by their names in places. */
export function fixesFor(
  findings: Findings,
  sources: ReadonlyMap<string, SourceText>,
): { edits: readonly Edit[]; left: readonly Diagnostic[] } {
  return new Fixer(findings, sources).run();
}

const fromMacro = (what: string, macro?: string): never => fail('fix-macro', { what, macro });

class Fixer {
  readonly #findings: Findings;
  readonly #sources: ReadonlyMap<string, SourceText>;
  readonly #owners: ReadonlyMap<Param, Owner>;
  readonly #used: ReadonlyMap<object, Owner>;

  constructor(findings: Findings, sources: ReadonlyMap<string, SourceText>) {
    this.#findings = findings;
    this.#sources = sources;
    this.#used = new Map(findings.uses.map(({ node, used }) => [node, used]));
    this.#owners = new Map([...findings.addedParams].map(([owner, param]) => [param, owner]));
  }

  run(): { edits: readonly Edit[]; left: readonly Diagnostic[] } {
    const edits = new Map<string, Edit>();
    const left: Diagnostic[] = [];
    const fixed = new Set<OldForm>();
    for (const form of this.#findings.oldForms.values()) {
      try {
        for (const edit of this.#form(form)) edits.set(`${edit.file}:${edit.from}:${edit.to}:${edit.text}`, edit);
        fixed.add(form);
      } catch (error) {
        if (!(error instanceof DiagnosticError)) throw error;
        left.push(...error.diagnostics.map((d) => ({ ...d, loc: placeOf(form) })));
      }
    }
    for (const [field, numbers] of listsOf(fixed)) {
      const edit = this.#list(field, numbers);
      edits.set(`${edit.file}:${edit.from}`, edit);
    }
    for (const edit of this.#unused(fixed)) edits.set(`${edit.file}:${edit.from}:${edit.to}`, edit);
    return { edits: [...edits.values()], left };
  }

  #form(form: OldForm): readonly Edit[] {
    const missing = form.args.find((arg) => arg.kind === 'missing');
    if (missing?.kind === 'missing') fail('fix-parameter', { type: missing.type });
    const params = form.args.flatMap((arg) => (arg.kind === 'parameter' ? [arg.decl] : []));
    for (const field of form.keeps?.fields ?? []) this.#listPlace(field);
    return [
      ...(form.call.callee.kind === 'member' ? this.#method(form) : this.#call(form)),
      ...params.flatMap((param) => this.#param(param, new Set())),
    ];
  }

  // ── calls ──

  #call(form: OldForm): readonly Edit[] {
    const { callee, args, typeArgs, loc } = form.call;
    invariant(callee.kind === 'name', 'a call without a name');
    const source = this.#source(loc);
    const name = this.#word(source, callee.path.name.loc, callee.path.name.text);
    const open = source.list(name);
    const close = open === undefined ? undefined : source.close(open);
    if (open === undefined || close === undefined) return fromMacro('one of its arguments');
    const given = source.elements(open, close);
    if (given.length !== args.length) return fromMacro('one of its arguments');
    const what = `${callee.path.name.text} → ${form.name}(${form.args.map((arg) => shown(arg)).join(', ')})`;
    const edit = (from: number, to: number, text: string): Edit => ({ file: loc.file, from, to, text, what });
    const named = args.some((arg) => arg.name);
    // The arguments in front that stay as they are stay where they are.
    let kept = 0;
    while (!named && form.args[kept]?.kind === 'old' && (form.args[kept] as { at: number }).at === kept) kept++;
    const added = form.args.slice(kept).map((arg) => this.#text(arg, form, source, given));
    const from = kept === 0 ? source.end(open) : source.end((given[kept - 1] as Span).last);
    const before = kept === 0 || added.length === 0 ? '' : gap(source, given, kept);
    const last = given.at(-1);
    return [
      ...(form.name === callee.path.name.text ? [] : [edit(source.start(name), source.end(name), form.name)]),
      ...(typeArgs ? [edit(source.end(name), source.start(open), '')] : []),
      edit(from, last ? source.end(last.last) : from, before + added.join(', ')),
    ];
  }

  /** `x = object.get(data);` becomes a call that is given x. */
  #method(form: OldForm): readonly Edit[] {
    const { callee, args } = form.call;
    invariant(callee.kind === 'member', 'a method without an object');
    const source = this.#source(callee.member.loc);
    const method = this.#word(source, callee.member.loc, callee.member.text);
    const open = source.list(method);
    const close = open === undefined ? undefined : source.close(open);
    const object = source.at(callee.loc);
    if (open === undefined || close === undefined || object === undefined) return fromMacro('one of its arguments');
    const given = source.elements(open, close);
    const target = targetBefore(source, object);
    if (!target || source.word(close + 1) !== ';' || given.length !== args.length) return fail('fix-result', {});
    const text = form.args.map((arg) => (arg.kind === 'result' ? source.slice(target) : this.#text(arg, form, source, given)));
    const what = `${callee.member.text} → ${form.name}(…)`;
    const { file } = callee.member.loc;
    return [{ file, from: source.start(target.first), to: source.end(close), text: `${form.name}(${text.join(', ')})`, what }];
  }

  #text(arg: NewArg, { call }: OldForm, source: SourceText, given: readonly Span[]): string {
    if (arg.kind !== 'old') return shown(arg);
    const at = call.args.findIndex((a) => a.value === arg.value);
    const span = given[at];
    invariant(span, 'an argument without its text');
    // After `name =` where it is named.
    return source.slice(call.args[at]?.name ? { first: span.first + 2, last: span.last } : span);
  }

  // ── lists and parameters ──

  /** Where a field can be put into one more list. */
  #listPlace(field: FieldDecl): { readonly source: SourceText; readonly at: number; readonly isNew: boolean } {
    const source = this.#source(field.loc);
    this.#word(source, field.name.loc, field.name.text);
    const there = field.annotations.find((a) => a.name === 'field_list');
    const first = source.at(there?.loc ?? field.loc);
    const close = there && first !== undefined && source.word(first) === '@' ? source.close(first + 2) : undefined;
    if (first === undefined || (there && close === undefined)) return fromMacro(`the field ${field.name.text}`);
    return { source, at: source.start(close ?? first), isNew: !there };
  }

  #list(field: FieldDecl, numbers: readonly number[]): Edit {
    const { at, isNew } = this.#listPlace(field);
    const lists = numbers.join(', ');
    const text = isNew ? `@field_list(${lists}) ` : `, ${lists}`;
    return { file: field.loc.file, from: at, to: at, text, what: `${field.name.text} is in the list ${lists}` };
  }

  /** What it takes for a new parameter: its declaration, and an argument wherever what has it is used. */
  #param(param: Param, seen: Set<Param>): readonly Edit[] {
    const owner = this.#owners.get(param);
    if (!owner || seen.has(param)) return [];
    seen.add(param);
    const source = this.#source(owner.name.loc);
    const type = param.type.kind === 'named-type' ? param.type.path.name.text : '';
    const text = `${param.direction} ${type} ${param.name.text}`;
    const file = owner.name.loc.file;
    const name = this.#word(source, owner.name.loc, owner.name.text);
    const edits = [this.#insert(source, file, name, owner.kind === 'action', text, `a parameter ${param.name.text} of ${owner.name.text}`)];
    for (const [node, { param: given }] of this.#findings.addedArgs) {
      const used = 'callee' in node ? node.callee : node;
      if (this.#used.get(node) !== owner) continue;
      if (!given) return fail('fix-use', { name: owner.name.text, param: param.name.text });
      const path = 'path' in used ? used.path.name : used.kind === 'member' ? used.member : undefined;
      invariant(path, 'a use without a name');
      const at = this.#source(path.loc);
      const word = this.#word(at, path.loc, path.text);
      edits.push(
        this.#insert(at, path.loc.file, word, owner.kind === 'action', given.name.text, `${given.name.text} given to ${owner.name.text}`),
      );
      edits.push(...this.#param(given, seen));
    }
    return edits;
  }

  /** One more element of the list after a name, in front or at the end; a list where there is none. */
  #insert(source: SourceText, file: string, name: number, first: boolean, text: string, what: string): Edit {
    const edit = (at: number, inserted: string): Edit => ({ file, from: at, to: at, text: inserted, what });
    const open = source.list(name);
    if (open === undefined) return edit(source.end(name), `(${text})`);
    const close = source.close(open);
    if (close === undefined) return fromMacro('a list of parameters or arguments');
    const last = source.elements(open, close).at(-1);
    if (first || !last) return edit(source.end(open), last ? `${text}, ` : text);
    return edit(source.end(last.last), `, ${text}`);
  }

  /** Objects whose calls are all gone. */
  *#unused(fixed: ReadonlySet<OldForm>): Generator<Edit> {
    const objects = new Map<InstanceDecl, boolean>();
    for (const form of this.#findings.oldForms.values()) {
      const { callee } = form.call;
      const base = callee.kind === 'member' && callee.base.kind === 'name' ? this.#findings.entities.get(callee.base.path) : undefined;
      if (base?.kind === 'instance') objects.set(base.decl, (objects.get(base.decl) ?? true) && fixed.has(form));
    }
    for (const [decl, isUnused] of objects) {
      const source = this.#sources.get(decl.loc.file);
      const first = source?.at(decl.loc);
      const name = source?.at(decl.name.loc);
      if (!isUnused || !source || first === undefined || name === undefined || source.word(name + 1) !== ';') continue;
      const [from, to] = wholeLine(source.text, source.start(first), source.end(name + 1));
      yield { file: decl.loc.file, from, to, text: '', what: `${decl.name.text} is not needed any more` };
    }
  }

  // ── places ──

  #source({ file }: Loc): SourceText {
    return this.#sources.get(file) ?? fail('fix-file', { file });
  }

  /** The word at the place, which has to be this one: what a macro stands for is not written there. */
  #word(source: SourceText, loc: Loc, text: string): number {
    const at = source.at(loc);
    if (at !== undefined && source.word(at) === text) return at;
    return fromMacro(text, at === undefined ? undefined : source.word(at));
  }
}

/** The new lists of each field. */
function listsOf(forms: Iterable<OldForm>): ReadonlyMap<FieldDecl, readonly number[]> {
  const lists = new Map<FieldDecl, number[]>();
  for (const { keeps } of forms) {
    for (const field of keeps?.fields ?? []) {
      const numbers = lists.get(field) ?? [];
      if (keeps && !numbers.includes(keeps.number)) lists.set(field, [...numbers, keeps.number]);
    }
  }
  return lists;
}

const placeOf = ({ call }: OldForm): Loc => (call.callee.kind === 'member' ? call.callee.member.loc : call.loc);

function shown(arg: NewArg): string {
  switch (arg.kind) {
    case 'number':
      return String(arg.value);
    case 'parameter':
      return arg.decl.name.text;
    case 'constant':
      return printExpr(arg.value);
    default:
      return '…';
  }
}

/** What is between the argument in front and the next one: a comma, and space or a new line as it was. */
function gap(source: SourceText, given: readonly Span[], kept: number): string {
  const [before, next] = [given[kept - 1], given[kept]];
  return before && next ? source.text.slice(source.end(before.last), source.start(next.first)) : ', ';
}

/** The place that is assigned to in front of a word, where it is a statement of its own. */
function targetBefore(source: SourceText, word: number): Span | undefined {
  if (source.word(word - 1) !== '=') return undefined;
  const last = word - 2;
  let first = last;
  while (/^[\w.[\]]$|^\w+$/.test(source.word(first - 1)) && !keywords.has(source.word(first - 1))) first--;
  if (first > last || !boundaries.has(source.word(first - 1))) return undefined;
  const text = source.slice({ first, last });
  return /^\w+(?:\s*\.\s*\w+|\s*\[\s*\w+\s*\])*$/.test(text) ? { first, last } : undefined;
}
const keywords = new Set(['else', 'const', 'return']);
const boundaries = new Set(['{', '}', ';', ')', 'else']);

/** The line with its end, where nothing else is on it. */
function wholeLine(text: string, from: number, to: number): readonly [number, number] {
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const end = text.indexOf('\n', to);
  const rest = text.slice(to, end < 0 ? text.length : end);
  return text.slice(start, from).trim() === '' && rest.trim() === '' ? [start, end < 0 ? text.length : end + 1] : [from, to];
}
