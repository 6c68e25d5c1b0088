/** `minSizeInBits` and its like (P4-16 §9). */
import type { Type } from '../../ir/types.js';
import type * as ast from '../ast.js';
import { type Type as Checked, prune, substitute } from '../check/types.js';
import type { Body } from './body.js';

export function sizeOf(b: Body, e: ast.CallExpr, which: string): bigint {
  const base = (e.callee as ast.MemberExpr).base;
  const checked: Checked = prune(substitute(b.program.checkedType(base), b.types));
  const bits = size(b, b.type(checked), which.startsWith('max'));
  return BigInt(which.endsWith('Bytes') ? Math.ceil(bits / 8) : bits);
}

function size(b: Body, type: Type, max: boolean): number {
  const t = b.program.types.underlying(type);
  switch (t.kind) {
    case 'bit':
    case 'int':
      return t.width;
    case 'varbit':
      return max ? t.width : 0;
    case 'bool':
      return 1;
    case 'stack':
      return t.size * size(b, t.element, max);
    case 'tuple':
      return t.elements.reduce((sum, x) => sum + size(b, x, max), 0);
    case 'named': {
      const sizes = (b.program.memberTypes(t) ?? []).map((x) => size(b, x, max));
      if (b.program.types.find(t)?.kind === 'header_union') return max ? Math.max(0, ...sizes) : Math.min(...sizes);
      return sizes.reduce((sum, x) => sum + x, 0);
    }
    default:
      return 0;
  }
}
