/**
 * What controllers see of a program: tables, actions, cells, digests and controller headers, by id and by name, with the
 * forms of their values. `buildSchema` makes it once of a program.
 */
import type { MeterSpec } from '../p4info/messages.js';
import { type Loc, nowhere } from '../support/location.js';
import type { References } from './constraints/references.js';
import type { Restriction } from './constraints/restriction.js';
import type { DataForm, PartsForm, ValueForm } from './data.js';
import { resolve } from './names.js';
import type { WriteOrder } from './write-order.js';

export interface ControlObject {
  readonly id: number;
  /** As the pipeline calls it; the P4Info's name where that is all that is known. */
  readonly name: string;
}
export interface FieldForm extends ValueForm {
  readonly id: number;
  readonly name: string;
}
export interface KeyForm extends FieldForm {
  /** `exact`, `lpm`, `ternary`, `range`, `optional`, or what an architecture adds. */
  readonly match: string;
}
export interface ActionSchema extends ControlObject {
  /** Such as `forward`. */
  readonly call: string;
  readonly params: readonly FieldForm[];
  /** What all calls must satisfy. */
  readonly restriction?: Restriction;
}
/** Whether it may be the action of an entry, the default action, or both. */
export type ActionScope = 'both' | 'table' | 'default';
export interface ActionRef {
  readonly action: ActionSchema;
  readonly scope: ActionScope;
}
/** What runs actions: a table or a profile. */
export interface HasActions {
  /** Where it is known: actions of other pipelines may be called the same. */
  readonly pipeline?: string;
  /** By id. */
  readonly actions: ReadonlyMap<number, ActionRef>;
}
export type MeterType = NonNullable<MeterSpec['type']>;
export interface TableSchema extends ControlObject, HasActions {
  readonly keys: readonly KeyForm[];
  readonly size: number;
  /** Some key is ternary, range or optional. */
  readonly needsPriority: boolean;
  /** Its entries are the program's. */
  readonly isConst: boolean;
  readonly hasConstDefault: boolean;
  readonly hasCounter: boolean;
  /** The type of its direct meter, if it has one. */
  readonly meter?: MeterType;
  readonly hasIdleTimeout: boolean;
  /** Where its actions are members of a profile or selector. */
  readonly profile?: ProfileSchema;
  /** What all entries must satisfy. */
  readonly restriction?: Restriction;
  /** What runs on a miss as long as nobody says otherwise; undefined where the P4Info does not say it. */
  readonly initialDefault?: InitialDefault;
}
/** As a message of P4Runtime. */
export interface InitialDefault {
  readonly action_id: number;
  readonly params: readonly { readonly param_id: number; readonly value: Uint8Array }[];
}
/** What sizes of groups count: the weights of their members, or members whatever their weights. */
export type SizeUnit = 'weights' | 'members';
export interface ProfileSchema extends ControlObject, HasActions {
  /** Members; with a selector also what all groups make together. */
  readonly size: number;
  readonly hasSelector: boolean;
  /** What a group may make; 0: as the profile's size. */
  readonly maxGroupSize: number;
  readonly sizeIn: SizeUnit;
  /** Of a member of a group, where sizes are in members; 0: any. */
  readonly maxMemberWeight: number;
  /** The switch weighs the members of groups, each the same. */
  readonly weightsDisallowed: boolean;
}
/** An array of cells: a counter, a meter or a register. */
export interface ArraySchema extends ControlObject {
  readonly size: number;
}
export interface MeterSchema extends ArraySchema {
  readonly type: MeterType;
}
export interface RegisterSchema extends ArraySchema {
  readonly cell: DataForm;
  /** The fields of which a cell is made where the target has one number for them. */
  readonly packed?: PartsForm;
}
export interface DigestSchema extends ControlObject {
  readonly data: DataForm;
}
export interface ValueSetSchema extends ControlObject {
  readonly keys: readonly KeyForm[];
  readonly size: number;
}
/** A header in front of packets to or from the controller, in the order of its bits. */
export interface ControllerHeader {
  /** In bits. */
  readonly width: number;
  readonly fields: readonly ControllerField[];
  /** What controllers are told: the fields without padding. */
  readonly metadata: readonly FieldForm[];
}
export interface ControllerField extends ValueForm {
  readonly name: string;
  /** Padding has none when the P4Info leaves it out. */
  readonly id?: number;
  readonly isPadding: boolean;
}

/** Things of one kind, by id. */
export class Objects<T extends ControlObject> extends Map<number, T> {
  readonly kind: string;
  readonly #names: ReadonlyMap<string, T>;

  constructor(kind: string, all: Iterable<T>) {
    super([...all].map((one) => [one.id, one]));
    this.kind = kind;
    this.#names = new Map([...this.values()].map((one) => [one.name, one]));
  }

  /** By the whole name. */
  named(name: string): T | undefined {
    return this.#names.get(name);
  }

  /** By the whole name or an end of it that is not ambiguous. @throws DiagnosticError entry-unknown, entries-ambiguous */
  find(name: string, loc: Loc = nowhere): T {
    return this.named(name) ?? resolve(this.kind, name, [...this.values()], { at: 'the pipeline', loc });
  }
}

export interface ControlSchema {
  readonly tables: Objects<TableSchema>;
  readonly actions: Objects<ActionSchema>;
  readonly profiles: Objects<ProfileSchema>;
  readonly counters: Objects<ArraySchema>;
  readonly meters: Objects<MeterSchema>;
  readonly registers: Objects<RegisterSchema>;
  readonly digests: Objects<DigestSchema>;
  readonly valueSets: Objects<ValueSetSchema>;
  readonly packetIn?: ControllerHeader;
  readonly packetOut?: ControllerHeader;
  /** Between entries, where there are any. */
  readonly references?: References;
  readonly order: WriteOrder;
  /** What every id of the P4Info stands for, such as `table` or `direct counter`. */
  readonly kinds: ReadonlyMap<number, string>;
}
