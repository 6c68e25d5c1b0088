/** Metadata that survives cloning, resubmitting and recirculating: the fields annotated `@field_list(n, …)`. */
import { annotations } from '../../../../compiler/ir/annotations.js';
import type { FieldDecl, Type } from '../../../../compiler/ir/index.js';
import { invariant } from '../../../../compiler/support/invariant.js';
import type { NamedTraceValue } from '../../../data-plane/trace.js';
import { traceValue } from '../../tracer.js';
import type { Types } from '../../types.js';
import { clone, type StructValue, type Value } from '../../values.js';

/** Metadata of `type` at its defaults, but for the fields of list `list`, which are as in `from`. */
export function keepOnly(from: Value, type: Type, list: number | undefined, types: Types): Value {
  const kept = types.default(type);
  for (const { path, name } of fieldsOf(type, list, types)) structAt(kept, path).fields.set(name, clone(valueAt(from, path, name)));
  return kept;
}

/** For traces: what keepOnly keeps. */
export function traceKept(from: Value, type: Type, list: number | undefined, types: Types): NamedTraceValue[] {
  return [...fieldsOf(type, list, types)].map(({ path, name, field }) => ({
    name: [...path, name].join('.'),
    ...traceValue(valueAt(from, path, name), field.type, types, field.format),
  }));
}

interface Kept {
  readonly path: readonly string[];
  readonly name: string;
  readonly field: FieldDecl;
}

function* fieldsOf(type: Type, list: number | undefined, types: Types, path: readonly string[] = []): Generator<Kept> {
  const t = types.resolve(type);
  if (list === undefined || t.kind !== 'struct') return;
  for (const field of t.fields) {
    if (isIn(field, list)) yield { path, name: field.name, field };
    else yield* fieldsOf(field.type, list, types, [...path, field.name]);
  }
}

const isIn = (field: FieldDecl, list: number): boolean => annotations(field, 'field_list').some(({ lists }) => lists.includes(list));

function structAt(value: Value, path: readonly string[]): StructValue {
  invariant(typeof value === 'object' && value.kind === 'struct', 'metadata that is no struct');
  const [first, ...rest] = path;
  return first === undefined ? value : structAt(value.fields.get(first) as Value, rest);
}

const valueAt = (value: Value, path: readonly string[], name: string): Value => structAt(value, path).fields.get(name) as Value;
