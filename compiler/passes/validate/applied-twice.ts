/** Reports tables that one packet could pass twice in one control (P4-16 §14.2: BMv2 and switch chips cannot). */
import type { ControlDecl } from '../../ir/decl.js';
import type { Block, Stmt } from '../../ir/stmt.js';
import type { Loc } from '../../support/location.js';
import type { Environment } from './environment.js';

/** The tables applied on the way here, with where; undefined where no path leads. */
type Applied = ReadonlyMap<string, Loc> | undefined;

export function checkAppliedTwice(env: Environment, control: ControlDecl): void {
  const walk = (block: Block, before: Applied): Applied => block.reduce(step, before);

  const step = (applied: Applied, stmt: Stmt): Applied => {
    if (!applied) return undefined;
    switch (stmt.kind) {
      case 'apply': {
        const first = applied.get(stmt.table);
        if (first)
          env.report('applied-twice', { table: stmt.table }, stmt.loc, { notes: [{ message: 'it is applied here before', loc: first }] });
        const after = new Map(applied).set(stmt.table, first ?? stmt.loc);
        if (!stmt.cases) return join(walk(stmt.hit ?? [], after), walk(stmt.miss ?? [], after));
        const ends = stmt.cases.map((c) => walk(c.body, after));
        return stmt.cases.some((c) => c.actions.includes('default')) ? join(...ends) : join(after, ...ends);
      }
      case 'if':
        return join(walk(stmt.then, applied), walk(stmt.else ?? [], applied));
      case 'switch': {
        const ends = stmt.cases.map((c) => walk(c.body, applied));
        return stmt.cases.some((c) => c.labels.includes('default')) ? join(...ends) : join(applied, ...ends);
      }
      case 'block':
        return walk(stmt.body, applied);
      case 'for':
      case 'for-in': {
        const once = join(applied, walk(stmt.body, applied));
        return join(once, walk(stmt.body, once));
      }
      case 'exit':
      case 'return':
      case 'break':
      case 'continue':
        return undefined;
      case 'declare':
      case 'assign':
      case 'call':
      case 'set-validity':
      case 'push':
      case 'pop':
        return applied;
    }
  };

  walk(control.body, new Map());
}

function join(...paths: readonly Applied[]): Applied {
  const reached = paths.filter((path) => path !== undefined);
  return reached.length === 0 ? undefined : new Map(reached.flatMap((path) => [...path]));
}
