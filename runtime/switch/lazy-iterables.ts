/** Iterables whose items are made when they are asked for. */

export function* mapped<T, R>(items: Iterable<T>, make: (item: T, index: number) => R): Iterable<R> {
  let index = 0;
  for (const item of items) yield make(item, index++);
}

export function* joined<T>(parts: Iterable<Iterable<T>>): Iterable<T> {
  for (const part of parts) yield* part;
}

export function* filtered<T>(items: Iterable<T>, isWanted: (item: T) => boolean): Iterable<T> {
  for (const item of items) if (isWanted(item)) yield item;
}
