/** Types of a program in P4 as the language says them, so that controllers write and read values in the same way. */
import { declaredType } from '../arch/index.js';
import type { BitType, DataType, Fields } from '../dsl/surface.js';
import type { Program } from '../ir/program.js';
import { translationOf } from '../ir/translation.js';
import type { NamedType, Type } from '../ir/types.js';
import type { Format } from '../support/values.js';

/** The type of a key, parameter, field or cell. What P4Runtime only knows as bits are bits. */
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
  const decl = declaredType(program, type);
  switch (decl?.kind) {
    case 'enum':
      if (!decl.base) return bitOf(32);
      return Object.freeze({ kind: 'enum', name, width: decl.base.width, members: decl.members.map((m) => m.name) });
    case 'struct':
      return Object.freeze({ kind: 'struct', name, fields: fieldsOf(program, name) });
    case 'newtype': {
      const base = dataType(program, decl.type, format);
      const translation = translationOf(decl);
      if (!translation || base.kind !== 'bit') return base;
      const { width, values } = translation;
      const controller = width === undefined ? Object.freeze({ kind: 'text', values: Object.fromEntries(values) }) : bitOf(width, format);
      return Object.freeze({ kind: 'newtype', name, width: base.width, base, controller }) as never;
    }
    default:
      return bitOf(32);
  }
}

/** The fields of a struct, or of a header of controllers, which sees no padding. */
export function fieldsOf(program: Program, name: string): Fields {
  const decl = program.types.find((t) => t.name === name);
  if (decl?.kind !== 'struct' && decl?.kind !== 'header') return {};
  const seen = decl.fields.filter((field) => !field.annotations?.some((a) => a.name === 'padding'));
  return Object.fromEntries(seen.map((field) => [field.name, dataType(program, field.type, field.format)]));
}

const bitOf = (width: number, format: Format = 'num'): BitType => Object.freeze({ kind: 'bit', width, format });
