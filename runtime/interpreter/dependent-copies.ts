/** Whether a copy of a packet can see what another one chose, in a tree where each has its own choices. */
import type { TraceEvent } from '../data-plane/trace.js';

/** A packet or a copy, without the copies of it. */
interface Strand {
  readonly inner: Strand[];
  readonly reads: Set<string>;
  readonly writes: Set<string>;
  chooses: boolean;
}

const newStrand = (): Strand => ({ inner: [], reads: new Set(), writes: new Set(), chooses: false });

/** By registers and meters; by the same hash, the run itself sees it. */
export function copiesDepend(tree: readonly TraceEvent[]): boolean {
  const whole = newStrand();
  collect(tree, whole);
  const all = within(whole);
  return all.some((strand) => {
    if (!strand.chooses) return false;
    const own = within(strand);
    const written = new Set(own.flatMap(({ writes }) => [...writes]));
    return all.some((other) => !own.includes(other) && [...other.reads].some((cell) => written.has(cell)));
  });
}

const within = (strand: Strand): readonly Strand[] => [strand, ...strand.inner.flatMap(within)];

function collect(events: readonly TraceEvent[], strand: Strand): void {
  for (const event of events) {
    switch (event.kind) {
      case 'register-read':
        strand.reads.add(`register ${event.register}[${event.index}]`);
        break;
      case 'register-write':
        strand.writes.add(`register ${event.register}[${event.index}]`);
        break;
      case 'meter': {
        // A meter without rates has nothing that packets share.
        if (!event.committed) break;
        const cell = `meter ${event.meter}[${event.index ?? ''}]`;
        strand.reads.add(cell);
        strand.writes.add(cell);
        break;
      }
      case 'choice':
        strand.chooses = true;
        for (const alternative of event.alternatives) collect(alternative.events, strand);
        break;
      case 'copy': {
        const inner = newStrand();
        strand.inner.push(inner);
        collect(event.events, inner);
        break;
      }
      default:
        if ('events' in event) collect(event.events, strand);
    }
  }
}
