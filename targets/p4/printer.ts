/** Prints any IR program as P4-16 text, formatted as people write it. */
import { readFileSync } from 'node:fs';
import Handlebars from 'handlebars';
import { coreExterns, coreFunctions } from '../../compiler/arch/core.js';
import type { ArchSpec } from '../../compiler/arch/index.js';
import { architectures } from '../../compiler/arch/index.js';
import type { Program } from '../../compiler/ir/program.js';
import type { Type, TypeDecl } from '../../compiler/ir/types.js';
import { invariant } from '../../compiler/support/invariant.js';
import { DeclarationPrinter } from './declarations.js';
import { ExpressionPrinter } from './expressions.js';
import { docComment } from './layout.js';
import { withP4Names } from './namer.js';
import { StatementPrinter } from './statements.js';

/**
 * The program's P4-16 text. Names that P4 or its include files have taken are changed, and kept for the control plane.
 * `taken`: what the include files declare beside what the architecture's description lists.
 */
export function printP4(program: Program, taken: readonly string[] = []): string {
  const arch = architectures.get(program.arch);
  invariant(arch?.include, `the architecture ${program.arch} has no include file`);
  const named = withP4Names(program, arch, taken);
  const expr = new ExpressionPrinter(named.types);
  const declarations = new DeclarationPrinter(expr, new StatementPrinter(expr, genericNames(arch, named)));
  const blocks = [...named.parsers.map((p) => declarations.parser(p)), ...inOrder(named).map((c) => declarations.control(c))];
  return template()({
    doc: docComment(program.doc),
    include: arch.include,
    constants: named.constants.map((c) => declarations.constant(c)),
    errors: named.errors.join(',\n    '),
    types: byDependency(named.types).map((t) => declarations.type(t)),
    declarations: [
      ...named.functions.map((f) => declarations.function(f)),
      ...named.instances.map((i) => declarations.instance(i)),
      ...named.actions.map((a) => declarations.action(a)),
    ],
    blocks,
    package: arch.package,
    main: named.main.blocks,
  });
}

let compiled: Handlebars.TemplateDelegate | undefined;

function template(): Handlebars.TemplateDelegate {
  compiled ??= Handlebars.compile(readFileSync(new URL('./templates/program.p4.hbs', import.meta.url), 'utf8'), { noEscape: true });
  return compiled;
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

/** Controls that others instantiate first, then the blocks of the package in its order. */
function inOrder(program: Program): Program['controls'] {
  const place = (name: string): number => program.main.blocks.indexOf(name);
  return [...program.controls].sort((a, b) => place(a.name) - place(b.name));
}

/** Functions and methods with type parameters: nothing but an argument's own text says its type. */
function genericNames(arch: ArchSpec, program: Program): ReadonlySet<string> {
  const methods = [...coreExterns, ...arch.externs].flatMap((e) => e.methods);
  const all = [...coreFunctions, ...arch.functions, ...methods, ...program.functions];
  return new Set(all.filter((m) => m.typeParams?.length).map((m) => m.name));
}
