// Receiving in an unsigned network: section 4.7. No origin is believed, so there is no state per origin: accepted ids are
// all there is, and every verdict falls at once.

import { SlabCopier } from "../bytes/index.js";
import { MessageHasher } from "../identity/index.js";
import { AcceptedIds } from "./accepted-ids.js";
import { Admission, retentionMs, tableSeed } from "./admission.js";
import type { FloodContext } from "./mesh-types.js";
import type { FloodOutcome } from "./outcome.js";
import type { FloodPeer } from "./peer.js";
import type { PeerSet } from "./peer-set.js";
import { RecentPayloads } from "./recent-payloads.js";

/** No copy ever waits for another one here. */
const nobody: readonly never[] = [];

export class UnsignedFlood {
  readonly #peers: PeerSet;
  readonly #outcome: FloodOutcome;
  readonly #admission: Admission;
  readonly #hasher: MessageHasher;
  readonly #accepted: AcceptedIds;
  readonly #recentPayloads: RecentPayloads;
  readonly #copier = new SlabCopier();

  constructor(context: FloodContext, peers: PeerSet, outcome: FloodOutcome) {
    this.#peers = peers;
    this.#outcome = outcome;
    this.#admission = new Admission(context);
    this.#recentPayloads = new RecentPayloads(context.hasher);
    this.#hasher = new MessageHasher(context.hasher, context.network);
    this.#accepted = new AcceptedIds(context.limits, retentionMs(context), tableSeed(context));
  }

  get known(): number {
    return this.#accepted.known;
  }

  /** Takes a copy; the view `bytes[start … end)` dies with the call. */
  receive(peer: FloodPeer, bytes: Uint8Array, start: number, end: number, hops: number, now: number): void {
    if (!this.#admission.hasHead(bytes, start, end)) return this.#outcome.rejected(peer);
    const content = start + this.#admission.contentOffset;
    const known = this.#recentPayloads.find(bytes, start, end);
    // A payload that was accepted before is valid still; only its freshness may have passed.
    if (known < 0 && !this.#admission.isValid(bytes, content, end)) return this.#outcome.rejected(peer);
    // r[mesh.unsigned.order] mutate: `!this.#admission.isFresh(bytes, content, now)` => `known < 0 && !this.#admission.isFresh(bytes, content, now)`
    if (!this.#admission.isFresh(bytes, content, now)) return this.#outcome.dropped("IGNORE");
    if (known >= 0) return this.#duplicate(peer, known);
    this.#decide(peer, bytes, start, end, hops, now);
  }

  /** Remembers one of the node's own broadcasts. */
  acceptOwn(id: Uint8Array, now: number): void {
    this.#peers.recent.add(this.#accepted.add(id, now), 0, 0);
  }

  /** The steps that need the id. */
  #decide(peer: FloodPeer, bytes: Uint8Array, start: number, end: number, hops: number, now: number): void {
    const content = this.#admission.contentOffset;
    const id = this.#hasher.idOf(bytes, start + content, end);
    const known = this.#accepted.find(id);
    // r[mesh.unsigned.duplicate]
    if (known >= 0) return this.#duplicate(peer, known);
    if (!this.#accepted.hasPlace(now)) return this.#outcome.dropped("IGNORE");
    const payload = this.#copier.copy(bytes, start, end);
    const entry = this.#remember(payload, id, now);
    if (peer.isHere) this.#peers.recent.setFrom(entry, peer.slot);
    this.#outcome.accepted(peer, payload, content, hops, id);
    this.#peers.relay(payload, hops, entry, nobody);
  }

  /** Answers the entry among the recent messages. */
  #remember(payload: Uint8Array, id: Uint8Array, now: number): number {
    const known = this.#accepted.add(id, now);
    this.#recentPayloads.add(payload, known);
    return this.#peers.recent.add(known, 0, 0);
  }

  #duplicate(peer: FloodPeer, known: number): void {
    if (this.#peers.isRepeat(peer, this.#peers.recent.find(known, 0, 0))) this.#outcome.repeated(peer);
    this.#outcome.dropped("DUPLICATE");
  }
}
