// A hash table from keys of 32 bytes to small numbers, in flat arrays: no object per key, no string per look-up.
// Keys come from strangers, so their hash is mixed with a secret seed.

import { readU32 } from "../bytes/index.js";

const keyBytes = 32;
const firstCapacity = 256;
const none = -1;

export class ByteTable {
  readonly #seed: number;
  #keys: Uint8Array;
  /** Entry numbers by hash, `none` where free; twice as many as entries. */
  #index: Int32Array;
  readonly #free: number[] = [];
  #used = 0;
  #size = 0;

  /** @param seed secret 32-bit number. */
  constructor(seed: number) {
    this.#seed = seed;
    this.#keys = new Uint8Array(firstCapacity * keyBytes);
    this.#index = new Int32Array(4 * firstCapacity).fill(none);
  }

  /** Keys in the table. */
  get size(): number {
    return this.#size;
  }

  /** Entry numbers ever given out: what parallel arrays need room for. */
  get capacity(): number {
    return this.#keys.length / keyBytes;
  }

  /** Entry of the key at `bytes[offset … offset + 32)`, or −1. */
  find(bytes: Uint8Array, offset: number): number {
    const mask = this.#index.length - 1;
    for (let place = this.#hash(bytes, offset) & mask; ; place = (place + 1) & mask) {
      const entry = this.#index[place] as number;
      if (entry === none || this.#hasKey(entry, bytes, offset)) return entry;
    }
  }

  /** Adds a key that is not there; answers its entry, which stays until `remove`. */
  add(bytes: Uint8Array, offset: number): number {
    if (this.#free.length === 0 && this.#used === this.capacity) this.#grow();
    const entry = this.#free.pop() ?? this.#used++;
    this.#keys.set(bytes.subarray(offset, offset + keyBytes), entry * keyBytes);
    this.#place(entry);
    this.#size++;
    return entry;
  }

  /** Removes an entry that is there; the others keep theirs. */
  remove(entry: number): void {
    const mask = this.#index.length - 1;
    let hole = this.#home(entry);
    while (this.#index[hole] !== entry) hole = (hole + 1) & mask;
    // What a search would reach only through the hole moves into it.
    for (let place = (hole + 1) & mask; this.#index[place] !== none; place = (place + 1) & mask) {
      const moved = this.#index[place] as number;
      if (((place - this.#home(moved)) & mask) < ((place - hole) & mask)) continue;
      this.#index[hole] = moved;
      hole = place;
    }
    this.#index[hole] = none;
    this.#free.push(entry);
    this.#size--;
  }

  /** The place at which the search for an entry begins. */
  #home(entry: number): number {
    return this.#hash(this.#keys, entry * keyBytes) & (this.#index.length - 1);
  }

  #place(entry: number): void {
    const mask = this.#index.length - 1;
    let place = this.#home(entry);
    while (this.#index[place] !== none) place = (place + 1) & mask;
    this.#index[place] = entry;
  }

  #grow(): void {
    const keys = new Uint8Array(2 * this.#keys.length);
    keys.set(this.#keys);
    this.#keys = keys;
    this.#index = new Int32Array(2 * this.#index.length).fill(none);
    for (let entry = 0; entry < this.#used; entry++) this.#place(entry);
  }

  #hasKey(entry: number, bytes: Uint8Array, offset: number): boolean {
    const base = entry * keyBytes;
    for (let i = 0; i < keyBytes; i++) if (this.#keys[base + i] !== bytes[offset + i]) return false;
    return true;
  }

  #hash(bytes: Uint8Array, offset: number): number {
    let hash = this.#seed;
    for (let i = 0; i < keyBytes; i += 4) {
      hash = Math.imul(hash ^ readU32(bytes, offset + i), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash >>> 0;
  }
}
