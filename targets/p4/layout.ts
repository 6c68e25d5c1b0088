/** Indentation, comments and annotations of P4 text. */
import type { Annotation } from '../../compiler/ir/types.js';
import { withoutMarks } from './lines.js';

/** Every line that is not empty, four spaces further in. */
export const indent = (text: string): string => text.replace(/^(?=.)/gm, '    ');

/** `head {`, the indented lines, `}`; `head {}` when there are none. */
export function braces(head: string, lines: readonly string[]): string {
  return lines.length === 0 ? `${head} {}` : `${head} {\n${indent(lines.join('\n'))}\n}`;
}

/** The user's comment in front of a declaration. */
export function docComment(doc: string | undefined): string {
  if (!doc?.trim()) return '';
  const lines = withoutMarks(doc).trim().replaceAll('*/', '* /').split('\n');
  if (lines.length === 1) return `/** ${lines[0]} */\n`;
  return `/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join('\n')}\n */\n`;
}

/** The user's comment in front of a statement or field. */
export function lineComment(doc: string | undefined): string {
  if (!doc?.trim()) return '';
  return withoutMarks(doc)
    .trim()
    .split('\n')
    .map((line) => `// ${line}`.trimEnd())
    .join('\n')
    .concat('\n');
}

export function annotation(a: Annotation): string {
  const body = withoutMarks(a.body ?? '');
  if (a.structured) return `@${a.name}[${body}]`;
  return a.body === undefined ? `@${a.name}` : `@${a.name}(${body})`;
}

/** Annotations in front of a declaration: on a line of their own, or on several when they are long. */
export function annotationLine(list: readonly Annotation[] | undefined): string {
  if (!list?.length) return '';
  const texts = list.map(annotation);
  const line = texts.join(' ');
  return `${line.length <= 90 ? line : texts.join('\n')}\n`;
}

/** Annotations in front of something on the same line. */
export const annotationsBefore = (list: readonly Annotation[] | undefined): string => (list ?? []).map((a) => `${annotation(a)} `).join('');

/** Annotations behind something on the same line. */
export const annotationsAfter = (list: readonly Annotation[] | undefined): string => (list ?? []).map((a) => ` ${annotation(a)}`).join('');

/** A string literal of P4. */
export const quote = (text: string): string => `"${withoutMarks(text).replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
