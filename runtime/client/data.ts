/** Values of any P4 type, which registers hold and digests tell, to and from P4Data (P4Runtime §8.4.3). */
import type { ControllerType, DataType, Fields } from '../../compiler/dsl/surface.js';
import type { DataTypeSpec, P4Info } from '../../compiler/p4info/messages.js';
import { fail } from '../../compiler/support/diagnostics.js';
import { nearest } from '../../compiler/support/suggest.js';
import type { P4Data, P4Header, P4HeaderUnion } from '../p4runtime/messages.js';
import { checkNames } from './entry.js';
import type { ClientField } from './names.js';
import { fromData, type Place, toData, valueError } from './values.js';

/** How values of a type are exchanged with a switch; the kind is the field of P4Data, but for single values. */
export type DataForm =
  | { readonly kind: 'value'; readonly field: ClientField }
  | { readonly kind: 'enum' | 'error'; readonly names: readonly string[] }
  | { readonly kind: 'struct' | 'tuple'; readonly fields: readonly NamedForm[] }
  | HeaderForm
  | UnionForm
  | { readonly kind: 'header_stack' | 'header_union_stack'; readonly element: HeaderForm | UnionForm; readonly size: number };
export interface NamedForm<F = DataForm> {
  readonly name: string;
  readonly form: F;
}
export interface HeaderForm {
  readonly kind: 'header';
  readonly fields: readonly ClientField[];
}
export interface UnionForm {
  readonly kind: 'header_union';
  readonly headers: readonly NamedForm<HeaderForm>[];
}

/** The form of a type of the program; `leaf` is that of a single value. */
export function dataForm(type: ControllerType, leaf: (name: string, type: DataType) => ClientField, name = ''): DataForm {
  switch (type.kind) {
    case 'names':
      return { kind: type.of, names: type.members };
    case 'struct':
      return {
        kind: 'struct',
        fields: Object.entries(type.fields as Fields).map(([name, inner]) => ({ name, form: dataForm(inner, leaf, name) })),
      };
    case 'tuple':
      return {
        kind: 'tuple',
        fields: (type.elements as readonly ControllerType[]).map((inner, i) => ({ name: `${i}`, form: dataForm(inner, leaf, `${i}`) })),
      };
    case 'header':
      return { kind: 'header', fields: Object.entries(type.fields as Fields).map(([name, inner]) => leaf(name, inner)) };
    case 'union':
      return {
        kind: 'header_union',
        headers: Object.entries(type.members as Record<string, ControllerType>).map(([name, inner]) => ({
          name,
          form: dataForm(inner, leaf) as HeaderForm,
        })),
      };
    case 'stack': {
      const element = dataForm(type.of as ControllerType, leaf) as HeaderForm | UnionForm;
      return { kind: `${element.kind}_stack`, element, size: type.depth as number };
    }
    default:
      return { kind: 'value', field: leaf(name, type) };
  }
}

/** The form of a type that only the P4Info is known of; `leaf` is that of a single value. */
export function dataFormOf({ type_info }: P4Info, type: DataTypeSpec, leaf: (name: string, type: DataTypeSpec) => ClientField): DataForm {
  const header = (name: string): HeaderForm => ({
    kind: 'header',
    fields: (type_info?.headers?.[name]?.members ?? []).map((m) => leaf(m.name, { bitstring: m.type_spec })),
  });
  const union = (name: string): UnionForm => ({
    kind: 'header_union',
    headers: (type_info?.header_unions?.[name]?.members ?? []).map((m) => ({ name: m.name, form: header(m.header.name) })),
  });
  const form = (spec: DataTypeSpec, name: string): DataForm => {
    const { struct, tuple, header_stack: headers, header_union_stack: unions } = spec;
    if (struct) {
      const members = type_info?.structs?.[struct.name]?.members ?? [];
      return { kind: 'struct', fields: members.map((m) => ({ name: m.name, form: form(m.type_spec, m.name) })) };
    }
    if (tuple) return { kind: 'tuple', fields: (tuple.members ?? []).map((inner, i) => ({ name: `${i}`, form: form(inner, `${i}`) })) };
    if (spec.header) return header(spec.header.name);
    if (spec.header_union) return union(spec.header_union.name);
    if (headers) return { kind: 'header_stack', element: header(headers.header.name), size: headers.size };
    if (unions) return { kind: 'header_union_stack', element: union(unions.header_union.name), size: unions.size };
    if (spec.enum) return { kind: 'enum', names: (type_info?.enums?.[spec.enum.name]?.members ?? []).map((m) => m.name) };
    if (spec.error) return { kind: 'error', names: type_info?.error?.members ?? [] };
    return { kind: 'value', field: leaf(name, spec) };
  };
  return form(type, '');
}

/** As people read it: fields by name, elements in a list; null for a header or union that is not valid. */
export function decodeData(data: P4Data | undefined, form: DataForm): unknown {
  switch (form.kind) {
    case 'value':
      return fromData(data, form.field);
    case 'enum':
    case 'error':
      return data?.[form.kind] ?? form.names[0] ?? '';
    case 'struct':
      return Object.fromEntries(form.fields.map((f, i) => [f.name, decodeData(data?.struct?.members?.[i], f.form)]));
    case 'tuple':
      return form.fields.map((f, i) => decodeData(data?.tuple?.members?.[i], f.form));
    case 'header':
      return decodeHeader(data?.header, form);
    case 'header_union':
      return decodeUnion(data?.header_union, form);
    default: {
      const entries: readonly (P4Header | P4HeaderUnion)[] = data?.[form.kind]?.entries ?? [];
      return Array.from({ length: form.size }, (_, i) => decodeElement(entries[i], form.element));
    }
  }
}

const decodeElement = (data: P4Header | P4HeaderUnion | undefined, form: HeaderForm | UnionForm): unknown =>
  form.kind === 'header' ? decodeHeader(data as P4Header, form) : decodeUnion(data as P4HeaderUnion, form);

function decodeHeader(header: P4Header | undefined, { fields }: HeaderForm): Record<string, unknown> | null {
  if (!header?.is_valid) return null;
  return Object.fromEntries(fields.map((field, i) => [field.name, fromData({ bitstring: header.bitstrings?.[i] ?? noBytes }, field)]));
}

function decodeUnion(union: P4HeaderUnion | undefined, { headers }: UnionForm): Record<string, unknown> | null {
  const valid = headers.find(({ name }) => name === union?.valid_header_name);
  return valid ? { [valid.name]: decodeHeader(union?.valid_header, valid.form) } : null;
}

const noBytes = new Uint8Array();

/** As `decodeData` reads it. @throws DiagnosticError entry-value, entry-unknown, entry-missing */
export function encodeData(value: unknown, form: DataForm, place: Place): P4Data {
  switch (form.kind) {
    case 'value':
      return toData(value, form.field, place);
    case 'enum':
    case 'error':
      return { [form.kind]: nameOf(value, form.names, place) };
    case 'struct': {
      const given = fieldsOf(value, form.fields, place);
      return { struct: { members: form.fields.map((f) => encodeData(given[f.name], f.form, within(place, f.name))) } };
    }
    case 'tuple': {
      const given = listOf(value, form.fields.length, place);
      return { tuple: { members: form.fields.map((f, i) => encodeData(given[i], f.form, within(place, f.name))) } };
    }
    case 'header':
      return { header: encodeHeader(value, form, place) };
    case 'header_union':
      return { header_union: encodeUnion(value, form, place) };
    default: {
      const { element, size } = form;
      const entries = listOf(value, size, place).map((one, i) => {
        const at: Place = { ...place, at: `${place.at}, element ${i}` };
        return element.kind === 'header' ? encodeHeader(one, element, at) : encodeUnion(one, element, at);
      });
      return { [form.kind]: { entries } };
    }
  }
}

function encodeHeader(value: unknown, { fields }: HeaderForm, place: Place): P4Header {
  if (value === null) return {};
  const given = fieldsOf(value, fields, place);
  const bitstrings = fields.map((field) => {
    const { bitstring, enum_value, bool } = toData(given[field.name], field, within(place, field.name));
    return bitstring ?? enum_value ?? Uint8Array.of(bool ? 1 : 0);
  });
  return { is_valid: true, bitstrings };
}

function encodeUnion(value: unknown, { headers }: UnionForm, place: Place): P4HeaderUnion {
  if (value === null) return {};
  const [name = '', ...more] = Object.keys(recordOf(value, place));
  if (more.length > 0 || name === '') throw valueError(place, 'one header is valid, or none, which is null');
  const header = headers.find(
    (h) =>
      h.name ===
      nameOf(
        name,
        headers.map((h) => h.name),
        place,
        'header',
      ),
  ) as NamedForm<HeaderForm>;
  const content = encodeHeader((value as Readonly<Record<string, unknown>>)[name], header.form, within(place, name));
  return content.is_valid ? { valid_header_name: name, valid_header: content } : {};
}

export const within = ({ at, loc }: Place, name: string): Place => ({ at: `${at}, field ${name}`, loc });

function recordOf(value: unknown, place: Place): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  throw valueError(place, `${String(value)} has no fields`);
}

/** @throws DiagnosticError entry-value, entry-unknown, entry-missing */
export function fieldsOf(value: unknown, fields: readonly { readonly name: string }[], place: Place): Readonly<Record<string, unknown>> {
  const given = recordOf(value, place);
  checkNames(fields, given, place.at, 'field', place.loc);
  return given;
}

function listOf(value: unknown, length: number, place: Place): readonly unknown[] {
  if (Array.isArray(value) && value.length === length) return value;
  throw valueError(place, `${Array.isArray(value) ? `a list of ${value.length}` : String(value)} is not a list of ${length}`);
}

function nameOf(value: unknown, names: readonly string[], { at, loc }: Place, what = 'member'): string {
  if (typeof value === 'string' && (names.length === 0 || names.includes(value))) return value;
  return fail('entry-unknown', { at, what, name: String(value), suggestion: nearest(String(value), names), valid: names }, { loc });
}
