/** Warns of ranges that are known to hold no value, or values that do not fit: of keys, of random numbers and of hashes. */
import type { Expr } from '../../ir/expr.js';
import type { CallStmt } from '../../ir/stmt.js';
import { typeName } from '../../ir/types.js';
import { maxUnsigned } from '../../support/bits.js';
import type { Loc } from '../../support/location.js';
import type { Environment } from './environment.js';

/** Warns where the lower bound is known to be above the upper one: no value lies between them. */
export function checkBounds(env: Environment, lowest: Expr | undefined, highest: Expr | undefined, loc: Loc): void {
  const [low, high] = [constantOf(env, lowest), constantOf(env, highest)];
  if (low !== undefined && high !== undefined && low > high) env.report('empty-range', { low: `${low}`, high: `${high}` }, loc);
}

function constantOf(env: Environment, expr: Expr | undefined): bigint | undefined {
  if (expr?.kind === 'const') return expr.value;
  const constant = expr?.kind === 'name' ? env.program.constants.find((c) => c.name === expr.name) : undefined;
  return constant && constantOf(env, constant.value);
}

/** `random` and `hash` take the same arguments in the portable architecture and in v1model. */
export function checkRanges(env: Environment, name: string, call: CallStmt): void {
  const value = (expr: Expr | undefined): bigint | undefined => constantOf(env, expr);
  if (name === 'random') checkBounds(env, call.args[1], call.args[2], call.loc);
  if (name === 'hash') {
    const [result, , base, , max] = call.args;
    const [first, size] = [value(base), value(max)];
    if (!result || size === undefined) return;
    // Without a range, the portable architecture has a maximum of 0.
    if (size === 0n && env.arch.name !== 'portable') env.report('hash-without-range', {}, call.loc);
    const last = (first ?? 0n) + size - 1n;
    const type = env.underlying(result.type);
    if (size > 0n && type.kind === 'bit' && last > maxUnsigned(type.width))
      env.report('hash-range', { first: `${first ?? 'its base'}`, last: `${last}`, type: typeName(type) }, call.loc);
  }
}
