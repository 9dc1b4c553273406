// Copies of short byte strings without an allocation for each: they are laid into slabs one behind the other. A slab lives
// as long as one of its copies, so this is for bytes that live about equally long.

const slabBytes = 64 * 1024;
/** Longer copies get memory of their own. */
const longestInSlab = slabBytes / 8;

export class SlabCopier {
  #slab = new Uint8Array(0);
  #used = 0;

  /** A copy of `bytes[start … end)` that nobody else writes to. */
  copy(bytes: Uint8Array, start: number, end: number): Uint8Array {
    const length = end - start;
    if (length > longestInSlab) return bytes.slice(start, end);
    if (this.#used + length > this.#slab.length) {
      this.#slab = new Uint8Array(slabBytes);
      this.#used = 0;
    }
    const copy = this.#slab.subarray(this.#used, this.#used + length);
    copy.set(bytes.subarray(start, end));
    this.#used += length;
    return copy;
  }
}
