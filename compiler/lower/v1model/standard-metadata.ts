/**
 * What a block knows of a packet, `std.*`, in terms of standard_metadata (simple_switch.md).
 *
 * | portable                       | v1model                                                       |
 * |--------------------------------|---------------------------------------------------------------|
 * | ingressPort                    | ingress_port                                                  |
 * | timestampNs                    | ingress_global_timestamp * 1000 (egress_… in egress): from µs |
 * | path == Path.x                 | instance_type == n, by the table below                        |
 * | path elsewhere                 | of the enum Path, whose members have these numbers            |
 * | parserError                    | parser_error                                                  |
 * | checksumError                  | checksum_error == 1                                           |
 * | egressPort, replica            | egress_port, egress_rid                                       |
 * | packetLength                   | packet_length, without packet_out                             |
 * | ingressTimestampNs             | ingress_global_timestamp * 1000: from µs                      |
 * | enqueueTimestampNs             | enq_timestamp has 32 bits: what egress_global_timestamp has   |
 * |                                | above them completes it; * 1000: from µs                      |
 * | queueDepth, dequeueDepth       | enq_qdepth, deq_qdepth                                        |
 * | queueDelayNs                   | deq_timedelta * 1000: from µs                                 |
 * | priority                       | priority                                                      |
 */
import { binary, bits, bitType, errorType, isValid, named } from '../../ir/build.js';
import type { BinaryExpr, Expr, FieldExpr, MemberExpr } from '../../ir/expr.js';
import type { EnumDecl } from '../../ir/types.js';
import { invariant } from '../../support/invariant.js';
import { type Loc, nowhere } from '../../support/location.js';
import { type Context, headerOf, standardField } from './context.js';

type Stage = 'ingress' | 'egress';
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
  ['packetLength', packetLength],
  ['ingressTimestampNs', (cx, loc) => microseconds(standardField(cx, 'ingress_global_timestamp', bitType(48), loc), 48)],
  ['enqueueTimestampNs', enqueueTimestamp],
  ['queueDepth', plain('enq_qdepth', 19)],
  ['dequeueDepth', plain('deq_qdepth', 19)],
  ['priority', plain('priority', 3)],
  ['queueDelayNs', (cx, loc) => microseconds(standardField(cx, 'deq_timedelta', bitType(32), loc), 32)],
  ['path', pathValue],
]);

/** The time that has passed since fits in the bits that enq_timestamp has, for 71 minutes. */
function enqueueTimestamp(cx: Context, loc: Loc): Expr {
  const now = standardField(cx, 'egress_global_timestamp', bitType(48), loc);
  const low: Expr = { kind: 'slice', base: now, high: 31, low: 0, type: bitType(32), loc };
  const since = binary('-', low, standardField(cx, 'enq_timestamp', bitType(32), loc), loc);
  return microseconds(binary('-', now, { kind: 'cast', arg: since, type: bitType(48), loc }, loc), 48);
}

/** Values of instance_type; 2 is a mirrored packet too, one that was cloned in egress, and 3 is not in use. */
const instanceTypes: Readonly<Record<string, number>> = { normal: 0, mirrored: 1, recirculated: 4, replicated: 5, resubmitted: 6 };
const clonedInEgress = 2;

/** The enum of the architecture, with the numbers that it has on v1model. */
export const pathEnum: EnumDecl = {
  kind: 'enum',
  name: 'Path',
  base: bitType(32),
  members: Object.entries(instanceTypes).map(([name, value]) => ({ name, value: BigInt(value) })),
  loc: nowhere,
};

/** What a field of `std` is. */
export function lowerStd(cx: Context, { name, base, loc }: FieldExpr): Expr {
  const lower = fields.get(name);
  invariant(lower && base.type.kind === 'named', `std has no ${name}`);
  return lower(cx, loc, base.type.name === 'EgressStd' ? 'egress' : 'ingress');
}

/** packet_length counts packet_out, which is in front of a packet from the controller and leaves with none. */
function packetLength(cx: Context, loc: Loc): Expr {
  const length = standardField(cx, 'packet_length', bitType(32), loc);
  if (!cx.packetOut) return length;
  const bytes = cx.info.width(cx.packetOut.field.type) / 8;
  return {
    kind: 'mux',
    cond: isValid(headerOf(cx, cx.packetOut, loc)),
    yes: binary('-', length, bits(bytes, 32, loc)),
    no: length,
    type: bitType(32),
    loc,
  };
}

const instanceType = (cx: Context, loc: Loc): Expr => standardField(cx, 'instance_type', bitType(32), loc);

function pathValue(cx: Context, loc: Loc): Expr {
  const type = instanceType(cx, loc);
  const arg: Expr = {
    kind: 'mux',
    cond: binary('==', type, bits(clonedInEgress, 32, loc), loc),
    yes: bits(1, 32, loc),
    no: type,
    type: bitType(32),
    loc,
  };
  return { kind: 'cast', arg, type: named('Path'), loc };
}

/** The member that `std.path`, as it was lowered to one of `paths`, is compared with. */
export function comparedPath({ op, left, right }: BinaryExpr, paths: ReadonlySet<Expr>): MemberExpr | undefined {
  if (op !== '==' && op !== '!=') return undefined;
  if (paths.has(left) && right.kind === 'member') return right;
  return paths.has(right) && left.kind === 'member' ? left : undefined;
}

export function comparePath(cx: Context, { op, loc }: BinaryExpr, member: MemberExpr): Expr {
  const values = [instanceTypes[member.name] ?? 0, ...(member.name === 'mirrored' ? [clonedInEgress] : [])];
  return values
    .map((n) => binary(op, instanceType(cx, loc), bits(n, 32, loc), loc))
    .reduce((a, b) => binary(op === '==' ? '||' : '&&', a, b, loc));
}
