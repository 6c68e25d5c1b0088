/**
 * Checksums in v1model's terms: controls of their own, after the parser and before the deparser.
 *
 * | portable                             | v1model                                                                       |
 * |--------------------------------------|-------------------------------------------------------------------------------|
 * | verify_checksum(cond, data, h.sum)   | verify_checksum(h.isValid() && cond, data, h.sum, csum16) in verifyChecksums  |
 * | update_checksum(cond, data, h.sum)   | update_checksum(h.isValid() && cond, data, h.sum, csum16) in computeChecksums |
 *
 * A state is visited exactly when the header that it extracts becomes valid, so the header's validity stands for it.
 * The same for …_with_payload, whose data go on with the bytes that are not parsed.
 * BMv2 verifies after a parser error as well, what was extracted until then.
 */
import { binary, callFunction, isValid, member } from '../../ir/build.js';
import type { ParserDecl, StateDecl } from '../../ir/decl.js';
import type { Expr } from '../../ir/expr.js';
import type { Block, CallStmt, Stmt } from '../../ir/stmt.js';
import { update, visiting } from '../../ir/visit.js';
import { type Context, isStd } from './context.js';

const isChecksum =
  (text: string) =>
  (stmt: Stmt): stmt is CallStmt =>
    stmt.kind === 'call' && stmt.callee.kind === 'function' && [text, `${text}_with_payload`].includes(stmt.callee.name);
export const verifies = isChecksum('verify_checksum');
const updates = isChecksum('update_checksum');

/** Takes the verifications out of the parser's states; the second result is the body of verifyChecksums. */
export function takeVerifications(cx: Context, parser: ParserDecl): [readonly StateDecl[], Block] {
  const { states } = parser;
  const taken = states.flatMap((state) => state.body.filter(verifies));
  for (const stmt of taken) checkOutsideParser(cx, parser, stmt);
  return [
    states.map((state) => (state.body.some(verifies) ? update(state, { body: state.body.filter((s) => !verifies(s)) }) : state)),
    taken.map(lowerCall),
  ];
}

/** Takes the updates out of the deparser; the second result is the body of computeChecksums. */
export const takeUpdates = (body: Block): [Block, Block] => [body.filter((s) => !updates(s)), body.filter(updates).map(lowerCall)];

function lowerCall(stmt: CallStmt): Stmt {
  const [cond, data, checksum] = stmt.args as readonly [Expr, Expr, Expr];
  const header = checksum.kind === 'field' && checksum.base.type.kind === 'named' ? checksum.base : undefined;
  const present = header && isValid(header, stmt.loc);
  const always = cond.kind === 'bool' && cond.value;
  const both = present ? (always ? present : binary('&&', present, cond, stmt.loc)) : cond;
  const lowered = callFunction(
    stmt.callee.kind === 'function' ? stmt.callee.name : '',
    [both, data, checksum, member('HashAlgorithm', 'csum16', stmt.loc)],
    stmt.loc,
  );
  return update(lowered, stmt.doc === undefined ? {} : { doc: stmt.doc });
}

/** What a verification reads must still be there after the parser. */
function checkOutsideParser(cx: Context, parser: ParserDecl, stmt: CallStmt): void {
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
}
