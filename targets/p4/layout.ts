/** What P4 text is laid out of: brackets, chains of operators, comments and annotations. */
import type { Annotation } from '../../compiler/ir/types.js';
import { brokenGroup, type Doc, group, hang, hardline, indent, join, line, print, softline } from '../../compiler/support/document.js';

/** P4 text of a document whose first line begins at the margin. */
export const printed = (doc: Doc): string => print(doc, { width: 100, step: 4 });

/** `(a, b)`: on one line, or each item on its own. `isBroken`: never on one line. */
export const parentheses = (items: readonly Doc[], isBroken = false): Doc => bracketed('(', items, ')', softline, isBroken);

/** `{ a, b }`, in the same way. */
export const list = (items: readonly Doc[], isBroken = false): Doc => bracketed('{', items, '}', line, isBroken);

function bracketed(open: string, items: readonly Doc[], close: string, edge: Doc, isBroken: boolean): Doc {
  if (items.length === 0) return open + close;
  const content = [open, indent(edge, join([',', line], items)), edge, close];
  return isBroken ? brokenGroup(content) : group(content);
}

/** Operands on one line, or each but the first on its own. */
export const chain = (operands: readonly Doc[]): Doc => group(indent(join(line, operands)));

/** `head = value`. */
export const assigned = (head: Doc, value: Doc): Doc => [head, ' =', hang(value)];

/** The user's comment in front of a declaration. */
export function docComment(doc: string | undefined): Doc {
  if (!doc?.trim()) return '';
  const lines = doc.trim().replaceAll('*/', '* /').split('\n');
  if (lines.length === 1) return [`/** ${lines[0]} */`, hardline];
  return ['/**', hardline, lines.map((text) => [` * ${text}`.trimEnd(), hardline]), ' */', hardline];
}

/** The user's comment in front of a statement or field. */
export function lineComment(doc: string | undefined): Doc {
  if (!doc?.trim()) return '';
  const lines = doc.trim().split('\n');
  return lines.map((text) => [`// ${text}`.trimEnd(), hardline]);
}

function annotation({ name, body, structured }: Annotation): string {
  if (structured) return `@${name}[${body ?? ''}]`;
  return body === undefined ? `@${name}` : `@${name}(${body})`;
}

/** Annotations in front of a declaration: on a line of their own, or on several when they are long. */
export const annotationLine = (all: readonly Annotation[] | undefined): Doc =>
  all?.length ? [group(join(line, all.map(annotation))), hardline] : '';

/** Annotations in front of something on the same line. */
export const annotationsBefore = (all: readonly Annotation[] | undefined): string => (all ?? []).map((a) => `${annotation(a)} `).join('');

/** Annotations after something on the same line. */
export const annotationsAfter = (all: readonly Annotation[] | undefined): string => (all ?? []).map((a) => ` ${annotation(a)}`).join('');

/** A string literal of P4. */
export const quote = (text: string): string => `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
