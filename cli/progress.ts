/** How far a long run is: on a terminal, on stderr; elsewhere nothing is written. */
import { SingleBar } from 'cli-progress';

export interface Progress {
  /** So many are done, and this one is being done. */
  at(done: number, now: string): void;
  /** Leaves nothing of it on the terminal, until the next `at`. */
  hide(): void;
}

export function progressOf(what: string, total: number): Progress {
  const bar = new SingleBar({ format: `${what} {bar} {value}/{total} {now}`, clearOnComplete: true, stream: process.stderr });
  return {
    at: (done, now) => (bar.isActive ? bar.update(done, { now }) : bar.start(total, done, { now })),
    hide: () => bar.stop(),
  };
}
