/** Types of a program in P4 as the language says them, so that controllers write and read values in the same way. */
import { programInfo } from '../analysis/program-info.js';
import type { BitType, ControllerFields, ControllerType, DataType, Fields, HeaderType } from '../dsl/surface.js';
import { isOpen, translationOf } from '../ir/annotations.js';
import { externalName } from '../ir/names.js';
import type { Program } from '../ir/program.js';
import type { FieldDecl, HeaderDecl, NamedType, StructDecl, Type } from '../ir/types.js';
import type { Format } from '../support/values.js';

/** The type of what registers hold and digests tell, of which P4Runtime knows the parts. */
export function dataOf(program: Program, type: Type, format: Format = 'num'): ControllerType {
  if (type.kind === 'error') {
    return Object.freeze({ kind: 'names', of: 'error', members: programInfo(program).errors });
  }
  if (type.kind === 'tuple') return Object.freeze({ kind: 'tuple', elements: type.elements.map((element) => dataOf(program, element)) });
  if (type.kind === 'stack') return Object.freeze({ kind: 'stack', of: dataOf(program, type.element) as HeaderType, depth: type.size });
  const decl = programInfo(program).declaration(type);
  const { name = '' } = decl ?? {};
  const parts = (fields: readonly FieldDecl[]): ControllerFields =>
    Object.fromEntries(fields.map((field) => [externalName(field), dataOf(program, field.type, field.format)]));
  switch (decl?.kind) {
    case 'enum':
      if (decl.base) break;
      return Object.freeze({ kind: 'names', of: 'enum', members: decl.members.map((m) => m.name) });
    case 'struct':
      return Object.freeze({ kind: 'struct', name, fields: parts(decl.fields) });
    case 'header':
      return Object.freeze({ kind: 'header', name, fields: flatFields(program, decl) });
    case 'header_union':
      return Object.freeze({
        kind: 'union',
        name,
        members: Object.fromEntries(decl.fields.map((f) => [externalName(f), dataOf(program, f.type)])),
      });
  }
  return dataType(program, type, format);
}

/** What a digest tells, by name: the elements of a tuple are numbered, and what has no parts is `value`. */
export function digestFields(program: Program, type: Type): ControllerFields {
  const data = dataOf(program, type);
  if (data.kind === 'struct' || data.kind === 'header') return data.fields;
  if (data.kind === 'tuple') return { ...data.elements };
  return { value: data };
}

/** The fields of a header, those of structs in it as `outer.inner`: P4Runtime has them in one list. */
function flatFields(program: Program, { fields }: HeaderDecl | StructDecl, prefix = ''): Fields {
  const all = fields.map((field) => {
    const inner = programInfo(program).declaration(field.type);
    const name = `${prefix}${externalName(field)}`;
    return inner?.kind === 'struct' ? flatFields(program, inner, `${name}.`) : { [name]: dataType(program, field.type, field.format) };
  });
  return Object.assign({}, ...all) as Fields;
}

/** The type of a key or parameter. What P4Runtime only knows as bits are bits. */
export function dataType(program: Program, type: Type, format: Format = 'num'): DataType {
  switch (type.kind) {
    case 'bit':
      return bitOf(type.width, format);
    case 'int':
      return Object.freeze({ kind: 'int', width: type.width });
    case 'bool':
      return Object.freeze({ kind: 'bool' });
    case 'named':
      return namedType(program, type, format);
    default:
      return bitOf(32);
  }
}

function namedType(program: Program, type: NamedType, format: Format): DataType {
  const { name } = type;
  const decl = programInfo(program).declaration(type);
  switch (decl?.kind) {
    case 'enum':
      if (!decl.base) return bitOf(32);
      return Object.freeze({ kind: 'enum', name, width: decl.base.width, members: decl.members.map((m) => m.name) });
    case 'newtype': {
      const base = dataType(program, decl.type, format);
      const translation = translationOf(decl);
      if (!translation || base.kind !== 'bit') return base;
      const { width, values } = translation;
      const controller =
        width === undefined
          ? Object.freeze({ kind: 'text', values: isOpen(translation) ? {} : Object.fromEntries(values) })
          : bitOf(width, format);
      return Object.freeze({ kind: 'newtype', name, width: base.width, base, controller }) as never;
    }
    default:
      return bitOf(32);
  }
}

/** What controllers see of `packet_in` or `packet_out`. */
export function controllerFields(program: Program, name: string): Fields {
  const { fields = [] } = programInfo(program).controllerHeader(name) ?? {};
  return Object.fromEntries(fields.map((field) => [externalName(field), dataType(program, field.type, field.format)]));
}

const bitOf = (width: number, format: Format = 'num'): BitType => Object.freeze({ kind: 'bit', width, format });
