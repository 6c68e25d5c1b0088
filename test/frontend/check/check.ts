/** What the tests of the checker share. `»` stands in a program before the place that a diagnostic is about. */
import { expect, test } from 'vitest';
import { checkProgram, type Findings } from '../../../compiler/frontend/check/index.js';
import { Diagnostics } from '../../../compiler/support/diagnostics.js';
import { parse } from '../source.js';

const mark = '»';

/** What the checker finds out about a program that parses. */
export async function check(text: string): Promise<{ readonly findings: Findings; readonly diagnostics: Diagnostics }> {
  const parsed = await parse(text);
  expect(parsed.diagnostics.list.map((d) => `${d.loc.line}:${d.loc.column} ${d.message}`)).toEqual([]);
  const diagnostics = new Diagnostics();
  return { findings: checkProgram(parsed.program, diagnostics), diagnostics };
}

/** `line:column message` of every diagnostic. */
export async function found(text: string): Promise<string[]> {
  const { diagnostics } = await check(text);
  return diagnostics.list.map((d) => `${d.loc.line}:${d.loc.column} ${d.message}`);
}

const inShort = (program: string): string => program.replaceAll(/\s+/g, ' ').slice(-100);

/** A test that each of the programs is taken, without a warning. */
export function accepts(what: string, programs: readonly string[]): void {
  test.each(programs.map((p) => [inShort(p), p]))(`${what}: %s`, async (_, program) => {
    expect(await found(program)).toEqual([]);
  });
}

/** A test that each of the programs has one mistake or warning: at the mark, and with that message. */
export function reports(what: string, programs: readonly (readonly [program: string, message: string])[]): void {
  test.each(programs.map(([p, message]) => [inShort(p), p, message] as const))(`${what}: %s`, async (_, program, message) => {
    const before = program.slice(0, program.indexOf(mark)).split('\n');
    const place = `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
    expect(program).toContain(mark);
    expect(await found(program.replace(mark, ''))).toEqual([`${place} ${message}`]);
  });
}

/** Statements in the apply block of a control; `before` is what is declared above it. */
export const inApply = (body: string, before = ''): string =>
  `${before}
header H { bit<8> a; bit<16> b; }
struct S { bit<8> x; H h; H[4] stack; }
control c(inout S s, in bit<8> i, out bool o) {
  apply { ${body} }
}`;

/** A table of a control; `x` and `y` are there for keys, `set`, `both` and `none` for actions. */
export const inControl = (table: string, before = ''): string =>
  `match_kind { exact, lpm, ternary, range, optional } action NoAction() {}
${before}
control c(inout bit<8> x, in bit<16> y) {
  action none() {}
  action set(bit<8> v) { x = v; }
  action both(inout bit<8> a, bit<8> v) { a = v; }
  ${table}
  apply {}
}`;

/** The states of a parser. */
export const inParser = (states: string, before = ''): string =>
  `${before}
header H { bit<8> a; bit<16> b; }
parser p(in bit<8> i, in bit<16> j, out H h) {
  ${states}
}`;
