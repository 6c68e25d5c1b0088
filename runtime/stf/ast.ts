/** A file of the Simple Test Framework as it is written, before its names are looked up. */
import type { Word } from '../../compiler/support/line-parser.js';
import type { Loc } from '../../compiler/support/location.js';

/** `name:value`, or `name:value/length`. */
export interface Given {
  readonly name: Word;
  readonly value: Word;
  readonly prefix?: Word;
}
/** `forward(port:1)` */
export interface Call {
  readonly name: Word;
  readonly args: readonly Given[];
}
export type CounterUnit = 'packets' | 'bytes';
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';
/** A rate per microsecond, and a burst. */
export interface Rate {
  readonly rate: Word;
  readonly burst: Word;
}

export type Statement = { readonly loc: Loc } & (
  | { readonly kind: 'packet'; readonly port: Word; readonly hex: string }
  /** Hexadecimal digits, of which `*` is any; `exact` says that nothing may follow. Without digits: any packet. */
  | { readonly kind: 'expect'; readonly port: Word; readonly hex: string; readonly exact: boolean }
  | { readonly kind: 'no-packet' }
  | { readonly kind: 'wait' }
  | {
      readonly kind: 'add';
      readonly table: Word;
      readonly priority?: Word;
      readonly match: readonly Given[];
      readonly action: Call;
      readonly name?: Word;
    }
  | { readonly kind: 'default'; readonly table: Word; readonly action: Call }
  | { readonly kind: 'remove-all' }
  | {
      readonly kind: 'check-counter';
      readonly counter: Word;
      /** A cell, or the name of an entry, as `$name`. */
      readonly index: Word;
      readonly check?: { readonly unit: CounterUnit; readonly comparison: Comparison; readonly value: Word };
    }
  /** What BMv2's command line has of the same name, with its arguments. */
  | {
      readonly kind: 'command';
      readonly command: string;
      readonly target?: Word;
      readonly args: readonly Word[];
      readonly rates: readonly Rate[];
    }
);
