/** From checked P4-16 source to the IR: types resolved, generics made for their uses, calls as statements (P4-16 §§6-18). */
import { isIncluded } from '../../arch/index.js';
import type { ActionDecl, FunctionDecl } from '../../ir/decl.js';
import { coreErrors, irVersion, type Program } from '../../ir/program.js';
import { visiting } from '../../ir/visit.js';
import type { Diagnostics } from '../../support/diagnostics.js';
import { freeze } from '../../support/freeze.js';
import { invariant } from '../../support/invariant.js';
import { architectureOf, isGiven, knownPackages, mainOf } from '../architecture.js';
import type * as ast from '../ast.js';
import type { Call, Findings } from '../check/context.js';
import { prune, type Type } from '../check/types.js';
import { lowerAction } from './blocks.js';
import { TopNames } from './names.js';
import { ProgramLowering } from './program.js';

/**
 * The program that a source without mistakes is. `name`: what its outputs are called.
 * @throws DiagnosticError for what the IR has no words for
 */
export function lowerProgram(source: ast.SourceProgram, findings: Findings, diagnostics: Diagnostics, name: string): Program | undefined {
  const main = mainOf(source);
  const type = main && prune(findings.typeRefs.get(main.type) as Type);
  const arch = type?.kind === 'package' ? architectureOf(type.info.decl.name.text) : undefined;
  if (!main || !arch) {
    const name = type?.kind === 'package' ? type.info.decl.name.text : undefined;
    diagnostics.report('p4-architecture', { package: name, known: knownPackages().join(', ') }, main ? { loc: main.loc } : {});
    return undefined;
  }
  const named = source.declarations.filter((d) => 'name' in d);
  const own = named.filter((d) => !isGiven(arch, d) || isIncluded(arch, { name: d.name.text }));
  const lowering = new ProgramLowering(findings, diagnostics, arch, new TopNames(own));
  for (const decl of source.declarations) declare(lowering, decl);
  const blocks = blocksOf(lowering, main);
  const used = usedNames(lowering);
  const kept = <D extends FunctionDecl | ActionDecl>(decls: readonly D[]): D[] =>
    decls.filter((d) => !isIncluded(arch, d) || used.has(d.name));
  const known = new Set<string>([...coreErrors, ...arch.errors]);
  return freeze({
    irVersion,
    name,
    arch: arch.name,
    language: 'p4',
    ...lowering.annotations.of(main.annotations),
    types: lowering.types.decls,
    errors: findings.errors.filter((e) => !known.has(e)),
    constants: lowering.constants,
    functions: kept(lowering.functions),
    actions: kept(lowering.actions),
    instances: lowering.instances,
    parsers: lowering.parsers,
    controls: lowering.controls,
    main: { package: arch.package, blocks },
  });
}

/** The functions and actions that blocks call, and the actions of tables. */
function usedNames({ parsers, controls, functions, actions }: ProgramLowering): ReadonlySet<string> {
  const used = new Set<string>();
  const look = visiting({
    stmt: (s) => {
      if (s.kind === 'call' && (s.callee.kind === 'function' || s.callee.kind === 'action')) used.add(s.callee.name);
    },
  });
  for (const decl of parsers) look.parser(decl);
  for (const decl of controls) {
    look.control(decl);
    for (const local of decl.locals) if (local.kind === 'table') for (const { action } of local.actions) used.add(action);
  }
  for (const { body } of [...functions, ...actions]) look.block(body);
  return used;
}

function declare(lowering: ProgramLowering, decl: ast.Decl): void {
  const { body } = lowering;
  const library = 'name' in decl && isGiven(lowering.arch, decl);
  switch (decl.kind) {
    case 'constant':
      constant(lowering, decl, library);
      return;
    case 'action': {
      // The IR knows core.p4's action; others that are included have their bodies in the program.
      const known = library && !isIncluded(lowering.arch, { name: decl.name.text });
      const name = known ? decl.name.text : lowering.top.claim(decl.name.text, decl);
      lowering.frame.bind(decl, { kind: 'name', name, type: { kind: 'void' } });
      if (!known) lowering.actions.push(lowerAction(lowering, decl, name, lowering.frame, {}));
      return;
    }
    case 'function':
      if (decl.typeParams.length === 0) lowering.function(decl, []);
      return;
    case 'instance': {
      const call = lowering.findings.calls.get(decl);
      if (call?.decl?.kind !== 'extern' || lowering.isOld(decl)) return;
      const name = lowering.top.claim(decl.name.text, decl);
      lowering.frame.bind(decl, { kind: 'name', name, type: lowering.instanceType(body, decl) });
      lowering.instances.push(lowering.instance(body, decl, name));
      return;
    }
    case 'parser':
    case 'control':
      if (decl.typeParams.length === 0 && !decl.constructorParams?.length) lowering.plainBlock(decl);
      return;
    case 'header':
    case 'struct':
    case 'header_union':
    case 'enum':
    case 'newtype':
      if (!library) declareType(lowering, decl);
      return;
    case 'typedef':
      if (isDerived(decl.type)) declareType(lowering, decl.type);
      return;
    default:
  }
}

const isDerived = (type: ast.TypeRef | ast.DerivedTypeDecl): type is ast.DerivedTypeDecl =>
  ['header', 'struct', 'header_union', 'enum'].includes(type.kind);

function declareType(lowering: ProgramLowering, decl: ast.DerivedTypeDecl | ast.NewtypeDecl): void {
  const { findings } = lowering;
  const of = (ref: ast.TypeRef | undefined): Type => prune((ref && findings.typeRefs.get(ref)) as Type);
  if (decl.kind === 'newtype') lowering.types.declare(decl, { kind: 'newtype', decl, base: of(decl.type) });
  else if (decl.kind === 'enum') lowering.types.declare(decl, { kind: 'enum', decl });
  else {
    const fields = decl.fields.map((f) => ({ name: f.name.text, type: of(f.type) }));
    lowering.types.declare(decl, { kind: decl.kind, info: { decl, typeParams: decl.typeParams, fields }, args: [] });
  }
}

function constant(lowering: ProgramLowering, decl: ast.ConstantDecl, library: boolean): void {
  const { body, frame } = lowering;
  const value = lowering.constantOf(body, decl);
  if (value.kind === 'const') lowering.numbers.set(decl.name.text, value.value);
  if (library || !lowering.isNamedConstant(decl)) {
    frame.bind(decl, { kind: 'value', value });
    return;
  }
  const name = lowering.top.claim(decl.name.text, decl);
  const type = body.type(lowering.typeOf(decl.type));
  lowering.constants.push({ kind: 'constant', ...lowering.annotations.declared(decl, name), type, value });
  lowering.constantValues.set(name, value);
  frame.bind(decl, { kind: 'name', name, type });
}

/** The parsers and controls of the package and of the packages that are given to it, in order. */
function blocksOf(lowering: ProgramLowering, main: ast.InstanceDecl): string[] {
  const { findings } = lowering;
  const blocks: string[] = [];
  const add = (call: Call | undefined): void => {
    invariant(call, 'a package without its constructor');
    if (call.decl?.kind === 'parser' || call.decl?.kind === 'control') {
      blocks.push(lowering.mainBlock(call, blocks));
    } else if (call.decl?.kind === 'package') {
      for (const arg of call.args) {
        if (arg?.kind === 'construct') add(findings.calls.get(arg));
        else if (arg?.kind === 'name') {
          const entity = findings.entities.get(arg.path);
          if (entity?.kind === 'instance') add(findings.calls.get(entity.decl));
        }
      }
    }
  };
  add(findings.calls.get(main));
  return blocks;
}
