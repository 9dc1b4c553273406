// Which peers have sent a copy of the last accepted broadcasts: what keeps a relay from echoing and counts repeats.
// A ring of fixed size with a hash index, so that old entries fall out by themselves and nothing grows.

const none = -1;

export class RecentMessages {
  readonly #capacity: number;
  /** Words of the bit set of slots per entry. */
  readonly #words: number;
  readonly #from: Uint32Array;
  /** Three numbers name a message: entry of its origin and halves of its sequence, or entry of its id and zeros. */
  readonly #keys: Uint32Array;
  readonly #index: Int32Array;
  readonly #nextInPlace: Int32Array;
  #added = 0;

  /** @param capacity messages remembered. @param slots peers that can be told apart. */
  constructor(capacity: number, slots: number) {
    this.#capacity = capacity;
    this.#words = Math.ceil(slots / 32);
    this.#from = new Uint32Array(capacity * this.#words);
    this.#keys = new Uint32Array(capacity * 3);
    this.#index = new Int32Array(2 ** Math.ceil(Math.log2(capacity + 1))).fill(none);
    this.#nextInPlace = new Int32Array(capacity).fill(none);
  }

  /** Entry of a message, or −1 when it is none of the recent ones. */
  find(a: number, b: number, c: number): number {
    let entry = this.#index[this.#place(a, b, c)] as number;
    while (entry !== none && !this.#isKey(entry, a, b, c)) entry = this.#nextInPlace[entry] as number;
    return entry;
  }

  /** Adds a message; the oldest one falls out when the ring is full. Answers its entry. */
  add(a: number, b: number, c: number): number {
    const entry = this.#added % this.#capacity;
    if (this.#added >= this.#capacity) this.#unlink(entry);
    this.#added++;
    this.#keys[entry * 3] = a;
    this.#keys[entry * 3 + 1] = b;
    this.#keys[entry * 3 + 2] = c;
    for (let word = entry * this.#words; word < (entry + 1) * this.#words; word++) this.#from[word] = 0;
    const place = this.#place(a, b, c);
    this.#nextInPlace[entry] = this.#index[place] as number;
    this.#index[place] = entry;
    return entry;
  }

  /** Whether the peer in a slot has sent a copy. */
  hasFrom(entry: number, slot: number): boolean {
    return (((this.#from[entry * this.#words + (slot >>> 5)] as number) >>> (slot & 31)) & 1) === 1;
  }

  /** Notes a copy of a peer. */
  setFrom(entry: number, slot: number): void {
    const word = entry * this.#words + (slot >>> 5);
    this.#from[word] = (this.#from[word] as number) | (1 << (slot & 31));
  }

  /** Forgets a peer that is gone: its slot may go to another. */
  clearSlot(slot: number): void {
    const mask = ~(1 << (slot & 31));
    for (let word = slot >>> 5; word < this.#from.length; word += this.#words)
      this.#from[word] = (this.#from[word] as number) & mask;
  }

  #unlink(entry: number): void {
    const base = entry * 3;
    const place = this.#place(
      this.#keys[base] as number,
      this.#keys[base + 1] as number,
      this.#keys[base + 2] as number,
    );
    const after = this.#nextInPlace[entry] as number;
    if (this.#index[place] === entry) {
      this.#index[place] = after;
      return;
    }
    let before = this.#index[place] as number;
    while (this.#nextInPlace[before] !== entry) before = this.#nextInPlace[before] as number;
    this.#nextInPlace[before] = after;
  }

  #isKey(entry: number, a: number, b: number, c: number): boolean {
    const base = entry * 3;
    return this.#keys[base + 2] === c && this.#keys[base] === a && this.#keys[base + 1] === b;
  }

  #place(a: number, b: number, c: number): number {
    return (Math.imul(a, 0x9e3779b1) + c + Math.imul(b, 0x85ebca6b)) & (this.#index.length - 1);
  }
}
