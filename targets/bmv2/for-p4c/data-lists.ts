/** Data that externs cover: p4c takes lists and structs for hashes and messages, and fields alone, no structs, for checksums. */
import { type ProgramInfo, programInfo } from '../../../compiler/analysis/program-info.js';
import { field, list } from '../../../compiler/ir/build.js';
import type { Expr } from '../../../compiler/ir/expr.js';
import type { Program } from '../../../compiler/ir/program.js';
import type { CallStmt, Stmt } from '../../../compiler/ir/stmt.js';
import { Rewriter } from '../../../compiler/ir/visit.js';

export function withDataInLists(program: Program): Program {
  const info = programInfo(program);
  const inCall = (stmt: Stmt): Stmt => {
    if (stmt.kind !== 'call' || stmt.callee.kind !== 'function' || !info.externMethod(stmt)) return stmt;
    const { name } = stmt.callee;
    if (name === 'hash') return withArgument(stmt, 3, (data) => listed(data, info));
    if (name === 'log_msg') return withArgument(stmt, 1, (data) => listed(data, info));
    if (/^(update|verify)_checksum/.test(name)) return withArgument(stmt, 1, (data) => fieldsOf(data, info));
    return stmt;
  };
  return new Rewriter({ stmt: inCall }).program(program);
}

/** The types of its arguments are inferred, as the data may have got another one. */
function withArgument(call: CallStmt, position: number, change: (data: Expr) => Expr): CallStmt {
  const data = call.args[position];
  const changed = data && change(data);
  if (!changed || changed === data) return call;
  const { typeArgs: _, ...inferred } = call;
  return { ...inferred, args: call.args.with(position, changed) };
}

const isStruct = (data: Expr, info: ProgramInfo): boolean => info.declaration(data.type)?.kind === 'struct';

function listed(data: Expr, info: ProgramInfo): Expr {
  const kind = info.declaration(data.type)?.kind;
  const isList = data.type.kind === 'tuple' || kind === 'struct' || kind === 'header' || kind === 'header_union';
  return isList ? data : list([data], data.loc);
}

function fieldsOf(data: Expr, info: ProgramInfo): Expr {
  if (data.kind === 'list' || data.kind === 'struct' || !isStruct(data, info)) return data;
  const parts = (of: Expr): readonly Expr[] =>
    isStruct(of, info) ? (info.fields(of.type) ?? []).flatMap((f) => parts(field(of, f.name, f.type))) : [of];
  return list(parts(data), data.loc);
}
