/**
 * Fields of `last` of a stack of header unions, which p4c translates and BMv2 does not load: the parser looks ahead for each
 * before it extracts the element, and keeps it in a variable. Left as they are: fields behind one of variable length, and
 * stacks that other parsers extract into.
 */
import { type ProgramInfo, programInfo } from '../../../compiler/analysis/program-info.js';
import { assign, bits, bitType, constant, name } from '../../../compiler/ir/build.js';
import type { ParserDecl, VarDecl } from '../../../compiler/ir/decl.js';
import type { Expr, FieldExpr } from '../../../compiler/ir/expr.js';
import { fresh, namesWithin } from '../../../compiler/ir/fresh-names.js';
import { printExpr } from '../../../compiler/ir/print.js';
import type { Program } from '../../../compiler/ir/program.js';
import type { Block, Stmt } from '../../../compiler/ir/stmt.js';
import { Rewriter, visiting } from '../../../compiler/ir/visit.js';

/** `hdr.options.last.mark.value`, or `hdr.options.next.mark` with no field. */
interface Element {
  readonly stack: string;
  readonly member: string;
}
/** A field that the parser reads, and the variable that keeps it. */
interface Kept extends Element {
  readonly field: FieldExpr;
  /** Bits of the header in front of it. */
  readonly offset: number;
  readonly variable: VarDecl;
}

export function withLastLookedAt(program: Program): Program {
  const info = programInfo(program);
  const extracting = program.parsers.filter((parser) => extractsIn(info, parser).length > 0);
  const [only, ...others] = extracting;
  if (!only || others.length > 0) return program;
  const adapted = inParser(info, only);
  return adapted === only ? program : { ...program, parsers: program.parsers.map((parser) => (parser === only ? adapted : parser)) };
}

function inParser(info: ProgramInfo, parser: ParserDecl): ParserDecl {
  const kept = fieldsKept(info, parser);
  if (kept.size === 0) return parser;
  const rewriter = new Rewriter({
    expr: (expr) => {
      const variable = kept.get(printExpr(expr))?.variable;
      return variable ? name(variable.name, variable.type, expr.loc) : expr;
    },
    stmt: (stmt) => lookedAt(info, stmt, [...kept.values()]),
  });
  const { states, ...rest } = rewriter.parser(parser);
  return { ...rest, locals: [...parser.locals, ...[...kept.values()].map(({ variable }) => variable)], states };
}

function fieldsKept(info: ProgramInfo, parser: ParserDecl): ReadonlyMap<string, Kept> {
  const kept = new Map<string, Kept>();
  const taken = namesWithin(parser);
  const visitor = visiting({
    expr: (expr) => {
      const element = expr.kind === 'field' ? elementOf(info, expr.base, 'last') : undefined;
      const text = printExpr(expr);
      if (!element || expr.kind !== 'field' || kept.has(text)) return;
      const offset = offsetOf(info, expr);
      if (offset === undefined) return;
      const variable: VarDecl = {
        kind: 'variable',
        name: fresh(`last_${element.member}_${expr.name}`, taken),
        type: bitType(info.width(expr.type)),
        init: bits(0, info.width(expr.type), expr.loc),
        loc: expr.loc,
      };
      kept.set(text, { ...element, field: expr, offset, variable });
    },
  });
  parser.states.forEach(visitor.state);
  return kept;
}

/** Bits in front of the field; undefined where nobody knows, and where the field is no number of bits. */
function offsetOf(info: ProgramInfo, { base, name: own, type }: FieldExpr): number | undefined {
  const fields = info.fields(base.type) ?? [];
  const before = fields.slice(
    0,
    fields.findIndex((f) => f.name === own),
  );
  if (type.kind !== 'bit' || before.some((f) => f.type.kind === 'varbit')) return undefined;
  return before.reduce((sum, f) => sum + info.width(f.type), 0);
}

/** Sets the variables of the stack before a member of its next element is extracted; those of other members are 0 then. */
function lookedAt(info: ProgramInfo, stmt: Stmt, kept: readonly Kept[]): Stmt | Block {
  const element = stmt.kind === 'call' && info.externMethod(stmt)?.role === 'extract' ? elementOf(info, stmt.args[0], 'next') : undefined;
  const own = element ? kept.filter(({ stack }) => stack === element.stack) : [];
  if (stmt.kind !== 'call' || stmt.callee.kind !== 'method' || own.length === 0) return stmt;
  const { loc } = stmt;
  const packet = stmt.callee.object;
  const value = ({ member, offset, variable: { type } }: Kept): Expr => {
    if (member !== element?.member) return constant(0, type, loc);
    const width = info.width(type);
    const ahead: Expr = { kind: 'lookahead', packet, type: bitType(offset + width), loc };
    return offset === 0 ? ahead : { kind: 'slice', base: ahead, high: width - 1, low: 0, type, loc };
  };
  const sets = own.map((one) => assign(name(one.variable.name, one.variable.type, loc), value(one), loc));
  return [...sets, stmt];
}

/** The member that an expression stands for of `next` or `last` of a stack of unions. */
function elementOf(info: ProgramInfo, expr: Expr | undefined, which: 'next' | 'last'): Element | undefined {
  if (expr?.kind !== 'field' || expr.base.kind !== 'stack-member' || expr.base.member !== which) return undefined;
  if (info.declaration(expr.base.type)?.kind !== 'header_union') return undefined;
  return { stack: printExpr(expr.base.base), member: expr.name };
}

function extractsIn(info: ProgramInfo, parser: ParserDecl): readonly Stmt[] {
  const found: Stmt[] = [];
  const visitor = visiting({
    stmt: (stmt) => {
      if (stmt.kind === 'call' && info.externMethod(stmt)?.role === 'extract' && elementOf(info, stmt.args[0], 'next')) found.push(stmt);
    },
  });
  parser.states.forEach(visitor.state);
  return found;
}
