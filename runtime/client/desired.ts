/** The desired state of a switch, typed by the pipeline, for `reconcile` and `batch`. */
import { describeHandle, type PartDescriptor } from '../../compiler/dsl/handles.js';
import type {
  ActionCall,
  ActionProfile,
  Counter,
  Entry,
  EntryKey,
  Impl,
  Meter,
  Register,
  Table,
  ValueSet,
} from '../../compiler/dsl/surface.js';
import { fail } from '../../compiler/support/diagnostics.js';
import { captureLocation, type Loc } from '../../compiler/support/location.js';
import type { Entity } from '../p4runtime/messages.js';
import { encodeCount } from './counter.js';
import { type CounterValue, type EntryInput, encodeCall, encodeDefault, encodeEntry, encodeKey } from './entry.js';
import { expectPart, type PartKind, type PartOf, type Parts } from './handle-parts.js';
import { encodeRates, type MeterInput } from './meter.js';
import { encodeGroup, type GroupMember } from './profile.js';
import { type CellVal, encodeCell } from './register.js';
import { type CloneSessionOptions, encodeCloneOptions, encodeReplicas, type Replica } from './replication.js';
import { takes } from './signatures.js';
import type { EntryOptions } from './types.js';
import { encodeMembers } from './value-set.js';
import { toIndex, toUint32 } from './values.js';

/** Entities of a switch; `reconcile` and `batch` encode them for their switch. */
export interface Desired {
  /** @internal */
  readonly [encodeFor]: (parts: Parts) => readonly Entity[];
}
export const encodeFor: unique symbol = Symbol('p4ts.desired');

const desired = (encode: (parts: Parts, loc: Loc) => readonly Entity[]): Desired => {
  const loc = captureLocation();
  return { [encodeFor]: (parts) => encode(parts, loc) };
};

/** About what a handle of the pipeline stands for. */
const desiredOf = <K extends PartKind>(
  kind: K,
  part: PartDescriptor,
  encode: (found: PartOf<K>, loc: Loc, parts: Parts) => readonly Entity[],
): Desired => desired((parts, loc) => encode(parts.find(kind, part, loc), loc, parts));

/** `what` is the method with these arguments. @throws DiagnosticError not-desired */
export function encoded(desired: readonly Desired[], parts: Parts, what: string): Entity[] {
  const isDesired = (d: unknown): boolean => typeof d === 'object' && d !== null && encodeFor in d;
  const wrong = Array.isArray(desired) ? desired.findIndex((d) => !isDesired(d)) : -1;
  if (!Array.isArray(desired) || wrong >= 0) {
    const got = describeHandle(wrong < 0 ? desired : desired[wrong]);
    return fail('not-desired', { what, got }, { loc: captureLocation() });
  }
  return desired.flatMap((d) => d[encodeFor](parts));
}

/** Entries of a table. */
export function tableEntries<K, A extends string, I extends Impl>(
  table: Table<K, A, I>,
  entries: readonly (Entry<NoInfer<K>, NoInfer<A>, I> & EntryOptions)[],
): Desired {
  takes.tableEntries([table, entries]);
  const part = expectPart('tables', table, 'tableEntries()');
  return desiredOf('tables', part, (found, loc) => entries.map((entry) => ({ table_entry: encodeEntry(found, entry as EntryInput, loc) })));
}

/** The matches and priorities of entries, for deletions. */
export function tableKeys<K, A extends string, I extends Impl>(table: Table<K, A, I>, keys: readonly EntryKey<NoInfer<K>>[]): Desired {
  takes.tableKeys([table, keys]);
  const part = expectPart('tables', table, 'tableKeys()');
  return desiredOf('tables', part, (found, loc) => keys.map((key) => ({ table_entry: encodeKey(found, key as EntryInput, loc) })));
}

/** Sets the default action, which runs on a miss; without an action, restores that of the pipeline. */
export function defaultAction<K, A extends string, I extends Impl>(table: Table<K, A, I>, action?: ActionCall<NoInfer<A>>): Desired {
  const part = expectPart('tables', table, 'defaultAction()');
  return desiredOf('tables', part, (found, loc) => [{ table_entry: encodeDefault(found, action, loc) }]);
}

/** A member of an action profile or selector. */
export function profileMember<I extends Impl>(profile: ActionProfile<I>, id: number, action: ActionCall): Desired {
  takes.profileMember([profile, id]);
  const part = expectPart('profiles', profile, 'profileMember()');
  return desiredOf('profiles', part, (found, loc) => {
    const at = `member ${id} of action profile ${found.name}`;
    return [
      { action_profile_member: { action_profile_id: found.id, member_id: toUint32(id, at), action: encodeCall(found, action, at, loc) } },
    ];
  });
}

/** A group of a selector. */
export function profileGroup(profile: ActionProfile<'selector'>, id: number, members: readonly GroupMember[]): Desired {
  takes.profileGroup([profile, id, members]);
  const part = expectPart('profiles', profile, 'profileGroup()', 'selector');
  return desiredOf('profiles', part, (found) => [{ action_profile_group: encodeGroup(found, id, members) }]);
}

/** A multicast group, with an id from 1 to 65535. */
export function multicastGroup(id: number, replicas: readonly Replica[]): Desired {
  takes.multicastGroup([id, replicas]);
  const multicast_group_entry = { multicast_group_id: toUint32(id, 'multicast group'), replicas: encodeReplicas(replicas) };
  return desired(() => [{ packet_replication_engine_entry: { multicast_group_entry } }]);
}

/** A clone session, with an id from 1 to 32767: where mirrored packets go. */
export function cloneSession(id: number, replicas: readonly Replica[], options: CloneSessionOptions = {}): Desired {
  takes.desiredSession([id, replicas, options]);
  const clone_session_entry = {
    session_id: toUint32(id, 'clone session'),
    replicas: encodeReplicas(replicas),
    ...encodeCloneOptions(options),
  };
  return desired(() => [{ packet_replication_engine_entry: { clone_session_entry } }]);
}

/** The rates of a meter's cells, by index; `reconcile` removes the rates of its other cells. */
export function meterCells(meter: Meter, cells: Readonly<Record<number, MeterInput>>): Desired {
  takes.meterCells([meter, cells]);
  const part = expectPart('meters', meter, 'meterCells()');
  return desiredOf('meters', part, ({ id, name }, loc) => {
    const at = `meter ${name}`;
    const single = Object.entries(cells).map(([index, rates]) => ({
      meter_entry: { meter_id: id, index: toIndex(Number(index), at), config: encodeRates(rates, at, loc) },
    }));
    return single.length > 0 ? single : [{ meter_entry: { meter_id: id } }];
  });
}

/** The values of cells of a counter, by index; other cells keep theirs. */
export function counterCells(counter: Counter, cells: Readonly<Record<number, CounterValue>>): Desired {
  takes.counterCells([counter, cells]);
  const part = expectPart('counters', counter, 'counterCells()');
  return desiredOf('counters', part, ({ id, name }, loc) =>
    Object.entries(cells).map(([index, value]) => {
      const data = encodeCount(value, { at: `counter ${name}, cell ${index}`, loc });
      return { counter_entry: { counter_id: id, index: toIndex(Number(index), `counter ${name}`), data } };
    }),
  );
}

/** The values of cells of a register, by index; other cells keep theirs. */
export function registerCells<C>(register: Register<C>, cells: Readonly<Record<number, CellVal<C>>>): Desired {
  takes.registerCells([register, cells]);
  const part = expectPart('registers', register, 'registerCells()');
  return desiredOf('registers', part, (found, loc) =>
    Object.entries(cells).map(([index, value]) => {
      const data = encodeCell(value, found, { at: `register ${found.name}, cell ${index}`, loc });
      return { register_entry: { register_id: found.id, index: toIndex(Number(index), `register ${found.name}`), data } };
    }),
  );
}

/** All members of a value set. */
export function valueSetMembers<W extends number>(set: ValueSet<W>, values: readonly (number | bigint)[]): Desired {
  takes.valueSetMembers([set, values]);
  const part = expectPart('valueSets', set, 'valueSetMembers()');
  return desiredOf('valueSets', part, (found, loc, { target }) => [
    { value_set_entry: { value_set_id: found.id, members: encodeMembers(found, values, target, loc) } },
  ]);
}

/** Entities as the messages of P4Runtime have them, with the ids of the switch's P4Info. */
export function rawEntities(entities: readonly Entity[]): Desired {
  takes.rawEntities([entities]);
  return desired(() => entities);
}
