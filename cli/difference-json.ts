/** `p4ts entries --json`: what differs, what became of it, and where the file says so. */
import type { Loc } from '../compiler/support/location.js';
import { type Change, type Difference, keyOf, requestOf } from '../runtime/client/difference.js';
import type { P4RuntimeError } from '../runtime/client/errors.js';
import type { LocatedEntity } from '../runtime/entries/entities.js';
import type { CodeName } from '../runtime/p4runtime/status.js';

interface Refusal {
  readonly code: CodeName;
  readonly message: string;
}
interface ReportedChange {
  readonly kind: Change['kind'];
  /** As it is to be; where it is deleted, as it is. */
  readonly entity: string;
  /** As it was. */
  readonly before?: string;
  /** Of what is in the file. */
  readonly place?: Pick<Loc, 'file' | 'line' | 'column'>;
  /** Why the switch did not do it. */
  readonly refused?: Refusal;
}
export interface DifferenceReport {
  readonly changes: readonly ReportedChange[];
  /** How many entities are as desired. */
  readonly unchanged: number;
  /** Why the switch was not changed, or not to the end, where that is not said of single changes. */
  readonly error?: Refusal;
}

export function reportOf({ changes, unchanged }: Difference, read: readonly LocatedEntity[], error?: P4RuntimeError): DifferenceReport {
  const places = new Map(read.map(({ entity, loc }) => [keyOf(entity), loc]));
  const refusals = new Map(error?.failures.map(({ request, code, message }) => [request, { code, message }]));
  const reported = changes.map((change): ReportedChange => {
    const place = change.kind === 'delete' ? undefined : places.get(keyOf(change.update.entity ?? {}));
    const refused = refusals.get(requestOf(change));
    return {
      kind: change.kind,
      entity: change.text,
      ...(change.before === undefined ? {} : { before: change.before }),
      ...(place ? { place: { file: place.file, line: place.line, column: place.column } } : {}),
      ...(refused ? { refused } : {}),
    };
  });
  const whole = error && refusals.size === 0 ? { error: { code: error.code, message: error.message.trim() } } : {};
  return { changes: reported, unchanged, ...whole };
}
