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
import { braces, type Doc, hardline, join } from '../../compiler/support/document.js';
import type { ExpressionPrinter } from './expressions.js';
import { annotationLine, annotationsBefore, assigned, docComment, lineComment, parentheses } from './layout.js';
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

  type(decl: TypeDecl): Doc {
    const head = declarationHead(decl);
    switch (decl.kind) {
      case 'header':
      case 'struct':
      case 'header_union':
        return [head, braces(`${decl.kind} ${decl.name}`, decl.fields.map(fieldText))];
      case 'enum': {
        const { base } = decl;
        const members = decl.members.map((m) => (base ? `${m.name} = ${numberWithWidth(m.value ?? 0n, base)}` : m.name));
        return [head, braces(`enum ${base ? `${typeName(base)} ` : ''}${decl.name}`, [join([',', hardline], members)])];
      }
      case 'newtype':
        return [head, `type ${typeName(decl.type)} ${decl.name};`];
    }
  }

  constant(decl: ConstDecl): Doc {
    return [declarationHead(decl), assigned(`const ${typeName(decl.type)} ${decl.name}`, this.#expr.typed(decl.value)), ';'];
  }

  instance(decl: InstanceDecl): Doc {
    const head = [declarationHead(decl), this.#expr.call(typeName(decl.type), decl.args), ` ${decl.name}`];
    return decl.methods
      ? [
          braces(
            [head, ' ='],
            decl.methods.map((m) => this.function(m)),
          ),
          ';',
        ]
      : [head, ';'];
  }

  action(decl: ActionDecl): Doc {
    return this.#stmt.block([declarationHead(decl), `action ${decl.name}`, this.#params(decl.params)], decl.body);
  }

  function(decl: FunctionDecl): Doc {
    const types = decl.typeParams?.length ? `<${decl.typeParams.join(', ')}>` : '';
    const head = [`${typeName(decl.returns)} ${decl.name}${types}`, this.#params(decl.params)];
    return this.#stmt.block([declarationHead(decl), head], decl.body);
  }

  parser(decl: ParserDecl): Doc {
    return this.#block(
      'parser',
      decl,
      decl.states.map((state) => this.#state(state)),
    );
  }

  control(decl: ControlDecl): Doc {
    return this.#block('control', decl, [this.#stmt.block('apply', decl.body)]);
  }

  /** Blank lines separate what is in it; short locals of a kind stay together. */
  #block(kind: 'parser' | 'control', decl: ParserDecl | ControlDecl, parts: readonly Doc[]): Doc {
    const { locals } = decl;
    const declared = locals.map((local, i) => {
      const isNext = i > 0 && locals[i - 1]?.kind === local.kind && isLine(local);
      return [i === 0 ? '' : isNext ? hardline : [hardline, hardline], this.#local(local)];
    });
    const all = [...(declared.length > 0 ? [declared] : []), ...parts];
    return braces(this.#blockHead(kind, decl), [join([hardline, hardline], all)]);
  }

  #local(local: LocalDecl): Doc {
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
        return [declarationHead(local), `value_set<${typeName(local.type)}>(${local.size}) ${local.name};`];
    }
  }

  #variable(decl: VarDecl): Doc {
    const head = `${typeName(decl.type)} ${decl.name}`;
    return [declarationHead(decl), decl.init ? assigned(head, this.#expr.typed(decl.init)) : head, ';'];
  }

  #state(state: StateDecl): Doc {
    return braces([declarationHead(state), `state ${state.name}`], [...this.#stmt.lines(state.body), this.#transition(state)]);
  }

  #transition({ transition }: StateDecl): Doc {
    if (transition.kind === 'goto') return `transition ${transition.next};`;
    return braces(
      this.#expr.call('transition select', transition.on, { typed: false }),
      transition.cases.map((c) => [this.#expr.keySets(c.keys, 'default'), `: ${c.next};`]),
    );
  }

  /** The parameters of a block, one a line, aligned. */
  #blockHead(kind: 'parser' | 'control', decl: ParserDecl | ControlDecl): Doc {
    const open = `${kind} ${decl.name}(`;
    const next = [',', hardline, ' '.repeat(open.length)];
    const given = decl.constructorParams?.length ? this.#params(decl.constructorParams) : '';
    return [
      declarationHead(decl),
      open,
      join(
        next,
        decl.params.map((p) => this.#param(p)),
      ),
      ')',
      given,
    ];
  }

  #params(params: readonly Param[]): Doc {
    return parentheses(params.map((p) => this.#param(p)));
  }

  #param(param: Param): Doc {
    const direction = param.direction ? `${param.direction} ` : '';
    const optional = param.optional ? '@optional ' : '';
    const value = param.default ? [' = ', this.#expr.typed(param.default)] : '';
    const annotations = annotationsBefore([...(param.annotations ?? []), ...formatAnnotations(param)]);
    return [`${optional}${annotations}${direction}${typeName(param.type)} ${param.name}`, value];
  }
}

const declarationHead = (decl: Pick<ConstDecl, 'doc' | 'annotations'>): Doc => [docComment(decl.doc), annotationLine(decl.annotations)];

/** Whether it is printed in one line. */
function isLine(local: LocalDecl): boolean {
  if (local.kind === 'action' || local.kind === 'function' || local.kind === 'table') return false;
  return !local.doc?.trim() && !local.annotations?.length && !(local.kind === 'instance' && local.methods);
}

const fieldText = (field: FieldDecl): Doc => [
  lineComment(field.doc),
  `${annotationsBefore(field.annotations)}${typeName(field.type)} ${field.name};`,
];
