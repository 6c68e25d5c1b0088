/**
 * P4-16 source as it is written: what the grammar says of it and no more. Names are not looked up, types not known,
 * constants not computed. Every node is frozen plain data with the place where it begins; parentheses are not kept.
 */
import type { Loc } from '../support/location.js';

interface Node {
  readonly loc: Loc;
}

export interface Name extends Node {
  readonly text: string;
}

/** A name that is looked up; with a dot before it (`.name`), from the top of the program. */
export interface Path extends Node {
  readonly absolute: boolean;
  readonly name: Name;
}

// ── annotations (P4-16 §20) ──

export type Annotation = FreeAnnotation | StructuredAnnotation;
/** `@name` or `@name(…)`; `@pragma name …` too. */
export interface FreeAnnotation extends Node {
  readonly kind: 'free';
  readonly name: string;
  /** Absent for `@name` alone. */
  readonly body?: readonly AnnotationToken[];
}
/** `@name[…]`: expressions, or pairs of a name and an expression. */
export interface StructuredAnnotation extends Node {
  readonly kind: 'structured';
  readonly name: string;
  readonly elements: readonly Expr[];
  readonly pairs: readonly FieldValue[];
}
export interface AnnotationToken extends Node {
  readonly kind: 'string' | 'number' | 'word' | 'symbol';
  /** As written; a string without its quotes. */
  readonly text: string;
  /** Space is before it. */
  readonly spaced: boolean;
}

// ── types (P4-16 §7) ──

export type TypeRef =
  | BaseType
  | SizedType
  | NamedType
  | ArrayType
  | TupleType
  | ListType
  | VoidType
  /** `_` among type arguments. */
  | DontCareType;

/** `bit` is bit<1>, `int` an integer of any size. */
export interface BaseType extends Node {
  readonly kind: 'base-type';
  readonly name: 'bit' | 'bool' | 'error' | 'int' | 'match_kind' | 'string';
}
/** `bit<W>`, `int<W>`, `varbit<W>`. */
export interface SizedType extends Node {
  readonly kind: 'sized-type';
  readonly name: 'bit' | 'int' | 'varbit';
  readonly width: Expr;
}
/** `name` or, specialized, `name<…>`. */
export interface NamedType extends Node {
  readonly kind: 'named-type';
  readonly path: Path;
  /** Absent where no list of arguments is written; a list may be empty. */
  readonly args?: readonly TypeRef[];
}
/** `element[size]`. */
export interface ArrayType extends Node {
  readonly kind: 'array-type';
  readonly element: TypeRef;
  readonly size: Expr;
}
export interface TupleType extends Node {
  readonly kind: 'tuple-type';
  readonly elements: readonly TypeRef[];
}
export interface ListType extends Node {
  readonly kind: 'list-type';
  readonly element: TypeRef;
}
export interface VoidType extends Node {
  readonly kind: 'void-type';
}
export interface DontCareType extends Node {
  readonly kind: 'dont-care-type';
}

// ── expressions (P4-16 §8) ──

export type Expr =
  | IntegerExpr
  | BoolExpr
  | StringExpr
  | ThisExpr
  | NameExpr
  | TypeExpr
  | MemberExpr
  | IndexExpr
  | SliceExpr
  | PlusSliceExpr
  | UnaryExpr
  | BinaryExpr
  | MuxExpr
  | CastExpr
  | CallExpr
  | ConstructExpr
  | ListExpr
  | StructExpr
  | InvalidExpr
  | DefaultExpr;

/** `12`, `8w0xFF`, `4s7`. */
export interface IntegerExpr extends Node {
  readonly kind: 'integer';
  readonly value: bigint;
  /** In bits; absent for a number of any size. */
  readonly width?: number;
  readonly signed: boolean;
  /** In which it is written: 2, 8, 10 or 16. */
  readonly base: number;
}
export interface BoolExpr extends Node {
  readonly kind: 'bool';
  readonly value: boolean;
}
/** What is between the quotes, escapes as written (P4-16 §6.4.3.3). */
export interface StringExpr extends Node {
  readonly kind: 'string';
  readonly value: string;
}
export interface ThisExpr extends Node {
  readonly kind: 'this';
}
export interface NameExpr extends Node {
  readonly kind: 'name';
  readonly path: Path;
}
/** A type before a dot: `Enum.member`, `error.Name`, `Control.apply(…)`. */
export interface TypeExpr extends Node {
  readonly kind: 'type';
  readonly type: NamedType | BaseType;
}
export interface MemberExpr extends Node {
  readonly kind: 'member';
  readonly base: Expr;
  readonly member: Name;
}
export interface IndexExpr extends Node {
  readonly kind: 'index';
  readonly base: Expr;
  readonly index: Expr;
}
/** `base[high:low]`. */
export interface SliceExpr extends Node {
  readonly kind: 'slice';
  readonly base: Expr;
  readonly high: Expr;
  readonly low: Expr;
}
/** `base[low+:width]`. */
export interface PlusSliceExpr extends Node {
  readonly kind: 'plus-slice';
  readonly base: Expr;
  readonly low: Expr;
  readonly width: Expr;
}
export type UnaryOp = '-' | '~' | '!' | '+';
export interface UnaryExpr extends Node {
  readonly kind: 'unary';
  readonly op: UnaryOp;
  readonly arg: Expr;
}
export type ArithmeticOp = '+' | '-' | '*' | '/' | '%' | '|+|' | '|-|' | '&' | '|' | '^' | '<<' | '>>';
export type BinaryOp = ArithmeticOp | '++' | '==' | '!=' | '<' | '<=' | '>' | '>=' | '&&' | '||';
export interface BinaryExpr extends Node {
  readonly kind: 'binary';
  readonly op: BinaryOp;
  readonly opLoc: Loc;
  readonly left: Expr;
  readonly right: Expr;
}
/** `cond ? yes : no`. */
export interface MuxExpr extends Node {
  readonly kind: 'mux';
  readonly cond: Expr;
  readonly yes: Expr;
  readonly no: Expr;
}
export interface CastExpr extends Node {
  readonly kind: 'cast';
  readonly type: TypeRef;
  readonly arg: Expr;
}
/** A call of a function, an action, a method or a table's or block's `apply`. */
export interface CallExpr extends Node {
  readonly kind: 'call';
  readonly callee: Expr;
  /** Absent where they are left to inference. */
  readonly typeArgs?: readonly TypeRef[];
  readonly args: readonly Argument[];
}
/** `Type(…)`: an instance without a name. */
export interface ConstructExpr extends Node {
  readonly kind: 'construct';
  readonly type: NamedType;
  readonly args: readonly Argument[];
}
/** `value`, `name = value`, `_` or `name = _`. */
export interface Argument extends Node {
  readonly name?: Name;
  /** Absent for `_`. */
  readonly value?: Expr;
}
/** `{ a, b }`; a `...` in it is its last element, a DefaultExpr. */
export interface ListExpr extends Node {
  readonly kind: 'list';
  readonly elements: readonly Expr[];
}
export interface FieldValue extends Node {
  readonly name: Name;
  readonly value: Expr;
}
/** `{ a = 1, b = 2 }`; `partial` with `...` at its end. */
export interface StructExpr extends Node {
  readonly kind: 'struct';
  readonly fields: readonly FieldValue[];
  readonly partial: boolean;
}
/** `{#}`. */
export interface InvalidExpr extends Node {
  readonly kind: 'invalid';
}
/** `...`. */
export interface DefaultExpr extends Node {
  readonly kind: 'default';
}

/** What one key of a select case or of a table entry matches (P4-16 §8.15). */
export type KeySet =
  | (Node & { readonly kind: 'value'; readonly value: Expr })
  | (Node & { readonly kind: 'mask'; readonly value: Expr; readonly mask: Expr })
  | (Node & { readonly kind: 'range'; readonly low: Expr; readonly high: Expr })
  /** `_` and `default`. */
  | (Node & { readonly kind: 'any' });

// ── statements (P4-16 §12) ──

export type Stmt =
  | AssignStmt
  | CallStmt
  | IfStmt
  | BlockStmt
  | EmptyStmt
  | ReturnStmt
  | ExitStmt
  | BreakStmt
  | ContinueStmt
  | SwitchStmt
  | ForStmt
  | ForInStmt
  | ConstantDecl
  | VariableDecl
  | InstanceDecl;

interface Statement extends Node {
  /** The comment above the statement, without comment marks. */
  readonly doc?: string;
}

export interface AssignStmt extends Statement {
  readonly kind: 'assign';
  readonly target: Expr;
  /** The operator of `+=` and its like; absent for `=`. */
  readonly op?: ArithmeticOp;
  readonly value: Expr;
}
export interface CallStmt extends Statement {
  readonly kind: 'call-statement';
  readonly call: CallExpr;
}
export interface IfStmt extends Statement {
  readonly kind: 'if';
  readonly cond: Expr;
  readonly then: Stmt;
  readonly else?: Stmt;
}
export interface BlockStmt extends Statement {
  readonly kind: 'block';
  readonly annotations: readonly Annotation[];
  readonly body: readonly Stmt[];
}
export interface EmptyStmt extends Statement {
  readonly kind: 'empty';
}
export interface ReturnStmt extends Statement {
  readonly kind: 'return';
  readonly value?: Expr;
}
export interface ExitStmt extends Statement {
  readonly kind: 'exit';
}
export interface BreakStmt extends Statement {
  readonly kind: 'break';
}
export interface ContinueStmt extends Statement {
  readonly kind: 'continue';
}
export interface SwitchStmt extends Statement {
  readonly kind: 'switch';
  readonly on: Expr;
  readonly cases: readonly SwitchCase[];
}
export interface SwitchCase extends Node {
  /** Absent for `default`. */
  readonly label?: Expr;
  /** Absent where the case falls through to the next one. */
  readonly body?: BlockStmt;
}
/** `for (init; cond; update) body`. */
export interface ForStmt extends Statement {
  readonly kind: 'for';
  readonly annotations: readonly Annotation[];
  readonly init: readonly (VariableDecl | AssignStmt | CallStmt)[];
  readonly cond: Expr;
  readonly update: readonly (AssignStmt | CallStmt)[];
  readonly body: Stmt;
}
/** `for (variable in over) body`. */
export interface ForInStmt extends Statement {
  readonly kind: 'for-in';
  readonly annotations: readonly Annotation[];
  readonly variable: VariableDecl;
  /** A list, an array, or with `to` a range up to and including it. */
  readonly over: Expr;
  readonly to?: Expr;
  readonly body: Stmt;
}

// ── declarations (P4-16 §7, §11, §13, §14) ──

/** What declarations have in common. */
interface Declared extends Node {
  readonly name: Name;
  readonly annotations: readonly Annotation[];
  /** The comment above the declaration, without comment marks. */
  readonly doc?: string;
}

export type Decl =
  | ConstantDecl
  | InstanceDecl
  | ExternDecl
  | ExternFunctionDecl
  | FunctionDecl
  | ActionDecl
  | ParserDecl
  | ParserTypeDecl
  | ControlDecl
  | ControlTypeDecl
  | PackageDecl
  | DerivedTypeDecl
  | ErrorDecl
  | MatchKindDecl
  | TypedefDecl
  | NewtypeDecl;

export interface ConstantDecl extends Declared {
  readonly kind: 'constant';
  readonly type: TypeRef;
  readonly value: Expr;
}
export interface VariableDecl extends Declared {
  readonly kind: 'variable';
  readonly type: TypeRef;
  readonly init?: Expr;
}
/** `Type(args) name;` and, with what it implements, `Type(args) name = { … }`. */
export interface InstanceDecl extends Declared {
  readonly kind: 'instance';
  readonly type: TypeRef;
  readonly args: readonly Argument[];
  readonly members?: readonly (FunctionDecl | InstanceDecl)[];
}

export type Direction = 'in' | 'out' | 'inout';
export interface Param extends Declared {
  readonly direction?: Direction;
  readonly type: TypeRef;
  readonly default?: Expr;
}
interface Prototype extends Declared {
  readonly returns: TypeRef;
  readonly typeParams: readonly Name[];
  readonly params: readonly Param[];
}
export interface FunctionDecl extends Prototype {
  readonly kind: 'function';
  readonly body: BlockStmt;
}
export interface ExternFunctionDecl extends Prototype {
  readonly kind: 'extern-function';
}
export interface ExternDecl extends Declared {
  readonly kind: 'extern';
  readonly typeParams: readonly Name[];
  readonly members: readonly (MethodDecl | ConstructorDecl)[];
}
export interface MethodDecl extends Prototype {
  readonly kind: 'method';
  readonly abstract: boolean;
}
export interface ConstructorDecl extends Declared {
  readonly kind: 'constructor';
  readonly params: readonly Param[];
}
export interface ActionDecl extends Declared {
  readonly kind: 'action';
  readonly params: readonly Param[];
  readonly body: BlockStmt;
}

interface BlockType extends Declared {
  readonly typeParams: readonly Name[];
  readonly params: readonly Param[];
}
export interface ParserTypeDecl extends BlockType {
  readonly kind: 'parser-type';
}
export interface ControlTypeDecl extends BlockType {
  readonly kind: 'control-type';
}
export interface PackageDecl extends BlockType {
  readonly kind: 'package';
}
export interface ParserDecl extends BlockType {
  readonly kind: 'parser';
  /** Absent where no list is written. */
  readonly constructorParams?: readonly Param[];
  readonly locals: readonly ParserLocal[];
  readonly states: readonly StateDecl[];
}
export type ParserLocal = ConstantDecl | VariableDecl | InstanceDecl | ValueSetDecl;
export interface ValueSetDecl extends Declared {
  readonly kind: 'value-set';
  readonly type: TypeRef;
  readonly size: Expr;
}
export interface StateDecl extends Declared {
  readonly kind: 'state';
  readonly body: readonly Stmt[];
  /** Absent: to reject. */
  readonly transition?: Transition;
}
export type Transition =
  | (Node & { readonly kind: 'goto'; readonly next: Name })
  | (Node & { readonly kind: 'select'; readonly on: readonly Expr[]; readonly cases: readonly SelectCase[] });
export interface SelectCase extends Node {
  /** More than one for a tuple. */
  readonly keys: readonly KeySet[];
  readonly next: Name;
}
export interface ControlDecl extends BlockType {
  readonly kind: 'control';
  readonly constructorParams?: readonly Param[];
  readonly locals: readonly ControlLocal[];
  readonly body: BlockStmt;
}
export type ControlLocal = ConstantDecl | VariableDecl | InstanceDecl | ActionDecl | TableDecl;

export interface TableDecl extends Declared {
  readonly kind: 'table';
  /** In the order in which they are written. */
  readonly properties: readonly TableProperty[];
}
export type TableProperty = KeyProperty | ActionsProperty | EntriesProperty | OtherProperty;
export interface KeyProperty extends Node {
  readonly kind: 'key';
  readonly keys: readonly KeyElement[];
}
export interface KeyElement extends Node {
  readonly expr: Expr;
  readonly match: Name;
  readonly annotations: readonly Annotation[];
}
export interface ActionsProperty extends Node {
  readonly kind: 'actions';
  readonly actions: readonly ActionRef[];
}
export interface ActionRef extends Node {
  readonly path: Path;
  /** Absent where no list is written. */
  readonly args?: readonly Argument[];
  readonly annotations: readonly Annotation[];
}
export interface EntriesProperty extends Node {
  readonly kind: 'entries';
  readonly annotations: readonly Annotation[];
  readonly const: boolean;
  readonly entries: readonly Entry[];
}
export interface Entry extends Node {
  readonly const: boolean;
  readonly priority?: Expr;
  readonly keys: readonly KeySet[];
  /** Its annotations are those after the action. */
  readonly action: ActionRef;
}
/** `default_action`, `size`, and those of the architecture. */
export interface OtherProperty extends Node {
  readonly kind: 'property';
  readonly annotations: readonly Annotation[];
  readonly const: boolean;
  readonly name: Name;
  readonly value: Expr;
}

export type DerivedTypeDecl = StructLikeDecl | EnumDecl;
export interface StructLikeDecl extends Declared {
  readonly kind: 'header' | 'struct' | 'header_union';
  readonly typeParams: readonly Name[];
  readonly fields: readonly FieldDecl[];
}
export interface FieldDecl extends Declared {
  readonly type: TypeRef;
}
/** With `base`, a serializable one, whose members have values. */
export interface EnumDecl extends Declared {
  readonly kind: 'enum';
  readonly base?: TypeRef;
  readonly members: readonly EnumMember[];
}
export interface EnumMember extends Node {
  readonly name: Name;
  readonly value?: Expr;
}
export interface ErrorDecl extends Node {
  readonly kind: 'error';
  readonly members: readonly Name[];
}
export interface MatchKindDecl extends Node {
  readonly kind: 'match_kind';
  readonly members: readonly Name[];
}
/** `typedef type name`; the type may be declared in it. */
export interface TypedefDecl extends Declared {
  readonly kind: 'typedef';
  readonly type: TypeRef | DerivedTypeDecl;
}
/** `type type name` (P4-16 §7.2.12). */
export interface NewtypeDecl extends Declared {
  readonly kind: 'newtype';
  readonly type: TypeRef;
}

/** A program with all that it includes, in order. */
export interface SourceProgram {
  /** The file that was named, not those that it includes. */
  readonly file: string;
  readonly declarations: readonly Decl[];
}
