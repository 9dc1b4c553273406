// Sessions that were dialled for requests of the ring or the table alone: 7.2. Lookups lead everywhere, and without an end to
// it they would fill the places of a node in any ring that has more members than a node has places.

import { formatHex } from "../bytes/index.js";
import type { Limits } from "../ports/index.js";
import type { Session } from "../session/index.js";

export interface RingSessionsContext {
  readonly limits: Pick<Limits, "RING_SESSIONS">;
  /** The session of a peer that was reported. */
  readonly sessionOf: (nodeId: Uint8Array) => Session | undefined;
  /** Whether something would miss the node: a neighbour, or one whose answer is awaited. @param key node id in hex */
  readonly isNeeded: (key: string) => boolean;
}

export class RingSessions {
  readonly #context: RingSessionsContext;
  /** Node ids by their hex, the one that was asked last at the end. */
  readonly #dialled = new Map<string, Uint8Array>();

  constructor(context: RingSessionsContext) {
    this.#context = context;
  }

  /** A node that was no peer has been reached for a request. */
  dialled(nodeId: Uint8Array): void {
    this.#dialled.set(formatHex(nodeId), nodeId);
    this.#endSpare();
  }

  /** A node is asked. */
  used(nodeId: Uint8Array): void {
    const key = formatHex(nodeId);
    if (this.#dialled.delete(key)) this.#dialled.set(key, nodeId);
  }

  /** The last session with a node has ended. */
  gone(nodeId: Uint8Array): void {
    this.#dialled.delete(formatHex(nodeId));
  }

  #endSpare(): void {
    const { limits, sessionOf, isNeeded } = this.#context;
    if (this.#dialled.size <= limits.RING_SESSIONS) return;
    const spare = Array.from(this.#dialled).filter(([key]) => !isNeeded(key));
    for (const [key, nodeId] of spare.slice(0, Math.max(0, spare.length - limits.RING_SESSIONS))) {
      this.#dialled.delete(key);
      const session = sessionOf(nodeId);
      // One that its node dialled at the same time is that node's to end.
      if (session?.info.role !== "initiator") continue;
      // r[ring.sessions]
      session.end("CLOSED", "nothing more is asked for now");
    }
  }
}
