/** `ctl`: the declarations of a control, and its apply block. */
import { bits, member, name, named } from '../ir/build.js';
import type { ActionDecl, ControlDecl, Direction, InstanceDecl, KeyDecl, LocalDecl, Param, TableDecl } from '../ir/decl.js';
import type { Expr as Ir } from '../ir/expr.js';
import { controlPlaneName } from '../ir/names.js';
import type { Place } from '../ir/places.js';
import type { Block } from '../ir/stmt.js';
import type { Annotation, Declared, StructDecl } from '../ir/types.js';
import { fail } from '../support/diagnostics.js';
import { docAbove } from '../support/doc-comments.js';
import { captureLocation, type Loc } from '../support/location.js';
import { irAnnotations } from './annotations.js';
import { fieldLocations } from './comments.js';
import { describe, ExprNode, nodeOf } from './expr.js';
import { functionHandle } from './function.js';
import {
  actionBrand,
  actionCallBrand,
  counterBrand,
  digestBrand,
  directMeterBrand,
  meterBrand,
  profileBrand,
  registerBrand,
  tableBrand,
} from './handles.js';
import type { Methods } from './methods.js';
import type { Recorder } from './recorder.js';
import { callRestriction, referenceAnnotations } from './restrictions.js';
import { ServicesNode } from './services.js';
import { withControl } from './sub-control.js';
import type {
  ActionOptions,
  Annotations,
  Body,
  Cell,
  Ctl,
  DataType,
  Directed,
  Fields,
  Impl,
  Keys,
  Params,
  TableOptions,
} from './surface.js';
import { tableDecl } from './table.js';
import { cellType, cellTypes, fieldDecls, formatOf, irType, isOneValue, type Typed, typed, typedAll } from './types.js';

/** What the control needs to know of its pipeline. */
export interface ControlContext {
  readonly recorder: Recorder;
  /** The control's name in P4. */
  readonly block: string;
  /** What the control plane puts in front of the names declared here. */
  readonly path: string;
  readonly params: readonly Param[];
  readonly packetIn: Readonly<Record<string, Typed>>;
  /** Data types that tables, actions and fields use: the program declares their enums and structs. */
  seen(type: DataType): void;
  /** Takes a control that is declared inside this one. */
  nested(control: ControlDecl): void;
}

/** What a control and its scopes share. */
interface ControlState {
  readonly locals: LocalDecl[];
  readonly names: Set<string>;
  /** What each action writes of what the control shares with it. */
  readonly writes: Map<string, readonly Place[]>;
  body?: Block;
}

export class ControlNode implements Methods<Ctl<Body>> {
  readonly #context: ControlContext;
  readonly #state: ControlState;
  /** `tenants.` in a scope; empty outside. */
  readonly #prefix: string;

  constructor(context: ControlContext, state?: ControlState, prefix = '') {
    this.#context = context;
    this.#state = state ?? { locals: [], names: new Set([...context.params.map((p) => p.name), 'NoAction']), writes: new Map() };
    this.#prefix = prefix;
  }

  scope(instance: string): ControlNode {
    this.#checkName(instance, 'scope', captureLocation());
    return new ControlNode(this.#context, this.#state, `${this.#prefix}${instance}.`);
  }

  action(actionName: string, params: Params, body: (c: never, args: never) => void, options: ActionOptions<Params> = {}): unknown {
    const loc = captureLocation();
    const declared = this.#declare(actionName, 'action', loc, options.annotations);
    const locations = fieldLocations(loc, Object.keys(params));
    const references = referenceAnnotations([options.refersTo], Object.keys(params), loc);
    const irParams = Object.entries(params).map(([param, given]): Param => {
      const { direction, type } = isDirected(given) ? given : { direction: undefined, type: given as DataType };
      this.#context.seen(type);
      const annotations = references.get(param);
      return {
        name: param,
        type: irType(type),
        loc: locations.get(param) ?? loc,
        ...(direction ? { direction } : {}),
        ...formatOf(type),
        ...(annotations ? { annotations } : {}),
      };
    });
    const { recorder } = this.#context;
    const restriction = callRestriction(options.restrict, irParams, recorder, loc);
    const annotations = [...(declared.annotations ?? []), ...restriction];
    const views = irParams.map((p) => [p.name, new ExprNode(name(p.name, p.type, p.loc), recorder, [], p.loc, p.format)]);
    const args = Object.freeze(Object.fromEntries(views));
    const shared = new Set(this.#context.params.map((p) => p.name));
    const recorded = (c: ServicesNode): unknown => {
      const result: unknown = body(c as never, args as never);
      this.#state.writes.set(
        declared.name,
        recorder.written.filter(([root]) => typeof root === 'string' && shared.has(root)),
      );
      return result;
    };
    const declaration: ActionDecl = {
      kind: 'action',
      ...declared,
      ...(annotations.length ? { annotations } : {}),
      params: irParams,
      body: this.#record('action', loc, recorded, Object.keys(params), { a: args }),
    };
    this.#state.locals.push(declaration);
    const path = this.#path(actionName);
    const construct = (given: Readonly<Record<string, unknown>> = {}) => {
      const { owner } = recorder;
      const at = owner.program ? undefined : captureLocation();
      const made = Object.freeze({
        call: actionName,
        args: given,
        [actionCallBrand]: { path, args: given, owner, ...(at ? { loc: at } : {}) },
      });
      if (at && recorder.isRecording) recorder.calledAction(made, actionName, at);
      return made;
    };
    return Object.freeze(
      Object.assign(construct, { actionName, [actionBrand]: { ...this.#part(actionName, declaration.name), params: irParams } }),
    );
  }

  table(tableName: string, options: TableOptions<Keys, readonly never[], Impl>): unknown {
    const loc = captureLocation();
    const declared = this.#declare(tableName, 'table', loc);
    const context = {
      recorder: this.#context.recorder,
      action: (path: string) => this.#state.locals.find((l): l is ActionDecl => l.kind === 'action' && this.#pathOf(l) === path),
      directCounter: (unit: string) => this.#directCounter(declared.name, unit, loc),
    };
    const table = tableDecl(declared.name, options, context, loc);
    const annotations = [...(declared.annotations ?? []), ...(table.annotations ?? [])];
    this.#state.locals.push({ ...table, ...declared, ...(annotations.length ? { annotations } : {}) });
    return Object.freeze({ tableName, [tableBrand]: this.#part(tableName, declared.name) });
  }

  // ── state ──

  counter(counterName: string, options: { readonly size: number; readonly unit: string }): unknown {
    const loc = captureLocation();
    const declared = this.#instance(
      counterName,
      'counter',
      named('Counter'),
      [this.#size(options.size, loc), choice('CounterUnit', 'unit', options.unit, loc)],
      loc,
    );
    return Object.freeze({ kind: 'counter', counterName, [counterBrand]: this.#part(counterName, declared) });
  }

  meter(meterName: string, options: { readonly size: number; readonly unit: string }): unknown {
    const loc = captureLocation();
    const declared = this.#instance(
      meterName,
      'meter',
      named('Meter'),
      [this.#size(options.size, loc), choice('MeterUnit', 'unit', options.unit, loc)],
      loc,
    );
    return Object.freeze({ kind: 'meter', [meterBrand]: this.#part(meterName, declared) });
  }

  directMeter(meterName: string, options: { readonly unit: string }): unknown {
    const loc = captureLocation();
    const declared = this.#instance(meterName, 'meter', named('DirectMeter'), [choice('MeterUnit', 'unit', options.unit, loc)], loc);
    return Object.freeze({ kind: 'direct_meter', [directMeterBrand]: this.#part(meterName, declared) });
  }

  register(registerName: string, cell: Cell, size: number): unknown {
    const loc = captureLocation();
    for (const type of cellTypes(cell)) {
      const kind = (type as DataType | undefined)?.kind;
      if (kind === 'bit' || kind === 'newtype') continue;
      const got = kind === undefined ? describe(cell) : `a type of kind ${kind}`;
      fail('bad-operand', { got, expected: `cells of bits: bit(W), a newtype, or several of them with names` }, { loc });
    }
    const local = this.#localName(registerName);
    const type = cellType(local, cell);
    if (isOneValue(cell)) this.#context.seen(cell);
    else this.#struct(`${local}_cell_t`, cell, loc);
    this.#instance(registerName, 'register', named('Register', [type]), [this.#size(size, loc)], loc);
    return Object.freeze({ kind: 'register', cell, [registerBrand]: { ...this.#part(registerName, local), cell } });
  }

  digest(digestName: string, fields: Fields): unknown {
    const loc = captureLocation();
    this.#checkName(digestName, 'digest', loc);
    this.#struct(digestName, fields, loc);
    return Object.freeze({
      kind: 'digest',
      fields,
      [digestBrand]: { path: digestName, name: digestName, owner: this.#context.recorder.owner, fields },
    });
  }

  profile(profileName: string, options: { readonly size: number }): unknown {
    const loc = captureLocation();
    const declared = this.#instance(profileName, 'action profile', named('ActionProfile'), [this.#size(options.size, loc)], loc);
    return Object.freeze({ impl: 'profile', [profileBrand]: this.#part(profileName, declared) });
  }

  selector(
    selectorName: string,
    options: { readonly size: number; readonly maxGroup: number; readonly hash: string; readonly over: readonly unknown[] },
  ): unknown {
    const loc = captureLocation();
    const args = [choice('HashAlgorithm', 'hash', options.hash, loc), this.#size(options.size, loc), this.#size(options.maxGroup, loc)];
    const declared = this.#instance(selectorName, 'action selector', named('ActionSelector'), args, loc);
    const over = options.over.map((x, i): KeyDecl => {
      const node = nodeOf(x, loc);
      this.#context.recorder.consume(node, loc);
      return { expr: node.at(loc), match: 'selector', name: `${selectorName}_${i}`, loc };
    });
    return Object.freeze({ impl: 'selector', over, [profileBrand]: this.#part(selectorName, declared) });
  }

  // ── blocks ──

  apply(f: (c: never) => void): void {
    const loc = captureLocation();
    if (this.#state.body) this.#context.recorder.diagnostics.report('apply-twice', { block: this.#context.path }, { loc });
    this.#state.body = this.#record('apply', loc, (c) => f(c as never), []);
  }

  control(instance: string, declare: (ctl: never) => unknown): object {
    const loc = captureLocation();
    const declared = this.#declare(instance, 'control', loc);
    const inner = new ControlNode({ ...this.#context, block: `${this.#context.block}_${declared.name}`, path: this.#path(instance) });
    const handles = declare(inner as never);
    const control = inner.finish(loc);
    this.#context.nested(control);
    this.#state.locals.push({ kind: 'instance', ...declared, type: named(control.name), args: [] });
    const args = this.#context.params.map((p) => name(p.name, p.type, loc));
    return withControl(handles, { instance: declared.name, args });
  }

  function(functionName: string, params: Fields, returns: DataType, body: (c: never, args: never) => unknown): object {
    const loc = captureLocation();
    this.#checkName(functionName, 'function', loc);
    const { recorder } = this.#context;
    const irParams = Object.entries(params).map(([param, type]): Param => ({ name: param, type: irType(type), direction: 'in', loc }));
    const views = irParams.map((p) => {
      const { format } = typed(params[p.name] as DataType);
      return [p.name, new ExprNode(name(p.name, p.type, loc), recorder, [], loc, format)];
    });
    const args = Object.freeze(Object.fromEntries(views));
    const result = typed(returns);
    const recorded = this.#record('action', loc, (c) => c.return(body(c as never, args as never), result), Object.keys(params), {
      a: args,
    });
    const declaration = {
      kind: 'function' as const,
      name: functionName,
      params: irParams,
      returns: result.type,
      body: recorded,
      loc,
      ...docAbove(loc),
    };
    recorder.functions.push(declaration);
    return functionHandle({ name: functionName, params: typedAll(params), returns: result });
  }

  /** The control as declared; `loc` is where the pipeline has it. After a mistake that ended the recording, it is not complete. */
  finish(loc: Loc, isComplete = true): ControlDecl {
    const { locals, body } = this.#state;
    const { block, path, params, recorder } = this.#context;
    if (isComplete && !body && locals.length > 0) recorder.diagnostics.report('apply-missing', { block: path }, { loc });
    return { kind: 'control', name: block, params, locals, body: body ?? [], loc };
  }

  // ── implementation ──

  #record(place: 'apply' | 'action', loc: Loc, f: (c: ServicesNode) => void, names: readonly string[], views = {}): Block {
    const { recorder, path, packetIn } = this.#context;
    const body = new ServicesNode({
      recorder,
      block: path,
      place,
      packetIn,
      names: new Set([...names, ...this.#state.names]),
      tableActions: (table) => this.#state.locals.find((l): l is TableDecl => l.kind === 'table' && l.name === table)?.actions ?? [],
      writesOf: (action) => this.#state.writes.get(action) ?? [],
    });
    const around = recorder.views;
    recorder.views = { ...around, ...views };
    try {
      return recorder.inBlock(() => body.record(() => f(body), loc));
    } catch (error) {
      recorder.failed(error);
      return [];
    } finally {
      recorder.views = around;
    }
  }

  /** What the handle of a local says of it. */
  #part(text: string, local: string) {
    return { path: this.#path(text), name: local, owner: this.#context.recorder.owner };
  }

  #path(text: string): string {
    return `${this.#context.path}.${this.#prefix}${text}`;
  }

  /** What the control plane calls a local of this control. */
  #pathOf(local: Declared): string {
    return controlPlaneName(this.#context.path, local);
  }

  #localName(text: string): string {
    return `${this.#prefix}${text}`.replaceAll('.', '_');
  }

  #checkName(text: string, what: string, loc: Loc): void {
    if (!/^[A-Za-z_]\w*$/.test(text)) this.#context.recorder.diagnostics.report('bad-name', { name: text, what }, { loc });
  }

  /** Takes a name; in a scope the control plane sees another one than P4. */
  #declare(text: string, what: string, loc: Loc, given?: Annotations): Pick<Declared, 'name' | 'loc' | 'annotations' | 'doc'> {
    const { recorder } = this.#context;
    const local = this.#localName(text);
    this.#checkName(text, what, loc);
    if (this.#state.names.has(local)) {
      const other = this.#state.locals.find((l) => l.name === local);
      recorder.diagnostics.report(
        'duplicate-name',
        { name: text, what: other?.kind ?? 'parameter' },
        { loc, notes: other ? [{ message: `the other "${text}" is declared here`, loc: other.loc }] : [] },
      );
    }
    this.#state.names.add(local);
    const annotations: Annotation[] = [
      ...(this.#prefix ? [{ name: 'name', body: JSON.stringify(`${this.#prefix}${text}`) }] : []),
      ...(irAnnotations(given) ?? []),
    ];
    return {
      name: local,
      loc,
      ...(annotations.length ? { annotations } : {}),
      ...(recorder.isFirstOnLine(loc) ? docAbove(loc) : {}),
    };
  }

  /** Declares an extern object and gives its name in P4. */
  #instance(text: string, what: string, type: InstanceDecl['type'], args: readonly Ir[], loc: Loc): string {
    const declared = this.#declare(text, what, loc);
    this.#state.locals.push({ kind: 'instance', ...declared, type, args });
    return declared.name;
  }

  #size(size: number, loc: Loc): Ir {
    const ok = Number.isInteger(size) && size >= 1 && size <= 0xffffffff;
    if (!ok)
      this.#context.recorder.diagnostics.report('bad-operand', { got: describe(size), expected: 'a number of cells from 1' }, { loc });
    return bits(ok ? size : 1, 32, loc);
  }

  #struct(text: string, fields: Fields, loc: Loc): void {
    for (const type of Object.values(fields)) this.#context.seen(type);
    const declaration: StructDecl = { kind: 'struct', name: text, fields: fieldDecls(fields, loc), loc };
    const { types, diagnostics } = this.#context.recorder;
    if (types.has(text)) diagnostics.report('duplicate-name', { name: text, what: 'struct' }, { loc });
    types.set(text, declaration);
  }

  #directCounter(table: string, unit: string, loc: Loc): Ir {
    let text = `${table}_counter`;
    while (this.#state.names.has(text)) text = `${text}_`;
    this.#state.names.add(text);
    this.#state.locals.push({
      kind: 'instance',
      name: text,
      type: named('DirectCounter'),
      args: [choice('CounterUnit', 'counter', unit, loc)],
      loc,
    });
    return name(text, named('DirectCounter'), loc);
  }
}

const isDirected = (given: DataType | Directed<Direction, DataType>): given is Directed<Direction, DataType> => 'direction' in given;

const choices = {
  CounterUnit: "'packets', 'bytes' or 'both'",
  MeterUnit: "'packets' or 'bytes'",
  HashAlgorithm: "a string such as 'crc16'",
};

/** A member of an enumeration of the architecture, which an option names. */
function choice(type: keyof typeof choices, option: string, given: unknown, loc: Loc): Ir {
  if (typeof given === 'string') return member(type, given, loc);
  return fail('bad-operand', { got: describe(given), expected: `${choices[type]} as \`${option}\`` }, { loc });
}
