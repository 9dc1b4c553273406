// How often something may happen within the second before, exactly: a ring of the times at which it last happened. Costs
// the same however many they are, and takes memory only for what has happened.

const secondMs = 1000;

export class SlidingRate {
  readonly #most: number;
  /** The last `most` times, unix ms, at their number modulo `most`. */
  readonly #times: number[] = [];
  #next = 0;

  /** @param most times within any second. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Whether as much as may has happened within the second before. */
  isFull(now: number): boolean {
    return this.roomAt > now;
  }

  /** It happens. */
  note(now: number): void {
    if (this.#most === 0) return;
    this.#times[this.#next] = now;
    this.#next = (this.#next + 1) % this.#most;
  }

  /** When it may happen again, unix ms; −Infinity when it always might, Infinity when it never may. */
  get roomAt(): number {
    if (this.#most === 0) return Infinity;
    return (this.#times[this.#next] ?? -Infinity) + secondMs;
  }
}
