/**
 * Where a packet goes, in v1model's terms.
 *
 * | portable           | v1model                                                                                    |
 * |--------------------|--------------------------------------------------------------------------------------------|
 * | (start of ingress) | mark_to_drop: a packet without a decision is dropped                                       |
 * | forward(p)         | egress_spec = p, undo the others                                                           |
 * | drop()             | mark_to_drop (which sets mcast_grp = 0 as well), undo the others                           |
 * | multicast(g)       | mark_to_drop, mcast_grp = g, undo the others: an unknown group yields no copy              |
 * | to_controller(…)   | egress_spec = CPU_PORT, undo the others, packet_in valid and filled, its padding 0         |
 * | fill_packet_in(…)  | in egress: if (egress_port == CPU_PORT) { packet_in valid and filled, its padding 0 }       |
 * | recirculate(keep)  | egress_spec = 0, undo the others, meta.recirculated_fields = n, the number of the list     |
 * |                    | `keep`; egress begins with recirculate_preserving_field_list(n) and a return for each n    |
 * | resubmit(keep)     | resubmit_preserving_field_list(n), exit                                                    |
 * | set_priority(n)    | priority = n                                                                               |
 *
 * A resubmitted packet has lost its ingress port: one from the controller keeps meta.from_controller for the parser.
 * To undo: mcast_grp = 0, hdr.packet_in.setInvalid(), meta.recirculated_fields = 0. Each is written only in programs
 * that use what it undoes. simple_switch looks at mcast_grp before egress_spec, and drops when egress_spec is 511:
 * forward(511) is a drop.
 */
import { hasAnnotation } from '../../ir/annotations.js';
import { assign, binary, bits, bitType, callFunction, constant, field, name } from '../../ir/build.js';
import type { Expr } from '../../ir/expr.js';
import type { Block, Stmt } from '../../ir/stmt.js';
import { sameType, type Type } from '../../ir/types.js';
import { invariant } from '../../support/invariant.js';
import type { Loc } from '../../support/location.js';
import { type Context, fromController, headerOf, metaField, standardField, standardMetadata, wireType } from './context.js';
import { keptFields } from './mirror.js';

type Lower = (cx: Context, args: readonly Expr[], loc: Loc) => Block;

export const decisions: ReadonlyMap<string, Lower> = new Map<string, Lower>([
  [
    'forward',
    (cx, [port], loc) => [
      setEgress(cx, given(port), loc),
      ...undoMulticast(cx, loc),
      ...undoToController(cx, loc),
      ...undoRecirculate(cx, loc),
    ],
  ],
  ['drop', (cx, _args, loc) => [markToDrop(cx, loc), ...undoToController(cx, loc), ...undoRecirculate(cx, loc)]],
  [
    'multicast',
    (cx, [group], loc) => [
      markToDrop(cx, loc),
      assign(standardField(cx, 'mcast_grp', bitType(16), loc), given(group), loc),
      ...undoToController(cx, loc),
      ...undoRecirculate(cx, loc),
    ],
  ],
  [
    'to_controller',
    (cx, args, loc) => [
      setEgress(cx, name(cx.cpuPort, bitType(9), loc), loc),
      ...undoMulticast(cx, loc),
      ...undoRecirculate(cx, loc),
      ...fillPacketIn(cx, args, loc),
    ],
  ],
  [
    'fill_packet_in',
    (cx, args, loc) => {
      const toController = binary('==', standardField(cx, 'egress_port', bitType(9), loc), name(cx.cpuPort, bitType(9), loc), loc);
      return [{ kind: 'if', cond: toController, then: fillPacketIn(cx, args, loc), loc }];
    },
  ],
  [
    'recirculate',
    (cx, [keep], loc) => {
      const list = cx.added.list([...keptFields(given(keep)).keys()], loc);
      cx.recirculated.add(list);
      return [
        setEgress(cx, bits(0, 9, loc), loc),
        ...undoMulticast(cx, loc),
        ...undoToController(cx, loc),
        assign(recirculated(cx, loc), bits(list, 8, loc), loc),
      ];
    },
  ],
  ['set_priority', (cx, [priority], loc) => [assign(standardField(cx, 'priority', bitType(3), loc), given(priority), loc)]],
  [
    'resubmit',
    (cx, [keep], loc) => {
      const kept = [...keptFields(given(keep)).keys(), ...(cx.packetOut ? [fromController(cx, loc).name] : [])];
      return [callFunction('resubmit_preserving_field_list', [bits(cx.added.list(kept, loc), 8, loc)], loc), { kind: 'exit', loc }];
    },
  ],
]);

export const markToDrop = (cx: Context, loc: Loc): Stmt => callFunction('mark_to_drop', [standardMetadata(cx, loc)], loc);

/** A drop in egress: what ingress decided is not undone there, and needs not be. */
export const dropInEgress = (cx: Context, loc: Loc): Block => [markToDrop(cx, loc)];

/** What sends packets back at the start of egress. */
export function recirculateInEgress(cx: Context): Block {
  const { loc } = cx.egress;
  return [...cx.recirculated].map(
    (list): Stmt => ({
      kind: 'if',
      cond: binary('==', recirculated(cx, loc), bits(list, 8, loc), loc),
      then: [callFunction('recirculate_preserving_field_list', [bits(list, 8, loc)], loc), { kind: 'return', loc }],
      loc,
    }),
  );
}

const setEgress = (cx: Context, port: Expr, loc: Loc): Stmt => assign(standardField(cx, 'egress_spec', bitType(9), loc), port, loc);

const recirculated = (cx: Context, loc: Loc): Expr =>
  metaField(
    cx,
    cx.added.flag('recirculated_fields', bitType(8), cx.ingress.loc, 'Not 0: egress recirculates the packet with that field list.'),
    loc,
  );

const undoMulticast = (cx: Context, loc: Loc): Block =>
  cx.calls.has('multicast') ? [assign(standardField(cx, 'mcast_grp', bitType(16), loc), bits(0, 16, loc), loc)] : [];

const undoToController = (cx: Context, loc: Loc): Block =>
  cx.calls.has('to_controller') && cx.packetIn ? [{ kind: 'set-validity', header: headerOf(cx, cx.packetIn, loc), valid: false, loc }] : [];

const undoRecirculate = (cx: Context, loc: Loc): Block =>
  cx.calls.has('recirculate') ? [assign(recirculated(cx, loc), bits(0, 8, loc), loc)] : [];

function fillPacketIn(cx: Context, args: readonly Expr[], loc: Loc): Block {
  invariant(cx.packetIn, 'packet_in is filled in a program without it');
  const header = headerOf(cx, cx.packetIn, loc);
  const values = [...args];
  return [
    { kind: 'set-validity', header, valid: true, loc },
    ...cx.packetIn.header.fields.map((decl) => {
      const type = wireType(decl.type);
      const value = hasAnnotation(decl, 'padding') ? zero(type, loc) : given(values.shift());
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
