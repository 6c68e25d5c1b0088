/**
 * Variables of a parser. Each is recorded where a state declares it, under a name of its own in the whole parser. One that
 * other states use as well becomes a variable of the parser, which is 0 until that state sets it; the others get back the
 * name that the user gave, which other states may have too.
 */
import { assign, bool, constant, errorValue, name } from '../ir/build.js';
import type { StateDecl, VarDecl } from '../ir/decl.js';
import type { Expr } from '../ir/expr.js';
import type { DeclareStmt } from '../ir/stmt.js';
import type { Type, TypeDecl } from '../ir/types.js';
import { Rewriter, visiting } from '../ir/visit.js';
import { freeName } from './recorder.js';

export interface States {
  readonly states: readonly StateDecl[];
  /** Those that several states use. */
  readonly variables: readonly VarDecl[];
}

/** The variables that a state uses which another one declares. */
export function sharedNames(states: readonly StateDecl[], wanted: ReadonlyMap<string, string>): ReadonlySet<string> {
  const shared = new Set<string>();
  for (const state of states) {
    const declared = declarationsIn(state);
    for (const used of namesIn(state)) if (wanted.has(used) && !declared.has(used)) shared.add(used);
  }
  return shared;
}

/** `wanted` has the name that the user gave to each variable, by its own; `reserved` are names that none can have. */
export function shareVariables(
  states: readonly StateDecl[],
  shared: ReadonlySet<string>,
  wanted: ReadonlyMap<string, string>,
  reserved: Iterable<string>,
  types: ReadonlyMap<string, TypeDecl>,
): States {
  const declared = states.map(declarationsIn);
  const taken = [...reserved, ...shared];
  const variables = declared.flatMap((of) => [...of.values()].filter((d) => shared.has(d.name)).map((d) => variable(d, types)));
  return {
    variables,
    states: states.map((state, i) => {
      const inState = new Set(taken);
      const names = new Map(
        [...(declared[i]?.keys() ?? [])].map((own) => [own, shared.has(own) ? own : freeName(wanted.get(own) ?? own, inState)] as const),
      );
      return renamed(state, names, shared);
    }),
  };
}

function declarationsIn(state: StateDecl): ReadonlyMap<string, DeclareStmt> {
  const found = new Map<string, DeclareStmt>();
  visiting({ stmt: (stmt) => stmt.kind === 'declare' && found.set(stmt.name, stmt) }).state(state);
  return found;
}

function namesIn(state: StateDecl): ReadonlySet<string> {
  const names = new Set<string>();
  visiting({ expr: (expr) => expr.kind === 'name' && names.add(expr.name) }).state(state);
  return names;
}

function renamed(state: StateDecl, names: ReadonlyMap<string, string>, shared: ReadonlySet<string>): StateDecl {
  return new Rewriter({
    expr: (expr) => {
      const other = expr.kind === 'name' ? names.get(expr.name) : undefined;
      return expr.kind === 'name' && other !== undefined && other !== expr.name ? { ...expr, name: other } : expr;
    },
    stmt: (stmt) => {
      if (stmt.kind !== 'declare') return stmt;
      if (!shared.has(stmt.name)) return { ...stmt, name: names.get(stmt.name) ?? stmt.name };
      const { doc, init, loc } = stmt;
      return init ? { ...assign(name(stmt.name, stmt.type, loc), init, loc), ...(doc === undefined ? {} : { doc }) } : [];
    },
  }).state(state);
}

function variable({ name: own, type, loc }: DeclareStmt, types: ReadonlyMap<string, TypeDecl>): VarDecl {
  const init = zeroOf(type, types, loc);
  return { kind: 'variable', name: own, type, loc, ...(init ? { init } : {}) };
}

/** Headers are invalid without more. */
function zeroOf(type: Type, types: ReadonlyMap<string, TypeDecl>, loc: DeclareStmt['loc']): Expr | undefined {
  if (type.kind === 'bool') return bool(false, loc);
  if (type.kind === 'error') return errorValue('NoError', loc);
  if (type.kind === 'bit' || type.kind === 'int') return constant(0, type, loc);
  const decl = type.kind === 'named' ? types.get(type.name) : undefined;
  if (decl?.kind === 'newtype' || (decl?.kind === 'enum' && decl.base)) return constant(0, type, loc);
  const [first] = decl?.kind === 'enum' ? decl.members : [];
  return first && type.kind === 'named' ? { kind: 'member', name: first.name, type, loc } : undefined;
}
