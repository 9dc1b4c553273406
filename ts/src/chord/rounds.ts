// When to stabilize: section 7.5. Every RING_STABILIZE_MS, more often in a ring that fits on the list, less often while nothing
// changes, at once when somebody calls for it.

import type { RingCore } from "./ring-core.js";

export class Rounds {
  readonly #core: RingCore;
  /** Time between two rounds now. */
  #paceMs: number;
  /** When the next one is due, unix ms. */
  #at = Infinity;
  #isWanted = false;
  /** When the next round for a HINT may begin, and when one that waits does, unix ms. */
  #hintFrom = -Infinity;
  #hintAt = Infinity;
  /** Changes of the state that the pace knows of. */
  #changes = 0;

  constructor(core: RingCore) {
    this.#core = core;
    this.#paceMs = core.limits.RING_STABILIZE_MS;
  }

  get deadline(): number {
    return Math.min(this.#at, this.#hintAt);
  }

  /** The next round is to begin at once. */
  want(): void {
    this.#isWanted = true;
  }

  receiveHint(now: number): void {
    // r[ring.hint.rate]
    if (now < this.#hintFrom) {
      this.#hintAt = this.#hintFrom;
      return;
    }
    this.#beginForHint(now);
  }

  #beginForHint(now: number): void {
    this.#hintFrom = now + this.#core.limits.RING_STABILIZE_MS / 4;
    this.#hintAt = Infinity;
    // r[ring.hint]
    this.#isWanted = true;
  }

  wake(now: number): void {
    if (now >= this.#hintAt) this.#beginForHint(now);
  }

  /** Whether a round is to begin now; it does then. */
  take(now: number): boolean {
    if (!this.#isWanted && now < this.#at) return false;
    this.#isWanted = false;
    this.#at = Infinity;
    return true;
  }

  /** Something may have changed: there is more to come then. */
  noteChanges(now: number): void {
    const { state, limits } = this.#core;
    if (state.changes === this.#changes) return;
    this.#changes = state.changes;
    this.#paceMs = limits.RING_STABILIZE_MS;
    if (state.isInPlace) this.#at = Math.min(this.#at, now + this.#wait());
  }

  /** A round is over. */
  end(now: number): void {
    const { state, limits } = this.#core;
    if (state.changes === this.#changes) this.#paceMs = Math.min(1.5 * this.#paceMs, limits.RING_STABILIZE_QUIET_MS);
    else this.#paceMs = limits.RING_STABILIZE_MS;
    this.#changes = state.changes;
    // r[ring.stabilize.when] mutate: `now + this.#wait()` => `Infinity`
    this.#at = now + this.#wait();
  }

  #wait(): number {
    const { state, draws } = this.#core;
    // r[ring.stabilize.often] mutate: `this.#paceMs / 4` => `this.#paceMs`
    return draws.around(state.wraps ? this.#paceMs / 4 : this.#paceMs);
  }
}
