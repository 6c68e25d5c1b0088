/** P4Info of a program: what its control plane can read and write, with the ids and in the order that p4c gives. */
import { controlObjects, type ObjectKind } from '../analysis/control-objects.js';
import { type DeclaredDigest, digestCalls } from '../analysis/digests.js';
import { type ControllerHeader, type ProgramInfo, programInfo } from '../analysis/program-info.js';
import { type VisibleAction, type VisibleBlock, type VisibleLocal, type VisibleTable, visibleBlocks } from '../analysis/visible-blocks.js';
import { noAction } from '../arch/core.js';
import { annotation, hasAnnotation } from '../ir/annotations.js';
import type { KeyDecl, Param, ValueSetDecl } from '../ir/decl.js';
import type { Expr } from '../ir/expr.js';
import { controlPlaneName, externalName } from '../ir/names.js';
import type { Program } from '../ir/program.js';
import type { Declared, FieldDecl } from '../ir/types.js';
import { byteLength, toBytes, truncate } from '../support/bits.js';
import { toUtf8 } from '../support/bytes.js';
import { invariant } from '../support/invariant.js';
import { annotationsOf, documentation, formatAnnotations, packageInfo, platformProperties } from './annotations.js';
import { ExternObjects } from './externs.js';
import { byBytes, fieldIds, SymbolTable } from './ids.js';
import type {
  ActionInfo,
  ActionRefInfo,
  ControllerPacketMetadata,
  MatchFieldInfo,
  MatchType,
  P4Info,
  PkgInfo,
  Preamble,
  TableActionCall,
  TableInfo,
  ValueSetInfo,
} from './messages.js';
import { TypeCollector } from './types.js';

/** `program` is written for an architecture with a control plane, such as v1model, and passed `validate`. */
export function buildP4Info(program: Program): P4Info {
  return new P4InfoBuilder(program).build();
}

/** The size of a table that names none. */
const defaultTableSize = 1024;

/** What `@id` says. */
const explicitId = (of: Pick<Declared, 'annotations'>): number | undefined => annotation(of, 'id')?.id;
const isHidden = (of: Pick<Declared, 'annotations'>): boolean => hasAnnotation(of, 'hidden');

const matchTypes: Readonly<Record<string, MatchType>> = {
  exact: 'EXACT',
  lpm: 'LPM',
  ternary: 'TERNARY',
  range: 'RANGE',
  optional: 'OPTIONAL',
};

class P4InfoBuilder {
  readonly info: ProgramInfo;
  readonly types: TypeCollector;
  readonly #tables: TableInfo[] = [];
  readonly #actions = new Map<string, ActionInfo>();
  readonly #externs = new ExternObjects(this);
  readonly #program: Program;
  readonly #blocks: readonly VisibleBlock[];
  readonly #symbols = new SymbolTable();
  /** Calls that make a digest, by the data that it is of. */
  readonly #digests: ReadonlyMap<Expr, DeclaredDigest>;

  constructor(program: Program) {
    this.info = programInfo(program);
    invariant(this.info.arch.device, `there is no P4Info for the architecture ${program.arch}`);
    this.#program = program;
    this.#blocks = visibleBlocks(program);
    this.#digests = digestCalls(program, this.#blocks);
    this.types = new TypeCollector(this.info);
  }

  build(): P4Info {
    for (const { kind, name, decl } of controlObjects(this.#program, this.#blocks)) this.#symbols.add(kind, name, explicitId(decl));
    for (const instance of this.#program.instances) this.#externs.addInstance(controlPlaneName(undefined, instance), instance);
    for (const block of this.#blocks) for (const action of block.actions) this.#addAction(action);
    for (const block of this.#blocks) {
      for (const child of block.children) {
        if (child.kind === 'table') this.#addTable(child);
        else this.#externs.addInstance(child.name, child.decl);
      }
    }
    const headers = this.info.controllerHeaders.filter(({ decl }) => !isHidden(decl)).map((header) => this.#controllerHeader(header));
    const digests = [...new Map([...this.#digests.values()].map((d) => [d.name, d.type]))].map(([name, type]) => ({
      preamble: this.preamble('digest', name, {}),
      type_spec: this.types.dataType(type),
    }));
    const externs = this.#externs;
    return {
      pkg_info: packageInfoOf(this.#program),
      tables: this.#tables,
      actions: [...this.#actions.values()],
      action_profiles: externs.action_profiles,
      counters: externs.counters,
      direct_counters: externs.direct_counters,
      meters: externs.meters,
      direct_meters: externs.direct_meters,
      controller_packet_metadata: headers,
      value_sets: this.#blocks.flatMap((b) => b.valueSets.map((set) => this.#valueSet(set))),
      registers: externs.registers,
      digests: [...externs.digests, ...digests],
      type_info: this.types.typeInfo,
    };
  }

  preamble(kind: ObjectKind, name: string, decl: Pick<Declared, 'annotations' | 'doc'>, except?: readonly string[]): Preamble {
    return {
      id: this.id(kind, name),
      name,
      alias: this.#symbols.alias(name),
      ...annotationsOf(decl, except),
      ...documentation(decl),
    };
  }

  id(kind: ObjectKind, name: string): number {
    return this.#symbols.id(kind, name);
  }

  implementedBy(name: string): readonly number[] {
    const tables = this.#blocks.flatMap((block) => block.children.filter((child) => child.kind === 'table'));
    const using = tables.filter((table) => table.attached('profile')?.name === name);
    return using
      .map((table) => table.name)
      .sort(byBytes)
      .map((table) => this.id('table', table));
  }

  #constant(expr: Expr): bigint {
    const value = this.info.constantValue(expr);
    invariant(value !== undefined, 'a value that must be constant is not');
    return value;
  }

  #addAction({ name, decl, inTable }: VisibleAction): void {
    if (isHidden(decl) || this.#actions.has(name)) return;
    const params = inTable ? decl.params.filter((p) => p.direction === undefined) : [];
    const ids = fieldIds(params.map(explicitId));
    this.#actions.set(name, {
      preamble: this.preamble('action', name, decl),
      params: params.map((param, i) => ({
        id: ids[i] as number,
        name: externalName(param),
        ...annotationsOf(withFormat(param)),
        ...withWidth(this.types.use(param.type)),
        ...documentation(param),
      })),
    });
  }

  #addTable(table: VisibleTable): void {
    const { name, decl } = table;
    if (isHidden(decl)) return;
    const preamble = this.preamble('table', name, decl);
    const defaultAction = this.#defaultAction(table);
    const profile = table.attached('profile');
    this.#tables.push({
      preamble,
      match_fields: this.#matchFields(decl.keys),
      action_refs: this.#actionRefs(table),
      ...(decl.defaultAction?.const ? { const_default_action_id: defaultAction.action_id } : {}),
      initial_default_action: defaultAction,
      direct_resource_ids: this.#externs.addDirect(table, preamble.id),
      size: (!(decl.constEntries && !this.info.isP4) && decl.size) || defaultTableSize,
      ...(decl.entries && decl.constEntries ? { is_const_table: true } : {}),
      ...(decl.entries?.length ? { has_initial_entries: true } : {}),
      ...(profile ? { implementation_id: this.id('actionProfile', profile.name) } : {}),
      ...(this.info.tellsIdle(decl) ? { idle_timeout_behavior: 'NOTIFY_CONTROL' as const } : {}),
    });
  }

  #matchFields(keys: readonly KeyDecl[]): MatchFieldInfo[] {
    const ids = fieldIds(keys.map(explicitId));
    return keys.flatMap((key, i) => {
      if (key.match === 'selector') return [];
      const kind = matchTypes[key.match];
      return {
        id: ids[i] as number,
        name: key.name,
        ...annotationsOf(withFormat(key)),
        ...withWidth(this.types.use(key.expr.type)),
        ...(kind ? { match_type: kind } : { other_match_type: key.match }),
        ...documentation(key),
      };
    });
  }

  #actionRefs(table: VisibleTable): ActionRefInfo[] {
    const refs = table.decl.actions.map((ref): ActionRefInfo => {
      const { name } = table.action(ref.action);
      const scope = ref.scope ?? (annotation(ref, 'tableonly') ?? annotation(ref, 'defaultonly'))?.kind;
      const scoped = ref.scope ? [...(ref.annotations ?? []), { name: ref.scope }] : ref.annotations;
      return {
        id: this.id('action', name),
        ...annotationsOf(scoped ? { annotations: scoped } : {}),
        ...(scope ? { scope: scope === 'tableonly' ? 'TABLE_ONLY' : 'DEFAULT_ONLY' } : {}),
      };
    });
    if (!table.decl.defaultAction && !table.decl.actions.some((ref) => ref.action === noAction.name))
      refs.push({ id: this.id('action', noAction.name), annotations: ['@defaultonly'], scope: 'DEFAULT_ONLY' });
    return refs;
  }

  #defaultAction(table: VisibleTable): TableActionCall {
    const call = table.decl.defaultAction;
    const { name, decl } = table.action(call?.action ?? noAction.name);
    const given = (call?.args ?? []).slice(decl.params.filter((p) => p.direction !== undefined).length);
    const params = decl.params.filter((p) => p.direction === undefined);
    return {
      action_id: this.id('action', name),
      arguments: given.map((arg, i) => ({
        param_id: explicitId(params[i] ?? {}) ?? i + 1,
        value: this.#bytes(arg),
      })),
    };
  }

  /** Padded to the type's width, as p4c writes it; text where the control plane has text. */
  #bytes(arg: Expr): Uint8Array {
    const text = this.types.textOf(arg.type, this.#constant(arg));
    if (text !== undefined) return toUtf8(text);
    const width = this.types.use(arg.type).bitwidth || this.info.width(arg.type);
    invariant(width > 0, 'an argument of a default action has no width');
    return toBytes(truncate(this.#constant(arg), width), byteLength(width));
  }

  /** A set of bits has one match field without a name; a set of structs has one for each field. */
  #valueSet({ name, decl }: VisibleLocal<ValueSetDecl>): ValueSetInfo {
    const struct = this.info.declaration(decl.type);
    // p4c tells of no structs within structs.
    const isPlain = (field: FieldDecl): boolean => this.info.declaration(field.type)?.kind !== 'struct';
    const fields: readonly FieldDecl[] =
      struct?.kind === 'struct' ? struct.fields.filter(isPlain) : [{ name: '', type: decl.type, loc: decl.loc }];
    const ids = fieldIds(fields.map(explicitId));
    return {
      preamble: this.preamble('valueSet', name, decl),
      match: fields.map((field, i) => ({
        id: ids[i] as number,
        ...(field.name === '' ? {} : { name: externalName(field) }),
        ...annotationsOf(field, ['match']),
        ...withWidth(this.types.use(field.type)),
        match_type: matchTypes[annotation(field, 'match')?.match ?? 'exact'] ?? 'EXACT',
        ...documentation(field),
      })),
      size: decl.size,
    };
  }

  #controllerHeader({ name, decl }: ControllerHeader): ControllerPacketMetadata {
    const all = this.info.flatFields(decl);
    const fields = all.filter((f) => !isHidden(f));
    const ids = fieldIds(all.map(explicitId)).filter((_, i) => !isHidden(all[i] as Declared));
    return {
      preamble: { ...this.preamble('controllerHeader', externalName(decl), decl), name, alias: name },
      metadata: fields.map((field, i) => ({
        id: ids[i] as number,
        name: externalName(field),
        ...annotationsOf(field),
        ...withWidth(this.types.use(field.type)),
      })),
    };
  }
}

const packageInfoOf = (program: Program): PkgInfo => ({
  arch: program.arch,
  ...packageInfo(program),
  ...platformProperties(program),
  ...annotationsOf(program, ['pkginfo', 'platform_property']),
  ...documentation(program),
});

const withFormat = (of: Param | KeyDecl) => ({ annotations: [...(of.annotations ?? []), ...formatAnnotations(of)] });

/** Like protobuf, it leaves out a width of 0. */
const withWidth = ({ bitwidth, ...use }: ReturnType<TypeCollector['use']>) => ({ ...use, ...(bitwidth ? { bitwidth } : {}) });
