/** Indentation, comments and annotations of P4 text. */
import type { Annotation } from '../../compiler/ir/types.js';

/** Every line that is not empty, four spaces further in. */
export const indent = (text: string): string => text.replace(/^(?=.)/gm, '    ');

/** `head {`, the indented lines, `}`; `head {}` when there are none. */
export function braces(head: string, lines: readonly string[]): string {
  return lines.length === 0 ? `${head} {}` : `${head} {\n${indent(lines.join('\n'))}\n}`;
}

/** The user's comment in front of a declaration. */
export function docComment(doc: string | undefined): string {
  if (!doc?.trim()) return '';
  const lines = doc.trim().replaceAll('*/', '* /').split('\n');
  if (lines.length === 1) return `/** ${lines[0]} */\n`;
  return `/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join('\n')}\n */\n`;
}

/** The user's comment in front of a statement or field. */
export function lineComment(doc: string | undefined): string {
  if (!doc?.trim()) return '';
  return doc
    .trim()
    .split('\n')
    .map((line) => `// ${line}`.trimEnd())
    .join('\n')
    .concat('\n');
}

export function annotation(a: Annotation): string {
  if (a.structured) return `@${a.name}[${a.body ?? ''}]`;
  return a.body === undefined ? `@${a.name}` : `@${a.name}(${a.body})`;
}

/** Annotations on a line of their own. */
export const annotationLine = (list: readonly Annotation[] | undefined): string =>
  list?.length ? `${list.map(annotation).join(' ')}\n` : '';

/** Annotations in front of something on the same line. */
export const annotationsBefore = (list: readonly Annotation[] | undefined): string => (list ?? []).map((a) => `${annotation(a)} `).join('');

/** Annotations behind something on the same line. */
export const annotationsAfter = (list: readonly Annotation[] | undefined): string => (list ?? []).map((a) => ` ${annotation(a)}`).join('');

/** A string literal of P4. */
export const quote = (text: string): string => `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
