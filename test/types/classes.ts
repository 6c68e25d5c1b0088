/**
 * The classes that implement the surface show people nothing that the surface does not say. That they have all of it, tsc checks
 * where they are declared (`implements Methods<…>`). The type check compiles this file; nothing runs it.
 */
import type { ControlNode } from '../../compiler/dsl/control.js';
import type { DeparserNode } from '../../compiler/dsl/deparser.js';
import type { ExprNode } from '../../compiler/dsl/expr.js';
import type { MethodNames } from '../../compiler/dsl/methods.js';
import type { SelectNode, StateNode } from '../../compiler/dsl/parser.js';
import type { ServicesNode } from '../../compiler/dsl/services.js';
import type {
  BitType,
  Body,
  Bool,
  Ctl,
  Deparser,
  EgressBody,
  EnumExpr,
  Expr,
  IngressBody,
  NewExpr,
  NewType,
  Select,
  SignedExpr,
  StateCtx,
} from '../../compiler/dsl/surface.js';

type Operators =
  | MethodNames<Expr<number>>
  | MethodNames<SignedExpr<number>>
  | MethodNames<Bool>
  | MethodNames<EnumExpr<string>>
  | MethodNames<NewExpr<NewType<string, BitType>>>;

/** The last of each are methods that the other files of the DSL call. */
type Unsaid =
  | Exclude<MethodNames<ExprNode>, Operators | 'at'>
  | Exclude<MethodNames<ServicesNode>, MethodNames<Body> | MethodNames<IngressBody> | MethodNames<EgressBody> | 'record' | 'return'>
  | Exclude<MethodNames<ControlNode>, MethodNames<Ctl<Body>> | 'finish'>
  | Exclude<MethodNames<StateNode>, MethodNames<StateCtx<string>> | 'record' | 'recordState' | 'finish'>
  | Exclude<MethodNames<SelectNode>, MethodNames<Select<string, []>>>
  | Exclude<MethodNames<DeparserNode>, MethodNames<Deparser>>;

/** tsc names here the method that the surface does not have. */
export const nothing = [] satisfies readonly Unsaid[] as readonly Unsaid[] satisfies readonly never[];
