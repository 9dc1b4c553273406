// Leaving: section 7.7. Tells the neighbours, answers for a while so that nobody is sent to a node that is not there, and goes.

import type { Contact } from "./contact.js";
import type { Asker } from "./requests.js";
import type { RingCore } from "./ring-core.js";

export class Leave implements Asker {
  readonly #core: RingCore;
  /** Not answered yet. */
  #open = 0;
  /** When the node goes, unix ms; undefined before it leaves and after it has gone. */
  #goAt: number | undefined;

  constructor(core: RingCore) {
    this.#core = core;
  }

  get deadline(): number {
    return this.#goAt ?? Infinity;
  }

  /** @param peers further nodes to be told. */
  begin(peers: readonly Contact[], now: number): void {
    const { state, self, requests, limits } = this.#core;
    const told = new Map<string, Contact>();
    for (const contact of [state.predecessor, state.list[0], ...peers]) {
      if (contact !== undefined && contact.key !== self.key) told.set(contact.key, contact);
    }
    // r[ring.leave.phase]
    state.phase = "LEAVING";
    this.#open = told.size;
    this.#goAt = now + (told.size === 0 ? this.#servingMs : limits.RING_LEAVE_MS);
    for (const contact of told.values()) {
      // r[ring.leave.tell]
      requests.sendLeave(contact, this);
    }
  }

  receiveLeave(_from: Contact, now: number): void {
    this.#note(now);
  }

  fail(_contact: Contact, now: number): void {
    this.#note(now);
  }

  #note(now: number): void {
    this.#open--;
    if (this.#open === 0) this.#goAt = now + this.#servingMs;
  }

  /** How long it goes on answering once everybody knows. */
  get #servingMs(): number {
    // r[ring.leave.serve] mutate: `2 * this.#core.limits.RING_STABILIZE_MS` => `0`
    return 2 * this.#core.limits.RING_STABILIZE_MS;
  }

  wake(now: number): void {
    if (now < this.deadline) return;
    this.#goAt = undefined;
    this.#core.requests.cancel(this);
    this.#core.outputs.push({ type: "left" });
  }
}
