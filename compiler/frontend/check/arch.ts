/** What an architecture's include file takes. */
import { architectures } from '../../arch/index.js';
import type { Checker } from './context.js';

/** A program may say which version of its architecture it wants. As in p4c, the constant tells, in whatever copy of the include file. */
export function checkVersion(c: Checker): void {
  for (const { included } of architectures.values()) {
    const version = included?.version;
    if (!version) continue;
    const constant = c.scope.names.get(version.constant);
    if (constant?.kind !== 'constant' || typeof constant.value !== 'bigint') continue;
    const first = version.default;
    const last = version.from;
    // As it was written: the constant has 32 bits.
    const value = BigInt.asIntN(32, constant.value);
    if (value >= BigInt(first) && value <= BigInt(last)) continue;
    c.report('p4-arch-version', { name: version.macro, version: String(value), first, last }, constant.name.loc);
  }
}
