/**
 * What the parts of the checker ask of each other: expressions have calls in them and calls expressions, statements have
 * blocks of statements. The checker has the functions for these (`Parts`), so that files import each other one way.
 */
import type { BlockStmt, Expr, FunctionDecl } from '../ast.js';
import type { Checker } from './context.js';
import { accept, acceptAssigned } from './convert.js';
import { limited } from './size.js';
import { prune, type Signature, type Type } from './types.js';
import { isKnown } from './values.js';

/** What checks the parts of a program that have parts of the same kind. */
export interface Parts {
  readonly expr: (c: Checker, expr: Expr) => Type;
  readonly block: (c: Checker, block: BlockStmt) => boolean;
  readonly functionBody: (c: Checker, decl: FunctionDecl, signature: Signature) => void;
}

/** The type of the expression on its own; mistakes in it are reported, and make it `unknown`. */
export function checkExpr(c: Checker, expr: Expr): Type {
  return c.setType(expr, limited(c, prune(c.parts.expr(c, expr)), expr.loc));
}

/** Checks an expression that has to be of a type, or be implicitly cast to it. */
export function expectExpr(c: Checker, expr: Expr, type: Type): boolean {
  checkExpr(c, expr);
  return accept(c, expr, type);
}

/** The same, for what a variable or constant begins with. */
export function expectAssigned(c: Checker, expr: Expr, type: Type): boolean {
  checkExpr(c, expr);
  return acceptAssigned(c, expr, type);
}

/** Checks an expression whose value has to be known when the program is compiled. */
export function expectKnown(c: Checker, expr: Expr, what: string): boolean {
  if (c.typeOf(expr).kind === 'unknown' || isKnown(c, expr)) return true;
  c.report('not-constant', { what }, expr.loc);
  return false;
}
