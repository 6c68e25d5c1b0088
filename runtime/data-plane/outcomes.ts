/** The outcomes of a tree: each is one thing that can happen to the packet, with all its copies. */
import type { Trace, TraceEvent } from './trace.js';

/** One thing that can happen to a packet. */
export interface TracedOutcome {
  /** From 0 to 1; none where a choice has no probabilities. */
  readonly probability?: number;
  /** Without choices: as the trace of a packet that made them. */
  readonly trace: Trace;
}

/** Each is made when it is asked for: choices of several copies multiply. */
export function* outcomesOf(tree: Trace): Generator<TracedOutcome> {
  for (const { probability, events } of ways(tree.events))
    yield { ...(probability === undefined ? {} : { probability }), trace: { ...tree, events } };
}

/** How many outcomes there are. */
export function countOutcomes(events: readonly TraceEvent[]): bigint {
  let count = 1n;
  for (const event of events) {
    if (event.kind === 'choice') count *= event.alternatives.reduce((sum, { events: inner }) => sum + countOutcomes(inner), 0n);
    else if ('events' in event) count *= countOutcomes(event.events);
  }
  return count;
}

interface Way {
  readonly probability: number | undefined;
  readonly events: readonly TraceEvent[];
}

function* ways(events: readonly TraceEvent[]): Generator<Way> {
  const at = events.findIndex(hasChoice);
  const event = events[at];
  if (!event) {
    yield { probability: 1, events };
    return;
  }
  const [before, after] = [events.slice(0, at), events.slice(at + 1)];
  for (const here of waysOf(event))
    for (const then of ways(after)) {
      const probability = both(here.probability, then.probability);
      yield { probability, events: [...joined(before, here.events), ...then.events] };
    }
}

function* waysOf(event: TraceEvent): Generator<Way> {
  if (event.kind === 'choice') {
    for (const alternative of event.alternatives)
      for (const { probability, events } of ways(alternative.events))
        yield { probability: both(alternative.probability, probability), events };
  } else if ('events' in event)
    for (const { probability, events } of ways(event.events)) yield { probability, events: [{ ...event, events }] };
}

const both = (a: number | undefined, b: number | undefined): number | undefined => (a === undefined || b === undefined ? undefined : a * b);

const hasChoice = (event: TraceEvent): boolean => event.kind === 'choice' || ('events' in event && event.events.some(hasChoice));

/** What began before a choice goes on in the alternative. */
function joined(before: readonly TraceEvent[], after: readonly TraceEvent[]): readonly TraceEvent[] {
  const [first, ...rest] = after;
  const last = before.at(-1);
  if (!first || !('events' in first) || !first.continued || !last || !('events' in last)) return [...before, ...after];
  return [...before.slice(0, -1), { ...last, events: joined(last.events, first.events) }, ...rest];
}
