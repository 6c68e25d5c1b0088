/** Short constructors for IR nodes, used where programs are made: the DSL, the front end, passes and tests. */
import { type Loc, nowhere } from '../support/location.js';
import type { BinaryOp, Expr, KeySet, UnaryOp } from './expr.js';
import { givesBool } from './rules.js';
import type { Callee, CallStmt, Stmt } from './stmt.js';
import type { BitType, NamedType, Type } from './types.js';

export const bitType = (width: number): BitType => ({ kind: 'bit', width });
export const boolType: Type = { kind: 'bool' };
export const voidType = { kind: 'void' } as const;
export const errorType = { kind: 'error' } as const;
export const named = (name: string, args?: readonly Type[]): NamedType => (args ? { kind: 'named', name, args } : { kind: 'named', name });

export const constant = (value: bigint | number, type: Type, loc: Loc = nowhere): Expr => ({
  kind: 'const',
  value: BigInt(value),
  type,
  loc,
});
export const bits = (value: bigint | number, width: number, loc: Loc = nowhere): Expr => constant(value, bitType(width), loc);
export const bool = (value: boolean, loc: Loc = nowhere): Expr => ({ kind: 'bool', value, type: boolType, loc });
export const string = (value: string, loc: Loc = nowhere): Expr => ({ kind: 'string', value, type: { kind: 'string' }, loc });
export const errorValue = (name: string, loc: Loc = nowhere): Expr => ({ kind: 'member', name, type: errorType, loc });
export const member = (type: string, name: string, loc: Loc = nowhere): Expr => ({ kind: 'member', name, type: named(type), loc });
export const name = (text: string, type: Type, loc: Loc = nowhere): Expr => ({ kind: 'name', name: text, type, loc });
export const field = (base: Expr, text: string, type: Type, loc: Loc = base.loc): Expr => ({ kind: 'field', base, name: text, type, loc });
export const isValid = (header: Expr, loc: Loc = header.loc): Expr => ({ kind: 'is-valid', header, type: boolType, loc });
export const not = (arg: Expr, loc: Loc = arg.loc): Expr => unary('!', arg, loc);
export const unary = (op: UnaryOp, arg: Expr, loc: Loc = arg.loc): Expr => ({ kind: 'unary', op, arg, type: arg.type, loc });
export const list = (elements: readonly Expr[], loc: Loc = nowhere): Expr => ({
  kind: 'list',
  elements,
  type: { kind: 'tuple', elements: elements.map((e) => e.type) },
  loc,
});

/** A binary expression with the type that P4-16 §8 gives it. */
export function binary(op: BinaryOp, left: Expr, right: Expr, loc: Loc = left.loc): Expr {
  let type: Type = givesBool(op) ? boolType : left.type;
  if (op === '++' && 'width' in left.type && 'width' in right.type) type = { ...left.type, width: left.type.width + right.type.width };
  return { kind: 'binary', op, left, right, type, loc };
}

export const value = (expr: Expr): KeySet => ({ kind: 'value', value: expr });
export const any: KeySet = { kind: 'any' };

export const assign = (target: Expr, source: Expr, loc: Loc = target.loc): Stmt => ({ kind: 'assign', target, value: source, loc });
export const call = (callee: Callee, args: readonly Expr[], loc: Loc = nowhere): CallStmt => ({ kind: 'call', callee, args, loc });
/** A call of an extern function or of a function of the program. */
export const callFunction = (text: string, args: readonly Expr[], loc: Loc = nowhere): CallStmt =>
  call({ kind: 'function', name: text }, args, loc);
export const callMethod = (object: Expr, method: string, args: readonly Expr[], loc: Loc = nowhere): CallStmt =>
  call({ kind: 'method', object, method }, args, loc);
