// Memory for what is sent, cut from large pieces: many small arrays of their own cost more than what is in them.

const slabBytes = 64 * 1024;

export class Slab {
  #slab = new Uint8Array(slabBytes);
  #used = 0;

  /** `length` bytes that nobody else gets. */
  room(length: number): Uint8Array {
    if (length > slabBytes) return new Uint8Array(length);
    if (this.#used + length > slabBytes) {
      this.#slab = new Uint8Array(slabBytes);
      this.#used = 0;
    }
    this.#used += length;
    return this.#slab.subarray(this.#used - length, this.#used);
  }
}
