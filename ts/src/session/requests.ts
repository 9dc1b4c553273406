// Requests under way in one session: which tags wait for an answer. Section 2.3.

/** Outcome of a request: the payload of the answer, or the number of its error code. */
export type Answer = { readonly payload: Uint8Array } | { readonly failed: number };

interface Waiting {
  readonly command: number;
  readonly done: (answer: Answer) => void;
}

const lastTag = 0xffff;

export class Requests {
  readonly #waiting = new Map<number, Waiting>();
  #lastTag = 0;

  /** Takes a free tag for a request; `undefined` when all are taken. */
  open(command: number, done: (answer: Answer) => void): number | undefined {
    if (this.#waiting.size === lastTag) return undefined;
    do this.#lastTag = (this.#lastTag % lastTag) + 1;
    while (this.#waiting.has(this.#lastTag));
    this.#waiting.set(this.#lastTag, { command, done });
    return this.#lastTag;
  }

  /** Hands an answer to its request; false when no such request waits. */
  settle(command: number, tag: number, answer: Answer): boolean {
    const waiting = this.#waiting.get(tag);
    if (waiting?.command !== command) return false;
    this.#waiting.delete(tag);
    waiting.done(answer);
    return true;
  }
}
