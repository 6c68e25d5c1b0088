/** Calls: those of the program's own code are inlined (P4-16 §6.8), those of externs stay. */
import { coreFunctions } from '../arch/core.js';
import type { ActionDecl, FunctionDecl, Param } from '../ir/decl.js';
import type { Expr } from '../ir/expr.js';
import type { Block, CallStmt } from '../ir/stmt.js';
import { visiting } from '../ir/visit.js';
import { invariant } from '../support/invariant.js';
import type { Loc } from '../support/location.js';
import { argumentFor, argumentOf } from './arguments.js';
import { evaluate, evaluateScalar } from './expressions.js';
import { type Frame, inner, type Pending, Scope } from './frame.js';
import type { Instance } from './instances.js';
import { runParser } from './parsers.js';
import { assign, clearSiblings, eachTree, type Place, placeOf, read, settledScalar, settledTree, store } from './places.js';
import type { FlatArg, Slot } from './program.js';
import { childrenOf, disjoint, isConstant, leavesOf, slotsOf, type Tree } from './trees.js';
import { declareVariables } from './variables.js';

export function call(s: CallStmt, frame: Frame): void {
  const { callee } = s;
  switch (callee.kind) {
    case 'action': {
      const decl = frame.info.declaredAction(callee.name, frame.instance?.decl);
      invariant(decl, `no action ${callee.name}`);
      callOwn(decl, s, frame);
      return;
    }
    case 'function': {
      const decl = frame.info.declared('function', callee.name, frame.instance?.decl);
      if (decl) callOwn(decl, s, frame);
      else callExtern(s, frame);
      return;
    }
    case 'block': {
      const instance = frame.instance?.blocks.get(callee.instance);
      invariant(instance, `no instance ${callee.instance}`);
      const copies = bind(instance.decl.params, s.args, frame, instance.scope, new Set(), instance.ownSlots);
      const called = { ...frame, scope: instance.scope, instance, pending: [...frame.pending, copies], loop: undefined };
      if (instance.decl.kind === 'parser') runParser(instance.decl, called, s.loc);
      else runControl(instance, instance.decl.body, called, s.loc);
      copies.copyOut(s.loc);
      return;
    }
    case 'method':
      callExtern(s, frame);
  }
}

/** An action or function of the program. */
function callOwn(decl: ActionDecl | FunctionDecl, s: CallStmt, frame: Frame): void {
  const isLocal = frame.instance?.decl.locals.includes(decl) === true;
  const scope = new Scope(isLocal ? frame.instance?.scope : frame.globals);
  const foreign = isLocal ? slotsNamedIn(decl, frame.instance as Instance) : new Set<Slot>();
  const copies = bind(decl.params, s.args, frame, scope, foreign);
  const result = decl.kind === 'function' && s.result ? frame.layout.place(decl.returns, decl.name) : undefined;
  const called = { ...frame, scope, instance: isLocal ? frame.instance : undefined, pending: [...frame.pending, copies], loop: undefined };
  runBody(decl.body, called, decl.name, s.loc, result);
  copies.copyOut(s.loc);
  if (result && s.result) assign(placeOf(s.result, frame), result, s.result.type, s.loc, frame);
}

export function runBody(body: Block, frame: Frame, name: string, loc: Loc, result?: Tree): void {
  frame.out.labelled(name, (label) => frame.execute(body, { ...frame, returns: { label, result } }), loc);
}

/** Runs a control: its variables are made anew. */
export function runControl(instance: Instance, body: Block, frame: Frame, loc: Loc): void {
  declareVariables(instance, frame);
  runBody(body, inner(frame), instance.decl.name, loc);
}

// ── parameters ──

interface Argument {
  readonly param: Param;
  readonly expr: Expr;
  /** Of out and inout parameters. */
  readonly place: Place | undefined;
  /** What is passed in. */
  readonly value: Tree;
  readonly slots: ReadonlySet<Slot>;
}

/**
 * Declares the parameters in `scope`. A parameter is the caller's slots themselves where the body knows these by no other name;
 * copies would cost every packet time. Otherwise the value is copied in now, and out by what is returned. `foreign`: the slots
 * that the body knows by other names.
 */
export function bind(
  params: readonly Param[],
  args: readonly Expr[],
  frame: Frame,
  scope: Scope,
  foreign: ReadonlySet<Slot>,
  own?: Map<string, Tree>,
): Pending {
  const given = params.map((param, i) => argument(param, args[i], frame));
  const outs: { readonly from: Tree; readonly to: Place; readonly expr: Expr }[] = [];
  const passed = given.map((arg): readonly [Param, Tree] => {
    const { param, place, value, expr } = arg;
    const isWritten = place !== undefined;
    const others = given.filter((other) => other !== arg && (isWritten || other.place !== undefined));
    const isKnown = !isWritten || place.kind === 'known';
    const isOne = isKnown && isSlots(value) && !own && others.every((other) => disjoint(arg.slots, other.slots));
    if (isPacket(value) || (!isWritten && isConstant(value) && !own)) return [param, value];
    if (isOne && disjoint(arg.slots, foreign)) {
      if (param.direction === 'out') store(value, frame.layout.default(param.type), expr.loc, frame);
      return [param, value];
    }
    const copy = own?.get(param.name) ?? frame.layout.place(param.type, param.name);
    own?.set(param.name, copy);
    store(copy, param.direction === 'out' ? frame.layout.default(param.type) : value, expr.loc, frame);
    if (place) outs.push({ from: copy, to: place, expr });
    return [param, copy];
  });
  for (const [param, tree] of passed) scope.declare(param.name, tree);
  return {
    copyOut: (loc) => {
      for (const { from, to, expr } of outs) assign(to, from, expr.type, loc, frame);
    },
  };
}

function argument(param: Param, arg: Expr | undefined, frame: Frame): Argument {
  const expr = arg === undefined || arg.kind === 'default' ? (param.default ?? arg) : arg;
  invariant(expr, `no argument for ${param.name}`);
  if (param.direction !== 'out' && param.direction !== 'inout') {
    const value = evaluate(expr, frame);
    return { param, expr, place: undefined, value, slots: slotsOf(value) };
  }
  const place = settledPlace(placeOf(expr, frame), expr, frame);
  const value =
    place.kind === 'known'
      ? place.tree
      : param.direction === 'inout'
        ? read(place, expr.type, expr.loc, frame)
        : frame.layout.default(expr.type);
  return { param, expr, place, value, slots: slotsAt(place) };
}

/** What chooses the place is kept until the value is copied out. */
function settledPlace(place: Place, expr: Expr, frame: Frame): Place {
  if (place.kind === 'slice') return { ...place, base: settledPlace(place.base, expr, frame) };
  if (place.kind === 'known') return place;
  const cases = place.cases.map(({ cond, place: chosen }) => {
    return { cond: settledScalar(cond, 'isChosen', expr.loc, frame), place: settledPlace(chosen, expr, frame) };
  });
  return { ...place, cases };
}

function slotsAt(place: Place): ReadonlySet<Slot> {
  if (place.kind === 'known') return slotsOf(place.tree);
  if (place.kind === 'slice') return slotsAt(place.base);
  return new Set(place.cases.flatMap((c) => [...slotsAt(c.place)]));
}

const isPacket = (tree: Tree): boolean => tree.kind === 'packet' || tree.kind === 'object';
const isSlots = (tree: Tree): boolean => leavesOf(tree).every((leaf) => leaf.kind === 'slot' || leaf.kind === 'const');

/** The slots that the code of a block's action or function, and what it calls, knows by the names of the block. */
function slotsNamedIn(decl: ActionDecl | FunctionDecl, instance: Instance): ReadonlySet<Slot> {
  const found = new Set<Slot>();
  for (const name of namesIn(decl, instance)) for (const slot of namedSlots(name, instance)) found.add(slot);
  return found;
}

const namedSlots = (name: string, { scope }: Instance): Iterable<Slot> => {
  const tree = scope.find(name);
  return tree ? slotsOf(tree) : [];
};

function namesIn(decl: ActionDecl | FunctionDecl, instance: Instance): ReadonlySet<string> {
  const known = names.get(decl);
  if (known) return known;
  const found = new Set<string>();
  names.set(decl, found);
  const own = new Set(decl.params.map((p) => p.name));
  visiting({
    expr: (e) => {
      if (e.kind === 'name' && !own.has(e.name)) found.add(e.name);
    },
    stmt: (s) => {
      if (s.kind !== 'call' || (s.callee.kind !== 'action' && s.callee.kind !== 'function')) return;
      const { name, kind } = s.callee;
      const called = instance.decl.locals.find((local) => local.kind === kind && local.name === name);
      if (called?.kind === 'action' || called?.kind === 'function') for (const inside of namesIn(called, instance)) found.add(inside);
    },
  }).block(decl.body);
  return found;
}
const names = new WeakMap<ActionDecl | FunctionDecl, Set<string>>();

// ── externs ──

function callExtern(s: CallStmt, frame: Frame): void {
  const { callee, args, loc } = s;
  const method = frame.info.externMethod(s);
  invariant(method, 'a call of an extern that the architecture does not declare');
  switch (method.role) {
    case 'extract':
      extract(args[0] as Expr, args[1], loc, frame);
      return;
    case 'advance':
      frame.out.add({ kind: 'advance', bits: evaluateScalar(args[0] as Expr, frame), loc });
      return;
    case 'emit':
      emit(evaluate(args[0] as Expr, frame), args[0] as Expr, loc, frame);
      return;
    default:
  }
  if (coreFunctions.includes(method)) {
    frame.out.add({ kind: 'verify', cond: evaluateScalar(args[0] as Expr, frame), error: evaluateScalar(args[1] as Expr, frame), loc });
    return;
  }
  const after: (() => void)[] = [];
  /** The slots that take a value, and then go where it belongs. */
  const target = (expr: Expr): FlatArg => {
    const place = placeOf(expr, frame);
    if (place.kind === 'known' && leavesOf(place.tree).every((leaf) => leaf.kind === 'slot')) return argumentFor(place.tree);
    const copy = frame.layout.place(expr.type, 'result');
    store(copy, read(place, expr.type, loc, frame), loc, frame);
    after.push(() => assign(place, copy, expr.type, loc, frame));
    return argumentFor(copy);
  };
  const flatArgs = args.map((arg, i) => {
    const { direction } = method.params[i] ?? {};
    return direction === 'out' || direction === 'inout' ? target(arg) : argumentOf(arg, frame);
  });
  const digest = frame.digests.get(frame.info.argument(s, 'data') as Expr);
  const object = callee.kind === 'method' ? evaluate(callee.object, frame) : undefined;
  frame.out.add({
    kind: 'call',
    method,
    ...(object?.kind === 'object' ? { object: object.object } : {}),
    args: flatArgs,
    ...(s.result ? { result: target(s.result) } : {}),
    ...(digest ? { digest: digest.name } : {}),
    loc,
  });
  for (const then of after) then();
}

function extract(target: Expr, size: Expr | undefined, loc: Loc, frame: Frame): void {
  const bits = size ? { bits: evaluateScalar(size, frame) } : {};
  if (target.kind === 'default') {
    const decl = frame.info.declaration(target.type);
    invariant(decl?.kind === 'header', 'an extract of what is no header');
    frame.out.add({ kind: 'extract', into: { kind: 'skip', decl }, ...bits, loc });
    return;
  }
  const member = target.kind === 'field' ? target : undefined;
  const last = member ? member.base : target;
  if (last.kind === 'stack-member' && last.member === 'next') {
    const stack = evaluate(last.base, frame);
    invariant(stack.kind === 'stack', 'next of what is no stack');
    const index = member ? { member: (frame.info.fields(last.type) ?? []).findIndex((f) => f.name === member.name) } : {};
    frame.out.add({ kind: 'extract', into: { kind: 'next', stack: stack.stack, ...index }, ...bits, loc });
    return;
  }
  const place = placeOf(target, frame);
  const into = place.kind === 'known' ? place.tree : frame.layout.place(target.type, 'extracted');
  invariant(into.kind === 'header', 'an extract into what is no header');
  frame.out.add({ kind: 'extract', into: { kind: 'header', header: into.header }, ...bits, loc });
  if (place.kind === 'known') clearSiblings(into.header, loc, frame);
  else eachTree(place, (tree) => store(tree, into, loc, frame), loc, frame);
}

function emit(tree: Tree, expr: Expr, loc: Loc, frame: Frame): void {
  if (tree.kind === 'header') frame.out.add({ kind: 'emit', header: tree.header, loc });
  else if (tree.kind === 'header-value') emit(settledTree(tree, expr.type, loc, frame), expr, loc, frame);
  else for (const child of childrenOf(tree)) emit(child, expr, loc, frame);
}
