/** Parser value sets (P4-16 §13.11): empty until the control plane fills them. */
import type { Type, ValueSetDecl } from '../../compiler/ir/index.js';
import { matchesValue } from '../data-plane/match.js';
import type { MatchValue } from '../data-plane/messages.js';
import type { Types } from './types.js';
import type { Value } from './values.js';

export class ValueSet {
  readonly #types: Types;
  readonly #fields: readonly Type[];
  #members: readonly (readonly MatchValue[])[] = [];

  constructor(decl: ValueSetDecl, types: Types) {
    this.#types = types;
    const type = types.resolve(decl.type);
    if (type.kind === 'struct') this.#fields = type.fields.map((f) => f.type);
    else this.#fields = type.kind === 'tuple' ? type.elements : [decl.type];
  }

  /** Replaces all members; each has one match for each field. */
  fill(members: readonly (readonly MatchValue[])[]): void {
    this.#members = members;
  }

  /** Whether a member matches the values, one for each field. */
  has(values: readonly Value[]): boolean {
    const bits = values.map((value, i) => this.#types.toBits(value, this.#fields[i] as Type));
    return this.#members.some((member) =>
      member.every((match, i) => matchesValue(match, bits[i] as bigint, this.#types.width(this.#fields[i] as Type))),
    );
  }
}
