/** What stands for fields rather than for what they hold: the data of checksums, and the keys of selectors. */
import type { Expr } from '../../compiler/ir/index.js';
import { evaluate, fieldsOf } from './eval.js';
import type { FieldValue } from './externs.js';
import { BitWriter } from './packet.js';
import type { Scope } from './scope.js';
import type { Types } from './types.js';
import type { Value } from './values.js';

/** The parts of a list or struct expression, each by itself; another expression is its only part. */
export function listed(expr: Expr): readonly Expr[] {
  if (expr.kind === 'list') return expr.elements.flatMap(listed);
  return expr.kind === 'struct' ? expr.fields.flatMap((f) => listed(f.value)) : [expr];
}

/** Those that are not fields of invalid headers. */
export function presentFields(exprs: readonly Expr[], scope: Scope): FieldValue[] {
  const present: FieldValue[] = [];
  for (const expr of exprs) {
    if (expr.kind !== 'field') present.push({ value: evaluate(expr, scope), type: expr.type });
    else {
      const base = evaluate(expr.base, scope);
      if (typeof base === 'object' && base.kind === 'header' && !base.valid) continue;
      present.push({ value: fieldsOf(base).get(expr.name) as Value, type: expr.type });
    }
  }
  return present;
}

/** Their bits, without gaps between them. */
export function packed(fields: readonly FieldValue[], types: Types): BitWriter {
  const bits = new BitWriter();
  for (const { value, type } of fields) types.write(bits, value, type);
  return bits;
}
