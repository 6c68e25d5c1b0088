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
 * Verifications come after the whole parser: values that are not the same there, or not there at all, the state keeps in
 * the metadata. BMv2 verifies after a parser error as well, what was extracted until then.
 */
import { assign, binary, bits, bitType, callFunction, isValid, list, member } from '../../ir/build.js';
import type { ParserDecl, StateDecl } from '../../ir/decl.js';
import type { Expr } from '../../ir/expr.js';
import { namesWithin } from '../../ir/fresh-names.js';
import { overlap, placeOf, placesIn, sharedPlace } from '../../ir/places.js';
import { printExpr } from '../../ir/print.js';
import { isSized } from '../../ir/rules.js';
import type { Block, CallStmt, Stmt } from '../../ir/stmt.js';
import { Rewriter, update, visiting } from '../../ir/visit.js';
import { type Context, isStd, metaField } from './context.js';
import { allWrites, comesAgain, type Write, writesAfter } from './parser-writes.js';

const isChecksum =
  (text: string) =>
  (stmt: Stmt): stmt is CallStmt =>
    stmt.kind === 'call' && stmt.callee.kind === 'function' && [text, `${text}_with_payload`].includes(stmt.callee.name);
export const verifies = isChecksum('verify_checksum');
const updates = isChecksum('update_checksum');

/** Takes the verifications out of the parser's states; the second result is the body of verifyChecksums. */
export function takeVerifications(cx: Context, parser: ParserDecl): [readonly StateDecl[], Block] {
  const verifications: Stmt[] = [];
  const take = (state: StateDecl, call: CallStmt): Block => {
    const [kept, stmt] = keepValues(cx, parser, state, call);
    const header = headerOfChecksum(cx, stmt);
    if (header && isExtractedOnlyBefore(cx, parser, state, call, header)) {
      verifications.push(lowerCall(cx, stmt));
      return kept;
    }
    const passed = metaField(cx, cx.added.field(`verify_${state.name}`, bitType(1), stmt.loc), stmt.loc);
    verifications.push(lowerCall(cx, stmt, binary('==', passed, bits(1, 1, stmt.loc), stmt.loc)));
    return [...kept, assign(passed, bits(1, 1, stmt.loc), stmt.loc)];
  };
  const states = parser.states.map((state) => new Rewriter({ stmt: (stmt) => (verifies(stmt) ? take(state, stmt) : stmt) }).state(state));
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
  const header = headerOfChecksum(cx, stmt);
  const [first = cond, ...more] = [
    ...(header ? [isValid(header, stmt.loc)] : []),
    ...(passed ? [passed] : []),
    ...(isAlways(cond) ? [] : [cond]),
  ];
  const covered = list(dataOf(cx, data), data.loc);
  const lowered = callFunction(
    stmt.callee.kind === 'function' ? stmt.callee.name : '',
    [more.reduce((a, b) => binary('&&', a, b, stmt.loc), first), covered, checksum, member('HashAlgorithm', 'csum16', stmt.loc)],
    stmt.loc,
  );
  return update(lowered, stmt.doc === undefined ? {} : { doc: stmt.doc });
}

/**
 * What the data consist of, one after the other, without what only puts bits together: BMv2 covers fields and constants, and
 * computes nothing. Casts that leave the bits as they are have none of their own, those to more bits have zeros in front.
 */
function dataOf(cx: Context, data: Expr): readonly Expr[] {
  const bitsIn = ({ type }: Expr): number | undefined => {
    const base = cx.info.underlying(type);
    return isSized(base) ? base.width : undefined;
  };
  if (data.kind === 'list') return data.elements.flatMap((element) => dataOf(cx, element));
  if (data.kind === 'binary' && data.op === '++') return [...dataOf(cx, data.left), ...dataOf(cx, data.right)];
  const [to, from] = data.kind === 'cast' ? [bitsIn(data), bitsIn(data.arg)] : [];
  if (data.kind !== 'cast' || to === undefined || from === undefined || to < from) return [data];
  if (to === from) return dataOf(cx, data.arg);
  return cx.info.underlying(data.arg.type).kind === 'int' ? [data] : [bits(0, to - from, data.loc), ...dataOf(cx, data.arg)];
}

/** The header that the checksum is a field of. */
function headerOfChecksum({ info }: Context, { args }: CallStmt): Expr | undefined {
  const checksum = args[2];
  return checksum?.kind === 'field' && info.declaration(checksum.base.type)?.kind === 'header' ? checksum.base : undefined;
}

const isExtract = (stmt: Stmt): boolean => stmt.kind === 'call' && stmt.callee.kind === 'method' && stmt.callee.method === 'extract';

/** Whether the header is valid after the parser exactly when the packet passed this place of the state. */
function isExtractedOnlyBefore(cx: Context, parser: ParserDecl, state: StateDecl, call: CallStmt, header: Expr): boolean {
  const place = placeOf(header);
  const position = state.body.indexOf(call);
  if (!place || header.kind !== 'field' || position < 0) return false;
  const [only, ...others] = allWrites(cx.info).filter((write) => overlap(write.place, sharedPlace(parser, place)));
  return only !== undefined && others.length === 0 && isExtract(only.stmt) && state.body.slice(0, position).includes(only.stmt);
}

/** The call as it stands after the parser, and what keeps the values in the metadata that it cannot read there. */
function keepValues(cx: Context, parser: ParserDecl, state: StateDecl, call: CallStmt): [Block, CallStmt] {
  const [cond, data, checksum] = call.args as readonly [Expr, Expr, Expr];
  const covered = dataOf(cx, data);
  const after = new AfterParser(cx, parser, state, call);
  const changed = [...covered, checksum, cond].filter((value) => !after.isSame(value));
  const lost = changed.find((value) => !after.canKeep(value));
  if (lost) after.refuse(lost);
  const kept: Stmt[] = [];
  const keep = (value: Expr): Expr => {
    const field = metaField(cx, cx.added.field(`verify_${state.name}_${kept.length + 1}`, value.type, value.loc), value.loc);
    kept.push(assign(field, value, value.loc));
    return field;
  };
  const there = (value: Expr): Expr => (changed.includes(value) && value !== lost ? keep(value) : value);
  // A checksum that the metadata keep says nothing of its header.
  const header = changed.includes(checksum) ? headerOfChecksum(cx, call) : undefined;
  const args = [header ? keep(and(isValid(header, call.loc), cond)) : there(cond), list(covered.map(there), data.loc), there(checksum)];
  return [kept, update(call, { args })];
}

const isAlways = (cond: Expr): boolean => cond.kind === 'bool' && cond.value;
const and = (left: Expr, right: Expr): Expr => (isAlways(right) ? left : binary('&&', left, right, right.loc));

/** What a verification finds after the parser of what it would read in its state. */
class AfterParser {
  readonly #cx: Context;
  readonly #parser: ParserDecl;
  readonly #call: CallStmt;
  readonly #locals: ReadonlySet<string>;
  readonly #later: readonly Write[];
  readonly #comesAgain: boolean;

  constructor(cx: Context, parser: ParserDecl, state: StateDecl, call: CallStmt) {
    this.#cx = cx;
    this.#parser = parser;
    this.#call = call;
    this.#locals = namesWithin(parser);
    this.#later = writesAfter(cx.info, parser, state, call);
    this.#comesAgain = comesAgain(cx.info, parser, state);
  }

  /** Whether the value is there, and is the same: BMv2 reads it where it stands. A condition is computed there. */
  isSame(value: Expr): boolean {
    if (value.type.kind !== 'bool' && !isPlain(value)) return false;
    let isThere = true;
    visiting({
      expr: (expr) => {
        if (expr.kind === 'stack-member' || expr.kind === 'lookahead' || isStd(expr.type)) isThere = false;
        if (expr.kind === 'name' && this.#locals.has(expr.name)) isThere = false;
      },
    }).expr(value);
    return isThere && !this.#laterWrite(value);
  }

  /** Whether the metadata can keep the value: one of those that the state has each time that a packet comes to it cannot. */
  canKeep(value: Expr): boolean {
    const type = this.#cx.info.underlying(value.type);
    return !this.#comesAgain && (isSized(type) || type.kind === 'bool' || this.#cx.info.declaration(type)?.kind === 'enum');
  }

  refuse(value: Expr): void {
    const write = this.#laterWrite(value);
    const what = `A checksum over \`${printExpr(value)}\``;
    const [feature, instead] = write
      ? [`${what}, which the parser writes after this,`, 'verify the checksum in a state after which its fields do not change']
      : this.#comesAgain
        ? [`${what} in a state to which a packet can come again`, 'verify it in a state to which packets come once']
        : [what, 'verify a checksum over fields of headers and metadata'];
    const notes = write ? [{ message: 'it is written here', loc: write.stmt.loc }] : [];
    this.#cx.diagnostics.report('not-yet', { feature, instead }, { loc: this.#call.loc, notes });
  }

  #laterWrite(value: Expr): Write | undefined {
    const reads = placesIn(value).map((place) => sharedPlace(this.#parser, place));
    return this.#later.find(({ place }) => reads.some((read) => overlap(place, read)));
  }
}

/** A constant, or something that is read where it stands: nothing is computed. */
const isPlain = (value: Expr): boolean =>
  value.kind === 'const' || value.kind === 'member' || (placeOf(value) !== undefined && value.kind !== 'slice');
