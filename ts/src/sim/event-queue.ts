// What happens next in virtual time: a heap ordered by time, and by the order of adding among equal times.

/** Something that happens at a time. */
interface Scheduled {
  /** Microseconds since the start. */
  readonly atUs: number;
  readonly order: number;
  readonly run: () => void;
}

const isBefore = (a: Scheduled, b: Scheduled): boolean => a.atUs < b.atUs || (a.atUs === b.atUs && a.order < b.order);

export class EventQueue {
  readonly #heap: Scheduled[] = [];
  #added = 0;
  /** Time of what happens now, integer µs. */
  nowUs = 0;
  /** How much has happened. */
  count = 0;

  /** Schedules something; a time that has passed is now. */
  at(atUs: number, run: () => void): void {
    const entry = { atUs: Math.max(atUs, this.nowUs), order: this.#added++, run };
    let place = this.#heap.push(entry) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = this.#heap[parent] as Scheduled;
      if (!isBefore(entry, above)) break;
      this.#heap[place] = above;
      place = parent;
    }
    this.#heap[place] = entry;
  }

  /** Lets the next thing happen, if there is one up to a time; false when there is none. */
  step(untilUs: number): boolean {
    const [next] = this.#heap;
    if (next === undefined || next.atUs > untilUs) return false;
    this.#removeFirst();
    this.nowUs = next.atUs;
    this.count++;
    next.run();
    return true;
  }

  #removeFirst(): void {
    const last = this.#heap.pop() as Scheduled;
    const { length } = this.#heap;
    if (length === 0) return;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= length) break;
      if (child + 1 < length && isBefore(this.#heap[child + 1] as Scheduled, this.#heap[child] as Scheduled)) child++;
      const below = this.#heap[child] as Scheduled;
      if (!isBefore(below, last)) break;
      this.#heap[place] = below;
      place = child;
    }
    this.#heap[place] = last;
  }
}
