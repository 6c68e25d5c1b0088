/** Extern objects in P4Info, by what they are in their architecture. */
import type { ObjectKind } from '../analysis/control-objects.js';
import type { ProgramInfo } from '../analysis/program-info.js';
import type { VisibleTable } from '../analysis/visible-blocks.js';
import { annotation, hasAnnotation } from '../ir/annotations.js';
import type { InstanceDecl } from '../ir/decl.js';
import type { Declared } from '../ir/types.js';
import { invariant } from '../support/invariant.js';
import type {
  ActionProfileInfo,
  CounterInfo,
  CounterSpec,
  DigestInfo,
  DirectCounterInfo,
  DirectMeterInfo,
  MeterInfo,
  MeterSpec,
  NamedTypeRef,
  Preamble,
  RegisterInfo,
} from './messages.js';
import type { TypeCollector } from './types.js';

/** What the builder of a P4Info knows. */
export interface ExternContext {
  readonly info: ProgramInfo;
  readonly types: TypeCollector;
  /** `except`: annotations that the message says otherwise. */
  preamble(kind: ObjectKind, name: string, decl: Pick<Declared, 'annotations' | 'doc'>, except?: readonly string[]): Preamble;
  /** The ids of the tables whose action profile has that name. */
  implementedBy(name: string): readonly number[];
}

/** The objects of a program that P4Info tells of, but for tables and actions. */
export class ExternObjects {
  readonly action_profiles: ActionProfileInfo[] = [];
  readonly counters: CounterInfo[] = [];
  readonly direct_counters: DirectCounterInfo[] = [];
  readonly meters: MeterInfo[] = [];
  readonly direct_meters: DirectMeterInfo[] = [];
  readonly registers: RegisterInfo[] = [];
  readonly digests: DigestInfo[] = [];
  readonly #context: ExternContext;

  constructor(context: ExternContext) {
    this.#context = context;
  }

  /** Adds an object that is on its own; those that belong to a table come with it. */
  addInstance(name: string, decl: InstanceDecl): void {
    const { info, types } = this.#context;
    const extern = info.extern(decl.type);
    if (extern?.direct) return;
    const preamble = (kind: ObjectKind, except?: readonly string[]): Preamble => this.#context.preamble(kind, name, decl, except);
    switch (extern?.role) {
      case 'counter':
        this.counters.push({ preamble: preamble('counter'), spec: this.#counterSpec(decl), ...this.#array(decl) });
        return;
      case 'meter':
        this.meters.push({ preamble: preamble('meter', meterTypes), spec: this.#meterSpec(decl), ...this.#array(decl) });
        return;
      case 'register':
        this.registers.push({ preamble: preamble('register'), type_spec: types.dataType(this.#cell(decl)), ...this.#array(decl) });
        return;
      case 'digest':
        this.digests.push({ preamble: preamble('digest'), type_spec: types.dataType(this.#cell(decl)) });
        return;
      case 'action-profile':
      case 'action-selector':
        this.action_profiles.push({
          preamble: preamble('actionProfile', inProfile),
          table_ids: this.#context.implementedBy(name),
          ...(extern.role === 'action-selector' ? { with_selector: true } : {}),
          size: this.#size(decl),
          ...(extern.role === 'action-selector' ? selectorTraits(decl) : {}),
        });
    }
  }

  /** Adds the counter and meter of a table; their ids. */
  addDirect(table: VisibleTable, tableId: number): readonly number[] {
    const [counter, meter] = [table.attached('counter'), table.attached('meter')];
    const ids: number[] = [];
    if (counter) {
      const preamble = this.#context.preamble('directCounter', counter.name, counter.decl);
      this.direct_counters.push({ preamble, spec: this.#counterSpec(counter.decl), direct_table_id: tableId });
      ids.push(preamble.id);
    }
    if (meter) {
      const preamble = this.#context.preamble('directMeter', meter.name, meter.decl, meterTypes);
      this.direct_meters.push({ preamble, spec: this.#meterSpec(meter.decl), direct_table_id: tableId });
      ids.push(preamble.id);
    }
    return ids;
  }

  #size(decl: InstanceDecl): number {
    const { info } = this.#context;
    const size = info.constantValue(info.constructorArgument(decl, 'size'));
    invariant(size !== undefined, `the size of ${decl.name} is not constant`);
    return Number(size);
  }

  #array(decl: InstanceDecl): { readonly size: number; readonly index_type_name?: NamedTypeRef } {
    const { info, types } = this.#context;
    const index = info.indexType(decl.type);
    const name = index && types.use(index).type_name;
    return { size: this.#size(decl), ...(name ? { index_type_name: name } : {}) };
  }

  #cell(decl: InstanceDecl) {
    const cell = this.#context.info.cellType(decl.type);
    invariant(cell, `${decl.name} has no type`);
    return cell;
  }

  #unit(decl: InstanceDecl): 'packets' | 'bytes' | 'both' {
    const { info } = this.#context;
    const given = info.constructorArgument(decl, 'unit');
    const unit = given?.kind === 'member' ? info.arch.units[given.name] : undefined;
    invariant(unit, `${decl.name} has no unit`);
    return unit;
  }
  #counterSpec(decl: InstanceDecl): CounterSpec {
    return { unit: counterUnits[this.#unit(decl)] };
  }
  #meterSpec(decl: InstanceDecl): MeterSpec {
    return { unit: this.#unit(decl) === 'bytes' ? 'BYTES' : 'PACKETS', ...meterType(decl) };
  }
}

const counterUnits = { packets: 'PACKETS', bytes: 'BYTES', both: 'BOTH' } as const;
const meterTypes = ['two_rate_three_color', 'single_rate_three_color', 'single_rate_two_color'];

/** Two rates and three colours, where no annotation says anything else (P4Runtime, "Meter & DirectMeter"). */
function meterType(decl: InstanceDecl): Pick<MeterSpec, 'type'> {
  if (hasAnnotation(decl, 'single_rate_three_color')) return { type: 'SINGLE_RATE_THREE_COLOR' };
  return hasAnnotation(decl, 'single_rate_two_color') ? { type: 'SINGLE_RATE_TWO_COLOR' } : {};
}

const inProfile = ['max_group_size', 'selector_size_semantics', 'max_member_weight', 'weights_disallowed'];

function selectorTraits(decl: InstanceDecl): Partial<ActionProfileInfo> {
  const maxGroupSize = annotation(decl, 'max_group_size')?.size;
  return {
    ...(maxGroupSize === undefined ? {} : { max_group_size: maxGroupSize }),
    ...sizeSemantics(decl),
    ...(hasAnnotation(decl, 'weights_disallowed') ? { weights_disallowed: true } : {}),
  };
}

/** What sizes of a selector count, where the program says it. */
function sizeSemantics(decl: InstanceDecl): Pick<ActionProfileInfo, 'sum_of_weights' | 'sum_of_members'> {
  const given = annotation(decl, 'selector_size_semantics')?.text.toLowerCase();
  if (given === 'sum_of_weights') return { sum_of_weights: {} };
  if (given !== 'sum_of_members') return {};
  const weight = annotation(decl, 'max_member_weight')?.weight;
  return { sum_of_members: weight === undefined ? {} : { max_member_weight: weight } };
}
