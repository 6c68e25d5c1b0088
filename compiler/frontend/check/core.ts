/** What core.p4 and v1model's include files say in words: what may be extracted, emitted and verified (P4-16 §12.8, §16). */
import type { CallExpr } from '../ast.js';
import type { Callee } from './callees.js';
import type { Call, Checker } from './context.js';
import { placeInWords } from './placement.js';
import { fieldsOf, isStruct, type ParamInfo, prune, showType, type Type } from './types.js';
import { knownValue } from './values.js';

export function checkCore(c: Checker, callee: Callee, call: Call, expr: CallExpr): void {
  const [first] = call.args;
  const type = first && prune((call.params[0] as ParamInfo).type);
  const object = callee.objectType;
  if (callee.kind === 'function' && callee.name === 'verify' && callee.decl?.kind === 'extern-function') {
    if (c.place.in !== 'state' && c.place.in !== 'function') c.report('wrong-place', { what: 'verify', where: placeInWords(c) }, expr.loc);
    return;
  }
  if (callee.kind === 'function' && callee.name === 'static_assert' && callee.decl?.kind === 'extern-function') {
    const [cond, message] = call.args;
    const text = message && knownValue(c, message);
    if (cond && knownValue(c, cond) === false) c.report('p4-assertion', { message: typeof text === 'string' ? text : undefined }, expr.loc);
    return;
  }
  if (object?.kind !== 'extern') return;
  const method = `${object.info.decl.name.text}.${callee.name}`;
  if (method === 'packet_in.extract' && type) extract(c, type, call, expr);
  else if (method === 'packet_in.lookahead') {
    const of = prune(call.returns);
    if (!isReadable(of))
      c.report('p4-packet-type', { what: 'looked ahead at', type: showType(of), expected: 'a type of fixed size' }, expr.loc);
  } else if (method === 'packet_out.emit' && type && !isEmittable(type)) {
    c.report(
      'p4-packet-type',
      { what: 'emitted', type: showType(type), expected: 'a header, a stack, a union or a struct of these' },
      expr.loc,
    );
  }
}

function extract(c: Checker, type: Type, call: Call, expr: CallExpr): void {
  if (type.kind === 'unknown' || type.kind === 'var') return;
  if (type.kind !== 'header') {
    c.report('p4-packet-type', { what: 'extracted', type: showType(type), expected: 'a header' }, expr.loc);
    return;
  }
  const varying = fieldsOf(type).filter((f) => prune(f.type).kind === 'varbit').length;
  if (varying > 1) {
    c.report('p4-packet-type', { what: 'extracted', type: showType(type), expected: 'a header with one varbit field at most' }, expr.loc);
    return;
  }
  const sized = call.params.length === 2;
  if (sized !== varying > 0) {
    c.report(
      'p4-packet-type',
      {
        what: sized ? 'extracted with a size' : 'extracted without a size',
        type: showType(type),
        expected: sized ? 'a header with a varbit field' : 'a header without a varbit field',
      },
      expr.loc,
    );
  }
}

function isReadable(type: Type): boolean {
  const t = prune(type);
  if (t.kind === 'struct' || t.kind === 'header') return fieldsOf(t).every((f) => isReadable(f.type));
  if (t.kind === 'newtype') return isReadable(t.base);
  if (t.kind === 'tuple') return t.elements.every(isReadable);
  return ['bit', 'int', 'bool', 'unknown', 'var', 'hole', 'stack'].includes(t.kind) || (t.kind === 'enum' && t.base !== undefined);
}

function isEmittable(type: Type): boolean {
  const t = prune(type);
  if (t.kind === 'header' || t.kind === 'header_union' || t.kind === 'unknown' || t.kind === 'var') return true;
  if (t.kind === 'stack') return isEmittable(t.element);
  if (t.kind === 'tuple' || t.kind === 'list-value') return t.elements.every(isEmittable);
  return isStruct(t) && fieldsOf(t).every((f) => isEmittable(f.type));
}
