/** A checked program on its way to the IR: what is declared at its top, and what is made once for each use of it. */

import { coreExterns } from '../../arch/core.js';
import type { ArchExtern, ArchSpec } from '../../arch/spec.js';
import { named, name as nameExpr } from '../../ir/build.js';
import type { ActionDecl, ConstDecl, ControlDecl, FunctionDecl, InstanceDecl, ParserDecl } from '../../ir/decl.js';
import type { Expr } from '../../ir/expr.js';
import { folded } from '../../ir/fold.js';
import type { ApplyStmt } from '../../ir/stmt.js';
import { type Type, typeName } from '../../ir/types.js';
import { type Diagnostics, fail } from '../../support/diagnostics.js';
import { InternalError, invariant } from '../../support/invariant.js';
import type { Loc } from '../../support/location.js';
import { isGiven } from '../architecture.js';
import type * as ast from '../ast.js';
import type { Call, Findings } from '../check/context.js';
import { type Type as Checked, type ParamInfo, prune, type Substitution, substitute, substitutionOf } from '../check/types.js';
import { AnnotationLowering } from './annotations.js';
import { BlockLowering, type Given, lowerFunction, refuse } from './blocks.js';
import { type Binding, Body } from './body.js';
import { callOf, callValue } from './calls.js';
import { converted, lowerExpr, lowerNumber } from './expressions.js';
import { Frame, type TopNames } from './names.js';
import { TypeLowering } from './types.js';

/** Parsers, controls and functions that the types and constructor arguments of a program make of it. */
const maxCopies = 2_000;

type Apply = Pick<ApplyStmt, 'hit' | 'miss' | 'cases'>;

export class ProgramLowering {
  readonly findings: Findings;
  readonly diagnostics: Diagnostics;
  readonly arch: ArchSpec;
  readonly top: TopNames;
  readonly types = new TypeLowering(this);
  /** Expressions have calls in them and calls expressions: expressions.ts calls it through here, so that imports go one way. */
  readonly callValue = callValue;
  readonly annotations: AnnotationLowering;
  readonly frame = new Frame<Binding>();
  readonly constants: ConstDecl[] = [];
  readonly functions: FunctionDecl[] = [];
  readonly actions: ActionDecl[] = [];
  /** Actions of the source that may exit. */
  readonly exiting = new Set<object>();
  readonly instances: InstanceDecl[] = [];
  readonly parsers: ParserDecl[] = [];
  readonly controls: ControlDecl[] = [];
  /** Of constants that have names in the IR. */
  constantValues: Map<string, Expr> = new Map();
  /** Of the constants at the top that are numbers. */
  readonly numbers = new Map<string, bigint>();
  /** Of the constructor parameters of the block under way, in this specialisation of it. */
  fixed: Map<string, Expr> = new Map();
  /** A value of these decided what the block became. */
  #specialised = false;
  #copies = 0;
  readonly #made = new Map<object, Map<string, string>>();
  readonly #body: Body;

  constructor(findings: Findings, diagnostics: Diagnostics, arch: ArchSpec, top: TopNames) {
    this.findings = findings;
    this.annotations = new AnnotationLowering(findings);
    this.diagnostics = diagnostics;
    this.arch = arch;
    this.top = top;
    this.#body = new Body(this, this.frame);
  }

  /** For what is at the top of the program. */
  get body(): Body {
    return this.#body;
  }

  claimLocal(frame: Frame<Binding>, wanted: string): string {
    let name = wanted;
    for (let n = 0; frame.has(name) || this.top.has(name); n++) name = `${wanted}_${n}`;
    return frame.claim(name);
  }

  // ── what the checker found ──

  typeOf(ref: ast.TypeRef): Checked {
    const type = this.findings.typeRefs.get(ref);
    invariant(type, 'a type that was not resolved');
    return type;
  }

  checkedType(expr: ast.Expr, by: Substitution = new Map()): Checked {
    const type = this.findings.types.get(expr);
    invariant(type, `an expression (${expr.kind}) without a type`);
    return prune(substitute(type, by));
  }

  memberValue(expr: ast.Expr): bigint {
    const value = this.findings.values.get(expr);
    return typeof value === 'bigint' ? value : lowerNumber(this.#body, expr);
  }

  /** Whether it is an object of long ago, whose methods are calls of functions today. */
  isOld(decl: ast.InstanceDecl): boolean {
    const made = this.findings.calls.get(decl)?.decl;
    const { externs = [] } = this.arch.included ?? {};
    return made?.kind === 'extern' && isGiven(this.arch, made) && externs.some((e) => e.name === made.name.text);
  }

  extern(name: string): ArchExtern | undefined {
    return [...coreExterns, ...this.arch.externs].find((e) => e.name === name);
  }

  /** The fields of a struct or header. */
  fieldsOf(type: Type): readonly { readonly name: string; readonly type: Type }[] | undefined {
    const decl = this.types.table.declaration(type);
    return decl?.kind === 'struct' || decl?.kind === 'header' ? decl.fields : undefined;
  }

  /** What `@name` calls the field that is named. */
  fieldNamed(b: Body, e: ast.MemberExpr): string | undefined {
    const base = this.checkedType(e.base, b.types);
    if (base.kind !== 'struct' && base.kind !== 'header' && base.kind !== 'header_union') return undefined;
    const field = base.info.decl.fields.find((f) => f.name.text === e.member.text);
    return field && this.annotations.nameIn(field.annotations);
  }

  // ── constants ──

  readonly constantValue = (name: string): Expr | undefined => {
    const value = this.fixed.get(name);
    if (value) this.#specialised = true;
    return value ?? this.constantValues.get(name) ?? this.types.member(name);
  };
  /** Constants of the program stay names; those of blocks are not known outside. */
  readonly localValue = (name: string): Expr | undefined =>
    this.constants.some((c) => c.name === name) ? undefined : this.constantValue(name);

  /** Whether the name in the IR stands for a constant. */
  isConstant(name: string): boolean {
    return this.fixed.has(name) || this.constantValues.has(name);
  }

  /** Whether the IR has the constant: its values exist while a program runs. */
  isNamedConstant(decl: ast.ConstantDecl): boolean {
    return isData(prune(this.typeOf(decl.type)));
  }

  constantOf(b: Body, decl: ast.ConstantDecl): Expr {
    const type = b.type(this.typeOf(decl.type));
    const value = converted(b, lowerExpr(b, decl.value), type);
    return folded(value, b.program.constantValue);
  }

  /** A constant where it is used. */
  constant(b: Body, decl: ast.ConstantDecl, loc: Loc): Expr {
    const binding = b.find(decl);
    invariant(binding, `the constant ${decl.name.text} is not declared`);
    return binding.kind === 'name' ? nameExpr(binding.name, binding.type, loc) : { ...binding.value, loc };
  }

  defaultOf(param: ParamInfo, type: Type): Expr {
    if (!param.decl?.default) return { kind: 'default', type, loc: param.decl?.loc ?? { file: '', line: 0, column: 0 } };
    return converted(this.#body, lowerExpr(this.#body, param.decl.default), type);
  }

  // ── functions ──

  /** The function that a call calls, made for the call's types. */
  functionName(b: Body, call: Call, e: ast.CallExpr): string {
    const entity = e.callee.kind === 'name' ? this.findings.entities.get(e.callee.path) : undefined;
    invariant(entity?.kind === 'function', 'a call of something that is no function');
    const same = (a: readonly ParamInfo[]): boolean =>
      a.length === call.params.length && a.every((p, i) => p.decl === call.params[i]?.decl);
    const found = entity.overloads.find((o) => same(o.signature.params)) ?? entity.overloads[0];
    invariant(found?.decl.kind === 'function', 'a function without a body');
    return this.function(
      found.decl,
      call.typeArgs.map((t) => prune(substitute(t, b.types))),
    );
  }

  function(decl: ast.FunctionDecl, args: readonly Checked[]): string {
    return this.once(decl, args.map((a) => typeName(this.types.type(a))).join(), () => {
      this.#copy(decl);
      const name = this.top.claim(decl.name.text, decl);
      const types = substitutionOf(decl.typeParams, args);
      this.functions.push(lowerFunction(this, decl, name, this.frame, { types }));
      return name;
    });
  }

  once(decl: object, key: string, make: () => string): string {
    const made = this.#made.get(decl) ?? new Map<string, string>();
    this.#made.set(decl, made);
    const known = made.get(key);
    if (known !== undefined) return known;
    const name = make();
    made.set(key, name);
    return name;
  }

  // ── blocks and objects ──

  /** The block that an instance is of, made for its type and, where it depends on them, its constructor arguments. */
  blockName(b: Body, call: Call): { readonly name: string; readonly args: readonly Expr[] } {
    const decl = call.decl as ast.ParserDecl | ast.ControlDecl;
    const given = call.params.map((param, i) => this.#given(b, call, param, i));
    const args = given.flatMap((g) => ('argument' in g && g.argument ? [g.argument] : []));
    const types = this.#typeArgs(b, call);
    const key = types.map((t) => typeName(this.types.type(t))).join();
    const values = given.map((g) => ('value' in g ? text(g.value) : 'block' in g ? `${g.block}(${g.args.map(text).join()})` : '')).join();
    const known = this.#find(decl, key) ?? this.#find(decl, `${key}(${values})`);
    if (known !== undefined) return { name: known, args };
    const { name, specialised } = this.#block(decl, substitutionOf(decl.typeParams, types), given);
    this.once(decl, specialised ? `${key}(${values})` : key, () => name);
    return { name, args };
  }

  /** A block of the package: its constructor arguments are known once and for all. */
  mainBlock(call: Call, taken: readonly string[]): string {
    const decl = call.decl as ast.ParserDecl | ast.ControlDecl;
    const types = this.#typeArgs(this.#body, call);
    const plain = types.length === 0 && call.params.length === 0 ? this.plainBlock(decl) : undefined;
    if (plain !== undefined && !taken.includes(plain)) return plain;
    const given = call.params.map((param, i): Given => {
      const one = this.#given(this.#body, call, param, i);
      return 'value' in one ? { decl: one.decl, value: one.value } : one;
    });
    return this.#block(decl, substitutionOf(decl.typeParams, types), given).name;
  }

  #typeArgs(b: Body, call: Call): readonly Checked[] {
    const type = prune(substitute(call.returns, b.types));
    invariant(type.kind === 'parser' || type.kind === 'control', 'a block without its type');
    return type.args.map((a) => prune(substitute(a, b.types)));
  }

  #given(b: Body, call: Call, param: ParamInfo, i: number): Given & { readonly argument?: Expr } {
    const arg = call.args[i];
    const { decl } = param;
    invariant(decl, 'a constructor parameter without its declaration');
    const checked = prune(param.type);
    if (checked.kind === 'parser' || checked.kind === 'control') {
      if (!arg) return refuse('A constructor without the block that it takes', decl.loc);
      return { decl, ...this.#blockArgument(b, arg) };
    }
    const type = b.type(param.type);
    const argument = arg ? folded(lowerExpr(b, arg), this.localValue) : this.defaultOf(param, type);
    if (checked.kind === 'extern') return { decl, object: type, argument };
    const value = folded(argument, this.constantValue);
    return isData(checked) ? { decl, value, type, argument } : { decl, value };
  }

  /**
   * The block that a constructor is given: a new instance, one that has a name, or what the block around was given itself. The
   * one that is given it has an instance of its own, which is the same as long as there is nothing that the two would share.
   */
  #blockArgument(b: Body, arg: ast.Expr): { readonly block: string; readonly args: readonly Expr[] } {
    const entity = arg.kind === 'name' ? this.findings.entities.get(arg.path) : undefined;
    const decl = entity && 'decl' in entity ? entity.decl : undefined;
    const given = decl && b.block?.givenBlocks.get(decl);
    const made =
      decl && 'kind' in decl && decl.kind === 'instance'
        ? this.findings.calls.get(decl)
        : arg.kind === 'construct'
          ? this.findings.calls.get(arg)
          : undefined;
    invariant(given || made, 'a block that is neither made here nor declared');
    const { block, args } = given ?? this.#madeBlock(b, made as Call);
    const shared = arg.kind === 'name' && this.#holdsObjects(block);
    if (shared) refuse('A named block with tables or objects of its own as an argument of a constructor', arg.loc);
    return { block, args };
  }

  #madeBlock(b: Body, call: Call): { readonly block: string; readonly args: readonly Expr[] } {
    const { name: block, args } = this.blockName(b, call);
    return { block, args };
  }

  #holdsObjects(name: string): boolean {
    const block = [...this.parsers, ...this.controls].find((one) => one.name === name);
    invariant(block, `the block ${name} is not made yet`);
    return block.locals.some((local) => {
      if (local.kind !== 'instance') return local.kind === 'table' || local.kind === 'value-set';
      const isBlock = [...this.parsers, ...this.controls].some((one) => one.name === local.type.name);
      return !isBlock || this.#holdsObjects(local.type.name);
    });
  }

  /** One more block or function that is made of a declaration for its types and arguments. */
  #copy({ name, loc }: ast.ParserDecl | ast.ControlDecl | ast.FunctionDecl): void {
    if (++this.#copies <= maxCopies) return;
    const limit = `types and constructor arguments make more than ${maxCopies} parsers, controls and functions of it, ${name.text} among them`;
    fail('program-too-large', { limit }, { loc });
  }

  #find(decl: object, key: string): string | undefined {
    return this.#made.get(decl)?.get(key);
  }

  #block(decl: ast.ParserDecl | ast.ControlDecl, types: Substitution, given: readonly Given[]): { name: string; specialised: boolean } {
    const outer = { constantValues: this.constantValues, fixed: this.fixed, specialised: this.#specialised };
    this.constantValues = new Map(outer.constantValues);
    this.fixed = new Map();
    this.#specialised = given.some((g) => 'block' in g || ('value' in g && !g.type));
    this.#copy(decl);
    const name = this.top.claim(decl.name.text, decl);
    const block = new BlockLowering(this, types);
    if (decl.kind === 'parser') this.parsers.push(block.parser(decl, name, given));
    else this.controls.push(block.control(decl, name, given));
    const specialised = this.#specialised;
    this.constantValues = outer.constantValues;
    this.fixed = outer.fixed;
    this.#specialised = outer.specialised;
    return { name, specialised };
  }

  /** A block that needs no types and no arguments, whether it is used or not. */
  plainBlock(decl: ast.ParserDecl | ast.ControlDecl): string {
    return this.once(decl, '', () => this.#block(decl, new Map(), []).name);
  }

  instanceType(b: Body, decl: ast.InstanceDecl): Type {
    const call = this.findings.calls.get(decl);
    const type = prune(substitute(call?.returns ?? this.typeOf(decl.type), b.types));
    return type.kind === 'parser' || type.kind === 'control' ? { kind: 'void' } : b.type(type);
  }

  instance(b: Body, decl: ast.InstanceDecl, name: string): InstanceDecl {
    const call = this.findings.calls.get(decl);
    invariant(call, 'an instance without its constructor');
    if (prune(this.typeOf(decl.type)).kind === 'stack') refuse('An array of objects', decl.loc);
    if (call.decl?.kind === 'parser' || call.decl?.kind === 'control') {
      const { name: block, args } = this.blockName(b, call);
      return { kind: 'instance', ...this.annotations.visible(decl, name), type: named(block), args };
    }
    const head = {
      kind: 'instance' as const,
      ...this.annotations.visible(decl, name),
      type: this.#externType(b, call),
      args: this.#constructorArgs(b, call),
    };
    if (!decl.members?.length) return head;
    const frame = new Frame(b.frame);
    const methods = decl.members.map((m) => {
      if (m.kind === 'instance') return refuse('An object within an object', m.loc);
      return lowerFunction(this, m, m.name.text, frame, { types: b.types, ...(b.block ? { block: b.block } : {}) });
    });
    return { ...head, methods };
  }

  #externType(b: Body, call: Call): InstanceDecl['type'] {
    const type = b.type(call.returns);
    invariant(type.kind === 'named', 'an object that is of no extern');
    if (!this.extern(type.name)) fail('p4-own-extern', { what: `The extern ${type.name}` }, { loc: (call.decl as ast.ExternDecl).loc });
    return type;
  }

  #constructorArgs(b: Body, call: Call): readonly Expr[] {
    return call.params.flatMap((p, i): Expr[] => {
      const arg = call.args[i];
      if (!arg) return p.optional && !p.decl?.default ? [] : [this.defaultOf(p, b.type(p.type))];
      return [folded(lowerExpr(b, arg), this.localValue)];
    });
  }

  /** An object without a name, as an argument of a constructor or a property of a table. */
  construct(b: Body, e: ast.ConstructExpr, wanted?: string, annotations: readonly ast.Annotation[] = []): Expr {
    const call = this.findings.calls.get(e);
    invariant(call && b.block, 'an object is made outside of any block');
    const type = this.#externType(b, call);
    const name = b.claimForBlock(wanted ?? type.name.toLowerCase());
    const given = this.annotations.nameIn(annotations);
    const control = given === undefined ? { name: 'hidden' } : { name: 'name', body: `"${given.startsWith('.') ? given : `.${given}`}"` };
    b.block.addInstance({
      kind: 'instance',
      name,
      type,
      args: this.#constructorArgs(b, call),
      annotations: [control, ...(this.annotations.of(annotations, ['name']).annotations ?? [])],
      loc: e.loc,
    });
    return nameExpr(name, type, e.loc);
  }

  /** The instance that `Block.apply(…)` stands for. */
  direct(b: Body, call: Call, e: ast.CallExpr): string {
    invariant(b.block, 'a block is applied outside of any block');
    const decl = call.decl as ast.ParserDecl | ast.ControlDecl;
    const callee = e.callee as ast.MemberExpr;
    const type = this.checkedType(callee.base, b.types);
    const { name: block } = this.blockName(b, { ...call, returns: type, params: [], args: [] });
    const name = b.claimForBlock(`${decl.name.text}_inst`);
    b.block.addInstance({
      kind: 'instance',
      name,
      type: named(block),
      args: [],
      annotations: [{ name: 'name', body: `"${decl.name.text}"` }],
      loc: e.loc,
    });
    return name;
  }

  // ── tables ──

  apply(b: Body, e: ast.CallExpr, follow: Apply, loc = e.loc): void {
    const call = callOf(this, e);
    invariant(call.decl?.kind === 'table' && b.block, 'an apply of something that is not a table');
    b.append(b.block.beforeTable.get(call.decl) ?? []);
    b.emit({ kind: 'apply', table: b.nameOf(call.decl), ...follow, loc });
  }

  /** `table.apply().hit` and `.miss` as a value. */
  appliedMember(b: Body, e: ast.MemberExpr): Expr {
    if (e.base.kind !== 'call') throw new InternalError('the result of a table that is not applied');
    const { loc } = e;
    const type: Type = { kind: 'bool' };
    const result = b.declare('tmp', type, loc);
    const set = (value: boolean) => [{ kind: 'assign' as const, target: result, value: { kind: 'bool' as const, value, type, loc }, loc }];
    const isHit = e.member.text === 'hit';
    this.apply(b, e.base, { hit: set(isHit), miss: set(!isHit) });
    return result;
  }
}

const text = (value: Expr): string =>
  JSON.stringify(value, (k, v: unknown) => (k === 'loc' ? undefined : typeof v === 'bigint' ? `${v}n` : v));

function isData(type: Checked): boolean {
  const t = prune(type);
  switch (t.kind) {
    case 'integer':
    case 'string':
    case 'match_kind':
      return false;
    case 'list':
    case 'stack':
      return isData(t.element);
    case 'tuple':
      return t.elements.every(isData);
    case 'struct':
      return t.info.fields.every((f) => isData(f.type));
    default:
      return true;
  }
}
