/** Tables of P4-16 (§14.2). */

import { needsPriority } from '../../compiler/control/match.js';
import type { ActionCallExpr, ActionRef, EntryDecl, KeyDecl, TableDecl } from '../../compiler/ir/decl.js';
import type { Expr } from '../../compiler/ir/expr.js';
import { formatAnnotations } from '../../compiler/p4info/annotations.js';
import { braces, type Doc } from '../../compiler/support/document.js';
import type { ExpressionPrinter } from './expressions.js';
import { annotationLine, annotationsAfter, annotationsBefore, docComment, quote } from './layout.js';

export class TablePrinter {
  readonly #expr: ExpressionPrinter;
  readonly #sized: boolean;

  /** `sized`: tables with constant entries have sizes as others do. */
  constructor(expr: ExpressionPrinter, sized: boolean) {
    this.#expr = expr;
    this.#sized = sized;
  }

  table(decl: TableDecl): Doc {
    const parts: Doc[] = [];
    if (decl.keys.length > 0)
      parts.push(
        braces(
          'key =',
          decl.keys.map((key) => this.#key(key)),
        ),
      );
    parts.push(
      braces(
        'actions =',
        decl.actions.map((ref) => this.#actionRef(ref)),
      ),
    );
    if (decl.defaultAction)
      parts.push([decl.defaultAction.const ? 'const ' : '', 'default_action = ', this.#call(decl.defaultAction), ';']);
    // With constant entries the size is their number, unless a program in P4 says otherwise.
    if (decl.size !== undefined && (!decl.constEntries || this.#sized)) parts.push(`size = ${decl.size};`);
    for (const p of decl.properties ?? []) parts.push([`${p.const ? 'const ' : ''}${p.name} = `, this.#expr.typed(p.value), ';']);
    if (decl.largestPriorityWins !== undefined) parts.push(`largest_priority_wins = ${decl.largestPriorityWins};`);
    if (decl.entries) {
      // The order of constant entries says what wins, and so it does among entries without priorities.
      const withPriority = !decl.constEntries && needsPriority(decl.keys);
      parts.push(
        braces(
          `${decl.constEntries ? 'const ' : ''}entries =`,
          inOrder(decl).map((entry) => this.#entry(entry, withPriority)),
        ),
      );
    }
    return braces([docComment(decl.doc), annotationLine(decl.annotations), `table ${decl.name}`], parts);
  }

  #key(key: KeyDecl): Doc {
    // Selector keys are no match fields: the control plane knows no names for them.
    const name = key.match === 'selector' || keyName(key.expr) === key.name ? [] : [{ name: 'name', body: quote(key.name) }];
    const others = (key.annotations ?? []).filter((a) => a.name !== 'name');
    return [this.#expr.untyped(key.expr), `: ${key.match}${annotationsAfter([...name, ...others, ...formatAnnotations(key)])};`];
  }

  #actionRef(ref: ActionRef): Doc {
    const scope = ref.scope ? [{ name: ref.scope }] : [];
    const call = ref.args.length > 0 ? this.#call(ref) : ref.action;
    return [annotationsBefore([...(ref.annotations ?? []), ...scope]), call, ';'];
  }

  #entry(entry: EntryDecl, withPriority: boolean): Doc {
    const constant = entry.const ? 'const ' : '';
    const priority = entry.priority === undefined || !withPriority ? '' : `priority = ${entry.priority}: `;
    return [constant, priority, this.#expr.keySets(entry.keys), ': ', this.#call(entry.action), ';'];
  }

  #call(call: Pick<ActionCallExpr, 'action' | 'args'>): Doc {
    return this.#expr.call(call.action, call.args);
  }
}

/** The entries, those with a higher priority first. */
const inOrder = (table: TableDecl): readonly EntryDecl[] =>
  needsPriority(table.keys) ? [...(table.entries ?? [])].sort((a, b) => (b.priority ?? 0) - (a.priority ?? 0)) : (table.entries ?? []);

/** The name that a key has without `@name`: the expression as written, for the simple ones that have a name. */
function keyName(expr: Expr): string | undefined {
  switch (expr.kind) {
    case 'name':
      return expr.name;
    case 'field': {
      const base = keyName(expr.base);
      return base === undefined ? undefined : `${base}.${expr.name}`;
    }
    case 'is-valid': {
      const header = keyName(expr.header);
      return header === undefined ? undefined : `${header}.$valid$`;
    }
    default:
      return undefined;
  }
}
