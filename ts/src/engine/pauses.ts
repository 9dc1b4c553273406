// Sessions that are not read for now: their lanes are full, the answers they are owed fill their queues, or something of
// theirs is being verified. When they may go on, the driver is told.

import type { Session } from "../session/index.js";
import type { OutputQueue } from "./output-queue.js";

export class Pauses {
  readonly #outputs: OutputQueue;
  readonly #paused = new Set<Session>();

  constructor(outputs: OutputQueue) {
    this.#outputs = outputs;
  }

  /** Looks at a session that has read. */
  note(session: Session): void {
    if (session.isPaused) this.#paused.add(session);
  }

  /** Lets sessions read on that have room again; that may fill and settle others, so it goes on until nothing moves. */
  resume(): void {
    if (this.#paused.size === 0) return;
    for (const session of Array.from(this.#paused)) {
      if (session.isPaused) continue;
      this.#paused.delete(session);
      session.resume();
      this.note(session);
      if (!session.isPaused) this.#outputs.push({ type: "resume", link: session.info.link });
    }
  }

  forget(session: Session): void {
    this.#paused.delete(session);
  }
}
