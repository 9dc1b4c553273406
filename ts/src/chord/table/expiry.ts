// Forgetting: r[keep.expired]. Looks through all records when the first of them ends; that none of them is used after its end is
// seen to where they are used.

import { endOf } from "../../identity/index.js";
import type { KeeperCore } from "./keeper-core.js";

/** Shortest time between two looks. */
const restMs = 1_000;

export class Expiry {
  readonly #core: KeeperCore;
  #dueAt = Infinity;

  constructor(core: KeeperCore) {
    this.#core = core;
  }

  /** A record is held: it ends some day. */
  note(info: Parameters<typeof endOf>[0]): void {
    this.#dueAt = Math.min(this.#dueAt, endOf(info, this.#core.context.shape.maxTtl));
  }

  get deadline(): number {
    return this.#dueAt;
  }

  wake(now: number): void {
    if (now < this.#dueAt) return;
    this.#dueAt = Infinity;
    for (const held of Array.from(this.#core.records)) {
      // A write that is under way would bring it back.
      if (!this.#core.isLive(held.info, now) && held.pending === 0) this.#core.drop(held);
      else this.note(held.info);
    }
    this.#dueAt = Math.max(this.#dueAt, now + restMs);
  }
}
