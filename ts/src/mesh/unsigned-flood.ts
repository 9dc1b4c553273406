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

const noId = new Uint8Array(0);
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

  /** Unix ms. */
  now = 0;

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
  receive(peer: FloodPeer, bytes: Uint8Array, start: number, end: number, hops: number): void {
    if (!this.#admission.hasHead(bytes, start, end)) return this.#outcome.rejected(peer);
    const content = start + this.#admission.contentOffset;
    const same = this.#recentPayloads.find(bytes, start, end);
    // A payload that was accepted before is valid still; only its freshness may have passed.
    if (same < 0 && !this.#admission.isValid(bytes, content, end)) return this.#outcome.rejected(peer);
    // r[mesh.unsigned.order] mutate: `!this.#admission.isFresh(bytes, content, this.now)` => `same < 0 && !this.#admission.isFresh(bytes, content, this.now)`
    if (!this.#admission.isFresh(bytes, content, this.now)) return this.#outcome.dropped(peer, "IGNORE");
    const id = same < 0 ? this.#hasher.idOf(bytes, content, end) : noId;
    const known = same < 0 ? this.#accepted.find(id) : same;
    // r[mesh.unsigned.duplicate]
    if (known >= 0) return this.#duplicate(peer, known);
    if (!this.#accepted.hasPlace(this.now)) return this.#outcome.dropped(peer, "IGNORE");
    this.#accept(peer, this.#copier.copy(bytes, start, end), hops, id);
  }

  /** Remembers one of the node's own broadcasts. */
  acceptOwn(id: Uint8Array, now: number): void {
    this.#peers.recent.add(this.#accepted.add(id, now), 0, 0);
  }

  #accept(peer: FloodPeer, payload: Uint8Array, hops: number, id: Uint8Array): void {
    const known = this.#accepted.add(id, this.now);
    this.#recentPayloads.add(payload, known);
    const entry = this.#peers.recent.add(known, 0, 0);
    if (peer.isHere) this.#peers.recent.setFrom(entry, peer.slot);
    const isPassed = this.#outcome.accepted(peer, payload, this.#admission.contentOffset, hops, id);
    if (isPassed) this.#peers.relay(payload, hops, entry, nobody);
  }

  #duplicate(peer: FloodPeer, known: number): void {
    if (this.#peers.isRepeat(peer, this.#peers.recent.find(known, 0, 0))) this.#outcome.repeated(peer);
    this.#outcome.dropped(peer, "DUPLICATE");
  }
}
