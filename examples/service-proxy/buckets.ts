/** Which back end each bucket of a service has. */

/**
 * Shares the buckets out evenly, changing as few of them as possible: a bucket keeps what it has unless that is gone or
 * has more than its share.
 *
 * @param current what each bucket has now; undefined for nothing
 * @param backends the numbers of the back ends; none gives back no bucket
 */
export function shareOut(current: readonly (number | undefined)[], backends: readonly number[]): readonly (number | undefined)[] {
  if (backends.length === 0) return current.map(() => undefined);
  const held = (backend: number) => current.filter((one) => one === backend).length;
  const least = Math.floor(current.length / backends.length);
  const rest = current.length % backends.length;
  // One bucket more for those that have most.
  const ranked = [...backends].sort((a, b) => held(b) - held(a) || a - b);
  const share = new Map(ranked.map((backend, rank) => [backend, least + (rank < rest ? 1 : 0)]));
  const take = (backend: number): boolean => {
    const left = share.get(backend) ?? 0;
    if (left > 0) share.set(backend, left - 1);
    return left > 0;
  };
  const kept = current.map((backend) => (backend !== undefined && take(backend) ? backend : undefined));
  let next = 0;
  return kept.map((backend) => {
    if (backend !== undefined) return backend;
    // In turn, so that neighbours in the table are not all the same.
    for (;;) {
      const candidate = ranked[next++ % ranked.length] as number;
      if (take(candidate)) return candidate;
    }
  });
}
