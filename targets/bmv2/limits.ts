/**
 * What BMv2, or p4c's back end for it, refuses though P4-16 has it: each with what to write instead. Programs without
 * diagnostics are accepted by p4c-bm2-ss.
 *
 * | what is refused                                              | why                                                  |
 * |--------------------------------------------------------------|------------------------------------------------------|
 * | headers of bits that are no whole bytes                      | BMv2 parses and deparses whole bytes                 |
 * | `/` and `%` but of constants, or by a power of two           | BMv2 has no division; p4c makes shifts and masks     |
 * | computed values in a checksum's data                         | BMv2 reads fields when the control runs, no expressions |
 * | messages of other data than numbers, digests of headers      | p4c does not translate them                          |
 * | calls in parsers, deparsers and checksum controls            | p4c translates those alone that are made for them (block-calls.ts) |
 * | a key of an enum without values                              | such a value has no width                            |
 * | a default action of a table with a profile or selector       | BMv2 has no default entry for them                   |
 * | value sets of tuples, and of fields that are not exact       | BMv2 matches a set as a whole, exactly               |
 * | value sets beside other keys, without a case for all else    | they are split, and go on there                      |
 * | registers of other types than bit, int, enum or newtype      | BMv2's cells are numbers                             |
 * | the length of the packet in a parser                         | BMv2's parser does not know it                       |
 * | select on an error                                           | P4 has no select on errors                           |
 * | an index computed at run time into a stack of unions         | p4c does not translate it                            |
 * | a union in metadata, and `last` of a stack of unions         | p4c writes JSON for it that BMv2 does not load       |
 * | a header stack's value that has fields of headers            | p4c writes JSON for it that BMv2 does not load       |
 * | most uses of stack elements at indices known at run time     | the same, or BMv2 ends at a packet (stack-indices.ts) |
 * | negative constants in entries and default actions            | p4c has no bytes for them                            |
 * | an optional boolean key with a value in an entry             | p4c takes numbers only                               |
 * | constants there of types that P4Runtime has as text          | p4c does not know the text                           |
 *
 * With the JSON that p4ts writes, BMv2 runs programs that p4c refuses: the compiler warns of these (`p4c-refuses`). They have loops over a
 * range or list, shifts by values of more than 8 bits, calls in a parser of functions that branch, tables that go on differently after two
 * applications, or `exit` in a control that runs more than once. Of other loops p4c runs the bodies once: the compiler warns of that. It warns as well of push_front and pop_front of a stack
 * of unions, where BMv2 puts what falls off at the other end.
 *
 * Of two of these p4c only warns, and leaves out what it does not know: the default action, and match kinds in the struct of a
 * value set. So it is for programs in P4.
 */

import { type ProgramInfo, programInfo } from '../../compiler/analysis/program-info.js';
import { noAction } from '../../compiler/arch/core.js';
import { annotation, hasAnnotation, translationOf } from '../../compiler/ir/annotations.js';
import { named } from '../../compiler/ir/build.js';
import type { ControlDecl, FunctionDecl, TableDecl } from '../../compiler/ir/decl.js';
import type { BinaryExpr, Expr } from '../../compiler/ir/expr.js';
import { printExpr } from '../../compiler/ir/print.js';
import type { Program } from '../../compiler/ir/program.js';
import type { CallStmt, Stmt } from '../../compiler/ir/stmt.js';
import { type Type, typeName } from '../../compiler/ir/types.js';
import { partsOf, visiting } from '../../compiler/ir/visit.js';
import { type Diagnostic, Diagnostics } from '../../compiler/support/diagnostics.js';
import { checkCalls } from './block-calls.js';
import { checkExits } from './exits.js';
import { checkEntryKeys } from './for-p4c/entries.js';
import { mixesSet } from './for-p4c/selects.js';
import { checkInlinedSize } from './inlined-size.js';
import { checkStackIndices } from './stack-indices.js';
import { checkPlacesOfTables } from './table-applications.js';
import { checkTranslations } from './translations.js';

/** `program` is for v1model, passed `validate` and has the form that p4c takes (for-p4c). */
export function checkLimits(program: Program): readonly Diagnostic[] {
  const diagnostics = new Diagnostics();
  const check = new LimitChecker(program, diagnostics);
  visiting({ expr: (expr) => check.expr(expr), stmt: (stmt) => check.stmt(stmt) }).program(program);
  check.parsers();
  for (const control of program.controls) {
    checkPlacesOfTables(control, diagnostics);
    for (const local of control.locals) if (local.kind === 'table') check.table(local, control);
  }
  check.registers();
  check.headers();
  check.metadata();
  checkTranslations(program, diagnostics);
  checkStackIndices(program, diagnostics);
  checkExits(program, diagnostics);
  checkCalls(program, diagnostics);
  checkInlinedSize(program, diagnostics);
  return diagnostics.list;
}

class LimitChecker {
  readonly #program: Program;
  readonly #info: ProgramInfo;
  readonly #diagnostics: Diagnostics;
  readonly #constants: ReadonlyMap<string, Expr>;
  readonly #branching = new Map<FunctionDecl, boolean>();

  constructor(program: Program, diagnostics: Diagnostics) {
    this.#program = program;
    this.#diagnostics = diagnostics;
    this.#info = programInfo(program);
    const blocks = [...program.parsers, ...program.controls];
    const locals = blocks.flatMap((block) => block.locals.filter((l) => l.kind === 'constant'));
    this.#constants = new Map([...program.constants, ...locals].map((c) => [c.name, c.value]));
  }

  expr(expr: Expr): void {
    if (expr.kind === 'binary') this.#binary(expr);
    else if (expr.kind === 'packet-length') this.#diagnostics.report('bmv2-packet-length', {}, { loc: expr.loc });
    else if (expr.kind === 'index' && expr.index.kind !== 'const' && this.#isUnionStack(expr.base.type))
      this.#diagnostics.report('bmv2-union-index', {}, { loc: expr.loc });
    else if (expr.kind === 'stack-member' && expr.member === 'last' && this.#isUnionStack(expr.base.type))
      this.#diagnostics.report('bmv2-union-last', {}, { loc: expr.loc });
    else if (expr.kind === 'cast' && expr.type.kind === 'stack' && partsOf(expr.arg).some((element) => element.kind === 'struct'))
      this.#diagnostics.report('bmv2-stack-list', {}, { loc: expr.loc });
  }

  stmt(stmt: Stmt): void {
    if (stmt.kind === 'for') this.#diagnostics.report('bmv2-loop', {}, { loc: stmt.loc });
    if (stmt.kind === 'for-in') this.#diagnostics.report('p4c-refuses', { why: 'it has a loop over a range or list' }, { loc: stmt.loc });
    if ((stmt.kind === 'push' || stmt.kind === 'pop') && this.#isUnionStack(stmt.stack.type))
      this.#diagnostics.report('bmv2-union-shift', { method: `${stmt.kind}_front` }, { loc: stmt.loc });
    if (stmt.kind !== 'call') return;
    const role = this.#info.externMethod(stmt)?.role;
    if (role === 'checksum') this.#checksum(stmt);
    else if (role === 'digest') this.#digest(stmt);
    else if (role === undefined && stmt.callee.kind === 'function' && stmt.callee.name === 'log_msg') this.#message(stmt);
  }

  table(table: TableDecl, control: ControlDecl): void {
    for (const key of table.keys) {
      const decl = this.#info.declaration(key.expr.type);
      if (decl?.kind === 'enum' && !decl.base)
        this.#diagnostics.report('bmv2-enum-key', { key: key.name, type: decl.name }, { loc: key.loc });
      const width = this.#info.width(key.expr.type);
      if (key.match === 'lpm' && width % 8 !== 0)
        this.#diagnostics.report('bmv2-lpm-width', { key: key.name ?? printExpr(key.expr), width }, { loc: key.loc });
    }
    const { defaultAction } = table;
    if (defaultAction && defaultAction.action !== noAction.name && this.#info.attached(table, 'profile', control))
      this.#diagnostics.report(
        this.#info.isP4 ? 'bmv2-profile-default-left-out' : 'bmv2-profile-default',
        { table: table.name, action: defaultAction.action },
        { loc: defaultAction.loc },
      );
    this.#entryConstants(table);
    checkEntryKeys(table, this.#info, this.#diagnostics);
  }

  /** Constants that p4c writes into P4Info and the file of entries. */
  #entryConstants(table: TableDecl): void {
    const check = visiting({
      expr: (expr) => {
        if (expr.kind !== 'const') return;
        const decl = this.#info.declaration(expr.type);
        const translation = decl?.kind === 'newtype' ? translationOf(decl) : undefined;
        const isText = translation !== undefined && translation.width === undefined;
        if (expr.value < 0n || isText)
          this.#diagnostics.report('bmv2-entry-constant', { value: printExpr(expr), isText }, { loc: expr.loc });
      },
    });
    for (const arg of table.defaultAction?.args ?? []) check.expr(arg);
    for (const entry of table.entries ?? []) {
      for (const key of entry.keys) check.keySet(key);
      for (const arg of entry.action.args) check.expr(arg);
    }
  }

  /** Of the types that something in the program is of: others may be there, in files that it includes. */
  headers(): void {
    const used = new Set<string>();
    const use = (type: Type): void => {
      if (type.kind === 'stack') use(type.element);
      else if (type.kind === 'tuple') type.elements.forEach(use);
      else if (type.kind === 'named' && !used.has(type.name)) {
        used.add(type.name);
        for (const field of this.#info.fields(type) ?? []) use(field.type);
      }
    };
    const { parsers, controls, functions, actions } = this.#program;
    const locals = [...parsers, ...controls].flatMap((block) => block.locals);
    for (const local of locals) if (local.kind === 'variable') use(local.type);
    const inBlocks = locals.flatMap((local) => (local.kind === 'action' ? [local] : []));
    for (const { params } of [...parsers, ...controls, ...functions, ...actions, ...inBlocks]) for (const p of params) use(p.type);
    visiting({ stmt: (stmt) => stmt.kind === 'declare' && use(stmt.type) }).program(this.#program);
    for (const decl of this.#program.types) {
      const bits = decl.kind === 'header' && used.has(decl.name) ? this.#info.width(named(decl.name)) : 0;
      if (bits % 8 !== 0) this.#diagnostics.report('header-size', { header: decl.name, bits }, { loc: decl.loc });
    }
  }

  metadata(): void {
    const check = (type: Type): void => {
      for (const f of this.#info.fields(type) ?? []) {
        const decl = this.#info.declaration(f.type);
        if (decl?.kind === 'struct') check(f.type);
        else if (decl?.kind === 'header_union') this.#diagnostics.report('bmv2-union-in-metadata', { field: f.name }, { loc: f.loc });
      }
    };
    const metadata = this.#info.paramHolding(this.#info.filling('ig'), 'struct');
    if (metadata) check(metadata.type);
  }

  registers(): void {
    const locals = [...this.#program.parsers, ...this.#program.controls].flatMap((block) => block.locals);
    for (const decl of [...this.#program.instances, ...locals]) {
      const cell = decl.kind === 'instance' && this.#info.externRole(decl.type) === 'register' ? this.#info.cellType(decl.type) : undefined;
      if (!cell || ['bit', 'int'].includes(this.#info.underlying(cell).kind)) continue;
      this.#diagnostics.report('bmv2-register-type', { name: decl.name, type: typeName(cell) }, { loc: decl.loc });
    }
  }

  parsers(): void {
    for (const parser of this.#program.parsers) {
      const sets = new Map(parser.locals.flatMap((l) => (l.kind === 'value-set' ? [[l.name, l] as const] : [])));
      for (const set of sets.values()) {
        const decl = this.#info.declaration(set.type);
        const fields = decl?.kind === 'struct' ? decl.fields : [];
        const other = fields.find((f) => hasAnnotation(f, 'match') && annotation(f, 'match')?.match !== 'exact');
        if (other && this.#info.isP4)
          this.#diagnostics.report('bmv2-value-set-exact', { name: set.name, field: other.name }, { loc: other.loc });
        else if (other || set.type.kind === 'tuple') this.#diagnostics.report('bmv2-value-set', { name: set.name }, { loc: set.loc });
      }
      for (const state of parser.states) {
        const { body, transition } = state;
        visiting({ stmt: (stmt) => this.#callInParser(stmt) }).block(body);
        if (transition.kind === 'goto') continue;
        const unsplit = transition.cases.find(mixesSet);
        const beside = unsplit?.keys.find((key) => key.kind === 'value-set');
        if (unsplit && beside) this.#diagnostics.report('bmv2-value-set', { name: beside.name }, { loc: unsplit.loc });
        for (const on of transition.on) if (on.type.kind === 'error') this.#diagnostics.report('bmv2-select-error', {}, { loc: on.loc });
      }
    }
  }

  #callInParser(stmt: Stmt): void {
    if (stmt.kind !== 'call' || stmt.callee.kind !== 'function') return;
    const { name } = stmt.callee;
    const called = this.#info.declared('function', name);
    if (called && this.#branches(called))
      this.#diagnostics.report('p4c-refuses', { why: `its parser calls ${name}, which branches` }, { loc: stmt.loc });
  }

  /** Whether the function, or one that it calls, has a choice. Each function is looked at once: calls multiply along a chain. */
  #branches(fn: FunctionDecl): boolean {
    const known = this.#branching.get(fn);
    if (known !== undefined) return known;
    let found = false;
    visiting({
      stmt: (stmt) => {
        if (stmt.kind === 'if' || stmt.kind === 'switch' || stmt.kind === 'for') found = true;
        if (stmt.kind !== 'call' || stmt.callee.kind !== 'function') return;
        const { name } = stmt.callee;
        const inner = this.#info.declared('function', name);
        if (inner && this.#branches(inner)) found = true;
      },
    }).block(fn.body);
    this.#branching.set(fn, found);
    return found;
  }

  #binary(expr: BinaryExpr): void {
    const { op, left, right, loc } = expr;
    // p4c knows what comes of 0.
    if (left.kind === 'const' && left.value === 0n) return;
    if ((op === '<<' || op === '>>') && !this.#isConstant(right)) {
      const amount = this.#info.underlying(right.type);
      if (amount.kind === 'bit' && amount.width > 8)
        this.#diagnostics.report('p4c-refuses', { why: `it shifts by a ${typeName(right.type)}, of more than 8 bits` }, { loc });
    }
    if ((op === '/' || op === '%') && !(this.#isConstant(left) && this.#isConstant(right)) && !this.#isPowerOfTwo(right))
      this.#diagnostics.report('bmv2-division', { op }, { loc });
  }

  #checksum(call: CallStmt): void {
    const elements = (data: Expr | undefined): readonly Expr[] =>
      data?.kind === 'list' ? data.elements.flatMap(elements) : data ? [data] : [];
    for (const element of elements(this.#info.argument(call, 'data'))) {
      if (this.#info.declaration(element.type)?.kind === 'header_union' || element.type.kind === 'stack' || !this.#isPlace(element))
        this.#diagnostics.report('bmv2-checksum-data', {}, { loc: element.loc });
    }
  }

  #digest(call: CallStmt): void {
    const data = this.#info.argument(call, 'data');
    const kind = data && (this.#info.declaration(data.type)?.kind ?? data.type.kind);
    if (!data || (kind !== 'header' && kind !== 'header_union' && kind !== 'error')) return;
    const got = kind.replace('_', ' ');
    this.#diagnostics.report('bmv2-data', { call: 'digest', got, takes: 'numbers, structs and lists' }, { loc: data.loc });
  }

  #message({ args }: CallStmt): void {
    const [, data] = args;
    for (const element of data?.kind === 'list' ? data.elements : []) {
      const { kind } = this.#info.underlying(element.type);
      if (kind !== 'varbit' && kind !== 'stack' && kind !== 'tuple') continue;
      const got = kind === 'tuple' ? 'list' : kind;
      this.#diagnostics.report('bmv2-data', { call: 'log_msg', got, takes: 'numbers and structs' }, { loc: element.loc });
    }
  }

  /** A constant, or something that is read where it stands. */
  #isPlace(expr: Expr): boolean {
    switch (expr.kind) {
      case 'const':
      case 'bool':
      case 'member':
      case 'name':
        return true;
      case 'field':
      case 'index':
      case 'stack-member':
        return partsOf(expr).every((part) => this.#isPlace(part));
      default:
        return false;
    }
  }

  #isConstant(expr: Expr): boolean {
    if (expr.kind === 'name') return this.#constants.has(expr.name);
    if (expr.kind === 'const' || expr.kind === 'member') return true;
    const parts = partsOf(expr);
    return (
      parts.length > 0 &&
      (expr.kind === 'binary' || expr.kind === 'unary' || expr.kind === 'cast') &&
      parts.every((p) => this.#isConstant(p))
    );
  }

  #isPowerOfTwo(expr: Expr): boolean {
    const known = expr.kind === 'name' ? this.#constants.get(expr.name) : expr;
    return known?.kind === 'const' && known.value > 0n && (known.value & (known.value - 1n)) === 0n;
  }

  #isUnionStack(type: Type): boolean {
    return type.kind === 'stack' && this.#info.declaration(type.element)?.kind === 'header_union';
  }
}
