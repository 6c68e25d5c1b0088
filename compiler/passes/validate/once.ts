/**
 * What can happen once while a packet passes a control: a table (P4-16 §14.2: BMv2 and switch chips cannot apply one
 * twice), and in portable programs a mirror and a digest, of which the last counts.
 */
import type { ActionDecl, ControlDecl, TableDecl } from '../../ir/decl.js';
import { objectsIn } from '../../ir/instances.js';
import type { Block, CallStmt, Stmt } from '../../ir/stmt.js';
import type { Loc } from '../../support/location.js';
import type { Environment } from './environment.js';

/** What happened on the way here, with where; undefined where no path leads. */
type Passed = ReadonlyMap<string, Loc> | undefined;

const counted = new Set(['mirror', 'digest']);

/** Checks the controls that the architecture runs, with the controls and actions inside them. The program has no recursion. */
export function checkOnce(env: Environment): void {
  if (env.isP4) return;
  for (const name of env.program.main.blocks) {
    const block = env.blocks.get(name);
    if (block?.kind === 'control') checkControl(env, block);
  }
}

function checkControl(env: Environment, control: ControlDecl): void {
  const reported = new Set<Loc>();
  const objects = objectsIn(env.program);
  /** What instances of controls do, by their paths; those that hold nothing do the same wherever they are. */
  const followed = new Map<string, Passed>();

  const pass = (passed: ReadonlyMap<string, Loc>, more: Iterable<readonly [key: string, loc: Loc]>): ReadonlyMap<string, Loc> => {
    const all = new Map(passed);
    for (const [key, loc] of more) {
      const first = all.get(key);
      if (!first) all.set(key, loc);
      if (!first || reported.has(loc)) continue;
      reported.add(loc);
      const [what = '', name = ''] = key.split(' ');
      if (what === 'table')
        env.report('applied-twice', { table: name }, loc, { notes: [{ message: 'it is applied here before', loc: first }] });
      else env.report('effect-twice', { what }, loc, { notes: [{ message: `the other ${what} is here`, loc: first }] });
    }
    return all;
  };

  const follow = (inside: ControlDecl, path: string): Passed => {
    const actions = new Map(
      [...env.program.actions, ...inside.locals.filter((l): l is ActionDecl => l.kind === 'action')].map((a) => [a.name, a]),
    );
    const tables = new Map(inside.locals.filter((l): l is TableDecl => l.kind === 'table').map((t) => [t.name, t]));
    /** What each action does by itself. */
    const summaries = new Map<string, Passed>();
    const after = (passed: ReadonlyMap<string, Loc>, own: Passed): Passed => own && (own.size > 0 ? pass(passed, own) : passed);

    const run = (name: string, passed: ReadonlyMap<string, Loc>): Passed => {
      const action = actions.get(name);
      if (!action) return passed;
      if (!summaries.has(name)) {
        summaries.set(name, walk(action.body, new Map()));
      }
      return after(passed, summaries.get(name));
    };

    const call = (stmt: CallStmt, passed: ReadonlyMap<string, Loc>): Passed => {
      const { callee } = stmt;
      if (callee.kind === 'action') return run(callee.name, passed);
      if (callee.kind === 'block') {
        const instance = inside.locals.find((l) => l.name === callee.instance);
        const nested = instance?.kind === 'instance' ? env.blocks.get(instance.type.name) : undefined;
        if (nested?.kind !== 'control') return passed;
        const inner = `${path}${callee.instance}.`;
        const known = objects(nested) > 0 ? inner : nested.name;
        if (!followed.has(known)) followed.set(known, follow(nested, inner));
        return after(passed, followed.get(known));
      }
      if (callee.kind !== 'function') return passed;
      if (env.functions.get(callee.name)?.[0]?.ends) return undefined;
      return env.arch.name === 'portable' && counted.has(callee.name) ? pass(passed, [[callee.name, stmt.loc]]) : passed;
    };

    const walk = (block: Block, before: Passed): Passed => block.reduce(step, before);

    const step = (passed: Passed, stmt: Stmt): Passed => {
      if (!passed) return undefined;
      switch (stmt.kind) {
        case 'apply': {
          const applied = pass(passed, [[`table ${path}${stmt.table}`, stmt.loc]]);
          const table = tables.get(stmt.table);
          const names = table?.actions.map((ref) => ref.action) ?? [];
          const ran = (names_: readonly string[]): Passed =>
            join(...(names_.length > 0 ? names_.map((name) => run(name, applied)) : [applied]));
          if (!stmt.cases) {
            const done = table?.defaultAction ? ran(names) : join(applied, ran(names));
            return join(walk(stmt.hit ?? [], done), walk(stmt.miss ?? [], done));
          }
          const named = new Set(stmt.cases.flatMap((c) => c.actions));
          const others = names.filter((name) => !named.has(name));
          const ends = stmt.cases.map((c) => walk(c.body, c.actions.includes('default') ? ran(others) : ran(c.actions)));
          return named.has('default') ? join(...ends) : join(ran(others), ...ends);
        }
        case 'call':
          return call(stmt, passed);
        case 'if':
          return join(walk(stmt.then, passed), walk(stmt.else ?? [], passed));
        case 'switch': {
          const ends = stmt.cases.map((c) => walk(c.body, passed));
          return stmt.cases.some((c) => c.labels.includes('default')) ? join(...ends) : join(passed, ...ends);
        }
        case 'block':
          return walk(stmt.body, passed);
        case 'target':
          return join(walk(stmt.body, passed), walk(stmt.otherwise ?? [], passed));
        case 'for':
        case 'for-in': {
          const once = join(passed, walk(stmt.body, passed));
          return join(once, walk(stmt.body, once));
        }
        case 'exit':
        case 'return':
        case 'break':
        case 'continue':
          return undefined;
        case 'declare':
        case 'assign':
        case 'set-validity':
        case 'push':
        case 'pop':
          return passed;
      }
    };

    return walk(inside.body, new Map());
  };

  follow(control, '');
}

function join(...paths: readonly Passed[]): Passed {
  const reached = new Set(paths.filter((path) => path !== undefined));
  return reached.size > 1 ? new Map([...reached].flatMap((path) => [...path])) : [...reached][0];
}
