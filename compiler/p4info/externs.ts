/** What architectures add to P4Info: their extern objects and table properties. */

import type { InstanceDecl } from '../ir/decl.js';
import type { Expr } from '../ir/expr.js';
import { InternalError } from '../support/invariant.js';
import type { VisibleTable } from './blocks.js';
import type { IdKind } from './ids.js';
import type { CounterInfo, CounterSpec, DirectCounterInfo, Preamble, TableInfo } from './messages.js';

/** What is being built, as far as externs may add to it. */
export interface ExternContext {
  readonly counters: CounterInfo[];
  readonly directCounters: DirectCounterInfo[];
  /** The value of a constant expression. */
  constant(expr: Expr | undefined): bigint;
  preamble(kind: IdKind, name: string, decl: InstanceDecl): Preamble;
}

export interface ExternRule {
  readonly kind: IdKind;
  /** Adds the instance; absent for direct externs, which their table adds. */
  readonly add?: (context: ExternContext, name: string, decl: InstanceDecl) => void;
}

type Extra = Partial<Pick<TableInfo, 'idle_timeout_behavior'>> & { readonly direct_resource_ids?: readonly number[] };
type PropertyRule = (context: ExternContext, table: VisibleTable, tableId: number, value: Expr) => Extra;

export interface ArchRules {
  /** The size of a table that names none. */
  readonly defaultTableSize: number;
  /** By the name of the extern. */
  readonly externs: Readonly<Record<string, ExternRule>>;
  /** By the name of the table's property, in p4c's order. */
  readonly properties: Readonly<Record<string, PropertyRule>>;
}

const counterUnits: Readonly<Record<string, CounterSpec['unit']>> = {
  packets: 'PACKETS',
  bytes: 'BYTES',
  packets_and_bytes: 'BOTH',
};

function counterSpec(unit: Expr | undefined): CounterSpec {
  const name = unit?.kind === 'member' ? counterUnits[unit.name] : undefined;
  if (name === undefined) throw new InternalError('a counter has no unit');
  return { unit: name };
}

const v1model: ArchRules = {
  defaultTableSize: 1024,
  externs: {
    counter: {
      kind: 'counter',
      add: (context, name, decl) => {
        const [size, unit] = decl.args;
        context.counters.push({
          preamble: context.preamble('counter', name, decl),
          spec: counterSpec(unit),
          size: Number(context.constant(size)),
        });
      },
    },
    direct_counter: { kind: 'directCounter' },
  },
  properties: {
    counters: (context, table, tableId, value) => {
      if (value.kind !== 'name') throw new InternalError('the property counters names no instance');
      const { name, decl } = table.instance(value.name);
      const preamble = context.preamble('directCounter', name, decl);
      context.directCounters.push({ preamble, spec: counterSpec(decl.args[0]), direct_table_id: tableId });
      return { direct_resource_ids: [preamble.id] };
    },
    support_timeout: (_context, _table, _id, value) =>
      value.kind === 'bool' && value.value ? { idle_timeout_behavior: 'NOTIFY_CONTROL' } : {},
  },
};

/** The architectures that P4Info can be made for. */
export const archRules: Readonly<Record<string, ArchRules>> = { v1model };
