// The peers of a node by slot, and sending to all of them but some.

import { isAt } from "../bytes/index.js";
import type { Limits } from "../ports/index.js";
import { RecentMessages } from "./recent-messages.js";
import type { FloodContext, FloodOwner } from "./mesh-types.js";
import { FloodPeer } from "./peer.js";

/** Largest hop count that a tag can hold. */
const mostHops = 0xffff;

export class PeerSet {
  readonly #owner: FloodOwner;
  readonly #limits: Limits;
  readonly #peers: (FloodPeer | undefined)[] = [];
  readonly recent: RecentMessages;
  #introductions = 0;
  /** Peers that were told that their sequence is too low, and have sent none since that was accepted. */
  readonly #toldStale = new Set<FloodPeer>();

  constructor({ limits }: FloodContext, owner: FloodOwner) {
    this.#owner = owner;
    this.#limits = limits;
    this.recent = new RecentMessages(limits.RECENT_MESSAGES, limits.SESSIONS);
  }

  at(slot: number): FloodPeer | undefined {
    return this.#peers[slot];
  }

  /** Adds a peer in a free slot below SESSIONS. */
  join(slot: number, nodeId: Uint8Array): void {
    this.#peers[slot] = new FloodPeer(slot, nodeId, ++this.#introductions, this.#limits);
  }

  leave(slot: number): void {
    const peer = this.#peers[slot];
    if (peer === undefined) return;
    peer.isHere = false;
    this.#toldStale.delete(peer);
    this.#peers[slot] = undefined;
    this.recent.clearSlot(slot);
  }

  /** When the first peer that has brought too much may be read again, unix ms; Infinity when none waits. */
  get deadline(): number {
    let due = Infinity;
    for (const peer of this.#peers) if (peer !== undefined) due = Math.min(due, peer.copies.deadline);
    return due;
  }

  wake(now: number): void {
    for (const peer of this.#peers) peer?.copies.wake(now);
  }

  /** A peer goes on in another session: what it was told in the one before may be told again. */
  renew(slot: number): void {
    const peer = this.#peers[slot];
    if (peer !== undefined) this.#toldStale.delete(peer);
  }

  /** Tells a peer that a broadcast of its own was below the window: section 4.8. */
  tellStale(peer: FloodPeer, highest: bigint): void {
    if (!peer.isHere) return;
    // r[stale.once]
    if (this.#toldStale.has(peer)) return;
    this.#toldStale.add(peer);
    this.#owner.stale(peer.slot, highest);
  }

  /** A broadcast of the origin at `bytes[offset … offset + 32)` was accepted, whoever brought it. */
  accepted(bytes: Uint8Array, offset: number): void {
    if (this.#toldStale.size === 0) return;
    for (const peer of this.#toldStale) if (isAt(bytes, offset, peer.nodeId)) this.#toldStale.delete(peer);
  }

  /** Notes a further copy of an accepted broadcast; true when its peer has sent one before. */
  isRepeat(peer: FloodPeer, entry: number): boolean {
    if (entry < 0 || !peer.isHere) return false;
    if (this.recent.hasFrom(entry, peer.slot)) return true;
    this.recent.setFrom(entry, peer.slot);
    return false;
  }

  /** Relays an accepted broadcast to every peer that has sent no copy: section 4.1. */
  relay(payload: Uint8Array, hops: number, entry: number, waiting: readonly { readonly peer: FloodPeer }[]): void {
    // r[mesh.hops.relay]
    const relayedHops = hops + 1;
    for (const peer of this.#peers) {
      if (peer === undefined) continue;
      // r[mesh.relay.not-back] mutate: `this.recent.hasFrom(entry, peer.slot)` => `false`
      if (this.recent.hasFrom(entry, peer.slot) || isAmong(waiting, peer)) continue;
      // r[mesh.relay.all]
      // r[mesh.relay.bytes] mutate: `payload` => `payload.slice(0, -1)`
      // r[mesh.relay.once] mutate: `this.#owner.relay(peer.slot, payload, Math.min(relayedHops, mostHops))` => `(this.#owner.relay(peer.slot, payload, relayedHops), this.#owner.relay(peer.slot, payload, relayedHops))`
      this.#owner.relay(peer.slot, payload, Math.min(relayedHops, mostHops));
    }
  }

  /** Sends one of the node's own broadcasts to all peers. */
  publish(payload: Uint8Array): void {
    for (const peer of this.#peers) {
      // r[mesh.origin.send]
      if (peer !== undefined) this.#owner.publish(peer.slot, payload);
    }
  }
}

/** Whether a copy of a peer is among those that wait. */
function isAmong(waiting: readonly { readonly peer: FloodPeer }[], peer: FloodPeer): boolean {
  for (const copy of waiting) if (copy.peer === peer) return true;
  return false;
}
