/**
 * Choices that P4-16 takes in fewer types than the IR: `switch` on bool, error and newtypes (§12.7) becomes `if`s, and
 * `select` on a newtype (§13.6) selects on what the newtype stands for.
 */
import { binary } from '../../compiler/ir/build.js';
import type { LocalDecl, ParserDecl, Transition } from '../../compiler/ir/decl.js';
import type { Expr, KeySet } from '../../compiler/ir/expr.js';
import type { Program } from '../../compiler/ir/program.js';
import type { Block, Stmt, SwitchStmt } from '../../compiler/ir/stmt.js';
import type { NewtypeDecl, Type } from '../../compiler/ir/types.js';
import { each, Rewriter, update } from '../../compiler/ir/visit.js';

export function withP4Choices(program: Program): Program {
  const newtypes = new Map(program.types.flatMap((t) => (t.kind === 'newtype' ? [[t.name, t] as const] : [])));
  const base = (type: Type): Type => underlying(type, newtypes);
  const switches = new Rewriter({
    stmt: (stmt) => {
      if (stmt.kind !== 'switch') return stmt;
      const { type } = stmt.on;
      return type.kind === 'bool' || type.kind === 'error' || base(type) !== type ? switchAsIfs(stmt) : stmt;
    },
  }).program(program);
  return update(switches, { parsers: each(switches.parsers, (parser) => withPlainSelects(parser, base)) });
}

/** A switch as a chain of `if`s. Its expression is pure, and evaluated before any body runs. */
export function switchAsIfs({ on, cases, loc, doc }: SwitchStmt): Stmt {
  const otherwise = cases.find((c) => c.labels.includes('default'))?.body ?? [];
  const [first, ...more] = cases.filter((c) => !c.labels.includes('default'));
  if (!first) return { kind: 'block', body: otherwise, loc };
  const ifStmt = (c: SwitchStmt['cases'][number], rest: Block): Stmt => {
    const tests = c.labels.flatMap((label) => (label === 'default' ? [] : [binary('==', on, label, c.loc)]));
    const cond = tests.reduce((a, b) => binary('||', a, b, c.loc));
    return { kind: 'if', cond, then: c.body, ...(rest.length > 0 ? { else: rest } : {}), loc: c.loc };
  };
  const rest = more.reduceRight<Block>((after, c) => [ifStmt(c, after)], otherwise);
  return { ...ifStmt(first, rest), loc, ...(doc === undefined ? {} : { doc }) };
}

function withPlainSelects(parser: ParserDecl, base: (type: Type) => Type): ParserDecl {
  const plain = (expr: Expr): Expr => {
    const type = base(expr.type);
    if (type === expr.type) return expr;
    return expr.kind === 'const' ? { ...expr, type } : { kind: 'cast', arg: expr, type, loc: expr.loc };
  };
  const keySet = (set: KeySet): KeySet => {
    switch (set.kind) {
      case 'value':
        return update(set, { value: plain(set.value) });
      case 'mask':
        return update(set, { value: plain(set.value), mask: plain(set.mask) });
      case 'range':
        return update(set, { low: plain(set.low), high: plain(set.high) });
      default:
        return set;
    }
  };
  const transition = (t: Transition): Transition => {
    if (t.kind === 'goto') return t;
    return update(t, { on: each(t.on, plain), cases: each(t.cases, (c) => update(c, { keys: each(c.keys, keySet) })) });
  };
  const local = (l: LocalDecl): LocalDecl => (l.kind === 'value-set' ? update(l, { type: base(l.type) }) : l);
  return update(parser, {
    locals: each(parser.locals, local),
    states: each(parser.states, (state) => update(state, { transition: transition(state.transition) })),
  });
}

function underlying(type: Type, newtypes: ReadonlyMap<string, NewtypeDecl>): Type {
  const decl = type.kind === 'named' ? newtypes.get(type.name) : undefined;
  return decl ? underlying(decl.type, newtypes) : type;
}
