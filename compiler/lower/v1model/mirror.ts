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
import { invariant } from '../../support/invariant.js';
import type { Loc } from '../../support/location.js';
import { type Context, metaField, standardField } from './context.js';

/** The fields in a list of kept ones, by their paths in the metadata, such as `inner.port`. */
export function keptFields(keep: Expr): ReadonlyMap<string, Expr> {
  invariant(keep.kind === 'list', 'what is kept is no list');
  return new Map(keep.elements.map((element) => [pathOf(element).join('.'), element]));
}

function pathOf(expr: Expr): readonly string[] {
  if (expr.kind === 'name') return [];
  invariant(expr.kind === 'field', 'what is kept is no field');
  return [...pathOf(expr.base), expr.name];
}

export function lowerMirror(cx: Context, inEgress: boolean, [session, keep]: readonly Expr[], loc: Loc): Block {
  invariant(session && keep, 'mirror without its arguments');
  const to: Expr =
    session.kind === 'const' ? constant(session.value, bitType(32), loc) : { kind: 'cast', arg: session, type: bitType(32), loc };
  const kind = member('CloneType', inEgress ? 'E2E' : 'I2E', loc);
  const fields = [...keptFields(keep)];
  if (fields.length === 0) return [callFunction('clone', [kind, to], loc)];
  const copies: Block[] = [];
  const paths = fields.map(([path, kept]) => {
    const [root = ''] = path.split('.');
    if (!cx.changedAfterMirror.has(root)) return path;
    const copy = cx.mirrored.get(path)?.copy ?? cx.added.field(`mirrored_${path.replaceAll('.', '_')}`, kept.type, kept.loc);
    cx.mirrored.set(path, { kept, copy });
    copies.push([assign(metaField(cx, copy, loc), kept, loc)]);
    return copy.name;
  });
  return [...copies.flat(), callFunction('clone_preserving_field_list', [kind, to, bits(cx.added.list(paths, loc), 8, loc)], loc)];
}

/** What puts copies back, at the start of egress. */
export function restoreMirrored(cx: Context): Block {
  const { loc } = cx.egress;
  if (cx.mirrored.size === 0) return [];
  const type = standardField(cx, 'instance_type', bitType(32), loc);
  const cloned = [1, 2].map((n) => binary('==', type, bits(n, 32, loc), loc)).reduce((a, b) => binary('||', a, b, loc));
  return [
    { kind: 'if', cond: cloned, then: [...cx.mirrored.values()].map(({ kept, copy }) => assign(kept, metaField(cx, copy, loc), loc)), loc },
  ];
}
