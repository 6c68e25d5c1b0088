/** Calls: statements of the IR, which put what they return into a variable. */
import { bits, bool, callFunction, constant, named, name as nameExpr } from '../../ir/build.js';
import type { Expr } from '../../ir/expr.js';
import { known } from '../../ir/fold.js';
import { isSized } from '../../ir/rules.js';
import type { Callee, CallStmt } from '../../ir/stmt.js';
import { sameType } from '../../ir/types.js';
import { fail } from '../../support/diagnostics.js';
import { invariant } from '../../support/invariant.js';
import { nowhere } from '../../support/location.js';
import { isGiven } from '../architecture.js';
import type * as ast from '../ast.js';
import type { Call } from '../check/context.js';
import type { NewArg, OldForm } from '../check/old-forms.js';
import { type SizeMethod, sizeOf } from '../check/size-methods.js';
import { type ParamInfo, prune, substitute } from '../check/types.js';
import type { Body } from './body.js';
import { converted, lowerAll, lowerExpr, lowerNumber, lowerPlace } from './expressions.js';
import { type Evaluated, evaluated, type Operand, savedValue, settled } from './order.js';
import type { ProgramLowering } from './program.js';
import { mayChange } from './reads-and-writes.js';

export function callOf(program: ProgramLowering, e: ast.CallExpr): Call {
  const call = program.findings.calls.get(e);
  invariant(call, 'a call that the checker does not know');
  return call;
}

const isPacketExpression = (call: Call): boolean =>
  call.kind === 'method' && call.decl?.name.text === 'packet_in' && (call.name === 'lookahead' || call.name === 'length');
const isAssertion = (call: Call): boolean => call.kind === 'function' && call.name === 'static_assert';

/** Whether what the call returns takes a statement, which puts it into a variable. */
export const isStatement = (call: Call): boolean =>
  call.kind !== 'builtin' && call.kind !== 'table' && !isPacketExpression(call) && !isAssertion(call);

/** What a call returns. */
export function callValue(b: Body, e: ast.CallExpr): Expr {
  const call = callOf(b.program, e);
  const { loc } = e;
  if (call.kind === 'builtin' && call.name === 'isValid') return { kind: 'is-valid', header: receiver(b, e), type: { kind: 'bool' }, loc };
  if (call.kind === 'builtin') return constant(sizeIn(b, e, call.name as SizeMethod), { kind: 'integer' }, loc);
  if (isPacketExpression(call)) {
    const kind = call.name === 'lookahead' ? 'lookahead' : 'packet-length';
    return { kind, packet: receiver(b, e), type: b.type(call.returns), loc };
  }
  if (isAssertion(call)) return asserted(b, call, e);
  const result = b.declare('tmp', b.type(call.returns), loc);
  lowerCall(b, e, result);
  return result;
}

/** What is asked for its size is not evaluated (P4-16 §9). */
function sizeIn(b: Body, e: ast.CallExpr, method: SizeMethod): bigint {
  invariant(e.callee.kind === 'member', 'a size of nothing');
  const size = sizeOf(b.program.checkedType(e.callee.base, b.types), method);
  invariant(size !== undefined, 'a size that is not known after checking');
  return size;
}

/** `static_assert`, whose condition is known now: that of a constructor's parameter is not known before. */
function asserted(b: Body, call: Call, e: ast.CallExpr): Expr {
  const [check, message] = call.args;
  if (check && known(lowerExpr(b, check), b.program.constantValue) === false) {
    const text = message?.kind === 'string' ? message.value : undefined;
    b.program.diagnostics.report('p4-assertion', { message: text }, { loc: e.loc });
  }
  return bool(true, e.loc);
}

function receiver(b: Body, e: ast.CallExpr): Expr {
  invariant(e.callee.kind === 'member', 'a method without an object');
  return lowerPlace(b, e.callee.base);
}

/** A call as a statement; `result` takes what it returns. */
export function lowerCall(b: Body, e: ast.CallExpr, result?: Expr): void {
  const call = callOf(b.program, e);
  const { loc } = e;
  switch (call.kind) {
    case 'builtin':
      builtin(b, e, call);
      return;
    case 'table':
      b.program.apply(b, e, {});
      return;
    case 'constructor':
      return;
    default:
  }
  if (isAssertion(call)) {
    asserted(b, call, e);
    return;
  }
  if (isPacketExpression(call)) {
    // It may find that the packet is too short.
    b.declare('ignored', b.type(call.returns), loc, callValue(b, e));
    return;
  }
  prepared(b, e, call)(result);
}

/**
 * Evaluates the arguments of a call. What it gives emits the call, which puts what it returns into `result`; what the call
 * changes is known before.
 */
export function prepared(b: Body, e: ast.CallExpr, call: Call): (result?: Expr) => void {
  const { loc } = e;
  const old = b.program.findings.oldForms.get(e);
  if (old) return preparedToday(b, old, call);
  const callee = calleeOf(b, e, call);
  const added = addedArg(b, e);
  const { args: own, changes, copies } = lowerArgs(b, e, call);
  const args = call.kind === 'action' ? [...added, ...own] : [...own, ...added];
  if (callee.kind === 'action' || callee.kind === 'block') b.changed(['everything']);
  if (mayExit(b, call)) b.exits = true;
  if (callee.kind === 'method') b.changed([callee.object]);
  b.changed(changes);
  const explicit = e.typeArgs && (call.kind === 'function' || call.kind === 'method') && isExtern(call);
  const stmt: CallStmt = {
    kind: 'call',
    callee,
    args: callee.kind === 'method' ? asDeclared(b, callee, args) : args,
    ...(explicit ? { typeArgs: call.typeArgs.map((t) => b.type(t)) } : {}),
    loc,
  };
  return (result) => {
    // What is returned is stored after the arguments that the call writes.
    const late =
      result &&
      mayChange(
        b,
        copies.map((c) => c.target),
        result,
      );
    const taken = late ? b.declare('tmp', result.type, loc) : result;
    b.emit(taken ? { ...stmt, result: taken } : stmt);
    for (const { target, value } of copies) b.emit({ kind: 'assign', target, value, loc });
    if (late && taken) b.emit({ kind: 'assign', target: result, value: taken, loc });
  };
}

/** A call of long ago, as it is today. */
function preparedToday(b: Body, { name, args, call: { loc } }: OldForm, call: Call): (result?: Expr) => void {
  const values = lowerAll(
    b,
    args.flatMap((arg) => (arg.kind === 'old' ? (arg.value ?? []) : [])),
  );
  b.changed(args.flatMap((arg) => (arg.kind === 'parameter' ? parameter(b, arg.decl) : [])));
  return (result) => {
    const left = [...values];
    const given = args.flatMap((arg) => {
      if (arg.kind === 'old') return arg.value ? left.splice(0, 1) : [];
      return arg.kind === 'result' ? (result ?? b.declare('ignored', b.type(call.returns), loc)) : todaysArg(b, arg);
    });
    b.emit(callFunction(name, given, loc));
  };
}

function todaysArg(b: Body, arg: Exclude<NewArg, { kind: 'old' | 'result' }>): Expr {
  switch (arg.kind) {
    case 'number':
      return bits(arg.value, 8);
    case 'parameter':
      return parameter(b, arg.decl);
    case 'missing':
      return b.declare('ignored', named(arg.type), nowhere);
    case 'constant':
      return arg.value;
  }
}

const parameter = (b: Body, decl: ast.Param): Expr => nameExpr(b.nameOf(decl), b.type(b.program.typeOf(decl.type)));

/** What is given for a parameter that calls of long ago ask for. */
export function addedArg(b: Body, node: ast.CallExpr | ast.ActionRef): readonly Expr[] {
  const given = b.program.findings.addedArgs.get(node);
  if (!given) return [];
  return [given.param ? parameter(b, given.param) : b.declare('ignored', named(given.type), nowhere)];
}

const isExtern = (call: Call): boolean => call.decl?.kind === 'extern' || call.decl?.kind === 'extern-function';

function builtin(b: Body, e: ast.CallExpr, call: Call): void {
  const { loc } = e;
  if (call.name === 'setValid' || call.name === 'setInvalid')
    b.emit({ kind: 'set-validity', header: receiver(b, e), valid: call.name === 'setValid', loc });
  else if (call.name === 'push_front' || call.name === 'pop_front') {
    const [count] = call.args;
    b.emit({
      kind: call.name === 'push_front' ? 'push' : 'pop',
      stack: receiver(b, e),
      count: count ? Number(lowerNumber(b, count)) : 1,
      loc,
    });
  }
}

function calleeOf(b: Body, e: ast.CallExpr, call: Call): Callee {
  const { program } = b;
  switch (call.kind) {
    case 'action':
      return { kind: 'action', name: b.nameOf(call.decl as object) };
    case 'method':
      return { kind: 'method', object: receiver(b, e), method: call.name };
    case 'block': {
      invariant(e.callee.kind === 'member', 'a block is applied without its name');
      const object = e.callee.base;
      const isInstance = object.kind === 'name' && program.findings.entities.get(object.path)?.kind !== 'type';
      if (!isInstance) return { kind: 'block', instance: program.direct(b, call, e) };
      const value = lowerPlace(b, object);
      invariant(value.kind === 'name', 'a block without a name');
      return { kind: 'block', instance: value.name };
    }
    default: {
      const decl = call.decl as ast.FunctionDecl | ast.ExternFunctionDecl;
      if (decl.kind === 'function') return { kind: 'function', name: program.functionName(b, call, e) };
      if (!isGiven(program.arch, decl))
        fail(
          'p4-own-extern',
          { what: `The extern function ${call.name}` },
          { loc: e.loc, notes: [{ message: 'it is declared here', loc: decl.loc }] },
        );
      return { kind: 'function', name: call.name };
    }
  }
}

interface Args {
  /** In the order of the parameters; `_` and what is left out are filled in. */
  readonly args: readonly Expr[];
  /** The places and objects that the callee may change. */
  readonly changes: readonly Expr[];
  /** What is stored after the call: variables that stand for out and inout arguments. */
  readonly copies: readonly Copy[];
}
/** An out or inout argument. */
interface Written {
  /** Which parameter it is for. */
  readonly at: number;
  readonly param: ParamInfo;
  /** What the call is given: the place, or a variable with the value that was there. */
  expr: Expr;
  readonly place: Expr;
}
interface Copy {
  readonly target: Expr;
  readonly value: Expr;
}

/** Arguments are evaluated, and copied back, in the order in which the call has them (P4-16 §6.8). */
function lowerArgs(b: Body, e: ast.CallExpr, call: Call): Args {
  const given = e.args.flatMap(({ value: arg }) => {
    const at = arg ? call.args.indexOf(arg) : -1;
    const param = call.params[at];
    return arg && param ? [{ arg, at, param }] : [];
  });
  const operands = given.map(({ arg, param }): Operand => {
    if (isWritten(param)) return { keep: param.direction === 'out' ? 'place' : 'both', lower: () => lowerPlace(b, arg) };
    return { keep: isObject(b, param) ? 'nothing' : 'value', lower: () => lowerExpr(b, arg) };
  });
  const kept = evaluated(b, operands, () => undefined).operands;
  const written = given.flatMap(({ at, param }, i): Written[] => {
    const { expr, place = expr } = kept[i] as Evaluated;
    return isWritten(param) ? [{ at, param, expr, place }] : [];
  });
  const args: (Expr | undefined)[] = call.params.map(() => undefined);
  for (const [i, { at }] of given.entries()) args[at] = kept[i]?.expr;
  if (mayExit(b, call)) putBack(b, args, written);
  const objects = given.flatMap(({ at, param }) => (isObject(b, param) ? (args[at] ?? []) : []));
  const changes = [...objects, ...written.map((w) => w.place)];
  const copies: Copy[] = [];
  for (const [i, { at, param, expr, place }] of written.entries()) {
    // What has something in common with one that is stored after the call, or after this one, is stored after that.
    const before = [...copies.map((c) => c.target), ...written.slice(0, i).flatMap((w) => (w.at > at ? w.place : []))];
    if (place === expr && !mayChange(b, before, place)) continue;
    const target = settled(b, place, changes);
    const value = place === expr ? b.declare('tmp', place.type, place.loc, param.direction === 'out' ? undefined : target) : expr;
    args[at] = value;
    copies.push({ target, value });
  }
  const values = call.params.map((param, i) => args[i] ?? omitted(b, param));
  let end = values.length;
  while (end > 0 && values[end - 1]?.kind === 'default' && call.params[end - 1]?.optional) end--;
  return { args: values.slice(0, end), changes, copies };
}

/** Whether the callee may be left by `exit`, or by an error of a parser: what comes after the call is not executed then. */
function mayExit(b: Body, call: Call): boolean {
  return call.kind === 'block' || (call.kind === 'action' && b.program.exiting.has(call.decl as object));
}

/**
 * Stores values that were saved in their places again, before the call: the callee then copies out itself, which it does
 * then too (P4-16 §12.5). A place that has something in common with another one keeps its variable.
 */
function putBack(b: Body, args: (Expr | undefined)[], written: readonly Written[]): void {
  for (const one of written) {
    const { at, expr, place } = one;
    if (place === expr || written.some((w) => w !== one && mayChange(b, [place], w.place))) continue;
    for (const [i, arg] of args.entries()) if (arg && i !== at) args[i] = savedValue(b, arg, [place]);
    b.emit({ kind: 'assign', target: place, value: expr, loc: place.loc });
    one.expr = args[at] = place;
  }
}

const isWritten = ({ direction }: ParamInfo): boolean => direction === 'out' || direction === 'inout';
const isObject = (b: Body, { type }: ParamInfo): boolean => prune(substitute(type, b.types)).kind === 'extern';

/** The argument for a parameter that the call has none for. */
function omitted(b: Body, param: ParamInfo): Expr {
  const type = b.type(param.type);
  const loc = param.decl?.loc ?? { file: '', line: 0, column: 0 };
  if (param.decl?.default) return b.program.defaultOf(param, type);
  return param.direction === 'out' ? b.declare('ignored', type, loc) : { kind: 'default', type, loc };
}

/** Some versions of an include file take numbers of other widths than the architecture says. */
function asDeclared(b: Body, callee: Callee & { kind: 'method' }, args: readonly Expr[]): readonly Expr[] {
  const extern = callee.object.type.kind === 'named' ? b.program.extern(callee.object.type.name) : undefined;
  const method = extern?.methods.find((m) => m.name === callee.method && m.params.length === args.length);
  if (!method) return args;
  return args.map((arg, i) => {
    const param = method.params[i];
    if (param?.direction !== 'in' || !isSized(param.type) || sameType(param.type, arg.type)) return arg;
    return arg.kind === 'const' ? { ...arg, type: param.type } : converted(b, arg, param.type);
  });
}
