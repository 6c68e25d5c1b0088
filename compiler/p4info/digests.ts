/** What a program tells controllers with digests. */
import type { InstanceDecl } from '../ir/decl.js';
import type { Expr } from '../ir/expr.js';
import type { Program } from '../ir/program.js';
import type { Type } from '../ir/types.js';
import { type VisibleBlock, visibleBlocks } from './blocks.js';
import { controlPlaneName, externalName } from './names.js';

/** With the name that P4Info has for it. */
export interface DeclaredDigest {
  readonly name: string;
  readonly type: Type;
}

/**
 * v1model's digests are calls, here by the data that they are of: each is named after the type of its data, or numbered
 * where that has no name.
 */
export function digestCalls(program: Program, blocks: readonly VisibleBlock[] = visibleBlocks(program)): ReadonlyMap<Expr, DeclaredDigest> {
  const found = new Map<Expr, DeclaredDigest>();
  let unnamed = 0;
  for (const call of blocks.flatMap((block) => block.calls)) {
    const data = call.callee.kind === 'function' && call.callee.name === 'digest' ? call.args[1] : undefined;
    if (!data || found.has(data)) continue;
    const type = call.typeArgs?.[0] ?? data.type;
    const declared = type.kind === 'named' ? program.types.find((t) => t.name === type.name) : undefined;
    found.set(data, { name: declared ? externalName(declared) : `digest_${unnamed++}`, type });
  }
  return found;
}

/** All digests by name; PSA's are objects. */
export function declaredDigests(program: Program): ReadonlyMap<string, Type> {
  const blocks = visibleBlocks(program);
  const found = new Map<string, Type>();
  const add = (name: string, { type }: InstanceDecl): void => {
    const data = type.name === 'Digest' && type.args?.[0];
    if (data) found.set(name, data);
  };
  for (const decl of program.instances) add(controlPlaneName(undefined, decl), decl);
  for (const child of blocks.flatMap((block) => block.children)) if (child.kind === 'instance') add(child.name, child.decl);
  for (const { name, type } of digestCalls(program, blocks).values()) if (!found.has(name)) found.set(name, type);
  return found;
}
