/**
 * Checksums in v1model's terms: controls of their own, after the parser and before the deparser.
 *
 * | portable                             | v1model                                                                       |
 * |--------------------------------------|-------------------------------------------------------------------------------|
 * | verify_checksum(cond, data, h.sum)   | verify_checksum(h.isValid() && cond, data, h.sum, csum16) in verifyChecksums  |
 * | update_checksum(cond, data, h.sum)   | update_checksum(h.isValid() && cond, data, h.sum, csum16) in computeChecksums |
 *
 * A packet is verified when it passes the state that says so. Where that state alone extracts the header, the header's
 * validity tells; elsewhere the state sets a flag in the metadata, which becomes part of the condition.
 * The same for …_with_payload, whose data go on with the bytes that are not parsed.
 * Verifications come after the whole parser: one whose fields are written after it is refused.
 * BMv2 verifies after a parser error as well, what was extracted until then.
 */
import { assign, binary, bits, bitType, callFunction, isValid, list, member } from '../../ir/build.js';
import type { ParserDecl, StateDecl } from '../../ir/decl.js';
import type { Expr } from '../../ir/expr.js';
import { overlap, placeOf, placesIn, printPlace, sharedPlace } from '../../ir/places.js';
import { isSized } from '../../ir/rules.js';
import type { Block, CallStmt, Stmt } from '../../ir/stmt.js';
import type { Type } from '../../ir/types.js';
import { update, visiting } from '../../ir/visit.js';
import { type Context, isStd, metaField } from './context.js';
import { allWrites, writesAfter } from './parser-writes.js';

const isChecksum =
  (text: string) =>
  (stmt: Stmt): stmt is CallStmt =>
    stmt.kind === 'call' && stmt.callee.kind === 'function' && [text, `${text}_with_payload`].includes(stmt.callee.name);
export const verifies = isChecksum('verify_checksum');
const updates = isChecksum('update_checksum');

/** Takes the verifications out of the parser's states; the second result is the body of verifyChecksums. */
export function takeVerifications(cx: Context, parser: ParserDecl): [readonly StateDecl[], Block] {
  const verifications: Stmt[] = [];
  const take = (state: StateDecl, stmt: CallStmt, position: number): Block => {
    checkOutsideParser(cx, parser, state, stmt);
    const header = headerOfChecksum(stmt);
    if (header && isExtractedOnlyBefore(cx, parser, state, position, header)) {
      verifications.push(lowerCall(cx, stmt));
      return [];
    }
    const passed = metaField(cx, cx.added.field(`verify_${state.name}`, bitType(1), stmt.loc), stmt.loc);
    verifications.push(lowerCall(cx, stmt, binary('==', passed, bits(1, 1, stmt.loc), stmt.loc)));
    return [assign(passed, bits(1, 1, stmt.loc), stmt.loc)];
  };
  const states = parser.states.map((state) =>
    state.body.some(verifies)
      ? update(state, { body: state.body.flatMap((stmt, i) => (verifies(stmt) ? take(state, stmt, i) : [stmt])) })
      : state,
  );
  return [states, verifications];
}

/** Takes the updates out of the deparser; the second result is the body of computeChecksums. */
export const takeUpdates = (cx: Context, body: Block): [Block, Block] => [
  body.filter((s) => !updates(s)),
  body.filter(updates).map((stmt) => lowerCall(cx, stmt)),
];

/** `passed`: what must hold beside the condition of the call. */
function lowerCall(cx: Context, stmt: CallStmt, passed?: Expr): Stmt {
  const [cond, data, checksum] = stmt.args as readonly [Expr, Expr, Expr];
  const header = headerOfChecksum(stmt);
  const always = cond.kind === 'bool' && cond.value;
  const [first = cond, ...more] = [...(header ? [isValid(header, stmt.loc)] : []), ...(passed ? [passed] : []), ...(always ? [] : [cond])];
  const lowered = callFunction(
    stmt.callee.kind === 'function' ? stmt.callee.name : '',
    [more.reduce((a, b) => binary('&&', a, b, stmt.loc), first), sameBits(cx, data), checksum, member('HashAlgorithm', 'csum16', stmt.loc)],
    stmt.loc,
  );
  return update(lowered, stmt.doc === undefined ? {} : { doc: stmt.doc });
}

/** The data without casts that leave the bits as they are: BMv2 covers fields, and computes nothing. */
function sameBits(cx: Context, data: Expr): Expr {
  const width = (of: Type): number | undefined => {
    const type = cx.info.underlying(of);
    return isSized(type) ? type.width : undefined;
  };
  const bare = (expr: Expr): Expr =>
    expr.kind === 'cast' && width(expr.type) !== undefined && width(expr.type) === width(expr.arg.type) ? bare(expr.arg) : expr;
  return data.kind === 'list' ? list(data.elements.map(bare), data.loc) : data;
}

/** The header that the checksum is a field of. */
function headerOfChecksum({ args }: CallStmt): Expr | undefined {
  const checksum = args[2];
  return checksum?.kind === 'field' && checksum.base.type.kind === 'named' ? checksum.base : undefined;
}

const isExtract = (stmt: Stmt): boolean => stmt.kind === 'call' && stmt.callee.kind === 'method' && stmt.callee.method === 'extract';

/** Whether the header is valid after the parser exactly when the packet passed this place of the state. */
function isExtractedOnlyBefore(cx: Context, parser: ParserDecl, state: StateDecl, position: number, header: Expr): boolean {
  const place = placeOf(header);
  if (!place || header.kind !== 'field') return false;
  const [only, ...others] = allWrites(cx.info).filter((write) => overlap(write.place, sharedPlace(parser, place)));
  return only !== undefined && others.length === 0 && isExtract(only.stmt) && state.body.slice(0, position).includes(only.stmt);
}

/** What a verification reads must still be there after the parser, as it was. */
function checkOutsideParser(cx: Context, parser: ParserDecl, state: StateDecl, stmt: CallStmt): void {
  const locals = new Set(parser.locals.map((local) => local.name));
  for (const state of parser.states) for (const s of state.body) if (s.kind === 'declare') locals.add(s.name);
  const refuse = (feature: string) =>
    cx.diagnostics.report('not-yet', { feature, instead: 'verify a checksum over fields of headers and metadata' }, { loc: stmt.loc });
  const visitor = visiting({
    expr: (expr) => {
      if (expr.kind === 'stack-member') refuse(`A checksum over \`${expr.member}\` of a header stack`);
      if (isStd(expr.type)) refuse('A checksum over std');
      if (expr.kind === 'lookahead') refuse('A checksum over a lookahead');
      if (expr.kind === 'name' && locals.has(expr.name)) refuse(`A checksum over the parser's variable ${expr.name}`);
    },
  });
  stmt.args.forEach(visitor.expr);
  const reads = stmt.args.flatMap(placesIn).map((place) => ({ place, shared: sharedPlace(parser, place) }));
  const later = writesAfter(cx.info, parser, state, stmt);
  for (const read of reads) {
    const write = later.find(({ place }) => overlap(place, read.shared));
    if (!write) continue;
    const feature = `A checksum over \`${printPlace(read.place)}\`, which the parser writes after this,`;
    const instead = 'verify the checksum in a state after which its fields do not change';
    const notes = [{ message: 'it is written here', loc: write.stmt.loc }];
    cx.diagnostics.report('not-yet', { feature, instead }, { loc: stmt.loc, notes });
    return;
  }
}
