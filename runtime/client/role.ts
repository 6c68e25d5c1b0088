/** The role of a controller and its configuration (P4Runtime, "Role Config"). */
import { unknownOf } from '../../compiler/control/names.js';
import { describeHandle } from '../../compiler/dsl/handles.js';
import type {
  ActionProfile,
  ControllerFields,
  Counter,
  Digest,
  Fields,
  Impl,
  Meter,
  Register,
  Table,
  ValueSet,
} from '../../compiler/dsl/surface.js';
import type { Val } from '../../compiler/dsl/values.js';
import { fail } from '../../compiler/support/diagnostics.js';
import type { Loc } from '../../compiler/support/location.js';
import type { Any } from '../p4runtime/messages.js';
import { anyPart, type Parts } from './handle-parts.js';
import { takes } from './signatures.js';
import { toWire } from './values.js';

/** What a role may be given: a table with its direct counter and meter, or anything else that has a handle. */
export type RoleObject =
  | Table<unknown, string, Impl>
  | ActionProfile<Impl>
  | Counter
  | Meter
  | Register<unknown>
  | ValueSet<number>
  | Digest<ControllerFields>;

/** `F` are the fields of `packetIn`. */
export interface RoleOptions<F extends Fields = Fields> {
  readonly name: string;
  /** What no other role with a name may write. */
  readonly exclusive?: readonly RoleObject[];
  /** What other roles may write as well. */
  readonly shared?: readonly RoleObject[];
  /** Whether packets come to this role: all, or those of which a field has this value. Without it, none. */
  readonly packetIns?: true | { readonly [N in keyof F]: { readonly field: N; readonly is: Val<F[N]> } }[keyof F];
  /** Whether it may load pipelines. */
  readonly loadsPipelines?: boolean;
}

/** A role as sessions have it. */
export interface SessionRole {
  readonly name: string;
  readonly config?: Any;
  /** Ids of P4Info of what it may write, where it has a configuration. */
  readonly ids?: ReadonlySet<number>;
}

/** @throws DiagnosticError not-a-handle, handle-of-another, entry-unknown, entry-value */
export async function sessionRole(role: string | RoleOptions<any>, parts: Parts, loc: Loc): Promise<SessionRole> {
  if (typeof role === 'string') return { name: role };
  takes.role([role], loc);
  const { name, exclusive = [], shared = [], packetIns, loadsPipelines = false } = role;
  const [exclusive_p4_ids, shared_p4_ids] = [exclusive, shared].map((list) => list.map((object) => idOf(object, parts, loc)));
  const message = {
    exclusive_p4_ids,
    shared_p4_ids,
    receives_packet_ins: packetIns !== undefined,
    ...(packetIns === undefined || packetIns === true ? {} : { packet_in_filter: filterOf(packetIns, parts, loc) }),
    can_push_pipeline: loadsPipelines,
  };
  const { encodeRoleConfig } = await import('../p4runtime/role-config.js');
  return {
    name,
    config: { type_url: 'type.googleapis.com/stratum.P4RoleConfig', value: encodeRoleConfig(message) },
    ids: new Set([...(exclusive_p4_ids ?? []), ...(shared_p4_ids ?? [])]),
  };
}

function idOf(object: RoleObject, parts: Parts, loc: Loc): number {
  const [kind, part] = anyPart(object) ?? [];
  if (kind && part) return parts.find(kind, part, loc).id;
  return fail('not-a-handle', { what: 'role', kind: 'table or another object of the pipeline', got: describeHandle(object) }, { loc });
}

function filterOf({ field: name, is }: { readonly field: PropertyKey; readonly is: unknown }, parts: Parts, loc: Loc): object {
  const fields = parts.schema.packetIn?.metadata ?? [];
  const field = fields.find((f) => f.name === name);
  if (!field) return unknownOf('field', String(name), fields, { at: 'packet-in', loc });
  return { metadata_id: field.id, value: toWire(is, field, { at: `packet-in, field ${field.name}`, loc }) };
}
