/** The pipeline of `services.ts` on a switch, by the ids of its P4Info. */
import { programOf } from '../../compiler/dsl/handles.js';
import { toJson } from '../../compiler/ir/json.js';
import { lowerToV1model } from '../../compiler/lower/v1model/index.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import type { P4Info } from '../../compiler/p4info/messages.js';
import type { Entity, ForwardingPipelineConfig, TableEntry, Update } from '../../runtime/p4runtime/messages.js';
import { services } from './services.js';
import { bytes } from './switches.js';

const program = (programOf(services) as NonNullable<ReturnType<typeof programOf>>).ir;
export const servicesP4Info: P4Info = buildP4Info(lowerToV1model(program).program);
export const servicesConfig: ForwardingPipelineConfig = { p4info: servicesP4Info, p4_device_config: Buffer.from(toJson(program)) };

type Kind = 'tables' | 'actions' | 'meters' | 'registers' | 'action_profiles' | 'digests' | 'value_sets';
export function serviceId(kind: Kind, alias: string): number {
  const found = servicesP4Info[kind].find((t) => t.preamble.alias === alias);
  if (!found) throw new Error(`no ${alias} among the ${kind}`);
  return found.preamble.id;
}

export const insert = (entity: Entity): Update => ({ type: 'INSERT', entity });
export const modify = (entity: Entity): Update => ({ type: 'MODIFY', entity });
export const remove = (entity: Entity): Update => ({ type: 'DELETE', entity });

export const send = (port: number) => ({
  action_id: serviceId('actions', 'send'),
  params: [{ param_id: 1, value: bytes(port.toString(16).padStart(2, '0')) }],
});
export const grade = (port: number) => ({ ...send(port), action_id: serviceId('actions', 'grade') });
export const drop = { action_id: serviceId('actions', 'drop') };

/** An entry that matches one byte, or one source address, exactly. */
export const exactEntry = (table: string, hex: string, more: TableEntry = {}): TableEntry => ({
  table_id: serviceId('tables', table),
  match: [{ field_id: 1, exact: { value: bytes(hex) } }],
  ...more,
});
export const host = (number: number): string => `02000000${number.toString(16).padStart(4, '0')}`;

export const member = (member_id: number, action: object = send(member_id), profile = 'paths'): Entity => ({
  action_profile_member: { action_profile_id: serviceId('action_profiles', profile), member_id, action },
});
interface InGroup {
  readonly member_id: number;
  readonly weight?: number;
  readonly watch_port?: Uint8Array;
  readonly watch?: number;
}
export const group = (group_id: number, members: readonly InGroup[], max_size = 4, profile = 'paths'): Entity => ({
  action_profile_group: { action_profile_id: serviceId('action_profiles', profile), group_id, members, max_size },
});
