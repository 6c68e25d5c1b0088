/**
 * The 44 points at which BMv2's behaviour surprises: each has a test that names it, and a scenario on BMv2 where BMv2 can
 * show it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadScenarios } from './scenarios.js';

/** The scenarios, or why there is none. */
const points: readonly (readonly string[] | string)[] = [
  ['arithmetic', 'values'],
  ['arithmetic', 'values'],
  ['arithmetic', 'values'],
  ['values'],
  ['arithmetic', 'values'],
  'conditions have no effects in the language: nothing tells which part was evaluated',
  ['values'],
  ['values', 'parser-errors'],
  ['invalid-headers'],
  ['headers'],
  ['headers', 'header-forms'],
  ['header-forms'],
  ['stacks'],
  'BMv2 aborts at an index out of range',
  ['header-forms'],
  ['header-forms'],
  'p4ts and p4c refuse such programs',
  ['headers', 'stacks'],
  ['parser-errors', 'parser-errors-ignored'],
  ['parser-errors'],
  ['v1model-parsers'],
  ['v1model-parsers', 'not-written'],
  ['v1model-decisions', 'decisions'],
  ['v1model-decisions'],
  ['v1model-decisions'],
  ['v1model-decisions'],
  ['v1model-decisions', 'copies-and-turns'],
  ['v1model-decisions', 'copies-and-turns'],
  ['v1model-decisions', 'copies-and-turns', 'multicast'],
  ['v1model-decisions', 'control-flow'],
  ['checksums', 'payload-checksums'],
  ['hashes'],
  ['v1model-decisions', 'functions'],
  ['registers', 'v1model-decisions'],
  ['meters', 'shaper'],
  ['meters', 'counters'],
  ['selectors', 'one-shots'],
  ['digests', 'functions', 'v1model-decisions'],
  ['functions', 'v1model-decisions'],
  ['ternary-keys', 'declared-entries'],
  ['ternary-keys'],
  ['longest-prefixes'],
  ['range-and-optional-keys', 'declared-entries'],
  ['control-flow', 'declared-entries'],
];

const folder = new URL('../../interpreter/', import.meta.url);
const titles = readdirSync(folder)
  .filter((file) => file.startsWith('semantics'))
  .flatMap((file) => [...readFileSync(new URL(file, folder), 'utf8').matchAll(/test\('trap (\d+):/g)].map(([, number]) => Number(number)));
const known = new Set((await loadScenarios()).map(({ name }) => name));

test('there are 44', () => {
  expect(points).toHaveLength(44);
});

test.each(points.map((shown, i) => [i + 1, shown] as const))('point %i has a test that names it, and scenarios', (number, shown) => {
  expect(titles).toContain(number);
  if (typeof shown !== 'string') expect(shown.filter((name) => !known.has(name))).toEqual([]);
});
