/** Prints any IR program as P4-16 text, formatted as people write it. */
import { coreExterns, coreFunctions } from '../../compiler/arch/core.js';
import type { ArchPackage, ArchSpec } from '../../compiler/arch/index.js';
import { architectures, archTypes, isIncluded } from '../../compiler/arch/index.js';
import type { ActionDecl, ControlDecl, FunctionDecl, ParserDecl } from '../../compiler/ir/decl.js';
import type { Program } from '../../compiler/ir/program.js';
import type { Type, TypeDecl } from '../../compiler/ir/types.js';
import type { Doc } from '../../compiler/support/document.js';
import { invariant } from '../../compiler/support/invariant.js';
import { DeclarationPrinter } from './declarations.js';
import { ExpressionPrinter } from './expressions.js';
import { annotationLine, docComment, parentheses, printed } from './layout.js';
import { withP4Names } from './namer.js';
import { StatementPrinter } from './statements.js';
import { withP4Choices } from './switches.js';
import template from './templates/program.p4.hbs';

/** The program's P4-16 text. Names that P4 or its include files have taken are changed, and kept for the control plane. */
export function printP4(program: Program): string {
  const arch = architectures.get(program.arch);
  invariant(arch?.include, `the architecture ${program.arch} has no include file`);
  const named = withP4Names(withP4Choices(program), arch);
  const expr = new ExpressionPrinter([...archTypes(arch), ...named.types]);
  const declarations = new DeclarationPrinter(expr, new StatementPrinter(expr, genericNames(arch, named)), named.language === 'p4');
  const blocks = [
    ...inOrder(named.parsers, named).map((p) => printed(declarations.parser(p))),
    ...inOrder(named.controls, named).map((c) => printed(declarations.control(c))),
  ];
  const own = <D extends FunctionDecl | ActionDecl>(decls: readonly D[]): D[] => decls.filter((d) => !isIncluded(arch, d));
  const [early, late] = partition(named.constants, (c) => namesIn(c.type).length === 0);
  return template({
    doc: printed(docComment(program.doc)),
    include: arch.include,
    constants: early.map((c) => printed(declarations.constant(c))),
    errors: named.errors.join(',\n    '),
    types: byDependency(named.types).map((t) => printed(declarations.type(t))),
    typedConstants: late.map((c) => printed(declarations.constant(c))),
    declarations: [
      ...named.instances.map((i) => printed(declarations.instance(i))),
      ...own(named.functions).map((f) => printed(declarations.function(f))),
      ...own(named.actions).map((a) => printed(declarations.action(a))),
    ],
    blocks,
    annotations: printed(annotationLine(named.annotations)),
    main: printed(mainText(arch, named.main.blocks)),
  });
}

/** `PSA_Switch(IngressPipeline(…), …)`: the blocks in the packages that take them; other parameters are extern objects. */
function mainText(arch: ArchSpec, blocks: readonly string[]): Doc {
  const packages = new Map(arch.packages?.map((p) => [p.name, p]));
  const types = new Set(arch.blocks.map((b) => b.type));
  const left = [...blocks];
  const given = (type: Type): Doc => {
    invariant(type.kind === 'named', `a parameter of the package ${arch.package}`);
    const inner = packages.get(type.name);
    return inner ? instance(inner) : `${types.has(type.name) ? left.shift() : type.name}()`;
  };
  const instance = ({ name, params }: ArchPackage): Doc => [
    name,
    parentheses(
      params.map((p) => given(p.type)),
      true,
    ),
  ];
  const whole = packages.get(arch.package);
  return whole
    ? instance(whole)
    : [
        arch.package,
        parentheses(
          blocks.map((b) => `${b}()`),
          true,
        ),
      ];
}

/** Each type after those that it is made of; otherwise in the program's order. */
function byDependency(types: readonly TypeDecl[]): TypeDecl[] {
  const byName = new Map(types.map((t) => [t.name, t]));
  const done = new Set<TypeDecl>();
  const visit = (type: TypeDecl): void => {
    if (done.has(type)) return;
    for (const name of typesIn(type)) {
      const needed = byName.get(name);
      if (needed && needed !== type) visit(needed);
    }
    done.add(type);
  };
  types.forEach(visit);
  return [...done];
}

function typesIn(decl: TypeDecl): string[] {
  if (decl.kind === 'enum') return [];
  return decl.kind === 'newtype' ? namesIn(decl.type) : decl.fields.flatMap((f) => namesIn(f.type));
}

function namesIn(type: Type): string[] {
  switch (type.kind) {
    case 'named':
      return [type.name, ...(type.args ?? []).flatMap(namesIn)];
    case 'stack':
    case 'list':
    case 'set':
      return namesIn(type.element);
    case 'tuple':
      return type.elements.flatMap(namesIn);
    default:
      return [];
  }
}

/** Blocks that others instantiate before those; the blocks of the package in its order. */
function inOrder<B extends ParserDecl | ControlDecl>(blocks: readonly B[], program: Program): B[] {
  const byName = new Map(blocks.map((b) => [b.name, b]));
  const done = new Set<B>();
  const visit = (block: B): void => {
    if (done.has(block)) return;
    for (const local of block.locals) {
      const inner = local.kind === 'instance' ? byName.get(local.type.name) : undefined;
      if (inner) visit(inner);
    }
    done.add(block);
  };
  const place = (block: B): number => program.main.blocks.indexOf(block.name);
  [...blocks].sort((a, b) => place(a) - place(b)).forEach(visit);
  return [...done];
}

function partition<T>(items: readonly T[], first: (item: T) => boolean): readonly [T[], T[]] {
  return [items.filter(first), items.filter((item) => !first(item))];
}

/** Functions and methods with type parameters: nothing but an argument's own text says its type. */
function genericNames(arch: ArchSpec, program: Program): ReadonlySet<string> {
  const methods = [...coreExterns, ...arch.externs].flatMap((e) => e.methods);
  const all = [...coreFunctions, ...arch.functions, ...methods, ...program.functions];
  return new Set(all.filter((m) => m.typeParams?.length).map((m) => m.name));
}
