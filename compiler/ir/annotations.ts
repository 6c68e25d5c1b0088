/**
 * The annotations that p4ts reads, each with what its body says (P4-16 §20; P4Runtime, "P4Info Message"). The IR keeps
 * annotations as they were written; nothing else looks into their bodies.
 */
import type { Annotation, NewtypeDecl } from './types.js';

export type KnownAnnotation =
  /** The name that the control plane has for the declaration. */
  | { readonly kind: 'name'; readonly text: string }
  /** NaN where the body is not a number. */
  | { readonly kind: 'id'; readonly id: number; readonly text: string }
  | { readonly kind: 'hidden' }
  | { readonly kind: 'brief'; readonly text: string }
  | { readonly kind: 'description'; readonly text: string }
  /** `packet_in` or `packet_out`: the header is in front of packets to or from the controller. */
  | { readonly kind: 'controller_header'; readonly text: string }
  /** A field that controllers do not see. */
  | { readonly kind: 'padding' }
  /** The match kind of a field of a value set. */
  | { readonly kind: 'match'; readonly match: string }
  /** The controller's values: `width` bits, or text. */
  | { readonly kind: 'p4runtime_translation'; readonly uri: string; readonly width?: number }
  | { readonly kind: 'p4runtime_translation_mappings'; readonly values: ReadonlyMap<string, bigint> }
  | { readonly kind: 'format' }
  /** The lists of fields that survive a clone, resubmission or recirculation, by number. */
  | { readonly kind: 'field_list'; readonly lists: readonly number[] }
  | { readonly kind: 'single_rate_three_color' }
  | { readonly kind: 'single_rate_two_color' }
  | { readonly kind: 'max_group_size'; readonly size: number }
  | { readonly kind: 'selector_size_semantics'; readonly text: string }
  | { readonly kind: 'max_member_weight'; readonly weight: number }
  | { readonly kind: 'weights_disallowed' }
  | { readonly kind: 'tableonly' }
  | { readonly kind: 'defaultonly' }
  /** What all entries of the table, or all calls of the action, must satisfy, in the language of p4-constraints: its texts. */
  | { readonly kind: 'entry_restriction'; readonly texts: readonly string[] }
  | { readonly kind: 'action_restriction'; readonly texts: readonly string[] }
  /** The value is that of a key of some entry of another table; or entries of the other refer to it. */
  | { readonly kind: 'refers_to'; readonly table: string; readonly key: string }
  | { readonly kind: 'referenced_by'; readonly table: string; readonly key: string };

type Kind = KnownAnnotation['kind'];
type Known<K extends Kind> = Extract<KnownAnnotation, { readonly kind: K }>;
interface Annotated {
  readonly annotations?: readonly Annotation[];
}

/** What the annotation of that name says; undefined where there is none, or its body is not one that it can have. */
export function annotation<K extends Kind>(of: Annotated, kind: K): Known<K> | undefined {
  const written = of.annotations?.find((a) => a.name === kind);
  return written && parsed(written, kind);
}

/** The same of each annotation of that name. */
export const annotations = <K extends Kind>(of: Annotated, kind: K): readonly Known<K>[] =>
  (of.annotations ?? []).flatMap((a) => (a.name === kind ? (parsed(a, kind) ?? []) : []));

function parsed<K extends Kind>({ body }: Annotation, kind: K): Known<K> | undefined {
  const said = parsers[kind](body);
  return said && ({ kind, ...said } as unknown as Known<K>);
}

export const hasAnnotation = (of: Annotated, kind: Kind): boolean => of.annotations?.some((a) => a.name === kind) ?? false;

/** The string that a body such as that of `@name("x")` holds; like p4c, with its escapes as written. */
export const annotationText = (body: string): string | undefined => /^\s*"((?:[^"\\]|\\.)*)"\s*$/.exec(body)?.[1];

type Parser<K extends Kind> = (body: string | undefined) => Omit<Known<K>, 'kind'> | undefined;

const bare = (): object => ({});
const withText = (body = ''): { readonly text: string } | undefined => {
  const text = annotationText(body);
  return text === undefined ? undefined : { text };
};
/** One or several texts. */
const withTexts = (body = ''): { readonly texts: readonly string[] } | undefined => {
  const texts = [...body.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text);
  return texts.length > 0 && /^(?:\s*"(?:[^"\\]|\\.)*")+\s*$/.test(body) ? { texts } : undefined;
};
const withKey = (body = ''): { readonly table: string; readonly key: string } | undefined => {
  const [table, key, ...rest] = body.replace(/\s+/g, '').split(',');
  return table && key && rest.length === 0 ? { table, key } : undefined;
};
const numberIn = (body: string): number => Number(body.trim() || Number.NaN);

const parsers: { readonly [K in Kind]: Parser<K> } = {
  name: withText,
  id: (body = '') => ({ id: numberIn(body.replace(/^\s*(?:\d+[ws]|0[dD])|_/g, '')), text: body.trim() }),
  hidden: bare,
  brief: withText,
  description: withText,
  controller_header: withText,
  padding: bare,
  match: (body) => (body === undefined ? undefined : { match: body.trim() }),
  p4runtime_translation: (body = '') => {
    // The width may also be written as a number.
    const found = /^\s*"([^"]*)"\s*,\s*(?:string|(?:bit\s*<\s*)?(\d+)\s*>?)\s*$/.exec(body);
    return found ? { uri: found[1] as string, ...(found[2] === undefined ? {} : { width: Number(found[2]) }) } : undefined;
  },
  p4runtime_translation_mappings: (body = '') => ({
    values: new Map([...body.matchAll(/\{\s*"([^"]*)"\s*,\s*(\d+)\s*\}/g)].map(([, text = '', value = '']) => [text, BigInt(value)])),
  }),
  format: bare,
  field_list: (body = '') => ({ lists: body.split(',').map(numberIn) }),
  single_rate_three_color: bare,
  single_rate_two_color: bare,
  max_group_size: (body) => (body === undefined ? undefined : { size: Number(body) }),
  selector_size_semantics: withText,
  max_member_weight: (body) => (body === undefined ? undefined : { weight: Number(body) }),
  weights_disallowed: bare,
  tableonly: bare,
  defaultonly: bare,
  entry_restriction: withTexts,
  action_restriction: withTexts,
  refers_to: withKey,
  referenced_by: withKey,
};

/** An annotation as P4Info has it: `@name(body)`. */
export function annotationIn(text: string): Annotation | undefined {
  const found = /^@(\w+)(?:\(([\s\S]*)\))?$/.exec(text.trim());
  return found ? { name: found[1] as string, ...(found[2] === undefined ? {} : { body: found[2] }) } : undefined;
}

/** What `@p4runtime_translation` says of a type: the values that the control plane has for the switch's. */
export interface Translation {
  readonly uri: string;
  /** Bits of the controller's values; absent when they are text. */
  readonly width?: number;
  /** For text: the switch's values, as far as the program says. */
  readonly values: ReadonlyMap<string, bigint>;
}

/** The same for each use of the type. */
export function translationOf(declared: NewtypeDecl): Translation | undefined {
  const found = translations.get(declared) ?? { translation: readTranslation(declared) };
  translations.set(declared, found);
  return found.translation;
}
const translations = new WeakMap<NewtypeDecl, { readonly translation: Translation | undefined }>();

function readTranslation(declared: NewtypeDecl): Translation | undefined {
  const said = annotation(declared, 'p4runtime_translation');
  if (!said) return undefined;
  const { kind: _, ...translation } = said;
  return { ...translation, values: annotation(declared, 'p4runtime_translation_mappings')?.values ?? new Map() };
}

/** Whether the switch finds numbers for other text: the program names none, or only the default, which is the empty text. */
export const isOpen = ({ values }: Translation): boolean => [...values.keys()].every((name) => name === '');

/** A number that no text stands for is shown in decimal. */
export const textFor = ({ values }: Translation, value: bigint): string =>
  [...values].find(([, number]) => number === value)?.[0] ?? `${value}`;
