/** Declarations of P4-16: types, constants, instances, actions, functions, parsers and controls. */

import type {
  ActionDecl,
  ConstDecl,
  ControlDecl,
  FunctionDecl,
  InstanceDecl,
  LocalDecl,
  Param,
  ParserDecl,
  StateDecl,
  VarDecl,
} from '../../compiler/ir/decl.js';
import { type FieldDecl, type TypeDecl, typeName } from '../../compiler/ir/types.js';
import { formatAnnotations } from '../../compiler/p4info/annotations.js';
import type { ExpressionPrinter } from './expressions.js';
import { annotationLine, annotationsBefore, braces, docComment, indent, lineComment } from './layout.js';
import { bracketed, headed } from './lines.js';
import { numberWithWidth } from './literals.js';
import type { StatementPrinter } from './statements.js';
import { TablePrinter } from './tables.js';

export class DeclarationPrinter {
  readonly #expr: ExpressionPrinter;
  readonly #stmt: StatementPrinter;
  readonly #table: TablePrinter;

  constructor(expr: ExpressionPrinter, stmt: StatementPrinter, sized: boolean) {
    this.#expr = expr;
    this.#stmt = stmt;
    this.#table = new TablePrinter(expr, sized);
  }

  type(decl: TypeDecl): string {
    const head = docComment(decl.doc) + annotationLine(decl.annotations);
    switch (decl.kind) {
      case 'header':
      case 'struct':
      case 'header_union':
        return head + braces(`${decl.kind} ${decl.name}`, decl.fields.map(fieldText));
      case 'enum': {
        const { base } = decl;
        const members = decl.members.map((m) => (base ? `${m.name} = ${numberWithWidth(m.value ?? 0n, base)}` : m.name));
        return `${head}enum ${base ? `${typeName(base)} ` : ''}${decl.name} {\n${indent(members.join(',\n'))}\n}`;
      }
      case 'newtype':
        return `${head}type ${typeName(decl.type)} ${decl.name};`;
    }
  }

  constant(decl: ConstDecl): string {
    return `${declarationHead(decl)}${headed(`const ${typeName(decl.type)} ${decl.name} =`, this.#expr.typed(decl.value))};`;
  }

  instance(decl: InstanceDecl): string {
    const head = `${declarationHead(decl)}${this.#expr.call(typeName(decl.type), decl.args)} ${decl.name}`;
    if (!decl.methods) return `${head};`;
    return `${braces(
      `${head} =`,
      decl.methods.map((m) => this.function(m)),
    )};`;
  }

  action(decl: ActionDecl): string {
    return this.#stmt.block(declarationHead(decl) + this.#params(`action ${decl.name}`, decl.params), decl.body);
  }

  function(decl: FunctionDecl): string {
    const types = decl.typeParams?.length ? `<${decl.typeParams.join(', ')}>` : '';
    const head = this.#params(`${typeName(decl.returns)} ${decl.name}${types}`, decl.params);
    return this.#stmt.block(declarationHead(decl) + head, decl.body);
  }

  parser(decl: ParserDecl): string {
    const states = decl.states.map((state) => this.#state(state));
    return `${this.#blockHead('parser', decl)} {\n${indent([...this.#locals(decl.locals), ...states].join('\n\n'))}\n}`;
  }

  control(decl: ControlDecl): string {
    const apply = this.#stmt.block('apply', decl.body);
    return `${this.#blockHead('control', decl)} {\n${indent([...this.#locals(decl.locals), apply].join('\n\n'))}\n}`;
  }

  /** Groups of locals that a blank line separates: short ones of a kind stay together. */
  #locals(locals: readonly LocalDecl[]): string[] {
    const groups: string[] = [];
    let previous: LocalDecl | undefined;
    for (const local of locals) {
      const text = this.#local(local);
      const short = !text.includes('\n') && previous?.kind === local.kind && !groups.at(-1)?.endsWith('}');
      if (short) groups.push(`${groups.pop()}\n${text}`);
      else groups.push(text);
      previous = local;
    }
    return groups;
  }

  #local(local: LocalDecl): string {
    switch (local.kind) {
      case 'constant':
        return this.constant(local);
      case 'variable':
        return this.#variable(local);
      case 'instance':
        return this.instance(local);
      case 'action':
        return this.action(local);
      case 'function':
        return this.function(local);
      case 'table':
        return this.#table.table(local);
      case 'value-set':
        return `${declarationHead(local)}value_set<${typeName(local.type)}>(${local.size}) ${local.name};`;
    }
  }

  #variable(decl: VarDecl): string {
    const head = `${typeName(decl.type)} ${decl.name}`;
    return `${declarationHead(decl)}${decl.init ? headed(`${head} =`, this.#expr.typed(decl.init)) : head};`;
  }

  #state(state: StateDecl): string {
    return braces(`${declarationHead(state)}state ${state.name}`, [...this.#stmt.lines(state.body), this.#transition(state)]);
  }

  #transition({ transition }: StateDecl): string {
    if (transition.kind === 'goto') return `transition ${transition.next};`;
    return braces(
      this.#expr.call('transition select', transition.on, { typed: false }),
      transition.cases.map((c) => `${this.#expr.keySets(c.keys, 'default')}: ${c.next};`),
    );
  }

  /** The parameters of a block, one a line, aligned. */
  #blockHead(kind: 'parser' | 'control', decl: ParserDecl | ControlDecl): string {
    const open = `${kind} ${decl.name}(`;
    const params = decl.params.map((p) => this.#param(p)).join(`,\n${' '.repeat(open.length)}`);
    const given = decl.constructorParams?.length ? this.#params('', decl.constructorParams) : '';
    return `${declarationHead(decl)}${open}${params})${given}`;
  }

  #params(head: string, params: readonly Param[]): string {
    const texts = params.map((p) => this.#param(p));
    return head + bracketed(['(', ')'], texts);
  }

  #param(param: Param): string {
    const direction = param.direction ? `${param.direction} ` : '';
    const optional = param.optional ? '@optional ' : '';
    const value = param.default ? ` = ${this.#expr.typed(param.default)}` : '';
    const annotations = annotationsBefore([...(param.annotations ?? []), ...formatAnnotations(param)]);
    return `${optional}${annotations}${direction}${typeName(param.type)} ${param.name}${value}`;
  }
}

const declarationHead = (decl: Pick<ConstDecl, 'doc' | 'annotations'>): string => docComment(decl.doc) + annotationLine(decl.annotations);

function fieldText(field: FieldDecl): string {
  return `${lineComment(field.doc)}${annotationsBefore(field.annotations)}${typeName(field.type)} ${field.name};`;
}
