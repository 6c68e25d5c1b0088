/** Names that differ from one another. */
export class Names {
  readonly #counts = new Map<string, number>();

  constructor(taken: Iterable<string> = []) {
    for (const name of taken) this.#counts.set(name, 0);
  }

  /** `wanted`, or `wanted` with a number at its end where that is taken. */
  unique(wanted: string): string {
    let count = this.#counts.get(wanted);
    if (count === undefined) {
      this.#counts.set(wanted, 0);
      return wanted;
    }
    let name: string;
    do name = `${wanted}_${count++}`;
    while (this.#counts.has(name));
    this.#counts.set(wanted, count);
    this.#counts.set(name, 0);
    return name;
  }
}
