import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { validate } from '../../compiler/analysis/validate.js';
import * as ir from '../../compiler/ir/build.js';
import { fromJson, toJson } from '../../compiler/ir/json.js';
import type { Program } from '../../compiler/ir/program.js';
import { DiagnosticError } from '../../compiler/support/diagnostics.js';
import { at, mark, program, sample } from '../support/portable-program.js';
import * as arbitrary from './arbitrary.js';

const failure = (json: string): { code: string | undefined; message: string | undefined } => {
  try {
    fromJson(json);
  } catch (error) {
    if (error instanceof DiagnosticError) return { code: error.diagnostics[0]?.code, message: error.diagnostics[0]?.message };
    throw error;
  }
  return { code: undefined, message: undefined };
};
const edited = (edit: (json: any) => void, of: Program = sample): string => {
  const json = JSON.parse(toJson(of));
  edit(json);
  return JSON.stringify(json);
};

describe('writing and reading', () => {
  test('gives the same program again', () => {
    expect(validate(sample).diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
    expect(fromJson(toJson(sample))).toEqual(sample);
    fc.assert(
      fc.property(arbitrary.program, (p) => {
        expect(fromJson(toJson(p))).toEqual(p);
      }),
    );
  });

  test('is compact: files and types once, places as tuples', () => {
    const json = JSON.parse(toJson(program({ ingress: [ir.assign(mark, ir.bits(1, 8, at(7)))] })));
    expect(Object.keys(json)).toEqual(['irVersion', 'files', 'types', 'program']);
    expect(json.files).toEqual(['/p.ts']);
    expect(new Set(json.types.map((t: unknown) => JSON.stringify(t))).size).toBe(json.types.length);
    const [{ value }] = json.program.controls[0].body;
    expect(value).toEqual({
      kind: 'const',
      value: '1',
      type: json.types.findIndex((t: any) => t.kind === 'bit' && t.width === 8),
      loc: [0, 7, 1],
    });
  });

  test('the result is frozen all the way down', () => {
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(fromJson(toJson(sample)))).toBe(true);
  });
});

describe('malformed input is a diagnostic', () => {
  test.each<[string, string, string, RegExp]>([
    ['no JSON', '{"irVersion":', 'ir-malformed', /at the top, expected JSON text/],
    ['nothing', 'null', 'ir-malformed', /expected a program with its irVersion/],
    ['another version', '{"irVersion":2}', 'ir-version', /has IR version 2; this p4ts reads version 1/],
    ['a strange version', '{"irVersion":"1"}', 'ir-malformed', /irVersion/],
    ['nothing but a version', '{"irVersion":1}', 'ir-malformed', /expected a field "files"/],
    ['a field that a program does not have', edited((j) => (j.program.extra = 1)), 'ir-malformed', /at program, expected no field "extra"/],
    ['a field that is missing', edited((j) => delete j.program.main), 'ir-malformed', /at program, expected a field "main"/],
    [
      'an unknown kind',
      edited((j) => (j.program.types[0].kind = 'heder')),
      'ir-malformed',
      /at program\.types\[0\]\.kind, expected one of header/,
    ],
    ['a kind from the prototype', edited((j) => (j.program.types[0].kind = 'toString')), 'ir-malformed', /types\[0\]\.kind/],
    [
      '__proto__',
      edited(() => {})
        .replace('"doc"', '"doc"')
        .replace('"program":{', '"program":{"__proto__":{},'),
      'ir-malformed',
      /no field "__proto__"/,
    ],
    ['a number of no type', edited((j) => (j.program.types[0].fields[0].type = 9999)), 'ir-malformed', /expected the number of a type/],
    ['a file that is not there', edited((j) => (j.program.types[0].loc = [7, 1, 1])), 'ir-malformed', /expected a place/],
    [
      'a width that is no number',
      edited((j) => (j.types[0] = { kind: 'bit', width: '8' })),
      'ir-malformed',
      /at types\[0\]\.width, expected an integer from 0/,
    ],
    [
      'a value that is no integer',
      edited((j) => (j.program.controls[0].locals[0].args[0].value = 'x')),
      'ir-malformed',
      /an integer in a string/,
    ],
    ['a list that is none', edited((j) => (j.program.controls = {})), 'ir-malformed', /at program\.controls, expected a list/],
  ])('%s', (_what, json, code, message) => {
    const found = failure(json);
    expect(found.code).toBe(code);
    expect(found.message).toMatch(message);
  });

  test('deep nesting and endless digits', () => {
    const deep = edited((j) => {
      j.program.controls[0].body = 'DEEP';
    }).replace('"DEEP"', `${'[{"kind":"block","loc":0,"body":'.repeat(100_000)}[]${'}]'.repeat(100_000)}`);
    expect(failure(deep).message).toMatch(/at most 1200 levels of nesting/);
    expect(failure('['.repeat(1_000_000)).code).toBe('ir-malformed');
    expect(failure(edited((j) => (j.program.controls[0].locals[0].args[0].value = '9'.repeat(1_000_000)))).message).toMatch(
      /an integer in a string/,
    );
  });

  test('more than can be read', () => {
    expect(failure(' '.repeat(32 * 1024 * 1024 + 1)).code).toBe('ir-too-large');
  });
});
