/** Whether a client's P4Info describes the program that it comes with: ids, names, widths and match kinds. */
import type { MeterSpec, P4Info } from '../../compiler/p4info/messages.js';

/** What differs, in words; a few of the differences at most. */
export function compareP4Info(given: P4Info, own: P4Info): string[] {
  const theirs = describe(given);
  const ours = describe(own);
  const differences: string[] = [];
  for (const [thing, text] of ours) {
    const other = theirs.get(thing);
    if (other === undefined) differences.push(`${thing} is missing`);
    else if (other !== text) differences.push(`${thing} is given as ${other}, and is ${text}`);
  }
  for (const thing of theirs.keys()) if (!ours.has(thing)) differences.push(`the program has no ${thing}`);
  return differences.slice(0, maxDifferences);
}

const maxDifferences = 3;

interface Field {
  readonly id: number;
  readonly name?: string;
  readonly bitwidth?: number;
}

const typeOf = ({ spec }: { readonly spec?: MeterSpec }): string => spec?.type ?? 'TWO_RATE_THREE_COLOR';

/** What requests depend on, by the kind and name of the thing. Absent lists and fields count as empty. */
function describe(p4info: P4Info): Map<string, string> {
  const things = new Map<string, string>();
  const fields = (list: readonly Field[] | undefined, more: (field: never) => string = () => ''): string =>
    (list ?? []).map((f) => ` ${f.name ?? ''}#${f.id}:${f.bitwidth ?? 0}${more(f as never)}`).join('');
  const add = (kind: string, preamble: { readonly id: number; readonly name: string } | undefined, text = ''): void => {
    things.set(`${kind} ${preamble?.name ?? ''}`, `id ${preamble?.id ?? 0}${text}`);
  };
  for (const table of p4info.tables ?? []) {
    const keys = fields(table.match_fields, (f: { match_type?: string }) => `:${f.match_type ?? ''}`);
    const actions = (table.action_refs ?? []).map((ref) => ref.id).sort((a, b) => a - b);
    const resources = (table.direct_resource_ids ?? []).length;
    const profile = table.implementation_id ? `, actions in ${table.implementation_id}` : '';
    const timeout = table.idle_timeout_behavior === 'NOTIFY_CONTROL' ? ', idle timeout' : '';
    add('table', table.preamble, `${keys}, actions ${actions.join(' ')}, ${resources} direct resources${profile}${timeout}`);
  }
  for (const action of p4info.actions ?? []) add('action', action.preamble, fields(action.params));
  for (const counter of p4info.counters ?? []) add('counter', counter.preamble, `, ${Number(counter.size)} cells`);
  for (const counter of p4info.direct_counters ?? []) add('direct counter', counter.preamble, ` of table ${counter.direct_table_id}`);
  for (const meter of p4info.meters ?? []) add('meter', meter.preamble, `, ${Number(meter.size)} cells, ${typeOf(meter)}`);
  for (const meter of p4info.direct_meters ?? [])
    add('direct meter', meter.preamble, ` of table ${meter.direct_table_id}, ${typeOf(meter)}`);
  for (const register of p4info.registers ?? [])
    add('register', register.preamble, `, ${Number(register.size)} cells of ${JSON.stringify(register.type_spec)}`);
  for (const digest of p4info.digests ?? []) add('digest', digest.preamble, ` of ${JSON.stringify(digest.type_spec)}`);
  for (const set of p4info.value_sets ?? []) add('value set', set.preamble, `${fields(set.match)}, ${Number(set.size)} members`);
  for (const profile of p4info.action_profiles ?? []) {
    const { sum_of_members: inMembers } = profile;
    const unit = inMembers ? `members with weights up to ${inMembers.max_member_weight || 'any'}` : 'weights';
    const selector = profile.with_selector ? `, selector with groups of ${profile.max_group_size ?? 0} ${unit}` : '';
    const weights = profile.weights_disallowed ? ', no weights' : '';
    add('action profile', profile.preamble, `, ${Number(profile.size)} members${selector}${weights}`);
  }
  for (const header of p4info.controller_packet_metadata ?? []) {
    // No request has its id.
    things.set(`controller header ${header.preamble?.name ?? ''}`, fields(header.metadata).trim());
  }
  return things;
}
