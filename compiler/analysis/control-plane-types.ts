/** The named types of what controllers read and write, with those that are parts of them: P4Info may tell of each by its name. */
import type { Type, TypeDecl } from '../ir/types.js';
import { digestCalls } from './digests.js';
import type { ProgramInfo } from './program-info.js';
import type { VisibleBlock } from './visible-blocks.js';

export function metTypes(info: ProgramInfo, blocks: readonly VisibleBlock[]): readonly TypeDecl[] {
  const { program } = info;
  const met = new Set<TypeDecl>();
  const meet = (type: Type): void => {
    if (type.kind === 'stack') meet(type.element);
    else if (type.kind === 'tuple') type.elements.forEach(meet);
    const decl = info.declaration(type);
    if (!decl || met.has(decl)) return;
    met.add(decl);
    if (decl.kind === 'newtype') meet(decl.type);
    else if (decl.kind !== 'enum') for (const field of decl.fields) meet(field.type);
  };
  for (const { type } of program.instances) type.args?.forEach(meet);
  for (const { actions, children, valueSets } of blocks) {
    for (const { decl, inTable } of actions) if (inTable) for (const param of decl.params) meet(param.type);
    for (const child of children) {
      if (child.kind === 'table') for (const key of child.decl.keys) meet(key.expr.type);
      else child.decl.type.args?.forEach(meet);
    }
    for (const { decl } of valueSets) meet(decl.type);
  }
  for (const { type } of digestCalls(program, blocks).values()) meet(type);
  for (const { decl } of info.controllerHeaders) for (const field of decl.fields) meet(field.type);
  return [...met];
}
