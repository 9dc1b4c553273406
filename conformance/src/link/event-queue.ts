// Events of a testee in the order in which they came: listeners hear each at once, `next` takes the first that fits from the queue.

export type TesteeEvent = Readonly<Record<string, unknown>> & { readonly event: string };

type Match = (event: TesteeEvent) => boolean;

interface Waiter {
  readonly match: Match;
  readonly take: (event: TesteeEvent | undefined) => void;
}

/** Queue with listeners; nothing is lost between two calls of `next`. */
export class EventQueue {
  readonly #queue: TesteeEvent[] = [];
  readonly #listeners = new Set<(event: TesteeEvent) => void>();
  readonly #waiters = new Set<Waiter>();

  /** Events not taken yet, oldest first. */
  get waiting(): readonly TesteeEvent[] {
    return this.#queue;
  }

  push(event: TesteeEvent): void {
    for (const listener of this.#listeners) listener(event);
    for (const waiter of this.#waiters) {
      if (waiter.match(event)) return waiter.take(event);
    }
    this.#queue.push(event);
  }

  /** Hears every event from now on; the function that is returned ends it. */
  on(listener: (event: TesteeEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Takes the first event that fits, now or within the time; undefined when none came. Others stay. */
  next(match: Match, timeoutMs: number): Promise<TesteeEvent | undefined> {
    const index = this.#queue.findIndex(match);
    if (index >= 0) return Promise.resolve(this.#queue.splice(index, 1)[0]);
    return new Promise((resolve) => {
      const take = (event: TesteeEvent | undefined): void => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        resolve(event);
      };
      const timer = setTimeout(() => take(undefined), timeoutMs);
      const waiter = { match, take };
      this.#waiters.add(waiter);
    });
  }

  /** Takes all that is there. */
  drain(): TesteeEvent[] {
    return this.#queue.splice(0);
  }

  /** Forgets all events and lets nobody wait any longer: between cases, and when the process has ended. */
  clear(): void {
    this.#queue.length = 0;
    for (const waiter of this.#waiters) waiter.take(undefined);
  }
}
