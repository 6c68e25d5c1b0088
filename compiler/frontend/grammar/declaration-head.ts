/** What a declaration begins with. */
import type { Loc } from '../../support/location.js';
import type { Annotation } from '../ast.js';

export interface Head {
  readonly annotations: readonly Annotation[];
  readonly doc?: string;
  readonly loc: Loc;
}
