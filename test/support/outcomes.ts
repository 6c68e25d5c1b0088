/** What asynchronous work comes to. */
import { expect } from 'vitest';

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** What it is rejected with; the test fails when it is not. */
export const thrown = (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => expect.unreachable('it was not refused'),
    (error: unknown) => error,
  );
