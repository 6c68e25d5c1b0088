/** Asserts what program.ts says of flat programs. What fails is a mistake of p4ts. */
import { rangeOf } from '../support/bits.js';
import { invariant } from '../support/invariant.js';
import { boolScalar, sameScalar, widthOf } from './exprs.js';
import type { FlatArg, FlatCode, FlatExpr, FlatProgram, FlatStmt, FlatTransition, Label, ScalarType, Slot } from './program.js';

export function checkFlat(program: FlatProgram): void {
  for (const list of [program.slots, program.headers, program.unions, program.stacks, program.objects, program.actions, program.tables])
    for (const [i, { id, name }] of list.entries()) invariant(id === i, `${name} has the number ${id}, not ${i}`);
  const check = new Check(program);
  for (const action of program.actions) check.code(action.body, 'action');
  for (const table of program.tables) {
    for (const key of table.keys) check.expr(key.value, 'control');
    for (const key of table.selectorKeys) check.expr(key, 'control');
    for (const action of table.actions) invariant(program.actions[action.id] === action, `${table.name} runs an action that is not listed`);
  }
  for (const block of program.blocks) {
    if (block.kind === 'control') check.code(block.body, 'control');
    else
      for (const [i, state] of block.states.entries()) {
        invariant(state.id === i, `the state ${state.name} has the number ${state.id}, not ${i}`);
        check.code(state.body, 'parser');
        check.transition(state.transition);
      }
  }
}

/** Where code is. */
type Where = 'parser' | 'control' | 'action';

const inParsers: ReadonlySet<FlatStmt['kind']> = new Set(['extract', 'advance', 'verify']);
const branches: ReadonlySet<FlatStmt['kind']> = new Set(['if', 'labelled', 'leave', 'loop']);

class Check {
  readonly #program: FlatProgram;

  constructor(program: FlatProgram) {
    this.#program = program;
  }

  code(code: FlatCode, where: Where, labels: readonly Label[] = []): void {
    for (const stmt of code) this.#stmt(stmt, where, labels);
  }

  #stmt(stmt: FlatStmt, where: Where, labels: readonly Label[]): void {
    const { kind } = stmt;
    invariant(where === 'parser' || !inParsers.has(kind), `${kind} outside of a parser`);
    invariant(where !== 'parser' || !branches.has(kind), `${kind} in a state of a parser`);
    invariant(where === 'control' || (kind !== 'apply' && kind !== 'emit'), `${kind} outside of a control`);
    invariant(where === 'action' || kind !== 'exit', 'exit outside of an action');
    switch (kind) {
      case 'assign':
        this.#slot(stmt.target);
        invariant(stmt.target.header?.valid !== stmt.target, `${stmt.target.name} is assigned to`);
        this.#typed(stmt.value, stmt.target.type, where);
        return;
      case 'verify':
        this.#typed(stmt.cond, boolScalar, where);
        this.expr(stmt.error, where);
        return;
      case 'extract':
        if (stmt.bits) this.expr(stmt.bits, where);
        return;
      case 'advance':
        this.expr(stmt.bits, where);
        return;
      case 'copy-header':
        invariant(stmt.target.decl === stmt.source.decl, `${stmt.source.name} is copied to ${stmt.target.name}, of another type`);
        return;
      case 'copy-stack':
        invariant(
          stmt.target.elements.length === stmt.source.elements.length,
          `${stmt.source.name} has another size than ${stmt.target.name}`,
        );
        return;
      case 'call':
        for (const [i, arg] of stmt.args.entries()) this.#arg(arg, isPlace(stmt.method.params[i]?.direction), where);
        if (stmt.result) this.#arg(stmt.result, true, where);
        return;
      case 'if':
        this.#typed(stmt.cond, boolScalar, where);
        this.code(stmt.then, where, labels);
        this.code(stmt.else, where, labels);
        return;
      case 'labelled':
        this.code(stmt.body, where, [...labels, stmt.label]);
        return;
      case 'leave':
        invariant(labels.includes(stmt.label), `${stmt.label.name} is left from outside`);
        return;
      case 'loop':
        this.code(stmt.body, where, labels);
        return;
      case 'apply':
        invariant(this.#program.tables[stmt.table.id] === stmt.table, `${stmt.table.name} is not listed`);
        for (const code of [stmt.hit, stmt.miss, stmt.otherwise, stmt.exited, ...stmt.cases.map((c) => c.body)])
          this.code(code, where, labels);
        return;
      default:
    }
  }

  transition(transition: FlatTransition): void {
    if (transition.kind === 'goto') return;
    const { on, cases } = transition;
    for (const expr of on) this.expr(expr, 'parser');
    for (const { set } of cases) {
      if (set.kind === 'keys') invariant(set.keys.length === on.length, `a case with ${set.keys.length} keys for ${on.length} values`);
    }
  }

  #typed(expr: FlatExpr, type: ScalarType, where: Where): void {
    invariant(sameScalar(expr.type, type), `a value of ${shown(expr.type)} where there must be one of ${shown(type)}`);
    this.expr(expr, where);
  }

  expr(expr: FlatExpr, where: Where): void {
    const { type } = expr;
    switch (expr.kind) {
      case 'const':
        this.#constant(expr.value, type);
        return;
      case 'slot':
        this.#slot(expr.slot);
        invariant(sameScalar(type, expr.slot.type), `${expr.slot.name} is read as ${shown(type)}`);
        return;
      case 'unary':
        this.expr(expr.arg, where);
        return;
      case 'binary':
        this.expr(expr.left, where);
        this.expr(expr.right, where);
        return;
      case 'mux':
        this.#typed(expr.cond, boolScalar, where);
        this.#typed(expr.yes, type, where);
        this.#typed(expr.no, type, where);
        return;
      case 'cast':
        this.expr(expr.arg, where);
        return;
      case 'slice':
        invariant(expr.low <= expr.high && expr.high < widthOf(expr.arg.type), `[${expr.high}:${expr.low}] of ${shown(expr.arg.type)}`);
        this.expr(expr.arg, where);
        return;
      default:
        invariant(where === 'parser', `${expr.kind} outside of a parser`);
    }
  }

  #constant(value: bigint, type: ScalarType): void {
    if (type.kind === 'bool') invariant(value === 0n || value === 1n, `the bool ${value}`);
    else if (type.kind !== 'varbit') {
      const [low, high] = rangeOf(type as { kind: 'bit' | 'int'; width: number });
      invariant(low <= value && value <= high, `${value} is no ${shown(type)}`);
    }
  }

  #arg(arg: FlatArg, place: boolean, where: Where): void {
    if (arg.kind === 'parts') for (const part of arg.parts) this.#arg(part.arg, place, where);
    if (arg.kind !== 'value') return;
    invariant(!place || arg.value.kind === 'slot', 'a result is written to what is no slot');
    this.expr(arg.value, where);
  }

  #slot(slot: Slot): void {
    invariant(this.#program.slots[slot.id] === slot, `the slot ${slot.name} is not listed`);
  }
}

const isPlace = (direction: string | undefined): boolean => direction === 'out' || direction === 'inout';
const shown = (type: ScalarType): string => (type.kind === 'bool' ? 'bool' : `${type.kind}<${type.width}>`);
