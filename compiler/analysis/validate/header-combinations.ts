/**
 * Sets of combinations of headers, as zero-suppressed decision diagrams (Minato 1993): a parser in which each of n headers
 * may be there or not has 2^n combinations, and a diagram of n nodes.
 *
 * Headers are numbers. In each node, the combinations without its header and those with it part; below it stand headers of
 * lower numbers. Equal sets are the same node.
 */

/** A set of combinations, by its node. */
export type Combinations = number;

/** No combination: no packet comes here. */
export const none: Combinations = 0;
/** The one combination in which no header is valid. */
export const empty: Combinations = 1;

/** Nodes are numbered below this, so that a pair of them is an exact number. */
const pair = 2 ** 26;

export class Diagrams {
  readonly #limit: number;
  // The ends of all diagrams, `none` and `empty`, stand below all headers.
  readonly #headers = [-1, -1];
  readonly #without = [none, none];
  readonly #with = [none, none];
  /** Nodes by what is below them, for each header. */
  readonly #nodes: Map<number, Combinations>[] = [];
  // What was computed: each result once, so that the work is bounded by the number of nodes and not of combinations.
  readonly #unions = new Map<number, Combinations>();
  readonly #chosen: Map<Combinations, Combinations>[] = [];
  readonly #made: Map<Combinations, Combinations>[] = [];
  readonly #anywhere: bigint[] = [0n, 0n];
  readonly #everywhere: bigint[] = [0n, 0n];

  /** Sets are wrong from where the diagrams together have more than `limit` nodes (see `full`). */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get full(): boolean {
    return this.#headers.length >= this.#limit;
  }

  union(a: Combinations, b: Combinations): Combinations {
    if (a === b || b === none || this.full) return a;
    if (a === none) return b;
    const key = Math.min(a, b) * pair + Math.max(a, b);
    const known = this.#unions.get(key);
    if (known !== undefined) return known;
    const top = Math.max(this.#header(a), this.#header(b));
    const without = this.union(this.#part(a, top, false), this.#part(b, top, false));
    const union = this.#node(top, without, this.union(this.#part(a, top, true), this.#part(b, top, true)));
    this.#unions.set(key, union);
    return union;
  }

  /** Those in which the header is valid, or those in which it is not. */
  only(set: Combinations, header: number, valid: boolean): Combinations {
    const top = this.#header(set);
    if (top < header || this.full) return valid ? none : set;
    if (top === header) return valid ? this.#node(header, none, this.#with[set] as number) : (this.#without[set] as number);
    this.#chosen[2 * header + Number(valid)] ??= new Map();
    const results = this.#chosen[2 * header + Number(valid)] as Map<Combinations, Combinations>;
    const known = results.get(set);
    if (known !== undefined) return known;
    const without = this.only(this.#without[set] as number, header, valid);
    const chosen = this.#node(top, without, this.only(this.#with[set] as number, header, valid));
    results.set(set, chosen);
    return chosen;
  }

  /** All of them, with the header made valid or invalid. */
  make(set: Combinations, header: number, valid: boolean): Combinations {
    const top = this.#header(set);
    if (top < header || this.full) return valid && set !== none ? this.#node(header, none, set) : set;
    if (top === header) {
      const others = this.union(this.#without[set] as number, this.#with[set] as number);
      return valid ? this.#node(header, none, others) : others;
    }
    this.#made[2 * header + Number(valid)] ??= new Map();
    const results = this.#made[2 * header + Number(valid)] as Map<Combinations, Combinations>;
    const known = results.get(set);
    if (known !== undefined) return known;
    const without = this.make(this.#without[set] as number, header, valid);
    const made = this.#node(top, without, this.make(this.#with[set] as number, header, valid));
    results.set(set, made);
    return made;
  }

  /** The headers that are in any of the combinations, a bit each. */
  inAny(set: Combinations): bigint {
    const known = this.#anywhere[set];
    if (known !== undefined) return known;
    const any = this.inAny(this.#without[set] as number) | this.inAny(this.#with[set] as number) | (1n << BigInt(this.#header(set)));
    this.#anywhere[set] = any;
    return any;
  }

  /** The headers that are in all of the combinations, of which there is one at least. */
  inAll(set: Combinations): bigint {
    const known = this.#everywhere[set];
    if (known !== undefined) return known;
    const [without, withIt] = [this.#without[set] as number, this.#with[set] as number];
    const all = without === none ? this.inAll(withIt) | (1n << BigInt(this.#header(set))) : this.inAll(without) & this.inAll(withIt);
    this.#everywhere[set] = all;
    return all;
  }

  /** One of the combinations in which the header is not valid, of which there is one at least. */
  oneWithout(set: Combinations, header: number): ReadonlySet<number> {
    const bit = 1n << BigInt(header);
    const one = new Set<number>();
    for (let node = set; node !== empty; ) {
      const [top, without] = [this.#header(node), this.#without[node] as number];
      if (without !== none && (top <= header || !(this.inAll(without) & bit))) node = without;
      else {
        one.add(top);
        node = this.#with[node] as number;
      }
    }
    return one;
  }

  has(set: Combinations, combination: ReadonlySet<number>): boolean {
    let node = set;
    let found = 0;
    while (node !== none && node !== empty) {
      const valid = combination.has(this.#header(node));
      if (valid) found++;
      node = (valid ? this.#with[node] : this.#without[node]) as number;
    }
    return node === empty && found === combination.size;
  }

  #header(set: Combinations): number {
    return this.#headers[set] as number;
  }

  /** The combinations with the header, which is left out of them, or those without it; no higher one is in them. */
  #part(set: Combinations, header: number, valid: boolean): Combinations {
    if (this.#header(set) < header) return valid ? none : set;
    return (valid ? this.#with[set] : this.#without[set]) as number;
  }

  #node(header: number, without: Combinations, withIt: Combinations): Combinations {
    if (withIt === none) return without;
    this.#nodes[header] ??= new Map();
    const nodes = this.#nodes[header] as Map<number, Combinations>;
    const key = without * pair + withIt;
    const known = nodes.get(key);
    if (known !== undefined) return known;
    const node = this.#headers.length;
    this.#headers.push(header);
    this.#without.push(without);
    this.#with.push(withIt);
    nodes.set(key, node);
    return node;
  }
}
