/** Which random numbers lead a packet the same way. */
import type { RandomAlternative, RandomChoiceEvent, TraceEvent } from '../data-plane/trace.js';

interface Way {
  readonly number: bigint;
  readonly events: readonly TraceEvent[];
  /** The same text for the same way. */
  readonly same: string;
}

/** How many numbers are tried. */
export interface Effort {
  /** With equal distances, where there are more than `most`. */
  readonly first: number;
  readonly most: number;
}

/**
 * `way` gives what happens with a number. All numbers are tried, or first some of them. Where two of these go different ways,
 * numbers between them are tried until it is known where the ways part.
 */
export function tryNumbers(
  low: bigint,
  high: bigint,
  way: (number: bigint) => readonly TraceEvent[],
  { first, most }: Effort,
): Pick<RandomChoiceEvent, 'tried' | 'untried' | 'alternatives'> {
  const tryOne = (number: bigint): Way => {
    const events = way(number);
    return { number, events, same: wayOf(events) };
  };
  const total = high - low + 1n;
  const count = total <= BigInt(most) ? Number(total) : first;
  const tried = Array.from({ length: count }, (_, i) => tryOne(low + (BigInt(i) * (high - low)) / BigInt(count - 1)));
  while (tried.length < most) {
    const widest = widestGap(tried);
    if (widest === 0) break;
    const [from, to] = [tried[widest - 1], tried[widest]] as [Way, Way];
    tried.splice(widest, 0, tryOne((from.number + to.number) / 2n));
  }
  return { tried: tried.length, ...alternativesOf(tried, total) };
}

/** Of the numbers whose predecessor goes another way, the place of the one that is furthest from it; 0 where all are next to it. */
function widestGap(tried: readonly Way[]): number {
  let [widest, at] = [1n, 0];
  for (let i = 1; i < tried.length; i++) {
    const [from, to] = [tried[i - 1], tried[i]] as [Way, Way];
    const gap = to.number - from.number;
    if (gap > widest && from.same !== to.same) [widest, at] = [gap, i];
  }
  return at;
}

function alternativesOf(tried: readonly Way[], total: bigint): Pick<RandomChoiceEvent, 'untried' | 'alternatives'> {
  const ways = new Map<string, { readonly events: readonly TraceEvent[]; readonly values: { low: bigint; high: bigint }[] }>();
  let last: Way | undefined;
  for (const one of tried) {
    const { events, values } = ways.get(one.same) ?? { events: one.events, values: [] };
    const range = values.at(-1);
    if (range && last?.same === one.same) range.high = one.number;
    else values.push({ low: one.number, high: one.number });
    ways.set(one.same, { events, values });
    last = one;
  }
  const known = [...ways.values()].map(({ events, values }) => ({
    events,
    values,
    count: values.reduce((sum, { low, high }) => sum + high - low + 1n, 0n),
  }));
  const untried = known.reduce((left, { count }) => left - count, total);
  const alternatives = known.map(
    ({ events, values, count }): RandomAlternative => ({
      probability: Number(count) / Number(total),
      values: values.map(({ low, high }) => ({ low: `${low}`, high: `${high}` })),
      events,
    }),
  );
  return { ...(untried > 0n ? { untried: `${untried}` } : {}), alternatives };
}

/** Parts of events that are values: packets that differ in nothing else go the same way. */
const values: ReadonlySet<string> = new Set([
  ...['old', 'new', 'value', 'values', 'result', 'on', 'fields', 'args', 'kept', 'inputs', 'hash', 'index', 'base', 'max', 'data'],
  ...['stored', 'computed', 'committed', 'peak', 'excess', 'text', 'probability', 'byHash', 'assumed', 'tried', 'untried'],
]);

/** What happens, without the values: states, entries, branches, ports, and how long packets are. */
function wayOf(events: readonly TraceEvent[]): string {
  return JSON.stringify(events, (name, part) => {
    if (values.has(name)) return undefined;
    return name === 'bytes' ? part.length : part;
  });
}
