/** Which pipeline a handle is of. */
import type { Program } from '../ir/program.js';

/** All handles of a pipeline have the same one. */
export class Owner {
  // Private: whoever prints a handle does not mean the whole program.
  #program: Program | undefined;

  constructor(program?: Program) {
    this.#program = program;
  }

  /** Undefined until the pipeline is recorded. */
  get program(): Program | undefined {
    return this.#program;
  }

  recorded(program: Program): void {
    this.#program = program;
  }
}
