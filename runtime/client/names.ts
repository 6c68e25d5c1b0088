/**
 * The pipeline as its control plane writes it: paths, keys, parameters and formats from the program, ids and widths from the
 * target's P4Info.
 */

import type { Program, Type } from '../../compiler/ir/index.js';
import { type VisibleTable, visibleBlocks } from '../../compiler/p4info/blocks.js';
import type { P4Info, TableInfo } from '../../compiler/p4info/messages.js';
import { externalName } from '../../compiler/p4info/names.js';
import type { Binding } from '../../compiler/passes/index.js';
import { fail } from '../../compiler/support/diagnostics.js';
import { invariant } from '../../compiler/support/invariant.js';
import { captureLocation } from '../../compiler/support/location.js';
import type { Format } from '../../compiler/support/values.js';

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
}
export interface ClientTable {
  readonly id: number;
  readonly path: string;
  readonly keys: readonly ClientKey[];
  readonly actions: readonly ClientAction[];
  readonly needsPriority: boolean;
  readonly hasCounter: boolean;
}
export interface ClientCounter {
  readonly id: number;
  readonly path: string;
  readonly size: number;
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

  /** @throws DiagnosticError handle-of-another, not-in-target */
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

  /** @throws DiagnosticError handle-of-another, not-in-target */
  counter(path: string): ClientCounter {
    const info = this.#find('counter', path, this.#p4info.counters);
    return { id: info.preamble.id, path, size: Number(info.size) };
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
      return [{ id: m.id, name: m.name, width: m.bitwidth, format: field.format ?? 'num', ...this.#typed(field.type) }];
    });
  }

  /** The thing of P4Info that a path of the pipeline stands for. */
  #find<I extends { readonly preamble: { readonly name: string } }>(kind: string, path: string, infos: readonly I[]): I {
    const name = this.#binding.get(path);
    if (name === undefined) return fail('handle-of-another', { kind, path, program: this.#program.name }, { loc: captureLocation() });
    const info = infos.find((i) => i.preamble.name === name);
    return info ?? fail('not-in-target', { kind, path, target: this.#targetName }, { loc: captureLocation() });
  }

  #clientTable(path: string, info: TableInfo, declared: VisibleTable): ClientTable {
    const keys = info.match_fields.map((field): ClientKey => {
      const key = declared.decl.keys.find((k) => k.name === field.name);
      invariant(key, `the key ${field.name} of ${path} is in the P4Info and not in the program`);
      const typed = this.#typed(key.expr.type);
      return { id: field.id, name: field.name, width: field.bitwidth, match: key.match, format: key.format ?? 'num', ...typed };
    });
    const actions = declared.decl.actions.map((ref): ClientAction => {
      const { name: actionPath, decl } = declared.action(ref.action);
      const name = this.#binding.get(actionPath) ?? actionPath;
      const action = this.#p4info.actions.find((a) => a.preamble.name === name);
      invariant(action, `the action ${name} of ${path} is not in the P4Info`);
      const params = action.params.map((p): ClientField => {
        const param = decl.params.find((d) => externalName(d) === p.name);
        invariant(param, `the parameter ${p.name} of ${name} is in the P4Info and not in the program`);
        return { id: p.id, name: p.name, width: p.bitwidth, format: param.format ?? 'num', ...this.#typed(param.type) };
      });
      return { id: action.preamble.id, name: externalName(decl), path: actionPath, params };
    });
    return {
      id: info.preamble.id,
      path,
      keys,
      actions,
      needsPriority: keys.some((k) => k.match === 'ternary' || k.match === 'range' || k.match === 'optional'),
      hasCounter: this.#p4info.direct_counters.some((c) => c.direct_table_id === info.preamble.id),
    };
  }

  #typed(type: Type): Pick<ClientField, 'members' | 'isBool'> {
    const isBool = type.kind === 'bool';
    const decl = type.kind === 'named' ? this.#program.types.find((t) => t.name === type.name) : undefined;
    if (decl?.kind !== 'enum') return { isBool };
    return { isBool, members: new Map(decl.members.flatMap((m) => (m.value === undefined ? [] : [[m.name, m.value]]))) };
  }
}
