/**
 * The pipeline as its control plane writes it: paths, keys, parameters and formats from the program, ids and widths from the
 * target's P4Info.
 */

import { type VisibleTable, visibleBlocks } from '../../compiler/analysis/visible-blocks.js';
import { declaredType } from '../../compiler/arch/index.js';
import type { PartDescriptor } from '../../compiler/dsl/handles.js';
import type { ControllerFields, ControllerType, DataType } from '../../compiler/dsl/surface.js';
import { formatOf, irType } from '../../compiler/dsl/types.js';
import { isOpen, translationOf } from '../../compiler/ir/annotations.js';
import type { Program, Type } from '../../compiler/ir/index.js';
import { externalName } from '../../compiler/ir/names.js';
import type { P4Info, TableInfo } from '../../compiler/p4info/messages.js';
import type { Binding } from '../../compiler/passes/index.js';
import { fail } from '../../compiler/support/diagnostics.js';
import { invariant } from '../../compiler/support/invariant.js';
import { captureLocation, type Loc } from '../../compiler/support/location.js';
import type { Format } from '../../compiler/support/values.js';
import type { Action } from '../p4runtime/messages.js';
import { Catalog, profileTraits, tableTraits } from './catalog.js';
import { type DataForm, dataForm, type NamedForm } from './data.js';
import { checkOwner } from './ownership.js';

/** A value as the control plane writes it. */
export interface ClientField {
  readonly id: number;
  readonly name: string;
  /** In bits. */
  readonly width: number;
  readonly format: Format;
  /** For enums: the values of the members. */
  readonly members?: ReadonlyMap<string, bigint>;
  readonly isBool: boolean;
  /** In two's complement. */
  readonly isSigned?: boolean;
  /** The values of a type that is text to the control plane; without any, all text is. */
  readonly texts?: readonly string[];
}
export interface ClientKey extends ClientField {
  readonly match: string;
}
export interface ClientAction {
  readonly id: number;
  /** Such as `forward`. */
  readonly name: string;
  readonly path: string;
  readonly params: readonly ClientField[];
  /** It is no entry's action. */
  readonly defaultOnly?: boolean;
}
/** What has actions: a table or a profile. */
export interface ClientActions {
  readonly actions: readonly ClientAction[];
  /** Undefined where only the P4Info is known. */
  readonly program?: Program;
}
export interface ClientTable extends ClientActions {
  readonly id: number;
  readonly path: string;
  readonly keys: readonly ClientKey[];
  readonly needsPriority: boolean;
  readonly hasCounter: boolean;
  readonly hasMeter: boolean;
  /** Its entries are the program's. */
  readonly isConst: boolean;
  /** The id of its profile or selector; 0 where it has none. */
  readonly profileId: number;
  /** Where its actions are members of a profile or selector. */
  readonly profile?: 'profile' | 'selector';
  /** As its selector's. */
  readonly weightsDisallowed: boolean;
  /** What runs on a miss as long as nobody says otherwise; undefined where P4Info does not say it. */
  readonly initialDefault?: Action;
}
/** A counter, meter or register. */
export interface ClientArray {
  readonly id: number;
  readonly path: string;
}
export interface ClientRegister extends ClientArray {
  /** Its cells have fields for P4Runtime too; where targets have numbers only, they are one number. */
  readonly isStruct: boolean;
}
export interface ClientProfile extends ClientActions {
  readonly id: number;
  readonly path: string;
  /** 0 where the program sets none. */
  readonly maxGroupSize: number;
  /** The switch weighs the members itself. */
  readonly weightsDisallowed: boolean;
}
export interface ClientDigest {
  readonly id: number;
  readonly path: string;
  readonly fields: readonly NamedForm[];
}
export interface ClientValueSet {
  readonly id: number;
  readonly path: string;
  readonly field: ClientField;
}
/** Fields of `packet_in` or `packet_out`, without padding. */
export type PacketFields = readonly ClientField[];

export class Names {
  readonly #program: Program;
  readonly #p4info: P4Info;
  readonly #binding: Binding;
  readonly #targetName: string;
  readonly #declared: ReadonlyMap<string, VisibleTable>;
  readonly #tables = new Map<string, ClientTable>();

  constructor(program: Program, p4info: P4Info, binding: Binding, targetName: string) {
    this.#program = program;
    this.#p4info = p4info;
    this.#binding = binding;
    this.#targetName = targetName;
    const children = visibleBlocks(program).flatMap((b) => b.children);
    this.#declared = new Map(children.flatMap((c) => (c.kind === 'table' ? [[c.name, c]] : [])));
  }

  /** @throws DiagnosticError handle-of-another */
  checkOwner(kind: string, part: PartDescriptor, loc: Loc): void {
    checkOwner(kind, part, this.#program, loc);
  }

  /** @throws DiagnosticError no-such-part, not-in-target */
  table(path: string): ClientTable {
    let table = this.#tables.get(path);
    if (!table) {
      const info = this.#find('table', path, this.#p4info.tables);
      const declared = this.#declared.get(path);
      invariant(declared, `the table ${path} is in the P4Info and not in the program`);
      table = this.#clientTable(path, info, declared);
      this.#tables.set(path, table);
    }
    return table;
  }

  /** @throws DiagnosticError no-such-part, not-in-target */
  counter(path: string): ClientArray {
    return { id: this.#find('counter', path, this.#p4info.counters).preamble.id, path };
  }
  /** @throws DiagnosticError no-such-part, not-in-target */
  meter(path: string): ClientArray {
    return { id: this.#find('meter', path, this.#p4info.meters).preamble.id, path };
  }
  /** @throws DiagnosticError no-such-part, not-in-target */
  register(path: string): ClientRegister {
    const { preamble, type_spec } = this.#find('register', path, this.#p4info.registers);
    return { id: preamble.id, path, isStruct: type_spec.struct !== undefined };
  }

  /** @throws DiagnosticError no-such-part, not-in-target */
  profile(path: string): ClientProfile {
    const info = this.#find('action profile', path, this.#p4info.action_profiles);
    // All its tables have the same actions.
    const table = this.#p4info.tables.find((t) => t.preamble.id === info.table_ids[0]);
    const declared = [...this.#declared.values()].find((t) => this.#binding.get(t.name) === table?.preamble.name);
    return { path, actions: declared ? this.#actions(declared) : [], program: this.#program, ...profileTraits(info) };
  }

  /** @throws DiagnosticError not-in-target */
  digest(path: string, fields: ControllerFields): ClientDigest {
    // Its name is that of a type, which targets keep.
    const info = this.#p4info.digests.find((d) => d.preamble.name === path);
    if (!info) return fail('not-in-target', { kind: 'digest', path, target: this.#targetName }, { loc: captureLocation() });
    const form = (type: ControllerType, name: string): DataForm => dataForm(type, (inner, leaf) => this.field(inner, leaf), name);
    return { id: info.preamble.id, path, fields: Object.entries(fields).map(([name, type]) => ({ name, form: form(type, name) })) };
  }

  /** @throws DiagnosticError no-such-part, not-in-target, entity-unsupported */
  valueSet(path: string): ClientValueSet {
    const info = this.#find('value set', path, this.#p4info.value_sets);
    const [match] = info.match;
    if (!match || info.match.length > 1) {
      const why = 'its members have several fields; write them with sw.raw, or in a file of entries';
      return fail('entity-unsupported', { what: `value set ${path}`, target: this.#targetName, why }, { loc: captureLocation() });
    }
    const field = { id: match.id, name: '', width: match.bitwidth ?? 0, format: 'num', isBool: false, isSigned: false } as const;
    return { id: info.preamble.id, path, field };
  }

  /** A field of a register's cell or of a digest. */
  field(name: string, type: DataType): ClientField {
    const seen = type.kind === 'newtype' ? type.controller : type;
    const width = 'width' in seen ? seen.width : 1;
    const { format = 'num' } = formatOf(type);
    return { id: 0, name, width, format, ...this.#typed(irType(type)) };
  }

  packetFields(header: 'packet_in' | 'packet_out'): PacketFields {
    const info = this.#p4info.controller_packet_metadata.find((m) => m.preamble.name === header);
    const decl = this.#program.types.find(
      (t) => t.kind === 'header' && t.annotations?.some((a) => a.name === 'controller_header' && a.body === `"${header}"`),
    );
    if (!info || decl?.kind !== 'header') return [];
    return info.metadata.flatMap((m) => {
      const field = decl.fields.find((f) => externalName(f) === m.name);
      if (!field || field.annotations?.some((a) => a.name === 'padding')) return [];
      return [{ id: m.id, name: m.name, width: m.bitwidth ?? 0, format: field.format ?? 'num', ...this.#typed(field.type) }];
    });
  }

  /** All that the target has. */
  catalog(): Catalog {
    const has = (path: string, infos: readonly { readonly preamble: { readonly name: string } }[]): boolean =>
      infos.some((info) => info.preamble.name === this.#binding.get(path));
    const tables = [...this.#declared.keys()].filter((path) => has(path, this.#p4info.tables)).map((path) => this.table(path));
    const paths = new Map([...this.#binding].map(([path, name]) => [name, path]));
    const profiles = this.#p4info.action_profiles.flatMap(({ preamble: { name } }) => this.profile(paths.get(name) ?? name));
    return new Catalog(this.#p4info, tables, profiles);
  }

  /** The thing of P4Info that a path of the pipeline stands for. */
  #find<I extends { readonly preamble: { readonly name: string } }>(kind: string, path: string, infos: readonly I[]): I {
    const name = this.#binding.get(path);
    if (name === undefined) return fail('no-such-part', { kind, path, program: this.#program.name }, { loc: captureLocation() });
    const info = infos.find((i) => i.preamble.name === name);
    return info ?? fail('not-in-target', { kind, path, target: this.#targetName }, { loc: captureLocation() });
  }

  #clientTable(path: string, info: TableInfo, declared: VisibleTable): ClientTable {
    const keys = info.match_fields.map((field): ClientKey => {
      const key = declared.decl.keys.find((k) => k.match !== 'selector' && k.name === field.name);
      invariant(key, `the key ${field.name} of ${path} is in the P4Info and not in the program`);
      const typed = this.#typed(key.expr.type);
      return { id: field.id, name: field.name, width: field.bitwidth ?? 0, match: key.match, format: key.format ?? 'num', ...typed };
    });
    return {
      id: info.preamble.id,
      path,
      keys,
      actions: this.#actions(declared),
      program: this.#program,
      needsPriority: keys.some((k) => k.match === 'ternary' || k.match === 'range' || k.match === 'optional'),
      ...tableTraits(this.#p4info, info),
    };
  }

  #actions(table: VisibleTable): ClientAction[] {
    return table.decl.actions.map((ref): ClientAction => {
      const { name: actionPath, decl } = table.action(ref.action);
      const name = this.#binding.get(actionPath) ?? actionPath;
      const action = this.#p4info.actions.find((a) => a.preamble.name === name);
      invariant(action, `the action ${name} of ${table.name} is not in the P4Info`);
      const params = action.params.map((p): ClientField => {
        const param = decl.params.find((d) => externalName(d) === p.name);
        invariant(param, `the parameter ${p.name} of ${name} is in the P4Info and not in the program`);
        return { id: p.id, name: p.name, width: p.bitwidth ?? 0, format: param.format ?? 'num', ...this.#typed(param.type) };
      });
      // Without the scopes of shared controls, as its handle has it.
      const called = externalName(decl).split('.').at(-1) as string;
      return { id: action.preamble.id, name: called, path: actionPath, params };
    });
  }

  #typed(type: Type): Pick<ClientField, 'members' | 'isBool' | 'isSigned' | 'texts'> {
    const isBool = type.kind === 'bool';
    const isSigned = type.kind === 'int';
    const decl = declaredType(this.#program, type);
    if (decl?.kind === 'enum') {
      return { isBool, isSigned, members: new Map(decl.members.flatMap((m) => (m.value === undefined ? [] : [[m.name, m.value]]))) };
    }
    if (decl?.kind !== 'newtype') return { isBool, isSigned };
    const translation = translationOf(decl);
    if (!translation) return this.#typed(decl.type);
    const texts = translation.width === undefined ? { texts: isOpen(translation) ? [] : [...translation.values.keys()] } : {};
    return { isBool, isSigned, ...texts };
  }
}
