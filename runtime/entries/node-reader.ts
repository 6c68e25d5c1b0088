/** Reads the parts of a document in JSON or YAML; mistakes have their places. */
import { isMap, isScalar, isSeq, type LineCounter, type Node, type YAMLMap } from 'yaml';
import { unknown } from '../../compiler/control/names.js';
import { type Diagnostics, fail } from '../../compiler/support/diagnostics.js';
import type { Loc } from '../../compiler/support/location.js';
import type { LocatedEntity } from './entities.js';

export interface Field {
  readonly key: string;
  readonly keyLoc: Loc;
  readonly value: Node | null;
  readonly loc: Loc;
}

/** uint32 on the wire. */
const maxId = 2 ** 32 - 1;

export class NodeReader {
  readonly #file: string;
  readonly #lines: LineCounter;
  protected readonly diagnostics: Diagnostics;

  constructor(file: string, lines: LineCounter, diagnostics: Diagnostics) {
    this.#file = file;
    this.#lines = lines;
    this.diagnostics = diagnostics;
  }

  loc(node: Node | null): Loc {
    const { line, col } = this.#lines.linePos(node?.range?.[0] ?? 0);
    return { file: this.#file, line, column: col };
  }

  fields(node: Node | null, at: string, known?: readonly string[]): Field[] {
    if (!isMap(node)) return this.wrong(node, at, 'fields with names');
    return (node as YAMLMap<Node, Node | null>).items.map(({ key: keyNode, value }) => {
      const key = String(isScalar(keyNode) ? keyNode.value : keyNode);
      const keyLoc = this.loc(keyNode);
      if (known && !known.includes(key)) unknown('field', key, known, { at, loc: keyLoc });
      return { key, keyLoc, value, loc: this.loc(value ?? keyNode) };
    });
  }

  /** The fields by their names. */
  named(node: Node | null, at: string, known?: readonly string[]): ReadonlyMap<string, Field> {
    return new Map(this.fields(node, at, known).map((field) => [field.key, field]));
  }

  fieldsOrNone(node: Node | null, at: string): Field[] {
    return node === null || (isScalar(node) && node.value === null) ? [] : this.fields(node, at);
  }

  items(node: Node | null, at: string): Node[] {
    if (node === null || (isScalar(node) && node.value === null)) return [];
    return isSeq(node) ? (node.items as Node[]) : this.wrong(node, at, 'a list');
  }

  text(node: Node | null, at: string): string {
    const value = isScalar(node) ? node.value : undefined;
    const plain = typeof value === 'string' || typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean';
    return plain ? String(value) : this.wrong(node, at, 'one value');
  }

  /** Fields, lists and values unchanged, with numbers as text; null for an empty value. */
  plain(node: Node | null, at: string): unknown {
    if (node === null || (isScalar(node) && node.value === null)) return null;
    if (isMap(node)) return Object.fromEntries(this.fields(node, at).map((f) => [f.key, this.plain(f.value, at)]));
    if (isSeq(node)) return this.items(node, at).map((item) => this.plain(item, at));
    return isScalar(node) && typeof node.value === 'boolean' ? node.value : this.text(node, at);
  }

  whole(node: Node | null, at: string): bigint {
    const text = this.text(node, at);
    return /^(\d+|0x[\da-f]+)$/i.test(text) ? BigInt(text) : this.wrong(node, at, 'a whole number from 0');
  }

  /** A name that is a number: an id, or the index of a cell. */
  id({ key, keyLoc }: Field, at: string): number {
    if (/^\d+$/.test(key) && Number(key) <= maxId) return Number(key);
    return fail('entries-shape', { at, expected: `a number from 0 to ${maxId}`, got: key }, { loc: keyLoc });
  }

  wrong(node: Node | null, at: string, expected: string): never {
    const got = isMap(node) ? 'fields' : isSeq(node) ? 'a list' : isScalar(node) ? String(node.value) : 'nothing';
    return fail('entries-shape', { at, expected, got }, { loc: this.loc(node) });
  }

  /** A mistake in one item does not hide mistakes in the next. */
  each<T>(items: readonly T[], read: (item: T) => LocatedEntity[]): LocatedEntity[] {
    return items.flatMap((item) => this.diagnostics.attempt(() => read(item)) ?? []);
  }
}
