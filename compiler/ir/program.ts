/**
 * The IR: one typed program, whatever it was written in.
 *
 * A program is P4-16 with types resolved and generics specialised, as frozen data. The DSL and the P4 front end
 * produce it; passes turn one program into another; every output and the interpreter consume it.
 *
 * - Every node has a literal `kind`. Every expression carries its type; every node carries the place in the user's
 *   source that it stands for, and a node made from another keeps the other's place.
 * - Expressions are pure. Whatever has an effect is a statement: calls too, with an l-value for the result.
 * - Things are referred to by name. Numbers such as table ids belong to P4Info and to the wire. Names in one scope are
 *   unique: locals of a control may not hide its parameters.
 * - A call may come with a function given at the call: `seen.update(i)` with `cell = cell + 1`. It is part of the statement and
 *   sees the names in scope there. A statement for one target (`target`) is in portable programs only.
 * - Applying a table is one statement with what follows on hit, on miss or per action inside it.
 * - Extern objects are instances with constructor arguments and, for externs with abstract methods, bodies. What an
 *   extern means is its architecture's business: the IR only names it. Parsing and deparsing are the externs
 *   `packet_in` (extract, advance) and `packet_out` (emit) of core.p4; `verify` is an extern function of core.p4.
 * - `arch` names the architecture that the program is written for: `portable` is what the DSL writes, the others are
 *   v1model, psa, tna and pna. `main` says which blocks fill the architecture's package.
 * - A program that passed `validate` is well typed and complete: no back end needs to check it again.
 */
import type { ActionDecl, ConstDecl, ControlDecl, FunctionDecl, InstanceDecl, ParserDecl } from './decl.js';
import type { Annotation, TypeDecl } from './types.js';

/** The version of the IR and of its JSON form. */
export const irVersion = 1;

export interface Program {
  readonly irVersion: typeof irVersion;
  readonly name: string;
  readonly arch: string;
  /** Written in P4-16: what its rules allow is allowed, where those of the language of p4ts are narrower. */
  readonly language?: 'p4';
  readonly doc?: string;
  readonly annotations?: readonly Annotation[];
  readonly types: readonly TypeDecl[];
  /** Errors that the program declares, beside those of core.p4. */
  readonly errors: readonly string[];
  readonly constants: readonly ConstDecl[];
  readonly functions: readonly FunctionDecl[];
  readonly actions: readonly ActionDecl[];
  /** Extern objects declared at the top level. */
  readonly instances: readonly InstanceDecl[];
  readonly parsers: readonly ParserDecl[];
  readonly controls: readonly ControlDecl[];
  readonly main: PackageInstance;
}

/** `V1Switch(MyParser(), …) main`: the names of the blocks, in the order of the package's parameters. */
export interface PackageInstance {
  readonly package: string;
  readonly blocks: readonly string[];
}

/** Errors that core.p4 declares (P4-16 §12.8), in its order. */
export const coreErrors = [
  'NoError',
  'PacketTooShort',
  'NoMatch',
  'StackOutOfBounds',
  'HeaderTooShort',
  'ParserTimeout',
  'ParserInvalidArgument',
] as const;
