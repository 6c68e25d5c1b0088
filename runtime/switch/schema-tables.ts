/** Tables and actions of the loaded pipeline, from its P4Info and its declarations. */

import { idPrefix } from '../../compiler/analysis/control-objects.js';
import type { VisibleAction, VisibleTable } from '../../compiler/analysis/visible-blocks.js';
import { architectures, v1model } from '../../compiler/arch/index.js';
import type { ActionDecl, Program } from '../../compiler/ir/index.js';
import { externalName } from '../../compiler/ir/names.js';
import type { ActionInfo, P4Info, TableInfo } from '../../compiler/p4info/messages.js';
import { InternalError } from '../../compiler/support/invariant.js';
import type { InitialTable } from '../data-plane/messages.js';

import { deviceOf } from './device.js';
import { callsObject } from './direct-calls.js';
import type { ActionSchema, ActionScope, KeySchema, MatchKind, TableSchema } from './schema.js';
import { valueForm } from './translation.js';

export function actionSchema(program: Program, info: ActionInfo, declared: ActionDecl | undefined): ActionSchema {
  return {
    id: info.preamble.id,
    name: info.preamble.name,
    params: info.params.map(({ id, name, bitwidth }) => {
      const param = declared?.params.find((p) => externalName(p) === name);
      return { id, name, ...valueForm(program, param?.type, bitwidth ?? 0), format: param?.format ?? 'num' };
    }),
  };
}

export const matchKinds: Readonly<Record<string, MatchKind>> = {
  EXACT: 'exact',
  LPM: 'lpm',
  TERNARY: 'ternary',
  RANGE: 'range',
  OPTIONAL: 'optional',
};
const scopes: Readonly<Record<string, ActionScope>> = { TABLE_ONLY: 'table', DEFAULT_ONLY: 'default' };

interface Declared {
  readonly actions: ReadonlyMap<number, ActionSchema>;
  readonly declared: VisibleTable;
  /** By their names in P4Info. */
  readonly declaredActions: ReadonlyMap<string, VisibleAction>;
  readonly initial: InitialTable | undefined;
}

export function tableSchema(
  program: Program,
  info: TableInfo,
  { direct_meters }: Pick<P4Info, 'direct_meters'>,
  { actions, declared, declaredActions, initial }: Declared,
): TableSchema {
  const { name } = info.preamble;
  const keys = info.match_fields.map((field): KeySchema => {
    const kind = matchKinds[field.match_type ?? ''];
    if (!kind) throw new InternalError(`table ${name} has a key of an unknown match kind`);
    const key = declared.decl.keys.find((k) => k.match !== 'selector' && k.name === field.name);
    const form = valueForm(program, key?.expr.type, field.bitwidth ?? 0);
    return { id: field.id, name: field.name, ...form, format: key?.format ?? 'num', kind };
  });
  const action = (id: number): ActionSchema => {
    const found = actions.get(id);
    if (!found) throw new InternalError(`table ${name} refers to action ${id}, which P4Info does not list`);
    return found;
  };
  const { attachments } = architectures.get(program.arch) ?? v1model;
  const notRunning = (property: string): ReadonlySet<string> => {
    const object = declared.decl.properties?.find((p) => p.name === property)?.value;
    if (object?.kind !== 'name' || deviceOf(program).runsDirects) return new Set();
    const names = info.action_refs.map((ref) => action(ref.id).name);
    const runs = (name: string): boolean => {
      const found = declaredActions.get(name);
      return found !== undefined && callsObject(program, found, object.name);
    };
    return new Set(names.filter((name) => !runs(name)));
  };
  const directMeter = direct_meters.find((meter) => meter.direct_table_id === info.preamble.id);
  const hasPriority = keys.some((k) => k.kind === 'ternary' || k.kind === 'range' || k.kind === 'optional');
  return {
    id: info.preamble.id,
    name,
    keys,
    actions: new Map(info.action_refs.map((ref) => [ref.id, { action: action(ref.id), scope: scopes[ref.scope ?? ''] ?? 'both' }])),
    size: Number(info.size),
    hasPriority,
    isConst: info.is_const_table === true,
    hasConstDefault: (info.const_default_action_id ?? 0) !== 0,
    ...(initial ? { initialDefault: initial.defaultAction } : {}),
    hasDirectCounter: info.direct_resource_ids.some((id) => id >>> 24 === idPrefix.directCounter),
    ...(directMeter ? { directMeter: directMeter.spec.type ?? 'TWO_RATE_THREE_COLOR' } : {}),
    notCounting: notRunning(attachments.counter),
    notMetering: notRunning(attachments.meter),
    hasIdleTimeout: info.idle_timeout_behavior === 'NOTIFY_CONTROL',
    ...(info.implementation_id ? { profile: info.implementation_id } : {}),
    initialEntries: (initial?.entries ?? []).map((entry, i) => ({
      ...entry,
      isConst: declared.decl.constEntries === true || declared.decl.entries?.[i]?.const === true,
    })),
  };
}
