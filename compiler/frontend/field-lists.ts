/** `@field_list(…)` on v1model's metadata: the numbers of the lists that a field is in. */
import type { Annotation } from '../ir/types.js';

const literal = /^(?:\d+[ws])?(0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:0[dD])?[\d_]+)$/;

/** The lists in the body of an annotation; programs name them by constants too, or by members of enums. */
export function listsIn(body: string, numberOf: (name: string) => bigint | undefined): readonly (bigint | string)[] {
  return body.split(',').map((list) => {
    const text = list.trim();
    const number = literal.exec(text)?.[1];
    return (number === undefined ? numberOf(text.replace(/\s/g, '')) : BigInt(number.replace(/_|^0[dD]/g, ''))) ?? text;
  });
}

/** The annotations with the lists as plain numbers, `more` among them. */
export function withListNumbers(
  annotations: readonly Annotation[] | undefined,
  more: readonly number[],
  numberOf: (name: string) => bigint | undefined,
): { readonly annotations?: readonly Annotation[] } {
  let left = more;
  const numbered = (annotations ?? []).map((a): Annotation => {
    if (a.name !== 'field_list' || a.body === undefined) return a;
    const lists = [...listsIn(a.body, numberOf), ...left];
    left = [];
    return { ...a, body: lists.join(', ') };
  });
  if (left.length > 0) numbered.push({ name: 'field_list', body: left.join(', ') });
  return numbered.length > 0 ? { annotations: numbered } : {};
}
