// The one timer of a node: wakes it at its deadline, a little late, as timers are. Looking at the deadline after every input would
// cost more than all else.

import type { EventQueue } from "./event-queue.js";

/** How long after an input the deadline is looked at, µs. */
const lookUs = 50_000;

export interface AlarmOptions {
  readonly queue: EventQueue;
  /** Unix ms. */
  readonly now: () => number;
  /** When the node wants to be woken, unix ms. */
  readonly deadline: () => number | undefined;
  readonly wake: () => void;
}

export class Alarm {
  readonly #options: AlarmOptions;
  #isLooking = false;
  #setForUs = Infinity;

  constructor(options: AlarmOptions) {
    this.#options = options;
  }

  /** Looks at the deadline soon, unless that is to happen anyway. */
  lookSoon(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const { queue } = this.#options;
    queue.at(queue.nowUs + lookUs, () => {
      this.#isLooking = false;
      this.#set();
    });
  }

  #set(): void {
    const { queue, now, deadline } = this.#options;
    const due = deadline();
    if (due === undefined) return;
    const dueUs = queue.nowUs + Math.max(0, Math.ceil(due - now()) * 1000);
    if (dueUs >= this.#setForUs && this.#setForUs > queue.nowUs) return;
    this.#setForUs = dueUs;
    queue.at(dueUs, () => this.#ring(dueUs));
  }

  #ring(dueUs: number): void {
    const { now, deadline, wake } = this.#options;
    if (this.#setForUs === dueUs) this.#setForUs = Infinity;
    const due = deadline();
    if (due === undefined) return;
    if (due <= now()) wake();
    else this.lookSoon();
  }
}
