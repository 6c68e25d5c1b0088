/**
 * The controls that verify and update checksums: p4c takes calls alone in them, each with a condition of its own. A call
 * within an `if` gets the condition of the `if` as well.
 */
import { binary, not } from '../../../compiler/ir/build.js';
import type { ControlDecl } from '../../../compiler/ir/decl.js';
import type { Expr } from '../../../compiler/ir/expr.js';
import { overlap, placeOf, placesIn } from '../../../compiler/ir/places.js';
import type { Program } from '../../../compiler/ir/program.js';
import type { Block, CallStmt, Stmt } from '../../../compiler/ir/stmt.js';
import { each, update } from '../../../compiler/ir/visit.js';

const isChecksum = (stmt: Stmt): stmt is CallStmt =>
  stmt.kind === 'call' && stmt.callee.kind === 'function' && /^(update|verify)_checksum/.test(stmt.callee.name);

export function withChecksumConditions(program: Program): Program {
  const { blocks } = program.main;
  const inBlock = (control: ControlDecl): ControlDecl =>
    [blocks[1], blocks[4]].includes(control.name) && control.body.some((stmt) => stmt.kind === 'if')
      ? { ...control, body: flat(control.body) }
      : control;
  return update(program, { controls: each(program.controls, inBlock) });
}

const flat = (body: Block): Block => body.flatMap((stmt): Block => callsOf(stmt) ?? [stmt]);

/** The calls of an `if`, each with the whole condition; undefined where there is something else, or a call changes the condition. */
function callsOf(stmt: Stmt): readonly CallStmt[] | undefined {
  if (stmt.kind !== 'if') return isChecksum(stmt) ? [stmt] : undefined;
  const branch = (body: Block, cond: Expr): readonly CallStmt[] | undefined => {
    const calls = body.map(callsOf);
    return calls.every((c) => c !== undefined) ? calls.flat().map((call) => under(cond, call)) : undefined;
  };
  const then = branch(stmt.then, stmt.cond);
  const otherwise = branch(stmt.else ?? [], not(stmt.cond));
  if (!then || !otherwise) return undefined;
  const calls = [...then, ...otherwise];
  const reads = placesIn(stmt.cond);
  const changes = (call: CallStmt): boolean => reads.some((read) => overlap(read, (call.args[2] && placeOf(call.args[2])) ?? []));
  return calls.slice(0, -1).some(changes) ? undefined : calls;
}

function under(cond: Expr, call: CallStmt): CallStmt {
  const [own, ...rest] = call.args;
  if (!own) return call;
  return { ...call, args: [own.kind === 'bool' && own.value ? cond : binary('&&', cond, own), ...rest] };
}
