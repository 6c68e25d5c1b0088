/** What a program tells the controller with a digest. */
import type { Expr } from '../../compiler/ir/index.js';
import type { DigestMessage } from '../switch/messages.js';
import { evaluate } from './eval.js';
import type { ExternCall, Scope } from './scope.js';
import type { NamedTraceValue } from './trace.js';
import { traceValue } from './tracer.js';
import type { Value } from './values.js';

/** The values are those at the call. `digest`: its name in P4Info. */
export function digested(digest: string, data: Expr, { scope, loc }: ExternCall): DigestMessage {
  const { types, trace } = scope;
  const value = types.cast(evaluate(data, scope), data.type);
  trace?.add({ kind: 'digest', digest, values: shown(value, data, scope), loc });
  return { digest, values: types.partBits(value, data.type).map(({ bits }) => bits) };
}

/** The fields of a struct or header, or the one value that it is. */
function shown(value: Value, { type }: Expr, { types }: Scope): readonly NamedTraceValue[] {
  const declared = types.resolve(type);
  if (typeof value !== 'object' || !('fields' in value) || !('fields' in declared))
    return [{ name: 'value', ...traceValue(value, type, types) }];
  return declared.fields.map((f) => ({ name: f.name, ...traceValue(value.fields.get(f.name) as Value, f.type, types, f.format) }));
}
