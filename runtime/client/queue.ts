/** What arrives before it is asked for: a bounded queue read as an async iterable. */

/** What a switch sends, in order. Leaving a loop keeps the rest for the next one. */
export interface Stream<T> extends AsyncIterable<T> {
  /** How many were lost until now because nobody read them in time. */
  readonly dropped: number;
}

interface Reader<T> {
  resolve(result: IteratorResult<T>): void;
  reject(error: unknown): void;
}

export class Queue<T> implements Stream<T> {
  readonly #limit: number;
  readonly #onDrop: ((total: number) => void) | undefined;
  readonly #items: T[] = [];
  readonly #waiting: Reader<T>[] = [];
  #ended: { readonly error?: unknown } | undefined;
  #dropped = 0;
  #isDropping = false;

  /** Beyond `limit` items, new ones are dropped; `onDrop` is told of the first since the queue had room. */
  constructor(limit: number, onDrop?: (total: number) => void) {
    this.#limit = limit;
    this.#onDrop = onDrop;
  }

  get dropped(): number {
    return this.#dropped;
  }

  push(item: T): void {
    if (this.#ended) return;
    const reader = this.#waiting.shift();
    if (reader) reader.resolve({ value: item, done: false });
    else if (this.#items.length < this.#limit) this.#items.push(item);
    else this.#drop();
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
    return { next: () => this.next() };
  }

  /** The next item; `signal` ends the wait for it, as if the queue were at its end. */
  next(signal?: AbortSignal): Promise<IteratorResult<T>> {
    if (signal?.aborted) return Promise.resolve({ value: undefined, done: true });
    if (this.#items.length > 0) {
      this.#isDropping = false;
      return Promise.resolve({ value: this.#items.shift() as T, done: false });
    }
    if (this.#ended) {
      return this.#ended.error === undefined ? Promise.resolve({ value: undefined, done: true }) : Promise.reject(this.#ended.error);
    }
    return new Promise((resolve, reject) => this.#wait({ resolve, reject }, signal));
  }

  #wait(reader: Reader<T>, signal: AbortSignal | undefined): void {
    if (!signal) {
      this.#waiting.push(reader);
      return;
    }
    const leave = (): void => {
      const at = this.#waiting.indexOf(waiting);
      if (at >= 0) this.#waiting.splice(at, 1);
      reader.resolve({ value: undefined, done: true });
    };
    const stay = (): void => signal.removeEventListener('abort', leave);
    const waiting: Reader<T> = {
      resolve: (result) => {
        stay();
        reader.resolve(result);
      },
      reject: (error) => {
        stay();
        reader.reject(error);
      },
    };
    signal.addEventListener('abort', leave, { once: true });
    this.#waiting.push(waiting);
  }

  #drop(): void {
    this.#dropped++;
    if (this.#isDropping) return;
    this.#isDropping = true;
    this.#onDrop?.(this.#dropped);
  }
}

/** Iterates like the source, once `ready` is fulfilled, until `signal` is aborted. */
export function mapped<T, U>(source: Queue<T>, map: (item: T) => U, signal?: AbortSignal, ready?: Promise<unknown>): Stream<U> {
  return {
    get dropped() {
      return source.dropped;
    },
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        await ready;
        const result = await source.next(signal);
        return result.done ? { value: undefined, done: true } : { value: map(result.value), done: false };
      },
    }),
  };
}
