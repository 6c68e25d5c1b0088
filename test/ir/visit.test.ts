import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as ir from '../../compiler/ir/build.js';
import type { Expr, Stmt } from '../../compiler/ir/index.js';
import { printBlock, printExpr, printProgram } from '../../compiler/ir/print.js';
import { partsOf, Rewriter, visiting } from '../../compiler/ir/visit.js';
import * as arbitrary from './arbitrary.js';

const a = ir.name('a', ir.bitType(8), { file: '/a.ts', line: 3, column: 4 });
const b = ir.name('b', ir.bitType(8));

describe('rewriting', () => {
  test('changes nothing when the functions change nothing: the very same program comes back', () => {
    fc.assert(
      fc.property(arbitrary.program, (program) => {
        expect(new Rewriter({ expr: (e) => e, stmt: (s) => s }).program(program)).toBe(program);
      }),
    );
  });

  test('goes from the leaves up and keeps the places of what it rebuilds', () => {
    const sum = ir.binary('+', a, b, { file: '/a.ts', line: 9, column: 9 });
    const toOne = new Rewriter({ expr: (e) => (e.kind === 'name' && e.name === 'b' ? ir.bits(1, 8, e.loc) : e) });
    const out = toOne.expr(sum);
    expect(printExpr(out)).toBe('a + 8w1');
    expect(out.loc).toBe(sum.loc);
    expect(partsOf(out)[0]).toBe(a);
  });

  test('reaches every expression: names are renamed wherever they stand', () => {
    const all: Stmt[] = [];
    const rename = new Rewriter({ expr: (e) => (e.kind === 'name' ? { ...e, name: `${e.name}_` } : e) });
    fc.assert(
      fc.property(arbitrary.block, (block) => {
        const names = (stmts: readonly Stmt[]): string[] => {
          const found: string[] = [];
          visiting({
            expr: (e) => {
              if (e.kind === 'name') found.push(e.name);
            },
          }).block(stmts);
          return found;
        };
        expect(names(rename.block(block))).toEqual(names(block).map((name) => `${name}_`));
        all.push(...block);
      }),
      { numRuns: 500 },
    );
    expect(new Set(all.map((s) => s.kind)).size).toBe(16);
  });

  test('a statement may become several, or none', () => {
    const rewriter = new Rewriter({ stmt: (s) => (s.kind === 'exit' ? [] : s.kind === 'assign' ? [s, s] : s) });
    const body: Stmt[] = [
      { kind: 'if', cond: ir.bool(true), then: [ir.assign(a, b), { kind: 'exit', loc: a.loc }], loc: a.loc },
      { kind: 'exit', loc: a.loc },
    ];
    expect(printBlock(rewriter.block(body))).toBe('if (true) {\n  a = b\n  a = b\n}');
  });
});

test('visiting sees what is in the text, in its order', () => {
  const seen: string[] = [];
  const visitor = visiting({ expr: (e) => void seen.push(printExpr(e)), stmt: (s) => void seen.push(s.kind) });
  visitor.block([{ kind: 'if', cond: ir.binary('<', a, b), then: [ir.assign(a, ir.bits(1, 8))], loc: a.loc }]);
  expect(seen).toEqual(['if', 'a < b', 'a', 'b', 'assign', 'a', '8w1']);
});

test('everything has a dump', () => {
  fc.assert(
    fc.property(arbitrary.program, (program) => {
      expect(printProgram(program)).toContain('main ');
    }),
  );
});

test('parts of an expression are what it is made of', () => {
  const mux: Expr = { kind: 'mux', cond: ir.bool(true), yes: a, no: b, type: a.type, loc: a.loc };
  expect(partsOf(mux).map(printExpr)).toEqual(['true', 'a', 'b']);
  expect(partsOf(a)).toEqual([]);
});
