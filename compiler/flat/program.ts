/**
 * The flat program: the normal form of a program for whatever lays out its tables or executes its packets. It knows no target.
 *
 * - Every scalar is a numbered slot of known width: a field of a header, the validity of a header, a leaf of the metadata, a
 *   variable, a parameter that the control plane gives. Structs, tuples, enums, newtypes and constants are gone. Names that
 *   have no number in the program, errors and members of enums, are counted from 0.
 * - Headers, unions and header stacks are numbered too. They are the only aggregates.
 * - Parsers, controls, functions and direct calls of actions are inlined. Parameters are bound to the caller's slots, or
 *   copied in and out where something could see the difference (P4-16 §6.8).
 * - Expressions have no effects and no calls. What P4-16 evaluates in an order stands in this order as statements.
 * - A state of a parser has statements without branches, and then goes to another state. Loops of a parser are among its states.
 * - `return`, `break` and `continue` are a `leave` of a labelled block. An `exit` leaves the whole block of the architecture.
 * - Indices of stacks are constants. Where a program computes an index, there is a case for each element.
 * - Tables, actions, extern objects and value sets are those of each instance, with the names of the control plane.
 *
 * What holds of packets: all slots are 0 when a packet begins, and no header is valid. The fields of a header that is not valid
 * are 0, and assignments to them have no effect. `checkFlat` asserts all that can be checked.
 */
import type { ArchBlock, ArchExtern, ArchMethod } from '../arch/index.js';
import type { InitialTable } from '../control/initial-tables.js';
import type { ActionDecl, InstanceDecl, KeyDecl, TableDecl, ValueSetDecl } from '../ir/decl.js';
import type { BinaryOp } from '../ir/expr.js';
import type { Annotation, HeaderDecl, NamedType, UnionDecl } from '../ir/types.js';
import type { Loc } from '../support/location.js';

export interface FlatProgram {
  readonly name: string;
  readonly arch: string;
  readonly slots: readonly Slot[];
  readonly headers: readonly Header[];
  readonly unions: readonly Union[];
  readonly stacks: readonly Stack[];
  readonly objects: readonly FlatObject[];
  readonly valueSets: readonly FlatValueSet[];
  readonly actions: readonly FlatAction[];
  readonly tables: readonly FlatTable[];
  /** What blocks of the package share, by the name that the architecture has for its type: `H`, `M`, `standard_metadata_t`. */
  readonly shared: readonly { readonly type: string; readonly value: FlatArg }[];
  /** In the order of the package's parameters. */
  readonly blocks: readonly FlatBlock[];
  /** By their numbers. */
  readonly errors: readonly string[];
}

// ── what holds values ──

/** A varbit has at most `width` bits, and a number of bits at each time. */
export type ScalarType = { readonly kind: 'bit' | 'int' | 'varbit'; readonly width: number } | { readonly kind: 'bool' };

export interface Slot {
  /** Its place in `slots`. */
  readonly id: number;
  /** As the program writes it: `hdr.ipv4.ttl`. Several slots may have one name. */
  readonly name: string;
  readonly type: ScalarType;
  /** The header that it is a field of. */
  readonly header?: Header;
  /** Of the field, where it is one of a header or of metadata. */
  readonly annotations?: readonly Annotation[];
}
export interface Header {
  readonly id: number;
  readonly name: string;
  readonly decl: HeaderDecl;
  readonly valid: Slot;
  /** The fields of structs in the header stand in their place. */
  readonly fields: readonly Slot[];
  readonly union?: Union;
  readonly stack?: Stack;
}
export interface Union {
  readonly id: number;
  readonly name: string;
  readonly decl: UnionDecl;
  readonly members: readonly Header[];
  readonly stack?: Stack;
}
export interface Stack {
  readonly id: number;
  readonly name: string;
  readonly elements: readonly (Header | Union)[];
  /** nextIndex (P4-16 §8.18): 32 bits. Only extract, push, pop and copies of stacks write it. */
  readonly next: Slot;
}

// ── expressions ──

export type FlatExpr =
  /** A bool is 0 or 1. An int has its sign. */
  | { readonly kind: 'const'; readonly value: bigint; readonly type: ScalarType }
  | { readonly kind: 'slot'; readonly slot: Slot; readonly type: ScalarType }
  | { readonly kind: 'unary'; readonly op: '-' | '~' | '!'; readonly arg: FlatExpr; readonly type: ScalarType }
  | { readonly kind: 'binary'; readonly op: BinaryOp; readonly left: FlatExpr; readonly right: FlatExpr; readonly type: ScalarType }
  | { readonly kind: 'mux'; readonly cond: FlatExpr; readonly yes: FlatExpr; readonly no: FlatExpr; readonly type: ScalarType }
  | { readonly kind: 'cast'; readonly arg: FlatExpr; readonly type: ScalarType }
  | { readonly kind: 'slice'; readonly arg: FlatExpr; readonly high: number; readonly low: number; readonly type: ScalarType }
  /** In parsers: a field of the last element of a stack that is not empty. */
  | { readonly kind: 'last'; readonly stack: Stack; readonly member?: number; readonly field: number; readonly type: ScalarType }
  /** In parsers: the next bits; error.PacketTooShort where the packet has fewer. */
  | { readonly kind: 'lookahead'; readonly type: ScalarType }
  /** In parsers, in bytes. */
  | { readonly kind: 'packet-length'; readonly type: ScalarType };

// ── statements ──

export type FlatCode = readonly FlatStmt[];

export type FlatStmt = { readonly loc: Loc } & (
  | { readonly kind: 'assign'; readonly target: Slot; readonly value: FlatExpr }
  /** The header alone: other members of its union have statements of their own. A header that becomes valid has fields of 0. */
  | { readonly kind: 'validity'; readonly header: Header; readonly valid: boolean }
  /** Fields and validity; the types are the same. */
  | { readonly kind: 'copy-header'; readonly target: Header; readonly source: Header }
  /** The elements and nextIndex. */
  | { readonly kind: 'copy-stack'; readonly target: Stack; readonly source: Stack }
  | { readonly kind: 'push' | 'pop'; readonly stack: Stack; readonly count: number }
  /** `bits`: those of the varbit. */
  | { readonly kind: 'extract'; readonly into: ExtractTarget; readonly bits?: FlatExpr }
  | { readonly kind: 'advance'; readonly bits: FlatExpr }
  | { readonly kind: 'verify'; readonly cond: FlatExpr; readonly error: FlatExpr }
  | { readonly kind: 'emit'; readonly header: Header }
  | FlatCall
  | { readonly kind: 'if'; readonly cond: FlatExpr; readonly then: FlatCode; readonly else: FlatCode }
  | { readonly kind: 'labelled'; readonly label: Label; readonly body: FlatCode }
  | { readonly kind: 'leave'; readonly label: Label }
  /** Until it is left. */
  | { readonly kind: 'loop'; readonly body: FlatCode }
  /** In an action: ends the action and the block that applied its table. */
  | { readonly kind: 'exit' }
  | FlatApply
);

/** A labelled block that statements in it leave. */
export interface Label {
  readonly id: number;
  readonly name: string;
}

export type ExtractTarget =
  | { readonly kind: 'header'; readonly header: Header }
  /** Into the element at nextIndex, which moves on; `member`: where the elements are unions. */
  | { readonly kind: 'next'; readonly stack: Stack; readonly member?: number }
  /** The bits of a header that nothing reads. */
  | { readonly kind: 'skip'; readonly decl: HeaderDecl };

/** A call of an extern function, or of a method of an object. */
export interface FlatCall {
  readonly kind: 'call';
  readonly method: ArchMethod;
  readonly object?: FlatObject;
  /** In the order of the parameters. Those for `out` and `inout` parameters consist of slots. */
  readonly args: readonly FlatArg[];
  readonly result?: FlatArg;
  /** The control plane's name of what it tells. */
  readonly digest?: string;
}

/** An argument, or a part of one. */
export type FlatArg =
  | { readonly kind: 'value'; readonly value: FlatExpr }
  | { readonly kind: 'text'; readonly text: string }
  /** A member of an enum that has no number. */
  | { readonly kind: 'name'; readonly type: string; readonly name: string }
  | { readonly kind: 'header'; readonly header: Header }
  | { readonly kind: 'stack'; readonly stack: Stack }
  /** A struct, tuple, list or union; the parts of those without names are numbered. */
  | { readonly kind: 'parts'; readonly type?: NamedType; readonly parts: readonly { readonly name: string; readonly arg: FlatArg }[] };

export interface FlatApply {
  readonly kind: 'apply';
  readonly loc: Loc;
  readonly table: FlatTable;
  readonly hit: FlatCode;
  readonly miss: FlatCode;
  /** By the action that ran; `hit` and `miss` are empty where there are any. */
  readonly cases: readonly { readonly actions: readonly FlatAction[]; readonly body: FlatCode }[];
  /** Where none of the cases is for the action that ran. */
  readonly otherwise: FlatCode;
  /** What is done when the action ended by `exit`, before the block ends. */
  readonly exited: FlatCode;
}

// ── what instances have ──

export interface FlatObject {
  readonly id: number;
  /** The control plane's. */
  readonly name: string;
  readonly extern: ArchExtern;
  readonly type: NamedType;
  readonly args: readonly FlatArg[];
  readonly decl: InstanceDecl;
}

export interface FlatValueSet {
  readonly id: number;
  readonly name: string;
  /** Of the parts of a member. */
  readonly types: readonly ScalarType[];
  readonly decl: ValueSetDecl;
}

export interface FlatAction {
  readonly id: number;
  readonly name: string;
  /** What the control plane gives, in the order of P4Info. */
  readonly params: readonly Slot[];
  readonly body: FlatCode;
  /** Whether it can end by `exit`. */
  readonly exits: boolean;
  readonly decl: ActionDecl;
}

export interface FlatTable {
  readonly id: number;
  readonly name: string;
  /** Those of selectors are apart. */
  readonly keys: readonly FlatKey[];
  readonly selectorKeys: readonly FlatExpr[];
  /** Those that its entries may run, and its default action. */
  readonly actions: readonly FlatAction[];
  readonly counter: FlatObject | undefined;
  readonly meter: FlatObject | undefined;
  readonly profile: FlatObject | undefined;
  /** What the program itself puts into it. */
  readonly initial: InitialTable;
  readonly decl: TableDecl;
}

export interface FlatKey {
  /** The control plane's. */
  readonly name: string;
  readonly match: string;
  readonly value: FlatExpr;
  readonly decl: KeyDecl;
}

// ── blocks ──

export type FlatBlock = FlatParser | FlatControl;

export interface FlatControl {
  readonly kind: 'control';
  readonly role: ArchBlock;
  readonly name: string;
  readonly body: FlatCode;
  readonly loc: Loc;
}

export interface FlatParser {
  readonly kind: 'parser';
  readonly role: ArchBlock;
  readonly name: string;
  /** It begins in the first. */
  readonly states: readonly FlatState[];
  readonly loc: Loc;
}

export interface FlatState {
  readonly id: number;
  readonly name: string;
  readonly body: FlatCode;
  readonly transition: FlatTransition;
  readonly loc: Loc;
}

export type NextState = FlatState | 'accept' | 'reject';

export type FlatTransition =
  | { readonly kind: 'goto'; readonly next: NextState }
  /** The first case that matches. `otherwise`: where none does; undefined as the architecture says. */
  | {
      readonly kind: 'select';
      readonly on: readonly FlatExpr[];
      readonly cases: readonly FlatCase[];
      readonly otherwise: NextState | undefined;
    };

export interface FlatCase {
  readonly set: FlatSet;
  readonly next: NextState;
  readonly loc: Loc;
}

/** What the values selected on are to be: in a value set, or each in a set of its own. */
export type FlatSet =
  | { readonly kind: 'value-set'; readonly set: FlatValueSet }
  | { readonly kind: 'keys'; readonly keys: readonly KeyRange[] };

/** Numbers without a sign. */
export type KeyRange =
  | { readonly kind: 'mask'; readonly value: bigint; readonly mask: bigint }
  | { readonly kind: 'range'; readonly low: bigint; readonly high: bigint }
  | { readonly kind: 'set'; readonly set: FlatValueSet };
