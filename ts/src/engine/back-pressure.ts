// Back-pressure towards the application: who was refused with QUEUE_FULL, for want of room or of time, and when there is
// some again. Sections 4.1, 5.8.

import { ProtocolError } from "../errors/index.js";
import { SlidingRate } from "../mesh/index.js";
import type { Limits } from "../ports/index.js";
import type { PeerTable } from "./peer-table.js";

export interface BackPressureContext {
  readonly limits: Limits;
  readonly peers: PeerTable;
  /** Bytes of own broadcasts that wait for their signature. */
  readonly publishingBytes: () => number;
  /** There is room again for something that was refused. */
  readonly drained: () => void;
  /** Unix ms. */
  readonly now: () => number;
}

export class BackPressure {
  readonly #context: BackPressureContext;
  /** What did not take a message, and whether it still would not. */
  readonly #refused = new Map<object, () => boolean>();
  #wasBroadcastRefused = false;
  /** Own broadcasts; absent without a limit. */
  readonly #published: SlidingRate | undefined;

  constructor(context: BackPressureContext) {
    this.#context = context;
    const { PUBLISHED_PER_SECOND } = context.limits;
    this.#published = PUBLISHED_PER_SECOND === 0 ? undefined : new SlidingRate(PUBLISHED_PER_SECOND);
  }

  /** Counts a broadcast that is made now. @throws {ProtocolError} QUEUE_FULL: `drained` follows */
  countBroadcast(): void {
    // r[mesh.publish.busy]
    if (this.#isBusy()) throw this.#refusal("no peer takes more for now");
    // r[mesh.publish.rate]
    if (this.#isTooQuick()) throw this.#refusal("as many broadcasts as a second may have were made");
    this.#published?.note(this.#context.now());
  }

  #refusal(why: string): ProtocolError {
    this.#wasBroadcastRefused = true;
    return new ProtocolError("QUEUE_FULL", `${why}; wait for the drain event`, { origin: "local" });
  }

  /** When a refused broadcast may be made, unix ms; Infinity when it waits for something else than time. */
  get deadline(): number {
    return this.#wasBroadcastRefused && this.#isTooQuick() ? (this.#published?.roomAt ?? Infinity) : Infinity;
  }

  #isTooQuick(): boolean {
    return this.#published?.isFull(this.#context.now()) ?? false;
  }

  /** A message was refused. @param by what was full. @param isFull whether it still is. */
  noteRefused(by: object, isFull: () => boolean): void {
    this.#refused.set(by, isFull);
  }

  /** Looks for room: to be called at the end of every input. */
  look(): void {
    if (!this.#wasBroadcastRefused && this.#refused.size === 0) return;
    let isDrained = this.#wasBroadcastRefused && !this.#isBusy() && !this.#isTooQuick();
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
