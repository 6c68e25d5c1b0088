/**
 * What the lowered metadata has beside the user's fields: flags, and field lists. A field list is a number that
 * `@field_list` puts on the fields which survive when a packet is cloned, resubmitted or recirculated.
 */
import type { ProgramInfo } from '../../analysis/program-info.js';
import { bitType } from '../../ir/build.js';
import { fresh } from '../../ir/fresh-names.js';
import type { Annotation, FieldDecl, StructDecl, Type, TypeDecl } from '../../ir/types.js';
import { each, update } from '../../ir/visit.js';
import { invariant } from '../../support/invariant.js';
import type { Loc } from '../../support/location.js';

export class AddedMetadata {
  readonly #struct: StructDecl;
  readonly #info: ProgramInfo;
  readonly #taken: Set<string>;
  readonly #fields: FieldDecl[] = [];
  readonly #flags = new Map<string, FieldDecl>();
  /** The paths of each list's fields, such as `inner.port`. */
  readonly #lists: (readonly string[])[] = [];

  constructor(struct: StructDecl, info: ProgramInfo) {
    this.#struct = struct;
    this.#info = info;
    this.#taken = new Set(struct.fields.map((f) => f.name));
  }

  /** A new field. */
  field(wanted: string, type: Type, loc: Loc, doc?: string): FieldDecl {
    const added: FieldDecl = { name: fresh(wanted, this.#taken), type, loc, ...(doc === undefined ? {} : { doc }) };
    this.#fields.push(added);
    return added;
  }

  /** The field that is wanted under this name; the same one each time. */
  flag(wanted: string, type: Type, loc: Loc, doc?: string): FieldDecl {
    const flag = this.#flags.get(wanted) ?? this.field(wanted, type, loc, doc);
    this.#flags.set(wanted, flag);
    return flag;
  }

  hasFlag(wanted: string): boolean {
    return this.#flags.has(wanted);
  }

  /** The number of the list of these fields; p4c asks for a field in each. */
  list(paths: readonly string[], loc: Loc): number {
    const fields =
      paths.length > 0 ? paths : [this.flag('nothing_kept', bitType(8), loc, 'Always 0: survives where nothing else does.').name];
    const same = this.#lists.findIndex((list) => list.length === new Set(fields).size && fields.every((f) => list.includes(f)));
    return same >= 0 ? same + 1 : this.#lists.push([...new Set(fields)]);
  }

  /** The program's types, the metadata with what was added and the lists on their fields. */
  types(): readonly TypeDecl[] {
    const full = update(this.#struct, { fields: [...this.#struct.fields, ...this.#fields] });
    const numbers = new Map<string, number[]>();
    for (const [i, list] of this.#lists.entries()) {
      for (const path of list) {
        const key = this.#declared(full, path.split('.'));
        numbers.set(key, [...(numbers.get(key) ?? []), i + 1]);
      }
    }
    const annotated = (struct: StructDecl): StructDecl =>
      update(struct, {
        fields: each(struct.fields, (field) => {
          const lists = numbers.get(`${struct.name}.${field.name}`);
          if (!lists) return field;
          const annotation: Annotation = { name: 'field_list', body: lists.join(', ') };
          return update(field, { annotations: [...(field.annotations ?? []), annotation] });
        }),
      });
    return each(this.#info.program.types, (type) => (type.kind === 'struct' ? annotated(type === this.#struct ? full : type) : type));
  }

  /** The struct and the field in it that a path ends at. */
  #declared(struct: StructDecl, [first, ...rest]: readonly string[]): string {
    const field = struct.fields.find((f) => f.name === first);
    invariant(field, 'what is kept is not a field');
    if (rest.length === 0) return `${struct.name}.${field.name}`;
    const inner = this.#info.declaration(field.type);
    invariant(inner?.kind === 'struct', 'what is kept is in no struct');
    return this.#declared(inner, rest);
  }
}
