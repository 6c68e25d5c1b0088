/** Limits of BMv2 and p4c that pipelines of the language meet: exits in controls that run twice, and prefixes of odd widths. */
import { bit, type Ctl, header, type IngressBody, pipeline } from 'p4ts';
import { expect, test } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { programOf } from '../../compiler/dsl/handles.js';
import type { Program } from '../../compiler/ir/index.js';
import { lowerToV1model } from '../../compiler/lower/v1model/index.js';
import { fieldsChangedAfterMirror } from '../../compiler/lower/v1model/mirror-order.js';
import { bmv2, printForP4c } from '../../targets/bmv2/node.js';
import { findTool } from '../../targets/node.js';
import { longestPrefixes } from '../interop/bmv2/scenarios/lpm.js';
import { compileWithP4c, p4c } from '../support/p4c.js';

const found = typeof (await findTool(p4c)) === 'string';
const H = header('h_t', { a: bit(8), b: bit(8) });
const irOf = (source: unknown): Program => (programOf(source) as { ir: Program }).ir;

/** A guard that leaves the block, applied as often as said. */
const guarded = (times: number, inAction: boolean) =>
  pipeline('guarded', {
    headers: { h: H },
    parser: {
      start(p, { hdr }) {
        p.extract(hdr.h);
        return p.accept();
      },
    },
    ingress(ctl, { hdr }) {
      const guard = ctl.control('guard', (inner) => {
        const leave = inner.action('leave', {}, (c) => c.exit());
        inner.apply((c: IngressBody) => {
          c.forward(2);
          c.if(hdr.h.a.eq(1), () => (inAction ? c.call(leave) : c.exit()));
        });
        return {};
      });
      ctl.apply((c) => {
        for (let i = 0; i < times; i++) {
          c.apply(guard);
          c.set(hdr.h.b, hdr.h.b.add(1));
        }
      });
    },
    deparser: (d, { hdr }) => d.emit(hdr.h),
  });
const said = (program: Program) => compile(program, bmv2).diagnostics.filter((d) => d.code === 'p4c-refuses');

test('p4c-refuses: an exit in a control that runs twice; not in an action, nor in a control that runs once', () => {
  const [refused, ...others] = said(irOf(guarded(2, false)));
  expect(others).toEqual([]);
  expect(refused).toMatchObject({ code: 'p4c-refuses', severity: 'warning' });
  expect(refused?.message).toContain('guard');
  expect(said(irOf(guarded(1, false)))).toEqual([]);
  expect(said(irOf(guarded(2, true)))).toEqual([]);
});

test.runIf(found)('an exit in a control that runs twice is refused by the p4c on PATH', { timeout: 60_000 }, async () => {
  const [twice, inAction] = await Promise.all(
    [guarded(2, false), guarded(2, true)].map((p) => compileWithP4c(printForP4c(lowerToV1model(irOf(p)).program))),
  );
  expect(twice).toHaveProperty('code');
  expect(inAction).not.toHaveProperty('code');
});

test('bmv2-lpm-width: a prefix of 12 bits is warned about; BMv2 gets it wrong in the scenario "longest-prefixes"', () => {
  const { compiled, diagnostics } = compile(irOf(longestPrefixes.pipeline), bmv2);
  expect(compiled).toBeDefined();
  expect(diagnostics.map((d) => [d.code, d.severity])).toEqual([['bmv2-lpm-width', 'warning']]);
  expect(diagnostics[0]?.message).toContain('part');
});

test('a control that applies another one twice, 40 deep, is looked at once for each', () => {
  const deep = pipeline('deep', {
    headers: { h: H },
    metadata: { x: bit(8), y: bit(8) },
    parser: { start: (p) => p.accept() },
    ingress(ctl, { meta }) {
      const declare = (level: number, outer: Ctl<IngressBody>): void => {
        if (level === 0) {
          outer.apply((c) => {
            c.set(meta.x, 2);
            c.mirror(1, { keep: [meta.x] });
          });
          return;
        }
        const inner = outer.control('c', (within) => {
          declare(level - 1, within);
          return {};
        });
        outer.apply((c) => {
          c.apply(inner);
          c.apply(inner);
        });
      };
      declare(40, ctl);
    },
    deparser: () => {},
  });
  const ir = irOf(deep);
  const ingress = ir.controls.filter((control) => control.name === 'ingress');
  // The second turn writes what the mirror of the first one keeps.
  expect([...fieldsChangedAfterMirror(ir, 'metadata_t', ingress)]).toEqual(['x']);
});
