/**
 * What an architecture adds to the language: extern functions, and objects with methods. An implementation takes values and
 * returns a value. It sees neither expressions nor scopes: the evaluator knows the directions of the parameters from the
 * architecture, evaluates the arguments and stores the result. `packet_in.extract` alone is the evaluator's own.
 */
import type { DeclaredDigest } from '../../compiler/analysis/digests.js';
import type { Type } from '../../compiler/ir/index.js';
import type { Loc } from '../../compiler/support/location.js';
import type { ActionProfile } from '../data-plane/profiles.js';
import type { DirectCells } from '../data-plane/tables.js';
import type { Globals, Pass } from './scope.js';
import type { Value } from './values.js';

/** What is known of a call before any packet. */
export interface CallSite {
  readonly loc: Loc;
  /** Of the arguments that the implementation takes. */
  readonly types: readonly Type[];
  /** Of what takes the result. */
  readonly resultType: Type | undefined;
  /** What the call tells the controller. */
  readonly digest: DeclaredDigest | undefined;
  /** One of these arguments as the program has it, for traces. */
  text(index: number): string;
}

/**
 * An extern function or method. `A` is the arguments in their order, those for `out` parameters left out; one for a
 * parameter that stands for fields is Fields. Structs and headers may be changed where the parameter is inout.
 *
 * The result is what the call returns, or what its one out or inout parameter takes; without one, that stays as it was. The
 * trace tells of an inout parameter only what the implementation tells.
 */
export type Extern<A extends readonly unknown[] = never, P extends Pass = never> = (args: A, pass: P, site: CallSite) => Value | undefined;
export type Externs = Readonly<Record<string, Extern>>;

/** What a parameter that stands for fields is given: those that are there, looked for when they are asked for. */
export type Fields = () => readonly FieldValue[];
export interface FieldValue {
  readonly value: Value;
  readonly type: Type;
}

/** An extern object. */
export interface ExternObject {
  readonly methods?: Externs;
  /** The block that it is declared in begins. */
  enter?(): void;
  /** A counter or meter that has a cell for each entry of its table, and one for misses. */
  readonly direct?: DirectExtern;
  /** Where tables that name the object find the actions of their entries. */
  readonly profile?: ActionProfile;
}
/** The table was applied: the cells are those of the entry whose action is about to run, or of the default entry. */
export type DirectExtern = (cells: DirectCells, hit: boolean, pass: never, loc: Loc) => void;

/** What implementations are made of. */
export type Machine = Pick<Globals, 'types' | 'state'>;

/** The declaration of an extern object; `name` is that which the control plane knows. */
export interface ExternInstance {
  readonly name: string;
  readonly args: readonly Value[];
  readonly typeArgs: readonly Type[];
}
/** What the control plane can reach of the object is put into the state. */
export type ExternConstructor = (instance: ExternInstance, machine: Machine) => ExternObject;
