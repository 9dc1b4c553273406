// The node's clock: unix ms that never go back, whatever the machine's clock does.

export interface Clock {
  /** Unix ms, an integer that never decreases. */
  now(): number;
}

export class SystemClock implements Clock {
  #last = 0;
  #offset = 0;

  now(): number {
    this.#last = Math.max(this.#last, Date.now() + this.#offset);
    return this.#last;
  }

  /** Moves the clock ahead, for tests. */
  advance(ms: number): void {
    this.#offset += ms;
  }
}
