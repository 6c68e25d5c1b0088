/**
 * Which kept fields may change after a mirror. BMv2 copies the fields of a clone when the block ends; a portable mirror
 * keeps what they were at the call.
 */
import type { ActionDecl, ControlDecl, TableDecl } from '../../ir/decl.js';
import type { Expr } from '../../ir/expr.js';
import type { Program } from '../../ir/program.js';
import type { Block, CallStmt, Stmt } from '../../ir/stmt.js';

/** Fields that mirrors on the way here keep. */
type Kept = ReadonlySet<string>;

export function fieldsChangedAfterMirror(program: Program, metadata: string, controls: readonly ControlDecl[]): ReadonlySet<string> {
  const changed = new Set<string>();

  /** The field of the metadata that an expression is part of; `all` for the metadata itself. */
  const rootOf = (expr: Expr): string | undefined => {
    if (expr.type.kind === 'named' && expr.type.name === metadata) return 'all';
    if (expr.kind !== 'field' && expr.kind !== 'index' && expr.kind !== 'slice' && expr.kind !== 'stack-member') return undefined;
    const outer = rootOf(expr.base);
    return outer === 'all' && expr.kind === 'field' ? expr.name : outer;
  };
  const write = (target: Expr | undefined, kept: Kept): void => {
    const root = target && rootOf(target);
    for (const field of kept) if (root === field || root === 'all') changed.add(field);
  };

  // A control gives the same each time that it runs with the same kept fields.
  const walked = new Map<string, Kept>();
  const walkControl = (control: ControlDecl, before: Kept): Kept => {
    const key = [control.name, ...[...before].sort()].join(' ');
    const after = walked.get(key) ?? walkBody(control, before);
    walked.set(key, after);
    return after;
  };
  const walkBody = (control: ControlDecl, before: Kept): Kept => {
    const actions = new Map(
      [...program.actions, ...control.locals].flatMap((l): [string, ActionDecl][] => (l.kind === 'action' ? [[l.name, l]] : [])),
    );
    const tables = new Map(control.locals.flatMap((l): [string, TableDecl][] => (l.kind === 'table' ? [[l.name, l]] : [])));
    const walk = (block: Block, kept: Kept): Kept => block.reduce((state, stmt) => step(stmt, state), kept);
    // An action gives the same each time that it is called with the same kept fields.
    const ran = new Map<string, Kept>();
    const run = (action: ActionDecl, kept: Kept): Kept => {
      const key = [action.name, ...[...kept].sort()].join(' ');
      const after = ran.get(key) ?? walk(action.body, kept);
      ran.set(key, after);
      return after;
    };

    const call = (stmt: CallStmt, kept: Kept): Kept => {
      const { callee, args } = stmt;
      write(stmt.result, kept);
      if (callee.kind === 'function' && callee.name === 'mirror') {
        const fields = args[1]?.kind === 'list' ? args[1].elements : [];
        return new Set([...kept, ...fields.flatMap((f) => rootOf(f) ?? [])]);
      }
      const action = callee.kind === 'action' ? actions.get(callee.name) : undefined;
      if (callee.kind !== 'block') {
        // Extern functions write their first argument, methods their last.
        const written = action ? args.filter((_, i) => action.params[i]?.direction?.endsWith('out')) : [args[0], args.at(-1)];
        for (const arg of written) write(arg, kept);
      }
      if (action) return run(action, kept);
      const instance = callee.kind === 'block' ? control.locals.find((l) => l.name === callee.instance) : undefined;
      const nested = instance?.kind === 'instance' ? program.controls.find((c) => c.name === instance.type.name) : undefined;
      return nested ? walkControl(nested, kept) : kept;
    };

    const step = (stmt: Stmt, kept: Kept): Kept => {
      switch (stmt.kind) {
        case 'assign':
          write(stmt.target, kept);
          return kept;
        case 'call':
          return call(stmt, kept);
        case 'if':
          return join(walk(stmt.then, kept), walk(stmt.else ?? [], kept));
        case 'switch':
          return join(kept, ...stmt.cases.map((c) => walk(c.body, kept)));
        case 'apply': {
          const refs = tables.get(stmt.table)?.actions ?? [];
          for (const ref of refs) {
            const params = actions.get(ref.action)?.params ?? [];
            ref.args.forEach((arg, i) => {
              if (params[i]?.direction?.endsWith('out')) write(arg, kept);
            });
          }
          const after = join(
            kept,
            ...refs.map((ref) => {
              const action = actions.get(ref.action);
              return action ? run(action, kept) : kept;
            }),
          );
          return join(
            after,
            ...[stmt.hit ?? [], stmt.miss ?? [], ...(stmt.cases ?? []).map((c) => c.body)].map((body) => walk(body, after)),
          );
        }
        case 'block':
          return walk(stmt.body, kept);
        case 'for':
        case 'for-in': {
          const once = walk(stmt.body, kept);
          // The second turn sees what the first one kept.
          return once.size > kept.size ? join(kept, walk(stmt.body, once)) : join(kept, once);
        }
        case 'target':
        case 'declare':
        case 'set-validity':
        case 'push':
        case 'pop':
        case 'exit':
        case 'return':
        case 'break':
        case 'continue':
          return kept;
      }
    };
    return walk(control.body, before);
  };

  for (const control of controls) walkControl(control, new Set());
  return changed;
}

const join = (...states: readonly Kept[]): Kept => new Set(states.flatMap((state) => [...state]));
