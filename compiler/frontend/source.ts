/** A text of P4 and the places in it. A backslash at the end of a line joins it to the next one (P4-16 §6.2). */
import { rememberSource } from '../support/diagnostics.js';
import type { Loc } from '../support/location.js';

const splice = /\\\r?\n/g;

export class SourceFile {
  readonly file: string;
  readonly written: string;
  /** What is read: without a byte order mark and without the joints of lines. */
  readonly text: string;
  /** Offsets, in the text as written, at which its lines begin. */
  readonly #lines: readonly number[];
  /** Where `text` leaves out characters of the text as written, and how many up to there. */
  readonly #joints: readonly { readonly at: number; readonly removed: number }[];
  #line = 0;
  #joint = 0;

  constructor(file: string, written: string) {
    rememberSource(file, written);
    const mark = written.startsWith('\uFEFF') ? 1 : 0;
    const joints = mark === 0 ? [] : [{ at: 0, removed: 1 }];
    let removed = mark;
    for (const { index, 0: joint } of written.matchAll(splice)) {
      joints.push({ at: index - removed, removed: removed + joint.length });
      removed += joint.length;
    }
    this.file = file;
    this.written = written;
    this.text = removed === 0 ? written : written.slice(mark).replace(splice, '');
    this.#lines = lineStarts(written);
    this.#joints = joints;
  }

  /** The place of an offset in `text`. Fast for offsets that ascend. */
  locAt(offset: number): Loc {
    while (this.#joint > 0 && offset < (this.#joints[this.#joint - 1]?.at ?? 0)) this.#joint--;
    while (offset >= (this.#joints[this.#joint]?.at ?? Infinity)) this.#joint++;
    const written = offset + (this.#joints[this.#joint - 1]?.removed ?? 0);
    while (written < (this.#lines[this.#line] ?? 0)) this.#line--;
    while (written >= (this.#lines[this.#line + 1] ?? Infinity)) this.#line++;
    return Object.freeze({ file: this.file, line: this.#line + 1, column: written - (this.#lines[this.#line] ?? 0) + 1 });
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return starts;
}
