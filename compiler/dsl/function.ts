/** Functions of the program: what `ctl.function` declares and `c.invoke` calls. */
import type { FunctionDecl } from '../ir/decl.js';

const brand = Symbol.for('p4ts.function');

export const functionHandle = (declaration: Pick<FunctionDecl, 'name' | 'params' | 'returns'>): object =>
  Object.freeze({ functionName: declaration.name, [brand]: declaration });

export const functionOf = (x: unknown): Pick<FunctionDecl, 'name' | 'params' | 'returns'> | undefined =>
  typeof x === 'object' && x !== null ? (x as Record<symbol, FunctionDecl | undefined>)[brand] : undefined;
