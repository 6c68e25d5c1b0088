/** Changes of texts, and how they are shown. */
import type { SourceText } from './source-text.js';

export interface Edit {
  readonly file: string;
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** What it does, in a few words. */
  readonly what: string;
}

/** The text with the edits made, which do not overlap. */
export function edited(text: string, edits: readonly Edit[], from = 0, to = text.length): string {
  let out = '';
  let at = from;
  for (const edit of inOrder(edits)) {
    out += text.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  return out + text.slice(at, to);
}

/** Insertions at one place stay in the order in which they were made. */
export const inOrder = (edits: readonly Edit[]): readonly Edit[] =>
  edits
    .map((edit, i) => ({ edit, i }))
    .sort((a, b) => a.edit.from - b.edit.from || a.i - b.i)
    .map(({ edit }) => edit);

/** Lines around a change in a diff. */
const context = 3;

/** The edits as a unified diff. */
export function unifiedDiff(path: string, text: string, edits: readonly Edit[]): string {
  const starts = [0, ...[...text.matchAll(/\n/g)].map((m) => m.index + 1)];
  const lineOf = (offset: number): number => starts.findLastIndex((start) => start <= offset);
  const lines = (part: string): string[] => part.replace(/\n$/, '').split('\n');
  const hunks: { first: number; last: number; edits: Edit[] }[] = [];
  for (const edit of inOrder(edits)) {
    const [first, last] = [lineOf(edit.from), lineOf(Math.max(edit.from, edit.to - 1))];
    const before = hunks.at(-1);
    if (before && first <= before.last + 2 * context) {
      before.last = Math.max(before.last, last);
      before.edits.push(edit);
    } else hunks.push({ first, last, edits: [edit] });
  }
  let shift = 0;
  const shown = hunks.map((hunk) => {
    const changed = groups(hunk.edits, lineOf);
    const top = Math.max(0, hunk.first - context);
    const bottom = Math.min(starts.length - 1, hunk.last + context);
    const out: string[] = [];
    let at = top;
    let added = 0;
    const keep = (to: number): void => {
      for (; at < to; at++) {
        const line = text.slice(starts[at], starts[at + 1]);
        if (line !== '') out.push(` ${lines(line)[0]}`);
      }
    };
    for (const { first, last, edits: own } of changed) {
      keep(first);
      const [from, to] = [starts[first] ?? 0, starts[last + 1] ?? text.length];
      const [old, now] = [lines(text.slice(from, to)), edited(text, own, from, to)];
      const fresh = now === '' ? [] : lines(now);
      out.push(...old.map((line) => `-${line}`), ...fresh.map((line) => `+${line}`));
      added += fresh.length - old.length;
      at = last + 1;
    }
    keep(bottom + 1);
    const count = out.filter((line) => !line.startsWith('+')).length;
    const head = `@@ -${top + 1},${count} +${top + 1 + shift},${count + added} @@`;
    shift += added;
    return [head, ...out].join('\n');
  });
  return `--- ${path}\n+++ ${path}\n${shown.join('\n')}\n`;
}

/** The edits by the lines that they change. */
function groups(edits: readonly Edit[], lineOf: (offset: number) => number): { first: number; last: number; edits: Edit[] }[] {
  const found: { first: number; last: number; edits: Edit[] }[] = [];
  for (const edit of edits) {
    const [first, last] = [lineOf(edit.from), lineOf(Math.max(edit.from, edit.to - 1))];
    const before = found.at(-1);
    if (before && first <= before.last + 1) {
      before.last = Math.max(before.last, last);
      before.edits.push(edit);
    } else found.push({ first, last, edits: [edit] });
  }
  return found;
}

/** The line of a place in the text, from 1. */
export const lineAt = (source: SourceText, offset: number): number => source.text.slice(0, offset).split('\n').length;
