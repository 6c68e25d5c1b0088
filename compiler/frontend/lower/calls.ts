/** Calls: statements of the IR, which put what they return into a variable. */
import { bits, bool, callFunction, constant, named, name as nameExpr } from '../../ir/build.js';
import type { Expr } from '../../ir/expr.js';
import type { Callee, CallStmt } from '../../ir/stmt.js';
import { sameType, type Type } from '../../ir/types.js';
import { fail } from '../../support/diagnostics.js';
import { invariant } from '../../support/invariant.js';
import { nowhere } from '../../support/location.js';
import { isGiven } from '../architecture.js';
import type * as ast from '../ast.js';
import type { Call } from '../check/context.js';
import type { NewArg } from '../check/old-forms.js';
import { isSizeMethod, type SizeMethod, sizeOf } from '../check/size-methods.js';
import type { Body } from './body.js';
import { converted, lowerExpr, lowerNumber, lowerPlace, settledPlace } from './expressions.js';
import { known } from './fold.js';
import type { ProgramLowering } from './program.js';

/** Whether evaluating the expression takes statements: it has a call in it. */
export function hasEffects(b: { readonly program: ProgramLowering }, e: ast.Expr): boolean {
  const inner = (...list: readonly ast.Expr[]): boolean => list.some((x) => hasEffects(b, x));
  switch (e.kind) {
    case 'call': {
      const call = callOf(b.program, e);
      if (call.kind === 'builtin' && isSizeMethod(call.name)) return false;
      if (call.kind === 'builtin' && call.name === 'isValid') return e.callee.kind === 'member' && inner(e.callee.base);
      return !isPacketExpression(call) && !isAssertion(call);
    }
    case 'member':
      return inner(e.base);
    case 'index':
      return inner(e.base, e.index);
    case 'slice':
      return inner(e.base);
    case 'plus-slice':
      return inner(e.base, e.low);
    case 'unary':
    case 'cast':
      return inner(e.arg);
    case 'binary':
      return inner(e.left, e.right);
    case 'mux':
      return inner(e.cond, e.yes, e.no);
    case 'list':
      return inner(...e.elements);
    case 'struct':
      return inner(...e.fields.map((f) => f.value));
    default:
      return false;
  }
}

export function callOf(program: ProgramLowering, e: ast.CallExpr): Call {
  const call = program.findings.calls.get(e);
  invariant(call, 'a call that the checker does not know');
  return call;
}

const isPacketExpression = (call: Call): boolean =>
  call.kind === 'method' && call.decl?.name.text === 'packet_in' && (call.name === 'lookahead' || call.name === 'length');
const isAssertion = (call: Call): boolean => call.kind === 'function' && call.name === 'static_assert';

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
  const old = b.program.findings.oldForms.get(e);
  if (old) {
    const given = (): Expr => result ?? b.declare('ignored', b.type(call.returns), loc);
    b.emit(
      callFunction(
        old.name,
        old.args.flatMap((arg) => todaysArg(b, arg, given) ?? []),
        loc,
      ),
    );
    return;
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
  const callee = calleeOf(b, e, call);
  const added = addedArg(b, e);
  const args = call.kind === 'action' ? [...added, ...lowerArgs(b, call)] : [...lowerArgs(b, call), ...added];
  const explicit = e.typeArgs && (call.kind === 'function' || call.kind === 'method') && isExtern(call);
  const stmt: CallStmt = {
    kind: 'call',
    callee,
    args: callee.kind === 'method' ? asDeclared(b, callee, args) : args,
    ...(explicit ? { typeArgs: call.typeArgs.map((t) => b.type(t)) } : {}),
    ...(result ? { result } : {}),
    loc,
  };
  b.emit(stmt);
}

function todaysArg(b: Body, arg: NewArg, result: () => Expr): Expr | undefined {
  switch (arg.kind) {
    case 'old':
      return arg.value && lowerExpr(b, arg.value);
    case 'number':
      return bits(arg.value, 8);
    case 'parameter':
      return parameter(b, arg.decl);
    case 'missing':
      return b.declare('ignored', named(arg.type), nowhere);
    case 'result':
      return result();
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
      if (!isGiven(program.arch, decl)) fail('not-yet', { feature: `The extern function ${call.name}` }, { loc: e.loc });
      return { kind: 'function', name: call.name };
    }
  }
}

/** In the order of the parameters; `_` and what is left out are filled in. */
export function lowerArgs(b: Body, call: Call): readonly Expr[] {
  const values = call.params.map((param, i): Expr => {
    const arg = call.args[i];
    const type = b.type(param.type);
    if (!arg) {
      const loc = param.decl?.loc ?? { file: '', line: 0, column: 0 };
      if (param.decl?.default) return b.program.defaultOf(param, type);
      return param.direction === 'out' ? b.declare('ignored', type, loc) : { kind: 'default', type, loc };
    }
    const later = call.args.slice(i + 1).flatMap((e) => e ?? []);
    const changes = later.some((e) => hasEffects(b, e));
    if (param.direction === 'out' || param.direction === 'inout') {
      const place = lowerPlace(b, arg);
      return changes ? settledPlace(b, place, later) : place;
    }
    const value = lowerExpr(b, arg);
    return changes ? b.settled(value) : value;
  });
  let end = values.length;
  while (end > 0 && values[end - 1]?.kind === 'default' && call.params[end - 1]?.optional) end--;
  return values.slice(0, end);
}

/** Some versions of an include file take numbers of other widths than the architecture says. */
function asDeclared(b: Body, callee: Callee & { kind: 'method' }, args: readonly Expr[]): readonly Expr[] {
  const extern = callee.object.type.kind === 'named' ? b.program.extern(callee.object.type.name) : undefined;
  const method = extern?.methods.find((m) => m.name === callee.method && m.params.length === args.length);
  if (!method) return args;
  const isNumber = (t: Type): boolean => t.kind === 'bit' || t.kind === 'int';
  return args.map((arg, i) => {
    const param = method.params[i];
    if (param?.direction !== 'in' || !isNumber(param.type) || sameType(param.type, arg.type)) return arg;
    return arg.kind === 'const' ? { ...arg, type: param.type } : converted(b, arg, param.type);
  });
}
