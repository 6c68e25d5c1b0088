/** What architectures add to P4Info: their extern objects and table properties. */
import type { InstanceDecl } from '../ir/decl.js';
import type { Expr } from '../ir/expr.js';
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
  NamedTypeRef,
  Preamble,
  RegisterInfo,
  TableInfo,
} from './messages.js';
import { annotation, annotationText } from './names.js';

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
  /** For the type of an index: the name of a newtype. */
  indexType(type: Type | undefined): { readonly index_type_name?: NamedTypeRef };
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

type Extra = Partial<Pick<TableInfo, 'idle_timeout_behavior' | 'implementation_id'>> & { readonly direct_resource_ids?: readonly number[] };
export type PropertyRule = (context: ExternContext, table: VisibleTable, tableId: number, value: Expr) => Extra;

export interface ArchRules {
  /** The size of a table that names none. */
  readonly defaultTableSize: number;
  /** By the name of the extern. */
  readonly externs: Readonly<Record<string, ExternRule>>;
  /** By the name of the table's property, in p4c's order. */
  readonly properties: Readonly<Record<string, PropertyRule>>;
}

/** The extern objects that architectures have under names and with arguments of their own. */
export const rules = {
  counter(units: Readonly<Record<string, CounterSpec['unit']>>, indexType?: number): ExternRule {
    return {
      kind: 'counter',
      add: (context, name, { args: [size, type], ...decl }) => {
        const preamble = context.preamble('counter', name, decl);
        const array = { size: Number(context.constant(size)), ...context.indexType(typeArg(decl, indexType)) };
        context.counters.push({ preamble, spec: unit(units, type), ...array });
      },
    };
  },
  meter(units: Readonly<Record<string, MeterSpec['unit']>>, indexType?: number): ExternRule {
    return {
      kind: 'meter',
      add: (context, name, { args: [size, type], ...decl }) => {
        const preamble = context.preamble('meter', name, decl, meterTypes);
        const array = { size: Number(context.constant(size)), ...context.indexType(typeArg(decl, indexType)) };
        context.meters.push({ preamble, spec: { ...unit(units, type), ...meterType(decl) }, ...array });
      },
    };
  },
  register(indexType?: number): ExternRule {
    return {
      kind: 'register',
      add: (context, name, { args: [size], ...decl }) => {
        const cell = typeArg(decl, 0);
        if (!cell) throw new InternalError(`the register ${name} has no type`);
        const preamble = context.preamble('register', name, decl);
        const array = { size: Number(context.constant(size)), ...context.indexType(typeArg(decl, indexType)) };
        context.registers.push({ preamble, type_spec: context.dataType(cell), ...array });
      },
    };
  },
  profile: {
    kind: 'actionProfile',
    add: (context, name, decl) => addProfile(context, name, decl, decl.args[0], false),
  } satisfies ExternRule,
  selector: {
    kind: 'actionProfile',
    add: (context, name, decl) => addProfile(context, name, decl, decl.args[1], true),
  } satisfies ExternRule,
};

const typeArg = ({ type }: Pick<InstanceDecl, 'type'>, index: number | undefined): Type | undefined =>
  index === undefined ? undefined : type.args?.[index];

/** The table properties that attach such objects, by what they attach. */
export const attachmentRules = {
  profile: ((context, table, _id, value) => ({
    implementation_id: context.id('actionProfile', instanceOf(table, value).name),
  })) satisfies PropertyRule,
  counter(units: Readonly<Record<string, CounterSpec['unit']>>): PropertyRule {
    return (context, table, tableId, value) => {
      const { name, decl } = instanceOf(table, value);
      const preamble = context.preamble('directCounter', name, decl);
      context.directCounters.push({ preamble, spec: unit(units, decl.args[0]), direct_table_id: tableId });
      return { direct_resource_ids: [preamble.id] };
    };
  },
  meter(units: Readonly<Record<string, MeterSpec['unit']>>): PropertyRule {
    return (context, table, tableId, value) => {
      const { name, decl } = instanceOf(table, value);
      const preamble = context.preamble('directMeter', name, decl, meterTypes);
      context.directMeters.push({ preamble, spec: { ...unit(units, decl.args[0]), ...meterType(decl) }, direct_table_id: tableId });
      return { direct_resource_ids: [preamble.id] };
    };
  },
};

function unit<U>(units: Readonly<Record<string, U>>, expr: Expr | undefined): { readonly unit: U } {
  const found = expr?.kind === 'member' ? units[expr.name] : undefined;
  if (found === undefined) throw new InternalError('a counter or meter has no unit');
  return { unit: found };
}

const meterTypes = ['two_rate_three_color', 'single_rate_three_color', 'single_rate_two_color'];

/** Two rates and three colours, where no annotation says anything else (P4Runtime, "Meter & DirectMeter"). */
function meterType(decl: Pick<InstanceDecl, 'annotations'>): Pick<MeterSpec, 'type'> {
  if (annotation(decl, 'single_rate_three_color')) return { type: 'SINGLE_RATE_THREE_COLOR' };
  return annotation(decl, 'single_rate_two_color') ? { type: 'SINGLE_RATE_TWO_COLOR' } : {};
}

const inProfile = ['max_group_size', 'selector_size_semantics', 'max_member_weight', 'weights_disallowed'];

/** What sizes of a selector count, where the program says it. */
function sizeSemantics(decl: InstanceDecl): Pick<ActionProfileInfo, 'sum_of_weights' | 'sum_of_members'> {
  const given = annotationText(annotation(decl, 'selector_size_semantics')?.body)?.toLowerCase();
  if (given === 'sum_of_weights') return { sum_of_weights: {} };
  if (given !== 'sum_of_members') return {};
  const weight = annotation(decl, 'max_member_weight')?.body;
  return { sum_of_members: weight === undefined ? {} : { max_member_weight: Number(weight) } };
}

function addProfile(context: ExternContext, name: string, decl: InstanceDecl, size: Expr | undefined, withSelector: boolean): void {
  const maxGroupSize = withSelector ? annotation(decl, 'max_group_size')?.body : undefined;
  context.actionProfiles.push({
    preamble: context.preamble('actionProfile', name, decl, inProfile),
    table_ids: context.implementedBy(name),
    ...(withSelector ? { with_selector: true } : {}),
    size: Number(context.constant(size)),
    ...(maxGroupSize === undefined ? {} : { max_group_size: Number(maxGroupSize) }),
    ...(withSelector ? sizeSemantics(decl) : {}),
    ...(withSelector && annotation(decl, 'weights_disallowed') ? { weights_disallowed: true } : {}),
  });
}

/** The instance that a table's property names. */
function instanceOf(table: VisibleTable, value: Expr): ReturnType<VisibleTable['instance']> {
  if (value.kind !== 'name') throw new InternalError('a property of a table names no instance');
  return table.instance(value.name);
}
