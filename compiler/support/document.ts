/**
 * Text whose lines are broken where they get too long (Wadler, "A prettier printer"). A document says where a line may be
 * broken and what belongs together: `print` keeps a group on one line where it fits there, and breaks all of its lines otherwise.
 */

/** A text without line ends, documents one after the other, or what the functions below make. */
export type Doc = string | readonly Doc[] | Line | Group | Indented | Hanging;

interface Line {
  readonly kind: 'line';
  /** What it is in a group on one line; undefined where it never is on one. */
  readonly flat: ' ' | '' | undefined;
}
interface Group {
  readonly kind: 'group';
  readonly content: Doc;
  readonly isBroken: boolean;
}
interface Indented {
  readonly kind: 'indent';
  readonly content: Doc;
}
interface Hanging {
  readonly kind: 'hang';
  readonly content: Doc;
}

/** A space, or a new line. */
export const line: Doc = { kind: 'line', flat: ' ' };
/** Nothing, or a new line. */
export const softline: Doc = { kind: 'line', flat: '' };
/** A new line. */
export const hardline: Doc = { kind: 'line', flat: undefined };

/** On one line where it fits there. */
export const group = (...content: readonly Doc[]): Doc => ({ kind: 'group', content, isBroken: false });

/** Each of its own lines is broken, short as they are. */
export const brokenGroup = (...content: readonly Doc[]): Doc => ({ kind: 'group', content, isBroken: true });

/** New lines in it begin further in. */
export const indent = (...content: readonly Doc[]): Doc => ({ kind: 'indent', content });

/** After a space where it fits whole; else on a line of its own, further in, where it fits whole there; else after a space, broken within. */
export const hang = (...content: readonly Doc[]): Doc => ({ kind: 'hang', content });

export function join(separator: Doc, docs: readonly Doc[]): Doc {
  const all: Doc[] = [];
  for (const doc of docs) {
    if (all.length > 0) all.push(separator);
    all.push(doc);
  }
  return all;
}

/** `head {`, an indented line for each, `}`; `head {}` when there are none. */
export function braces(head: Doc, lines: readonly Doc[]): Doc {
  const open = head === '' ? '{' : [head, ' {'];
  return lines.length === 0 ? [open, '}'] : [open, indent(hardline, join(hardline, lines)), hardline, '}'];
}

export interface Layout {
  /** The columns of a line; a text that is longer stays whole. */
  readonly width: number;
  /** The columns of one `indent`. */
  readonly step: number;
  /** The columns that every line is further in; the first line has them already. */
  readonly margin?: number;
}

interface Pending {
  readonly doc: Doc;
  readonly margin: number;
  readonly isFlat: boolean;
}

/** Takes time in proportion to the document, however deep it is. */
export function print(document: Doc, { width, step, margin = 0 }: Layout): string {
  const pieces: string[] = [];
  /** What is left to print, the next last. */
  const todo: Pending[] = [{ doc: document, margin, isFlat: false }];
  let column = margin;
  /** Of a line that nothing is on yet: blank lines have none. */
  let due = 0;
  for (let next = todo.pop(); next; next = todo.pop()) {
    const { doc, margin, isFlat } = next;
    if (typeof doc === 'string') {
      if (doc === '') continue;
      if (due > 0) pieces.push(' '.repeat(due));
      due = 0;
      pieces.push(doc);
      column += doc.length;
    } else if (isList(doc)) {
      for (let i = doc.length - 1; i >= 0; i--) todo.push({ doc: doc[i] as Doc, margin, isFlat });
    } else if (doc.kind === 'line') {
      if (isFlat) {
        if (doc.flat) todo.push({ doc: doc.flat, margin, isFlat });
        continue;
      }
      pieces.push('\n');
      column = margin;
      due = margin;
    } else if (doc.kind === 'indent') {
      todo.push({ doc: doc.content, margin: margin + step, isFlat });
    } else if (isFlat) {
      todo.push({ doc: doc.kind === 'hang' ? [' ', doc.content] : doc.content, margin, isFlat });
    } else if (doc.kind === 'group') {
      todo.push({ doc: doc.content, margin, isFlat: fits(doc, width - column, todo) });
    } else if (fits(doc, width - column, todo)) {
      todo.push({ doc: [' ', doc.content], margin, isFlat: true });
    } else if (fits(doc.content, width - margin - step, todo)) {
      todo.push({ doc: doc.content, margin: margin + step, isFlat: true }, { doc: hardline, margin: margin + step, isFlat });
    } else {
      todo.push({ doc: [' ', doc.content], margin, isFlat });
    }
  }
  return pieces.join('');
}

/** Whether the document on one line, with what follows it up to the next line break, has at most so many columns. */
function fits(document: Doc, columns: number, rest: readonly Pending[]): boolean {
  let left = columns;
  let following = rest.length;
  const todo: Omit<Pending, 'margin'>[] = [{ doc: document, isFlat: true }];
  while (left >= 0) {
    const next = todo.pop();
    if (!next) {
      if (following === 0) return true;
      following--;
      todo.push(rest[following] as Pending);
      continue;
    }
    const { doc, isFlat } = next;
    const isOwn = following === rest.length;
    if (typeof doc === 'string') left -= doc.length;
    else if (isList(doc)) for (let i = doc.length - 1; i >= 0; i--) todo.push({ doc: doc[i] as Doc, isFlat });
    else if (doc.kind === 'indent') todo.push({ doc: doc.content, isFlat });
    else if (doc.kind === 'line') {
      if (!isFlat || doc.flat === undefined) return !isOwn;
      left -= doc.flat.length;
    } else {
      if (doc.kind === 'group' && doc.isBroken) return !isOwn;
      if (doc.kind === 'hang') left--;
      todo.push({ doc: doc.content, isFlat: true });
    }
  }
  return false;
}

const isList = (doc: Doc): doc is readonly Doc[] => Array.isArray(doc);
