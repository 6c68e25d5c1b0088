/** Annotations that the language or the control plane reads (P4-16 §20). The bodies of others are not looked at. */
import type { Annotation, AnnotationToken, FreeAnnotation, StructuredAnnotation } from '../ast.js';
import { keywords } from '../tokens.js';
import type { Checker } from './context.js';
import { checkExpr } from './expect.js';
import { showType } from './types.js';
import { knownValue } from './values.js';

/** Of one element of a program; `fields` are the names before it where it is a field. */
export function checkAnnotations(c: Checker, annotations: readonly Annotation[], fields: readonly string[] = []): void {
  const seen = new Map<string, Annotation>();
  for (const a of annotations) {
    const first = seen.get(a.name);
    if (first && (first.kind === 'structured' || a.kind === 'structured')) {
      c.report('p4-annotation-twice', { name: a.name }, a.loc, { notes: [{ message: 'the first one is here', loc: first.loc }] });
    }
    seen.set(a.name, a);
    if (a.kind === 'structured') checkStructured(c, a);
    else {
      const takes = wrong(c, a, fields);
      if (takes) c.report('annotation-body', { name: a.name, takes }, a.loc);
    }
  }
}

/** Numbers, truth values and texts, which are known (P4-16 §20.2). */
function checkStructured(c: Checker, { name, elements, pairs }: StructuredAnnotation): void {
  for (const value of [...elements, ...pairs.map((p) => p.value)]) {
    const type = checkExpr(c, value);
    if (type.kind === 'unknown') continue;
    if (!['integer', 'bit', 'int', 'bool', 'string'].includes(type.kind)) {
      c.report('annotation-element', { name, type: showType(type) }, value.loc);
    } else if (knownValue(c, value) === undefined) c.report('not-constant', { what: `A value of @${name}` }, value.loc);
  }
}

const texts = ['name', 'deprecated', 'noWarn'];
const bare = ['hidden', 'defaultonly', 'tableonly', 'optional', 'pure', 'noSideEffects', 'unroll', 'nounroll'];

/** What the annotation takes, where that is not what it has. */
function wrong(c: Checker, a: FreeAnnotation, fields: readonly string[]): string | undefined {
  const { name } = a;
  const tokens = a.body ?? [];
  if (bare.includes(name)) return tokens.length > 0 ? 'no value' : undefined;
  if (texts.includes(name)) {
    const text = textOf(c, tokens);
    if (text === undefined) return 'a text';
    c.texts.set(a, text);
    return undefined;
  }
  switch (name) {
    case 'id':
      return tokens.length === 1 && tokens[0]?.kind === 'number' ? undefined : 'a number';
    case 'pkginfo':
      return tokens.length > 0 ? undefined : 'a list of names with values';
    case 'p4runtime_translation':
      return isTranslation(tokens) ? undefined : 'a text, and bit<W>, a number or string for the type that the controller sees';
    case 'match': {
      const [kind, ...rest] = tokens;
      return kind && rest.length === 0 && c.declared.match_kind.has(kind.text) ? undefined : 'a match kind';
    }
    case 'length': {
      const known = (word: string): boolean => keywords.has(word) || fields.includes(word) || c.scope.find(word) !== undefined;
      const later = tokens.find((t, i) => t.kind === 'word' && tokens[i - 1]?.text !== '.' && !known(t.text));
      if (later) c.report('unknown-name', { what: 'earlier field', name: later.text, suggestion: undefined }, a.loc);
      return undefined;
    }
    default:
      return undefined;
  }
}

/** Texts, and constants of texts, that `++` joins. */
function textOf(c: Checker, tokens: readonly AnnotationToken[]): string | undefined {
  const [first, ...rest] = tokens.filter((t) => t.text !== '(' && t.text !== ')');
  let text = first && partOf(c, first);
  for (let i = 0; i < rest.length; i += 2) {
    const [join, next] = rest.slice(i);
    const more = join?.text === '++' && next ? partOf(c, next) : undefined;
    text = text === undefined || more === undefined ? undefined : text + more;
  }
  return text;
}

function partOf(c: Checker, { kind, text }: AnnotationToken): string | undefined {
  if (kind === 'string') return text;
  const entity = c.scope.find(text);
  return entity?.kind === 'constant' && typeof entity.value === 'string' ? entity.value : undefined;
}

function isTranslation(tokens: readonly AnnotationToken[]): boolean {
  const [uri, comma, type, open, width, close, ...rest] = tokens;
  if (uri?.kind !== 'string' || comma?.text !== ',' || !type) return false;
  if (tokens.length === 3) return type.kind === 'number' || type.text === 'string';
  return type.text === 'bit' && open?.text === '<' && width?.kind === 'number' && close?.text === '>' && rest.length === 0;
}
