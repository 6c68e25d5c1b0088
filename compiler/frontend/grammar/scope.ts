/**
 * Which names stand for types where the grammar is. P4-16 needs to know: `(a) - b` is a cast where `a` is a type, and
 * `f(a < b, c > (d))` has one argument where `b` is one.
 */
export class TypeScope {
  #scopes: Map<string, boolean>[] = [new Map()];

  get depth(): number {
    return this.#scopes.length;
  }

  reset(): void {
    this.#scopes = [new Map()];
  }

  push(): void {
    this.#scopes.push(new Map());
  }

  /** Leaves scopes until `depth` of them are left. */
  popTo(depth: number): void {
    this.#scopes.length = depth;
  }

  declareType(name: string): void {
    this.#scopes.at(-1)?.set(name, true);
  }

  /** A variable, a parameter, a function: it hides a type of the same name outside. */
  declareValue(name: string): void {
    this.#scopes.at(-1)?.set(name, false);
  }

  isType(name: string): boolean {
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      const found = this.#scopes[i]?.get(name);
      if (found !== undefined) return found;
    }
    return false;
  }

  isGlobalType(name: string): boolean {
    return this.#scopes[0]?.get(name) ?? false;
  }
}
