/** The text of a constraint, as an annotation of a table or an action has it. */
import { annotation } from '../../ir/annotations.js';
import type { Annotation } from '../../ir/types.js';
import type { Loc } from '../../support/location.js';

export type RestrictionName = 'entry_restriction' | 'action_restriction';

interface Annotated {
  readonly annotations?: readonly Annotation[];
}

/** The texts of one annotation are lines of one constraint. Undefined where there is none, or its body is no text. */
export const constraintText = (of: Annotated, kind: RestrictionName): string | undefined => annotation(of, kind)?.texts.join('\n');

/** The place of a character of the constraint, in a program in P4; undefined where the program is not known by its text. */
export function placeInConstraint(of: Annotated, kind: RestrictionName, offset: number): Loc | undefined {
  const places = of.annotations?.find((a) => a.name === kind)?.texts ?? [];
  let left = offset;
  for (const [i, text] of (annotation(of, kind)?.texts ?? []).entries()) {
    const place = places[i];
    if (left > text.length) {
      left -= text.length + 1;
      continue;
    }
    if (!place) return undefined;
    const lines = text.slice(0, left).split('\n');
    const before = lines.at(-1)?.length ?? 0;
    // The first line follows on the quote.
    return { file: place.file, line: place.line + lines.length - 1, column: lines.length === 1 ? place.column + 1 + before : before + 1 };
  }
  return undefined;
}
