/** Value sets of a pipeline: each is declared in the parser whose states select with it (P4-16 §13.11). */
import { bitType } from '../ir/build.js';
import type { LocalDecl, ParserDecl, ValueSetDecl } from '../ir/decl.js';
import type { Loc } from '../support/location.js';
import { type ValueSetDescriptor, valueSetBrand } from './handles.js';
import { subparserInstance } from './parser.js';
import type { Recorder } from './recorder.js';
import type { ValueSet } from './surface.js';

/** The parser that packets arrive at. */
export const mainParser = 'parse';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export class ValueSets {
  readonly #sets: ReadonlyMap<string, { readonly decl: ValueSetDecl; readonly handle: Writable<ValueSetDescriptor> }>;
  readonly #owners = new Map<string, ParserDecl>();
  readonly #recorder: Recorder;
  /** The sets as states and controllers have them. */
  readonly handles: Readonly<Record<string, object>>;

  constructor(given: Readonly<Record<string, ValueSet<number>>>, recorder: Recorder, loc: Loc) {
    this.#recorder = recorder;
    this.#sets = new Map(
      Object.entries(given).map(([name, { width, size }]) => [
        name,
        {
          decl: { kind: 'value-set', name, type: bitType(width), size, loc },
          handle: { path: `${mainParser}.${name}`, name, owner: recorder.owner },
        },
      ]),
    );
    this.handles = Object.fromEntries(
      [...this.#sets].map(([name, { handle }]) => [name, Object.freeze({ ...given[name], [valueSetBrand]: handle })]),
    );
  }

  /** Finds out which parser has which set, once their states are recorded; a set that none uses is the main parser's. */
  settle(main: ParserDecl, subparsers: readonly ParserDecl[]): void {
    for (const parser of [...subparsers, main]) {
      for (const { name, loc } of usesIn(parser)) {
        const owner = this.#owners.get(name) ?? parser;
        this.#owners.set(name, owner);
        if (owner !== parser)
          this.#recorder.diagnostics.report('value-set-in-two-parsers', { name, first: owner.name, second: parser.name }, { loc });
      }
    }
    for (const [name, { handle }] of this.#sets) {
      const owner = this.#owners.get(name) ?? main;
      this.#owners.set(name, owner);
      if (owner !== main) handle.path = `${mainParser}.${subparserInstance(owner.name)}.${name}`;
      Object.freeze(handle);
    }
  }

  of(parser: ParserDecl): readonly LocalDecl[] {
    return [...this.#sets].flatMap(([name, { decl }]) => (this.#owners.get(name) === parser ? [decl] : []));
  }
}

function usesIn({ states }: ParserDecl): readonly { readonly name: string; readonly loc: Loc }[] {
  return states.flatMap(({ transition }) =>
    transition.kind === 'goto'
      ? []
      : transition.cases.flatMap(({ keys, loc }) => keys.flatMap((key) => (key.kind === 'value-set' ? [{ name: key.name, loc }] : []))),
  );
}
