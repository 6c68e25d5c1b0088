/** A file of entries as it is written, before its names are looked up. */
import type { Word } from '../../compiler/support/line-parser.js';

/** `name=value` */
export interface Assignment {
  readonly name: Word;
  readonly value: Word;
}
/** `forward(port=1)` */
export interface Call {
  readonly name: Word;
  readonly args: readonly Assignment[];
}
export type Line =
  | { readonly kind: 'entry'; readonly table: Word; readonly fields: readonly Assignment[]; readonly action: Call }
  | { readonly kind: 'default'; readonly table: Word; readonly action: Call }
  | { readonly kind: 'multicast'; readonly group: Word; readonly ports: readonly Word[] };
