/** Functions given at a call, such as the update of a register: they compute a cell and a result, and nothing else. */
import type { FunctionDecl, Param } from '../../ir/decl.js';
import type { Expr } from '../../ir/expr.js';
import { printExpr } from '../../ir/print.js';
import type { Block, CallStmt } from '../../ir/stmt.js';
import { sameType, type Type, typeName } from '../../ir/types.js';
import { type Environment, type Place, Scope } from './environment.js';
import { checkLvalue } from './expressions.js';
import { declareName } from './names.js';

/** Checks the function of a call of `what`, whose cell has the given type. */
export function checkGiven(env: Environment, what: string, call: CallStmt, cell: Type, place: Place): void {
  const { given, result, loc } = call;
  if (!given) {
    env.report('missing-argument', { what, name: 'the function' }, loc);
    return;
  }
  const [first, second] = given.params;
  const fits =
    first?.direction === 'inout' &&
    sameType(first.type, cell) &&
    given.params.length <= 2 &&
    (second === undefined || second.direction === 'out') &&
    (second !== undefined) === (result !== undefined);
  if (!fits) {
    const expected = `inout ${typeName(cell)} cell${result ? `, out ${typeName(result.type)} result` : ''}`;
    env.report('bad-block', { block: given.name, expected: `(${expected})` }, given.loc);
    return;
  }
  if (result) {
    checkLvalue(env, result, place);
    if (second && !sameType(second.type, result.type))
      env.report('type-mismatch', { got: typeName(second.type), expected: typeName(result.type) }, loc);
  }
  const scope = new Scope(place.scope);
  for (const param of given.params) declareName(env, scope, param.name, 'parameter', entityOf(param));
  env.checkStatements(env, given.body, { ...place, scope: new Scope(scope), kind: 'function', returns: { kind: 'void' } });
  checkEffects(env, what, given);
}

const entityOf = (param: Param) => ({ kind: 'parameter', type: param.type, writable: true, loc: param.loc }) as const;

/** It writes its parameters, each part once, and its own variables. */
function checkEffects(env: Environment, what: string, given: FunctionDecl): void {
  const own = new Set<string>();
  const written = new Map<string, number>();
  const params = given.params.map((p) => p.name);
  const walk = (block: Block): void => {
    for (const stmt of block) {
      switch (stmt.kind) {
        case 'declare':
          own.add(stmt.name);
          break;
        case 'assign': {
          const root = rootOf(stmt.target);
          const key = printExpr(stmt.target);
          if (root !== undefined && params.includes(root)) {
            written.set(key, (written.get(key) ?? 0) + 1);
            if (written.get(key) === 2) env.report('given-twice', { what, name: key }, stmt.loc);
          } else if (root === undefined || !own.has(root)) env.report('given-effect', { what, does: `writes \`${key}\`` }, stmt.loc);
          break;
        }
        case 'if':
          walk(stmt.then);
          walk(stmt.else ?? []);
          break;
        case 'block':
          walk(stmt.body);
          break;
        default:
          env.report('given-effect', { what, does: `has a statement (${stmt.kind}) that is no computation` }, stmt.loc);
      }
    }
  };
  walk(given.body);
  const [, result] = given.params;
  if (result && ![...written.keys()].some((key) => key === result.name)) env.report('given-no-result', { what }, given.loc);
}

const rootOf = (expr: Expr): string | undefined => {
  if (expr.kind === 'name') return expr.name;
  return 'base' in expr ? rootOf(expr.base) : undefined;
};
