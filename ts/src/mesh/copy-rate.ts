// How many broadcasts that were no duplicates a peer brings in a second: r[mesh.copies.rate]. A second begins with the first
// of them; one with too many is waited for, and nothing is dropped.

const secondMs = 1000;

export class CopyRate {
  readonly #most: number;
  #count = 0;
  #endsAt = -Infinity;

  /** @param most in a second. */
  constructor(most: number) {
    this.#most = most;
  }

  /** One came. */
  note(now: number): void {
    if (now >= this.#endsAt) {
      this.#endsAt = now + secondMs;
      this.#count = 0;
    }
    this.#count++;
  }

  /** Whether no more is to be read for now. @param pending copies that are read and may turn out to be first ones. */
  isFull(now: number, pending: number): boolean {
    return (now < this.#endsAt ? this.#count : 0) + pending >= this.#most;
  }

  /** When a second that is full ends, until `wake`; Infinity for none. */
  get deadline(): number {
    return this.#count >= this.#most ? this.#endsAt : Infinity;
  }

  wake(now: number): void {
    if (now >= this.#endsAt) this.#count = 0;
  }
}
