/** What arrives before it is asked for: a bounded queue read as an async iterable. */
export class Queue<T> implements AsyncIterable<T> {
  readonly #limit: number;
  readonly #items: ({ readonly value: T } | { readonly error: unknown })[] = [];
  readonly #waiting: { resolve(result: IteratorResult<T>): void; reject(error: unknown): void }[] = [];
  #ended: { readonly error?: unknown } | undefined;

  /** Beyond `limit` items, new ones are dropped. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  push(item: T): void {
    if (this.#ended) return;
    const reader = this.#waiting.shift();
    if (reader) reader.resolve({ value: item, done: false });
    else if (this.#items.length < this.#limit) this.#items.push({ value: item });
  }

  /** The next reader hears of the error, in its turn; the queue goes on. */
  pushError(error: unknown): void {
    if (this.#ended) return;
    const reader = this.#waiting.shift();
    if (reader) reader.reject(error);
    else this.#items.push({ error });
  }

  /** What is queued can still be read; then iteration ends, or throws the error. */
  end(error?: unknown): void {
    if (this.#ended) return;
    this.#ended = error === undefined ? {} : { error };
    for (const reader of this.#waiting.splice(0)) {
      if (error === undefined) reader.resolve({ value: undefined, done: true });
      else reader.reject(error);
    }
  }

  /** Iterators share the items: each goes to one of them. Leaving a loop keeps the rest for the next one. */
  [Symbol.asyncIterator](): AsyncIterator<T> {
    return { next: () => this.#next() };
  }

  #next(): Promise<IteratorResult<T>> {
    const item = this.#items.shift();
    if (item) return 'error' in item ? Promise.reject(item.error) : Promise.resolve({ value: item.value, done: false });
    if (this.#ended) {
      return this.#ended.error === undefined ? Promise.resolve({ value: undefined, done: true }) : Promise.reject(this.#ended.error);
    }
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }
}

/** Iterates like the source, once `ready` is fulfilled: leaving the loop leaves the rest there. */
export function mapped<T, U>(source: AsyncIterable<T>, map: (item: T) => U, ready?: Promise<unknown>): AsyncIterable<U> {
  return {
    [Symbol.asyncIterator]: () => {
      const iterator = source[Symbol.asyncIterator]();
      return {
        next: async () => {
          await ready;
          const result = await iterator.next();
          return result.done ? { value: undefined, done: true } : { value: map(result.value), done: false };
        },
      };
    },
  };
}
