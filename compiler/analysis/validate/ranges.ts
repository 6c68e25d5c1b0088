/** Warns of ranges that are known to hold no value, or values that do not fit: of keys, of random numbers and of hashes. */
import type { Expr } from '../../ir/expr.js';
import type { CallStmt } from '../../ir/stmt.js';
import { typeName } from '../../ir/types.js';
import { maxUnsigned } from '../../support/bits.js';
import type { Loc } from '../../support/location.js';
import type { Environment } from './environment.js';

/** Warns where the lower bound is known to be above the upper one: no value lies between them. */
export function checkBounds(env: Environment, lowest: Expr | undefined, highest: Expr | undefined, loc: Loc): void {
  const [low, high] = [env.constantValue(lowest), env.constantValue(highest)];
  if (low !== undefined && high !== undefined && low > high) env.report('empty-range', { low: `${low}`, high: `${high}` }, loc);
}

/** Of calls that are given a range. */
export function checkRanges(env: Environment, call: CallStmt): void {
  checkBounds(env, env.argument(call, 'low'), env.argument(call, 'high'), call.loc);
  const result = env.argument(call, 'result');
  const [first, size] = [env.constantValue(env.argument(call, 'base')), env.constantValue(env.argument(call, 'max'))];
  if (!result || size === undefined) return;
  const zeroIsAll = env.externMethod(call)?.params.some((param) => param.zeroIsAll);
  if (size === 0n && !zeroIsAll) env.report('hash-without-range', {}, call.loc);
  const last = (first ?? 0n) + size - 1n;
  const type = env.underlying(result.type);
  if (size > 0n && type.kind === 'bit' && last > maxUnsigned(type.width))
    env.report('hash-range', { first: `${first ?? 'its base'}`, last: `${last}`, type: typeName(type) }, call.loc);
}
