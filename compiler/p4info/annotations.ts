/** Annotations and documentation, as P4Info carries them. */
import { annotation, annotationText, hasAnnotation } from '../ir/annotations.js';
import type { Annotation, Declared } from '../ir/types.js';
import type { Format } from '../support/values.js';
import type { Annotated, AnnotationValue, Documentation, PkgInfo, StructuredAnnotation } from './messages.js';

type HasAnnotations = Pick<Declared, 'annotations' | 'doc'>;

/** All annotations but those that P4Info says otherwise: name, id, brief, description. */
export function annotationsOf(of: HasAnnotations, except: readonly string[] = []): Annotated {
  const texts: string[] = [];
  const structured: StructuredAnnotation[] = [];
  for (const a of of.annotations ?? []) {
    if (a.structured) structured.push(structuredAnnotation(a));
    else if (!elsewhere.has(a.name) && !except.includes(a.name)) texts.push(annotationAsText(a));
  }
  return {
    ...(texts.length > 0 ? { annotations: texts } : {}),
    ...(structured.length > 0 ? { structured_annotations: structured } : {}),
  };
}

/** `@format(…)`, by which P4Runtime tells control planes how people write the values of a key or parameter. */
export function formatAnnotations(of: HasAnnotations & { readonly format?: Format }): readonly Annotation[] {
  const body = of.format && formats[of.format];
  return body && !hasAnnotation(of, 'format') ? [{ name: 'format', body }] : [];
}

/** What `@brief` and `@description` say; without them the user's comment: its first line, and the rest. */
export function documentation(of: HasAnnotations): { doc?: Documentation } {
  const brief = annotation(of, 'brief')?.text;
  const description = annotation(of, 'description')?.text;
  if (brief !== undefined || description !== undefined)
    return { doc: { ...(brief === undefined ? {} : { brief }), ...(description === undefined ? {} : { description }) } };
  const text = of.doc?.trim();
  if (!text) return {};
  const [first, ...rest] = text.split('\n') as [string, ...string[]];
  const more = rest.join('\n').trim();
  return { doc: { brief: first.trim(), ...(more === '' ? {} : { description: more }) } };
}

const formats: Readonly<Partial<Record<Format, string>>> = { mac: 'MAC_ADDRESS', ipv4: 'IPV4_ADDRESS', ipv6: 'IPV6_ADDRESS' };

const elsewhere = new Set(['name', 'id', 'brief', 'description']);

/** Annotations whose bodies p4c parses, and prints back as it understood them. */
const parsed = new Set(['controller_header', 'noWarn', 'deprecated', 'max_group_size', 'selector_size_semantics', 'max_member_weight']);

function annotationAsText(a: Annotation): string {
  const body = a.body?.trim() ?? '';
  if (body === '') return `@${a.name}`;
  // p4c prints the tokens of a body that it does not know with a space between any two.
  return `@${a.name}(${parsed.has(a.name) ? body : (body.match(token) ?? []).join(' ')})`;
}

const token = /"(?:[^"\\]|\\.)*"|\w+|<<|&&&|&&|\|\||==|!=|<=|>=|\+\+|\.\.\.|\.\.|\|\+\||\|-\||[^\s\w]/g;

/** What `@pkginfo(name = "…", version = "…")` says of the program. */
export function packageInfo(of: HasAnnotations): Partial<PkgInfo> {
  return Object.fromEntries(pairsIn(of, 'pkginfo', packageKeys).map(({ key, value }) => [key, value.string_value]));
}

/** What `@platform_property` says. */
export function platformProperties(of: HasAnnotations): Pick<PkgInfo, 'platform_properties'> {
  const pairs = pairsIn(of, 'platform_property', platformKeys);
  return pairs.length === 0 ? {} : { platform_properties: Object.fromEntries(pairs.map(({ key, value }) => [key, value.int64_value])) };
}

/** The pairs that all annotations of that name hold. */
const pairsIn = ({ annotations: all = [] }: HasAnnotations, name: string, keys: ReadonlySet<string>) =>
  all
    .filter((a) => a.name === name)
    .flatMap(bodyItems)
    .filter(({ key }) => key !== undefined && keys.has(key));

const platformKeys = new Set([
  'multicast_group_table_size',
  'multicast_group_table_total_replicas',
  'multicast_group_table_max_replicas_per_entry',
]);

const packageKeys = new Set(['name', 'version', 'organization', 'contact', 'url']);

function bodyItems(a: Annotation): readonly { readonly key: string | undefined; readonly value: AnnotationValue }[] {
  return ((a.body ?? '').match(/(?:\w+\s*=\s*)?(?:"(?:[^"\\]|\\.)*"|[^\s,]+)/g) ?? []).map((item) => {
    const [, key, text] = /^(?:(\w+)\s*=\s*)?(.+)$/s.exec(item) as unknown as [string, string | undefined, string];
    return { key, value: annotationValue(text) };
  });
}

function structuredAnnotation(a: Annotation): StructuredAnnotation {
  const items = bodyItems(a);
  if (items.some((item) => item.key !== undefined))
    return { name: a.name, kv_pair_list: { kv_pairs: items.map(({ key, value }) => ({ key: key ?? '', value })) } };
  return items.length === 0 ? { name: a.name } : { name: a.name, expression_list: { expressions: items.map((item) => item.value) } };
}

function annotationValue(text: string): AnnotationValue {
  const string = annotationText(text);
  if (string !== undefined) return { string_value: string };
  if (text === 'true' || text === 'false') return { bool_value: text === 'true' };
  return { int64_value: Number(text.replace(/^\d+[ws]|_/g, '')) };
}
