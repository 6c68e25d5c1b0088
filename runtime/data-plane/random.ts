/** Random numbers that depend on a seed only: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
import { bitLength, truncate } from '../../compiler/support/bits.js';

export class Random {
  #state: bigint;

  constructor(seed: number) {
    this.#state = BigInt(seed);
  }

  /** The next 64 bits. */
  next(): bigint {
    this.#state = truncate(this.#state + 0x9e3779b97f4a7c15n, 64);
    let z = this.#state;
    z = truncate((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n, 64);
    z = truncate((z ^ (z >> 27n)) * 0x94d049bb133111ebn, 64);
    return z ^ (z >> 31n);
  }

  /** From 0, each number as likely as any other. */
  below(count: bigint): bigint {
    return this.between(0n, count - 1n);
  }

  /** Between `low` and `high`, both included, each number as likely as any other. */
  between(low: bigint, high: bigint): bigint {
    const most = high - low;
    const width = bitLength(most);
    for (;;) {
      let bits = 0n;
      for (let have = 0; have < width; have += 64) bits = (bits << 64n) | this.next();
      bits = truncate(bits, width);
      if (bits <= most) return low + bits;
    }
  }
}
