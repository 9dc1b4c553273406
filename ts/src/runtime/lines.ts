// Calls that wait for room, in lines: whoever was first is sent first, and only the first of a line tries again when there is
// room. Knows that something was full, not what.

import { ProtocolError } from "../errors/index.js";

/** One try: whether it was taken, and what becomes of it; an error if it was not. */
export interface Attempt<T> {
  readonly isTaken: boolean;
  readonly outcome: Promise<T>;
}

export interface Call<T> {
  attempt(): Attempt<T>;
  /** Resolves when there may be room. */
  room(): Promise<void>;
  /** Waits when something is full; else it is refused with QUEUE_FULL. */
  readonly isPatient: boolean;
  readonly signal: AbortSignal | undefined;
}

export class Lines {
  /** Settles when the last of a line has left it; absent while nobody waits. */
  readonly #ends = new Map<string, Promise<unknown>>();

  /** Tries at once where nobody waits, else behind those who do; again when it was taken, and then there was no room after all. */
  async run<T>(line: string, call: Call<T>): Promise<T> {
    for (;;) {
      try {
        return await this.#once(line, call);
      } catch (error) {
        if (!isFull(error) || !call.isPatient) throw error;
      }
    }
  }

  async #once<T>(line: string, call: Call<T>): Promise<T> {
    if (this.#ends.has(line)) {
      if (call.isPatient) return this.#queue(line, call);
      throw new ProtocolError("QUEUE_FULL", "others wait for this node already; wait too", { origin: "local" });
    }
    const { isTaken, outcome } = call.attempt();
    if (isTaken || !call.isPatient) return outcome;
    const error = await outcome.catch((thrown: unknown) => thrown);
    if (!isFull(error)) throw error;
    return this.#queue(line, call);
  }

  async #queue<T>(line: string, call: Call<T>): Promise<T> {
    let leave = (): void => undefined;
    const left = new Promise<void>((resolve) => (leave = resolve));
    const before = this.#ends.get(line) ?? Promise.resolve();
    // Who gives up leaves a gap that closes when it is its turn.
    const end = Promise.all([before, left]);
    this.#ends.set(line, end);
    try {
      await unlessAborted(before, call.signal);
      return await this.#atFront(call, leave);
    } finally {
      leave();
      void this.#close(line, end);
    }
  }

  /** Forgets a line once the last one has left it. */
  async #close(line: string, end: Promise<unknown>): Promise<void> {
    await end;
    if (this.#ends.get(line) === end) this.#ends.delete(line);
  }

  /** Tries until it is taken; the next of the line need not wait for what becomes of it. */
  async #atFront<T>(call: Call<T>, leave: () => void): Promise<T> {
    for (;;) {
      const { isTaken, outcome } = call.attempt();
      if (isTaken) {
        leave();
        return outcome;
      }
      const error = await outcome.catch((thrown: unknown) => thrown);
      if (!isFull(error)) throw error;
      await call.room();
    }
  }
}

const isFull = (error: unknown): boolean => error instanceof ProtocolError && error.code === "QUEUE_FULL";

/** Waits for a promise that never rejects, or for the signal. */
async function unlessAborted(before: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return void (await before);
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => (abort = () => reject(signal.reason)));
  signal.addEventListener("abort", abort, { once: true });
  try {
    if (signal.aborted) abort();
    await Promise.race([before, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
