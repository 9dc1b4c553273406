// Between flooding, which knows peers by slot, and the sessions that carry it: broadcasts out, blame, and what a full queue
// drops. Section 4.

import { Priority } from "../framing/index.js";
import { Command } from "../gen/registry.js";
import { Penalties, type FloodOwner } from "../mesh/index.js";
import type { Limits } from "../ports/index.js";
import type { Session } from "../session/index.js";
import type { PeerTable } from "./peer-table.js";

export class FloodLink implements Pick<FloodOwner, "relay" | "publish" | "penalize"> {
  readonly #limits: Limits;
  readonly #peers: PeerTable;
  readonly #penalties = new WeakMap<Session, Penalties>();
  /** Broadcasts that a full queue dropped. */
  dropped = 0;

  constructor(limits: Limits, peers: PeerTable) {
    this.#limits = limits;
    this.#peers = peers;
  }

  relay(slot: number, payload: Uint8Array, hops: number): void {
    this.#send(slot, Priority.RELAY, payload, hops);
  }

  publish(slot: number, payload: Uint8Array): void {
    // r[mesh.hops.origin] mutate: `payload, 0)` => `payload, 1)`
    this.#send(slot, Priority.OWN, payload, 0);
  }

  #send(slot: number, priority: Priority, payload: Uint8Array, hops: number): void {
    const session = this.#peers.at(slot)?.active;
    if (session === undefined) return;
    // r[mesh.queue.drop]
    if (session.queue.bytes >= this.#limits.QUEUE_BYTES) {
      this.dropped++;
      return;
    }
    // r[mesh.relay.order] mutate: `priority, Command` => `(this.flip = !this.flip) ? 2 : 0, Command`
    session.send(priority, Command.BROADCAST, 0, hops, payload);
  }

  penalize(slot: number, points: number, badSignature: boolean): void {
    const session = this.#peers.at(slot)?.active;
    if (session === undefined) return;
    const penalties = this.#penalties.get(session) ?? new Penalties(this.#limits);
    this.#penalties.set(session, penalties);
    const code = penalties.add(points, badSignature);
    if (code !== undefined) session.end(code, "too many penalties in this session");
  }
}
