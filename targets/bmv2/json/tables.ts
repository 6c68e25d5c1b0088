/** Tables with their keys, actions and entries (BMv2's docs/JSON_format.md, "pipelines"). */

import type { MatchValue } from '../../../compiler/control/match.js';
import { widthOf } from '../../../compiler/flat/exprs.js';
import type { FlatAction, FlatKey, FlatTable } from '../../../compiler/flat/index.js';
import { maxUnsigned } from '../../../compiler/support/bits.js';
import { invariant } from '../../../compiler/support/invariant.js';
import { hex } from './expressions.js';
import type { Action, Entry, FieldRef, MatchKey, Table, TableKey } from './format.js';
import { sourceInfo } from './writer.js';

const defaultSize = 1024;

/** Where BMv2 goes after the table. */
export type NextTables = Pick<Table, 'base_default_next' | 'next_tables'>;

/** `targets`: the fields of the keys. `actions`: what is written of them. */
export function tableOf(
  table: FlatTable,
  id: number,
  targets: readonly FieldRef[],
  next: NextTables,
  actions: ReadonlyMap<FlatAction, Action>,
  tellsIdle: boolean,
): Table {
  const written = table.actions.map((action) => actions.get(action) as Action);
  const { profile } = table;
  const isSelector = profile?.extern.role === 'action-selector';
  return {
    name: table.name,
    id,
    ...sourceInfo(table.decl.loc),
    key: table.keys.map((key, i) => keyOf(key, targets[i] as FieldRef)),
    match_type: matchType(table.keys),
    type: profile ? (isSelector ? 'indirect_ws' : 'indirect') : 'simple',
    ...(profile ? { action_profile: profile.name } : {}),
    max_size: sizeOf(table),
    with_counters: table.counter !== undefined,
    support_timeout: tellsIdle,
    direct_meters: table.meter?.name ?? null,
    action_ids: written.map((action) => action.id),
    actions: written.map((action) => action.name),
    ...next,
    ...(profile ? {} : { default_entry: defaultEntry(table, actions) }),
    ...(table.initial.entries.length > 0 ? { entries: entriesOf(table, actions) } : {}),
  };
}

/** BMv2 adds nothing to the entries of the program. */
export const sizeOf = ({ initial, decl }: FlatTable): number => initial.entries.length || decl.size || defaultSize;

/** simple_switch knows no optional keys: they are ternary. */
const matchOf = ({ match }: FlatKey): string => (match === 'optional' ? 'ternary' : match);

function keyOf(key: FlatKey, target: FieldRef): TableKey {
  return { ...sourceInfo(key.decl.loc), match_type: matchOf(key), name: key.name, target, mask: null };
}

function matchType(keys: readonly FlatKey[]): string {
  const kinds = keys.map(matchOf);
  return ['range', 'ternary', 'lpm'].find((kind) => kinds.includes(kind)) ?? 'exact';
}

function defaultEntry(table: FlatTable, actions: ReadonlyMap<FlatAction, Action>): Table['default_entry'] {
  const { defaultAction } = table.initial;
  const [action, written] = actionNamed(table, defaultAction.name, actions);
  const isConst = table.decl.defaultAction?.const ?? false;
  return {
    action_id: written.id,
    action_const: isConst,
    action_data: dataOf(defaultAction.args, action),
    action_entry_const: isConst,
  };
}

const dataOf = (args: readonly bigint[], { params }: FlatAction): readonly string[] =>
  args.map((arg, i) => hex(arg, widthOf((params[i] as FlatAction['params'][number]).type)));

function actionNamed(table: FlatTable, name: string, actions: ReadonlyMap<FlatAction, Action>): readonly [FlatAction, Action] {
  const action = table.actions.find((one) => one.name === name);
  const written = action && actions.get(action);
  invariant(action && written, `${table.name} has no action ${name}`);
  return [action, written];
}

function entriesOf(table: FlatTable, actions: ReadonlyMap<FlatAction, Action>): readonly Entry[] {
  // The least number wins in BMv2.
  const most = Math.max(...table.initial.entries.map((entry) => entry.priority));
  return table.initial.entries.map(({ matches, priority, action: run }, i): Entry => {
    const [action, written] = actionNamed(table, run.name, actions);
    return {
      ...sourceInfo(table.decl.entries?.[i]?.loc ?? table.decl.loc),
      match_key: matches.map((match, k) => matchKey(match, table.keys[k] as FlatKey)),
      action_entry: { action_id: written.id, action_data: dataOf(run.args, action) },
      priority: most === 0 ? i + 1 : most - priority + 1,
    };
  });
}

function matchKey(match: MatchValue, key: FlatKey): MatchKey {
  const width = widthOf(key.value.type);
  const all = maxUnsigned(width);
  const digits = (value: bigint): string => hex(value, width);
  switch (matchOf(key)) {
    case 'lpm':
      return match.kind === 'lpm'
        ? { match_type: 'lpm', key: digits(match.value), prefix_length: match.prefixLength }
        : { match_type: 'lpm', key: digits(0n), prefix_length: 0 };
    case 'ternary':
      if (match.kind === 'ternary') return { match_type: 'ternary', key: digits(match.value), mask: digits(match.mask) };
      return match.kind === 'optional'
        ? { match_type: 'ternary', key: digits(match.value), mask: digits(all) }
        : { match_type: 'ternary', key: digits(0n), mask: digits(0n) };
    case 'range':
      return match.kind === 'range'
        ? { match_type: 'range', start: digits(match.low), end: digits(match.high) }
        : { match_type: 'range', start: digits(0n), end: digits(all) };
    default:
      invariant(match.kind === 'exact', 'an exact key without a value');
      return { match_type: 'exact', key: digits(match.value) };
  }
}
