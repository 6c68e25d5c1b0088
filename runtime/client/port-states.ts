/** The ports that the switch says are down, across the connections of a session. */

export class PortStates {
  readonly #tell: (port: number, up: boolean) => void;
  #down: ReadonlySet<number> = new Set();
  #isHeard = false;

  constructor(tell: (port: number, up: boolean) => void) {
    this.#tell = tell;
  }

  get down(): ReadonlySet<number> {
    return this.#down;
  }

  /** All that are down now. */
  receive(ports: readonly number[]): void {
    this.#isHeard = true;
    const before = this.#down;
    this.#down = new Set(ports);
    for (const port of before) if (!this.#down.has(port)) this.#tell(port, true);
    for (const port of this.#down) if (!before.has(port)) this.#tell(port, false);
  }

  lost(): void {
    this.#isHeard = false;
  }

  /** A switch that says nothing of its ports when a session begins has none that is down. */
  reconnected(): void {
    if (!this.#isHeard) this.receive([]);
  }
}
