/** Storing a value where an expression says, with the trace's event. */
import type { Expr } from '../../compiler/ir/index.js';
import type { Loc } from '../../compiler/support/location.js';
import { lvalue } from './eval.js';
import type { Scope } from './scope.js';
import { exprText, formatOf, traceValue } from './tracer.js';
import type { Value } from './values.js';

/** Stores `value`; writes the trace's event, and who wrote the field of a struct last. */
export function assign(target: Expr, value: Value, loc: Loc, scope: Scope): void {
  const place = lvalue(target, scope);
  const { trace, types } = scope;
  if (!trace) {
    place.set(value);
    return;
  }
  const format = formatOf(target, types);
  const show = () => traceValue(place.get(), target.type, types, format);
  const old = show();
  place.set(value);
  const { member } = place;
  if (member) {
    member.struct.writtenAt ??= new Map();
    member.struct.writtenAt.set(member.field, loc);
  }
  const meaning = member && scope.globals.meaningOf(member.struct, member.field);
  trace.add({
    kind: 'assign',
    target: exprText(target),
    old,
    new: show(),
    ...(meaning === undefined ? {} : { meaning }),
    ...(place.ignored ? { ignored: true } : {}),
    loc,
  });
}
