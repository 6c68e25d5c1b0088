/** assert and assume, which several architectures have. */
import { argument } from '../core.js';
import { evaluateBool } from '../eval.js';
import type { ExternFunction } from '../scope.js';
import { exprText } from '../tracer.js';

/** BMv2 stops when the condition does not hold; here it is told in the trace. */
export function check(by: 'assert' | 'assume'): ExternFunction {
  return (call) => {
    const { scope, loc } = call;
    if (!scope.trace) return undefined;
    const condition = argument(call, 0);
    scope.trace.add({ kind: 'assert', by, condition: exprText(condition), holds: evaluateBool(condition, scope), loc });
    return undefined;
  };
}
