// A queue that can be waited on, with a deadline: what has arrived is kept until a step takes it.
// Knows nothing of frames or events, and never decides that something will not come: only that it did not come in time.

/** Items in the order of their arrival. */
export class Mailbox<T> {
  readonly items: T[] = [];
  readonly #wakers = new Set<() => void>();

  put(item: T): void {
    this.items.push(item);
    for (const wake of this.#wakers) wake();
  }

  /** Removes and gives the first item that matches; undefined when none came within `ms`. */
  async take(matches: (item: T) => boolean, ms: number): Promise<T | undefined> {
    const deadline = performance.now() + ms;
    for (;;) {
      const index = this.items.findIndex(matches);
      if (index >= 0) return this.items.splice(index, 1)[0];
      const left = deadline - performance.now();
      if (left <= 0 || !(await this.#changed(left))) return this.#takeNow(matches);
    }
  }

  /** Where the first item that matches stands, from a place on; undefined when none came within `ms`. Removes nothing. */
  async find(matches: (item: T) => boolean, from: number, ms: number): Promise<number | undefined> {
    const deadline = performance.now() + ms;
    for (;;) {
      const index = this.items.findIndex((item, at) => at >= from && matches(item));
      if (index >= 0) return index;
      const left = deadline - performance.now();
      if (left <= 0) return undefined;
      await this.#changed(left);
    }
  }

  /** Removes and gives the first item; undefined when none came within `ms`. */
  next(ms: number): Promise<T | undefined> {
    return this.take(() => true, ms);
  }

  #takeNow(matches: (item: T) => boolean): T | undefined {
    const index = this.items.findIndex(matches);
    return index < 0 ? undefined : this.items.splice(index, 1)[0];
  }

  #changed(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const finish = (changed: boolean): void => {
        clearTimeout(timer);
        this.#wakers.delete(wake);
        resolve(changed);
      };
      const wake = (): void => finish(true);
      const timer = setTimeout(finish, ms, false);
      this.#wakers.add(wake);
    });
  }
}
