/** Packets on trial: what they change in the state is taken back. */

/** Brings back what was there. */
export type Restore = () => void;

export class Trial {
  #restores: Restore[] | undefined;

  /** Whether what changes has to be kept. */
  get isOn(): boolean {
    return this.#restores !== undefined;
  }

  /** For what is about to change. */
  keep(restore: Restore): void {
    this.#restores?.push(restore);
  }

  /** Runs `run`, and takes back what it changed. */
  run<T>(run: () => T): T {
    const restores: Restore[] = [];
    this.#restores = restores;
    try {
      return run();
    } finally {
      this.#restores = undefined;
      for (const restore of restores.reverse()) restore();
    }
  }
}
