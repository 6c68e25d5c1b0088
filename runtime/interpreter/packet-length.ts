/**
 * The bytes by which a program makes its packet longer: BMv2 counts them, and tells their sum in egress as packet_length.
 *
 * It counts setValid and setInvalid where they change whether the header is valid, and what p4c makes setValid of: storing
 * a list or a struct expression in a header, or in a struct with headers inside. A header that is copied, `{#}`, push_front
 * and pop_front count nothing, nor do the members of a union that become invalid because another one changes
 * (primitives.cpp of simple_switch, p4c's setHeaders.cpp).
 */
import { named } from '../../compiler/ir/build.js';
import type { Expr, HeaderDecl } from '../../compiler/ir/index.js';
import { evaluateBool } from './eval.js';
import type { Scope } from './scope.js';
import { type HeaderValue, isAggregate, type Value } from './values.js';

/** Before setValid or setInvalid of a header that changes by it. */
export function countValidity(header: HeaderValue, valid: boolean, scope: Scope): void {
  scope.pass.lengthChange += valid ? emptyBytes(header.decl, scope) : -(scope.types.size(header, named(header.decl.name)) >> 3);
}

/** Before the value of an expression is stored: `place` gives what is there now; without it, in a new variable. */
export function countStored(expr: Expr, place: (() => Value | undefined) | undefined, scope: Scope): void {
  if (expr.kind === 'mux') {
    countStored(evaluateBool(expr.cond, scope) ? expr.yes : expr.no, undefined, scope);
    return;
  }
  if (expr.kind !== 'struct') return;
  const type = scope.types.resolve(expr.type);
  if (type.kind === 'header') {
    const there = place?.();
    if (there === undefined || !isAggregate(there) || there.kind !== 'header' || !there.valid)
      scope.pass.lengthChange += emptyBytes(type, scope);
    return;
  }
  const part = (whole: Value | undefined, name: string): Value | undefined =>
    whole !== undefined && isAggregate(whole) && whole.kind === 'struct' ? whole.fields.get(name) : undefined;
  for (const { name, value } of expr.fields) countStored(value, place && (() => part(place(), name)), scope);
}

/** The bytes of a header that has just become valid: a varbit field of it is empty. */
const emptyBytes = (decl: HeaderDecl, { types }: Scope): number => (types.width(named(decl.name)) - types.varbitWidth(decl)) >> 3;
