// Connections that others begin: how many may be in their handshake at once, in all and from one place, and who makes room.
// Section 3.5. Knows links and addresses, not sessions.

import type { Limits } from "../ports/index.js";
import { Crowd, type CrowdLimits } from "./crowd.js";
import type { LinkInfo } from "./engine-types.js";

export type ReceptionLimits = CrowdLimits & Pick<Limits, "HANDSHAKES">;

export class Reception {
  readonly #limits: ReceptionLimits;
  readonly #makeRoom: (link: number, why: string) => void;
  readonly #crowd: Crowd;
  /** Links in their handshake, oldest first. */
  readonly #handshakes = new Set<number>();

  /** @param makeRoom ends a link to make room for another. */
  constructor(limits: ReceptionLimits, makeRoom: (link: number, why: string) => void) {
    this.#limits = limits;
    this.#makeRoom = makeRoom;
    this.#crowd = new Crowd(limits);
  }

  /** Whether a connection is taken at all; false: it is closed without a byte. @param now ms of a clock that never goes back. */
  begin(link: number, remoteAddress: string, now: number): boolean {
    if (!this.#crowd.mayBegin(remoteAddress, now)) return false;
    const [oldest] = this.#handshakes;
    // r[session.handshakes]
    if (oldest !== undefined && this.#handshakes.size >= this.#limits.HANDSHAKES)
      this.#makeRoom(oldest, "too many handshakes at once");
    this.#handshakes.add(link);
    const neighbour = this.#crowd.beginHandshake(link, remoteAddress);
    if (neighbour !== undefined) this.#makeRoom(neighbour, "too many handshakes from one place");
    return true;
  }

  /** Whether one more session with this address may become READY. */
  mayBecomeReady(remoteAddress: string): boolean {
    return this.#crowd.mayBecomeReady(remoteAddress);
  }

  /** A session has its place. */
  ready(link: number, remoteAddress: string): void {
    this.#handshakes.delete(link);
    this.#crowd.endHandshake(link);
    this.#crowd.ready(link, remoteAddress);
  }

  /** A session is over, in whatever state. */
  ended(link: number): void {
    this.#handshakes.delete(link);
    this.#crowd.ended(link);
  }
}

/** The other side's address; what comes through a proxy of the operator's has none (6.3). */
export function placeOf(link: Pick<LinkInfo, "role" | "channel" | "remoteAddress">): string {
  const { role, channel, remoteAddress } = link;
  const isBehindProxy = role === "responder" && !channel.encrypted && channel.authority !== undefined;
  return isBehindProxy ? "" : remoteAddress;
}
