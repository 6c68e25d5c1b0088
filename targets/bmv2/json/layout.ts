/** The headers of BMv2's JSON: those of the program, the standard metadata, and one for all other slots. */
import { widthOf } from '../../../compiler/flat/exprs.js';
import type { FlatArg, FlatExpr, FlatProgram, Header, ScalarType, Slot } from '../../../compiler/flat/index.js';

import { invariant } from '../../../compiler/support/invariant.js';
import type { Fields } from './expressions.js';
import type { FieldRef, HeaderInstance, HeaderStack, HeaderType } from './format.js';
import { Names } from './names.js';

export const standardMetadata = 'standard_metadata';
const scalars = 'scalars';

export class Bmv2Layout implements Fields {
  readonly #program: FlatProgram;
  readonly #fields = new Map<Slot, FieldRef>();
  readonly #names = new Map<Header, string>();
  readonly #stacks = new Map<Slot, string>();
  readonly #standard: readonly Slot[];
  /** The slots of `scalars`, with their names. */
  readonly #scalars = new Map<string, ScalarType>();
  readonly #taken = new Names([scalars, standardMetadata]);
  #parameters: readonly Slot[] = [];

  constructor(program: FlatProgram) {
    this.#program = program;
    const shared = (type: string): readonly Slot[] => {
      const found = program.shared.find((one) => one.type === type);
      return found ? slotsIn(found.value) : [];
    };
    this.#standard = shared('standard_metadata_t');
    for (const slot of this.#standard) this.#fields.set(slot, [standardMetadata, lastName(slot.name)]);
    for (const stack of program.stacks) {
      if (!stack.elements.every((element): element is Header => 'fields' in element)) continue;
      const name = this.#taken.unique(withoutRoot(stack.name));
      this.#stacks.set(stack.next, name);
      stack.elements.forEach((header, i) => {
        this.#names.set(header, `${name}[${i}]`);
      });
    }
    for (const header of program.headers) {
      const name = this.#names.get(header) ?? this.#taken.unique(withoutRoot(header.name));
      this.#names.set(header, name);
      this.#fields.set(header.valid, [name, '$valid$']);
      for (const field of header.fields) this.#fields.set(field, [name, field.name.slice(header.name.length + 1)]);
    }
    for (const slot of shared('M')) this.fieldOf(slot);
  }

  nameOf(header: Header): string {
    const name = this.#names.get(header);
    invariant(name !== undefined, `the header ${header.name} has no name`);
    return name;
  }

  /** The name of a stack of headers, by its nextIndex. */
  stackOf(next: Slot): string | undefined {
    return this.#stacks.get(next);
  }

  fieldOf(slot: Slot): FieldRef {
    const known = this.#fields.get(slot);
    if (known) return known;
    const found = this.temporary(slot.type, slot.name);
    this.#fields.set(slot, found);
    return found;
  }

  temporary(type: ScalarType, name = 'tmp'): FieldRef {
    const field = this.#taken.unique(name);
    this.#scalars.set(field, type);
    return [scalars, field];
  }

  lastOf({ stack, field }: FlatExpr & { readonly kind: 'last' }): FieldRef {
    const [element] = stack.elements;
    const name = this.stackOf(stack.next);
    invariant(element && 'fields' in element && name !== undefined, 'the last one of a stack of unions');
    return [name, this.fieldOf(element.fields[field] as Slot)[1]];
  }

  parameter(slot: Slot): number | undefined {
    const found = this.#parameters.indexOf(slot);
    return found < 0 ? undefined : found;
  }

  /** Runs `f` for the code of an action with these parameters. */
  within<T>(parameters: readonly Slot[], f: () => T): T {
    const outer = this.#parameters;
    this.#parameters = parameters;
    try {
      return f();
    } finally {
      this.#parameters = outer;
    }
  }

  /** When all code is written: only then it is known what `scalars` has. */
  finish(): {
    readonly header_types: readonly HeaderType[];
    readonly headers: readonly HeaderInstance[];
    readonly header_stacks: readonly HeaderStack[];
  } {
    const { headers, stacks } = this.#program;
    const decls = [...new Map(headers.map((header) => [header.decl.name, header])).values()];
    const metadata = (name: string, id: number, fields: readonly FieldType[]): HeaderType => ({ name, id, fields: padded(fields) });
    const header_types = [
      metadata(
        'scalars_0',
        0,
        [...this.#scalars].map(([name, type]) => fieldType(name, type)),
      ),
      metadata(
        standardMetadata,
        1,
        this.#standard.map((slot) => fieldType(lastName(slot.name), slot.type)),
      ),
      ...decls.map((header, i) => this.#headerType(header, i + 2)),
    ];
    const instance = (name: string, id: number, header_type: string, isMetadata: boolean): HeaderInstance => ({
      name,
      id,
      header_type,
      metadata: isMetadata,
      pi_omit: true,
    });
    const instances = [
      instance(scalars, 0, 'scalars_0', true),
      instance(standardMetadata, 1, standardMetadata, true),
      ...headers.map((header, i) => instance(this.nameOf(header), i + 2, header.decl.name, false)),
    ];
    const header_stacks = stacks.flatMap((stack, id): HeaderStack[] => {
      const name = this.stackOf(stack.next);
      const [first] = stack.elements;
      if (name === undefined || !first) return [];
      const header_ids = stack.elements.map((element) => headers.indexOf(element as Header) + 2);
      return [{ name, id, header_type: first.decl.name, size: stack.elements.length, header_ids }];
    });
    return { header_types, headers: instances, header_stacks };
  }

  #headerType({ decl, fields }: Header, id: number): HeaderType {
    const bits = fields.reduce((sum, { type }) => sum + widthOf(type), 0);
    return {
      name: decl.name,
      id,
      fields: fields.map((slot) => fieldType(this.fieldOf(slot)[1], slot.type)),
      ...(fields.some(({ type }) => type.kind === 'varbit') ? { max_length: Math.ceil(bits / 8) } : {}),
    };
  }
}

type FieldType = HeaderType['fields'][number];

/** BMv2 has no signed field of one bit: reading it gives it its sign. */
const fieldType = (name: string, type: ScalarType): FieldType =>
  type.kind === 'varbit' ? [name, '*'] : [name, widthOf(type), type.kind === 'int' && type.width > 1];

/** Metadata is whole bytes. */
function padded(fields: readonly FieldType[]): readonly FieldType[] {
  const bits = fields.reduce((sum, [, width]) => sum + (width === '*' ? 0 : width), 0);
  return bits % 8 === 0 ? fields : [...fields, ['_padding', 8 - (bits % 8), false]];
}

export function slotsIn(arg: FlatArg): readonly Slot[] {
  if (arg.kind === 'value') return arg.value.kind === 'slot' ? [arg.value.slot] : [];
  if (arg.kind === 'header') return [arg.header.valid, ...arg.header.fields];
  return arg.kind === 'parts' ? arg.parts.flatMap((part) => slotsIn(part.arg)) : [];
}

const lastName = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
const withoutRoot = (name: string): string => name.slice(name.indexOf('.') + 1);
