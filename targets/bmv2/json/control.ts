/**
 * Controls as graphs: tables, conditions, and tables without keys that run the statements between them (BMv2's
 * docs/JSON_format.md, "pipelines").
 */

import { innerCode } from '../../../compiler/flat/emitter.js';
import { anyOf, binaryOf, bitScalar, constantOf, slotOf } from '../../../compiler/flat/exprs.js';
import type {
  FlatAction,
  FlatApply,
  FlatCode,
  FlatControl,
  FlatExpr,
  FlatStmt,
  FlatTable,
  Label,
  Slot,
} from '../../../compiler/flat/index.js';
import { invariant } from '../../../compiler/support/invariant.js';
import type { Loc } from '../../../compiler/support/location.js';
import { isPlain, plainPrimitives } from './code.js';
import { bool, hex } from './expressions.js';
import type { Action, ActionProfile, Conditional, FieldRef, Json, Pipeline, Primitive, Table } from './format.js';
import { tableOf } from './tables.js';
import { sourceInfo, type Writer } from './writer.js';

/** A node by its name; null where the pipeline ends. `to` is set when a loop is closed. */
type Next = string | null;

/** What is written of the program before its controls. */
export interface Written {
  readonly actions: ReadonlyMap<FlatAction, Action>;
  readonly profiles: ReadonlyMap<string, Omit<ActionProfile, 'id'>>;
  /** Set where an action ended by exit, for tables after which something is still to be done. */
  readonly exits: ReadonlyMap<FlatTable, Slot>;
  /** The number of the action that ran, for tables of both kinds. */
  readonly ran: Slot;
  tellsIdle(table: FlatTable): boolean;
}

/** Ids of tables, conditions and profiles are those of all pipelines. */
export interface Ids {
  tables: number;
  conditionals: number;
  profiles: number;
}

export function pipelineOf(name: string, control: FlatControl, id: number, ids: Ids, written: Written, w: Writer): Pipeline {
  const graph = new Graph(applications(control.body), ids, written, w);
  const init_table = graph.code(control.body, null);
  graph.finish();
  return {
    name,
    id,
    ...sourceInfo(control.loc),
    init_table,
    tables: [...graph.tables].reverse(),
    action_profiles: graph.profiles,
    conditionals: [...graph.conditionals].reverse(),
  };
}

type Applications = ReadonlyMap<FlatTable, readonly FlatApply[]>;

function applications(code: FlatCode, found = new Map<FlatTable, FlatApply[]>()): Applications {
  for (const stmt of code) {
    if (stmt.kind === 'apply') found.set(stmt.table, [...(found.get(stmt.table) ?? []), stmt]);
    for (const inner of innerCode(stmt)) applications(inner, found);
  }
  return found;
}

const goesOnByHit = ({ hit, miss }: FlatApply): boolean => hit.length > 0 || miss.length > 0;

/** Tables after which it goes on by the hit in one place, and by the action in another: BMv2 itself has one of the two. */
export function tablesOfBothKinds({ body }: FlatControl): readonly FlatTable[] {
  return [...applications(body)].flatMap(([table, applied]) =>
    applied.some(goesOnByHit) && applied.some(({ cases }) => cases.length > 0) ? [table] : [],
  );
}

/** Where a table is applied, and what follows. */
interface Place {
  readonly stmt: FlatApply;
  /** By the name of the action, or for a hit and a miss. */
  readonly outcomes: Map<string, Next>;
}
const placeWidth = 8;

class Graph {
  readonly tables: Table[] = [];
  readonly conditionals: Conditional[] = [];
  readonly profiles: ActionProfile[] = [];
  readonly #ids: Ids;
  readonly #written: Written;
  readonly #w: Writer;
  readonly #labels = new Map<Label, Next>();
  readonly #places = new Map<FlatTable, readonly Place[]>();
  readonly #placeSlots = new Map<FlatTable, Slot>();
  readonly #keys = new Map<FlatTable, readonly FieldRef[]>();
  readonly #applied: Applications;

  constructor(applied: Applications, ids: Ids, written: Written, w: Writer) {
    this.#applied = applied;
    this.#ids = ids;
    this.#written = written;
    this.#w = w;
  }

  /** The first node of the code, which goes on at `next`. It is made from its end. */
  code(code: FlatCode, next: Next): Next {
    let after = next;
    let plain: FlatStmt[] = [];
    const flush = (): void => {
      if (plain.length > 0)
        after = this.#run(
          plain.flatMap((stmt) => plainPrimitives(stmt, this.#w)),
          after,
          plain[0]?.loc,
        );
      plain = [];
    };
    for (const stmt of [...code].reverse()) {
      if (isPlain(stmt)) {
        plain.unshift(stmt);
        continue;
      }
      flush();
      after = this.#node(stmt, after);
    }
    flush();
    return after;
  }

  #node(stmt: FlatStmt, next: Next): Next {
    switch (stmt.kind) {
      case 'if': {
        const [yes, no] = [this.code(stmt.then, next), this.code(stmt.else, next)];
        return this.#condition(stmt.cond, yes, no, stmt.loc);
      }
      case 'labelled':
        this.#labels.set(stmt.label, next);
        return this.code(stmt.body, next);
      case 'leave': {
        const target = this.#labels.get(stmt.label);
        invariant(target !== undefined, `no label ${stmt.label.name}`);
        return target;
      }
      case 'loop': {
        // The way back needs the name of the first node, which is made last: a node of its own that does nothing.
        const name = this.#w.name('tbl_loop');
        const entry = this.code(stmt.body, name);
        this.#table(name, [], entry, stmt.loc);
        return name;
      }
      case 'apply':
        return this.#apply(stmt, next);
      default:
        invariant(false, `${stmt.kind} in a control`);
    }
  }

  #condition(cond: FlatExpr, yes: Next, no: Next, loc: Loc): Next {
    const name = this.#w.name('node');
    const expression = bool(cond, this.#w.layout);
    this.conditionals.push({ name, id: this.#ids.conditionals++, ...sourceInfo(loc), expression, true_next: yes, false_next: no });
    return name;
  }

  #run(primitives: readonly Primitive[], next: Next, loc: Loc | undefined): Next {
    return primitives.length === 0 ? next : this.#table(this.#w.name('tbl_act'), primitives, next, loc);
  }

  /** A table without keys, whose default action cannot be changed: BMv2 runs statements in no other way. */
  #table(name: string, primitives: readonly Primitive[], next: Next, loc: Loc | undefined): Next {
    const action = this.#w.action({ name: name.slice('tbl_'.length), runtime_data: [], primitives });
    this.tables.push({
      name,
      id: this.#ids.tables++,
      ...(loc ? sourceInfo(loc) : {}),
      key: [],
      match_type: 'exact',
      type: 'simple',
      max_size: 1024,
      with_counters: false,
      support_timeout: false,
      direct_meters: null,
      action_ids: [action.id],
      actions: [action.name],
      base_default_next: next,
      next_tables: { [action.name]: next },
      default_entry: { action_id: action.id, action_const: true, action_data: [], action_entry_const: true },
    });
    return name;
  }

  /** A table is there once, and has one successor for each outcome. Where it is applied in several places, a field tells them apart. */
  #apply(stmt: FlatApply, next: Next): Next {
    const { table } = stmt;
    const exit = this.#written.exits.get(table);
    const leave = exit ? this.code(stmt.exited, null) : undefined;
    /** What follows, unless the action ended by exit. */
    const then = (code: FlatCode): Next => {
      const entry = this.code(code, next);
      return exit === undefined ? entry : this.#condition({ kind: 'slot', slot: exit, type: exit.type }, leave ?? null, entry, stmt.loc);
    };
    const place: Place = { stmt, outcomes: new Map() };
    const applied = this.#applied.get(table) ?? [];
    if (applied.some(goesOnByHit)) {
      const byAction = goesOnByHit(stmt) ? undefined : then(this.#byAction(stmt));
      place.outcomes.set('__HIT__', byAction === undefined ? then(stmt.hit) : byAction);
      place.outcomes.set('__MISS__', byAction === undefined ? then(stmt.miss) : byAction);
    } else {
      const base = then(stmt.otherwise);
      for (const action of table.actions) place.outcomes.set(action.name, base);
      for (const { actions, body } of stmt.cases) {
        const entry = then(body);
        for (const action of actions) place.outcomes.set(action.name, entry);
      }
    }
    const places = this.#places.get(table) ?? [];
    this.#places.set(table, [...places, place]);
    const before: Primitive[] = [];
    const targets = this.#keys.get(table);
    this.#keys.set(
      table,
      table.keys.map((key, i) => this.#field(key.value, targets?.[i], before)),
    );
    if (table.profile) this.#addProfile(table, before);
    if (applied.length > 1) {
      const target: Json = { type: 'field', value: this.#w.layout.fieldOf(this.#placeSlot(table)) };
      before.push({ op: 'assign', parameters: [target, { type: 'hexstr', value: hex(BigInt(places.length), placeWidth) }] });
    }
    return this.#run(before, table.name, stmt.loc);
  }

  /** What follows, by the number of the action. */
  #byAction({ cases, otherwise, loc }: FlatApply): FlatCode {
    const { ran } = this.#written;
    return cases.reduceRight((no: FlatCode, { actions, body }): FlatCode => {
      const conds = actions.map(({ id }) => binaryOf('==', slotOf(ran), constantOf(id, ran.type)));
      return [{ kind: 'if', cond: anyOf(conds), then: body, else: no, loc }];
    }, otherwise);
  }

  /** The tables, when all places are known that they are applied in. */
  finish(): void {
    for (const [table, places] of this.#places) {
      const names = [...new Set(places.flatMap(({ outcomes }) => [...outcomes.keys()]))];
      const next_tables = Object.fromEntries(names.map((name) => [name, this.#successor(table, places, name)]));
      const outcomes = { base_default_next: next_tables[table.initial.defaultAction.name] ?? null, next_tables };
      const { actions } = this.#written;
      const made = tableOf(table, this.#ids.tables++, this.#keys.get(table) ?? [], outcomes, actions, this.#written.tellsIdle(table));
      this.tables.push(made);
    }
  }

  #successor(table: FlatTable, places: readonly Place[], outcome: string): Next {
    const nexts = places.map(({ outcomes }) => outcomes.get(outcome));
    let next = nexts[0] as Next;
    if (nexts.every((other) => other === next)) return next;
    const slot = this.#placeSlot(table);
    const from: FlatExpr = { kind: 'slot', slot, type: slot.type };
    nexts.forEach((other, i) => {
      if (i > 0) next = this.#condition(binaryOf('==', from, constantOf(i, slot.type)), other as Next, next, (places[i] as Place).stmt.loc);
    });
    return next;
  }

  #placeSlot(table: FlatTable): Slot {
    const slot = this.#placeSlots.get(table) ?? { id: -1, name: `${table.name}.place`, type: bitScalar(placeWidth) };
    this.#placeSlots.set(table, slot);
    return slot;
  }

  #field(value: FlatExpr, target: FieldRef | undefined, before: Primitive[]): FieldRef {
    return target ? this.#w.fill(target, value, before) : this.#w.field(value, before);
  }

  /** Tables of one selector have the same fields to select by. */
  #addProfile({ profile: object, selectorKeys }: FlatTable, before: Primitive[]): void {
    const profile = object && this.#written.profiles.get(object.name);
    invariant(profile, 'a table without its profile');
    const known = this.profiles.find((one) => one.name === profile.name);
    const algorithm = object?.args.find((arg) => arg.kind === 'name');
    const input = selectorKeys.map((key, i): FieldRef => {
      const given = known?.selector?.input[i];
      return this.#field(key, given?.type === 'field' ? given.value : undefined, before);
    });
    if (known) return;
    const selector =
      algorithm?.kind === 'name'
        ? { selector: { algo: algorithm.name, input: input.map((value): Json => ({ type: 'field', value })) } }
        : {};
    this.profiles.push({ ...profile, id: this.#ids.profiles++, ...selector });
  }
}
