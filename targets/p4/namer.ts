/**
 * Names that P4-16 accepts without an error or a warning. A name that is a keyword, that an include file declares, or
 * that hides another gets `_` after it; `@name` keeps the old one for the control plane.
 */
import { coreExterns, coreFunctions, coreMatchKinds, coreOtherNames } from '../../compiler/arch/core.js';
import { type ArchSpec, archTypes, isIncluded } from '../../compiler/arch/index.js';
import { hasAnnotation } from '../../compiler/ir/annotations.js';
import type {
  ActionDecl,
  ControlDecl,
  FunctionDecl,
  InstanceDecl,
  LocalDecl,
  Param,
  ParserDecl,
  TableDecl,
  Transition,
} from '../../compiler/ir/decl.js';
import type { Expr, KeySet } from '../../compiler/ir/expr.js';
import { controlPlaneName } from '../../compiler/ir/names.js';
import type { Program } from '../../compiler/ir/program.js';
import type { Block, Callee, Stmt } from '../../compiler/ir/stmt.js';
import type { Annotation, Declared, FieldDecl, Type, TypeDecl } from '../../compiler/ir/types.js';
import { Rewriter, visiting } from '../../compiler/ir/visit.js';
import { quote } from './layout.js';

const keywords = new Set(
  (
    'abstract action bit bool break const continue control default else enum error exit extern false for header header_union if in ' +
    'inout int list match_kind out package parser return select string struct switch table this transition true tuple typedef ' +
    'value_set varbit void _'
  ).split(' '),
);
/** Names that fields may have, but declarations had better not: soft keywords, and what P4 itself declares. */
const poorNames = new Set('actions apply entries key priority state type accept reject main NoAction'.split(' '));

/** The program with names that P4 and the include files of its architecture leave free. */
export function withP4Names(program: Program, arch: ArchSpec): Program {
  return new ProgramNamer(program, arch).rename();
}

/** What names stand for in a scope: old to new. */
class Names {
  readonly #own: ReadonlyMap<string, string>;
  readonly #outer: Names | undefined;
  readonly #chosen: ReadonlySet<string>;

  constructor(own: ReadonlyMap<string, string>, outer?: Names) {
    this.#own = own;
    this.#outer = outer;
    this.#chosen = new Set(own.values());
  }

  get(name: string): string | undefined {
    return this.#own.get(name) ?? this.#outer?.get(name);
  }

  /** Whether something here or around has the new name. */
  isChosen(name: string): boolean {
    return this.#chosen.has(name) || (this.#outer?.isChosen(name) ?? false);
  }
}

class ProgramNamer {
  readonly #program: Program;
  /** The names of the include files. */
  readonly #included: ReadonlySet<string>;
  /** The program's names at the top level, old to new. */
  readonly #global: Names;

  constructor(program: Program, arch: ArchSpec) {
    this.#program = program;
    const declared = [...coreExterns, ...coreFunctions, ...arch.externs, ...arch.functions, ...archTypes(arch)];
    const others = [
      ...coreMatchKinds,
      ...arch.matchKinds,
      ...coreOtherNames,
      ...(arch.otherNames ?? []),
      ...arch.blocks.map((b) => b.type),
      arch.package,
      ...(arch.packages ?? []).map((p) => p.name),
    ];
    this.#included = new Set([...declared.map((d) => d.name), ...others]);
    const bodies = [...program.functions, ...program.actions].filter((d) => !isIncluded(arch, d));
    const own = [program.types, program.constants, bodies, program.instances, program.parsers, program.controls].flat().map((d) => d.name);
    this.#global = new Names(choose(own, (name) => this.#included.has(name)));
  }

  rename(): Program {
    const p = this.#program;
    const global = this.#namer(this.#global);
    return {
      ...p,
      types: p.types.map((t) => this.#type(t)),
      constants: p.constants.map((c) => ({
        ...c,
        name: this.#globalName(c.name),
        type: this.#typeRef(c.type),
        value: global.expr(c.value),
      })),
      functions: p.functions.map((f) => ({ ...this.#body(f, this.#global), name: this.#globalName(f.name) })),
      actions: p.actions.map((a) => this.#declared(this.#body(a, this.#global), this.#globalName(a.name))),
      instances: p.instances.map((i) => this.#declared(this.#instance(i, global), this.#globalName(i.name))),
      parsers: p.parsers.map((parser) => this.#parser(parser)),
      controls: p.controls.map((control) => this.#control(control)),
      main: { ...p.main, blocks: p.main.blocks.map((b) => this.#globalName(b)) },
    };
  }

  #globalName(name: string): string {
    return this.#global.get(name) ?? name;
  }

  /** With its new name and, when that differs, the old one for the control plane. */
  #declared<D extends Declared>(decl: D, name: string, keep = decl.name): D {
    if (name === decl.name && keep === decl.name) return decl;
    const annotations: readonly Annotation[] = hasAnnotation(decl, 'name')
      ? (decl.annotations ?? [])
      : [{ name: 'name', body: quote(keep) }, ...(decl.annotations ?? [])];
    return { ...decl, name, annotations };
  }

  #type(decl: TypeDecl): TypeDecl {
    const named = this.#declared(decl, this.#globalName(decl.name));
    switch (named.kind) {
      case 'enum':
        return { ...named, members: named.members.map((m) => ({ ...m, name: memberName(m.name) })) };
      case 'newtype':
        return { ...named, type: this.#typeRef(named.type) };
      default:
        return { ...named, fields: named.fields.map((f) => this.#field(named.kind, f)) };
    }
  }

  #field(of: TypeDecl['kind'], field: FieldDecl): FieldDecl {
    const typed = { ...field, type: this.#typeRef(field.type) };
    if (of !== 'header') return this.#declared(typed, memberName(field.name));
    // p4c's JSON declares a header's field by its P4 name and uses it by its @name, and BMv2 stops at once.
    const annotations = field.annotations?.filter((a) => a.name !== 'name');
    return { ...typed, name: memberName(field.name), ...(annotations ? { annotations } : {}) };
  }

  #typeRef(type: Type): Type {
    return renameType(type, this.#global);
  }

  #parser(parser: ParserDecl): ParserDecl {
    const names = this.#scope([...parser.params, ...parser.locals, ...parser.states.filter((s) => s.name !== 'start')]);
    const name = this.#globalName(parser.name);
    // `accept` and `reject` are no declarations of the parser, whatever else it calls so.
    const states = new Set(parser.states.map((s) => s.name));
    const stateName = (state: string): string => (states.has(state) ? (names.get(state) ?? state) : state);
    return {
      ...parser,
      name,
      params: parser.params.map((p) => this.#param(p, names)),
      locals: parser.locals.map((l) => this.#local(l, names, parser, name)),
      states: parser.states.map((s) => ({
        ...s,
        name: names.get(s.name) ?? s.name,
        body: this.#block(s.body, names),
        transition: this.#transition(s.transition, names, stateName),
      })),
    };
  }

  #transition(transition: Transition, names: Names, stateName: (state: string) => string): Transition {
    const renamed = this.#namer(names).transition(transition);
    if (renamed.kind === 'goto') return { ...renamed, next: stateName(renamed.next) };
    const keySet = (set: KeySet): KeySet => (set.kind === 'value-set' ? { ...set, name: names.get(set.name) ?? set.name } : set);
    return { ...renamed, cases: renamed.cases.map((c) => ({ ...c, next: stateName(c.next), keys: c.keys.map(keySet) })) };
  }

  #control(control: ControlDecl): ControlDecl {
    const names = this.#scope([...control.params, ...control.locals]);
    const name = this.#globalName(control.name);
    return {
      ...control,
      name,
      params: control.params.map((p) => this.#param(p, names)),
      locals: control.locals.map((l) => this.#local(l, names, control, name)),
      body: this.#block(control.body, names),
    };
  }

  #local(local: LocalDecl, names: Names, block: ParserDecl | ControlDecl, blockName: string): LocalDecl {
    const renamed = this.#renamedLocal(local, names);
    const name = names.get(local.name) ?? local.name;
    // A block's own name is part of its locals' names: where it changes they keep theirs whole.
    if (blockName !== block.name && ['table', 'action', 'instance', 'value-set'].includes(local.kind)) {
      const whole = `.${controlPlaneName(block.name, local)}`;
      const others = (renamed.annotations ?? []).filter((a) => a.name !== 'name');
      return { ...renamed, name, annotations: [{ name: 'name', body: quote(whole) }, ...others] };
    }
    return local.kind === 'constant' || local.kind === 'variable' || local.kind === 'function'
      ? { ...renamed, name }
      : this.#declared(renamed, name);
  }

  #renamedLocal(local: LocalDecl, names: Names): LocalDecl {
    const scope = this.#namer(names);
    switch (local.kind) {
      case 'action':
      case 'function':
        return this.#body(local, names);
      case 'instance':
        return this.#instance(local, scope);
      case 'table':
        return this.#table(local, names);
      case 'value-set':
        return { ...local, type: this.#typeRef(local.type) };
      case 'constant':
        return { ...local, type: this.#typeRef(local.type), value: scope.expr(local.value) };
      case 'variable':
        return { ...local, type: this.#typeRef(local.type), ...(local.init ? { init: scope.expr(local.init) } : {}) };
    }
  }

  #instance(decl: InstanceDecl, scope: Rewriter): InstanceDecl {
    const type = this.#typeRef(decl.type) as InstanceDecl['type'];
    return {
      ...decl,
      type: this.#included.has(decl.type.name) ? { ...type, name: decl.type.name } : type,
      args: decl.args.map((a) => scope.expr(a)),
    };
  }

  #table(table: TableDecl, names: Names): TableDecl {
    const renamed = this.#namer(names).local(table);
    const to = <A extends { readonly action: string }>(ref: A): A => ({ ...ref, action: names.get(ref.action) ?? ref.action });
    return {
      ...renamed,
      actions: renamed.actions.map(to),
      ...(renamed.defaultAction ? { defaultAction: to(renamed.defaultAction) } : {}),
      ...(renamed.entries ? { entries: renamed.entries.map((e) => ({ ...e, action: to(e.action) })) } : {}),
    };
  }

  /** An action or function: its parameters and variables may not hide what is around it. */
  #body<D extends ActionDecl | FunctionDecl>(decl: D, outer: Names): D {
    const names = this.#inner(decl.params, decl.body, outer);
    const renamed = { ...decl, params: decl.params.map((p) => this.#param(p, names)), body: this.#namer(names, outer).block(decl.body) };
    return 'returns' in renamed ? { ...renamed, returns: this.#typeRef(renamed.returns) } : renamed;
  }

  #block(block: Block, outer: Names): Block {
    return this.#namer(this.#inner([], block, outer), outer).block(block);
  }

  #inner(params: readonly Param[], body: Block, outer: Names): Names {
    const declared = params.map((p) => p.name);
    visiting({ stmt: (s) => (s.kind === 'declare' || s.kind === 'for-in') && declared.push(s.name) }).block(body);
    const inner = choose([...new Set(declared)], (name) => outer.isChosen(name) || this.#isGlobal(name));
    return new Names(inner, outer);
  }

  #param(param: Param, names: Names): Param {
    return this.#declared({ ...param, type: this.#typeRef(param.type) }, names.get(param.name) ?? param.name);
  }

  #scope(declared: readonly Declared[]): Names {
    const own = choose(
      declared.map((d) => d.name),
      (name) => this.#isGlobal(name),
    );
    return new Names(own, this.#global);
  }

  /** Replaces names in the expressions and statements of one scope; tables and actions have theirs from the scope around it. */
  #namer(names: Names, outer: Names = names): Rewriter {
    return new Rewriter({ expr: (e) => renameExpr(e, names), stmt: (s) => renameStmt(s, names, outer, this.#included) });
  }

  #isGlobal(name: string): boolean {
    return this.#included.has(name) || this.#global.get(name) !== undefined;
  }
}

function renameExpr(expr: Expr, names: Names): Expr {
  const to = (name: string): string => names.get(name) ?? name;
  const typed = { ...expr, type: renameType(expr.type, names) } as Expr;
  switch (typed.kind) {
    case 'name':
      return { ...typed, name: to(typed.name) };
    case 'field':
      return { ...typed, name: memberName(typed.name) };
    case 'member':
      return typed.type.kind === 'error' ? typed : { ...typed, name: memberName(typed.name) };
    case 'struct':
      return { ...typed, fields: typed.fields.map((f) => ({ ...f, name: memberName(f.name) })) };
    default:
      return typed;
  }
}

function renameStmt(stmt: Stmt, names: Names, outer: Names, included: ReadonlySet<string>): Stmt {
  const variable = (name: string): string => names.get(name) ?? name;
  const to = (name: string): string => outer.get(name) ?? name;
  switch (stmt.kind) {
    case 'declare':
      return { ...stmt, name: variable(stmt.name), type: renameType(stmt.type, names) };
    case 'for-in':
      return { ...stmt, name: variable(stmt.name), type: renameType(stmt.type, names) };
    case 'apply': {
      const cases = stmt.cases?.map((c) => ({ ...c, actions: c.actions.map((a) => (a === 'default' ? a : to(a))) }));
      return { ...stmt, table: to(stmt.table), ...(cases ? { cases } : {}) };
    }
    case 'call': {
      const typeArgs = stmt.typeArgs?.map((t) => renameType(t, names));
      return { ...stmt, callee: renameCallee(stmt.callee, to, included), ...(typeArgs ? { typeArgs } : {}) };
    }
    default:
      return stmt;
  }
}

function renameCallee(callee: Callee, to: (name: string) => string, included: ReadonlySet<string>): Callee {
  switch (callee.kind) {
    case 'function':
      return included.has(callee.name) ? callee : { ...callee, name: to(callee.name) };
    case 'action':
      return { ...callee, name: to(callee.name) };
    case 'block':
      return { ...callee, instance: to(callee.instance) };
    case 'method':
      return callee;
  }
}

function renameType(type: Type, names: Names): Type {
  switch (type.kind) {
    case 'named': {
      const name = names.get(type.name) ?? type.name;
      return type.args ? { ...type, name, args: type.args.map((a) => renameType(a, names)) } : { ...type, name };
    }
    case 'stack':
      return { ...type, element: renameType(type.element, names) as typeof type.element };
    case 'tuple':
      return { ...type, elements: type.elements.map((e) => renameType(e, names)) };
    case 'list':
    case 'set':
      return { ...type, element: renameType(type.element, names) };
    default:
      return type;
  }
}

/** A field or a member of an enum: only keywords are in the way. */
const memberName = (name: string): string => (keywords.has(name) ? `${name}_` : name);

/** A new name for each that P4 or `inTheWay` refuses, different from all the others. */
function choose(names: readonly string[], inTheWay: (name: string) => boolean): Map<string, string> {
  const bad = (name: string): boolean => keywords.has(name) || poorNames.has(name) || inTheWay(name);
  const used = new Set(names);
  return new Map(
    names.map((name) => {
      if (!bad(name)) return [name, name];
      let chosen = `${name}_`;
      while (used.has(chosen) || bad(chosen)) chosen += '_';
      used.add(chosen);
      return [name, chosen];
    }),
  );
}
