// Seeded randomness of the large simulations: xoshiro128** on 32-bit integers, so that a seed means the same numbers on
// every machine. Knows nothing of what is drawn.

const rotated = (word, by) => (word << by) | (word >>> (32 - by));

export class Random {
  #a;
  #b;
  #c;
  #d;

  /** @param seed any integers: whoever needs several streams gives several numbers. */
  constructor(...seed) {
    let state = 0x9e3779b9;
    const next = () => {
      state = (state + 0x9e3779b9) | 0;
      let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      return mixed ^ (mixed >>> 15);
    };
    for (const part of seed) state = Math.imul(next() ^ part, 0x85ebca6b);
    [this.#a, this.#b, this.#c, this.#d] = [next(), next(), next(), next() | 1];
  }

  /** The next 32 bits, as an unsigned number. */
  next() {
    const result = Math.imul(rotated(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = rotated(this.#d, 11);
    return result;
  }

  /** A whole number in [0, bound), for bounds up to 2^21: the product stays exact. */
  below(bound) {
    return Math.floor((this.next() * bound) / 2 ** 32);
  }

  /** `count` different numbers in [0, bound), ascending; those in `without` are left out. */
  sample(count, bound, without = new Set()) {
    const chosen = new Set();
    while (chosen.size < count) {
      const one = this.below(bound);
      if (!without.has(one)) chosen.add(one);
    }
    return [...chosen].sort((a, b) => a - b);
  }
}
