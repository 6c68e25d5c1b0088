/** The lists of metadata that `@field_list` makes, and new ones for calls that name the fields themselves. */
import type { AnnotationToken, FieldDecl, StructLikeDecl } from '../ast.js';
import { listsIn } from '../field-lists.js';
import type { Checker } from './context.js';
import { prune } from './types.js';
import { knownValue } from './values.js';

export class FieldLists {
  readonly #c: Checker;
  readonly #taken = new Set<bigint>();
  readonly #made = new Map<string, number>();
  readonly #order = new Map<FieldDecl, number>();

  constructor(c: Checker, structs: Iterable<StructLikeDecl>) {
    this.#c = c;
    for (const { fields } of structs) {
      for (const field of fields) {
        this.#order.set(field, this.#order.size);
        for (const a of field.annotations) if (a.name === 'field_list' && a.kind === 'free') this.#take(a.body ?? []);
      }
    }
  }

  /** The number of the list that has just these fields; the same for the same fields. */
  numberOf(fields: readonly FieldDecl[]): number {
    const key = [...new Set(fields.map((f) => this.#order.get(f)))].sort().join();
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    let number = 1;
    while (this.#taken.has(BigInt(number))) number++;
    this.#taken.add(BigInt(number));
    this.#made.set(key, number);
    for (const field of fields) {
      const lists = this.#c.fieldLists.get(field) ?? [];
      if (!lists.includes(number)) this.#c.fieldLists.set(field, [...lists, number]);
    }
    return number;
  }

  #take(body: readonly AnnotationToken[]): void {
    const text = body.map((t) => t.text).join('');
    for (const list of listsIn(text, (name) => this.#valueOf(name))) if (typeof list === 'bigint') this.#taken.add(list);
  }

  /** Of a constant, or of `Enum.member`. */
  #valueOf(text: string): bigint | undefined {
    const [name = '', member] = text.split('.');
    const entity = this.#c.scope.names.get(name);
    if (entity?.kind === 'constant') return typeof entity.value === 'bigint' ? entity.value : undefined;
    const type = entity?.kind === 'type' ? prune(entity.make([])) : undefined;
    const value = type?.kind === 'enum' ? type.decl.members.find((m) => m.name.text === member)?.value : undefined;
    const known = value && knownValue(this.#c, value);
    return typeof known === 'bigint' ? known : undefined;
  }
}
