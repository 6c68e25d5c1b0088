/** What architectures add to P4Info: their extern objects, table properties and functions. */

import type { InstanceDecl } from '../ir/decl.js';
import type { Expr } from '../ir/expr.js';
import type { CallStmt } from '../ir/stmt.js';
import type { Declared, Type } from '../ir/types.js';
import { InternalError } from '../support/invariant.js';
import type { VisibleTable } from './blocks.js';
import type { IdKind } from './ids.js';
import type {
  ActionProfileInfo,
  CounterInfo,
  CounterSpec,
  DataTypeSpec,
  DigestInfo,
  DirectCounterInfo,
  DirectMeterInfo,
  MeterInfo,
  MeterSpec,
  Preamble,
  RegisterInfo,
  TableInfo,
} from './messages.js';
import { annotation } from './names.js';

/** What is being built, as far as externs may add to it. */
export interface ExternContext {
  readonly actionProfiles: ActionProfileInfo[];
  readonly counters: CounterInfo[];
  readonly directCounters: DirectCounterInfo[];
  readonly meters: MeterInfo[];
  readonly directMeters: DirectMeterInfo[];
  readonly registers: RegisterInfo[];
  readonly digests: DigestInfo[];
  /** The value of a constant expression. */
  constant(expr: Expr | undefined): bigint;
  dataType(type: Type): DataTypeSpec;
  /** `except`: annotations that the message says otherwise. */
  preamble(kind: IdKind, name: string, decl: Pick<Declared, 'annotations' | 'doc'>, except?: readonly string[]): Preamble;
  id(kind: IdKind, name: string): number;
  /** The ids of the tables whose property `implementation` names that instance. */
  implementedBy(name: string): readonly number[];
}

export interface ExternRule {
  readonly kind: IdKind;
  /** Adds the instance; absent for direct externs, which their table adds. */
  readonly add?: (context: ExternContext, name: string, decl: InstanceDecl) => void;
}

/** A call of an extern function that the control plane knows: the name is the data's type's, or numbered. */
export interface FunctionRule {
  readonly kind: IdKind;
  /** The type that gives the name. */
  readonly type: (call: CallStmt) => Type;
  readonly add: (context: ExternContext, name: string, call: CallStmt) => void;
}

type Extra = Partial<Pick<TableInfo, 'idle_timeout_behavior' | 'implementation_id'>> & { readonly direct_resource_ids?: readonly number[] };
type PropertyRule = (context: ExternContext, table: VisibleTable, tableId: number, value: Expr) => Extra;

export interface ArchRules {
  /** The size of a table that names none. */
  readonly defaultTableSize: number;
  /** By the name of the extern. */
  readonly externs: Readonly<Record<string, ExternRule>>;
  /** By the name of the table's property, in p4c's order. */
  readonly properties: Readonly<Record<string, PropertyRule>>;
  /** By the name of the extern function. */
  readonly functions: Readonly<Record<string, FunctionRule>>;
}

const counterUnits: Readonly<Record<string, CounterSpec['unit']>> = {
  packets: 'PACKETS',
  bytes: 'BYTES',
  packets_and_bytes: 'BOTH',
};
const meterUnits: Readonly<Record<string, MeterSpec['unit']>> = { packets: 'PACKETS', bytes: 'BYTES' };

function unit<U>(units: Readonly<Record<string, U>>, expr: Expr | undefined): { readonly unit: U } {
  const found = expr?.kind === 'member' ? units[expr.name] : undefined;
  if (found === undefined) throw new InternalError('a counter or meter has no unit');
  return { unit: found };
}

const inProfile = ['max_group_size', 'selector_size_semantics', 'max_member_weight'];

function addProfile(context: ExternContext, name: string, decl: InstanceDecl, size: Expr | undefined, withSelector: boolean): void {
  const maxGroupSize = withSelector ? annotation(decl, 'max_group_size')?.body : undefined;
  context.actionProfiles.push({
    preamble: context.preamble('actionProfile', name, decl, inProfile),
    table_ids: context.implementedBy(name),
    ...(withSelector ? { with_selector: true } : {}),
    size: Number(context.constant(size)),
    ...(maxGroupSize === undefined ? {} : { max_group_size: Number(maxGroupSize) }),
  });
}

/** The instance that a table's property names. */
function instanceOf(table: VisibleTable, value: Expr): ReturnType<VisibleTable['instance']> {
  if (value.kind !== 'name') throw new InternalError('a property of a table names no instance');
  return table.instance(value.name);
}

const v1model: ArchRules = {
  defaultTableSize: 1024,
  externs: {
    counter: {
      kind: 'counter',
      add: (context, name, decl) => {
        const [size, type] = decl.args;
        const preamble = context.preamble('counter', name, decl);
        context.counters.push({ preamble, spec: unit(counterUnits, type), size: Number(context.constant(size)) });
      },
    },
    direct_counter: { kind: 'directCounter' },
    meter: {
      kind: 'meter',
      add: (context, name, decl) => {
        const [size, type] = decl.args;
        const preamble = context.preamble('meter', name, decl);
        context.meters.push({ preamble, spec: unit(meterUnits, type), size: Number(context.constant(size)) });
      },
    },
    direct_meter: { kind: 'directMeter' },
    register: {
      kind: 'register',
      add: (context, name, decl) => {
        const cell = decl.type.args?.[0];
        if (!cell) throw new InternalError(`the register ${name} has no type`);
        const preamble = context.preamble('register', name, decl);
        context.registers.push({ preamble, type_spec: context.dataType(cell), size: Number(context.constant(decl.args[0])) });
      },
    },
    action_profile: {
      kind: 'actionProfile',
      add: (context, name, decl) => addProfile(context, name, decl, decl.args[0], false),
    },
    action_selector: {
      kind: 'actionProfile',
      add: (context, name, decl) => addProfile(context, name, decl, decl.args[1], true),
    },
  },
  properties: {
    implementation: (context, table, _id, value) => ({ implementation_id: context.id('actionProfile', instanceOf(table, value).name) }),
    counters: (context, table, tableId, value) => {
      const { name, decl } = instanceOf(table, value);
      const preamble = context.preamble('directCounter', name, decl);
      context.directCounters.push({ preamble, spec: unit(counterUnits, decl.args[0]), direct_table_id: tableId });
      return { direct_resource_ids: [preamble.id] };
    },
    meters: (context, table, tableId, value) => {
      const { name, decl } = instanceOf(table, value);
      const preamble = context.preamble('directMeter', name, decl);
      context.directMeters.push({ preamble, spec: unit(meterUnits, decl.args[0]), direct_table_id: tableId });
      return { direct_resource_ids: [preamble.id] };
    },
    support_timeout: (_context, _table, _id, value) =>
      value.kind === 'bool' && value.value ? { idle_timeout_behavior: 'NOTIFY_CONTROL' } : {},
  },
  functions: {
    digest: {
      kind: 'digest',
      type: digestType,
      add: (context, name, call) => {
        context.digests.push({ preamble: context.preamble('digest', name, {}), type_spec: context.dataType(digestType(call)) });
      },
    },
  },
};

function digestType(call: CallStmt): Type {
  const type = call.typeArgs?.[0] ?? call.args[1]?.type;
  if (!type) throw new InternalError('a digest has no data');
  return type;
}

/** The architectures that P4Info can be made for. */
export const archRules: Readonly<Record<string, ArchRules>> = { v1model };
