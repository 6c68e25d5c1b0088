/** Instances of parsers and controls, each with its own tables, extern objects and value sets. */
import type { BlockDecl } from '../analysis/program-info.js';
import type { ActionDecl, InstanceDecl, ValueSetDecl } from '../ir/decl.js';
import { controlPlaneName } from '../ir/names.js';
import { visiting } from '../ir/visit.js';
import { invariant } from '../support/invariant.js';
import { argumentOf } from './arguments.js';
import { evaluate } from './expressions.js';
import { type Build, type Frame, frameOf, Scope } from './frame.js';
import type { FlatAction, FlatCode, FlatObject, FlatTable, FlatValueSet, ScalarType } from './program.js';
import { leavesOf, type Tree } from './trees.js';

export interface BuiltTable {
  readonly table: FlatTable;
  /** What the keys need that is computed before. */
  readonly before: FlatCode;
}

export interface Instance {
  readonly decl: BlockDecl;
  /** Its path in the control plane. */
  readonly path: string;
  /** Its parameters and locals. */
  readonly scope: Scope;
  readonly objects: ReadonlyMap<string, FlatObject>;
  readonly blocks: ReadonlyMap<string, Instance>;
  readonly valueSets: ReadonlyMap<string, FlatValueSet>;
  readonly tables: Map<string, BuiltTable>;
  readonly actions: Map<ActionDecl, FlatAction>;
  /**
   * Its tables are applied by several calls, which have different arguments: they need slots of their own. These are made
   * with the first call.
   */
  readonly ownSlots: Map<string, Tree> | undefined;
  /** It has run before for the same packet. */
  entered: boolean;
}

export function instantiate(decl: BlockDecl, path: string, args: ReadonlyMap<string, Tree>, build: Build, shared = false): Instance {
  const objects = new Map<string, FlatObject>();
  const blocks = new Map<string, Instance>();
  const valueSets = new Map<string, FlatValueSet>();
  const scope = new Scope(build.globals);
  const frame = frameOf(build, scope);
  for (const [name, tree] of args) scope.declare(name, tree);
  for (const local of decl.locals) if (local.kind === 'constant') scope.declare(local.name, evaluate(local.value, frame));
  const calls = callsOfInstances(decl);
  for (const local of decl.locals) {
    if (local.kind === 'value-set') valueSets.set(local.name, valueSet(local, path, build));
    if (local.kind !== 'instance') continue;
    const inner = build.info.blocks.get(local.type.name);
    if (!inner) {
      const object = objectOf(local, path, frame);
      objects.set(local.name, object);
      scope.declare(local.name, { kind: 'object', object });
    } else {
      const given = new Map(inner.constructorParams?.map((p, i) => [p.name, evaluate(local.args[i] ?? p.default!, frame)]));
      const several = shared || (calls.get(local.name) ?? 0) > 1;
      blocks.set(local.name, instantiate(inner, controlPlaneName(path, local), given, build, several));
    }
  }
  const ownSlots = shared && build.info.objectsIn(decl) > 0 ? new Map<string, Tree>() : undefined;
  return { decl, path, scope, objects, blocks, valueSets, tables: new Map(), actions: new Map(), ownSlots, entered: false };
}

/** How many calls there are of each instance in the block. */
function callsOfInstances(decl: BlockDecl): ReadonlyMap<string, number> {
  const calls = new Map<string, number>();
  visiting({
    stmt: (stmt) => {
      if (stmt.kind === 'call' && stmt.callee.kind === 'block') calls.set(stmt.callee.instance, (calls.get(stmt.callee.instance) ?? 0) + 1);
    },
  }).owner(decl);
  return calls;
}

export function objectOf(decl: InstanceDecl, path: string | undefined, frame: Frame): FlatObject {
  const extern = frame.info.extern(decl.type);
  invariant(extern, `no extern ${decl.type.name}`);
  const object: FlatObject = {
    id: frame.objects.length,
    name: controlPlaneName(path, decl),
    extern,
    type: decl.type,
    args: decl.args.map((arg) => argumentOf(arg, frame)),
    decl,
  };
  frame.objects.push(object);
  return object;
}

function valueSet(decl: ValueSetDecl, path: string, { layout, valueSets }: Build): FlatValueSet {
  const types = leavesOf(layout.default(decl.type)).map((leaf): ScalarType => leaf.type);
  const set: FlatValueSet = { id: valueSets.length, name: controlPlaneName(path, decl), types, decl };
  valueSets.push(set);
  return set;
}
