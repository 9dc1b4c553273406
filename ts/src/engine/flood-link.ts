// Between flooding, which knows peers by slot, and everything around it: broadcasts out, hints about sequences, blame, what
// the application sees, and what a full queue drops. Section 4.

import { encodeMessage } from "../codec/index.js";
import { Priority } from "../framing/index.js";
import { Command } from "../gen/registry.js";
import { Penalties, type Delivery, type FloodOwner } from "../mesh/index.js";
import type { Limits } from "../ports/index.js";
import { Message } from "./message.js";
import type { PeerTable } from "./peer-table.js";

export interface FloodLinkContext {
  readonly limits: Limits;
  readonly peers: PeerTable;
  /** Whether the network's broadcasts are signed. */
  readonly isSigned: boolean;
  /** Whether an accepted broadcast is delivered and relayed, if anybody asks: r[mesh.hook]. */
  readonly hook: () => ((message: Message) => boolean) | undefined;
  readonly emit: (message: Message) => void;
  /** A session may have room again. */
  readonly relieved: () => void;
  /** Unix ms. */
  readonly now: () => number;
}

export class FloodLink implements FloodOwner {
  readonly #context: FloodLinkContext;
  /** What peers have been blamed for, in these sessions and earlier ones. */
  readonly penalties: Penalties;
  /** Broadcasts that a full queue dropped. */
  dropped = 0;

  constructor(context: FloodLinkContext) {
    this.#context = context;
    this.penalties = new Penalties(context.limits);
  }

  relay(slot: number, payload: Uint8Array, hops: number): void {
    this.#send(slot, Priority.RELAY, payload, hops);
  }

  publish(slot: number, payload: Uint8Array): void {
    // r[mesh.hops.origin] mutate: `payload, 0)` => `payload, 1)`
    this.#send(slot, Priority.OWN, payload, 0);
  }

  #send(slot: number, priority: Priority, payload: Uint8Array, hops: number): void {
    const session = this.#context.peers.at(slot)?.active;
    if (session === undefined) return;
    // r[mesh.queue.drop]
    if (session.queue.bytes >= this.#context.limits.QUEUE_BYTES) {
      this.dropped++;
      return;
    }
    // r[mesh.relay.order] mutate: `priority, Command` => `(this.flip = !this.flip) ? 2 : 0, Command`
    session.send(priority, Command.BROADCAST, 0, hops, payload);
  }

  stale(slot: number, highest: bigint): void {
    const payload = encodeMessage("StaleSequence", { highest });
    this.#context.peers.at(slot)?.active.send(Priority.CONTROL, Command.STALE_SEQUENCE, 0, 0, payload);
  }

  penalize(slot: number, points: number, badSignature: boolean, isRival: boolean): void {
    const peer = this.#context.peers.at(slot);
    if (peer === undefined) return;
    const { active, nodeId } = peer;
    // r[mesh.penalty.kept] mutate: `this.penalties.add` => `(active.penalties ??= new Penalties(this.#context.limits)).add`
    const code = this.penalties.add(nodeId, points, badSignature, this.#context.now());
    if (code !== undefined && !isRival) active.end(code, "too many penalties");
  }

  admits(delivery: Delivery): boolean {
    // Without a hook nothing is made for it: this is the hot path of a relay.
    return this.#context.hook()?.(new Message(delivery, this.#context.isSigned)) ?? true;
  }

  deliver(delivery: Delivery): void {
    this.#context.emit(new Message(delivery, this.#context.isSigned));
  }

  relieved(): void {
    this.#context.relieved();
  }
}
