/** Values of any P4 type, which registers hold and digests tell, to and from P4Data (P4Runtime §8.4.3). */
import type { DataForm, HeaderForm, NamedForm, UnionForm } from '../../compiler/control/data.js';
import { type Place, unknown } from '../../compiler/control/names.js';
import type { P4Data, P4Header, P4HeaderUnion } from '../p4runtime/messages.js';
import { checkNames } from './entry.js';
import { fromData, toData, valueError } from './values.js';

/** As people read it: fields by name, elements in a list; null for a header or union that is not valid. */
export function decodeData(data: P4Data | undefined, form: DataForm): unknown {
  switch (form.kind) {
    case 'bitstring':
    case 'enum_value':
    case 'bool':
      return fromData(data, form);
    case 'untold':
      return undefined;
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
  return headerFields(header, fields);
}

/** Whether the header is valid or not. */
const headerFields = (header: P4Header | undefined, fields: HeaderForm['fields']): Record<string, unknown> =>
  Object.fromEntries(fields.map(({ name, form }, i) => [name, decodeData({ bitstring: header?.bitstrings?.[i] ?? noBytes }, form)]));

function decodeUnion(union: P4HeaderUnion | undefined, { fields: headers }: UnionForm): Record<string, unknown> | null {
  const valid = headers.find(({ name }) => name === union?.valid_header_name);
  return valid ? { [valid.name]: decodeHeader(union?.valid_header, valid.form) } : null;
}

/** What a digest tells, by name: the elements of a tuple are numbered, and what has no parts is `value`. */
export function decodeParts(data: P4Data | undefined, form: DataForm): Readonly<Record<string, unknown>> {
  if (form.kind === 'header') return headerFields(data?.header, form.fields);
  const value = decodeData(data, form);
  if (form.kind === 'struct') return value as Record<string, unknown>;
  return form.kind === 'tuple' ? { ...(value as unknown[]) } : { value };
}

const noBytes = new Uint8Array();

/** As `decodeData` reads it. @throws DiagnosticError entry-value, entry-unknown, entry-missing */
export function encodeData(value: unknown, form: DataForm, place: Place): P4Data {
  switch (form.kind) {
    case 'bitstring':
    case 'enum_value':
    case 'bool':
      return toData(value, form, place);
    case 'untold':
      throw valueError(place, `controllers cannot write values of type ${form.type}`);
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
  const bitstrings = fields.map(({ name, form }) => {
    const { bitstring, enum_value, bool } = encodeData(given[name], form, within(place, name));
    return bitstring ?? enum_value ?? Uint8Array.of(bool ? 1 : 0);
  });
  return { is_valid: true, bitstrings };
}

function encodeUnion(value: unknown, { fields: headers }: UnionForm, place: Place): P4HeaderUnion {
  if (value === null) return {};
  const [name = '', ...more] = Object.keys(recordOf(value, place));
  if (more.length > 0 || name === '') throw valueError(place, 'one header is valid, or none, which is null');
  const names = headers.map((h) => h.name);
  const header = headers[names.indexOf(nameOf(name, names, place, 'header'))] as NamedForm<HeaderForm>;
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

function nameOf(value: unknown, names: readonly string[], place: Place, what = 'member'): string {
  if (typeof value === 'string' && (names.length === 0 || names.includes(value))) return value;
  return unknown(what, String(value), names, place);
}
