/** Statements, and calls of what they call. */
import type { ApplyStmt, Block, CallStmt, Expr, KeyDecl, Param, Stmt } from '../../compiler/ir/index.js';
import type { OfKind } from '../../compiler/ir/visit.js';
import { InternalError, invariant } from '../../compiler/support/invariant.js';
import type { Loc } from '../../compiler/support/location.js';
import type { ActionValue, EntryAction } from '../data-plane/messages.js';
import type { NamedTraceValue, TraceProfile } from '../data-plane/trace.js';
import { assign } from './assign.js';
import { callExtern } from './calls.js';
import { PacketIn } from './core.js';
import { evaluate, evaluateBool, evaluateCopy, headerOf, lvalue, stackOf } from './eval.js';
import { extract } from './extract.js';
import { packed, presentFields } from './fields.js';
import { countStored, countValidity } from './packet-length.js';
import { type BlockInstance, type Completion, Scope } from './scope.js';
import type { ActionChoice, ActionRun, AppliedTable, Entry } from './tables.js';
import { exprText, formatOf, traced, traceMatch, traceValue } from './tracer.js';
import { equal, invalidate, makeValid, type Value } from './values.js';

/** P4 has no endless loops: p4c unrolls them. A loop that turns this often stops. */
const maxTurns = 100_000;

/** Runs the statements in `scope`, which they declare into. */
export function execute(block: Block, scope: Scope): Completion {
  for (const stmt of block) {
    const completion = (executors[stmt.kind] as (s: Stmt, scope: Scope) => Completion)(stmt, scope);
    if (completion !== 'next') return completion;
  }
  return 'next';
}

const executors: { readonly [K in Stmt['kind']]: (s: OfKind<Stmt, K>, scope: Scope) => Completion } = {
  declare: (s, scope) => {
    if (s.init) countStored(s.init, undefined, scope);
    scope.declare(s.name, s.init ? evaluateCopy(s.init, scope) : scope.types.default(s.type));
    return 'next';
  },
  assign: (s, scope) => {
    countStored(s.value, () => lvalue(s.target, scope).get(), scope);
    assign(s.target, evaluate(s.value, scope), s.loc, scope);
    return 'next';
  },
  call: (s, scope) => call(s, scope),
  target: () => {
    throw new InternalError('a statement for one target is left after lowering');
  },
  if: (s, scope) => {
    const taken = evaluateBool(s.cond, scope);
    return traced(
      scope.trace,
      () => ({ kind: 'branch', condition: exprText(s.cond), taken, loc: s.loc }),
      () => execute(taken ? s.then : (s.else ?? []), scope.inner()),
    );
  },
  switch: (s, scope) => {
    const value = evaluate(s.on, scope);
    const chosen = s.cases.find((c) => c.labels.some((label) => label === 'default' || equal(value, evaluate(label, scope))));
    return traced(
      scope.trace,
      () => ({
        kind: 'switch',
        on: exprText(s.on),
        value: traceValue(value, s.on.type, scope.types, formatOf(s.on, scope.types)),
        loc: chosen?.loc ?? s.loc,
      }),
      () => execute(chosen?.body ?? [], scope.inner()),
    );
  },
  apply: (s, scope) => apply(s, scope),
  'set-validity': (s, scope) => {
    const header = headerOf(lvalue(s.header, scope).get());
    if (header.valid !== s.valid) countValidity(header, s.valid, scope);
    if (!(s.valid ? makeValid(header) : invalidate(header))) return 'next';
    scope.trace?.add({ kind: 'validity', header: exprText(s.header), valid: s.valid, loc: s.loc });
    return 'next';
  },
  push: (s, scope) => shiftStack(s, scope),
  pop: (s, scope) => shiftStack(s, scope),
  exit: (s, scope) => {
    scope.trace?.add({ kind: 'exit', loc: s.loc });
    return 'exit';
  },
  return: (s, scope) => {
    if (s.value) countStored(s.value, undefined, scope);
    return { return: s.value && evaluateCopy(s.value, scope) };
  },
  block: (s, scope) => execute(s.body, scope.inner()),
  for: (s, scope) => {
    const outer = scope.inner();
    execute(s.init, outer);
    for (let turn = 0; turn < maxTurns && evaluateBool(s.cond, outer); turn++) {
      const completion = execute(s.body, outer.inner());
      if (completion === 'break') break;
      if (completion !== 'next' && completion !== 'continue') return completion;
      execute(s.update, outer);
    }
    return 'next';
  },
  'for-in': (s, scope) => {
    for (const value of elementsToVisit(s, scope)) {
      const inner = scope.inner();
      inner.declare(s.name, value);
      const completion = execute(s.body, inner);
      if (completion === 'break') break;
      if (completion !== 'next' && completion !== 'continue') return completion;
    }
    return 'next';
  },
  break: () => 'break',
  continue: () => 'continue',
};

function* elementsToVisit(s: OfKind<Stmt, 'for-in'>, scope: Scope): Generator<Value> {
  if (s.over.kind === 'range') {
    const high = evaluate(s.over.high, scope) as bigint;
    let turn = 0;
    for (let i = evaluate(s.over.low, scope) as bigint; i <= high && turn < maxTurns; i++, turn++) yield i;
    return;
  }
  const over = evaluateCopy(s.over, scope);
  invariant(typeof over === 'object' && 'elements' in over, 'a loop over something without elements');
  yield* over.elements;
}

/** push_front and pop_front (P4-16 §8.18): what moves in is invalid, nextIndex stays within the stack. */
function shiftStack(s: OfKind<Stmt, 'push' | 'pop'>, scope: Scope): Completion {
  const stack = stackOf(lvalue(s.stack, scope).get());
  const { type } = s.stack;
  invariant(type.kind === 'stack', 'a header stack was expected');
  const size = stack.elements.length;
  const by = Math.min(s.count, size);
  const fresh = Array.from({ length: by }, () => scope.types.default(type.element));
  const kept = s.kind === 'push' ? stack.elements.slice(0, size - by) : stack.elements.slice(by);
  stack.elements.splice(0, size, ...(s.kind === 'push' ? [...fresh, ...kept] : [...kept, ...fresh]));
  stack.next = s.kind === 'push' ? Math.min(stack.next + by, size) : Math.max(stack.next - by, 0);
  scope.trace?.add({ kind: s.kind, stack: exprText(s.stack), count: s.count, loc: s.loc });
  return 'next';
}

// ── calls ──

function call(s: CallStmt, scope: Scope): Completion {
  const { callee } = s;
  switch (callee.kind) {
    case 'action': {
      const decl = scope.block?.actions.get(callee.name) ?? scope.globals.actions.get(callee.name);
      invariant(decl, `no action ${callee.name}`);
      return tracedCall(decl.name, decl.params, s, scope, () => {
        const frame = scope.home.inner();
        return invoke(decl.params, s.args, scope, frame, () => execute(decl.body, frame));
      });
    }
    case 'block': {
      const instance = scope.block?.blocks.get(callee.instance);
      invariant(instance, `no instance ${callee.instance}`);
      const frame = new Scope(scope.globals, scope.pass, instance);
      return traced(
        scope.trace,
        () => ({ kind: 'block', name: callee.instance, loc: s.loc }),
        () => invoke(instance.decl.params, s.args, scope, frame, () => instance.run(frame)),
      );
    }
    case 'method': {
      const object = evaluate(callee.object, scope);
      invariant(typeof object === 'object' && object.kind === 'object', 'a method of something that is no extern object');
      if (object instanceof PacketIn && callee.method === 'extract') extract(object, s, scope);
      else callExtern(s, object.methods?.[callee.method], scope);
      return 'next';
    }
    case 'function': {
      const decl = scope.block?.functions.get(callee.name) ?? scope.globals.functions.get(callee.name);
      if (!decl) {
        callExtern(s, undefined, scope);
        return 'next';
      }
      let result: Value | undefined;
      tracedCall(decl.name, decl.params, s, scope, () => {
        const frame = scope.block?.functions.has(callee.name) ? scope.home.inner() : new Scope(scope.globals, scope.pass, undefined);
        return invoke(decl.params, s.args, scope, frame, () => {
          const completion = execute(decl.body, frame);
          if (typeof completion === 'object') result = completion.return;
          return completion;
        });
      });
      if (s.result) {
        invariant(result !== undefined, `${callee.name} returns nothing`);
        assign(s.result, result, s.loc, scope);
      }
      return 'next';
    }
  }
}

function tracedCall(name: string, params: readonly Param[], s: CallStmt, scope: Scope, run: () => Completion): Completion {
  return traced(
    scope.trace,
    () => ({
      kind: 'call',
      name,
      args: traceArgs(
        params,
        params.map((p, i) => argumentValue(p, s.args[i], scope)),
        scope,
      ),
      loc: s.loc,
    }),
    run,
  );
}

const traceArgs = (params: readonly Param[], values: readonly Value[], scope: Scope): NamedTraceValue[] =>
  params.map((p, i) => ({ name: p.name, ...traceValue(values[i] as Value, p.type, scope.types, p.format) }));

/** What an argument passes in; nothing for `out`. */
const argumentValue = (p: Param, arg: Expr | undefined, caller: Scope): Value =>
  p.direction === 'out' ? caller.types.default(p.type) : evaluateCopy(argumentExpr(p, arg), caller);

function argumentExpr(p: Param, arg: Expr | undefined): Expr {
  const given = arg === undefined || arg.kind === 'default' ? (p.default ?? arg) : arg;
  invariant(given, `no argument for ${p.name}`);
  return given;
}

/**
 * Binds parameters in `frame`, runs the body and copies out (P4-16 §6.8): also after an exit or a parser error, in the
 * order of the parameters. What out and inout arguments refer to is settled before the call.
 */
function invoke(params: readonly Param[], args: readonly Expr[], caller: Scope, frame: Scope, body: () => Completion): Completion {
  const places = params.map((p, i) => {
    const out = p.direction === 'out' || p.direction === 'inout';
    const arg = args[i];
    if (arg) countStored(arg, undefined, caller);
    frame.declare(p.name, argumentValue(p, arg, caller));
    return out ? lvalue(argumentExpr(p, arg), caller) : undefined;
  });
  try {
    const completion = body();
    return completion === 'exit' ? 'exit' : 'next';
  } finally {
    params.forEach((p, i) => {
      places[i]?.set(frame.get(p.name));
    });
  }
}

// ── tables ──

function apply(s: ApplyStmt, scope: Scope): Completion {
  const table = scope.block?.tables.get(s.table);
  invariant(table, `no table ${s.table}`);
  const { types, pass } = scope;
  const { entries, keys, selectorFields } = table;
  const values = keys.map((key) => evaluate(key.expr, scope));
  const bits = values.map((value, i) => types.toBits(value, (keys[i] as KeyDecl).expr.type));
  const entry = pass.choices.entry(entries, bits, pass.timestampNs, s.loc);
  const selectorData = () => packed(presentFields(selectorFields, scope), types).bytes();
  const choice = entries.choose(entry, selectorData, pass.choices, s.loc);
  const { run } = choice;
  const completion = traced(
    scope.trace,
    () => applyEvent(table, values, entry, choice, s.loc, scope),
    () => {
      for (const direct of table.direct) direct(entry ?? entries.defaultCells, entry !== undefined, pass as never, s.loc);
      return run ? runAction(run, scope) : 'next';
    },
  );
  if (completion !== 'next') return completion;
  const ran = run?.action.decl.name;
  const named = s.cases?.find((c) => ran !== undefined && c.actions.includes(ran)) ?? s.cases?.find((c) => c.actions.includes('default'));
  const follow = named?.body ?? (entry ? s.hit : s.miss);
  return follow ? execute(follow, scope.inner()) : 'next';
}

function runAction({ action, args }: ActionRun, scope: Scope): Completion {
  const frame = scope.home.inner();
  const { decl, params, directional, bound } = action;
  params.forEach((p, i) => {
    frame.declare(p.name, args[i] as Value);
  });
  return invoke(directional, bound, scope.home, frame, () => execute(decl.body, frame));
}

function applyEvent(table: AppliedTable, values: readonly Value[], entry: Entry | undefined, choice: ActionChoice, loc: Loc, scope: Scope) {
  const { types } = scope;
  const { run } = choice;
  return {
    kind: 'apply',
    table: table.entries.name,
    hit: entry !== undefined,
    keys: table.keys.map((key, i) => ({
      name: key.name,
      match: key.match,
      ...traceValue(values[i] as Value, key.expr.type, types, key.format ?? formatOf(key.expr, types)),
      ...(entry ? { entry: traceMatch(entry.matches[i] ?? { kind: 'any' }) } : {}),
    })),
    ...(entry && entry.priority > 0 ? { priority: entry.priority } : {}),
    ...(entry && !('name' in entry.action) ? { profile: profileChoice(table, entry.action, choice, scope) } : {}),
    // An empty group runs nothing, which is what NoAction does.
    action: run ? { name: run.action.name, args: traceArgs(run.action.params, run.args, scope) } : { name: 'NoAction', args: [] },
    loc,
  } as const;
}

/** The member that runs, and why. */
function profileChoice(
  { entries: { profile }, selectorKeys }: AppliedTable,
  action: Exclude<EntryAction, ActionValue>,
  { selection }: ActionChoice,
  scope: Scope,
): TraceProfile {
  const name = profile?.name ?? '';
  if ('member' in action) return { name, member: action.member };
  const { chosen, hash } = selection ?? {};
  const found = { size: chosen?.size ?? 0, ...(chosen ? { member: chosen.member, index: chosen.index } : {}) };
  if (chosen?.assumed) return { name, group: action.group, ...found, assumed: true };
  if (hash === undefined) return { name, group: action.group, ...found };
  return {
    name,
    group: action.group,
    algorithm: profile?.algorithm ?? '',
    inputs: selectorKeys.map((key) => ({
      name: key.name,
      ...traceValue(evaluate(key.expr, scope), key.expr.type, scope.types, key.format ?? formatOf(key.expr, scope.types)),
    })),
    hash: `${hash}`,
    ...(profile?.choiceOf(action.group).shares ? { shares: true } : {}),
    ...found,
  };
}

/** Runs a control: its locals are made anew, `return` ends it, `exit` ends whoever applied it as well. */
export function runControl(instance: BlockInstance, body: Block, scope: Scope): Completion {
  declareLocals(instance, scope);
  const completion = execute(body, scope);
  return completion === 'exit' ? 'exit' : 'next';
}

/** Declares the locals of a parser or control, or only its constants. */
export function declareLocals(instance: BlockInstance, scope: Scope, only?: 'constant'): void {
  for (const [name, value] of instance.constructorArgs) scope.declare(name, value);
  for (const [name, object] of instance.objects) {
    object.enter?.();
    scope.declare(name, object);
  }
  for (const local of instance.decl.locals) {
    if (local.kind === 'constant') scope.declare(local.name, evaluate(local.value, scope));
    if (local.kind === 'variable' && !only)
      scope.declare(local.name, local.init ? evaluateCopy(local.init, scope) : scope.types.default(local.type));
  }
}
