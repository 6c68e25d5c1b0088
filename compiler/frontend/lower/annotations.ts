/** Annotations, comments and places: what declarations of the source and of the IR have in common. */
import type { Annotation, Declared } from '../../ir/types.js';
import type { Format } from '../../support/values.js';
import type * as ast from '../ast.js';

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
  switch (expr.kind) {
    case 'integer':
      return `${expr.width === undefined ? '' : `${expr.width}${expr.signed ? 's' : 'w'}`}${expr.value}`;
    case 'bool':
      return String(expr.value);
    case 'string':
      return `"${expr.value}"`;
    case 'name':
      return expr.path.name.text;
    case 'member':
      return `${text(expr.base)}.${expr.member.text}`;
    case 'unary':
      return `${expr.op}${text(expr.arg)}`;
    case 'binary':
      return `(${text(expr.left)} ${expr.op} ${text(expr.right)})`;
    default:
      return '';
  }
}

/** The string in the body of the annotation, if there is one such. */
export function annotationString(list: readonly ast.Annotation[], name: string): string | undefined {
  const found = list.find((a) => a.name === name);
  const [only] = (found?.kind === 'free' && found.body) || [];
  return only?.kind === 'string' ? only.text : undefined;
}

const formats: Readonly<Record<string, Format>> = { MAC_ADDRESS: 'mac', IPV4_ADDRESS: 'ipv4', IPV6_ADDRESS: 'ipv6' };

/** What `@format(…)` says of how people write a value; then it is no annotation any more. */
export function formatOf(list: readonly ast.Annotation[]): { readonly format?: Format } {
  const found = list.find((a) => a.name === 'format');
  const format = found && formats[annotation(found).body?.trim() ?? ''];
  return format ? { format } : {};
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
