/** Direct meters are read by the actions of the table that names them: elsewhere no entry was hit. */
import type { ActionDecl, ControlDecl, TableDecl } from '../../ir/decl.js';
import type { Block } from '../../ir/stmt.js';
import { visiting } from '../../ir/visit.js';
import type { Loc } from '../../support/location.js';
import type { Environment } from './environment.js';

export function checkDirectMeters(env: Environment, control: ControlDecl): void {
  const actions = control.locals.filter((l): l is ActionDecl => l.kind === 'action');
  const tables = control.locals.filter((l): l is TableDecl => l.kind === 'table');
  const reads = new Map(actions.map((action) => [action.name, readsOf(env, action.body)]));
  // Actions that call others read what these do; in as many rounds as calls can be nested.
  for (let changed = true; changed; ) {
    changed = false;
    for (const action of actions) {
      const own = reads.get(action.name) as Map<string, Loc>;
      for (const callee of callsOf(action.body).keys())
        for (const [meter, loc] of reads.get(callee) ?? [])
          if (!own.has(meter)) {
            own.set(meter, loc);
            changed = true;
          }
    }
  }

  const owners = new Map(
    tables.flatMap((table): [string, string][] => {
      const meter = env.attached(table, 'meter', control);
      return meter ? [[meter.name, table.name]] : [];
    }),
  );
  const reported = new Set<Loc>();
  const report = (meter: string, loc: Loc): void => {
    if (reported.has(loc)) return;
    reported.add(loc);
    env.report('direct-meter-place', { meter, table: owners.get(meter) }, loc);
  };

  for (const [meter, loc] of readsOf(env, control.body)) report(meter, loc);
  for (const [action, loc] of callsOf(control.body)) for (const meter of reads.get(action)?.keys() ?? []) report(meter, loc);
  for (const table of tables) {
    for (const { action } of table.actions)
      for (const [meter, loc] of reads.get(action) ?? []) {
        const owner = owners.get(meter);
        if (owner === table.name) continue;
        // Programs share such actions, and p4c takes them.
        const isShared = env.isP4 && tables.some((t) => t.name === owner && t.actions.some((ref) => ref.action === action));
        if (isShared) env.report('direct-meter-shared', { meter, action, table: table.name }, loc);
        else report(meter, loc);
      }
  }
}

function readsOf(env: Environment, block: Block): Map<string, Loc> {
  const reads = new Map<string, Loc>();
  visiting({
    stmt: (stmt) => {
      if (stmt.kind !== 'call' || stmt.callee.kind !== 'method' || stmt.callee.object.kind !== 'name') return;
      const { type, name } = stmt.callee.object;
      const extern = env.extern(type);
      if (extern?.role === 'meter' && extern.direct && !reads.has(name)) reads.set(name, stmt.loc);
    },
  }).block(block);
  return reads;
}

function callsOf(block: Block): Map<string, Loc> {
  const calls = new Map<string, Loc>();
  visiting({
    stmt: (stmt) => {
      if (stmt.kind === 'call' && stmt.callee.kind === 'action') calls.set(stmt.callee.name, stmt.loc);
    },
  }).block(block);
  return calls;
}
