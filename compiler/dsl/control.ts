/** `ctl`: the declarations of a control, and its apply block. */
import { bitType, boolType, member, name, named } from '../ir/build.js';
import type { ActionCallExpr, ActionDecl, ActionRef, ControlDecl, InstanceDecl, LocalDecl, Param, TableDecl } from '../ir/decl.js';
import type { Expr as Ir } from '../ir/expr.js';
import type { Block } from '../ir/stmt.js';
import type { Type } from '../ir/types.js';
import { DiagnosticError } from '../support/diagnostics.js';
import { captureLocation, type Loc } from '../support/location.js';
import { didYouMean } from '../support/messages.js';
import { nearest } from '../support/suggest.js';
import { parseValue, ValueError } from '../support/values.js';
import { BodyNode } from './body.js';
import { docAbove, fieldLocations } from './comments.js';
import { describe, ExprNode } from './expr.js';
import { actionBrand, actionCallBrand, actionCallOf, actionOf, counterBrand, expectHandle, tableBrand } from './handles.js';
import type { KeyNode } from './match.js';
import type { Recorder } from './recorder.js';
import type { DataType, Fields, TableOptions } from './surface.js';
import { formatOf, irType } from './types.js';

/** What the control needs to know of its pipeline. */
export interface ControlContext {
  readonly recorder: Recorder;
  /** The block's name: `ingress` or `egress`, or what the pipeline calls it. */
  readonly block: string;
  readonly packetIn: Readonly<Record<string, Type>>;
  /** Data types that tables, actions and fields use: the program declares their enums. */
  seen(type: DataType): void;
}

export class ControlNode {
  readonly #context: ControlContext;
  readonly #locals: LocalDecl[] = [];
  readonly #names = new Set<string>(['hdr', 'meta', 'std', 'NoAction']);
  #body: Block | undefined;

  constructor(context: ControlContext) {
    this.#context = context;
  }

  action(actionName: string, params: Fields, body: (c: never, args: never) => void): unknown {
    const loc = captureLocation();
    this.#declare(actionName, 'action', loc);
    const locations = fieldLocations(loc, Object.keys(params));
    const irParams = Object.entries(params).map(([param, type]): Param => {
      this.#context.seen(type);
      return { name: param, type: irType(type), loc: locations.get(param) ?? loc, ...formatOf(type) };
    });
    const recorder = this.#context.recorder;
    const args = Object.fromEntries(irParams.map((p) => [p.name, new ExprNode(name(p.name, p.type, p.loc), recorder, [], p.loc)]));
    const doc = recorder.isFirstOnLine(loc) ? docAbove(loc) : {};
    const declaration: ActionDecl = {
      kind: 'action',
      name: actionName,
      params: irParams,
      body: this.#record('action', loc, (c) => body(c as never, args as never), new Set(Object.keys(params))),
      loc,
      ...doc,
    };
    this.#locals.push(declaration);
    const path = `${this.#context.block}.${actionName}`;
    const construct = (given: Readonly<Record<string, unknown>> = {}) =>
      Object.freeze({ call: actionName, [actionCallBrand]: { path, args: given } });
    return Object.freeze(Object.assign(construct, { actionName, [actionBrand]: { path, name: actionName, params: irParams } }));
  }

  table(tableName: string, options: TableOptions<any, readonly never[], any>): unknown {
    const loc = captureLocation();
    const { recorder } = this.#context;
    this.#declare(tableName, 'table', loc);
    const path = `${this.#context.block}.${tableName}`;
    const actions = (options.actions as readonly unknown[]).map((ref): ActionRef => {
      const info = expectHandle(actionOf, ref, 'an action', loc);
      return { action: info.name, args: [], loc };
    });
    if (options.implementation) recorder.diagnostics.report('not-yet', { feature: 'A table implementation' }, { loc });
    if (options.idleTimeout) recorder.diagnostics.report('not-yet', { feature: 'An idle timeout' }, { loc });
    const { size } = options;
    if (size !== undefined && (!Number.isInteger(size) || size < 1)) {
      recorder.diagnostics.report('bad-operand', { got: describe(size), expected: 'a number of entries from 1' }, { loc });
    }
    const counter = options.counter === undefined ? undefined : this.#directCounter(tableName, options.counter, loc);
    const declaration: TableDecl = {
      kind: 'table',
      name: tableName,
      keys: Object.entries(options.key as Record<string, KeyNode>).map(([keyName, key]) => {
        recorder.consume(key.expr, key.loc);
        const type = key.expr.type;
        const { format } = key.expr;
        if (type.kind === 'error') recorder.diagnostics.report('not-yet', { feature: 'An error as a key' }, { loc: key.loc });
        return { expr: key.expr.at(key.loc), match: key.match, name: keyName, loc: key.loc, ...(format ? { format } : {}) };
      }),
      actions,
      ...(options.default === undefined ? {} : { defaultAction: { ...this.#actionCall(options.default, actions, loc), const: false } }),
      ...(size === undefined ? {} : { size }),
      ...(counter ? { properties: [{ name: 'counters', value: counter }] } : {}),
      loc,
      ...(recorder.isFirstOnLine(loc) ? docAbove(loc) : {}),
    };
    this.#locals.push(declaration);
    return Object.freeze({ tableName, [tableBrand]: { path, name: tableName } });
  }

  counter(counterName: string, options: { readonly size: number; readonly unit: string }): unknown {
    const loc = captureLocation();
    this.#declare(counterName, 'counter', loc);
    if (!Number.isInteger(options.size) || options.size < 1) {
      this.#context.recorder.diagnostics.report(
        'bad-operand',
        { got: describe(options.size), expected: 'a number of cells from 1' },
        { loc },
      );
    }
    const size: Ir = { kind: 'const', value: BigInt(Math.max(1, Math.trunc(Number(options.size) || 1))), type: bitType(32), loc };
    this.#locals.push({
      kind: 'instance',
      name: counterName,
      type: named('Counter') as InstanceDecl['type'],
      args: [size, member('CounterUnit', options.unit, loc)],
      loc,
      ...(this.#context.recorder.isFirstOnLine(loc) ? docAbove(loc) : {}),
    });
    return Object.freeze({
      kind: 'counter',
      counterName,
      [counterBrand]: { path: `${this.#context.block}.${counterName}`, name: counterName },
    });
  }

  apply(f: (c: never) => void): void {
    const loc = captureLocation();
    if (this.#body) this.#context.recorder.diagnostics.report('apply-twice', { block: this.#context.block }, { loc });
    this.#body = this.#record('apply', loc, (c) => f(c as never), this.#names);
  }

  // ── not yet ──

  scope(): this {
    this.#notYet('ctl.scope');
    return this;
  }
  profile(): unknown {
    return this.#notYet('ctl.profile');
  }
  selector(): unknown {
    return this.#notYet('ctl.selector');
  }
  meter(): unknown {
    return this.#notYet('ctl.meter');
  }
  register(): unknown {
    return this.#notYet('ctl.register');
  }
  digest(): unknown {
    return this.#notYet('ctl.digest');
  }

  // ── for the pipeline ──

  /** The control as declared; `loc` is where the pipeline has it. */
  finish(params: readonly Param[], loc: Loc): ControlDecl {
    if (!this.#body && this.#locals.length > 0)
      this.#context.recorder.diagnostics.report('apply-missing', { block: this.#context.block }, { loc });
    return { kind: 'control', name: this.#context.block, params, locals: this.#locals, body: this.#body ?? [], loc };
  }

  // ── implementation ──

  #notYet(feature: string): object {
    this.#context.recorder.diagnostics.report('not-yet', { feature }, { loc: captureLocation() });
    return Object.freeze({});
  }

  #record(place: 'apply' | 'action', loc: Loc, f: (c: BodyNode) => void, names: Set<string>): Block {
    const { recorder, block, packetIn } = this.#context;
    const body = new BodyNode({
      recorder,
      block,
      place,
      packetIn,
      names: new Set([...names, ...this.#names]),
      tableActions: (table) => this.#locals.find((l): l is TableDecl => l.kind === 'table' && l.name === table)?.actions ?? [],
    });
    let recorded: Block = [];
    try {
      recorded = body.record(() => f(body), loc);
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      recorder.diagnostics.add(...error.diagnostics);
    }
    recorder.endBlock();
    return recorded;
  }

  #declare(text: string, what: string, loc: Loc): void {
    const { diagnostics } = this.#context.recorder;
    if (!/^[A-Za-z_]\w*$/.test(text)) diagnostics.report('bad-name', { name: text, what }, { loc });
    else if (this.#names.has(text)) {
      const other = this.#locals.find((local) => local.name === text);
      diagnostics.report(
        'duplicate-name',
        { name: text, what: other?.kind ?? 'parameter' },
        {
          loc,
          notes: other ? [{ message: `the other "${text}" is declared here`, loc: other.loc }] : [],
        },
      );
    }
    this.#names.add(text);
  }

  #directCounter(table: string, unit: string, loc: Loc): Ir {
    let text = `${table}_counter`;
    while (this.#names.has(text)) text = `${text}_`;
    this.#names.add(text);
    this.#locals.push({
      kind: 'instance',
      name: text,
      type: named('DirectCounter') as InstanceDecl['type'],
      args: [member('CounterUnit', unit, loc)],
      loc,
    });
    return name(text, named('DirectCounter'), loc);
  }

  /** The default action with the user's values as constants. */
  #actionCall(handle: unknown, actions: readonly ActionRef[], loc: Loc): ActionCallExpr {
    const { diagnostics } = this.#context.recorder;
    const { path, args } = expectHandle(actionCallOf, handle, 'an action with its arguments, such as drop()', loc);
    const action = path.slice(this.#context.block.length + 1);
    const declaration = this.#locals.find((l): l is ActionDecl => l.kind === 'action' && l.name === action);
    if (!declaration || !actions.some((ref) => ref.action === action)) {
      diagnostics.report('default-not-in-actions', { action: action, actions: actions.map((ref) => ref.action).join(', ') }, { loc });
      return { action, args: [], loc };
    }
    const names = declaration.params.map((p) => p.name);
    for (const key of Object.keys(args)) {
      if (!names.includes(key))
        diagnostics.report(
          'unknown-argument',
          { what: `Action ${action}`, name: key, suggestion: didYouMean(nearest(key, names)) },
          { loc },
        );
    }
    return { action, args: declaration.params.map((param) => this.#literal(action, param, args[param.name], loc)), loc };
  }

  #literal(action: string, param: Param, given: unknown, loc: Loc): Ir {
    const { diagnostics } = this.#context.recorder;
    if (given === undefined) diagnostics.report('missing-argument', { what: `Action ${action}`, name: param.name }, { loc });
    if (param.type.kind === 'bool') return { kind: 'bool', value: given === true, type: boolType, loc };
    if (param.type.kind === 'named') return member(param.type.name, String(given), loc);
    const width = 'width' in param.type ? param.type.width : 1;
    try {
      return { kind: 'const', value: given === undefined ? 0n : parseValue(given as string, width, param.format), type: param.type, loc };
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      diagnostics.report('bad-literal', { what: `${action}, ${param.name}`, reason: error.message }, { loc });
      return { kind: 'const', value: 0n, type: param.type, loc };
    }
  }
}
