/** What simple_switch loads: a program for v1model as BMv2's JSON. */
import { programInfo } from '../../../compiler/analysis/program-info.js';
import { innerCode } from '../../../compiler/flat/emitter.js';
import { bitScalar, boolScalar, constantOf } from '../../../compiler/flat/exprs.js';
import {
  type FlatAction,
  type FlatArg,
  type FlatBlock,
  type FlatCode,
  type FlatControl,
  type FlatObject,
  type FlatStmt,
  type FlatTable,
  flatten,
  type Slot,
} from '../../../compiler/flat/index.js';
import { annotation } from '../../../compiler/ir/annotations.js';
import type { Program } from '../../../compiler/ir/program.js';
import type { Diagnostics } from '../../../compiler/support/diagnostics.js';
import { invariant } from '../../../compiler/support/invariant.js';
import { nowhere } from '../../../compiler/support/location.js';
import { withSetsAlone } from '../for-p4c/selects.js';
import { checksumsOf } from './checksums.js';
import { primitivesOf } from './code.js';
import { type Ids, pipelineOf, tablesOfBothKinds, type Written } from './control.js';
import type {
  ActionProfile,
  Bmv2Json,
  Checksum,
  CounterArray,
  Deparser,
  FieldList,
  FieldRef,
  Json,
  MeterArray,
  RegisterArray,
} from './format.js';
import { slotsIn } from './layout.js';
import { parserOf } from './parser.js';
import { sizeOf } from './tables.js';
import { sourceInfo, Writer } from './writer.js';

/** A program for v1model that passed `validate` and `checkLimits`. `diagnostics` has what BMv2 cannot do; without it, the JSON is whole. */
export function toBmv2Json(program: Program, diagnostics: Diagnostics): Bmv2Json {
  const info = programInfo(program);
  // A value set is the whole key of a transition.
  const flat = flatten(withSetsAlone(program));
  const w = new Writer(flat, diagnostics);
  const { tables, objects } = flat;
  const [parser, verify, ingress, egress, update, deparser] = flat.blocks;
  invariant(parser?.kind === 'parser', 'a program without a parser');

  w.fieldLists.push(...fieldLists(w));
  for (const { meter } of tables) if (meter) w.meterResults.set(meter, w.layout.temporary(bitScalar(2), meter.name));
  const exit = tablesLeftBehind(flat.blocks) ? exitSlot : undefined;
  const exits = new Map(
    exit ? tables.flatMap((table): [FlatTable, Slot][] => (table.actions.some((a) => a.exits) ? [[table, exit]] : [])) : [],
  );
  const numbered = new Set([ingress, egress].flatMap((block) => tablesOfBothKinds(asControl(block))).flatMap((table) => table.actions));
  const actions = new Map(
    flat.actions.map((action) => [
      action,
      w.layout.within(action.params, () =>
        w.action({
          name: action.name,
          runtime_data: action.params.map(({ name, type }) => ({ name, bitwidth: type.kind === 'bool' ? 1 : type.width })),
          primitives: primitivesOf(numbered.has(action) ? [tellsNumber(action), ...action.body] : action.body, w, exit),
        }),
      ),
    ]),
  );
  const written: Written = { actions, profiles: profilesOf(tables), exits, ran: ranSlot, tellsIdle: (table) => info.tellsIdle(table.decl) };
  const ids: Ids = { tables: 0, conditionals: 0, profiles: 0 };
  const parsers = [parserOf(parser, w)];
  const pipelines = [
    pipelineOf('ingress', asControl(ingress), 0, ids, written, w),
    pipelineOf('egress', afresh(asControl(egress), exit), 1, ids, written, w),
  ];
  const checksums: Checksum[] = [];
  checksumsOf(asControl(verify), w, checksums);
  checksumsOf(asControl(update), w, checksums);
  const { header_types, headers, header_stacks } = w.layout.finish();
  return {
    header_types,
    headers,
    header_stacks,
    header_union_types: [],
    header_unions: [],
    header_union_stacks: [],
    field_lists: w.fieldLists,
    errors: flat.errors.map((name, i) => [name, i]),
    enums: [],
    parsers,
    parse_vsets: flat.valueSets.map(({ name, id, types, decl }) => ({
      name,
      id,
      compressed_bitwidth: types.reduce((sum, type) => sum + (type.kind === 'bool' ? 1 : type.width), 0),
      max_size: decl.size,
    })),
    deparsers: [deparserOf(asControl(deparser), w)],
    meter_arrays: meters(objects, tables, w),
    counter_arrays: counters(objects, tables),
    register_arrays: registers(objects, (object) => info.stateWidth(object.type.args?.[0] ?? { kind: 'bit', width: 0 })),
    calculations: w.calculations,
    learn_lists: w.learnLists,
    actions: w.actions,
    pipelines,
    checksums,
    force_arith: [],
    extern_instances: [],
    field_aliases: fieldAliases,
    program: flat.name,
    __meta__: { version: [2, 23], compiler: 'p4ts' },
  };
}

function asControl(block: FlatBlock | undefined): FlatControl {
  invariant(block?.kind === 'control', 'a control was expected');
  return block;
}

// ── which action ran ──

const ranSlot: Slot = { id: -1, name: 'ran', type: bitScalar(32) };

const tellsNumber = ({ id }: FlatAction): FlatStmt => ({
  kind: 'assign',
  target: ranSlot,
  value: constantOf(id, ranSlot.type),
  loc: nowhere,
});

// ── exits after which something is copied out ──

const exitSlot: Slot = { id: -1, name: 'exited', type: boolScalar };

function tablesLeftBehind(blocks: readonly FlatBlock[]): boolean {
  const any = (code: FlatCode): boolean =>
    code.some((stmt) => (stmt.kind === 'apply' && stmt.exited.length > 0) || innerCode(stmt).some(any));
  return blocks.some((block) => block.kind === 'control' && any(block.body));
}

/** Metadata stays from ingress to egress. */
const afresh = (control: FlatControl, slot: Slot | undefined): FlatControl =>
  slot
    ? { ...control, body: [{ kind: 'assign', target: slot, value: constantOf(0, boolScalar), loc: nowhere }, ...control.body] }
    : control;

// ── lists of fields ──

/** What survives is annotated in the metadata. */
function fieldLists(w: Writer): readonly FieldList[] {
  const metadata = w.program.shared.find(({ type }) => type === 'M');
  const lists = new Map<number, Json[]>();
  for (const slot of metadata ? slotsIn(metadata.value) : [])
    for (const list of annotation(slot, 'field_list')?.lists ?? [])
      lists.set(list, [...(lists.get(list) ?? []), { type: 'field', value: w.layout.fieldOf(slot) }]);
  const most = Math.max(0, ...lists.keys());
  return [...lists].map(([list, elements]) => ({ id: list || most + 1, name: `field_list${list}`, elements }));
}

// ── deparser ──

function deparserOf({ body, loc }: FlatControl, w: Writer): Deparser {
  const order = body.flatMap((stmt) => {
    if (stmt.kind === 'emit') return [w.layout.nameOf(stmt.header)];
    w.diagnostics.report('bmv2-deparser-code', {}, { loc: stmt.loc });
    return [];
  });
  return { name: 'deparser', id: 0, ...sourceInfo(loc), order, primitives: [] };
}

// ── what controllers read ──

const withRole = (objects: readonly FlatObject[], role: FlatObject['extern']['role']): readonly FlatObject[] =>
  objects.filter(({ extern }) => extern.role === role);

function numberIn(arg: FlatArg | undefined): number {
  invariant(arg?.kind === 'value' && arg.value.kind === 'const', 'a size that is not constant');
  return Number(arg.value.value);
}
const argumentAs = ({ extern, args }: FlatObject, role: string): FlatArg | undefined => {
  const params = extern.constructors.find((of) => of.length === args.length) ?? [];
  return args[params.findIndex((param) => param.is === role)];
};
const located = ({ decl }: FlatObject) => sourceInfo(decl.loc);

function counters(objects: readonly FlatObject[], tables: readonly FlatTable[]): readonly CounterArray[] {
  return withRole(objects, 'counter')
    .flatMap((object): Omit<CounterArray, 'id'>[] => {
      const common = { name: object.name, ...located(object) };
      if (!object.extern.direct) return [{ ...common, is_direct: false, size: numberIn(argumentAs(object, 'size')) }];
      const table = tables.find(({ counter }) => counter === object);
      return table ? [{ ...common, is_direct: true, binding: table.name }] : [];
    })
    .map((array, id) => ({ ...array, id }));
}

function meters(objects: readonly FlatObject[], tables: readonly FlatTable[], w: Writer): readonly MeterArray[] {
  return withRole(objects, 'meter')
    .flatMap((object): Omit<MeterArray, 'id'>[] => {
      const unit = argumentAs(object, 'unit');
      const type = unit?.kind === 'name' && unit.name === 'bytes' ? 'bytes' : 'packets';
      const common = { name: object.name, ...located(object), rate_count: 2, type } as const;
      if (!object.extern.direct) return [{ ...common, is_direct: false, size: numberIn(argumentAs(object, 'size')) }];
      const table = tables.find(({ meter }) => meter === object);
      const result_target = w.meterResults.get(object) as FieldRef;
      return table ? [{ ...common, is_direct: true, size: sizeOf(table), binding: table.name, result_target }] : [];
    })
    .map((array, id) => ({ ...array, id }));
}

const registers = (objects: readonly FlatObject[], widthOf: (object: FlatObject) => number): readonly RegisterArray[] =>
  withRole(objects, 'register').map((object, id) => ({
    name: object.name,
    id,
    ...located(object),
    size: numberIn(argumentAs(object, 'size')),
    bitwidth: widthOf(object),
  }));

function profilesOf(tables: readonly FlatTable[]): ReadonlyMap<string, Omit<ActionProfile, 'id'>> {
  const profiles = new Map<string, Omit<ActionProfile, 'id'>>();
  for (const { profile } of tables) {
    if (!profile) continue;
    profiles.set(profile.name, { name: profile.name, max_size: numberIn(argumentAs(profile, 'size')) });
  }
  return profiles;
}

/** The names that simple_switch has for fields of the standard metadata. */
const fieldAliases: readonly (readonly [alias: string, field: FieldRef])[] = [
  ['queueing_metadata.enq_timestamp', ['standard_metadata', 'enq_timestamp']],
  ['queueing_metadata.enq_qdepth', ['standard_metadata', 'enq_qdepth']],
  ['queueing_metadata.deq_timedelta', ['standard_metadata', 'deq_timedelta']],
  ['queueing_metadata.deq_qdepth', ['standard_metadata', 'deq_qdepth']],
  ['intrinsic_metadata.ingress_global_timestamp', ['standard_metadata', 'ingress_global_timestamp']],
  ['intrinsic_metadata.egress_global_timestamp', ['standard_metadata', 'egress_global_timestamp']],
  ['intrinsic_metadata.mcast_grp', ['standard_metadata', 'mcast_grp']],
  ['intrinsic_metadata.egress_rid', ['standard_metadata', 'egress_rid']],
  ['intrinsic_metadata.priority', ['standard_metadata', 'priority']],
];
