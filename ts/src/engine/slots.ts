// Sessions that others began: how many places they may have, so that this node's own dials find one, and who makes room when
// they have them all. Sections 3.5 and 4.9. What is on loopback or in a private range makes room for nobody, nor anybody for it.

import type { Limits } from "../ports/index.js";
import { countedPlaceOf } from "./counted-place.js";
import { Groups } from "./groups.js";

export type SlotLimits = Pick<Limits, "SESSIONS">;

export class Slots<K> {
  readonly #most: number;
  readonly #sessions = new Set<K>();
  readonly #byPrefix = new Groups<K>();

  constructor({ SESSIONS }: SlotLimits) {
    this.#most = SESSIONS - Math.floor(SESSIONS / 4);
  }

  /** Whether others have all the places that are theirs. */
  get isFull(): boolean {
    return this.#sessions.size >= this.#most;
  }

  /** A session that another began has its place. */
  take(session: K, remoteAddress: string): void {
    this.#sessions.add(session);
    const prefix = countedPlaceOf(remoteAddress)?.prefix;
    if (prefix !== undefined) this.#byPrefix.add(prefix, session);
  }

  /** A session is over, whoever began it. */
  free(session: K): void {
    this.#sessions.delete(session);
    this.#byPrefix.remove(session);
  }

  /**
   * The session that makes room for a session that another begins: the newest of the most crowded prefix, when that is more crowded
   * than the new session's own would be.
   */
  crowded(remoteAddress: string): K | undefined {
    const prefix = countedPlaceOf(remoteAddress)?.prefix;
    if (prefix === undefined) return undefined;
    // With the new one: else two prefixes would push each other out for ever.
    return this.#byPrefix.newestOfLargest(1 + this.#byPrefix.sizeOf(prefix));
  }
}
