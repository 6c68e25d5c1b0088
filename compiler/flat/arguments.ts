/** Arguments of externs. */
import type { Expr } from '../ir/expr.js';
import { invariant } from '../support/invariant.js';
import { evaluate } from './expressions.js';
import type { Frame } from './frame.js';
import type { FlatArg } from './program.js';
import { childrenOf, type Tree } from './trees.js';

/** A value; what consists of slots is a place as well. */
export function argumentOf(expr: Expr, frame: Frame): FlatArg {
  if (expr.kind === 'member' && expr.type.kind === 'named') {
    const { type, name } = expr;
    if (frame.info.memberValue(type, name) === undefined) return { kind: 'name', type: type.name, name };
  }
  if (expr.kind === 'list')
    return { kind: 'parts', parts: expr.elements.map((element, i) => ({ name: `${i}`, arg: argumentOf(element, frame) })) };
  if (expr.kind === 'name') {
    const own = frame.scope.get(expr.name);
    if (own.kind === 'object') return { kind: 'name', type: own.object.type.name, name: own.object.name };
  }
  return argumentFor(evaluate(expr, frame));
}

export function argumentFor(tree: Tree): FlatArg {
  switch (tree.kind) {
    case 'scalar':
      return { kind: 'value', value: tree.value };
    case 'text':
      return { kind: 'text', text: tree.text };
    case 'header':
      return { kind: 'header', header: tree.header };
    case 'stack':
      return { kind: 'stack', stack: tree.stack };
    case 'object':
    case 'packet':
      invariant(false, `a ${tree.kind} as an argument`);
      break;
    default: {
      const names = tree.kind === 'parts' || tree.kind === 'union' || tree.kind === 'header-value' ? [...tree.fields.keys()] : [];
      const parts = childrenOf(tree).map((child, i) => ({ name: names[i] ?? `${i}`, arg: argumentFor(child) }));
      return { kind: 'parts', ...(tree.kind === 'parts' && tree.type ? { type: tree.type } : {}), parts };
    }
  }
}
