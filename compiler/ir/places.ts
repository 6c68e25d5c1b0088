/** What expressions read and statements write: variables, their fields, elements, bits, and the validity of headers. */
import type { ControlDecl, ParserDecl } from './decl.js';
import type { Expr } from './expr.js';
import { typeName } from './types.js';
import { partsOf } from './visit.js';

/** From the variable inwards. An element whose index is not known is any of its stack. */
export type Place = readonly Part[];
type Part = string | { readonly index: bigint | undefined } | { readonly high: number; readonly low: number };

/** Cannot be the name of a field. */
const validity = 'isValid()';

/** The place that an expression stands for; undefined for what is computed. */
export function placeOf(expr: Expr): Place | undefined {
  const within = (base: Expr, part: Part): Place | undefined => {
    const outer = placeOf(base);
    return outer && [...outer, part];
  };
  switch (expr.kind) {
    case 'name':
      return [expr.name];
    case 'field':
      return within(expr.base, expr.name);
    case 'index':
      return within(expr.base, { index: expr.index.kind === 'const' ? expr.index.value : undefined });
    case 'stack-member':
      return within(expr.base, { index: undefined });
    case 'slice':
      return within(expr.base, { high: expr.high, low: expr.low });
    case 'is-valid':
      return within(expr.header, validity);
    default:
      return undefined;
  }
}

/** The places that an expression reads, each as a whole. */
export function placesIn(expr: Expr): readonly Place[] {
  const place = placeOf(expr);
  const inner = place && expr.kind === 'index' ? [expr.index] : place ? [] : partsOf(expr);
  return [...(place ? [place] : []), ...inner.flatMap(placesIn)];
}

/** Whether writing one can change what is read from the other: they have bits in common, or one is part of the other. */
export const overlap = (a: Place, b: Place): boolean => a.every((part, i) => i >= b.length || meet(part, b[i] as Part));

function meet(a: Part, b: Part): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  if ('index' in a) return !('index' in b) || a.index === undefined || b.index === undefined || a.index === b.index;
  return 'index' in b || (a.low <= b.high && b.low <= a.high);
}

/** The place under names that all blocks share: each names its parameters itself, and other names are its own. */
export function sharedPlace(block: ParserDecl | ControlDecl, [root, ...rest]: Place): Place {
  const param = block.params.find((p) => p.name === root);
  return [param ? typeName(param.type) : `${block.name}.${String(root)}`, ...rest];
}

/** `hdr.labels[1].ttl` or `valid(hdr.ipv4)`, as people read it. */
export function printPlace(place: Place): string {
  if (place.at(-1) === validity) return `valid(${printPlace(place.slice(0, -1))})`;
  return place.map(printPart).join('');
}

function printPart(part: Part, position: number): string {
  if (typeof part === 'string') return position === 0 ? part : `.${part}`;
  if ('index' in part) return `[${part.index ?? '…'}]`;
  return `[${part.high}:${part.low}]`;
}
