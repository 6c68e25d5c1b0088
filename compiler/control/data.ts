/**
 * Forms of data: what controllers write and read for the values of a type, and what the switch has for them. They come from
 * the types of a program, or from a P4Info where there is no more (P4Runtime, "Representation of Arbitrary P4 Types").
 */
import type { ProgramInfo } from '../analysis/program-info.js';
import { nameWidth } from '../analysis/type-table.js';
import { isOpen, type Translation, translationOf } from '../ir/annotations.js';
import { externalName } from '../ir/names.js';
import type { EnumDecl, FieldDecl, NamedType, Type } from '../ir/types.js';
import type { DataTypeSpec, P4Info, SerializableEnumSpec } from '../p4info/messages.js';
import { fromBytes, truncate } from '../support/bits.js';
import type { Format } from '../support/values.js';

/** The form of one value. */
export interface ValueForm {
  /** Bits of the controller's values; 0 for text. */
  readonly width: number;
  /** Bits of the switch's values; those of the controller's where only the P4Info is known. */
  readonly deviceWidth: number;
  readonly format: Format;
  readonly isBool: boolean;
  /** In two's complement. */
  readonly isSigned: boolean;
  /** For enums: the values of the members. */
  readonly members?: ReadonlyMap<string, bigint>;
  /** The values of a type that is text to controllers; without any, all text is. */
  readonly texts?: readonly string[];
  /** Where the controller's values stand for others of the switch. */
  readonly translation?: Translation;
  /** Of an enum, or of a type that is translated. */
  readonly typeName?: string;
}

/** The kind is the field of P4Data. */
export type DataForm = ScalarForm | NamesForm | PartsForm | HeaderForm | UnionForm | StackForm | UntoldForm;
export interface ScalarForm extends ValueForm {
  readonly kind: 'bitstring' | 'enum_value' | 'bool';
}
/** The switch's number counts the names. */
export interface NamesForm {
  readonly kind: 'enum' | 'error';
  readonly names: readonly string[];
  readonly deviceWidth: number;
}
export interface PartsForm {
  readonly kind: 'struct' | 'tuple';
  readonly fields: readonly NamedForm[];
  readonly deviceWidth: number;
}
/** The fields of structs in it are called `outer.inner`. To the switch, a bit in front says whether the header is valid. */
export interface HeaderForm {
  readonly kind: 'header';
  readonly fields: readonly NamedForm<ScalarForm | UntoldForm>[];
  readonly deviceWidth: number;
}
export interface UnionForm {
  readonly kind: 'header_union';
  readonly fields: readonly NamedForm<HeaderForm>[];
  readonly deviceWidth: number;
}
export interface StackForm {
  readonly kind: 'header_stack' | 'header_union_stack';
  readonly element: HeaderForm | UnionForm;
  readonly size: number;
  readonly deviceWidth: number;
}
/** P4Runtime has no value for it that is as wide as the switch's, such as for varbit. */
export interface UntoldForm {
  readonly kind: 'untold';
  /** In P4. */
  readonly type: string;
  readonly deviceWidth: 0;
}
export interface NamedForm<F = DataForm> {
  readonly name: string;
  readonly form: F;
}

export const plainForm = (width: number, format: Format = 'num'): ValueForm => ({
  width,
  deviceWidth: width,
  format,
  isBool: false,
  isSigned: false,
});

/** The form of values of a key, a parameter or a field; `width` bits wide where the type says nothing else. */
export function valueForm(info: ProgramInfo, type: Type | undefined, width: number, format: Format = 'num'): ValueForm {
  const plain = plainForm(width, format);
  switch (type?.kind) {
    case 'bit':
      return plainForm(type.width, format);
    case 'int':
      return { ...plainForm(type.width, format), isSigned: true };
    case 'bool':
      return { ...plainForm(1, format), isBool: true };
    case 'named':
      break;
    default:
      return plain;
  }
  const decl = info.declaration(type);
  if (decl?.kind === 'enum' && decl.base) return { ...plainForm(decl.base.width, format), members: membersOf(decl), typeName: decl.name };
  if (decl?.kind !== 'newtype') return plain;
  const form = valueForm(info, decl.type, width, format);
  const translation = translationOf(decl);
  if (!translation) return form;
  const translated = { ...plainForm(translation.width ?? 0, format), deviceWidth: form.deviceWidth, translation, typeName: decl.name };
  if (translation.width !== undefined) return translated;
  return { ...translated, texts: isOpen(translation) ? [] : [...translation.values.keys()] };
}

const membersOf = ({ members }: EnumDecl): ReadonlyMap<string, bigint> => new Map(members.map((m) => [m.name, m.value ?? 0n]));

/** The form of a type of the program. */
export function dataForm(info: ProgramInfo, type: Type, format: Format = 'num'): DataForm {
  switch (type.kind) {
    case 'bit':
    case 'int':
    case 'bool':
      return scalar(valueForm(info, type, 0, format));
    case 'error':
      return { kind: 'error', names: info.errors, deviceWidth: nameWidth };
    case 'tuple':
      return parts(
        'tuple',
        type.elements.map((element, i) => ({ name: `${i}`, form: dataForm(info, element) })),
      );
    case 'stack':
      return stack(dataForm(info, type.element) as HeaderForm | UnionForm, type.size);
    case 'named':
      return namedForm(info, type, format);
    default:
      return untold(type.kind);
  }
}

function namedForm(info: ProgramInfo, type: NamedType, format: Format): DataForm {
  const decl = info.declaration(type);
  const named = (field: FieldDecl): NamedForm => ({ name: externalName(field), form: dataForm(info, field.type, field.format) });
  switch (decl?.kind) {
    case 'newtype':
      return translationOf(decl) ? scalar(valueForm(info, type, 0, format)) : dataForm(info, decl.type, format);
    case 'enum':
      if (decl.base) return scalar(valueForm(info, type, 0, format));
      return { kind: 'enum', names: decl.members.map((m) => m.name), deviceWidth: nameWidth };
    case 'struct':
      return parts('struct', decl.fields.map(named));
    case 'header':
      return header(headerFields(info, decl.fields));
    case 'header_union':
      return union(decl.fields.map(named) as NamedForm<HeaderForm>[]);
    default:
      return untold(type.name);
  }
}

/** In headers, P4Runtime has the bits of all values, and translates none. */
function headerFields(info: ProgramInfo, fields: readonly FieldDecl[], prefix = ''): NamedForm<ScalarForm | UntoldForm>[] {
  return fields.flatMap((field) => {
    const name = `${prefix}${externalName(field)}`;
    const type = info.withoutNewtype(field.type);
    const decl = info.declaration(type);
    if (decl?.kind === 'struct') return headerFields(info, decl.fields, `${name}.`);
    return [{ name, form: dataForm(info, type, field.format) as ScalarForm | UntoldForm }];
  });
}

/** The form of a type that only the P4Info is known of; `name` is that of the field, which may say how its values are written. */
export function dataFormOf({ type_info: info }: Pick<P4Info, 'type_info'>, spec: DataTypeSpec, name = ''): DataForm {
  const headerOf = (of: string): HeaderForm =>
    header(
      (info?.headers?.[of]?.members ?? []).map((m) => ({
        name: m.name,
        form: dataFormOf({}, { bitstring: m.type_spec }, m.name) as ScalarForm | UntoldForm,
      })),
    );
  const unionOf = (of: string): UnionForm =>
    union((info?.header_unions?.[of]?.members ?? []).map((m) => ({ name: m.name, form: headerOf(m.header.name) })));
  const inner = (type: DataTypeSpec, of: string): NamedForm => ({
    name: of,
    form: dataFormOf({ ...(info ? { type_info: info } : {}) }, type, of),
  });
  const { bit, int } = spec.bitstring ?? {};
  if (bit) return scalar(plainForm(bit.bitwidth, likelyFormat(bit.bitwidth, name)));
  if (int) return scalar({ ...plainForm(int.bitwidth), isSigned: true });
  if (spec.bool) return scalar({ ...plainForm(1), isBool: true });
  if (spec.struct) {
    const members = info?.structs?.[spec.struct.name]?.members ?? [];
    return parts(
      'struct',
      members.map((m) => inner(m.type_spec, m.name)),
    );
  }
  if (spec.tuple)
    return parts(
      'tuple',
      (spec.tuple.members ?? []).map((type, i) => inner(type, `${i}`)),
    );
  if (spec.header) return headerOf(spec.header.name);
  if (spec.header_union) return unionOf(spec.header_union.name);
  if (spec.header_stack) return stack(headerOf(spec.header_stack.header.name), spec.header_stack.size);
  if (spec.header_union_stack) return stack(unionOf(spec.header_union_stack.header_union.name), spec.header_union_stack.size);
  if (spec.enum) return { kind: 'enum', names: (info?.enums?.[spec.enum.name]?.members ?? []).map((m) => m.name), deviceWidth: nameWidth };
  if (spec.error) return { kind: 'error', names: info?.error?.members ?? [], deviceWidth: nameWidth };
  if (spec.serializable_enum) return scalar(enumForm(info?.serializable_enums?.[spec.serializable_enum.name], name));
  const { original_type: original, translated_type: translated } = info?.new_types?.[spec.new_type?.name ?? ''] ?? {};
  if (original) return inner(original, name).form;
  if (!translated) return untold('varbit');
  return scalar(sdnForm(translated.sdn_bitwidth ?? 0, likelyFormat(translated.sdn_bitwidth ?? 0, name)));
}

const enumForm = (spec: SerializableEnumSpec | undefined, name: string): ValueForm => {
  const width = spec?.underlying_type.bitwidth ?? 0;
  const members = new Map((spec?.members ?? []).map((m) => [m.name, fromBytes(m.value)]));
  return { ...plainForm(width, likelyFormat(width, name)), members };
};

/** Values without a width are text; which texts there are, P4Info does not say. */
export const sdnForm = (width: number, format: Format): ValueForm => ({
  ...plainForm(width, format),
  ...(width === 0 ? { texts: [] } : {}),
});

/** As widths and names suggest. */
export function likelyFormat(width: number, name: string): Format {
  if (width === 48) return 'mac';
  if (width === 128) return 'ipv6';
  return width === 32 && /ip|addr/i.test(name) ? 'ipv4' : 'num';
}

const scalar = (form: ValueForm): ScalarForm => ({ kind: form.isBool ? 'bool' : form.members ? 'enum_value' : 'bitstring', ...form });
const untold = (type: string): UntoldForm => ({ kind: 'untold', type, deviceWidth: 0 });
const parts = (kind: PartsForm['kind'], fields: readonly NamedForm[]): PartsForm => ({ kind, fields, deviceWidth: sumOf(fields) });
const header = (fields: HeaderForm['fields']): HeaderForm => ({ kind: 'header', fields, deviceWidth: 1 + sumOf(fields) });
const union = (fields: UnionForm['fields']): UnionForm => ({ kind: 'header_union', fields, deviceWidth: sumOf(fields) });
const stack = (element: HeaderForm | UnionForm, size: number): StackForm => ({
  kind: `${element.kind}_stack`,
  element,
  size,
  deviceWidth: size * element.deviceWidth,
});
const sumOf = (fields: readonly NamedForm[]): number => fields.reduce((sum, { form }) => sum + form.deviceWidth, 0);

/** A value of the switch as one number, made of those of its parts: the first is in the most significant bits. */
export const joinParts = (form: DataForm, parts: readonly bigint[]): bigint =>
  partWidths(form).reduce((whole, width, i) => (whole << BigInt(width)) | (parts[i] ?? 0n), 0n);

export function splitParts(form: DataForm, whole: bigint): bigint[] {
  let left = form.deviceWidth;
  return partWidths(form).map((width) => {
    left -= width;
    return truncate(whole >> BigInt(left), width);
  });
}

function partWidths(form: DataForm): readonly number[] {
  switch (form.kind) {
    case 'struct':
    case 'tuple':
    case 'header_union':
      return form.fields.map((f) => f.form.deviceWidth);
    case 'header':
      return [1, ...form.fields.map((f) => f.form.deviceWidth)];
    case 'header_stack':
    case 'header_union_stack':
      return Array.from({ length: form.size }, () => form.element.deviceWidth);
    default:
      return [form.deviceWidth];
  }
}
