/** What statements change, and what expressions read. */
import type { Expr } from '../../ir/expr.js';
import { partsOf } from '../../ir/visit.js';
import type { Body } from './body.js';

/** An l-value, an object, or all that is no variable of the statements themselves: what tables and actions may change. */
export type Change = Expr | 'everything';

/** Whether the changes may change the value of an expression, or what an l-value stands for. */
export function mayChange(b: Body, changes: readonly Change[], expr: Expr): boolean {
  if (changes.length === 0) return false;
  const places = changes.map((change) => (change === 'everything' ? change : placeOf(b, change)));
  return readsOf(b, expr).some((read) => read === 'parser' || places.some((place) => reaches(b, place, read)));
}

interface Place {
  readonly name: string;
  /** From the whole to the part. */
  readonly steps: readonly Step[];
}
type Step =
  | { readonly kind: 'field'; readonly name: string; readonly ofUnion: boolean }
  | { readonly kind: 'index'; readonly at: bigint | undefined }
  | { readonly kind: 'slice'; readonly high: number; readonly low: number }
  | { readonly kind: 'validity' };

/** `parser`: how far the parser is, which also decides whether it stops here: every change is after that. */
function readsOf(b: Body, expr: Expr): readonly (Place | 'parser')[] {
  const reads: (Place | 'parser')[] = [];
  const look = (e: Expr): void => {
    const place = placeOf(b, e);
    if (e.kind === 'lookahead') reads.push('parser');
    if (!place) {
      for (const part of partsOf(e)) look(part);
      return;
    }
    reads.push(place);
    for (let part: Expr | undefined = e; part; part = wholeOf(part)) {
      if (part.kind === 'index') look(part.index);
      if (part.kind === 'stack-member' && part.member !== 'size') reads.push('parser');
    }
  };
  look(expr);
  return reads;
}

/** Undefined of what is not an l-value. */
function placeOf(b: Body, expr: Expr): Place | undefined {
  if (expr.kind === 'name') return { name: expr.name, steps: [] };
  const whole = wholeOf(expr);
  const outer = whole && placeOf(b, whole);
  return outer && whole && { name: outer.name, steps: [...outer.steps, stepTo(b, expr, whole)] };
}

const wholeOf = (expr: Expr): Expr | undefined => (expr.kind === 'is-valid' ? expr.header : 'base' in expr ? expr.base : undefined);

function stepTo(b: Body, expr: Expr, whole: Expr): Step {
  switch (expr.kind) {
    case 'field':
      return { kind: 'field', name: expr.name, ofUnion: b.program.types.table.declaration(whole.type)?.kind === 'header_union' };
    case 'slice':
      return { kind: 'slice', high: expr.high, low: expr.low };
    case 'is-valid':
      return { kind: 'validity' };
    default:
      return { kind: 'index', at: expr.kind === 'index' && expr.index.kind === 'const' ? expr.index.value : undefined };
  }
}

function reaches(b: Body, change: Place | 'everything' | undefined, read: Place): boolean {
  if (change === 'everything') return !b.isVariable(read.name) && !b.program.isConstant(read.name);
  if (!change) return true;
  return change.name === read.name && change.steps.every((step, i) => !read.steps[i] || !areApart(step, read.steps[i]));
}

/** Whether two parts of one whole have nothing in common. */
function areApart(a: Step, b: Step): boolean {
  if (a.kind === 'index' && b.kind === 'index') return a.at !== undefined && b.at !== undefined && a.at !== b.at;
  if (a.kind === 'slice' && b.kind === 'slice') return a.low > b.high || b.low > a.high;
  // What happens to a member of a union happens to all of them.
  if (a.kind === 'field' && b.kind === 'field') return a.name !== b.name && !a.ofUnion;
  return (a.kind === 'field' && !a.ofUnion && b.kind === 'validity') || (b.kind === 'field' && !b.ofUnion && a.kind === 'validity');
}
