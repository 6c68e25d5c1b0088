/**
 * Where a packet goes, in v1model's terms.
 *
 * | portable           | v1model                                                                             |
 * |--------------------|-------------------------------------------------------------------------------------|
 * | (start of ingress) | mark_to_drop: a packet without a decision is dropped                                |
 * | forward(p)         | egress_spec = p, undo multicast, undo to_controller                                 |
 * | drop()             | mark_to_drop (which sets mcast_grp = 0 as well), undo to_controller                 |
 * | multicast(g)       | mark_to_drop, mcast_grp = g, undo to_controller: an unknown group yields no copy    |
 * | to_controller(…)   | egress_spec = CPU_PORT, undo multicast, packet_in valid and filled, its padding 0   |
 *
 * Undo multicast: mcast_grp = 0. Undo to_controller: hdr.packet_in.setInvalid(). Either is written only in programs
 * that use what it undoes. simple_switch looks at mcast_grp before egress_spec, and drops when egress_spec is 511:
 * forward(511) is a drop.
 */
import { assign, bits, bitType, callFunction, constant, field, name } from '../../ir/build.js';
import type { Expr } from '../../ir/expr.js';
import type { Block, Stmt } from '../../ir/stmt.js';
import { sameType, type Type } from '../../ir/types.js';
import { invariant } from '../../support/invariant.js';
import type { Loc } from '../../support/location.js';
import { type Context, headerOf, isPadding, standardField, standardMetadata, wireType } from './context.js';

type Lower = (cx: Context, args: readonly Expr[], loc: Loc) => Block;

export const decisions: ReadonlyMap<string, Lower> = new Map<string, Lower>([
  [
    'forward',
    (cx, [port], loc) => [
      assign(standardField(cx, 'egress_spec', bitType(9), loc), given(port), loc),
      ...undoMulticast(cx, loc),
      ...undoToController(cx, loc),
    ],
  ],
  ['drop', (cx, _args, loc) => [markToDrop(cx, loc), ...undoToController(cx, loc)]],
  [
    'multicast',
    (cx, [group], loc) => [
      markToDrop(cx, loc),
      assign(standardField(cx, 'mcast_grp', bitType(16), loc), given(group), loc),
      ...undoToController(cx, loc),
    ],
  ],
  [
    'to_controller',
    (cx, args, loc) => [
      assign(standardField(cx, 'egress_spec', bitType(9), loc), name(cx.cpuPort, bitType(9), loc), loc),
      ...undoMulticast(cx, loc),
      ...fillPacketIn(cx, args, loc),
    ],
  ],
]);

export const markToDrop = (cx: Context, loc: Loc): Stmt => callFunction('mark_to_drop', [standardMetadata(cx, loc)], loc);

const undoMulticast = (cx: Context, loc: Loc): Block =>
  cx.uses.multicast ? [assign(standardField(cx, 'mcast_grp', bitType(16), loc), bits(0, 16, loc), loc)] : [];

const undoToController = (cx: Context, loc: Loc): Block =>
  cx.uses.toController && cx.packetIn ? [{ kind: 'set-validity', header: headerOf(cx, cx.packetIn, loc), valid: false, loc }] : [];

function fillPacketIn(cx: Context, args: readonly Expr[], loc: Loc): Block {
  invariant(cx.packetIn, 'to_controller in a program without packet_in');
  const header = headerOf(cx, cx.packetIn, loc);
  const values = [...args];
  return [
    { kind: 'set-validity', header, valid: true, loc },
    ...cx.packetIn.header.fields.map((decl) => {
      const type = wireType(decl.type);
      const value = isPadding(decl) ? zero(type, loc) : given(values.shift());
      const written: Expr = sameType(value.type, type) ? value : { kind: 'cast', arg: value, type, loc };
      return assign(field(header, decl.name, type, loc), written, loc);
    }),
  ];
}

const zero = (type: Type, loc: Loc): Expr => constant(0, type, loc);

function given(expr: Expr | undefined): Expr {
  invariant(expr, 'a decision without its argument');
  return expr;
}
