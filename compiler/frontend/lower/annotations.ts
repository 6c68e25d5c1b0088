/** Annotations, comments and places: what declarations of the source and of the IR have in common. */
import type { Expr } from '../../ir/expr.js';
import type { Annotation, Declared } from '../../ir/types.js';
import type { Format } from '../../support/values.js';
import type * as ast from '../ast.js';
import { known } from './fold.js';

/** `without`: annotations that the IR says otherwise. */
export function annotationsOf(
  list: readonly ast.Annotation[],
  without: readonly string[] = [],
): { readonly annotations?: readonly Annotation[] } {
  const annotations = list.filter((a) => !without.includes(a.name)).map(annotation);
  return annotations.length > 0 ? { annotations } : {};
}

export function annotation(a: ast.Annotation): Annotation {
  if (a.kind === 'structured') {
    const items = [...a.elements.map(text), ...a.pairs.map((p) => `${p.name.text} = ${text(p.value)}`)];
    return { name: a.name, body: items.join(', '), structured: true };
  }
  if (!a.body) return { name: a.name };
  const body = a.body.map((token, i) => `${token.spaced && i > 0 ? ' ' : ''}${token.kind === 'string' ? `"${token.text}"` : token.text}`);
  return { name: a.name, body: body.join('') };
}

/** What a structured annotation may hold: known values. */
function text(expr: ast.Expr): string {
  const value = literalOf(expr);
  const shown = value && known(value);
  if (typeof shown === 'string') return `"${shown}"`;
  return shown === undefined ? '' : String(shown);
}

function literalOf(expr: ast.Expr): Expr | undefined {
  const { loc } = expr;
  switch (expr.kind) {
    case 'integer':
      return { kind: 'const', value: expr.value, type: { kind: 'integer' }, loc };
    case 'bool':
      return { kind: 'bool', value: expr.value, type: { kind: 'bool' }, loc };
    case 'string':
      return { kind: 'string', value: expr.value, type: { kind: 'string' }, loc };
    case 'unary': {
      const arg = literalOf(expr.arg);
      return arg && { kind: 'unary', op: expr.op, arg, type: arg.type, loc };
    }
    case 'binary': {
      const [left, right] = [literalOf(expr.left), literalOf(expr.right)];
      return left && right && { kind: 'binary', op: expr.op, left, right, type: left.type, loc };
    }
    default:
      return undefined;
  }
}

/** The string in the body of the annotation, if there is one such. */
export function annotationString(list: readonly ast.Annotation[], name: string): string | undefined {
  const found = list.find((a) => a.name === name);
  const [only] = (found?.kind === 'free' && found.body) || [];
  return only?.kind === 'string' ? only.text : undefined;
}

const formats: Readonly<Record<string, Format>> = { MAC_ADDRESS: 'mac', IPV4_ADDRESS: 'ipv4', IPV6_ADDRESS: 'ipv6' };

/**
 * What `@format(…)` says of how people write a value. As the last annotation it is none any more; before others it stays, so
 * that P4Info has them in their order.
 */
export function formatOf(list: readonly ast.Annotation[]): {
  readonly format: { readonly format?: Format };
  readonly without: readonly string[];
} {
  const found = list.find((a) => a.name === 'format');
  const format = found && formats[annotation(found).body?.trim() ?? ''];
  return { format: format ? { format } : {}, without: format && found === list.at(-1) ? ['format'] : [] };
}

interface AstDeclared {
  readonly name: ast.Name;
  readonly loc: Declared['loc'];
  readonly annotations: readonly ast.Annotation[];
  readonly doc?: string;
}

/** `without`: annotations that the IR says otherwise. */
export function declared(decl: AstDeclared, name = decl.name.text, without: readonly string[] = []): Declared {
  return { name, loc: decl.name.loc, ...annotationsOf(decl.annotations, without), ...(decl.doc ? { doc: decl.doc } : {}) };
}

/** As `declared`, for what the control plane knows: under another name it keeps its own in `@name`. */
export function visible(decl: AstDeclared, name: string): Declared {
  const result = declared(decl, name);
  if (name === decl.name.text || decl.annotations.some((a) => a.name === 'name')) return result;
  return { ...result, annotations: [{ name: 'name', body: `"${decl.name.text}"` }, ...(result.annotations ?? [])] };
}
