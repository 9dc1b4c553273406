// The peers of a node by slot, and sending to all of them but some.

import { RecentMessages } from "./recent-messages.js";
import type { FloodContext, FloodOwner } from "./mesh-types.js";
import { FloodPeer } from "./peer.js";

/** Largest hop count that a tag can hold. */
const mostHops = 0xffff;

export class PeerSet {
  readonly #owner: FloodOwner;
  readonly #peers: (FloodPeer | undefined)[] = [];
  readonly recent: RecentMessages;
  #introductions = 0;

  constructor({ limits }: FloodContext, owner: FloodOwner) {
    this.#owner = owner;
    this.recent = new RecentMessages(limits.RECENT_MESSAGES, limits.SESSIONS);
  }

  at(slot: number): FloodPeer | undefined {
    return this.#peers[slot];
  }

  /** Adds a peer in a free slot below SESSIONS. */
  join(slot: number, nodeId: Uint8Array): void {
    this.#peers[slot] = new FloodPeer(slot, nodeId, ++this.#introductions);
  }

  leave(slot: number): void {
    const peer = this.#peers[slot];
    if (peer === undefined) return;
    peer.isHere = false;
    this.#peers[slot] = undefined;
    this.recent.clearSlot(slot);
  }

  /** Slots of all peers. */
  *slots(): Iterable<number> {
    for (const peer of this.#peers) if (peer !== undefined) yield peer.slot;
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
