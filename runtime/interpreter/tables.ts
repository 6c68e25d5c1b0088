/** Tables as the evaluator applies them: their entries are in the state. */
import type { ActionDecl, Expr, KeyDecl, Param } from '../../compiler/ir/index.js';
import type { Choice, Installed, Table } from '../data-plane/tables.js';
import type { DirectExtern } from './externs.js';
import type { Value } from './values.js';

/** An action that the table may run. */
export interface TableAction {
  /** As the control plane knows it. */
  readonly name: string;
  readonly decl: ActionDecl;
  /** The parameters that the control plane gives. */
  readonly params: readonly Param[];
  readonly directional: readonly Param[];
  /** What the directional parameters are bound to. */
  readonly bound: readonly Expr[];
}
export interface ActionRun {
  readonly action: TableAction;
  /** For the parameters without a direction. */
  readonly args: readonly Value[];
}
export type Entry = Installed<ActionRun>;
export type ActionChoice = Choice<ActionRun>;

/** A table of one control instance. */
export interface AppliedTable {
  readonly entries: Table<ActionRun>;
  /** The keys that entries match. */
  readonly keys: readonly KeyDecl[];
  /** The keys whose hash selects a member of a group, and what they are made of. */
  readonly selectorKeys: readonly KeyDecl[];
  readonly selectorFields: readonly Expr[];
  /** Its direct counter and meter. */
  readonly direct: readonly DirectExtern[];
}
