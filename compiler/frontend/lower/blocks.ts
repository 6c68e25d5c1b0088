/** Parsers, controls and what is declared in them (P4-16 §13, §14). */
import { named } from '../../ir/build.js';
import type {
  ActionDecl,
  ControlDecl,
  FunctionDecl,
  InstanceDecl,
  LocalDecl,
  Param,
  ParserDecl,
  StateDecl,
  Transition,
} from '../../ir/decl.js';
import type { Expr, KeySet } from '../../ir/expr.js';
import type { Block, Stmt } from '../../ir/stmt.js';
import type { Type } from '../../ir/types.js';
import { fail } from '../../support/diagnostics.js';
import { nowhere } from '../../support/location.js';
import type * as ast from '../ast.js';
import type { Substitution } from '../check/types.js';
import { formatOf } from './annotations.js';
import { type Binding, Body } from './body.js';
import { lowerAll, lowerExpr, lowerNumber } from './expressions.js';
import { lowerKeySets } from './keysets.js';
import { Frame } from './names.js';
import type { ProgramLowering } from './program.js';
import { lowerStmts } from './statements.js';
import { lowerTable } from './tables.js';

/** What a constructor parameter is in one specialisation of a block. */
export type Given =
  /** A value in its place; `type`: it stays a parameter. */
  | { readonly decl: ast.Param; readonly value: Expr; readonly type?: Type }
  | { readonly decl: ast.Param; readonly object: Type }
  /** An instance of a block of the IR, which becomes one of the block that it is given to. */
  | { readonly decl: ast.Param; readonly block: string; readonly args: readonly Expr[] };

export class BlockLowering {
  readonly program: ProgramLowering;
  readonly body: Body;
  readonly locals: LocalDecl[] = [];
  /** What has to run before a table is applied, for keys that are calls. */
  readonly beforeTable = new Map<ast.TableDecl, Block>();
  /** Blocks that the constructor is given, by their parameters. */
  readonly givenBlocks = new Map<object, { readonly block: string; readonly args: readonly Expr[] }>();
  /** What runs before the states or the apply block: initial values that are calls. */
  readonly first: Stmt[] = [];

  constructor(program: ProgramLowering, types: Substitution) {
    this.program = program;
    this.body = new Body(program, new Frame<Binding>(program.frame), { types, block: this });
  }

  control(decl: ast.ControlDecl, name: string, given: readonly Given[]): ControlDecl {
    const head = this.#head(decl, given);
    this.#locals(decl.locals);
    const body = this.body.inner(() => lowerStmts(this.body, decl.body.body));
    return {
      kind: 'control',
      ...this.program.annotations.declared(decl, name),
      ...head,
      locals: this.locals,
      body: [...this.first, ...body],
    };
  }

  parser(decl: ast.ParserDecl, name: string, given: readonly Given[]): ParserDecl {
    const head = this.#head(decl, given);
    for (const state of decl.states)
      this.body.frame.bind(state, { kind: 'name', name: this.body.claim(state.name.text), type: { kind: 'void' } });
    this.#locals(decl.locals);
    const states = this.#withFirst(decl.states.map((s) => this.#state(s, decl)));
    return { kind: 'parser', ...this.program.annotations.declared(decl, name), ...head, locals: this.locals, states };
  }

  #head(decl: ast.ControlDecl | ast.ParserDecl, given: readonly Given[]) {
    const params = lowerParams(this.body, withAdded(this.program, decl));
    const constructorParams: Param[] = [];
    for (const one of given) {
      if ('block' in one) {
        const name = this.body.claim(one.decl.name.text);
        this.body.frame.bind(one.decl, { kind: 'name', name, type: { kind: 'void' } });
        this.locals.push({ kind: 'instance', ...this.program.annotations.visible(one.decl, name), type: named(one.block), args: one.args });
        this.givenBlocks.set(one.decl, one);
        continue;
      }
      const type = 'object' in one ? one.object : one.type;
      if ('value' in one && !type) this.body.frame.bind(one.decl, { kind: 'value', value: one.value });
      if (!type) continue;
      const name = this.body.claim(one.decl.name.text);
      this.body.frame.bind(one.decl, { kind: 'name', name, type });
      if ('value' in one) this.program.fixed.set(name, one.value);
      constructorParams.push({ ...this.program.annotations.declared(one.decl, name), type });
    }
    return { params, ...(constructorParams.length > 0 ? { constructorParams } : {}) };
  }

  #locals(decls: readonly (ast.ControlLocal | ast.ParserLocal)[]): void {
    const named = decls.filter((d) => d.kind !== 'constant' || this.program.isNamedConstant(d));
    // All have their names before any of them is lowered: what is added has to keep out of their way.
    for (const d of named) this.body.frame.bind(d, { kind: 'name', name: this.body.claim(d.name.text), type: this.#typeOf(d) });
    for (const d of decls) this.#local(d);
  }

  #typeOf(d: ast.ControlLocal | ast.ParserLocal): Type {
    if (d.kind === 'variable' || d.kind === 'constant') return this.body.type(this.program.typeOf(d.type));
    if (d.kind === 'instance') return this.program.instanceType(this.body, d);
    return { kind: 'void' };
  }

  #local(d: ast.ControlLocal | ast.ParserLocal): void {
    const { body, program } = this;
    if (d.kind === 'constant') {
      const value = program.constantOf(body, d);
      if (!program.isNamedConstant(d)) {
        body.frame.bind(d, { kind: 'value', value });
        return;
      }
      const name = body.nameOf(d);
      program.constantValues.set(name, value);
      this.locals.push({ kind: 'constant', ...this.program.annotations.declared(d, name), type: this.#typeOf(d), value });
      return;
    }
    const name = body.nameOf(d);
    switch (d.kind) {
      case 'variable':
        this.#variable(d, name);
        return;
      case 'instance':
        if (!program.isOld(d)) this.locals.push(program.instance(body, d, name));
        return;
      case 'action':
        this.locals.push(lowerAction(program, d, name, body.frame, { types: body.types, block: this }));
        return;
      case 'table':
        this.locals.push(lowerTable(this, d, name));
        return;
      case 'value-set': {
        const type = body.type(program.typeOf(d.type));
        this.locals.push({
          kind: 'value-set',
          ...this.program.annotations.visible(d, name),
          type,
          size: Number(lowerNumber(body, d.size)),
        });
      }
    }
  }

  #variable(d: ast.VariableDecl, name: string): void {
    const type = this.#typeOf(d);
    const head = { kind: 'variable' as const, ...this.program.annotations.declared(d, name), type };
    if (!d.init) {
      this.locals.push(head);
      return;
    }
    const { made: before, result: init } = this.body.collect(() => lowerExpr(this.body, d.init as ast.Expr));
    if (before.length === 0 && this.first.length === 0) this.locals.push({ ...head, init });
    else {
      this.locals.push(head);
      this.first.push(...before, { kind: 'assign', target: { kind: 'name', name, type, loc: d.loc }, value: init, loc: d.loc });
    }
  }

  #state(state: ast.StateDecl, parser: ast.ParserDecl): StateDecl {
    const next = (name: ast.Name): string => {
      const found = parser.states.find((s) => s.name.text === name.text);
      return found ? this.body.nameOf(found) : name.text;
    };
    let transition: Transition = { kind: 'goto', next: 'reject', loc: state.loc };
    const body = this.body.inner(() => {
      lowerStmts(this.body, state.body);
      if (state.transition) transition = this.#transition(state.transition, next);
    });
    return { kind: 'state', ...this.program.annotations.declared(state, this.body.nameOf(state)), body, transition };
  }

  /** What runs first is in a state of its own where the parser comes back to its start. */
  #withFirst(states: readonly StateDecl[]): readonly StateDecl[] {
    const { first } = this;
    const isStart = (state: { readonly name: string }): boolean => state.name === 'start';
    if (first.length === 0) return states;
    const comesBack = states.some(({ transition: t }) => (t.kind === 'goto' ? [t] : t.cases).some((c) => c.next === 'start'));
    if (!comesBack) return states.map((s) => (isStart(s) ? { ...s, body: [...first, ...s.body] } : s));
    const again = this.body.claim('start');
    const to = <T extends { readonly next: string }>(next: T): T => (next.next === 'start' ? { ...next, next: again } : next);
    const moved = states.map((s): StateDecl => {
      const t = s.transition;
      const transition = t.kind === 'goto' ? to(t) : { ...t, cases: t.cases.map(to) };
      return { ...s, ...(isStart(s) ? { name: again } : {}), transition };
    });
    const loc = states.find(isStart)?.loc ?? nowhere;
    return [{ kind: 'state', name: 'start', body: first, transition: { kind: 'goto', next: again, loc }, loc }, ...moved];
  }

  #transition(transition: ast.Transition, next: (name: ast.Name) => string): Transition {
    const { loc } = transition;
    if (transition.kind === 'goto') return { kind: 'goto', next: next(transition.next), loc };
    // A list is selected on as its elements are.
    const [only] = transition.on;
    const parts = transition.on.length === 1 && only?.kind === 'list' ? only.elements : transition.on;
    const values = lowerAll(this.body, parts);
    const [tuple] = values;
    const on =
      values.length === 1 && tuple?.type.kind === 'tuple'
        ? tuple.type.elements.map(
            (type, i): Expr => ({
              kind: 'index',
              base: tuple,
              index: { kind: 'const', value: BigInt(i), type: { kind: 'bit', width: 32 }, loc },
              type,
              loc,
            }),
          )
        : values;
    const cases = transition.cases.map((c) => ({ keys: this.#keys(c.keys, on), next: next(c.next), loc: c.loc }));
    return { kind: 'select', on, cases, loc };
  }

  #keys(keys: readonly ast.KeySet[], on: readonly Expr[]): readonly KeySet[] {
    const sets = lowerKeySets(
      this.body,
      keys,
      on.map((e) => e.type),
    );
    return sets.length === 1 && sets[0]?.kind === 'any' ? on.map((): KeySet => ({ kind: 'any' })) : sets;
  }

  /** An instance without a name in the source. */
  addInstance(instance: InstanceDecl): void {
    this.locals.push(instance);
  }
}

/** The parameters, with the one that calls of long ago ask for. */
function withAdded({ findings }: ProgramLowering, decl: ast.ActionDecl | ast.FunctionDecl | ast.ControlDecl | ast.ParserDecl) {
  const added = findings.addedParams.get(decl);
  if (!added) return decl.params;
  return decl.kind === 'action' ? [added, ...decl.params] : [...decl.params, added];
}

function lowerParams(body: Body, params: readonly ast.Param[]): readonly Param[] {
  return params.map((p) => {
    const type = body.type(body.program.typeOf(p.type));
    const name = body.claim(p.name.text);
    body.frame.bind(p, { kind: 'name', name, type });
    const { format, without: isFormat } = formatOf(p.annotations);
    const without = ['optional', ...isFormat];
    const optional = p.annotations.some((a) => a.name === 'optional');
    const named = body.program.annotations.visible({ ...p, annotations: p.annotations.filter((a) => !without.includes(a.name)) }, name);
    return {
      ...named,
      type,
      ...(p.direction ? { direction: p.direction } : {}),
      ...(p.default ? { default: lowerExpr(body, p.default) } : {}),
      ...(optional ? { optional } : {}),
      ...format,
    };
  });
}

export function lowerAction(
  program: ProgramLowering,
  decl: ast.ActionDecl,
  name: string,
  frame: Frame<Binding>,
  given: { readonly types?: Substitution; readonly block?: BlockLowering },
): ActionDecl {
  const body = new Body(program, new Frame(frame), given);
  const params = lowerParams(body, withAdded(program, decl));
  const statements = body.inner(() => lowerStmts(body, decl.body.body));
  if (body.exits) program.exiting.add(decl);
  return { kind: 'action', ...program.annotations.visible(decl, name), params, body: statements };
}

export function lowerFunction(
  program: ProgramLowering,
  decl: ast.FunctionDecl,
  name: string,
  frame: Frame<Binding>,
  given: { readonly types?: Substitution; readonly block?: BlockLowering },
): FunctionDecl {
  const head = new Body(program, new Frame(frame), given);
  const returns = head.type(program.typeOf(decl.returns));
  const body = new Body(program, head.frame, { ...given, returns });
  const params = lowerParams(body, withAdded(program, decl));
  const statements = body.inner(() => lowerStmts(body, decl.body.body));
  return { kind: 'function', ...program.annotations.declared(decl, name), returns, params, body: statements };
}

export const refuse = (feature: string, loc: Expr['loc']): never => fail('not-yet', { feature }, { loc });
