// Back-pressure towards the application: who was refused with QUEUE_FULL, and when there is room again. Sections 4.1, 5.8.

import { ProtocolError } from "../errors/index.js";
import type { Limits } from "../ports/index.js";
import type { PeerTable } from "./peer-table.js";

export interface BackPressureContext {
  readonly limits: Limits;
  readonly peers: PeerTable;
  /** Bytes of own broadcasts that wait for their signature. */
  readonly publishingBytes: () => number;
  /** There is room again for something that was refused. */
  readonly drained: () => void;
}

export class BackPressure {
  readonly #context: BackPressureContext;
  /** What did not take a message, and whether it still would not. */
  readonly #refused = new Map<object, () => boolean>();
  #wasBroadcastRefused = false;

  constructor(context: BackPressureContext) {
    this.#context = context;
  }

  /** @throws {ProtocolError} QUEUE_FULL (r[mesh.publish.busy]): `drained` follows */
  checkBroadcast(): void {
    // r[mesh.publish.busy]
    if (this.#isBusy()) {
      this.#wasBroadcastRefused = true;
      throw new ProtocolError("QUEUE_FULL", "no peer takes more for now; wait for the drain event", {
        origin: "local",
      });
    }
  }

  /** A message was refused. @param by what was full. @param isFull whether it still is. */
  noteRefused(by: object, isFull: () => boolean): void {
    this.#refused.set(by, isFull);
  }

  /** Looks for room: to be called at the end of every input. */
  look(): void {
    if (!this.#wasBroadcastRefused && this.#refused.size === 0) return;
    let isDrained = this.#wasBroadcastRefused && !this.#isBusy();
    if (isDrained) this.#wasBroadcastRefused = false;
    for (const [by, isFull] of this.#refused) {
      if (isFull()) continue;
      this.#refused.delete(by);
      isDrained = true;
    }
    if (isDrained) this.#context.drained();
  }

  #isBusy(): boolean {
    const { limits, peers, publishingBytes } = this.#context;
    const { QUEUE_HIGH_WATER_BYTES } = limits;
    if (publishingBytes() >= QUEUE_HIGH_WATER_BYTES) return true;
    for (const peer of peers) if (peer.active.queue.bytes < QUEUE_HIGH_WATER_BYTES) return false;
    return peers.size > 0;
  }
}
