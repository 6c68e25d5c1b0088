/** How changes are undone: those of an update that is refused half-way, and those of a batch that is all or nothing. */
export class Journal {
  readonly #undo: (() => void)[] = [];

  /** A change was made; this takes it back once everything after it was taken back. */
  add(undo: () => void): void {
    this.#undo.push(undo);
  }

  /** Where the journal stands now. */
  get mark(): number {
    return this.#undo.length;
  }

  /** Takes back what was changed since. */
  rollback(mark = 0): void {
    while (this.#undo.length > mark) this.#undo.pop()?.();
  }

  /** The changes stay. */
  forget(): void {
    this.#undo.length = 0;
  }
}

/** Is told of each change, before the change is in the journal. */
export type Watcher<K, V> = (key: K, before: V | undefined, after: V | undefined) => void;

/** A map whose changes can be undone. A value that comes back is the last in its order. */
export class JournaledMap<K, V> {
  readonly #journal: Journal;
  readonly #watcher: Watcher<K, V> | undefined;
  readonly #map = new Map<K, V>();

  constructor(journal: Journal, entries: Iterable<readonly [K, V]> = [], watcher?: Watcher<K, V>) {
    this.#journal = journal;
    this.#watcher = watcher;
    for (const [key, value] of entries) this.#map.set(key, value);
  }

  get size(): number {
    return this.#map.size;
  }
  has(key: K): boolean {
    return this.#map.has(key);
  }
  get(key: K): V | undefined {
    return this.#map.get(key);
  }
  /** As `set`, for a key that is new. */
  add(key: K, value: V): void {
    const map = this.#map;
    this.#watcher?.(key, undefined, value);
    this.#journal.add(() => map.delete(key));
    map.set(key, value);
  }
  set(key: K, value: V): void {
    this.#remember(key, value);
    this.#map.set(key, value);
  }
  delete(key: K): void {
    if (!this.#map.has(key)) return;
    this.#remember(key, undefined);
    this.#map.delete(key);
  }
  keys(): Iterable<K> {
    return this.#map.keys();
  }
  values(): Iterable<V> {
    return this.#map.values();
  }
  [Symbol.iterator](): Iterator<[K, V]> {
    return this.#map[Symbol.iterator]();
  }

  #remember(key: K, after: V | undefined): void {
    const before = this.#map.get(key);
    this.#watcher?.(key, before, after);
    this.#journal.add(before === undefined ? () => this.#map.delete(key) : () => this.#map.set(key, before));
  }
}
