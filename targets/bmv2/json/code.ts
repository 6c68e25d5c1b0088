/** Flat code as BMv2's primitives: those of actions, where branches are jumps, and those of parser states. */
import type { FlatCode, FlatStmt, Label, Slot } from '../../../compiler/flat/index.js';
import { InternalError, invariant } from '../../../compiler/support/invariant.js';
import type { Loc } from '../../../compiler/support/location.js';
import { hex, number } from './expressions.js';
import { callPrimitives } from './externs.js';
import type { Json, Primitive } from './format.js';
import { isOfUnions, withoutStack } from './union-stacks.js';
import { sourceInfo, type Writer } from './writer.js';

/** Where a jump goes: the number of a primitive, when that is known. */
interface Target {
  at?: number;
}
interface Jump {
  readonly to: Target;
  /** Jumps where this is 0. */
  readonly unless?: Json;
}

/** `exit`: what ends the block that applied the action's table; without it, the primitive of BMv2. */
export function primitivesOf(code: FlatCode, w: Writer, exit?: Slot): readonly Primitive[] {
  return new Primitives(w, exit).all(code);
}

class Primitives {
  readonly #w: Writer;
  readonly #exit: Slot | undefined;
  readonly #found: (Primitive | Jump)[] = [];
  readonly #labels = new Map<Label, Target>();
  readonly #end: Target = {};

  constructor(w: Writer, exit: Slot | undefined) {
    this.#w = w;
    this.#exit = exit;
  }

  all(code: FlatCode): readonly Primitive[] {
    this.#code(code);
    this.#end.at = this.#found.length;
    return this.#found.map((one): Primitive => {
      if ('op' in one) return one;
      const { to, unless } = one;
      invariant(to.at !== undefined, 'a jump to nowhere');
      const offset: Json = { type: 'hexstr', value: hex(BigInt(to.at), 8) };
      return unless ? { op: '_jump_if_zero', parameters: [unless, offset] } : { op: '_jump', parameters: [offset] };
    });
  }

  #code(code: FlatCode): void {
    for (const stmt of code) this.#stmt(stmt);
  }

  #here(target: Target): void {
    target.at = this.#found.length;
  }

  #stmt(stmt: FlatStmt): void {
    switch (stmt.kind) {
      case 'if': {
        const [otherwise, after]: Target[] = [{}, {}];
        this.#found.push({ to: otherwise as Target, unless: { type: 'expression', value: number(stmt.cond, this.#w.layout) } });
        this.#code(stmt.then);
        if (stmt.else.length > 0) this.#found.push({ to: after as Target });
        this.#here(otherwise as Target);
        this.#code(stmt.else);
        this.#here(after as Target);
        return;
      }
      case 'labelled': {
        const after: Target = {};
        this.#labels.set(stmt.label, after);
        this.#code(stmt.body);
        this.#here(after);
        return;
      }
      case 'leave':
        this.#found.push({ to: this.#labels.get(stmt.label) ?? this.#end });
        return;
      case 'loop': {
        const start: Target = {};
        this.#here(start);
        this.#code(stmt.body);
        this.#found.push({ to: start });
        return;
      }
      case 'exit':
        // The primitive ends what follows the action, not the action.
        this.#found.push(this.#exit ? assignment(this.#exit, 1n, this.#w) : { op: 'exit', parameters: [] }, { to: this.#end });
        return;
      default:
        this.#found.push(...plainPrimitives(stmt, this.#w));
    }
  }
}

const assignment = (slot: Slot, value: bigint, w: Writer): Primitive => ({
  op: 'assign',
  parameters: [
    { type: 'field', value: w.layout.fieldOf(slot) },
    { type: 'hexstr', value: hex(value, 8) },
  ],
});

/** Whether a statement is primitives of its own, without branches. */
export const isPlain = ({ kind }: FlatStmt): boolean => !['if', 'labelled', 'leave', 'loop', 'exit', 'apply'].includes(kind);

export function plainPrimitives(stmt: FlatStmt, w: Writer): readonly Primitive[] {
  const { layout } = w;
  if (stmt.kind === 'copy-stack' ? isOfUnions(stmt.target) : (stmt.kind === 'push' || stmt.kind === 'pop') && isOfUnions(stmt.stack))
    return withoutStack(stmt as Parameters<typeof withoutStack>[0]).flatMap((one) => plainPrimitives(one, w));
  switch (stmt.kind) {
    case 'assign': {
      const op = stmt.target.type.kind === 'varbit' ? 'assign_VL' : 'assign';
      return [located({ op, parameters: [{ type: 'field', value: layout.fieldOf(stmt.target) }, w.argument(stmt.value)] }, stmt.loc)];
    }
    case 'validity':
      return [
        located(
          { op: stmt.valid ? 'add_header' : 'remove_header', parameters: [{ type: 'header', value: layout.nameOf(stmt.header) }] },
          stmt.loc,
        ),
      ];
    case 'copy-header': {
      const headers = [stmt.target, stmt.source].map((header): Json => ({ type: 'header', value: layout.nameOf(header) }));
      return [located({ op: 'assign_header', parameters: headers }, stmt.loc)];
    }
    case 'copy-stack': {
      const stacks = [stmt.target, stmt.source].map((stack): Json => ({ type: 'header_stack', value: stackName(stack.next, w) }));
      return [located({ op: 'assign_header_stack', parameters: stacks }, stmt.loc)];
    }
    case 'push':
    case 'pop': {
      const count: Json = { type: 'hexstr', value: hex(BigInt(stmt.count), 8) };
      return [located({ op: stmt.kind, parameters: [{ type: 'header_stack', value: stackName(stmt.stack.next, w) }, count] }, stmt.loc)];
    }
    case 'call':
      return callPrimitives(stmt, w).map((primitive) => located(primitive, stmt.loc));
    default:
      throw new InternalError(`${stmt.kind} in an action`);
  }
}

function stackName(next: Slot, { layout }: Writer): string {
  const name = layout.stackOf(next);
  invariant(name !== undefined, 'a stack of unions');
  return name;
}

const located = (primitive: Primitive, loc: Loc): Primitive => ({ ...primitive, ...sourceInfo(loc) });
