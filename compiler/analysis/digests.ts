/** What a program tells controllers with digests. */
import type { InstanceDecl } from '../ir/decl.js';
import type { Expr } from '../ir/expr.js';
import { controlPlaneName, externalName } from '../ir/names.js';
import type { Program } from '../ir/program.js';
import type { Type } from '../ir/types.js';
import { programInfo } from './program-info.js';
import { type VisibleBlock, visibleBlocks } from './visible-blocks.js';

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
  const info = programInfo(program);
  const found = new Map<Expr, DeclaredDigest>();
  let unnamed = 0;
  for (const call of blocks.flatMap((block) => block.calls)) {
    const data = info.externMethod(call)?.role === 'digest' ? info.argument(call, 'data') : undefined;
    if (!data || found.has(data)) continue;
    const type = call.typeArgs?.[0] ?? data.type;
    const declared = info.declaration(type);
    found.set(data, { name: declared ? externalName(declared) : `digest_${unnamed++}`, type });
  }
  return found;
}

/** All digests by name; PSA's are objects. */
export function declaredDigests(program: Program): ReadonlyMap<string, Type> {
  const blocks = visibleBlocks(program);
  const info = programInfo(program);
  const found = new Map<string, Type>();
  const add = (name: string, { type }: InstanceDecl): void => {
    const data = info.externRole(type) === 'digest' && type.args?.[0];
    if (data) found.set(name, data);
  };
  for (const decl of program.instances) add(controlPlaneName(undefined, decl), decl);
  for (const child of blocks.flatMap((block) => block.children)) if (child.kind === 'instance') add(child.name, child.decl);
  for (const { name, type } of digestCalls(program, blocks).values()) if (!found.has(name)) found.set(name, type);
  return found;
}
