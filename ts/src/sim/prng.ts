// Numbers from a seed: xoshiro128** filled by splitmix32. Integers only, so every machine draws the same ones.

/** Steps of splitmix32: spreads a small seed over 32 bits. */
function spread(state: number): number {
  let mixed = state >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

const rotated = (value: number, by: number): number => (value << by) | (value >>> (32 - by));

export class Prng {
  readonly #seed: number;
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** @param seed an unsigned integer of 32 bits. */
  constructor(seed: number) {
    this.#seed = seed >>> 0;
    const word = (i: number): number => spread(this.#seed + Math.imul(i, 0x9e3779b9)) | 0;
    [this.#a, this.#b, this.#c, this.#d] = [word(1), word(2), word(3), word(4) | 1];
  }

  /** An independent source: what is drawn from it changes nothing here. */
  fork(label: number): Prng {
    return new Prng(spread(this.#seed ^ spread(label + 0x51ed270b)));
  }

  /** An unsigned integer of 32 bits. */
  next(): number {
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

  /** A whole number in [0, bound); bound at most 2^21, so that the product is exact. */
  below(bound: number): number {
    return Math.floor((this.next() * bound) / 2 ** 32);
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** One of the items; there is at least one. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  /** The items in another order, in a new array. */
  shuffled<T>(items: readonly T[]): T[] {
    const shuffled = [...items];
    for (let i = shuffled.length - 1; i > 0; i--) {
      const other = this.below(i + 1);
      [shuffled[i], shuffled[other]] = [shuffled[other] as T, shuffled[i] as T];
    }
    return shuffled;
  }

  /** `length` new bytes. */
  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    let word = 0;
    for (let i = 0; i < length; i++) {
      if ((i & 3) === 0) word = this.next();
      bytes[i] = word >>> ((i & 3) * 8);
    }
    return bytes;
  }
}
