// The lane of one peer: broadcasts that wait for their verification, and whatever came behind them, in the order in which
// it all came. Effects happen at the head only: r[mesh.lane], r[frame.order].

/** Something that waits its turn. */
export interface LaneEntry {
  /** Whether it can take effect when its turn comes. */
  isDecided: boolean;
  /** Bytes that it keeps in memory. */
  readonly bytes: number;
  /** Takes effect; may make the entry undecided again, which keeps it at the head. */
  run(): void;
}

export class Lane {
  readonly #entries: LaneEntry[] = [];
  #head = 0;
  #bytes = 0;
  #isDraining = false;

  get length(): number {
    return this.#entries.length - this.#head;
  }

  /** Bytes that the entries keep in memory. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether it is this entry's turn as soon as it is decided. */
  isNext(entry: LaneEntry): boolean {
    return this.#entries[this.#head] === entry;
  }

  push(entry: LaneEntry): void {
    this.#entries.push(entry);
    this.#bytes += entry.bytes;
  }

  /** Runs what is decided, from the head on. */
  drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    // r[mesh.lane] mutate: `this.#head < this.#entries.length` => `(this.#entries.reverse(), this.#head < this.#entries.length)`
    while (this.#head < this.#entries.length) {
      const entry = this.#entries[this.#head] as LaneEntry;
      if (!entry.isDecided) break;
      entry.run();
      if (!entry.isDecided) break;
      this.#head++;
      this.#bytes -= entry.bytes;
    }
    this.#entries.splice(0, this.#head);
    this.#head = 0;
    this.#isDraining = false;
  }
}
