/**
 * What can happen once while a packet passes a control. A table is applied once (P4-16 §14.2: BMv2 and switch chips cannot apply
 * one twice). Of calls for what an architecture has once, the last one counts.
 */

import type { ControlDecl, TableDecl } from '../../ir/decl.js';
import type { ApplyStmt } from '../../ir/stmt.js';
import type { Loc } from '../../support/location.js';
import { Flow, type Path, type PlainStmt } from '../flow.js';
import type { Environment } from './environment.js';

/** One bit for each place at which something has happened on the way here. */
type Passed = bigint;

/** Checks the controls that the architecture runs, with the controls and actions inside them. The program has no recursion. */
export function checkOnce(env: Environment): void {
  if (env.isP4) return;
  for (const name of env.program.main.blocks) {
    const block = env.blocks.get(name);
    if (block?.kind === 'control') new Once(env).control(block, 0n);
  }
}

class Once extends Flow<Passed> {
  readonly #env: Environment;
  readonly #places: Loc[] = [];
  /** The bits of the places at which it happens, by what happens. */
  readonly #bits = new Map<string, Map<Loc, bigint>>();
  readonly #reported = new Set<Loc>();

  constructor(env: Environment) {
    super(env);
    this.#env = env;
  }

  protected key(passed: Passed): string {
    return passed.toString(36);
  }
  protected meet(_before: Passed, branches: readonly Path<Passed>[]): Path<Passed> {
    const reached = branches.filter((path) => path !== undefined);
    return reached.length === 0 ? undefined : reached.reduce((all, path) => all | path);
  }
  /** Instances that hold objects have tables of their own. */
  protected override isShared(control: ControlDecl): boolean {
    return this.info.objectsIn(control) === 0;
  }

  protected plain(stmt: PlainStmt, passed: Passed): Passed {
    const method = stmt.kind === 'call' ? this.#env.externMethod(stmt) : undefined;
    if (!method?.once) return passed;
    const { name } = method;
    return this.#pass(passed, name, stmt.loc, (first) => {
      this.#env.report('effect-twice', { what: name }, stmt.loc, { notes: [{ message: `the other ${name} is here`, loc: first }] });
    });
  }

  protected override applied({ table, loc }: ApplyStmt, _table: TableDecl, passed: Passed): Passed {
    return this.#pass(passed, `table ${this.site?.path}${table}`, loc, (first) => {
      this.#env.report('applied-twice', { table: `${this.site?.path}${table}` }, loc, {
        notes: [{ message: 'it is applied here before', loc: first }],
      });
    });
  }

  #pass(passed: Passed, what: string, loc: Loc, again: (first: Loc) => void): Passed {
    const bits = this.#bits.get(what) ?? new Map<Loc, bigint>();
    this.#bits.set(what, bits);
    const first = [...bits].find(([, bit]) => (passed & bit) !== 0n);
    if (first && !this.#reported.has(loc)) {
      this.#reported.add(loc);
      again(first[0]);
    }
    if (first) return passed;
    const bit = bits.get(loc) ?? 1n << BigInt(this.#places.push(loc) - 1);
    bits.set(loc, bit);
    return passed | bit;
  }
}
