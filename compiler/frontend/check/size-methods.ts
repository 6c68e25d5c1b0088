/** `minSizeInBits()` and its like: the bits that values of a type have in a packet (P4-16 §9). */
import { fieldsOf, isStruct, prune, type Type } from './types.js';

export const sizeMethods = ['minSizeInBits', 'minSizeInBytes', 'maxSizeInBits', 'maxSizeInBytes'] as const;
export type SizeMethod = (typeof sizeMethods)[number];

export const isSizeMethod = (name: string): name is SizeMethod => (sizeMethods as readonly string[]).includes(name);

/** What the method gives for the type; undefined where that is not known before the types are that type parameters stand for. */
export function sizeOf(type: Type, method: SizeMethod): bigint | undefined {
  const bits = sizeInBits(type, method.startsWith('max'));
  return bits !== undefined && method.endsWith('Bytes') ? (bits + 7n) / 8n : bits;
}

/** Whether values of the type have a size. A type parameter within a type stands for one that has. */
export const hasSize = (type: Type): boolean => prune(type).kind !== 'var' && sizeInBits(type, false, 0n) !== undefined;

function sizeInBits(type: Type, max: boolean, ofParameter?: bigint): bigint | undefined {
  const t = prune(type);
  const inner = (of: Type): bigint | undefined => sizeInBits(of, max, ofParameter);
  if (isStruct(t)) {
    const sizes = allOf(fieldsOf(t).map((f) => inner(f.type)));
    return t.kind === 'header_union' ? sizes?.reduce((most, s) => (s > most ? s : most), 0n) : sizes?.reduce((sum, s) => sum + s, 0n);
  }
  switch (t.kind) {
    case 'bit':
    case 'int':
      return BigInt(t.width);
    case 'varbit':
      return max ? BigInt(t.width) : 0n;
    case 'bool':
      return 1n;
    case 'enum':
      return t.base && inner(t.base);
    case 'newtype':
      return inner(t.base);
    case 'tuple':
      return allOf(t.elements.map(inner))?.reduce((sum, s) => sum + s, 0n);
    case 'stack': {
      const element = inner(t.element);
      return element === undefined ? undefined : BigInt(t.size) * element;
    }
    case 'var':
    case 'hole':
    case 'unknown':
      return ofParameter;
    default:
      return undefined;
  }
}

const allOf = (sizes: readonly (bigint | undefined)[]): readonly bigint[] | undefined =>
  sizes.every((s) => s !== undefined) ? sizes : undefined;
