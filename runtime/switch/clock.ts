/** The time of a switch: that of the machine, or one that tests and simulations set. */
import { expectArguments } from '../../compiler/dsl/arguments.js';
import { Lock } from './lock.js';

/** The time that a switch goes by. */
export interface Clock {
  /** Nanoseconds since the switch started. */
  now(): bigint;
  /** What the start of the switch was, in nanoseconds since 1970. */
  readonly epochNs: bigint;
  /** Runs the task at that time, or soon after it. Returns what calls it off. */
  at(timeNs: bigint, task: () => Promise<void>): () => void;
}

const nsPerMs = 1_000_000;
/** Beyond it, setTimeout fires at once. */
const maxDelayMs = 2 ** 31 - 1;

/** Other hosts have nothing that a timer could keep alive. */
type NodeTimer = { unref?(): void };

/** Time as it passes. What waits for it does not keep the process alive. */
export function systemClock(): Clock {
  const start = performance.now();
  const now = (): bigint => BigInt(Math.round((performance.now() - start) * nsPerMs));
  return {
    epochNs: BigInt(Date.now()) * BigInt(nsPerMs),
    now,
    at: (timeNs, task) => {
      let timer: ReturnType<typeof setTimeout>;
      const wait = (): void => {
        const left = Math.ceil(Number(timeNs - now()) / nsPerMs);
        timer = setTimeout(() => (now() < timeNs ? wait() : void task()), Math.min(Math.max(left, 0), maxDelayMs));
        (timer as unknown as NodeTimer).unref?.();
      };
      wait();
      return () => clearTimeout(timer);
    },
  };
}

interface Appointment {
  readonly timeNs: bigint;
  readonly task: () => Promise<void>;
}

/** Time that stands still until it is advanced. It starts at 0. */
export class ManualClock implements Clock {
  readonly epochNs = 0n;
  readonly #appointments = new Set<Appointment>();
  readonly #lock = new Lock();
  #now = 0n;

  now(): bigint {
    return this.#now;
  }

  at(timeNs: bigint, task: () => Promise<void>): () => void {
    const appointment = { timeNs, task };
    this.#appointments.add(appointment);
    return () => this.#appointments.delete(appointment);
  }

  /** Lets time pass. What is due on the way is done, in the order of its times, before this resolves. */
  async advance(ns: bigint): Promise<void> {
    expectArguments('advance', { ns: 'bigint' }, [ns]);
    return this.#lock.run(async () => {
      const end = this.#now + ns;
      for (let next = this.#next(end); next; next = this.#next(end)) {
        this.#appointments.delete(next);
        if (next.timeNs > this.#now) this.#now = next.timeNs;
        await next.task();
      }
      this.#now = end;
    });
  }

  #next(end: bigint): Appointment | undefined {
    let first: Appointment | undefined;
    for (const appointment of this.#appointments) {
      if (appointment.timeNs <= end && (!first || appointment.timeNs < first.timeNs)) first = appointment;
    }
    return first;
  }
}
