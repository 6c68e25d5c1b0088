/** P4Info of a program: what its control plane can read and write, with the ids and in the order that p4c gives. */
import { architectures, archTypes } from '../arch/index.js';
import type { InstanceDecl, KeyDecl, Param, ValueSetDecl } from '../ir/decl.js';
import type { Expr } from '../ir/expr.js';
import type { Program } from '../ir/program.js';
import { type Declared, type FieldDecl, type HeaderDecl, type Type, typeName } from '../ir/types.js';
import { byteLength, toBytes, truncate } from '../support/bits.js';
import { InternalError, invariant } from '../support/invariant.js';
import { annotations, documentation, explicitId, formatAnnotations, isHidden, packageInfo, platformProperties } from './annotations.js';
import { psa } from './arch/psa.js';
import { v1model } from './arch/v1model.js';
import { noAction, type VisibleAction, type VisibleBlock, type VisibleLocal, type VisibleTable, visibleBlocks } from './blocks.js';
import { type DeclaredDigest, digestCalls } from './digests.js';
import type { ArchRules, ExternContext } from './externs.js';
import { byBytes, fieldIds, type IdKind, SymbolTable } from './ids.js';
import type {
  ActionInfo,
  ActionProfileInfo,
  ActionRefInfo,
  ControllerPacketMetadata,
  CounterInfo,
  DataTypeSpec,
  DigestInfo,
  DirectCounterInfo,
  DirectMeterInfo,
  MatchFieldInfo,
  MatchType,
  MeterInfo,
  NamedTypeRef,
  P4Info,
  PkgInfo,
  Preamble,
  RegisterInfo,
  TableActionCall,
  TableInfo,
  ValueSetInfo,
} from './messages.js';
import { annotation, annotationText, controlPlaneName, externalName } from './names.js';
import { controllerHeaders, controlObjects } from './objects.js';
import { TypeCollector } from './types.js';

/** `program` is written for an architecture with a control plane, such as v1model, and passed `validate`. */
export function buildP4Info(program: Program): P4Info {
  return new P4InfoBuilder(program).build();
}

/** The architectures that P4Info can be made for. */
const archRules: Readonly<Record<string, ArchRules>> = { v1model, psa };

const matchTypes: Readonly<Record<string, MatchType>> = {
  exact: 'EXACT',
  lpm: 'LPM',
  ternary: 'TERNARY',
  range: 'RANGE',
  optional: 'OPTIONAL',
};

class P4InfoBuilder implements ExternContext {
  readonly actionProfiles: ActionProfileInfo[] = [];
  readonly counters: CounterInfo[] = [];
  readonly directCounters: DirectCounterInfo[] = [];
  readonly meters: MeterInfo[] = [];
  readonly directMeters: DirectMeterInfo[] = [];
  readonly registers: RegisterInfo[] = [];
  readonly digests: DigestInfo[] = [];
  readonly #tables: TableInfo[] = [];
  readonly #actions = new Map<string, ActionInfo>();
  readonly #program: Program;
  readonly #rules: ArchRules;
  readonly #blocks: readonly VisibleBlock[];
  readonly #controllerHeaders: readonly HeaderDecl[];
  readonly #types: TypeCollector;
  /** The table property that names an action profile. */
  readonly #profileProperty: string;
  readonly #symbols = new SymbolTable();
  /** Calls that make a digest, by the data that it is of. */
  readonly #digests: ReadonlyMap<Expr, DeclaredDigest>;

  constructor(program: Program) {
    const rules = archRules[program.arch];
    if (!rules) throw new InternalError(`there is no P4Info for the architecture ${program.arch}`);
    this.#program = program;
    this.#rules = rules;
    this.#blocks = visibleBlocks(program);
    this.#digests = digestCalls(program, this.#blocks);
    this.#controllerHeaders = controllerHeaders(program);
    const arch = architectures.get(program.arch);
    invariant(arch, `the architecture ${program.arch}`);
    this.#profileProperty = arch.attachments.profile;
    this.#types = new TypeCollector(program, archTypes(arch));
  }

  build(): P4Info {
    const objects = controlObjects(this.#program, this.#blocks, this.#rules.externs);
    for (const { kind, name, decl } of objects) this.#symbols.add(kind, name, explicitId(decl));
    for (const instance of this.#program.instances) this.#addInstance(controlPlaneName(undefined, instance), instance);
    for (const block of this.#blocks) for (const action of block.actions) this.#addAction(action);
    for (const block of this.#blocks) {
      for (const child of block.children) {
        if (child.kind === 'table') this.#addTable(child);
        else this.#addInstance(child.name, child.decl);
      }
    }
    const headers = this.#controllerHeaders.filter((h) => !isHidden(h)).map((h) => this.#controllerHeader(h));
    for (const [name, type] of new Map([...this.#digests.values()].map((d) => [d.name, d.type]))) {
      this.digests.push({ preamble: this.preamble('digest', name, {}), type_spec: this.dataType(type) });
    }
    return {
      pkg_info: packageInfoOf(this.#program),
      tables: this.#tables,
      actions: [...this.#actions.values()],
      action_profiles: this.actionProfiles,
      counters: this.counters,
      direct_counters: this.directCounters,
      meters: this.meters,
      direct_meters: this.directMeters,
      controller_packet_metadata: headers,
      value_sets: this.#blocks.flatMap((b) => b.valueSets.map((set) => this.#valueSet(set))),
      registers: this.registers,
      digests: this.digests,
      type_info: this.#types.typeInfo,
    };
  }

  preamble(kind: IdKind, name: string, decl: Pick<Declared, 'annotations' | 'doc'>, except?: readonly string[]): Preamble {
    return {
      id: this.id(kind, name),
      name,
      alias: this.#symbols.alias(name),
      ...annotations(decl, except),
      ...documentation(decl),
    };
  }

  id(kind: IdKind, name: string): number {
    return this.#symbols.id(kind, name);
  }

  dataType(type: Type): DataTypeSpec {
    return this.#types.dataType(type);
  }

  indexType(type: Type | undefined): { readonly index_type_name?: NamedTypeRef } {
    const name = type && this.#types.use(type).type_name;
    return name ? { index_type_name: name } : {};
  }

  implementedBy(name: string): readonly number[] {
    const tables = this.#blocks.flatMap((block) => block.children.filter((child) => child.kind === 'table'));
    const using = tables.filter((table) => {
      const value = table.decl.properties?.find((p) => p.name === this.#profileProperty)?.value;
      return value?.kind === 'name' && table.instance(value.name).name === name;
    });
    return using
      .map((table) => table.name)
      .sort(byBytes)
      .map((table) => this.id('table', table));
  }

  constant(expr: Expr | undefined): bigint {
    const value = this.#constantValue(expr);
    invariant(value !== undefined, 'a value that must be constant is not');
    return value;
  }

  #constantValue(expr: Expr | undefined): bigint | undefined {
    switch (expr?.kind) {
      case 'const':
        return expr.value;
      case 'bool':
        return expr.value ? 1n : 0n;
      case 'cast':
        return this.#constantValue(expr.arg);
      case 'member':
        return this.#types.memberValue(expr.type, expr.name);
      case 'name':
        return this.#constantValue(this.#program.constants.find((c) => c.name === expr.name)?.value);
      default:
        return undefined;
    }
  }

  #addInstance(name: string, decl: InstanceDecl): void {
    this.#rules.externs[decl.type.name]?.add?.(this, name, decl);
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
        ...annotations(withFormat(param)),
        ...withWidth(this.#types.use(param.type)),
        ...documentation(param),
      })),
    });
  }

  #addTable(table: VisibleTable): void {
    const { name, decl } = table;
    if (isHidden(decl)) return;
    const preamble = this.preamble('table', name, decl);
    const defaultAction = this.#defaultAction(table);
    const directResources: number[] = [];
    let extra: Partial<TableInfo> = {};
    for (const [property, rule] of Object.entries(this.#rules.properties)) {
      const value = decl.properties?.find((p) => p.name === property)?.value;
      if (!value) continue;
      const { direct_resource_ids, ...rest } = rule(this, table, preamble.id, value);
      directResources.push(...(direct_resource_ids ?? []));
      extra = { ...extra, ...rest };
    }
    this.#tables.push({
      preamble,
      match_fields: this.#matchFields(decl.keys),
      action_refs: this.#actionRefs(table),
      ...(decl.defaultAction?.const ? { const_default_action_id: defaultAction.action_id } : {}),
      initial_default_action: defaultAction,
      direct_resource_ids: directResources,
      size: (!(decl.constEntries && this.#program.language !== 'p4') && decl.size) || this.#rules.defaultTableSize,
      ...(decl.entries && decl.constEntries ? { is_const_table: true } : {}),
      ...(decl.entries?.length ? { has_initial_entries: true } : {}),
      ...extra,
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
        ...annotations(withFormat(key)),
        ...withWidth(this.#types.use(key.expr.type)),
        ...(kind ? { match_type: kind } : { other_match_type: key.match }),
        ...documentation(key),
      };
    });
  }

  #actionRefs(table: VisibleTable): ActionRefInfo[] {
    const refs = table.decl.actions.map((ref): ActionRefInfo => {
      const { name } = table.action(ref.action);
      const scope = ref.scope ?? ref.annotations?.find((a) => a.name === 'tableonly' || a.name === 'defaultonly')?.name;
      const scoped = ref.scope ? [...(ref.annotations ?? []), { name: ref.scope }] : ref.annotations;
      return {
        id: this.id('action', name),
        ...annotations(scoped ? { annotations: scoped } : {}),
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
    const text = this.#types.textOf(arg.type, this.constant(arg));
    if (text !== undefined) return new TextEncoder().encode(text);
    const width = this.#types.use(arg.type).bitwidth || this.#types.deviceWidth(arg.type);
    invariant(width > 0, 'an argument of a default action has no width');
    return toBytes(truncate(this.constant(arg), width), byteLength(width));
  }

  /** A set of bits has one match field without a name; a set of structs has one for each field. */
  #valueSet({ name, decl }: VisibleLocal<ValueSetDecl>): ValueSetInfo {
    const { type } = decl;
    const struct = type.kind === 'named' ? this.#program.types.find((t) => t.kind === 'struct' && t.name === type.name) : undefined;
    // p4c tells of no structs within structs.
    const isPlain = (field: FieldDecl): boolean => !this.#program.types.some((t) => t.kind === 'struct' && typeName(field.type) === t.name);
    const fields: readonly FieldDecl[] = struct?.kind === 'struct' ? struct.fields.filter(isPlain) : [{ name: '', type, loc: decl.loc }];
    const ids = fieldIds(fields.map(explicitId));
    return {
      preamble: this.preamble('valueSet', name, decl),
      match: fields.map((field, i) => ({
        id: ids[i] as number,
        ...(field.name === '' ? {} : { name: externalName(field) }),
        ...annotations(field, ['match']),
        ...withWidth(this.#types.use(field.type)),
        match_type: matchTypes[annotation(field, 'match')?.body?.trim() ?? 'exact'] ?? 'EXACT',
        ...documentation(field),
      })),
      size: decl.size,
    };
  }

  #controllerHeader(header: HeaderDecl): ControllerPacketMetadata {
    const name = annotationText(annotation(header, 'controller_header')?.body) as string;
    const all = this.#types.flatFields(header);
    const fields = all.filter((f) => !isHidden(f));
    const ids = fieldIds(all.map(explicitId)).filter((_, i) => !isHidden(all[i] as Declared));
    return {
      preamble: { ...this.preamble('controllerHeader', externalName(header), header), name, alias: name },
      metadata: fields.map((field, i) => ({
        id: ids[i] as number,
        name: externalName(field),
        ...annotations(field),
        ...withWidth(this.#types.use(field.type)),
      })),
    };
  }
}

const packageInfoOf = (program: Program): PkgInfo => ({
  arch: program.arch,
  ...packageInfo(program),
  ...platformProperties(program),
  ...annotations(program, ['pkginfo', 'platform_property']),
  ...documentation(program),
});

const withFormat = (of: Param | KeyDecl) => ({ annotations: [...(of.annotations ?? []), ...formatAnnotations(of)] });

/** Like protobuf, it leaves out a width of 0. */
const withWidth = ({ bitwidth, ...use }: ReturnType<TypeCollector['use']>) => ({ ...use, ...(bitwidth ? { bitwidth } : {}) });
