/** How tsc shows types to people. */
import type { refused } from './brands.js';

/** No value is of this type: where tsc shows it, it says why. */
export interface Refused<Reason extends string> {
  readonly [refused]: Reason;
}
/** The properties of `T`, written out. */
export type Expand<T> = T extends infer O ? { readonly [K in keyof O]: O[K] } : never;
