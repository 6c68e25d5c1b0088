import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as ir from '../../compiler/ir/build.js';
import { fromJson, toJson } from '../../compiler/ir/json.js';
import type { Program } from '../../compiler/ir/program.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import { lowerToV1model, validate } from '../../compiler/passes/index.js';
import { DiagnosticError } from '../../compiler/support/diagnostics.js';
import { printP4 } from '../../targets/p4/printer.js';
import { action, apply, at, b8, mark, program, ref, state, table, ttl } from '../passes/portable-program.js';
import * as arbitrary from './arbitrary.js';

/** A table, an action, a counter, a condition and a select: something of most kinds, and valid. */
const sample: Program = program({
  states: [
    state('start', program().parsers[0]?.states[0]?.body ?? [], {
      kind: 'select',
      on: [ttl],
      cases: [
        { keys: [{ kind: 'mask', value: ir.bits(1, 8), mask: ir.bits(3, 8) }], next: 'accept', loc: at(4) },
        { keys: [ir.any], next: 'reject', loc: at(5) },
      ],
      loc: at(3),
    }),
  ],
  locals: [
    { kind: 'instance', name: 'n', type: ir.named('Counter'), args: [ir.bits(4, 32), ir.member('CounterUnit', 'both')], loc: at(6) },
    action('set', [{ name: 'v', type: b8, loc: at(7) }], [ir.assign(mark, ir.name('v', b8)), ir.callFunction('forward', [ir.bits(1, 9)])]),
    table('t', {
      keys: [{ expr: ttl, match: 'exact', name: 'ttl', loc: at(8) }],
      actions: [ref('set')],
      defaultAction: { ...ref('set', { args: [ir.bits(2, 8)] }), const: false },
      size: 16,
    }),
  ],
  ingress: [
    { kind: 'if', cond: ir.binary('>', ttl, ir.bits(1, 8)), then: [apply('t')], loc: at(9) },
    ir.callMethod(ir.name('n', ir.named('Counter')), 'count', [ir.bits(1, 32)]),
  ],
});

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
    expect(validate(sample).filter((d) => d.severity === 'error')).toEqual([]);
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
    ['a field that is no part', edited((j) => (j.program.extra = 1)), 'ir-malformed', /at program, expected no field "extra"/],
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
    expect(failure(deep).message).toMatch(/at most 500 levels of nesting/);
    expect(failure('['.repeat(1_000_000)).code).toBe('ir-malformed');
    expect(failure(edited((j) => (j.program.controls[0].locals[0].args[0].value = '9'.repeat(1_000_000)))).message).toMatch(
      /an integer in a string/,
    );
  });

  test('more than can be read', () => {
    expect(failure(' '.repeat(32 * 1024 * 1024 + 1)).code).toBe('ir-too-large');
  });
});

describe('hostile programs', () => {
  /** What a switch does with a configuration. */
  const load = (json: string): string => {
    let read: Program;
    try {
      read = fromJson(json);
    } catch (error) {
      if (error instanceof DiagnosticError) return 'refused';
      throw error;
    }
    if (validate(read).some((d) => d.severity === 'error')) return 'invalid';
    const { program: lowered, diagnostics } = read.arch === 'portable' ? lowerToV1model(read) : { program: read, diagnostics: [] };
    if (diagnostics.some((d) => d.severity === 'error')) return 'not lowered';
    expect(validate(lowered).filter((d) => d.severity === 'error')).toEqual([]);
    buildP4Info(lowered);
    printP4(lowered);
    return 'loaded';
  };

  test('meaningless programs never crash validate', () => {
    fc.assert(
      fc.property(arbitrary.program, (p) => {
        load(toJson(p));
      }),
      { numRuns: 300 },
    );
  });

  /** Every value in the JSON, with what holds it. */
  const slots = (value: any, found: [holder: any, key: string | number][] = []): [any, string | number][] => {
    for (const key of Object.keys(value)) {
      found.push([value, key]);
      if (typeof value[key] === 'object' && value[key] !== null) slots(value[key], found);
    }
    return found;
  };

  test.each([
    ['portable', sample],
    ['v1model', lowerToV1model(sample).program],
  ])('a %s program with parts swapped, removed or replaced is loaded, or refused with a diagnostic', (_arch, start) => {
    const seen = new Map<string, number>();
    const strange = fc.constantFrom<unknown>(0, 1, -1, 2 ** 31, 4096, '', 'a', 'std', 'hdr', 'bool', 'reject', null, true, [], {}, '5');
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat({ max: 3 }), strange), { minLength: 1, maxLength: 3 }), (edits) => {
        const json = edited((j) => {
          for (const [to, from, how, value] of edits) {
            const all = slots(j);
            const [holder, key] = all[to % all.length] as [any, string | number];
            const [other, otherKey] = all[from % all.length] as [any, string | number];
            if (how === 0) delete holder[key];
            else holder[key] = how === 1 ? value : structuredClone(other[otherKey]);
          }
        }, start);
        const result = load(json);
        seen.set(result, (seen.get(result) ?? 0) + 1);
      }),
      { numRuns: 3000 },
    );
    // The edits reach all ways out, else they would show nothing.
    for (const way of ['refused', 'invalid', 'loaded']) expect([...seen.keys()]).toContain(way);
  });
});
