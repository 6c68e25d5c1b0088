/**
 * What a block knows of a packet, `std.*`, in terms of standard_metadata (simple_switch.md).
 *
 * | portable                       | v1model                                                       |
 * |--------------------------------|---------------------------------------------------------------|
 * | ingressPort                    | ingress_port                                                  |
 * | timestampNs                    | ingress_global_timestamp * 1000 (egress_… in egress): from µs |
 * | path == Path.x                 | instance_type == n, by the table below                        |
 * | parserError                    | parser_error                                                  |
 * | checksumError                  | checksum_error == 1                                           |
 * | egressPort, replica            | egress_port, egress_rid                                       |
 * | packetLength                   | packet_length                                                 |
 * | queueDepth, queueDelayNs       | enq_qdepth, deq_timedelta * 1000: from µs                     |
 */
import { binary, bits, bitType, errorType } from '../../ir/build.js';
import type { BinaryExpr, Expr, FieldExpr, MemberExpr } from '../../ir/expr.js';
import type { Type } from '../../ir/types.js';
import type { Loc } from '../../support/location.js';
import { type Context, isStd, standardField } from './context.js';

type Stage = 'parser' | 'ingress' | 'egress';
type Lower = (cx: Context, loc: Loc, stage: Stage) => Expr;

const plain =
  (text: string, width: number): Lower =>
  (cx, loc) =>
    standardField(cx, text, bitType(width), loc);
const microseconds = (expr: Expr, width: number): Expr => binary('*', expr, bits(1000, width, expr.loc));

const fields: ReadonlyMap<string, Lower> = new Map<string, Lower>([
  ['ingressPort', plain('ingress_port', 9)],
  [
    'timestampNs',
    (cx, loc, stage) =>
      microseconds(standardField(cx, `${stage === 'egress' ? 'egress' : 'ingress'}_global_timestamp`, bitType(48), loc), 48),
  ],
  ['parserError', (cx, loc) => standardField(cx, 'parser_error', errorType, loc)],
  ['checksumError', (cx, loc) => binary('==', standardField(cx, 'checksum_error', bitType(1), loc), bits(1, 1, loc))],
  ['egressPort', plain('egress_port', 9)],
  ['replica', plain('egress_rid', 16)],
  ['packetLength', plain('packet_length', 32)],
  ['queueDepth', plain('enq_qdepth', 19)],
  ['queueDelayNs', (cx, loc) => microseconds(standardField(cx, 'deq_timedelta', bitType(32), loc), 32)],
]);

/** Values of instance_type: a mirrored packet was cloned in ingress (1) or egress (2); 3 is not in use. */
const instanceTypes: Readonly<Record<string, readonly number[]>> = {
  normal: [0],
  mirrored: [1, 2],
  recirculated: [4],
  replicated: [5],
  resubmitted: [6],
};

/** The lowered form of `expr`, whose parts are still portable; undefined where it is not about `std`. */
export function lowerStd(cx: Context, expr: Expr, stage: Stage): Expr | undefined {
  if (expr.kind === 'binary') {
    const member = comparedPath(expr);
    return member && comparePath(cx, expr, member);
  }
  return expr.kind === 'field' && isStd(expr.base.type) ? fields.get(expr.name)?.(cx, expr.loc, stage) : undefined;
}

const isPath = (expr: Expr): boolean => isPathType(expr.type);
export const isPathType = (type: Type): boolean => type.kind === 'named' && type.name === 'Path';
const isPathField = (expr: Expr): expr is FieldExpr => expr.kind === 'field' && expr.name === 'path' && isStd(expr.base.type);
const isPathMember = (expr: Expr): expr is MemberExpr => expr.kind === 'member' && isPath(expr);

/** The member of Path that `std.path` is compared with. */
export function comparedPath({ op, left, right }: BinaryExpr): MemberExpr | undefined {
  if (op !== '==' && op !== '!=') return undefined;
  if (isPathField(left) && isPathMember(right)) return right;
  return isPathField(right) && isPathMember(left) ? left : undefined;
}

function comparePath(cx: Context, { op, loc }: BinaryExpr, member: MemberExpr): Expr {
  const type = standardField(cx, 'instance_type', bitType(32), loc);
  const values = instanceTypes[member.name] ?? [];
  return values.map((n) => binary(op, type, bits(n, 32, loc), loc)).reduce((a, b) => binary(op === '==' ? '||' : '&&', a, b, loc));
}
