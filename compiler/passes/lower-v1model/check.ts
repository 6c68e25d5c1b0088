/** Reports what is valid in the portable architecture and cannot be lowered to v1model, or not yet. */
import { coreExterns } from '../../arch/core.js';
import { v1model } from '../../arch/v1model.js';
import type { LocalDecl } from '../../ir/decl.js';
import type { Expr } from '../../ir/expr.js';
import type { Program } from '../../ir/program.js';
import type { Declared, Type } from '../../ir/types.js';
import { visiting } from '../../ir/visit.js';
import type { Diagnostics } from '../../support/diagnostics.js';
import type { Loc } from '../../support/location.js';
import { verifies } from './checksums.js';
import { isStd } from './context.js';
import { decisions } from './decisions.js';
import { comparedPath, isPathType } from './standard-metadata.js';

export function checkLowerable(program: Program, diagnostics: Diagnostics): void {
  const notYet = (feature: string, instead: string, loc: Loc): void => diagnostics.report('not-yet', { feature, instead }, { loc });
  checkNames(program, diagnostics);
  checkPlaces(program, notYet);
  checkStd(program, notYet);
}

type NotYet = (feature: string, instead: string, loc: Loc) => void;

/** v1model declares names that the portable architecture does not. */
function checkNames(program: Program, diagnostics: Diagnostics): void {
  const types = new Set([...coreExterns, ...v1model.externs, ...v1model.enums, ...v1model.structs].map((decl) => decl.name));
  const functions = new Set(v1model.functions.map((fn) => fn.name));
  const check = (decl: Declared & { readonly kind: string }, taken: ReadonlySet<string>): void => {
    if (taken.has(decl.name))
      diagnostics.report('reserved-name', { name: decl.name, what: decl.kind, reason: 'v1model declares that name' }, { loc: decl.loc });
  };
  for (const decl of [...program.types, ...program.parsers, ...program.controls]) check(decl, types);
  for (const decl of program.functions) check(decl, functions);
}

/** What must stand in the blocks themselves. */
function checkPlaces(program: Program, notYet: NotYet): void {
  for (const block of [...program.parsers, ...program.controls]) {
    if (!program.main.blocks.includes(block.name))
      notYet(`The ${block.kind} ${block.name} inside another block`, 'write its statements where it is applied', block.loc);
  }
  for (const { name, loc } of program.instances) notYet(`The object ${name} outside a block`, 'declare it in the block that uses it', loc);
  for (const decl of [...program.actions, ...program.functions]) {
    visiting({
      stmt: (stmt) => {
        if (stmt.kind === 'call' && stmt.callee.kind === 'function' && decisions.has(stmt.callee.name))
          notYet(`${stmt.callee.name} outside a block`, 'declare the action in the block that uses it', stmt.loc);
      },
    }).block(decl.body);
  }
  for (const state of program.parsers.flatMap((parser) => parser.states)) {
    visiting({
      stmt: (stmt) => {
        if (verifies(stmt) && !state.body.includes(stmt))
          notYet('A checksum that is verified inside an if', 'give verifyChecksum the condition', stmt.loc);
      },
    }).block(state.body);
  }
}

/** `std` is read field by field, and `std.path` only in comparisons. */
function checkStd(program: Program, notYet: NotYet): void {
  // Parts that the expression around them accounts for. One node may stand in several places: each is counted.
  const expected = new Map<Expr, number>();
  const expect = (expr: Expr, change: 1 | -1): void => void expected.set(expr, (expected.get(expr) ?? 0) + change);
  const isExpected = (expr: Expr): boolean => {
    const found = (expected.get(expr) ?? 0) > 0;
    if (found) expect(expr, -1);
    return found;
  };
  const instead = 'compare std.path itself where it is needed: std.path.eq(Path.…)';
  const checkDeclared = (type: Type, loc: Loc): void => {
    if (isPathType(type)) notYet('A variable, parameter or field of type Path', instead, loc);
  };
  const checkLocal = (decl: LocalDecl): void => {
    if (decl.kind === 'constant' || decl.kind === 'variable') checkDeclared(decl.type, decl.loc);
    if (decl.kind === 'action' || decl.kind === 'function') for (const param of decl.params) checkDeclared(param.type, param.loc);
  };
  visiting({
    expr: (expr) => {
      if (expr.kind === 'binary' && comparedPath(expr)) {
        expect(expr.left, 1);
        expect(expr.right, 1);
      }
      if (expr.kind === 'field' && isStd(expr.base.type)) {
        expect(expr.base, 1);
        if (expr.name === 'path' && !isExpected(expr)) notYet('std.path other than in a comparison', instead, expr.loc);
      } else if (isStd(expr.type) && !isExpected(expr)) notYet('std as a value', 'use its fields', expr.loc);
      else if (isPathType(expr.type) && expr.kind === 'member' && !isExpected(expr))
        notYet('Path other than in a comparison with std.path', instead, expr.loc);
    },
    stmt: (stmt) => {
      if (stmt.kind === 'declare') checkDeclared(stmt.type, stmt.loc);
    },
  }).program(program);
  for (const decl of [...program.constants, ...program.functions, ...program.actions]) checkLocal(decl);
  for (const block of [...program.parsers, ...program.controls]) block.locals.forEach(checkLocal);
  for (const type of program.types) if ('fields' in type) for (const field of type.fields) checkDeclared(field.type, field.loc);
}
