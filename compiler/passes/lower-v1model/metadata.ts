/**
 * What the lowered metadata has beside the user's fields: flags, and field lists. A field list is a number that
 * `@field_list` puts on the fields which survive when a packet is cloned, resubmitted or recirculated.
 */
import { bitType } from '../../ir/build.js';
import type { Annotation, FieldDecl, StructDecl, Type } from '../../ir/types.js';
import { update } from '../../ir/visit.js';
import type { Loc } from '../../support/location.js';
import { fresh } from '../names.js';

export class AddedMetadata {
  readonly #struct: StructDecl;
  readonly #taken: Set<string>;
  readonly #fields = new Map<string, FieldDecl>();
  /** The names of each list's fields, in order. */
  readonly #lists: (readonly string[])[] = [];

  constructor(struct: StructDecl) {
    this.#struct = struct;
    this.#taken = new Set(struct.fields.map((f) => f.name));
  }

  /** The added field that is wanted under this name; the same one each time. */
  field(wanted: string, type: Type, loc: Loc, doc?: string): FieldDecl {
    const known = this.#fields.get(wanted);
    if (known) return known;
    const added: FieldDecl = { name: fresh(wanted, this.#taken), type, loc, ...(doc === undefined ? {} : { doc }) };
    this.#fields.set(wanted, added);
    return added;
  }

  has(wanted: string): boolean {
    return this.#fields.has(wanted);
  }

  /** The number of the list of these fields; p4c asks for a field in each. */
  list(names: readonly string[], loc: Loc): number {
    const fields =
      names.length > 0 ? names : [this.field('nothing_kept', bitType(8), loc, 'Always 0: survives where nothing else does.').name];
    const same = this.#lists.findIndex((list) => list.length === new Set(fields).size && fields.every((f) => list.includes(f)));
    return same >= 0 ? same + 1 : this.#lists.push([...new Set(fields)]);
  }

  /** The user's struct with what was added. */
  get struct(): StructDecl {
    const fields = [...this.#struct.fields, ...this.#fields.values()];
    return update(this.#struct, {
      fields: fields.map((f) => {
        const numbers = this.#lists.flatMap((list, i) => (list.includes(f.name) ? [i + 1] : []));
        if (numbers.length === 0) return f;
        const annotation: Annotation = { name: 'field_list', body: numbers.join(', ') };
        return update(f, { annotations: [...(f.annotations ?? []), annotation] });
      }),
    });
  }
}
