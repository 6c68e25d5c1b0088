/**
 * Copies of packets, in v1model's terms.
 *
 * | portable                  | v1model                                                            |
 * |---------------------------|--------------------------------------------------------------------|
 * | mirror(s, {}) in ingress  | clone(I2E, s)                                                      |
 * | mirror(s, keep)           | clone_preserving_field_list(I2E, s, n), n the list `keep`          |
 * | mirror in egress          | the same with E2E                                                  |
 *
 * BMv2 copies the fields of a list when the block ends. Where one may have changed by then, the list holds a copy of it
 * that is made at the call; egress puts it back in mirrored packets (instance_type 1 and 2).
 */
import { assign, binary, bits, bitType, callFunction, constant, member } from '../../ir/build.js';
import type { Expr } from '../../ir/expr.js';
import type { Block } from '../../ir/stmt.js';
import type { FieldDecl } from '../../ir/types.js';
import { invariant } from '../../support/invariant.js';
import type { Loc } from '../../support/location.js';
import { type Context, metaField, standardField } from './context.js';

/** The names of the metadata's fields in a list of kept fields. */
export function keptFields(keep: Expr): readonly string[] {
  invariant(keep.kind === 'list', 'what is kept is no list');
  return keep.elements.map((element) => {
    invariant(element.kind === 'field', 'what is kept is no field');
    return element.name;
  });
}

export function lowerMirror(cx: Context, inEgress: boolean, [session, keep]: readonly Expr[], loc: Loc): Block {
  invariant(session && keep, 'mirror without its arguments');
  const to: Expr =
    session.kind === 'const' ? constant(session.value, bitType(32), loc) : { kind: 'cast', arg: session, type: bitType(32), loc };
  const kind = member('CloneType', inEgress ? 'E2E' : 'I2E', loc);
  const fields = keptFields(keep).map((text) => cx.metadata.fields.find((f) => f.name === text) as FieldDecl);
  if (fields.length === 0) return [callFunction('clone', [kind, to], loc)];
  const changing = fields.filter((f) => cx.changedAfterMirror.has(f.name));
  const names = fields.map((f) => (changing.includes(f) ? copyOf(cx, f).name : f.name));
  return [
    ...changing.map((f) => assign(metaField(cx, copyOf(cx, f), loc), metaField(cx, f, loc), loc)),
    callFunction('clone_preserving_field_list', [kind, to, bits(cx.added.list(names, loc), 8, loc)], loc),
  ];
}

/** The field that holds what `kept` was when the packet was mirrored. */
const copyOf = (cx: Context, kept: FieldDecl): FieldDecl => cx.added.field(`mirrored_${kept.name}`, kept.type, kept.loc);

/** What puts such fields back, at the start of egress. */
export function restoreMirrored(cx: Context): Block {
  const { loc } = cx.egress;
  const changing = cx.metadata.fields.filter((f) => cx.changedAfterMirror.has(f.name));
  if (changing.length === 0) return [];
  const type = standardField(cx, 'instance_type', bitType(32), loc);
  const cloned = [1, 2].map((n) => binary('==', type, bits(n, 32, loc), loc)).reduce((a, b) => binary('||', a, b, loc));
  return [
    { kind: 'if', cond: cloned, then: changing.map((f) => assign(metaField(cx, f, loc), metaField(cx, copyOf(cx, f), loc), loc)), loc },
  ];
}
