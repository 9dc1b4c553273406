// How long answers of a peer take, and how long to wait for the next one: section 7.2.

/** Waits below this are not worth a second request. */
const leastMs = 250;

export class RoundTrip {
  #smoothedMs: number | undefined;
  #deviationMs = 0;

  /** An answer has come, to a request that was sent once. */
  note(ms: number): void {
    if (this.#smoothedMs === undefined) {
      this.#smoothedMs = ms;
      this.#deviationMs = ms / 2;
      return;
    }
    this.#deviationMs += (Math.abs(ms - this.#smoothedMs) - this.#deviationMs) / 4;
    this.#smoothedMs += (ms - this.#smoothedMs) / 8;
  }

  /** How long to wait for the answer to a try, the first being 1: twice as long each time. @param mostMs longest wait. */
  waitMs(tries: number, mostMs: number): number {
    if (this.#smoothedMs === undefined) return mostMs;
    const firstMs = Math.max(leastMs, this.#smoothedMs + 4 * this.#deviationMs);
    return Math.min(mostMs, firstMs * 2 ** (tries - 1));
  }
}
