/** Reports what is valid in the portable architecture and cannot be lowered to v1model, or not yet. */
import { programInfo } from '../../analysis/program-info.js';
import { coreExterns } from '../../arch/core.js';
import { portable } from '../../arch/portable.js';
import { v1model } from '../../arch/v1model.js';
import type { ControlDecl, ParserDecl } from '../../ir/decl.js';
import type { Expr } from '../../ir/expr.js';
import type { Program } from '../../ir/program.js';
import type { CallStmt } from '../../ir/stmt.js';
import { type Declared, type Type, typeName } from '../../ir/types.js';
import { visiting } from '../../ir/visit.js';
import type { Diagnostics } from '../../support/diagnostics.js';
import type { Loc } from '../../support/location.js';
import { isStd } from './context.js';
import { decisions } from './decisions.js';
import { hashWidth } from './services.js';

export function checkLowerable(program: Program, diagnostics: Diagnostics): void {
  const notYet: NotYet = (feature, instead, loc) => diagnostics.report('not-yet', { feature, instead }, { loc });
  const refuse: Refuse = (what, reason, instead, loc) =>
    diagnostics.report('not-on-target', { what, target: 'BMv2', reason, instead }, { loc });
  checkNames(program, diagnostics);
  checkUnits(program, notYet);
  checkPlaces(program, notYet);
  checkStd(program, notYet);
  checkCalls(program, notYet, refuse);
  checkPorts(program, diagnostics);
}

type NotYet = (feature: string, instead: string, loc: Loc) => void;
type Refuse = (what: string, reason: string, instead: string, loc: Loc) => void;

/** v1model declares names that the portable architecture does not. */
function checkNames(program: Program, diagnostics: Diagnostics): void {
  const types = new Set([...coreExterns, ...v1model.externs, ...v1model.enums, ...v1model.structs].map((decl) => decl.name));
  const functions = new Set(v1model.functions.map((fn) => fn.name));
  const check = (decl: Declared & { readonly kind: string }, taken: ReadonlySet<string>): void => {
    if (taken.has(decl.name)) diagnostics.report('reserved-name', { name: decl.name, what: decl.kind, by: 'v1model' }, { loc: decl.loc });
  };
  for (const decl of [...program.types, ...program.parsers, ...program.controls]) check(decl, types);
  for (const decl of program.functions) check(decl, functions);
}

/** Units of counters and meters are for their constructors: v1model has other types for them. */
function checkUnits(program: Program, notYet: NotYet): void {
  const check = ({ type, loc }: { readonly type: Type; readonly loc: Loc }): void => {
    if (type.kind === 'named' && (type.name === 'CounterUnit' || type.name === 'MeterUnit'))
      notYet(`A value of type ${type.name}`, 'give it to the counter or meter itself', loc);
  };
  for (const decl of program.types) if ('fields' in decl) decl.fields.forEach(check);
  for (const decl of program.constants) check(decl);
  const params = [...program.functions, ...program.actions, ...program.parsers, ...program.controls].flatMap((decl) => decl.params);
  params.forEach(check);
  for (const { locals, ...block } of [...program.parsers, ...program.controls]) {
    for (const local of locals) {
      if (local.kind === 'action') local.params.forEach(check);
      else if (local.kind === 'variable' || local.kind === 'constant') check(local);
    }
    const bodies = 'states' in block ? block.states.map((state) => state.body) : [block.body];
    for (const body of bodies) visiting({ stmt: (stmt) => stmt.kind === 'declare' && check(stmt) }).block(body);
  }
}

/** What must stand in blocks with the parameters that the architecture gives them. */
function checkPlaces(program: Program, notYet: NotYet): void {
  for (const block of [...program.parsers, ...program.controls]) {
    if (!program.main.blocks.includes(block.name) && !isLikeMain(block))
      notYet(`The ${block.kind} ${block.name} with parameters of its own`, 'give it those of the block around it', block.loc);
  }
  for (const { name, loc } of program.instances) notYet(`The object ${name} outside a block`, 'declare it in the block that uses it', loc);
  for (const { name, loc } of program.actions) notYet(`The action ${name} outside a block`, 'declare it in the block that uses it', loc);
  for (const decl of program.functions) {
    visiting({
      stmt: (stmt) => {
        if (stmt.kind === 'call' && stmt.callee.kind === 'function' && (decisions.has(stmt.callee.name) || stmt.callee.name === 'mirror'))
          notYet(`${stmt.callee.name} in a function`, 'call it where the function is called', stmt.loc);
      },
    }).block(decl.body);
  }
}

/** Whether a parser or control has the parameters of a block of the architecture, the headers in a parser inout. */
function isLikeMain(block: ParserDecl | ControlDecl): boolean {
  if (block.constructorParams?.length) return false;
  return portable.blocks.some(
    (spec) =>
      spec.kind === block.kind &&
      spec.params.length === block.params.length &&
      spec.params.every(({ type }, i) => {
        const given = block.params[i]?.type;
        return given && (type.kind !== 'named' || portable.typeParams.includes(type.name) || typeName(type) === typeName(given));
      }),
  );
}

/** `std` is read field by field, or given whole to a block inside the block. */
function checkStd(program: Program, notYet: NotYet): void {
  // Parts that the expression or statement around them accounts for. One node may stand in several places: each is counted.
  const expected = new Map<Expr, number>();
  const change = (expr: Expr, by: 1 | -1): void => void expected.set(expr, (expected.get(expr) ?? 0) + by);
  visiting({
    expr: (expr) => {
      if (expr.kind === 'field' && isStd(expr.base.type)) change(expr.base, 1);
      if (!isStd(expr.type)) return;
      if ((expected.get(expr) ?? 0) > 0) change(expr, -1);
      else notYet('std as a value', 'use its fields', expr.loc);
    },
    stmt: (stmt) => {
      if (stmt.kind === 'call' && stmt.callee.kind === 'block') for (const arg of stmt.args) if (isStd(arg.type)) change(arg, 1);
    },
  }).program(program);
}

function checkCalls(program: Program, notYet: NotYet, refuse: Refuse): void {
  const check = (stmt: CallStmt, callee: string): void => {
    const { args, loc } = stmt;
    if (callee === 'set_queue')
      refuse('setQueue', 'simple_switch has one queue for a port', 'write it for its target: c.on(tofino, …)', loc);
    if (callee === 'hash') checkHash(args, refuse);
    const keep = { recirculate: args[0], resubmit: args[0], mirror: args[1] }[callee];
    for (const field of keep?.kind === 'list' ? keep.elements : []) {
      if (field.kind === 'field' && field.base.kind !== 'name' && standsTwice(program, field.base.type))
        notYet('A part of a struct of which the metadata has several', 'keep a field that is in no struct', loc);
    }
  };
  visiting({
    stmt: (stmt) => {
      if (stmt.kind === 'call' && stmt.callee.kind === 'function') check(stmt, stmt.callee.name);
    },
  }).program(program);
}

/** Whether the metadata have several structs of that type: a field list is on the type's field. */
function standsTwice(program: Program, type: Type): boolean {
  const info = programInfo(program);
  const count = (struct: Type): number => {
    if (typeName(struct) === typeName(type)) return 1;
    const decl = info.declaration(struct);
    return decl?.kind === 'struct' ? decl.fields.reduce((sum, f) => sum + count(f.type), 0) : 0;
  };
  const metadata = info.paramHolding(info.filling('parser'), 'struct')?.type;
  return metadata !== undefined && count(metadata) > 1;
}

function checkHash([result, algorithm, , , max]: readonly Expr[], refuse: Refuse): void {
  if (max?.kind !== 'const' || result?.type.kind !== 'bit') return;
  const values = max.value === 0n ? 1n << BigInt(Math.min(result.type.width, hashWidth(algorithm))) : max.value;
  if (values >> 64n > 0n) refuse('This hash', 'it computes hashes in 64 bits', 'make it narrower, or give a smaller max', result.loc);
}

/** simple_switch drops what leaves through the largest port. */
const dropPort = 511n;

function checkPorts(program: Program, diagnostics: Diagnostics): void {
  const info = programInfo(program);
  visiting({
    stmt: (stmt) => {
      if (stmt.kind !== 'call' || stmt.callee.kind !== 'function' || stmt.callee.name !== 'forward') return;
      if (info.constantValue(stmt.args[0]) === dropPort) diagnostics.report('bmv2-drop-port', {}, { loc: stmt.loc });
    },
  }).program(program);
}
