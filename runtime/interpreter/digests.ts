/** What a program tells the controller with a digest. */
import type { DeclaredDigest } from '../../compiler/analysis/digests.js';
import type { Type } from '../../compiler/ir/index.js';
import type { Loc } from '../../compiler/support/location.js';
import type { DigestMessage } from '../data-plane/messages.js';
import type { NamedTraceValue } from '../data-plane/trace.js';
import type { Pass } from './scope.js';
import { traceValue } from './tracer.js';
import type { Types } from './types.js';
import type { Value } from './values.js';

/** The values are those at the call. */
export function digested({ name: digest, type }: DeclaredDigest, data: Value, types: Types, { trace }: Pass, loc: Loc): DigestMessage {
  const value = types.cast(data, type);
  trace?.add({ kind: 'digest', digest, values: shown(value, type, types), loc });
  return { digest, values: types.partBits(value, type).map(({ bits }) => bits) };
}

/** The fields of a struct or header, or the one value that it is. */
function shown(value: Value, type: Type, types: Types): readonly NamedTraceValue[] {
  const declared = types.resolve(type);
  if (typeof value !== 'object' || !('fields' in value) || !('fields' in declared))
    return [{ name: 'value', ...traceValue(value, type, types) }];
  return declared.fields.map((f) => ({ name: f.name, ...traceValue(value.fields.get(f.name) as Value, f.type, types, f.format) }));
}
