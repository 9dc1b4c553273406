// What verdicts lead to: counts, penalties, deliveries. Everything that blames a peer passes through here.

import { isAt } from "../bytes/index.js";
import type { VerdictName } from "../gen/registry.js";
import { decompressedPayload, isCompressed } from "./compressed.js";
import type { Delivery, FloodContext, FloodOwner, VerdictCounts } from "./mesh-types.js";
import type { FloodPeer } from "./peer.js";
import { entryOverheadBytes } from "./signed-copy.js";

export class FloodOutcome {
  readonly #limits: FloodContext["limits"];
  readonly #ownId: Uint8Array;
  readonly #maxMessage: number;
  readonly #owner: FloodOwner;
  /** Unix ms. */
  now = 0;
  readonly counts: VerdictCounts = { ACCEPT: 0, DUPLICATE: 0, IGNORE: 0, REJECT: 0 };

  constructor({ limits, nodeId, network }: FloodContext, owner: FloodOwner) {
    this.#limits = limits;
    this.#ownId = nodeId;
    this.#maxMessage = network.descriptor.maxMessage;
    this.#owner = owner;
  }

  dropped(peer: FloodPeer, verdict: Exclude<VerdictName, "ACCEPT" | "REJECT">): void {
    this.counts[verdict]++;
    if (verdict === "IGNORE") peer.copies.note(this.now);
  }

  rejected(peer: FloodPeer): void {
    this.counts.REJECT++;
    peer.copies.note(this.now);
    // r[mesh.penalty.reject]
    this.#penalize(peer, this.#limits.PENALTY_REJECT, false);
  }

  rejectedSignature(peer: FloodPeer): void {
    this.counts.REJECT++;
    peer.copies.note(this.now);
    // r[mesh.penalty.signature]
    this.#penalize(peer, this.#limits.PENALTY_BAD_SIGNATURE, true);
  }

  /** A second or further copy of one broadcast from one peer. */
  repeated(peer: FloodPeer): void {
    // r[mesh.penalty.repeat]
    this.#penalize(peer, this.#limits.PENALTY_REPEAT, false);
  }

  /** A broadcast is accepted: delivers it, unless this node made it in an earlier run. Answers whether to relay it. */
  accepted(peer: FloodPeer, payload: Uint8Array, contentStart: number, hops: number, id: Uint8Array): boolean {
    this.counts.ACCEPT++;
    peer.copies.note(this.now);
    if (isAt(payload, contentStart, this.#ownId)) return true;
    const content = payload.subarray(contentStart);
    if (!isCompressed(content)) return this.#pass({ id, content, hops, from: peer.nodeId });
    const decompressed = decompressedPayload(content, this.#maxMessage);
    // r[mesh.compressed.broken] mutate: `decompressed === undefined` => `false`
    if (decompressed === undefined) return true;
    // r[mesh.compressed.deliver] mutate: `decompressed,` => ``
    return this.#pass({ id, content, decompressed, hops, from: peer.nodeId });
  }

  #pass(delivery: Delivery): boolean {
    // r[mesh.hook]
    if (!this.#owner.admits(delivery)) return false;
    // r[mesh.deliver]
    // r[mesh.deliver.once] mutate: `this.#owner.deliver(delivery);` => `this.#owner.deliver(delivery), this.#owner.deliver(delivery);`
    this.#owner.deliver(delivery);
    return true;
  }

  relieved(peer: FloodPeer): void {
    this.#owner.relieved(peer.slot);
  }

  /** Blames a peer once everything that came before the offence has taken effect. */
  #penalize(peer: FloodPeer, points: number, badSignature: boolean): void {
    const { isRival } = peer;
    const blame = (): void => {
      if (peer.isHere) this.#owner.penalize(peer.slot, points, badSignature, isRival);
    };
    if (peer.lane.length === 0 || badSignature) blame();
    else peer.lane.push({ isDecided: true, bytes: entryOverheadBytes, run: blame });
  }
}
