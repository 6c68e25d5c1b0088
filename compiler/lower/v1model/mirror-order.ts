/**
 * Which kept fields may change after a mirror. BMv2 copies the fields of a clone when the block ends; a portable mirror
 * keeps what they were at the call.
 */
import { Flow, type Path, type PlainStmt } from '../../analysis/flow.js';
import { programInfo } from '../../analysis/program-info.js';
import type { ControlDecl, TableDecl } from '../../ir/decl.js';
import type { Expr } from '../../ir/expr.js';
import type { Program } from '../../ir/program.js';
import type { ApplyStmt } from '../../ir/stmt.js';

/** Fields that mirrors on the way here keep. */
type Kept = ReadonlySet<string>;

/** Fields of the metadata, a struct of this name. */
export function fieldsChangedAfterMirror(program: Program, metadata: string, controls: readonly ControlDecl[]): ReadonlySet<string> {
  const order = new MirrorOrder(program, metadata);
  for (const control of controls) order.control(control, new Set());
  return order.changed;
}

class MirrorOrder extends Flow<Kept> {
  readonly changed = new Set<string>();
  readonly #metadata: string;

  constructor(program: Program, metadata: string) {
    super(programInfo(program));
    this.#metadata = metadata;
  }

  protected key(kept: Kept): string {
    return [...kept].sort().join(' ');
  }
  protected meet(_before: Kept, branches: readonly Path<Kept>[]): Path<Kept> {
    const reached = branches.filter((path) => path !== undefined);
    return reached.length === 0 ? undefined : new Set(reached.flatMap((path) => [...path]));
  }

  protected plain(stmt: PlainStmt, kept: Kept): Kept {
    if (stmt.kind === 'assign') this.#write(stmt.target, kept);
    if (stmt.kind !== 'call') return kept;
    if (this.info.externMethod(stmt)?.role === 'mirror') {
      const keep = this.info.argument(stmt, 'keep');
      const fields = keep?.kind === 'list' ? keep.elements : [];
      return new Set([...kept, ...fields.flatMap((f) => this.#rootOf(f) ?? [])]);
    }
    // What a control inside writes is seen there.
    if (stmt.callee.kind !== 'block') for (const target of this.info.accesses(stmt, this.site?.control).writes) this.#write(target, kept);
    return kept;
  }

  protected override applied(_stmt: ApplyStmt, table: TableDecl, kept: Kept): Kept {
    for (const { action, args } of table.actions) {
      const { params = [] } = this.info.declared('action', action, this.site?.control) ?? {};
      for (const [i, arg] of args.entries()) if (params[i]?.direction?.endsWith('out')) this.#write(arg, kept);
    }
    return kept;
  }

  #write(target: Expr, kept: Kept): void {
    const root = this.#rootOf(target);
    for (const field of kept) if (root === field || root === 'all') this.changed.add(field);
  }

  /** The field of the metadata that an expression is part of; `all` for the metadata itself. */
  #rootOf(expr: Expr): string | undefined {
    if (expr.type.kind === 'named' && expr.type.name === this.#metadata) return 'all';
    if (expr.kind !== 'field' && expr.kind !== 'index' && expr.kind !== 'slice' && expr.kind !== 'stack-member') return undefined;
    const outer = this.#rootOf(expr.base);
    return outer === 'all' && expr.kind === 'field' ? expr.name : outer;
  }
}
