/**
 * Breaks long lines. Text is put together with marks where a line may be broken, in groups; once all is indented,
 * `layOut` breaks the groups that do not fit, the outer ones first. Marks are private characters of Unicode.
 */

/** The columns of a line. */
const width = 100;

const open = '\u{e001}';
const openBroken = '\u{e002}';
const openValue = '\u{e003}';
const close = '\u{e004}';
/** A space, or a new line further in. */
const line = '\u{e005}';
/** Nothing, or a new line further in. */
const cut = '\u{e006}';
/** Nothing, or a new line as far in as the group's first. */
const out = '\u{e007}';

export const withoutMarks = (text: string): string => text.replace(/[\u{e001}-\u{e007}]/gu, '');

/** Brackets around items: on one line, or each item on its own. `broken`: never on one line. */
export function bracketed([left, right]: readonly [string, string], items: readonly string[], broken = false): string {
  if (items.length === 0) return left.trim() + right.trim();
  const [first, last] = left.endsWith(' ') ? [line, ` ${out}`] : [cut, out];
  return `${left.trim()}${broken ? openBroken : open}${first}${items.join(`,${line}`)}${last}${close}${right.trim()}`;
}

/** Parts on one line, or each but the first on its own. */
export const chained = (parts: readonly string[]): string => open + parts.join(line) + close;

/** `head value`: on one line; else the value on a line of its own where it fits there; else broken within. */
export const headed = (head: string, value: string): string => `${head}${openValue}${line}${value}${close}`;

interface Group {
  readonly kind: typeof open | typeof openBroken | typeof openValue;
  readonly parts: Part[];
}
/** Text, a mark where the line may be broken, or a group. */
type Part = string | Group;

/** The text with its lines broken. */
export const layOut = (text: string): string => text.split('\n').map(layOutLine).join('\n');

function layOutLine(text: string): string {
  if (withoutMarks(text) === text) return text;
  const margin = /^ */.exec(text)?.[0].length ?? 0;
  const writer = new LineWriter();
  writer.write(parse(text.slice(margin)), margin, true, 0, ' '.repeat(margin));
  return writer.text;
}

function parse(text: string): readonly Part[] {
  const root: Part[] = [];
  const stack = [root];
  for (const token of text.split(/([\u{e001}-\u{e007}])/u)) {
    const parts = stack.at(-1) as Part[];
    if (token === open || token === openBroken || token === openValue) {
      const group: Group = { kind: token, parts: [] };
      parts.push(group);
      stack.push(group.parts);
    } else if (token === close) stack.pop();
    else if (token !== '') parts.push(token);
  }
  return root;
}

class LineWriter {
  text = '';
  #column = 0;

  /** `after`: how much text follows the parts on their last line. */
  write(parts: readonly Part[], margin: number, flat: boolean, after: number, start = ''): void {
    this.#add(start);
    for (const [i, part] of parts.entries()) {
      if (typeof part !== 'string') this.#group(part, margin, this.#until(parts, i + 1, flat, after));
      else if (part === line || part === cut || part === out) this.#mark(part, margin, flat);
      else this.#add(part);
    }
  }

  #group(group: Group, margin: number, after: number): void {
    const length = flatLength(group.parts);
    const fits = this.#column + length + after <= width && !mustBreak(group);
    if (fits) this.write(group.parts, margin, true, 0);
    else if (group.kind !== openValue) this.write(group.parts, margin + 4, false, after);
    else if (margin + 4 + length - 1 + after <= width && !mustBreak(group)) this.write(group.parts, margin + 4, false, after);
    else this.write(group.parts, margin, true, after);
  }

  #mark(mark: string, margin: number, flat: boolean): void {
    if (flat) this.#add(mark === line ? ' ' : '');
    else {
      const indent = mark === out ? margin - 4 : margin;
      this.text = `${this.text.trimEnd()}\n${' '.repeat(indent)}`;
      this.#column = indent;
    }
  }

  /** The length of what follows up to the next place where the line will be broken. */
  #until(parts: readonly Part[], from: number, flat: boolean, after: number): number {
    let length = 0;
    for (const part of parts.slice(from)) {
      if (!flat && (part === line || part === cut || part === out)) return length;
      length += flatLength([part]);
    }
    return length + after;
  }

  #add(text: string): void {
    this.text += text;
    this.#column += text.length;
  }
}

function flatLength(parts: readonly Part[]): number {
  let length = 0;
  for (const part of parts) {
    if (typeof part !== 'string') length += flatLength(part.parts);
    else if (part === line) length += 1;
    else if (part !== cut && part !== out) length += part.length;
  }
  return length;
}

const mustBreak = (group: Group): boolean =>
  group.kind === openBroken || group.parts.some((part) => typeof part !== 'string' && mustBreak(part));
