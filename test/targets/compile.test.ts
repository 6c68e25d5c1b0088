import { describe, expect, test } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { programOf } from '../../compiler/dsl/handles.js';
import { fromBinary } from '../../compiler/p4info/read.js';
import { InternalError } from '../../compiler/support/invariant.js';
import type { Target } from '../../compiler/target.js';
import { router } from '../../examples/router/pipeline.js';
import { bmv2 } from '../../targets/bmv2/node.js';
import { caseProgram } from '../support/cases.js';
import { psaProgram } from '../support/psa-lab.js';

const basic = await caseProgram('tutorial-forwarder');
const routerIr = programOf(router)?.ir ?? basic;

describe('compile', () => {
  test('gives the files of a target, P4Info, and what names became', () => {
    const { compiled, diagnostics } = compile(routerIr, bmv2);
    expect(diagnostics).toEqual([]);
    expect(compiled?.files.map((f) => f.suffix)).toEqual(['.p4', '.p4info.txtpb', '.p4info.bin', '.json']);
    const [p4, text, binary] = compiled?.files ?? [];
    expect(p4?.contents).toContain('V1Switch(');
    expect(text?.contents).toContain('name: "ingress.routes4"');
    expect(fromBinary(binary?.contents as Uint8Array).tables.map((t) => t.preamble.name)).toContain('ingress.routes4');
    expect(compiled?.binding.get('ingress.routes4')).toBe('ingress.routes4');
  });

  test('puts the controller where it is told', () => {
    const [p4] = compile(routerIr, bmv2, { cpuPort: 64 }).compiled?.files ?? [];
    expect(p4?.contents).toContain('const bit<9> CPU_PORT = 64;');
  });

  test("takes a program of the target's own architecture as it is", () => {
    expect(compile(basic, bmv2).compiled?.lowered).toBe(basic);
  });

  test("refuses programs of another target's architecture", async () => {
    const { compiled, diagnostics } = compile(await psaProgram(), bmv2);
    expect(compiled).toBeUndefined();
    const errors = diagnostics.filter((d) => d.severity === 'error');
    expect(errors.map((d) => `${d.code} ${d.loc.line} ${d.message}`)).toEqual([
      'target-architecture 10 bmv2 runs programs of v1model and pipelines of p4ts, not programs of psa.',
    ]);
  });

  test('stops at an error, with no file', () => {
    const result = compile({ ...basic, main: { ...basic.main, blocks: ['MyParser'] } }, bmv2);
    expect(result.compiled).toBeUndefined();
    expect(result.diagnostics.some((d) => d.severity === 'error')).toBe(true);
  });

  test('blames itself when a target breaks a valid program', () => {
    const broken: Target = {
      ...bmv2,
      lower: (program, options) => ({ ...bmv2.lower(program, options), program: { ...basic, controls: [] } }),
    };
    expect(() => compile(routerIr, broken)).toThrow(InternalError);
  });
});
