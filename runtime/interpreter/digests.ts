/** What a program tells the controller with a digest. */

import type { DeclaredDigest } from '../../compiler/analysis/digests.js';
import type { Expr, Type } from '../../compiler/ir/index.js';
import type { DigestMessage } from '../data-plane/messages.js';
import type { NamedTraceValue } from '../data-plane/trace.js';
import { evaluate } from './eval.js';
import type { ExternCall, Scope } from './scope.js';
import { traceValue } from './tracer.js';
import type { Value } from './values.js';

/** The values are those at the call. */
export function digested({ name: digest, type }: DeclaredDigest, data: Expr, { scope, loc }: ExternCall): DigestMessage {
  const { types, trace } = scope;
  const value = types.cast(evaluate(data, scope), type);
  trace?.add({ kind: 'digest', digest, values: shown(value, type, scope), loc });
  return { digest, values: types.partBits(value, type).map(({ bits }) => bits) };
}

/** The fields of a struct or header, or the one value that it is. */
function shown(value: Value, type: Type, { types }: Scope): readonly NamedTraceValue[] {
  const declared = types.resolve(type);
  if (typeof value !== 'object' || !('fields' in value) || !('fields' in declared))
    return [{ name: 'value', ...traceValue(value, type, types) }];
  return declared.fields.map((f) => ({ name: f.name, ...traceValue(value.fields.get(f.name) as Value, f.type, types, f.format) }));
}
