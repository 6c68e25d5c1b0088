/** Calls of externs: prepared when a program is loaded, made for each packet. */
import type { DeclaredDigest } from '../../compiler/analysis/digests.js';
import type { ArchMethod } from '../../compiler/arch/index.js';
import type { CallStmt, Expr } from '../../compiler/ir/index.js';
import { invariant } from '../../compiler/support/invariant.js';
import { assign } from './assign.js';
import { evaluate, lvalue } from './eval.js';
import type { CallSite, Extern } from './externs.js';
import { listed, presentFields } from './fields.js';
import type { Scope } from './scope.js';
import { exprText } from './tracer.js';

export interface PreparedCall extends CallSite {
  /** Of an extern function; a method is its object's. */
  readonly implementation: Extern | undefined;
  /** What the implementation takes. */
  readonly inputs: readonly ((scope: Scope) => unknown)[];
  /** What takes the result. */
  readonly target: Expr | undefined;
  /** The target is an inout argument. */
  readonly isChanged: boolean;
}

export function prepareCall(
  { args, result, loc }: CallStmt,
  { params }: ArchMethod,
  implementation: Extern | undefined,
  digest: DeclaredDigest | undefined,
): PreparedCall {
  const given = args.map((arg, i) => ({ arg, direction: params[i]?.direction, asFields: params[i]?.asFields }));
  const inputs = given.filter(({ direction }) => direction !== 'out');
  const changed = inputs.find(({ direction }) => direction === 'inout');
  const target = result ?? changed?.arg ?? given.find(({ direction }) => direction === 'out')?.arg;
  return {
    implementation,
    inputs: inputs.map(({ arg, asFields }) => {
      if (!asFields) return (scope) => evaluate(arg, scope);
      const fields = listed(arg);
      return (scope) => () => presentFields(fields, scope);
    }),
    target,
    isChanged: target !== undefined && target === changed?.arg,
    loc,
    types: inputs.map(({ arg }) => arg.type),
    resultType: target?.type,
    digest,
    text: (index) => exprText(inputs[index]?.arg as Expr),
  };
}

/** `method`: where the call is not of a function, the object's. */
export function callExtern(s: CallStmt, method: Extern | undefined, scope: Scope): void {
  const call = scope.globals.calls.get(s);
  const implementation = method ?? call?.implementation;
  invariant(call && implementation, `${s.callee.kind} call of an extern that is not there`);
  const args = call.inputs.map((input) => input(scope));
  const result = implementation(args as never, scope.pass as never, call);
  if (result === undefined || !call.target) return;
  if (call.isChanged) lvalue(call.target, scope).set(result);
  else assign(call.target, result, s.loc, scope);
}
