/** What of a program the control plane has ids for. */
import type { ArchExtern } from '../arch/index.js';
import { controlPlaneName, externalName } from '../ir/names.js';
import type { Program } from '../ir/program.js';
import type { Declared } from '../ir/types.js';
import { digestCalls } from './digests.js';
import { programInfo } from './program-info.js';
import type { VisibleBlock } from './visible-blocks.js';

/** The kinds of these objects, each with the prefix of its ids (P4Ids.Prefix). */
export const idPrefix = {
  action: 0x01,
  table: 0x02,
  valueSet: 0x03,
  controllerHeader: 0x04,
  actionProfile: 0x11,
  counter: 0x12,
  directCounter: 0x13,
  meter: 0x14,
  directMeter: 0x15,
  register: 0x16,
  digest: 0x17,
} as const;
export type ObjectKind = keyof typeof idPrefix;

/** An id of 24 bits, or with its prefix already, as one of the kind. */
export const withPrefix = (kind: ObjectKind, id: number): number => ((idPrefix[kind] << 24) | (id & 0xffffff)) >>> 0;

/** What the objects of an extern are to the control plane; undefined where it does not know them. */
function objectKind(extern: ArchExtern | undefined): ObjectKind | undefined {
  switch (extern?.role) {
    case 'counter':
      return extern.direct ? 'directCounter' : 'counter';
    case 'meter':
      return extern.direct ? 'directMeter' : 'meter';
    case 'register':
    case 'digest':
      return extern.role;
    case 'action-profile':
    case 'action-selector':
      return 'actionProfile';
    default:
      return undefined;
  }
}

export interface ControlObject {
  readonly kind: ObjectKind;
  /** The whole name. */
  readonly name: string;
  /** Several instances of a parser or control have the same. */
  readonly decl: Pick<Declared, 'name' | 'loc' | 'annotations'>;
  /** An action of the top level: the same one in all blocks that run it. */
  readonly isShared?: boolean;
}

/** All objects, those that are hidden too; an action as often as there are blocks that run it. */
export function controlObjects(program: Program, blocks: readonly VisibleBlock[]): readonly ControlObject[] {
  const info = programInfo(program);
  const found: ControlObject[] = [];
  const addInstance = (name: string, decl: Program['instances'][number]): void => {
    const kind = objectKind(info.extern(decl.type));
    if (kind) found.push({ kind, name, decl });
  };
  for (const decl of program.instances) addInstance(controlPlaneName(undefined, decl), decl);
  for (const block of blocks) {
    for (const { name, decl, block: owner } of block.actions) found.push({ kind: 'action', name, decl, isShared: owner === undefined });
    for (const { name, decl } of block.valueSets) found.push({ kind: 'valueSet', name, decl });
    for (const child of block.children) {
      if (child.kind === 'table') found.push({ kind: 'table', name: child.name, decl: child.decl });
      else addInstance(child.name, child.decl);
    }
  }
  const told = new Set<string>();
  for (const [data, { name, type }] of digestCalls(program, blocks)) {
    const declared = info.declaration(type);
    const key = `${name} ${declared?.name ?? ''}`;
    // A digest has the name of its type, and none of its annotations; several calls make one.
    if (!told.has(key)) found.push({ kind: 'digest', name, decl: { name: declared?.name ?? name, loc: (declared ?? data).loc } });
    told.add(key);
  }
  for (const { decl } of info.controllerHeaders) found.push({ kind: 'controllerHeader', name: externalName(decl), decl });
  return found;
}
