// The node's clock: unix ms that never go back and never stand still, whatever the machine's clock does. Where that one is
// ahead it is followed at once; where it was set back, the node's runs a little slower until both agree again.

export interface Clock {
  /** Unix ms, an integer that never decreases. */
  now(): number;
}

/** How fast the clock runs while it is ahead of the machine's. */
const slowRate = 7 / 8;

export class SystemClock implements Clock {
  #time = 0;
  /** What of the steady clock is counted in `#time`. */
  #countedMs = performance.now();
  #offset = 0;

  now(): number {
    const wall = Date.now() + this.#offset;
    // The two need not tick together: one millisecond is no lead.
    const rate = this.#time > wall + 1 ? slowRate : 1;
    const passed = Math.floor((performance.now() - this.#countedMs) * rate);
    this.#countedMs += passed / rate;
    this.#time = Math.max(this.#time + passed, wall);
    return this.#time;
  }

  /** Moves the clock ahead, for tests. */
  advance(ms: number): void {
    this.#offset += ms;
  }
}
