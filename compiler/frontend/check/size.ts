/** How large a type is: what is done with a type takes time in proportion to its parts, so that these are limited. */
import type { Loc } from '../../support/location.js';
import type { Name } from '../ast.js';
import type { Checker } from './context.js';
import { prune, type StructInfo, type Type, unknown } from './types.js';

/** Fields and elements of a type, those in its fields and elements counted; an array counts as one element. */
const maxParts = 20_000;
/** Types within each other. */
const maxDepth = 100;

interface Size {
  readonly parts: number;
  readonly depth: number;
}
type Environment = ReadonlyMap<Name, Size>;

const one: Size = { parts: 1, depth: 1 };
const around = (inner: readonly Size[]): Size => ({
  parts: inner.reduce((sum, s) => sum + s.parts, 1),
  depth: inner.reduce((most, s) => Math.max(most, s.depth), 0) + 1,
});

/** The type, or `unknown` where the type is too large, which is reported. */
export function limited(c: Checker, type: Type, loc: Loc): Type {
  const { parts, depth } = sizeOf(type, new Map());
  if (depth > maxDepth) c.report('p4-type-depth', { limit: maxDepth }, loc);
  else if (parts > maxParts) c.report('p4-type-parts', { limit: maxParts }, loc);
  else return type;
  return unknown;
}

function sizeOf(type: Type, env: Environment): Size {
  const t = prune(type);
  switch (t.kind) {
    case 'var':
      return env.get(t.name) ?? one;
    case 'struct':
    case 'header':
    case 'header_union':
      return ofStruct(
        t.info,
        t.args.map((a) => sizeOf(a, env)),
      );
    case 'extern':
    case 'parser':
    case 'control':
    case 'package':
      return around(t.args.map((a) => sizeOf(a, env)));
    case 'newtype':
      return around([sizeOf(t.base, env)]);
    case 'stack':
    case 'list':
    case 'set':
      return around([sizeOf(t.element, env)]);
    case 'tuple':
    case 'list-value':
      return around(t.elements.map((e) => sizeOf(e, env)));
    case 'struct-value':
      return around(t.fields.map((f) => sizeOf(f.type, env)));
    default:
      return one;
  }
}

const known = new WeakMap<StructInfo, Map<string, Size>>();

/** Of a struct, header or union whose type arguments have these sizes: computed once. */
function ofStruct(info: StructInfo, args: readonly Size[]): Size {
  const sizes = known.get(info) ?? new Map<string, Size>();
  known.set(info, sizes);
  const key = args.map((a) => `${a.parts}:${a.depth}`).join();
  const there = sizes.get(key);
  if (there) return there;
  const env = new Map(info.typeParams.map((p, i) => [p, args[i] ?? one]));
  const size = around(info.fields.map((f) => sizeOf(f.type, env)));
  sizes.set(key, size);
  return size;
}
