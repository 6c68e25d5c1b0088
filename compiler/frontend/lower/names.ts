/** Names of the IR: unique where they are visible, and those of the source wherever that leaves them so. */

/** The names of one scope, and what they stand for: a declaration of the source has a binding. */
export class Frame<Binding> {
  readonly #parent: Frame<Binding> | undefined;
  readonly #taken = new Set<string>();
  readonly #bindings = new Map<object, Binding>();

  constructor(parent?: Frame<Binding>) {
    this.#parent = parent;
  }

  /** `wanted`, or that with a number after it where it is taken here or around; then it is. */
  claim(wanted: string): string {
    let name = wanted;
    for (let n = 0; this.has(name); n++) name = `${wanted}_${n}`;
    this.#taken.add(name);
    return name;
  }

  has(name: string): boolean {
    return this.#taken.has(name) || (this.#parent?.has(name) ?? false);
  }

  bind(decl: object, binding: Binding): void {
    this.#bindings.set(decl, binding);
  }

  find(decl: object): Binding | undefined {
    return this.#bindings.get(decl) ?? this.#parent?.find(decl);
  }
}

/** The names at the top of a program. A declaration has its own for itself, once; what is made of it more often gets others. */
export class TopNames {
  readonly #owners = new Map<string, object>();
  readonly #used = new Set<string>();

  constructor(decls: readonly { readonly name: { readonly text: string } }[]) {
    for (const decl of decls) if (!this.#owners.has(decl.name.text)) this.#owners.set(decl.name.text, decl);
  }

  has(name: string): boolean {
    return this.#owners.has(name) || this.#used.has(name);
  }

  claim(wanted: string, decl: object): string {
    if (this.#owners.get(wanted) === decl && !this.#used.has(wanted)) {
      this.#used.add(wanted);
      return wanted;
    }
    let n = 0;
    while (this.has(`${wanted}_${n}`)) n++;
    this.#used.add(`${wanted}_${n}`);
    return `${wanted}_${n}`;
  }
}
