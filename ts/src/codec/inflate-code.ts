// A prefix code of deflate (RFC 1951, 3.2.2): built from code lengths, strict about sets that are no code. Short codes are
// looked up, the rare longer ones counted through. Knows nothing of blocks.

const longest = 15;
const mostQuickBits = 9;

/** Bits of a code are sent highest first, all else in deflate lowest first. */
function reversed(code: number, length: number): number {
  let result = 0;
  for (let bit = 0; bit < length; bit++) result |= ((code >> bit) & 1) << (length - 1 - bit);
  return result;
}

export class PrefixCode {
  /** symbol × 16 + length by so many of the next bits; 0 where the code is longer or none. */
  #quick = new Uint16Array(1);
  #quickBits = 0;
  /** How many codes have each length. */
  readonly #counts = new Uint16Array(longest + 1);
  /** Symbols in the order of their codes. */
  readonly #symbols: Uint16Array;

  constructor(symbols: number) {
    this.#symbols = new Uint16Array(symbols);
  }

  /** Code of `lengths[start … end)`; `undefined` when the lengths form none. */
  static of(lengths: Uint8Array, start: number, end: number): PrefixCode | undefined {
    const code = new PrefixCode(end - start);
    return code.#fill(lengths.subarray(start, end)) ? code : undefined;
  }

  #fill(lengths: Uint8Array): boolean {
    const counts = this.#counts;
    for (const length of lengths) counts[length] = (counts[length] as number) + 1;
    const none = counts[0] as number;
    counts[0] = 0;
    const offsets = new Uint16Array(longest + 2);
    const next = new Uint16Array(longest + 2);
    let free = 1;
    for (let length = 1; length <= longest; length++) {
      const count = counts[length] as number;
      free = free * 2 - count;
      if (free < 0) return false;
      offsets[length + 1] = (offsets[length] as number) + count;
      next[length + 1] = ((next[length] as number) + count) << 1;
    }
    // Incomplete, but for a single code of one bit and for no code at all.
    const used = lengths.length - none;
    if (free > 0 && used > 0 && !(used === 1 && counts[1] === 1)) return false;
    const longestUsed = Math.max(
      counts.findLastIndex((count) => count > 0),
      0,
    );
    this.#quickBits = Math.min(longestUsed, mostQuickBits);
    this.#quick = new Uint16Array(1 << this.#quickBits);
    this.#assign(lengths, offsets, next);
    return true;
  }

  #assign(lengths: Uint8Array, offsets: Uint16Array, next: Uint16Array): void {
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      const length = lengths[symbol] as number;
      if (length === 0) continue;
      const place = offsets[length] as number;
      const code = next[length] as number;
      offsets[length] = place + 1;
      next[length] = code + 1;
      this.#symbols[place] = symbol;
      if (length > this.#quickBits) continue;
      const step = 1 << length;
      for (let at = reversed(code, length); at < this.#quick.length; at += step) this.#quick[at] = symbol * 16 + length;
    }
  }

  /** symbol × 16 + length of the code that `bits` begin with, lowest bit first; 0 when they begin with none. */
  find(bits: number): number {
    const quick = this.#quick[bits & (this.#quick.length - 1)] as number;
    return quick === 0 ? this.#count(bits) : quick;
  }

  #count(bits: number): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= longest; length++) {
      code |= (bits >> (length - 1)) & 1;
      const count = this.#counts[length] as number;
      if (code - count < first) return (this.#symbols[index + code - first] as number) * 16 + length;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    return 0;
  }
}
