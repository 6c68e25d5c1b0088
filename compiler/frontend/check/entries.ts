/** Entries that a table begins with (P4-16 §14.2.1.4). */
import type { Loc } from '../../support/location.js';
import type { EntriesProperty, Entry, KeySet, TableDecl } from '../ast.js';
import type { Checker } from './context.js';
import { checkExpr } from './expressions.js';
import { checkKeySets, partsOf } from './keysets.js';
import { actionOf, checkActionArgs, type TableAction } from './tables.js';
import { isNumber, type Type } from './types.js';
import { integerOf, isKnown } from './values.js';

export interface Key {
  readonly type: Type;
  readonly match: string;
  readonly loc: Loc;
}

/** The forms of key sets that a match kind takes, where it is not the program's own. */
const forms: Readonly<Record<string, readonly KeySet['kind'][]>> = {
  exact: ['value'],
  lpm: ['value', 'mask', 'any'],
  ternary: ['value', 'mask', 'any'],
  range: ['value', 'range', 'any'],
  optional: ['value', 'any'],
};

export function checkEntries(
  c: Checker,
  table: TableDecl,
  property: EntriesProperty,
  keys: readonly Key[],
  actions: readonly TableAction[],
): void {
  for (const entry of property.entries) checkEntry(c, table, property, entry, keys, actions);
}

function checkEntry(
  c: Checker,
  table: TableDecl,
  property: EntriesProperty,
  entry: Entry,
  keys: readonly Key[],
  actions: readonly TableAction[],
): void {
  if (entry.priority) {
    const type = checkExpr(c, entry.priority);
    const value = isNumber(type) ? integerOf(c, entry.priority) : undefined;
    if (property.const)
      c.report('p4-entry', { reason: 'entries that are const have no priorities: the first one that matches wins' }, entry.loc);
    else if (type.kind !== 'unknown' && value === undefined)
      c.report('p4-not-constant', { what: 'The priority of an entry' }, entry.priority.loc);
    else if (keys.every((k) => k.match === 'exact' || k.match === 'lpm')) {
      c.report('p4-entry', { reason: 'with keys of kind exact and lpm alone, entries have no priorities' }, entry.loc);
    }
  }
  checkKeySets(
    c,
    entry.keys,
    keys.map((k) => k.type),
    'The entry',
  );
  const whole = entry.keys.length === 1 && keys.length > 1;
  for (const [i, set] of entry.keys.entries()) {
    const key = keys[i];
    const allowed = key && !c.ownMatchKinds.has(key.match) && forms[key.match];
    if (allowed && !allowed.includes(set.kind) && !whole)
      c.report('p4-entry', { reason: `a key of kind ${key.match} does not take ${inWords[set.kind]}` }, set.loc);
    for (const part of partsOf(set)) {
      if (c.typeOf(part).kind !== 'unknown' && !isKnown(c, part)) c.report('p4-not-constant', { what: 'A key of an entry' }, part.loc);
    }
  }
  const action = actionOf(c, entry.action.path, actions, table);
  if (action) checkActionArgs(c, action, entry.action.args ?? [], entry.action, entry.action.loc);
}

const inWords: Readonly<Record<KeySet['kind'], string>> = {
  value: 'a value',
  mask: 'a value with a mask (&&&)',
  range: 'a range (..)',
  any: '_',
};
