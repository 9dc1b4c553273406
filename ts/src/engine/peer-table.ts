// The peers of a node: each has a slot, one or more sessions, and one of them that carries its floods.

import { compareBytes, formatHex } from "../bytes/index.js";
import type { Session } from "../session/index.js";
import { replaces } from "./rivals.js";

export interface Peer {
  readonly nodeId: Uint8Array;
  readonly slot: number;
  /** READY sessions in the order in which they became so. */
  readonly sessions: Session[];
  /** The session that floods use. */
  active: Session;
  /** Whether the application was told. */
  isReported: boolean;
}

export class PeerTable {
  readonly #ownId: Uint8Array;
  readonly #byId = new Map<string, Peer>();
  readonly #bySlot: (Peer | undefined)[] = [];
  #sessions = 0;

  constructor(ownId: Uint8Array) {
    this.#ownId = ownId;
  }

  /** READY sessions of all peers. */
  get sessionCount(): number {
    return this.#sessions;
  }

  get size(): number {
    return this.#byId.size;
  }

  at(slot: number): Peer | undefined {
    return this.#bySlot[slot];
  }

  find(nodeId: Uint8Array): Peer | undefined {
    return this.#byId.get(formatHex(nodeId));
  }

  [Symbol.iterator](): Iterator<Peer> {
    return this.#byId.values();
  }

  /** Node ids of the peers that the application was told of, sorted. */
  reported(): readonly Uint8Array[] {
    return [...this]
      .filter(({ isReported }) => isReported)
      .map(({ nodeId }) => nodeId)
      .sort(compareBytes);
  }

  /** Adds a READY session; answers its peer and whether it is new. */
  add(session: Session, nodeId: Uint8Array): { peer: Peer; isNew: boolean } {
    this.#sessions++;
    const known = this.find(nodeId);
    if (known !== undefined) {
      known.sessions.push(session);
      return { peer: known, isNew: false };
    }
    const slot = this.#freeSlot();
    const peer: Peer = { nodeId, slot, sessions: [session], active: session, isReported: false };
    this.#byId.set(formatHex(nodeId), peer);
    this.#bySlot[slot] = peer;
    return { peer, isNew: true };
  }

  /** Takes a session away; answers its peer, and whether that was its last. */
  remove(session: Session, nodeId: Uint8Array): { peer: Peer; isGone: boolean } | undefined {
    const peer = this.find(nodeId);
    const place = peer?.sessions.indexOf(session) ?? -1;
    if (peer === undefined || place < 0) return undefined;
    this.#sessions--;
    peer.sessions.splice(place, 1);
    this.choose(peer);
    if (peer.sessions.length > 0) return { peer, isGone: false };
    this.#byId.delete(formatHex(nodeId));
    this.#bySlot[peer.slot] = undefined;
    return { peer, isGone: true };
  }

  /** A session of the same peer that has carried a frame and stays when `session`, which is not READY yet, comes. */
  strongerThan(session: Session, nodeId: Uint8Array): Session | undefined {
    return this.find(nodeId)?.sessions.find((rival) => rival.hasCarried && !replaces(session, rival, this.#ownId));
  }

  /** The sessions that end now that `session` has carried a frame. */
  losers(peer: Peer, session: Session): readonly Session[] {
    const losers = peer.sessions.filter((rival) => rival !== session && this.#stays(peer, session, rival));
    const isBeaten = peer.sessions.some(
      (rival) => rival !== session && rival.hasCarried && this.#stays(peer, rival, session),
    );
    return isBeaten ? [...losers, session] : losers;
  }

  /** Lets the strongest session that has carried a frame serve floods. */
  choose(peer: Peer): void {
    const carried = peer.sessions.filter((session) => session.hasCarried);
    const candidates = carried.length > 0 ? carried : peer.sessions;
    const best = candidates.reduce<Session | undefined>(
      (a, b) => (a === undefined || this.#stays(peer, b, a) ? b : a),
      undefined,
    );
    if (best !== undefined) peer.active = best;
  }

  /** Whether `a` stays when it meets `b`; both are READY. */
  #stays(peer: Peer, a: Session, b: Session): boolean {
    const aIsLater = peer.sessions.indexOf(a) > peer.sessions.indexOf(b);
    return aIsLater ? replaces(a, b, this.#ownId) : !replaces(b, a, this.#ownId);
  }

  #freeSlot(): number {
    for (let slot = 0; ; slot++) if (this.#bySlot[slot] === undefined) return slot;
  }
}
