/** Annotations, comments and places: what declarations of the source and of the IR have in common. */
import type { Annotation, Declared } from '../../ir/types.js';
import { invariant } from '../../support/invariant.js';
import type { Format } from '../../support/values.js';
import type * as ast from '../ast.js';
import type { Findings } from '../check/context.js';

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
  const format = found && formats[textOf(found)?.trim() ?? ''];
  return { format: format ? { format } : {}, without: format && found === list.at(-1) ? ['format'] : [] };
}

/** Their texts are in a language of their own, in which mistakes have places. */
const constraints: ReadonlySet<string> = new Set(['entry_restriction', 'action_restriction']);

interface AstDeclared {
  readonly name: ast.Name;
  readonly annotations: readonly ast.Annotation[];
  readonly doc?: string;
}

/** The body of an annotation without a structure, as written. */
function textOf(a: ast.Annotation): string | undefined {
  if (a.kind === 'structured' || !a.body) return undefined;
  const body = a.body.map((token, i) => `${token.spaced && i > 0 ? ' ' : ''}${token.kind === 'string' ? `"${token.text}"` : token.text}`);
  return body.join('');
}

/** What declarations of the source and of the IR have in common, in a program in which values are known. */
export class AnnotationLowering {
  readonly #findings: Pick<Findings, 'values' | 'texts'>;

  constructor(findings: Pick<Findings, 'values' | 'texts'>) {
    this.#findings = findings;
  }

  /** What `@name` says. */
  nameIn(list: readonly ast.Annotation[]): string | undefined {
    const found = list.find((a) => a.name === 'name');
    return found && this.#findings.texts.get(found);
  }

  /** `without`: annotations that the IR says otherwise. */
  of(list: readonly ast.Annotation[], without: readonly string[] = []): { readonly annotations?: readonly Annotation[] } {
    const annotations = list.filter((a) => !without.includes(a.name)).map((a) => this.#annotation(a));
    return annotations.length > 0 ? { annotations } : {};
  }

  declared(decl: AstDeclared, name = decl.name.text): Declared {
    return { name, loc: decl.name.loc, ...this.of(decl.annotations), ...(decl.doc ? { doc: decl.doc } : {}) };
  }

  /** As `declared`, for what the control plane knows: under another name it keeps its own in `@name`. */
  visible(decl: AstDeclared, name: string): Declared {
    const result = this.declared(decl, name);
    if (name === decl.name.text || decl.annotations.some((a) => a.name === 'name')) return result;
    return { ...result, annotations: [{ name: 'name', body: `"${decl.name.text}"` }, ...(result.annotations ?? [])] };
  }

  #annotation(a: ast.Annotation): Annotation {
    if (a.kind === 'structured') {
      const items = [...a.elements.map((e) => this.#text(e)), ...a.pairs.map((p) => `${p.name.text} = ${this.#text(p.value)}`)];
      return { name: a.name, body: items.join(', '), structured: true };
    }
    const text = this.#findings.texts.get(a);
    const body = text === undefined ? textOf(a) : `"${text}"`;
    if (body === undefined) return { name: a.name };
    const strings = constraints.has(a.name) ? (a.body ?? []).filter(({ kind }) => kind === 'string') : [];
    return { name: a.name, body, ...(strings.length > 0 ? { texts: strings.map(({ loc }) => loc) } : {}) };
  }

  /** What a structured annotation may hold: known numbers, truth values and texts. */
  #text(expr: ast.Expr): string {
    const value = this.#findings.values.get(expr);
    invariant(value !== undefined && typeof value !== 'object', 'a value of an annotation that is not known after checking');
    return typeof value === 'string' ? `"${value}"` : `${value}`;
  }
}
