/** Entries that a table begins with (P4-16 §14.2.1.4). */
import { isPrefixMask, isSized, keySetForms } from '../../ir/rules.js';
import type { Loc } from '../../support/location.js';
import type { Annotation, EntriesProperty, Entry, Expr, KeySet, TableDecl } from '../ast.js';
import { readNumber } from '../literals.js';
import { checkAnnotations } from './annotations.js';
import type { Checker } from './context.js';
import { accept, asNumber } from './convert.js';
import { checkExpr } from './expect.js';
import { checkKeySets, partsOf } from './keysets.js';
import { actionOf, checkActionArgs, type TableAction } from './table-actions.js';
import { isNumber, type Type, underEnum } from './types.js';
import { integerOf, isKnown, knownValue, type Value, valueInPlace } from './values.js';

export interface Key {
  readonly type: Type;
  readonly match: string;
  readonly loc: Loc;
}

export function checkEntries(
  c: Checker,
  table: TableDecl,
  property: EntriesProperty,
  keys: readonly Key[],
  actions: readonly TableAction[],
): void {
  for (const entry of property.entries) {
    checkAnnotations(c, entry.action.annotations);
    const priority = entry.action.annotations.find((a) => a.name === 'priority');
    if (priority && priorityOf(priority) === undefined) c.report('annotation-body', { name: 'priority', takes: 'a number' }, priority.loc);
    checkEntry(c, table, property, entry, keys, actions);
  }
  if (keys.every((k) => k.match === 'exact')) distinct(c, table, property);
  if (!property.const) checkPriorities(c, table, property, keys);
}

/** What `@priority(…)` says, as p4c's back end for BMv2 has it. */
export function priorityOf(annotation: Annotation): number | undefined {
  const [only, ...others] = (annotation.kind === 'free' && annotation.body) || [];
  const number = only?.kind === 'number' && others.length === 0 ? readNumber(only.text) : undefined;
  return number && number.value < maxPriority ? Number(number.value) : undefined;
}

/** Where all keys are exact, one entry matches at most (P4-16 §14.2.1.4). */
function distinct(c: Checker, table: TableDecl, property: EntriesProperty): void {
  const seen = new Map<string, Entry>();
  for (const entry of property.entries) {
    const values = entry.keys.map((k) => (k.kind === 'value' ? valueInPlace(c, k.value) : undefined));
    if (values.some((v) => v === undefined)) continue;
    const key = values.map(textOf).join();
    const first = seen.get(key);
    if (first) {
      c.report('entry-duplicate', { table: table.name.text }, entry.loc, {
        notes: [{ message: 'it is here', loc: first.loc }],
      });
    } else seen.set(key, entry);
  }
}

const textOf = (value: Value | undefined): string =>
  JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v instanceof Map ? [...v] : v));

/** Entries have the priorities that are written, and count on from these (P4-16 §14.2.1.4.2). */
function checkPriorities(c: Checker, table: TableDecl, { entries }: EntriesProperty, keys: readonly Key[]): void {
  const [first] = entries;
  if (!first || keys.every((k) => k.match === 'exact' || k.match === 'lpm') || !entries.some((e) => e.priority)) return;
  if (!first.priority) {
    c.report('entry-priority-first', {}, first.loc);
    return;
  }
  const property = (name: string): Value | undefined => {
    const found = table.properties.find((p) => p.kind === 'property' && p.name.text === name);
    return found?.kind === 'property' ? knownValue(c, found.value) : undefined;
  };
  const delta = property('priority_delta') ?? 1n;
  const step = property('largest_priority_wins') === false ? (delta as bigint) : -(delta as bigint);
  let priority = 0n;
  for (const entry of entries) {
    const given = entry.priority && integerOf(c, entry.priority);
    priority = given ?? priority + step;
    if (priority >= 0n && priority < maxPriority) continue;
    c.report('entry-priority-range', { priority: `${priority}`, most: `${maxPriority - 1n}` }, entry.loc);
    return;
  }
}

/** Exclusive. */
const maxPriority = 1n << 31n;

function checkEntry(
  c: Checker,
  table: TableDecl,
  property: EntriesProperty,
  entry: Entry,
  keys: readonly Key[],
  actions: readonly TableAction[],
): void {
  if (entry.priority) {
    checkExpr(c, entry.priority);
    const type = asNumber(c, entry.priority);
    const value = isNumber(type) ? integerOf(c, entry.priority) : undefined;
    if (property.const) c.report('entry-priority-const', {}, entry.loc);
    else if (type.kind !== 'unknown' && value === undefined)
      c.report('not-constant', { what: 'The priority of an entry' }, entry.priority.loc);
    else if (keys.every((k) => k.match === 'exact' || k.match === 'lpm')) {
      c.report('entry-priority-unused', {}, entry.loc);
    }
  }
  checkKeySets(
    c,
    entry.keys,
    keys.map((k) => k.type),
    'The entry',
    accept,
  );
  const whole = entry.keys.length === 1 && keys.length > 1;
  for (const [i, set] of entry.keys.entries()) {
    const key = keys[i];
    const allowed = key && !c.ownMatchKinds.has(key.match) && keySetForms.get(key.match);
    if (allowed && !allowed.includes(set.kind) && !whole) c.report('key-set', { match: key.match, got: inWords[set.kind] }, set.loc);
    if (key?.match === 'lpm' && set.kind === 'mask' && !isPrefix(c, set.mask, key.type)) {
      c.report('mask-not-prefix', {}, set.loc);
    }
    for (const part of partsOf(set)) {
      if (c.typeOf(part).kind !== 'unknown' && !isKnown(c, part)) c.report('not-constant', { what: 'A key of an entry' }, part.loc);
    }
  }
  const action = actionOf(c, entry.action.path, actions, table);
  if (action) checkActionArgs(c, action, entry.action.args ?? [], entry.action, entry.action.loc);
}

function isPrefix(c: Checker, mask: Expr, type: Type): boolean {
  const value = integerOf(c, mask);
  const of = underEnum(type);
  return value === undefined || !isSized(of) || isPrefixMask(value, of.width);
}

const inWords: Readonly<Record<KeySet['kind'], string>> = {
  value: 'a value',
  mask: 'a value with a mask (&&&)',
  range: 'a range (..)',
  any: '_',
};
