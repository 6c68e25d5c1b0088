/** `isValid` of a union: p4c writes JSON for it that BMv2 does not load, but for unions that are fields of the headers. */
import { programInfo } from '../../../compiler/analysis/program-info.js';
import { binary, bool, field, isValid } from '../../../compiler/ir/build.js';
import type { Expr } from '../../../compiler/ir/expr.js';
import type { Program } from '../../../compiler/ir/program.js';
import { Rewriter } from '../../../compiler/ir/visit.js';

export function withMembersAsked(program: Program): Program {
  const info = programInfo(program);
  return new Rewriter({
    expr: (expr) => {
      if (expr.kind !== 'is-valid') return expr;
      const decl = info.declaration(expr.header.type);
      if (decl?.kind !== 'header_union') return expr;
      const members: readonly Expr[] = decl.fields.map((f) => isValid(field(expr.header, f.name, f.type, expr.loc), expr.loc));
      return members.length === 0 ? bool(false, expr.loc) : members.reduce((any, member) => binary('||', any, member));
    },
  }).program(program);
}
