/** The values in a condition, and in each other. */
import type { Condition, Value } from './ast.js';

export function visitValues(condition: Condition, visit: (value: Value) => void): void {
  const inside = (value: Value): void => {
    visit(value);
    if ('arg' in value) inside(value.arg);
  };
  switch (condition.kind) {
    case 'compare':
      inside(condition.left);
      inside(condition.right);
      return;
    case 'not':
      visitValues(condition.arg, visit);
      return;
    case 'and':
    case 'or':
      for (const arg of condition.args) visitValues(arg, visit);
      return;
    case 'implies':
    case 'same':
    case 'differ':
      visitValues(condition.left, visit);
      visitValues(condition.right, visit);
      return;
    case 'bool':
      return;
  }
}
