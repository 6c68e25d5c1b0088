/** Checksums of parser states and of the deparser: what they cover, and when. */
import { bits, bitType, bool, boolType, callFunction, list, field as memberOf } from '../ir/build.js';
import type { Expr as Ir } from '../ir/expr.js';
import type { Stmt } from '../ir/stmt.js';
import type { Loc } from '../support/location.js';
import { type ExprNode, failOperand, headerOf, isExpr, isWhole, nodeOf, operand } from './expr.js';
import type { Recorder } from './recorder.js';
import type { ChecksumOptions } from './surface.js';

/** `verify_checksum(condition, data, checksum)` or `update_checksum(…)` of the portable architecture. */
export function checksumCall(
  extern: 'verify_checksum' | 'update_checksum',
  recorder: Recorder,
  field: unknown,
  over: readonly unknown[],
  given: unknown = {},
  loc: Loc,
): Stmt {
  if (typeof given !== 'object' || given === null) return failOperand(given, 'a condition, or { when, payload }', loc);
  const { when, payload = false } = isExpr(given) ? { when: given } : (given as ChecksumOptions);
  const checksum = operand(field, bitType(16), loc, recorder);
  const data = over.map((x) => (isWhole(x) ? headerOf(x, loc) : nodeOf(x, loc)));
  const condition = when === undefined ? undefined : operand(when, boolType, loc, recorder);
  for (const node of [checksum, ...data, ...(condition ? [condition] : [])]) recorder.consume(node, loc);
  const covered = data.flatMap((node) => headersIn(node, recorder, loc));
  return callFunction(
    payload ? `${extern}_with_payload` : extern,
    [condition ? condition.at(loc) : bool(true, loc), list(covered, loc), checksum.at(loc)],
    loc,
  );
}

/** The headers of a union or stack; anything else itself. */
function headersIn(node: ExprNode, recorder: Recorder, loc: Loc): readonly Ir[] {
  const within = (ir: Ir): readonly Ir[] => {
    const { type } = ir;
    if (type.kind === 'stack') {
      const { element, size } = type;
      return Array.from({ length: size }, (_, i) => i).flatMap((i) =>
        within({ kind: 'index', base: ir, index: bits(i, 32, loc), type: element, loc }),
      );
    }
    const decl = type.kind === 'named' ? recorder.types.get(type.name) : undefined;
    return decl?.kind === 'header_union' ? decl.fields.flatMap((member) => within(memberOf(ir, member.name, member.type, loc))) : [ir];
  };
  return within(node.at(loc));
}
