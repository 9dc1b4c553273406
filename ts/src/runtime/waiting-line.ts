// Calls that wait until what they do is taken: in the order in which they came, and one at a time, so that room for one does
// not make all of them try.

import { ProtocolError } from "../errors/index.js";

interface Waiter {
  wake: () => void;
}

export class WaitingLine {
  /** The first one tries whenever there may be room. */
  readonly #waiting = new Set<Waiter>();

  /** Does something, again and again while it throws QUEUE_FULL: at once if nobody waits, then at each turn. */
  async run<T>(attempt: () => T, signal: AbortSignal | undefined): Promise<T> {
    signal?.throwIfAborted();
    const first = this.#waiting.size === 0 ? tried(attempt) : undefined;
    if (first !== undefined) return first.result;
    const waiter: Waiter = { wake: () => undefined };
    this.#waiting.add(waiter);
    try {
      for (;;) {
        await woken(waiter, signal);
        const again = tried(attempt);
        if (again !== undefined) return again.result;
      }
    } finally {
      this.#waiting.delete(waiter);
      this.next();
    }
  }

  /** There may be room. */
  next(): void {
    const [first] = this.#waiting;
    first?.wake();
  }
}

/** The result, unless it is QUEUE_FULL. */
function tried<T>(attempt: () => T): { readonly result: T } | undefined {
  try {
    return { result: attempt() };
  } catch (error) {
    if (error instanceof ProtocolError && error.code === "QUEUE_FULL") return undefined;
    throw error;
  }
}

async function woken(waiter: Waiter, signal: AbortSignal | undefined): Promise<void> {
  let wake = (): void => undefined;
  const turn = new Promise<void>((resolve) => (wake = resolve));
  waiter.wake = wake;
  signal?.addEventListener("abort", wake);
  await turn;
  signal?.removeEventListener("abort", wake);
  signal?.throwIfAborted();
}
