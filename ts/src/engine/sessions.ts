// The sessions of a node by the connection of each, and what all of them are told at once.

import type { Offer, Session } from "../session/index.js";

export class Sessions {
  readonly #byLink = new Map<number, Session>();

  add(session: Session): void {
    this.#byLink.set(session.info.link, session);
  }

  at(link: number): Session | undefined {
    return this.#byLink.get(link);
  }

  remove(link: number): void {
    this.#byLink.delete(link);
  }

  /** Earliest time at which one of them has something to do, unix ms; Infinity for none. */
  get deadline(): number {
    let due = Infinity;
    for (const session of this.#byLink.values()) due = Math.min(due, session.deadline);
    return due;
  }

  wake(): void {
    for (const session of this.#byLink.values()) session.wake();
  }

  /** Tells the peers what the node takes from now on, and who it is: section 3.10. */
  update(record: Uint8Array, offer: Offer): void {
    for (const session of this.#byLink.values()) {
      // r[session.update.announce]
      if (session.state === "ready") session.outbox.update(record, offer);
    }
  }

  endAll(): void {
    for (const session of this.#byLink.values()) {
      // r[session.goodbye.stop] mutate: `"CLOSED"` => `"TIMEOUT"`
      session.end("CLOSED", "the node stops");
    }
  }
}
