import { describe, expect, test } from 'vitest';
import { validate } from '../../compiler/analysis/validate.js';
import { toBinary } from '../../compiler/p4info/binary.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import { completeP4Info, fromBinary } from '../../compiler/p4info/read.js';
import { toText } from '../../compiler/p4info/text.js';
import { compileWithP4c, p4c, printForP4c } from '../../targets/bmv2/node.js';
import { findTool } from '../../targets/node.js';
import { recordedPrograms } from '../support/recorded-programs.js';
import { readRecording, withoutComments } from '../support/recordings.js';

const found = typeof (await findTool(p4c)) === 'string';

describe.each(Object.entries(recordedPrograms))('%s', (name, load) => {
  test('is valid', () => {
    expect(validate(load()).diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  });

  test('prints the P4 that p4c accepted without a warning', () => {
    const recorded = readRecording(name);
    expect(printForP4c(load())).toBe(recorded.p4);
    expect(recorded.warnings).toEqual([]);
  });

  test("has the P4Info that p4c gave, in p4c's order", () => {
    const recorded = readRecording(name);
    const ours = buildP4Info(withoutComments(load()));
    expect(completeP4Info(ours)).toEqual(recorded.p4info);
    expect(toText(ours)).toBe(recorded.p4infoText);
    expect(fromBinary(toBinary(ours))).toEqual(recorded.p4info);
  });

  test.runIf(found)('is accepted by the p4c on PATH, which gives the same P4Info', { timeout: 60_000 }, async () => {
    const program = load();
    const output = await compileWithP4c(printForP4c(program));
    if ('code' in output) throw new Error(output.message);
    expect(output.warnings).toEqual([]);
    expect(toText(buildP4Info(withoutComments(program)))).toBe(output.p4infoText);
    expect(JSON.parse(output.json)).toHaveProperty('pipelines');
  });
});

test.skipIf(found)(`p4c-bm2-ss is not on PATH (or in ${p4c.variable}): its answers are those recorded`, () => {});
