// Entries of a table in the order in which they were last used, oldest first: a doubly linked list in flat arrays, so that
// using and forgetting cost the same however many there are.

const none = -1;

export class AgeList {
  #usedAt: Float64Array;
  #older: Int32Array;
  #newer: Int32Array;
  #oldest = none;
  #newest = none;

  constructor(capacity: number) {
    this.#usedAt = new Float64Array(capacity);
    this.#older = new Int32Array(capacity);
    this.#newer = new Int32Array(capacity);
  }

  /** Adds an entry that is not in the list, as the newest. */
  add(entry: number, now: number): void {
    if (entry >= this.#usedAt.length) this.#grow(entry + 1);
    this.#usedAt[entry] = now;
    this.#older[entry] = this.#newest;
    this.#newer[entry] = none;
    if (this.#newest === none) this.#oldest = entry;
    else this.#newer[this.#newest] = entry;
    this.#newest = entry;
  }

  /** Makes an entry of the list the newest. */
  touch(entry: number, now: number): void {
    this.#unlink(entry);
    this.add(entry, now);
  }

  /** Takes out the oldest entry if it was last used before `time`; −1 when there is none. */
  takeOlderThan(time: number): number {
    const entry = this.#oldest;
    if (entry === none || (this.#usedAt[entry] as number) >= time) return none;
    this.#unlink(entry);
    return entry;
  }

  #unlink(entry: number): void {
    const older = this.#older[entry] as number;
    const newer = this.#newer[entry] as number;
    if (older === none) this.#oldest = newer;
    else this.#newer[older] = newer;
    if (newer === none) this.#newest = older;
    else this.#older[newer] = older;
  }

  #grow(needed: number): void {
    const capacity = Math.max(needed, 2 * this.#usedAt.length);
    const [usedAt, older, newer] = [new Float64Array(capacity), new Int32Array(capacity), new Int32Array(capacity)];
    usedAt.set(this.#usedAt);
    older.set(this.#older);
    newer.set(this.#newer);
    this.#usedAt = usedAt;
    this.#older = older;
    this.#newer = newer;
  }
}
