/** What conditions on data say of packets of which nothing is known yet: their metadata are zero. */
import type { Expr } from '../../ir/expr.js';

type Known = bigint | boolean | undefined;

/**
 * Whether a condition holds while all metadata are as they are at first, zero and false; undefined where it also depends
 * on something else. `isData` says which fields are such metadata.
 */
export function holdsAtZero(cond: Expr, isData: (field: Expr) => boolean): boolean | undefined {
  const value = (expr: Expr): Known => {
    switch (expr.kind) {
      case 'const':
      case 'bool':
        return expr.value;
      case 'field':
        if (!isData(expr)) return undefined;
        return expr.type.kind === 'bool' ? false : 'width' in expr.type ? 0n : undefined;
      case 'unary': {
        const arg = value(expr.arg);
        return expr.op === '!' && typeof arg === 'boolean' ? !arg : undefined;
      }
      case 'binary':
        return compared(expr.op, value(expr.left), value(expr.right));
      default:
        return undefined;
    }
  };
  const known = value(cond);
  return typeof known === 'boolean' ? known : undefined;
}

function compared(op: string, left: Known, right: Known): Known {
  if (op === '&&' && (left === false || right === false)) return false;
  if (op === '||' && (left === true || right === true)) return true;
  if (left === undefined || right === undefined) return undefined;
  switch (op) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case '&&':
    case '||':
      return right;
    default:
      return undefined;
  }
}
