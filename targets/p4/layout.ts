/** Indentation, comments and annotations of P4 text. */
import type { Annotation } from '../../compiler/ir/types.js';

/** Every line that is not empty, four spaces further in. */
export const indent = (text: string): string => text.replace(/^(?=.)/gm, '    ');

/** A line with more than so many characters after its indentation is broken: with most indentations that makes 100. */
const lineWidth = 88;

export const fits = (text: string): boolean => text.length <= lineWidth && !text.includes('\n');

/** `head` with the items in brackets: on one line when that is short, else one item a line. */
export function commas(head: string, [open, close]: readonly [string, string], items: readonly string[], broken = false): string {
  if (items.length === 0) return `${head}${open.trim()}${close.trim()}`;
  const line = `${head}${open}${items.join(', ')}${close}`;
  return fits(line) && !broken ? line : `${head}${open.trim()}\n${indent(items.join(',\n'))}\n${close.trim()}`;
}

/** `head text;`, where the text is long on a line of its own. */
export function statement(head: string, text: string): string {
  const line = `${head} ${text};`;
  return fits(line) || text.includes('\n') ? line : `${head}\n${indent(text)};`;
}

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

/** Annotations in front of a declaration: on a line of their own, or on several when they are long. */
export function annotationLine(list: readonly Annotation[] | undefined): string {
  if (!list?.length) return '';
  const texts = list.map(annotation);
  const line = texts.join(' ');
  return `${fits(line) ? line : texts.join('\n')}\n`;
}

/** Annotations in front of something on the same line. */
export const annotationsBefore = (list: readonly Annotation[] | undefined): string => (list ?? []).map((a) => `${annotation(a)} `).join('');

/** Annotations behind something on the same line. */
export const annotationsAfter = (list: readonly Annotation[] | undefined): string => (list ?? []).map((a) => ` ${annotation(a)}`).join('');

/** A string literal of P4. */
export const quote = (text: string): string => `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
