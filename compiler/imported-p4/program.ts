/** A program that was written in P4 as controllers see it: handles by the names that the control plane has for things. */

import { declaredDigests } from '../analysis/digests.js';
import { type ProgramInfo, programInfo } from '../analysis/program-info.js';
import { visibleBlocks } from '../analysis/visible-blocks.js';
import type { ExternRole } from '../arch/index.js';
import { dataForm, valueForm } from '../control/data.js';
import { Owner } from '../dsl/handle-owner.js';
import {
  actionBrand,
  actionCallBrand,
  counterBrand,
  digestBrand,
  meterBrand,
  profileBrand,
  programBrand,
  registerBrand,
  tableBrand,
  valueSetBrand,
} from '../dsl/handles.js';
import type {
  Action,
  ActionProfile,
  Cell,
  ControllerFields,
  Counter,
  Digest,
  Fields,
  Impl,
  Meter,
  Pipeline,
  Register,
  Table,
  ValueSet,
} from '../dsl/surface.js';
import { bitType } from '../ir/build.js';
import type { InstanceDecl } from '../ir/decl.js';
import { lastName } from '../ir/names.js';
import type { Program } from '../ir/program.js';
import { type Diagnostic, fail } from '../support/diagnostics.js';
import { captureLocation } from '../support/location.js';
import { didYouMean } from '../support/messages/message.js';
import { nearest } from '../support/suggest.js';
import { dataType, digestTypes } from './data-types.js';

/** What a program has for its control plane, by name; `p4ts types` writes such a type for a program. */
export interface P4Names {
  readonly tables: Readonly<Record<string, Table<unknown, string, Impl>>>;
  readonly actions: Readonly<Record<string, Action<string, any>>>;
  readonly counters: Readonly<Record<string, Counter>>;
  readonly meters: Readonly<Record<string, Meter>>;
  readonly registers: Readonly<Record<string, Register<unknown>>>;
  readonly digests: Readonly<Record<string, Digest<ControllerFields>>>;
  readonly profiles: Readonly<Record<string, ActionProfile<Impl>>>;
  readonly valueSets: Readonly<Record<string, ValueSet<number>>>;
  readonly packetIn: Fields;
  readonly packetOut: Fields;
}

/** A program written in P4: `connect`, `simulate` and what they return take it and its parts as those of the language. */
export type P4Program<N extends P4Names = P4Names> = Pipeline<unknown, unknown, N['packetIn'], N['packetOut']> &
  Readonly<Pick<N, 'tables' | 'actions' | 'counters' | 'meters' | 'registers' | 'digests' | 'profiles' | 'valueSets'>>;

export function programHandle(program: Program, diagnostics: readonly Diagnostic[]): P4Program {
  const owner = new Owner(program);
  const info = programInfo(program);
  const blocks = visibleBlocks(program);
  const children = blocks.flatMap((block) => block.children);
  /** Objects on their own; those that belong to a table come with it. */
  const instances = (role: ExternRole) =>
    children.flatMap((child) => {
      const extern = child.kind === 'instance' ? info.extern(child.decl.type) : undefined;
      return child.kind === 'instance' && extern?.role === role && !extern.direct ? [child] : [];
    });
  const named = <T>(kind: string, entries: Iterable<readonly [string, T]>): Readonly<Record<string, T>> =>
    byName(kind, program.name, entries);

  return Object.freeze({
    name: program.name,
    ingress: {},
    egress: {},
    sets: {},
    tables: named(
      'table',
      children.flatMap(({ kind, name }) =>
        kind === 'table' ? [[name, Object.freeze({ tableName: name, [tableBrand]: { path: name, name, owner } }) as never]] : [],
      ),
    ),
    actions: named(
      'action',
      blocks.flatMap(({ actions }) =>
        actions.map(({ name, decl }) => {
          const actionName = lastName(name);
          const call = (args: Readonly<Record<string, unknown>> = {}) =>
            Object.freeze({ call: actionName, args, [actionCallBrand]: { path: name, args, owner } });
          const handle = Object.assign(call, { actionName, [actionBrand]: { path: name, name: actionName, owner, params: decl.params } });
          return [name, Object.freeze(handle) as never] as const;
        }),
      ),
    ),
    counters: named(
      'counter',
      instances('counter').map(({ name }) => [
        name,
        Object.freeze({ kind: 'counter', counterName: name, [counterBrand]: { path: name, name, owner } }),
      ]),
    ),
    meters: named(
      'meter',
      instances('meter').map(({ name }) => [name, Object.freeze({ kind: 'meter', [meterBrand]: { path: name, name, owner } })]),
    ),
    registers: named(
      'register',
      instances('register').map(({ name, decl }) => {
        const cell = cellOf(info, decl);
        return [name, Object.freeze({ kind: 'register', cell, [registerBrand]: { path: name, name, owner, cell } })];
      }),
    ),
    digests: named(
      'digest',
      [...declaredDigests(program)].map(([name, type]) => {
        const fields = digestTypes(dataForm(info, type));
        return [name, Object.freeze({ kind: 'digest', fields, [digestBrand]: { path: name, name, owner, fields } })];
      }),
    ),
    profiles: named('action profile', [
      ...instances('action-profile').map(({ name }) => profile(name, 'profile', owner)),
      ...instances('action-selector').map(({ name }) => profile(name, 'selector', owner)),
    ]),
    valueSets: named(
      'value set',
      blocks.flatMap(({ valueSets }) =>
        valueSets.map(({ name, decl }) => [
          name,
          Object.freeze({
            kind: 'value_set',
            width: valueForm(info, decl.type, 32).deviceWidth,
            size: decl.size,
            [valueSetBrand]: { path: name, name, owner },
          }) as never,
        ]),
      ),
    ),
    [programBrand]: Object.freeze({ ir: program, diagnostics }),
  }) as unknown as P4Program;
}

const profile = (name: string, impl: 'profile' | 'selector', owner: Owner) =>
  [name, Object.freeze({ impl, [profileBrand]: { path: name, name, owner } }) as never] as const;

/** Things by name; a name that there is not is a mistake right where it is used. */
function byName<T>(kind: string, program: string, entries: Iterable<readonly [string, T]>): Readonly<Record<string, T>> {
  const all = new Map(entries);
  return new Proxy(Object.freeze(Object.fromEntries(all)), {
    get: (target, name) => {
      // Promises, printers and assertions ask for what they know.
      if (typeof name === 'symbol' || name === 'then' || name === 'toJSON' || all.has(name)) return Reflect.get(target, name);
      const close = nearest(name, all.keys()) ?? [...all.keys()].find((one) => one.endsWith(`.${name}`));
      return fail('p4-no-such', { kind, name, program, suggestion: didYouMean(close) }, { loc: captureLocation() });
    },
  });
}

/** The type of a register's cells. */
function cellOf(info: ProgramInfo, { type }: InstanceDecl): Cell {
  const cell = dataType(dataForm(info, info.cellType(type) ?? bitType(32)));
  return (cell.kind === 'struct' ? cell.fields : cell) as Cell;
}
