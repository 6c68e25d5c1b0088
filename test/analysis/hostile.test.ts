/** Programs that nobody would write: a switch loads them and runs packets, or says what is wrong; it never crashes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { validate } from '../../compiler/analysis/validate.js';
import { programOf } from '../../compiler/dsl/handles.js';
import { fromJson, toJson } from '../../compiler/ir/json.js';
import type { Program } from '../../compiler/ir/program.js';
import { lowerToV1model } from '../../compiler/lower/v1model/index.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import { DiagnosticError } from '../../compiler/support/diagnostics.js';
import { router } from '../../examples/router/pipeline.js';
import { Interpreter } from '../../runtime/interpreter/index.js';
import { printP4 } from '../../targets/p4/printer.js';
import * as arbitrary from '../ir/arbitrary.js';
import { sample } from '../support/portable-program.js';

type Outcome = 'not read' | 'invalid' | 'not lowered' | 'loaded';

/** The edits are the same in every run: what one run finds, the next one shows again. */
const seed = 20_261_123;

/** What becomes of a configuration: everything that a switch and the compiler do with a program. */
function load(json: string): Outcome {
  let read: Program;
  try {
    read = fromJson(json);
  } catch (error) {
    if (error instanceof DiagnosticError) return 'not read';
    throw error;
  }
  if (validate(read).diagnostics.some((d) => d.severity === 'error')) return 'invalid';
  const { program: lowered, diagnostics } = read.arch === 'portable' ? lowerToV1model(read) : { program: read, diagnostics: [] };
  if (diagnostics.some((d) => d.severity === 'error')) return 'not lowered';
  expect(validate(lowered).diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  buildP4Info(lowered);
  printP4(lowered);
  const interpreter = new Interpreter(lowered);
  for (const length of [0, 14, 40]) interpreter.process({ port: length, bytes: new Uint8Array(length).fill(8), trace: true });
  return 'loaded';
}

test('meaningless programs', () => {
  fc.assert(
    fc.property(arbitrary.program, (program) => {
      load(toJson(program));
    }),
    { numRuns: 300, seed },
  );
});

type Slot = readonly [holder: any, key: string | number];

/** Every place for a value in the JSON. */
function slots(value: object, found: Slot[] = []): Slot[] {
  for (const [key, part] of Object.entries(value)) {
    found.push([value, key]);
    if (typeof part === 'object' && part !== null) slots(part, found);
  }
  return found;
}

/** At `to`, take something away, put something strange, or put what is at `from`. */
const edit = fc.record({
  to: fc.nat(),
  how: fc.oneof(
    fc.constant({ remove: true } as const),
    fc.record({
      strange: fc.constantFrom<unknown>(0, 1, -1, 2 ** 31, 4096, '', 'a', 'std', 'hdr', 'bool', 'reject', null, true, [], {}, '5'),
    }),
    fc.record({ from: fc.nat() }),
    fc.record({ from: fc.nat() }),
  ),
});

const seen = new Set<Outcome>();

describe.each<[string, Program, number]>([
  ['a portable program', sample, 2500],
  ['a v1model program', lowerToV1model(sample).program, 2500],
  ['the router', programOf(router)?.ir as Program, 300],
])('%s', (_what, program, numRuns) => {
  test('with parts swapped, removed or replaced', () => {
    const original = toJson(program);
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        const json = JSON.parse(original);
        for (const { to, how } of edits) {
          const all = slots(json);
          const [holder, key] = all[to % all.length] as Slot;
          if ('remove' in how) delete holder[key];
          else if ('strange' in how) holder[key] = how.strange;
          else {
            const [other, otherKey] = all[how.from % all.length] as Slot;
            holder[key] = structuredClone(other[otherKey]);
          }
        }
        seen.add(load(JSON.stringify(json)));
      }),
      { numRuns, seed },
    );
  });
});

test('the edits find every way out, else they would show nothing', () => {
  expect([...seen]).toEqual(expect.arrayContaining(['not read', 'invalid', 'loaded']));
});
