/** Statements of P4-16. */
import type { Expr } from '../../compiler/ir/expr.js';
import type { ApplyStmt, Block, CallStmt, ForInStmt, IfStmt, Stmt } from '../../compiler/ir/stmt.js';
import { typeName } from '../../compiler/ir/types.js';
import { braces, type Doc, join } from '../../compiler/support/document.js';
import { InternalError } from '../../compiler/support/invariant.js';
import type { ExpressionPrinter } from './expressions.js';
import { annotationsBefore, assigned, lineComment } from './layout.js';

export class StatementPrinter {
  readonly #expr: ExpressionPrinter;
  /** Functions and methods that are generic: their arguments say their own types. */
  readonly #generic: ReadonlySet<string>;

  constructor(expr: ExpressionPrinter, generic: ReadonlySet<string>) {
    this.#expr = expr;
    this.#generic = generic;
  }

  /** The statements of a block, each of one or more lines. */
  lines(block: Block): Doc[] {
    return block.map((stmt) => [lineComment(stmt.doc), this.#stmt(stmt)]);
  }

  block(head: Doc, block: Block): Doc {
    return braces(head, this.lines(block));
  }

  #stmt(stmt: Stmt): Doc {
    switch (stmt.kind) {
      case 'if':
        return this.#if(stmt);
      case 'switch': {
        const labels = (all: (typeof stmt.cases)[number]['labels']): Doc =>
          join(
            ' ',
            all.map((label) => [label === 'default' ? label : this.#expr.typed(label), ':']),
          );
        return braces(
          ['switch (', this.#expr.untyped(stmt.on), ')'],
          stmt.cases.map((c) => this.block(labels(c.labels), c.body)),
        );
      }
      case 'apply':
        return this.#apply(stmt);
      case 'block':
        return this.block(annotationsBefore(stmt.annotations).trimEnd(), stmt.body);
      case 'target':
        throw new InternalError('a statement for one target is left after lowering');
      case 'for': {
        const [init, update] = [stmt.init, stmt.update].map((block) =>
          join(
            ', ',
            block.map((s) => this.#simple(s)),
          ),
        ) as [Doc, Doc];
        return this.block(['for (', init, '; ', this.#expr.typed(stmt.cond), '; ', update, ')'], stmt.body);
      }
      case 'for-in':
        return this.#forIn(stmt);
      default:
        return [this.#simple(stmt), ';'];
    }
  }

  /** A statement that ends with a semicolon, without it. */
  #simple(stmt: Stmt): Doc {
    const typed = (expr: Expr): Doc => this.#expr.typed(expr);
    switch (stmt.kind) {
      case 'declare': {
        const head = `${typeName(stmt.type)} ${stmt.name}`;
        return stmt.init ? assigned(head, typed(stmt.init)) : head;
      }
      case 'assign':
        return assigned(typed(stmt.target), typed(stmt.value));
      case 'call':
        return this.#call(stmt);
      case 'set-validity':
        return [typed(stmt.header), stmt.valid ? '.setValid()' : '.setInvalid()'];
      case 'push':
      case 'pop':
        return [typed(stmt.stack), `.${stmt.kind}_front(${stmt.count})`];
      case 'return':
        return stmt.value ? ['return ', typed(stmt.value)] : 'return';
      case 'exit':
      case 'break':
      case 'continue':
        return stmt.kind;
      default:
        throw new InternalError(`a statement ${stmt.kind} in the head of a loop`);
    }
  }

  #apply(stmt: ApplyStmt): Doc {
    const apply = `${stmt.table}.apply()`;
    if (stmt.cases) {
      const cases = stmt.cases.map((c) => this.block(c.actions.map((action) => `${action}:`).join(' '), c.body));
      return braces(`switch (${apply}.action_run)`, cases);
    }
    if (stmt.hit?.length) return [this.block(`if (${apply}.hit)`, stmt.hit), stmt.miss?.length ? this.block(' else', stmt.miss) : ''];
    return stmt.miss?.length ? this.block(`if (${apply}.miss)`, stmt.miss) : `${apply};`;
  }

  #call({ callee, typeArgs, args, result, given }: CallStmt): Doc {
    if (given) throw new InternalError('a function given at a call is left after lowering');
    const types = typeArgs?.length ? `<${typeArgs.map(typeName).join(', ')}>` : '';
    const into = result ? [this.#expr.typed(result), ' = '] : '';
    switch (callee.kind) {
      case 'function': {
        // What a checksum covers is read field by field.
        const broken = checksums.has(callee.name);
        return this.#expr.call([into, callee.name, types], args, { typed: this.#typed(callee.name, typeArgs), broken });
      }
      case 'method': {
        const head = [into, this.#expr.typed(callee.object), `.${callee.method}${types}`];
        return this.#expr.call(head, args, { typed: this.#typed(callee.method, typeArgs) });
      }
      case 'action':
        return this.#expr.call(callee.name, args);
      case 'block':
        return this.#expr.call(`${callee.instance}.apply`, args);
    }
  }

  /** Whether the parameters say the types of the arguments. */
  #typed(name: string, typeArgs: CallStmt['typeArgs']): boolean {
    return !this.#generic.has(name) || (typeArgs?.length ?? 0) > 0;
  }

  #if(stmt: IfStmt): Doc {
    const then = this.block(['if (', this.#expr.typed(stmt.cond), ')'], stmt.then);
    if (!stmt.else?.length) return then;
    const [only, ...others] = stmt.else;
    const isIf = only?.kind === 'if' || (only?.kind === 'apply' && !only.cases && (only.hit?.length || only.miss?.length));
    if (only && isIf && others.length === 0 && !only.doc) return [then, ' else ', this.#stmt(only)];
    return [then, this.block(' else', stmt.else)];
  }

  #forIn(stmt: ForInStmt): Doc {
    const over = stmt.over.kind === 'range' ? this.#expr.keySet(stmt.over) : this.#expr.typed(stmt.over);
    return this.block([`for (${typeName(stmt.type)} ${stmt.name} in `, over, ')'], stmt.body);
  }
}

const checksums = new Set(['verify_checksum', 'update_checksum', 'verify_checksum_with_payload', 'update_checksum_with_payload']);
