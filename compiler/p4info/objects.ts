/** What of a program the control plane has ids for. */
import type { Program } from '../ir/program.js';
import type { Declared, HeaderDecl } from '../ir/types.js';
import type { VisibleBlock } from './blocks.js';
import { digestCalls } from './digests.js';
import type { ArchRules } from './externs.js';
import type { IdKind } from './ids.js';
import { annotation, controlPlaneName, externalName } from './names.js';

export interface ControlObject {
  readonly kind: IdKind;
  /** The whole name. */
  readonly name: string;
  /** Several instances of a parser or control have the same. */
  readonly decl: Pick<Declared, 'name' | 'loc' | 'annotations'>;
}

/** All objects, those that are hidden too; an action as often as there are blocks that run it. */
export function controlObjects(
  program: Program,
  blocks: readonly VisibleBlock[],
  externs: Readonly<Record<string, Pick<ArchRules['externs'][string], 'kind'>>>,
): readonly ControlObject[] {
  const found: ControlObject[] = [];
  const addInstance = (name: string, decl: Program['instances'][number]): void => {
    const kind = externs[decl.type.name]?.kind;
    if (kind) found.push({ kind, name, decl });
  };
  for (const decl of program.instances) addInstance(controlPlaneName(undefined, decl), decl);
  for (const block of blocks) {
    for (const { name, decl } of block.actions) found.push({ kind: 'action', name, decl });
    for (const { name, decl } of block.valueSets) found.push({ kind: 'valueSet', name, decl });
    for (const child of block.children) {
      if (child.kind === 'table') found.push({ kind: 'table', name: child.name, decl: child.decl });
      else addInstance(child.name, child.decl);
    }
  }
  const types = new Map(program.types.map((type) => [type.name, type]));
  const told = new Set<string>();
  for (const [data, { name, type }] of digestCalls(program, blocks)) {
    const declared = type.kind === 'named' ? types.get(type.name) : undefined;
    const key = `${name} ${declared?.name ?? ''}`;
    // A digest has the name of its type, and none of its annotations; several calls make one.
    if (!told.has(key)) found.push({ kind: 'digest', name, decl: { name: declared?.name ?? name, loc: (declared ?? data).loc } });
    told.add(key);
  }
  for (const decl of controllerHeaders(program)) found.push({ kind: 'controllerHeader', name: externalName(decl), decl });
  return found;
}

/** Headers of packets to and from the controller. */
export const controllerHeaders = (program: Program): readonly HeaderDecl[] =>
  program.types.filter((t): t is HeaderDecl => t.kind === 'header' && annotation(t, 'controller_header') !== undefined);
