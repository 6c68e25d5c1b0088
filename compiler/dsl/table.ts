/** Tables as declared: keys, actions, default, entries and what belongs to them. */

import { translationOf } from '../ir/annotations.js';
import { bool, boolType, constant, member, name, named } from '../ir/build.js';
import type { ActionCallExpr, ActionDecl, ActionRef, EntryDecl, KeyDecl, Param, TableDecl } from '../ir/decl.js';
import type { Expr as Ir, KeySet } from '../ir/expr.js';
import type { NamedType } from '../ir/types.js';
import { maxUnsigned, prefixMask } from '../support/bits.js';
import { fail } from '../support/diagnostics.js';
import { captureLocation, type Loc } from '../support/location.js';
import { didYouMean } from '../support/messages/message.js';
import { nearest } from '../support/suggest.js';
import { type Format, parseSigned, parseValue, ValueError } from '../support/values.js';
import { irAnnotations } from './annotations.js';
import { expectArguments } from './arguments.js';
import { fieldLocations, propertyBeside } from './comments.js';
import { describe, isExpr, operand } from './expr.js';
import { actionCallOf, actionOf, directMeterOf, expectHandle, profileOf } from './handles.js';
import type { KeyNode } from './match.js';
import type { Recorder } from './recorder.js';
import { entryRestriction, referenceAnnotations } from './restrictions.js';
import type { Action, ActionRef as ActionHandle, DirectedOperands, Impl, Keys, Params, TableOptions } from './surface.js';

const scopeBrand = Symbol.for('p4ts.action-scope');

/** An action that entries may run, but not the default. */
export const tableOnly = <A extends ActionHandle>(action: A): A => scoped(action, { scope: 'tableonly' });
/** An action that only the default may be. */
export const defaultOnly = <A extends ActionHandle>(action: A): A => scoped(action, { scope: 'defaultonly' });
/** An action with values of the program for its directed parameters, as a table runs it. Only tables take it. */
export function bind<const N extends string, const P extends Params>(action: Action<N, P>, args: DirectedOperands<P>): ActionHandle<N> {
  expectArguments('bind', { action: 'anything', args: 'object' }, [action, args]);
  return scoped<ActionHandle<N>>(action, { args: args as Readonly<Record<string, unknown>> });
}

interface Scoped {
  readonly action: unknown;
  readonly scope?: 'tableonly' | 'defaultonly';
  readonly args?: Readonly<Record<string, unknown>>;
}

function scoped<A extends ActionHandle>(action: A, of: Omit<Scoped, 'action'>): A {
  expectHandle(actionOf, action, 'an action', captureLocation());
  return Object.freeze({ actionName: action.actionName, [scopeBrand]: { action, ...of } }) as never;
}

/** What a table needs to know of its control. */
export interface TableContext {
  readonly recorder: Recorder;
  /** The action of this control with that path. */
  action(path: string): ActionDecl | undefined;
  /** Declares a direct counter and gives its name. */
  directCounter(unit: string): Ir;
}

export function tableDecl(
  tableName: string,
  options: TableOptions<Keys, readonly never[], Impl>,
  context: TableContext,
  loc: Loc,
): TableDecl {
  const { recorder } = context;
  const { size, implementation, meter } = options;
  if (size !== undefined && (!Number.isInteger(size) || size < 1)) {
    recorder.diagnostics.report('bad-operand', { got: describe(size), expected: 'a number of entries from 1' }, { loc });
  }
  const actions = (options.actions as readonly unknown[]).map((given) => actionRef(given, recorder, loc));
  const references = referenceAnnotations([options.refersTo, options.referredBy], Object.keys(options.key), loc);
  const keys = Object.entries(options.key as Record<string, KeyNode>).map(([keyName, key]): KeyDecl => {
    if (!isExpr(key?.expr)) fail('key-without-kind', { name: keyName, got: describe(key) }, { loc });
    recorder.consume(key.expr, key.loc);
    // What is computed is a number to controllers.
    const format = key.expr.isReference ? key.expr.format : undefined;
    const annotations = references.get(keyName);
    const declared = { expr: key.expr.at(key.loc), match: key.match, name: keyName, loc: key.loc };
    return { ...declared, ...(format ? { format } : {}), ...(annotations ? { annotations } : {}) };
  });
  const profile = implementation === undefined ? undefined : expectHandle(profileOf, implementation, 'an action profile or selector', loc);
  const over = (implementation as { over?: readonly KeyDecl[] } | undefined)?.over ?? [];
  const directMeter = meter === undefined ? undefined : expectHandle(directMeterOf, meter, 'a meter of ctl.directMeter', loc);
  const properties: { name: string; value: Ir }[] = [
    ...(options.counter === undefined ? [] : [{ name: 'counters', value: context.directCounter(options.counter) }]),
    ...(directMeter ? [{ name: 'meters', value: name(directMeter.name, named('DirectMeter'), loc) }] : []),
    ...(profile
      ? [{ name: 'implementation', value: name(profile.name, named(over.length ? 'ActionSelector' : 'ActionProfile'), loc) }]
      : []),
    ...(options.idleTimeout ? [{ name: 'idle_timeout', value: bool(true, loc) }] : []),
  ];
  const restriction = entryRestriction(options.restrict, keys, recorder, loc);
  const annotations = [...(irAnnotations(options.annotations) ?? []), ...restriction];
  const placeOf = (option: string): Loc => fieldLocations(loc, [option]).get(option) ?? loc;
  return {
    kind: 'table',
    name: tableName,
    keys: [...keys, ...over],
    actions,
    ...(options.default === undefined
      ? {}
      : { defaultAction: { ...actionCall(tableName, options.default, actions, context, placeOf('default')), const: false } }),
    ...(size === undefined ? {} : { size }),
    ...(options.entries === undefined
      ? {}
      : {
          entries: options.entries.map((e) => entryDecl(tableName, e as Given, keys, actions, context, placeOf('entries'))),
          constEntries: options.constEntries === true,
        }),
    ...(properties.length ? { properties } : {}),
    ...(annotations.length ? { annotations } : {}),
    loc,
  };
}

function actionRef(given: unknown, recorder: Recorder, loc: Loc): ActionRef {
  const special = typeof given === 'object' && given !== null ? (given as Record<symbol, Scoped | undefined>)[scopeBrand] : undefined;
  const info = expectHandle(actionOf, special?.action ?? given, 'an action', loc);
  const directed = info.params.filter((param) => param.direction !== undefined);
  const args = directed.map((param): Ir => {
    const value = special?.args?.[param.name];
    if (value === undefined)
      recorder.diagnostics.report('missing-argument', { what: `The action ${info.name} in a table`, name: param.name }, { loc });
    return operand(value ?? 0, param.type, loc, recorder, { format: param.format }).at(loc);
  });
  return { action: info.name, args, loc, ...(special?.scope ? { scope: special.scope } : {}) };
}

/** An action with the user's values as constants; `option` is where the table has it. */
function actionCall(table: string, handle: unknown, actions: readonly ActionRef[], context: TableContext, option: Loc): ActionCallExpr {
  const { diagnostics } = context.recorder;
  const { path, args, loc = option } = expectHandle(actionCallOf, handle, 'an action with its arguments, such as drop()', option);
  context.recorder.usedCall(handle as object);
  const declaration = context.action(path);
  const ref = actions.find((a) => a.action === declaration?.name);
  if (!declaration || !ref) {
    const action = declaration?.name ?? path;
    diagnostics.report('action-not-in-table', { action, table, actions: actions.map((a) => a.action) }, { loc });
    return { action, args: [], loc };
  }
  const given = declaration.params.filter((param) => param.direction === undefined);
  const names = given.map((p) => p.name);
  for (const key of Object.keys(args)) {
    if (!names.includes(key)) {
      diagnostics.report(
        'unknown-argument',
        { what: `The action ${declaration.name}`, name: key, names, suggestion: didYouMean(nearest(key, names)) },
        { loc },
      );
    }
  }
  return {
    action: declaration.name,
    args: [...ref.args, ...given.map((param) => argument(declaration.name, param, args[param.name], context, loc))],
    loc,
  };
}

function argument(action: string, param: Param, given: unknown, context: TableContext, loc: Loc): Ir {
  if (given === undefined)
    context.recorder.diagnostics.report('missing-argument', { what: `The action ${action}`, name: param.name }, { loc });
  if (param.type.kind === 'bool') return { kind: 'bool', value: given === true, type: boolType, loc };
  if (param.type.kind === 'named') return namedValue(param.type, param.format, given, `${action}, ${param.name}`, context, loc);
  return constant(given === undefined ? 0n : number(given, param, `${action}, ${param.name}`, context, loc), param.type, loc);
}

// ── entries ──

interface Given {
  readonly match: Readonly<Record<string, unknown>>;
  readonly action: unknown;
  readonly priority?: number;
}

function entryDecl(
  table: string,
  entry: Given,
  keys: readonly KeyDecl[],
  actions: readonly ActionRef[],
  context: TableContext,
  option: Loc,
): EntryDecl {
  const names = keys.map((key) => key.name);
  // An entry is a plain object: its action says where it is written.
  const loc = actionCallOf(entry.action)?.loc ?? option;
  const placeOf = (key: string): Loc => propertyBeside(loc, key) ?? loc;
  for (const key of Object.keys(entry.match)) {
    if (!names.includes(key)) {
      context.recorder.diagnostics.report(
        'unknown-argument',
        { what: 'The match of this entry', name: key, names, suggestion: didYouMean(nearest(key, names)) },
        { loc: placeOf(key) },
      );
    }
  }
  return {
    keys: keys.map((key) => keySet(key, entry.match[key.name], context, placeOf(key.name))),
    action: actionCall(table, entry.action, actions, context, loc),
    ...(entry.priority === undefined ? {} : { priority: entry.priority }),
    loc,
  };
}

function keySet(key: KeyDecl, given: unknown, context: TableContext, loc: Loc): KeySet {
  const { type } = key.expr;
  if (given === undefined) return { kind: 'any' };
  if (type.kind === 'bool') return { kind: 'value', value: bool(given === true, loc) };
  if (type.kind === 'named') return { kind: 'value', value: namedValue(type, key.format, given, key.name, context, loc) };
  const width = 'width' in type ? type.width : 1;
  const value = (x: unknown): Ir => constant(number(x, { ...key, type }, key.name, context, loc), type, loc);
  const masked = (x: unknown, mask: bigint): KeySet => ({ kind: 'mask', value: value(x), mask: constant(mask, type, loc) });
  if (typeof given === 'object' && given !== null) {
    if ('mask' in given && 'value' in given) return { kind: 'mask', value: value(given.value), mask: value(given.mask) };
    if ('low' in given && 'high' in given) return { kind: 'range', low: value(given.low), high: value(given.high) };
    if ('prefix' in given && 'value' in given) return masked(given.value, prefixMask(Number(given.prefix), width));
  }
  if (key.match === 'lpm' && typeof given === 'string') {
    const [address = '', length] = given.split('/');
    return masked(address, length === undefined ? maxUnsigned(width) : prefixMask(Number(length), width));
  }
  return { kind: 'value', value: value(given) };
}

/** A member of an enum, or the switch's number for what controllers write for a type of the pipeline. */
function namedValue(type: NamedType, format: Format | undefined, given: unknown, what: string, context: TableContext, loc: Loc): Ir {
  const declaration = context.recorder.types.get(type.name);
  if (declaration?.kind !== 'newtype') return member(type.name, String(given), loc);
  const translation = translationOf(declaration);
  const { values } = translation ?? {};
  if (!translation || translation.width !== undefined) {
    const of = { type: declaration.type, ...(format ? { format } : {}) };
    return constant(number(given, of, what, context, loc), type, loc);
  }
  const value = values?.get(String(given));
  if (value === undefined) {
    const problem = `"${String(given)}" is not a value of ${type.name}: ${[...(values?.keys() ?? [])].join(', ')}`;
    context.recorder.diagnostics.report('value-unknown', { what, problem }, { loc });
  }
  return constant(value ?? 0n, type, loc);
}

function number(given: unknown, of: Pick<Param, 'type' | 'format'>, what: string, context: TableContext, loc: Loc): bigint {
  try {
    if (of.type.kind === 'int') return BigInt.asIntN(of.type.width, parseSigned(given as string, of.type.width));
    return parseValue(given as string, 'width' in of.type ? of.type.width : 1, of.format);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    context.recorder.diagnostics.report(error.code, { what, problem: error.message }, { loc });
    return 0n;
  }
}
