/** Where what may be called. */
import type { CallExpr } from '../ast.js';
import type { Callee } from './callees.js';
import type { Checker, Place } from './context.js';

const inWords: Readonly<Record<Place['in'], string>> = {
  top: 'outside the blocks of a program',
  parser: 'outside the states of a parser',
  state: 'in a parser',
  control: 'outside the apply block of a control',
  apply: 'in the apply block of a control',
  action: 'in an action',
  function: 'in a function',
  table: 'in a table',
};

/** The place, as a sentence says it. */
export const placeInWords = (c: Checker): string => inWords[c.place.in];

export function checkPlace(c: Checker, callee: Callee, expr: CallExpr): void {
  if (allowed(c, callee)) return;
  const what = { table: 'The table', block: 'The block', action: 'The action' }[callee.kind as 'table'] ?? 'The call of';
  c.report('wrong-place', { what: `${what} ${callee.name}`, where: placeInWords(c) }, expr.loc);
}

function allowed(c: Checker, callee: Callee): boolean {
  const at = c.place.in;
  switch (callee.kind) {
    case 'table':
      return at === 'apply' || at === 'table';
    case 'block':
      return callee.objectType?.kind === 'parser' ? at === 'state' : at === 'apply';
    case 'action':
      return at === 'apply' || at === 'action' || at === 'table';
    default:
      return true;
  }
}
