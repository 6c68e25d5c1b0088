/** Functions of the program: what `ctl.function` declares and `c.invoke` calls. */
import type { Typed } from './types.js';

const brand = Symbol.for('p4ts.function');

interface FunctionInfo {
  readonly name: string;
  readonly params: Readonly<Record<string, Typed>>;
  readonly returns: Typed;
}

export const functionHandle = (info: FunctionInfo): object => Object.freeze({ functionName: info.name, [brand]: info });

export const functionOf = (x: unknown): FunctionInfo | undefined =>
  typeof x === 'object' && x !== null ? (x as Record<symbol, FunctionInfo | undefined>)[brand] : undefined;
