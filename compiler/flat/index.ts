/** Makes programs flat. */
import { digestCalls } from '../analysis/digests.js';
import { programInfo } from '../analysis/program-info.js';
import type { ArchParam } from '../arch/index.js';
import type { Program } from '../ir/program.js';
import { typeName } from '../ir/types.js';
import { invariant } from '../support/invariant.js';
import { argumentFor } from './arguments.js';
import { runControl } from './calls.js';
import { checkFlat } from './check.js';
import { CodeEmitter, Labels, StateEmitter } from './emitter.js';
import { evaluate } from './expressions.js';
import { type Build, type Frame, frameOf, Scope } from './frame.js';
import { instantiate, objectOf } from './instances.js';
import { Layout } from './layout.js';
import { runParser } from './parsers.js';
import type { FlatBlock, FlatProgram } from './program.js';
import { execute } from './statements.js';
import type { Tree } from './trees.js';

export type * from './program.js';

/** The flat form of a program that passed `validate` and is no portable one. */
export function flatten(program: Program): FlatProgram {
  const info = programInfo(program);
  const globals = new Scope();
  const build: Build = {
    execute,
    evaluate,
    info,
    layout: new Layout(info),
    labels: new Labels(),
    globals,
    objects: [],
    valueSets: [],
    actions: [],
    tables: [],
    digests: digestCalls(program),
    globalActions: new Map(),
  };
  const known = frameOf(build, globals);
  for (const constant of program.constants) globals.declare(constant.name, evaluate(constant.value, known));
  for (const decl of program.instances) globals.declare(decl.name, { kind: 'object', object: objectOf(decl, undefined, known) });
  /** What blocks share: by the architecture's name of its type. */
  const shared = new Map<string, Tree>();
  const blocks = program.main.blocks.map((name, i): FlatBlock => {
    const [decl, role] = [info.blocks.get(name), info.arch.blocks[i]];
    invariant(decl && role, `no parser or control ${name}`);
    const instance = instantiate(decl, decl.name, new Map(), build);
    decl.params.forEach((param, position) => {
      const of = role.params[position] as ArchParam;
      const type = typeName(of.type);
      const isPacket = ['packet-in', 'packet-out'].includes(info.externRole(of.type) ?? '');
      const tree = shared.get(type) ?? (isPacket ? { kind: 'packet' } : build.layout.place(param.type, param.name));
      if (!isPacket) shared.set(type, tree);
      instance.scope.declare(param.name, tree);
    });
    const common = { role, name, loc: decl.loc };
    const frame: Frame = { ...frameOf(build, instance.scope, instance) };
    if (decl.kind === 'parser') {
      const out = new StateEmitter(build.labels);
      out.enter(out.ownState('begin', decl.loc));
      runParser(decl, { ...frame, out }, decl.loc);
      return { kind: 'parser', ...common, states: out.states };
    }
    const out = new CodeEmitter(build.labels);
    out.labelled(
      name,
      (label) => runControl(instance, decl.body, { ...frame, out, exit: (loc) => out.leave(label, loc) }, decl.loc),
      decl.loc,
    );
    return { kind: 'control', ...common, body: out.code };
  });
  const { slots, headers, unions, stacks } = build.layout;
  const { objects, valueSets, actions, tables } = build;
  const flat: FlatProgram = {
    name: program.name,
    arch: program.arch,
    slots,
    headers,
    unions,
    stacks,
    objects,
    valueSets,
    actions,
    tables,
    shared: [...shared].map(([type, tree]) => ({ type, value: argumentFor(tree) })),
    blocks,
    errors: info.errors,
  };
  checkFlat(flat);
  return flat;
}
