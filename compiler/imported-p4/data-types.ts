/** Forms of data as types of the language, so that controllers write and read values of programs in P4 in the same way. */
import type { DataForm, NamedForm, ValueForm } from '../control/data.js';
import type { BitType, ControllerFields, ControllerType, DataType, HeaderType } from '../dsl/surface.js';
import { isOpen } from '../ir/annotations.js';
import type { Format } from '../support/values.js';

/** The type of what registers hold and digests tell, of which P4Runtime knows the parts. */
export function dataType(form: DataForm): ControllerType {
  switch (form.kind) {
    case 'enum':
    case 'error':
      return Object.freeze({ kind: 'names', of: form.kind, members: form.names });
    case 'struct':
      return Object.freeze({ kind: 'struct', name: '', fields: typesOf(form.fields) });
    case 'tuple':
      return Object.freeze({ kind: 'tuple', elements: form.fields.map((field) => dataType(field.form)) });
    case 'header':
      return Object.freeze({ kind: 'header', name: '', fields: typesOf(form.fields) }) as HeaderType<any>;
    case 'header_union':
      return Object.freeze({ kind: 'union', name: '', members: typesOf(form.fields) as Record<string, HeaderType<any>> });
    case 'header_stack':
    case 'header_union_stack':
      return Object.freeze({ kind: 'stack', of: dataType(form.element) as HeaderType<any>, depth: form.size });
    case 'untold':
      return bitOf(32);
    default:
      return valueType(form);
  }
}

const typesOf = (fields: readonly NamedForm[]): ControllerFields =>
  Object.fromEntries(fields.map(({ name, form }) => [name, dataType(form)]));

/** What a digest tells, by name: the elements of a tuple are numbered, and what has no parts is `value`. */
export function digestTypes(form: DataForm): ControllerFields {
  if (form.kind === 'struct' || form.kind === 'header' || form.kind === 'tuple') return typesOf(form.fields);
  return { value: dataType(form) };
}

/** The type of a key, a parameter or a field. */
export function valueType({
  width,
  deviceWidth,
  format,
  isBool,
  isSigned,
  members,
  texts,
  translation,
  typeName: name = '',
}: ValueForm): DataType {
  if (isBool) return Object.freeze({ kind: 'bool' });
  if (isSigned) return Object.freeze({ kind: 'int', width });
  if (members) return Object.freeze({ kind: 'enum', name, width, members: [...members.keys()] });
  if (!translation) return bitOf(width, format);
  const values = isOpen(translation) ? {} : Object.fromEntries(translation.values);
  const controller = texts ? Object.freeze({ kind: 'text', values }) : bitOf(width, format);
  return Object.freeze({ kind: 'newtype', name, width: deviceWidth, base: bitOf(deviceWidth, format), controller }) as never;
}

const bitOf = (width: number, format: Format = 'num'): BitType => Object.freeze({ kind: 'bit', width, format });
