/** `@field_list(…)` on v1model's metadata: the numbers of the lists that a field is in. */
import type { Annotation, FieldDecl } from '../../ir/types.js';

/** The field with its lists as plain numbers; programs name them by constants too, or by members of enums. */
export function withListNumbers(field: FieldDecl, numberOf: (name: string) => bigint | undefined): FieldDecl {
  const annotations = field.annotations?.map((a): Annotation => {
    if (a.name !== 'field_list' || a.body === undefined) return a;
    const lists = a.body.split(',').map((list) => {
      const text = list.trim();
      const literal = /^(?:\d+[ws])?(0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:0[dD])?[\d_]+)$/.exec(text)?.[1];
      const value = literal === undefined ? numberOf(text.replace(/\s/g, '')) : BigInt(literal.replace(/_|^0[dD]/g, ''));
      return value === undefined ? text : `${value}`;
    });
    return { ...a, body: lists.join(', ') };
  });
  return annotations ? { ...field, annotations } : field;
}
