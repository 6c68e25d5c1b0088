/** Statements of P4-16. */
import type { Expr } from '../../compiler/ir/expr.js';
import type { Block, CallStmt, ForInStmt, IfStmt, Stmt } from '../../compiler/ir/stmt.js';
import { typeName } from '../../compiler/ir/types.js';
import { InternalError } from '../../compiler/support/invariant.js';
import type { ExpressionPrinter } from './expressions.js';
import { annotationsBefore, braces, lineComment } from './layout.js';
import { headed } from './lines.js';

export class StatementPrinter {
  readonly #expr: ExpressionPrinter;
  /** Functions and methods that are generic: their arguments say their own types. */
  readonly #generic: ReadonlySet<string>;

  constructor(expr: ExpressionPrinter, generic: ReadonlySet<string>) {
    this.#expr = expr;
    this.#generic = generic;
  }

  /** The statements of a block, each of one or more lines. */
  lines(block: Block): string[] {
    return block.map((stmt) => lineComment(stmt.doc) + this.#stmt(stmt));
  }

  block(head: string, block: Block): string {
    return braces(head, this.lines(block));
  }

  #stmt(stmt: Stmt): string {
    const typed = (expr: Expr): string => this.#expr.typed(expr);
    switch (stmt.kind) {
      case 'declare':
        return `${stmt.init ? headed(`${typeName(stmt.type)} ${stmt.name} =`, typed(stmt.init)) : `${typeName(stmt.type)} ${stmt.name}`};`;
      case 'assign':
        return `${headed(`${typed(stmt.target)} =`, typed(stmt.value))};`;
      case 'call':
        return `${this.#call(stmt)};`;
      case 'if':
        return this.#if(stmt);
      case 'switch': {
        const cases = stmt.cases.map((c) =>
          this.block(c.labels.map((label) => `${label === 'default' ? label : typed(label)}:`).join(' '), c.body),
        );
        return braces(`switch (${this.#expr.untyped(stmt.on)})`, cases);
      }
      case 'apply': {
        const apply = `${stmt.table}.apply()`;
        if (stmt.cases) {
          const cases = stmt.cases.map((c) => this.block(c.actions.map((action) => `${action}:`).join(' '), c.body));
          return braces(`switch (${apply}.action_run)`, cases);
        }
        if (stmt.hit?.length) return this.block(`if (${apply}.hit)`, stmt.hit) + (stmt.miss?.length ? this.block(' else', stmt.miss) : '');
        return stmt.miss?.length ? this.block(`if (${apply}.miss)`, stmt.miss) : `${apply};`;
      }
      case 'set-validity':
        return `${typed(stmt.header)}.${stmt.valid ? 'setValid' : 'setInvalid'}();`;
      case 'push':
      case 'pop':
        return `${typed(stmt.stack)}.${stmt.kind}_front(${stmt.count});`;
      case 'return':
        return stmt.value ? `return ${typed(stmt.value)};` : 'return;';
      case 'exit':
      case 'break':
      case 'continue':
        return `${stmt.kind};`;
      case 'block':
        return this.block(annotationsBefore(stmt.annotations).trimEnd(), stmt.body).trimStart();
      case 'target':
        throw new InternalError('a statement for one target is left after lowering');
      case 'for': {
        const part = (block: Block): string => block.map((s) => this.#stmt(s).replace(/;$/, '')).join(', ');
        return this.block(`for (${part(stmt.init)}; ${typed(stmt.cond)}; ${part(stmt.update)})`, stmt.body);
      }
      case 'for-in':
        return this.#forIn(stmt);
    }
  }

  #call({ callee, typeArgs, args, result, given }: CallStmt): string {
    if (given) throw new InternalError('a function given at a call is left after lowering');
    const types = typeArgs?.length ? `<${typeArgs.map(typeName).join(', ')}>` : '';
    const into = result ? `${this.#expr.typed(result)} = ` : '';
    switch (callee.kind) {
      case 'function': {
        // What a checksum covers is read field by field.
        const broken = checksums.has(callee.name);
        return this.#expr.call(`${into}${callee.name}${types}`, args, { typed: this.#typed(callee.name, typeArgs), broken });
      }
      case 'method': {
        const head = `${into}${this.#expr.typed(callee.object)}.${callee.method}${types}`;
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

  #if(stmt: IfStmt): string {
    const then = this.block(`if (${this.#expr.typed(stmt.cond)})`, stmt.then);
    if (!stmt.else?.length) return then;
    const [only] = stmt.else;
    const rest = stmt.else.length === 1 && only && !only.doc ? this.#stmt(only) : '';
    return rest.startsWith('if (') ? `${then} else ${rest}` : this.block(`${then} else`, stmt.else);
  }

  #forIn(stmt: ForInStmt): string {
    const over = stmt.over.kind === 'range' ? this.#expr.keySet(stmt.over) : this.#expr.typed(stmt.over);
    return this.block(`for (${typeName(stmt.type)} ${stmt.name} in ${over})`, stmt.body);
  }
}

const checksums = new Set(['verify_checksum', 'update_checksum', 'verify_checksum_with_payload', 'update_checksum_with_payload']);
