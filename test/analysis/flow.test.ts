/** What `Flow` finds at the end of a control is what some path through it finds, and no more: compared with all paths, one by one. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Flow, type Path, type PlainStmt } from '../../compiler/analysis/flow.js';
import { ProgramInfo } from '../../compiler/analysis/program-info.js';
import { v1model } from '../../compiler/arch/index.js';
import { bool, boolType, call, name } from '../../compiler/ir/build.js';
import type { ActionDecl, ControlDecl, TableDecl } from '../../compiler/ir/decl.js';
import { irVersion, type Program } from '../../compiler/ir/program.js';
import type { Block, Stmt } from '../../compiler/ir/stmt.js';
import { nowhere } from '../../compiler/support/location.js';

const loc = nowhere;
const actionNames = ['first', 'second'];

/** The names of the variables that statements on the way here have set. */
class Marks extends Flow<ReadonlySet<string>> {
  protected key(marks: ReadonlySet<string>): string {
    return [...marks].sort().join();
  }
  protected meet(_before: ReadonlySet<string>, branches: readonly Path<ReadonlySet<string>>[]): Path<ReadonlySet<string>> {
    const reached = branches.filter((path) => path !== undefined);
    return reached.length === 0 ? undefined : new Set(reached.flatMap((path) => [...path]));
  }
  protected plain(stmt: PlainStmt, marks: ReadonlySet<string>): ReadonlySet<string> {
    return stmt.kind === 'assign' && stmt.target.kind === 'name' ? new Set([...marks, stmt.target.name]) : marks;
  }
}

type End = 'on' | 'break' | 'continue' | 'return' | 'exit';
type Ends = ReadonlyMap<string, { readonly marks: ReadonlySet<string>; readonly end: End }>;

const ends = (all: Iterable<{ marks: ReadonlySet<string>; end: End }>): Ends =>
  new Map([...all].map((one) => [`${one.end} ${[...one.marks].sort()}`, one]));

/** Every way in which a block can end. Loops make no turn or one: what a later turn comes to, some first turn comes to. */
function paths(program: Program, block: Block, from: Ends): Ends {
  return block.reduce((before, stmt) => {
    const goOn = [...before.values()].filter((one) => one.end === 'on');
    const done = [...before.values()].filter((one) => one.end !== 'on');
    return ends([...done, ...goOn.flatMap(({ marks }) => [...step(program, stmt, marks).values()])]);
  }, from);
}

const start = (marks: ReadonlySet<string>): Ends => ends([{ marks, end: 'on' }]);

function step(program: Program, stmt: Stmt, marks: ReadonlySet<string>): Ends {
  const after = (...blocks: readonly Block[]): Ends => ends(blocks.flatMap((block) => [...paths(program, block, start(marks)).values()]));
  const within = (found: Ends, mapped: Partial<Record<End, End>>): Ends =>
    ends([...found.values()].map(({ marks: m, end }) => ({ marks: m, end: mapped[end] ?? end })));
  const then = (first: Ends, ...blocks: readonly Block[]): Ends =>
    ends(blocks.flatMap((block) => [...paths(program, block, first).values()]));
  const run = (action: string): Ends => within(after(program.actions.find((a) => a.name === action)?.body ?? []), { return: 'on' });
  switch (stmt.kind) {
    case 'assign':
      return ends([{ marks: new Set([...marks, stmt.target.kind === 'name' ? stmt.target.name : '']), end: 'on' }]);
    case 'if':
      return after(stmt.then, stmt.else ?? []);
    case 'switch':
      return after(...stmt.cases.map((c) => c.body), ...(stmt.cases.some((c) => c.labels.includes('default')) ? [] : [[]]));
    case 'block':
      return after(stmt.body);
    case 'call':
      return stmt.callee.kind === 'action' ? run(stmt.callee.name) : start(marks);
    case 'apply':
      if (stmt.cases)
        return ends(actionNames.flatMap((a) => [...then(run(a), stmt.cases?.find((c) => c.actions.includes(a))?.body ?? []).values()]));
      return ends(actionNames.flatMap((a) => [...then(run(a), stmt.hit ?? [], stmt.miss ?? []).values()]));
    case 'for-in':
      return ends([...within(after(stmt.body), { break: 'on', continue: 'on' }).values(), ...start(marks).values()]);
    case 'break':
    case 'continue':
    case 'return':
    case 'exit':
      return ends([{ marks, end: stmt.kind }]);
    default:
      throw new Error(`no paths of ${stmt.kind}`);
  }
}

const variables = ['a', 'b', 'c', 'd', 'e'];
const condition = name('c', boolType);
const assign = fc.constantFrom(...variables).map((v): Stmt => ({ kind: 'assign', target: name(v, boolType), value: bool(true), loc }));
const jump = (kind: 'return' | 'exit' | 'break' | 'continue'): Stmt => ({ kind, loc });

/** Blocks of statements; those of actions apply no tables and call no actions. */
function block(depth: number, inAction: boolean, inLoop: boolean): fc.Arbitrary<Block> {
  const inner = (loop = inLoop): fc.Arbitrary<Block> => (depth === 0 ? fc.constant([]) : block(depth - 1, inAction, loop));
  const jumps = [jump('return'), jump('exit'), ...(inLoop ? [jump('break'), jump('continue')] : [])];
  const nested: fc.Arbitrary<Stmt>[] = [
    fc.tuple(inner(), inner()).map(([yes, no]): Stmt => ({ kind: 'if', cond: condition, then: yes, else: no, loc })),
    fc.tuple(inner(), inner(), fc.boolean()).map(
      ([one, other, total]): Stmt => ({
        kind: 'switch',
        on: condition,
        cases: [
          { labels: [bool(true)], body: one, loc },
          { labels: [total ? 'default' : bool(false)], body: other, loc },
        ],
        loc,
      }),
    ),
    inner().map((body): Stmt => ({ kind: 'block', body, loc })),
    inner(true).map((body): Stmt => ({ kind: 'for-in', name: 'i', type: boolType, over: condition, body, loc })),
  ];
  const calls: fc.Arbitrary<Stmt>[] = inAction
    ? []
    : [
        fc.constantFrom(...actionNames).map((action): Stmt => call({ kind: 'action', name: action }, [])),
        fc.tuple(inner(), inner()).map(([hit, miss]): Stmt => ({ kind: 'apply', table: 't', hit, miss, loc })),
        inner().map((body): Stmt => ({ kind: 'apply', table: 't', cases: [{ actions: ['first'], body, loc }], loc })),
      ];
  return fc.array(fc.oneof({ weight: 4, arbitrary: assign }, { weight: 1, arbitrary: fc.constantFrom(...jumps) }, ...calls, ...nested), {
    maxLength: 4,
  });
}

const empty: Program = {
  irVersion,
  name: 'paths',
  arch: 'v1model',
  types: [],
  errors: [],
  constants: [],
  functions: [],
  actions: [],
  instances: [],
  parsers: [],
  controls: [],
  main: { package: 'V1Switch', blocks: [] },
};

test('the paths that Flow follows are all paths, and no others', () => {
  const bodies = fc.tuple(block(3, false, false), block(1, true, false), block(1, true, false));
  fc.assert(
    fc.property(bodies, ([body, ...actionBodies]) => {
      const actions = actionNames.map((n, i): ActionDecl => ({ kind: 'action', name: n, params: [], body: actionBodies[i] ?? [], loc }));
      const refs = actionNames.map((action) => ({ action, args: [], loc }));
      const defaultAction = { action: 'first', args: [], loc, const: true };
      const table: TableDecl = { kind: 'table', name: 't', keys: [], actions: refs, defaultAction, loc };
      const control: ControlDecl = { kind: 'control', name: 'ingress', params: [], locals: [table], body, loc };
      const program: Program = { ...empty, actions, controls: [control] };
      const found = new Marks(new ProgramInfo(program, v1model)).control(control, new Set());
      const all = [...paths(program, body, start(new Set())).values()];
      expect([...(found ?? [])].sort()).toEqual([...new Set(all.flatMap(({ marks }) => [...marks]))].sort());
      expect(found !== undefined).toBe(all.length > 0);
    }),
    { seed: 20_261_201, numRuns: 500 },
  );
});
